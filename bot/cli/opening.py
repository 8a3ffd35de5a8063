"""How a command opens the data folder: all of it, or the database alone, which takes a quarter of the time.

opened             everything, as `bot.app` assembles it: model, vector store, decoder, downloader
opened_database    the database, brought up to date
"""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from bot.data_folder import database_of, held
from bot.services import Services
from bot.settings import Settings
from store.sql.db import Database


@asynccontextmanager
async def opened(settings: Settings, *, mending: bool = False, making: bool = False) -> AsyncIterator[Services]:
    """Yield `bot.app.opened`; models and clients of stores are imported here, where they are wanted, not for `-h`."""
    async with AsyncExitStack() as stack:
        with nothing_collected():
            from bot.app import opened as assembled

            services = await stack.enter_async_context(assembled(settings, mending=mending, making=making))
        yield services


@asynccontextmanager
async def opened_database(settings: Settings, *, alone: bool, making: bool = False) -> AsyncIterator[Database]:
    """Yield the database; raises EnvironmentTrouble where there is none, unless one is to be made with `making`.

    `alone` = no other process may have the folder, for what a running bot would go on believing otherwise.
    """
    path = settings.home / "resight.db" if making else database_of(settings.home)
    async with AsyncExitStack() as stack:
        if alone or making:
            stack.enter_context(held(settings.home, settings.min_free_mb))
        yield await stack.enter_async_context(Database.open(path))


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Hold the garbage collector back: nothing imported is garbage, and looking for it costs a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
