"""The handles that doors carry without looking inside: a database and its transactions."""

from onefold.store.database import (
    DRIVER_ERRORS,
    Database,
    Transaction,
    is_broken,
    is_transient,
    is_unavailable,
    refusal_of,
    savepoint,
)

__all__ = [
    "DRIVER_ERRORS",
    "Database",
    "Transaction",
    "is_broken",
    "is_transient",
    "is_unavailable",
    "refusal_of",
    "savepoint",
]
