"""Sealed fields: AES-GCM under a key that is never in the database, and its keyed hash."""

import hmac
import secrets
from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
MARK = "sealed:"
"""Starts a sealed text, so that a field that was never sealed can be told."""


class Sealer:
    """Seals and opens texts; `fingerprint` is what an exact look-up compares."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the sealing key must have {KEY_BYTES} bytes")
        self._cipher = AESGCM(key)
        self._hash_key = hmac.new(key, b"onefold fingerprint", sha256).digest()

    def seal(self, text: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return MARK + b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), None)).decode()

    def open(self, sealed: str) -> str:
        """The text again; raises cryptography's InvalidTag under another key.

        And binascii's Error, a ValueError, for what was never sealed.
        """
        raw = b64decode(sealed.removeprefix(MARK), validate=True)
        return self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()

    def fingerprint(self, text: str) -> str:
        return hmac.new(self._hash_key, text.encode(), sha256).hexdigest()


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)
