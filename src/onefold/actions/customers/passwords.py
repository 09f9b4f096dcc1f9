"""Passwords become argon2 hashes before they reach a transaction: hashing takes a while."""

import asyncio
from dataclasses import replace

from argon2 import PasswordHasher

from onefold.model.changes import CustomerChange

RAW = "credential.password"
HASHED = "credential.password_hash"
_hasher = PasswordHasher()


async def with_hashed_password(change: CustomerChange) -> CustomerChange:
    """The change with the password, if it brings one, replaced by its hash.

    Off the event loop, so that other callers do not wait for it.
    """
    if RAW not in change.values:
        return change
    values = dict(change.values)
    password = values.pop(RAW)
    values[HASHED] = None if password is None else await asyncio.to_thread(_hash, password)
    return replace(change, values=values)


def _hash(password: str) -> str:
    return _hasher.hash(password)
