"""The one refusal of the embedded server."""


class ServerUnavailable(Exception):
    """The embedded PostgreSQL cannot be had; the text says why and what can be done about it."""
