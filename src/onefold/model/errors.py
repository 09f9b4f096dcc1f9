"""The few ways in which onefold refuses; doors give them status codes and words."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong with one field.

    `path` is a core path, segments joined by dots (`name.given`, `custom.shoe_size`; see
    `path_segment` in schemas for odd names); a dialect turns it into its own notation. An empty
    path means the body as a whole.
    """

    path: str
    message: str
    code: str | None = None


class Refusal(Exception):
    """The caller asked for something that cannot be done; nothing was written.

    Refusal
    ├── NotAuthenticated   no token, an unknown one, or one that is disabled or expired
    ├── NotPermitted       the caller may not do this
    ├── NotFound           there is no such thing, or not for this caller
    ├── Conflict           it contradicts what is stored
    ├── Invalid            the input breaks a rule; `fields` says where
    ├── TooLarge           a body, page or batch is above its limit
    ├── TooMany            the caller is above its rate; `retry_after_seconds` says how long
    └── Locked             what it needs is being rebuilt; try again
    """

    def __init__(
        self,
        message: str,
        *,
        fields: tuple[FieldError, ...] = (),
        detail: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields
        self.detail = detail


class NotAuthenticated(Refusal):
    """Nobody we know is calling."""


class NotPermitted(Refusal):
    """The caller is known and may not do this."""


class NotFound(Refusal):
    """No such thing, or not within what this caller may see."""


class Conflict(Refusal):
    """Contradicts what is stored."""


class Invalid(Refusal):
    """Breaks a rule of the record."""


class TooLarge(Refusal):
    """Above a named limit."""


class TooMany(Refusal):
    """Above the caller's rate."""

    retry_after_seconds = 1


class Locked(Refusal):
    """Being rebuilt; the same call will work later."""
