"""The normal forms by which customers are looked up and matched. See docs/identifiers.md.

A record keeps what its author wrote; only the identifier made from it is in normal form.
"""

from onefold.model.identifiers.emails import normalise_email
from onefold.model.identifiers.junk import is_junk
from onefold.model.identifiers.kinds import IdentifierKind
from onefold.model.identifiers.national_ids import normalise_national_id
from onefold.model.identifiers.phones import normalise_phone
from onefold.model.identifiers.texts import normalise_text
from onefold.model.identifiers.unique_values import unique_value

__all__ = [
    "IdentifierKind",
    "is_junk",
    "normalise_email",
    "normalise_national_id",
    "normalise_phone",
    "normalise_text",
    "unique_value",
]
