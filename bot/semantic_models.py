"""Assembly of similar images: which model answers now, and which one has still to embed everything.

nothing served yet            the model that is set is to come
the same model served before  it serves
another one did               it goes on serving while the new one comes, if it can still be loaded
"""

import logging
from contextlib import AsyncExitStack

from bot.models import of_setting
from bot.settings import Settings
from core.errors import ResightError
from embed.decode.picture import Decoder
from embed.models.semantic import SemanticRunner
from handlers.semantics import IndexedModel, OpenIndex, Semantics
from store.sql.db import Database
from store.sql.semantic import SqlSemantic

log = logging.getLogger(__name__)


async def semantics_of(
    stack: AsyncExitStack, settings: Settings, db: Database, open_index: OpenIndex, decode: Decoder
) -> Semantics:
    """What similar images need; raises EnvironmentTrouble or UsageError for a model that can't be loaded."""
    vectors = SqlSemantic(db)
    made = Semantics(vectors=vectors, similar_at=settings.similar_at, words_at=settings.words_at)
    wanted = await _side(stack, settings.semantic_model, open_index, decode)
    served = await vectors.serving()
    if served and served[0] == wanted.space:
        made.serving = wanted
        return made
    made.coming = wanted
    if served:
        made.serving = await _former(stack, *served, open_index, decode)
    return made


async def _side(stack: AsyncExitStack, name: str, open_index: OpenIndex, decode: Decoder) -> IndexedModel:
    runner = SemanticRunner(name, of_setting("RESIGHT_SEMANTIC_MODEL", name), decode=decode)
    return IndexedModel(await stack.enter_async_context(runner), open_index)


async def _former(
    stack: AsyncExitStack, space: str, name: str, open_index: OpenIndex, decode: Decoder
) -> IndexedModel | None:
    """The model that served before, if it is still what it was."""
    try:
        side = await _side(stack, name, open_index, decode)
    except ResightError as error:
        log.warning("The former model for similar images can't be loaded (%s): until the new one is ready, "
                    "nothing is called similar.", error)  # fmt: skip
        return None
    return side if side.space == space else None
