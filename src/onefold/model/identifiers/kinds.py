"""What kind of thing points at a customer; two kinds never share a value by accident."""

from enum import StrEnum


class IdentifierKind(StrEnum):
    """The kinds of identifier; the comment says which function makes the value."""

    EMAIL = "email"  # normalise_email
    PHONE = "phone"  # normalise_phone
    EXTERNAL_ID = "external_id"  # normalise_text
    NATIONAL_ID = "national_id"  # normalise_national_id
    NUMBER = "number"  # decimal text of the customer's number
    HANDLE = "handle"  # normalise_text
    DEVICE = "device"  # normalise_text
    UNIQUE = "unique"  # unique_value
