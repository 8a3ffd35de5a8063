"""Tokens of the API: created, listed, revoked, found by the hash of what a program sends."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from core.access import Scope, Token
from core.errors import Conflict, NotFound
from core.ports import Clock
from store.sql.audit import note
from store.sql.db import Database
from store.sql.tables.house import api_tokens
from store.sql.upsert import upsert

NOTED_EVERY = timedelta(minutes=5)
"""How often the last use of a token is stored at most: a busy program must not cost a commit a request."""


def digest_of(secret: str) -> str:
    """Return the SHA-256 of a token's secret: only that is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SqlTokens:
    """`core.chat_ports.Tokens` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def create(
        self, name: str, scopes: Sequence[Scope], lifetime: timedelta, by: str, community: str = ""
    ) -> str:
        """Store a new token and return its secret, which is shown this once; raises Conflict if the name is taken.

        `community` limits it to one, as PLATFORM:ID.
        """
        now, secret = self._clock(), f"resight_{secrets.token_urlsafe(32)}"
        scope_words = ",".join(dict.fromkeys(scope.value for scope in scopes))
        row = {
            "name": name,
            "digest": digest_of(secret),
            "scopes": scope_words,
            "created_at": now,
            "expires_at": now + lifetime,
            "community": community,
        }
        async with self._db.write() as connection:
            await connection.execute(delete(api_tokens).where(api_tokens.c.expires_at <= now))
            made = await connection.execute(upsert(connection, api_tokens).values(**row).on_conflict_do_nothing())
            if not made.rowcount:
                raise Conflict(f"There is a token '{name}' already: revoke it first, or choose another name.")
            await note(
                connection, now, by, "token.created", {"name": name, "scopes": scope_words, "community": community}
            )
        return secret

    async def all(self) -> list[Token]:
        """Return all tokens, by name."""
        async with self._db.read() as connection:
            rows = await connection.execute(select(api_tokens).order_by(api_tokens.c.name))
            return [_token(row) for row in rows.mappings()]

    async def revoke(self, name: str, by: str) -> None:
        """Make a token useless from the next request on; raises NotFound."""
        async with self._db.write() as connection:
            if not (await connection.execute(delete(api_tokens).where(api_tokens.c.name == name))).rowcount:
                raise NotFound(f"There is no token '{name}'.")
            await note(connection, self._clock(), by, "token.revoked", {"name": name})

    async def find(self, secret: str) -> Token | None:
        """See `core.chat_ports.Tokens`. Comparing hashes leaks nothing of a secret by the time it takes."""
        now, of_secret = self._clock(), api_tokens.c.digest == digest_of(secret)
        async with self._db.read() as connection:
            row = (await connection.execute(select(api_tokens).where(of_secret))).mappings().first()
        if row is None or row["expires_at"] <= now:
            return None
        if row["used_at"] is None or now - row["used_at"] > NOTED_EVERY:
            async with self._db.write() as connection:
                await connection.execute(update(api_tokens).where(of_secret).values(used_at=now))
        return _token(row)


def _token(row: Mapping[Any, Any]) -> Token:
    names = ("name", "created_at", "expires_at", "used_at", "community")
    scopes = tuple(Scope(word) for word in row["scopes"].split(",") if word)
    return Token(scopes=scopes, **{name: row[name] for name in names})
