"""Events that need a consent: of which type, and whether a customer has given it."""

from collections.abc import Collection, Mapping

from onefold.model.consents import PURPOSES, Consents
from onefold.model.errors import FieldError, Invalid, NotPermitted

Policy = Mapping[str, tuple[str, ...]]
"""Purpose -> the event types that need it."""


class ConsentMissing(NotPermitted):
    """The customer behind an event has not agreed to what the event is for; nothing is kept."""


def purposes_for(policy: Policy, event_type: str) -> tuple[str, ...]:
    return tuple(purpose for purpose, types in policy.items() if event_type in types)


def require_consent(consents: Consents | None, purposes: Collection[str]) -> None:
    """Raises ConsentMissing unless every purpose was agreed to and is neither limited nor opposed.

    Nobody's consents are None: an event without a customer has no consent.
    """
    for purpose in purposes:
        given = consents.purposes.get(purpose) if consents else None
        if given is None or given.status is not True or given.limitation or given.objection:
            raise ConsentMissing(f"there is no consent for {purpose}")


def check_policy(policy: Policy, *, event_types: Collection[str]) -> None:
    """Raises Invalid for a purpose or an event type that there is not."""
    for purpose, types in policy.items():
        path = f"consents.{purpose}"
        if purpose not in PURPOSES:
            message = "is not the path of a consent"
            raise Invalid(f"{path} {message}", fields=(FieldError(path, message),))
        unknown = [one for one in types if one not in event_types]
        if unknown:
            message = f"names {unknown[0][:100]}, which is not an event type"
            raise Invalid(f"{path} {message}", fields=(FieldError(path, message),))
