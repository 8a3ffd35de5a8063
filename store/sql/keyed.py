"""Fingerprints under a key of this installation: equal texts are recognised here, and nowhere else.

One of a number of ten digits could be found by trying all; whoever has the database has the key, too. So a fingerprint
of a person is kept no longer than what it is for, and goes when the person is forgotten (store/sql/privacy.py).
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
