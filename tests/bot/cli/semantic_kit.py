"""Gives the services of a bot a second model that knows the names of colours (`tests.handlers.test_similar`)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.services import Services
from embed.models.semantic import SemanticRunner
from handlers import references, similar
from handlers.references import Entry
from handlers.semantics import IndexedModel, Semantics
from store.sql.db import Database
from store.sql.semantic import SqlSemantic
from tests.handlers.test_similar import ByColour, Shelves, painted


@asynccontextmanager
async def words_known(services: Services, db: Database, collection: str) -> AsyncIterator[None]:
    """Two painted references and the model, until the block ends; in services that a bot holds already."""
    semantics = Semantics(vectors=SqlSemantic(db), similar_at=0.9, words_at=0.9)
    said = {"owner": "Studio <Red>", "source_url": "https://example.org/red?a=1&b=2"}
    async with SemanticRunner("by-colour", ByColour()) as runner:
        semantics.coming = IndexedModel(runner, Shelves({}))
        object.__setattr__(services, "semantics", semantics)
        red = Entry(key="red", collection=collection, title="A *red* one", **said)
        await references.add(services, red, painted("red"))
        await references.add(services, Entry(key="blue", collection=collection, title="Blue"), painted("blue", 3))
        await similar.catch_up(services, lambda _: None)
        yield
        object.__setattr__(services, "semantics", None)
