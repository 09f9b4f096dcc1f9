"""The handles that doors carry without looking inside: a database and its transactions."""

from onefold.store.database import Database, Transaction, is_transient, is_unavailable, refusal_of

__all__ = ["Database", "Transaction", "is_transient", "is_unavailable", "refusal_of"]
