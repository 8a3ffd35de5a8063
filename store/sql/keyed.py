"""Fingerprints under a key of this installation: equal texts are recognised here, and nowhere else.

A fingerprint of a ten-digit number can be reversed by trying all numbers, and whoever has the database has the key.
So a person's fingerprint is deleted with what it is for, and when the person is forgotten (store/sql/privacy.py).
"""

import hashlib
import hmac
import secrets

from store.sql.db import Database

CONTENT_KEY = "content_key"


class Keyed:
    """Makes fingerprints; the key is made once and stored in the database. Not to be called in a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._key: bytes | None = None

    async def __call__(self, text: str) -> str:
        """Return the fingerprint of a text, "" of an empty one."""
        if not text:
            return ""
        if self._key is None:
            self._key = bytes.fromhex(await self._db.meta_once(CONTENT_KEY, secrets.token_hex(32)))
        return fingerprint(self._key, text)


def fingerprint(key: bytes, text: str) -> str:
    """Return the HMAC-SHA256 of a text as hexadecimal digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
