"""A community on Matrix, and the real bot as a process of its own, for stories and soaks.

async with matrix_world(catalogue, folder, encrypted=True) as here:
    async with here.bot() as bot:
        await here.set_up()
        post = await here.post(copy())
        card = await here.card()
        await here.press(card, "decision.violation")

Between the bot and its homeserver is `here.proxy`; people talk to the homeserver itself.
"""

import asyncio
import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.types import Mode
from core.wording import Words
from tests.e2e.running import Bot, running
from tests.peers.matrix_community import GENERAL, LOG, PASSWORD, Community, Post, community, keys_of
from tests.peers.matrix_homeserver import Homeserver, homeserver
from tests.peers.matrix_people import Api
from tests.peers.matrix_proxy import Proxy
from tests.peers.matrix_timeline import Message

PATIENCE_S = 60.0


@dataclass
class MatrixWorld:
    """A community with an account for the bot, and the bot's data folder."""

    here: Community
    proxy: Proxy
    home: Path
    words: Words

    @asynccontextmanager
    async def bot(self, **extra: Any) -> AsyncIterator[Bot]:
        """The bot, connected and in all rooms."""
        async with running(self.home, **self.login, **extra) as started:
            await self.here.all_there()
            yield started

    @property
    def login(self) -> dict[str, Any]:
        """The bot's settings."""
        return {
            "RESIGHT_MATRIX_URL": self.proxy.url,
            "RESIGHT_MATRIX_USER": self.here.bot,
            "RESIGHT_MATRIX_PASSWORD": PASSWORD,
        }

    async def set_up(self, mode: Mode = Mode.DRY_RUN) -> None:
        """As a moderator does first."""
        log = self.here.rooms[LOG]
        said = await self.command(f"setup log={log} mode={mode.value} language={self.words.language}")
        assert self.words("mode." + mode) in said, said

    async def command(self, text: str, who: str = "mo", about: Post | None = None) -> str:
        """What is said to a command in the watched room."""
        return (await self.here.answer(who, self.here.rooms[GENERAL], f"!{text}", about=about)).body

    async def post(self, image: bytes, who: str = "ann") -> Post:
        return await self.here.write(who, self.here.rooms[GENERAL], "", [image])

    def cards(self) -> list[Message]:
        mo = self.here.mo
        return [one for one in mo.messages(self.here.rooms[LOG]) if self.here.is_said(one) and keys_of(one)]

    async def card(self, count: int = 1) -> Message:
        """The newest card, once there are so many."""
        return (await self.until(lambda: self.cards() if len(self.cards()) >= count else []))[-1]

    async def card_says(self, *keys: str) -> Message:
        """The newest card once it says all of these: keys of the words, or words."""
        wanted = [self.words(key) if self.words.has(key) else key for key in keys]
        return (
            await self.until(lambda: [one for one in self.cards()[-1:] if all(word in one.body for word in wanted)])
        )[0]

    async def press(self, card: Message, key: str, who: str = "mo") -> None:
        """Press the button of this name."""
        await self.here.press(who, card, keys_of(card)[self.words(key)])

    def did(self, act: str, state: str = "done") -> str:
        """The row of a card that says how an act went."""
        return self.words("card.row", act=self.words(f"act.{act}"), state=self.words(f"act_state.{state}"))

    def _seen(self, post: Post) -> Message | None:
        """The post, once the moderator has read it."""
        return self.here.mo.timelines[post.room].messages.get(post.id)

    def is_gone(self, post: Post) -> bool:
        seen = self._seen(post)
        return seen is not None and seen.is_gone

    def is_flagged(self, post: Post) -> bool:
        seen = self._seen(post)
        return seen is not None and not seen.is_gone and any(self.here.bot in who for who in seen.reactions.values())

    def reposts(self) -> list[Message]:
        """The pictures of the bot in the watched room."""
        found = self.here.mo.messages(self.here.rooms[GENERAL])
        return [one for one in found if self.here.is_said(one) and one.content.get("msgtype") == "m.image"]

    def verdicts(self) -> Counter[tuple[str, str]]:
        """How often each message has each outcome; "" for none yet."""
        with closing(sqlite3.connect(self.home / "resight.db")) as db:
            rows = db.execute("SELECT message, coalesce(outcome, '') FROM inbox WHERE intent = 'posted'").fetchall()
        return Counter((str(message), str(outcome)) for message, outcome in rows)

    def counted(self) -> int:
        """How many posts the newest card speaks of, once the homeserver has it so; 0 without one."""
        number = re.compile(re.escape(self.words("burst.posts-many", count="COUNT")).replace("COUNT", r"(\d+)"))
        said = [number.search(one.body) for one in self.cards()[-1:]]
        return max((int(one[1]) if one else 1 for one in said), default=0)

    def undone(self) -> int:
        """How many orders to the platform ended otherwise than done."""
        with closing(sqlite3.connect(self.home / "resight.db")) as db:
            return int(db.execute("SELECT count(*) FROM actions WHERE state NOT IN ('done', 'waiting')").fetchone()[0])

    def has_verdict(self, posts: Sequence[Post]) -> bool:
        """Whether each of these has exactly one, and nothing waits for its own."""
        found = self.verdicts()
        mine = {one.id for one in posts}
        counts = Counter(message for (message, _), count in found.items() for _ in range(count) if message in mine)
        return counts == Counter(mine) and "" not in {outcome for _, outcome in found}

    async def until[T](self, true: Callable[[], T], patience: float = PATIENCE_S) -> T:
        """Wait until something is true; an error says what the moderator read instead."""
        return await self.here.mo.until(true, patience)


async def devices(here: MatrixWorld) -> list[str]:
    """The devices of the bot's account, as the homeserver has them."""
    async with Api(here.proxy.upstream) as api:
        api.token = json.loads((here.home / "matrix" / "login.json").read_text())["token"]
        return [one["device_id"] for one in (await api.ask("GET", "/devices"))["devices"]]


@asynccontextmanager
async def matrix_world(
    catalogue: Path,
    folder: Path,
    *,
    encrypted: bool = False,
    language: str = "en",
    on: Homeserver | None = None,
    **more: Any,
) -> AsyncIterator[MatrixWorld]:
    """A new community on the shared homeserver, or on one of its own."""
    home = folder / "data"
    await asyncio.to_thread(shutil.copytree, catalogue, home)
    url = (on or homeserver()).url
    async with Proxy(url) as proxy, community(url, encrypted=encrypted, **more) as here:
        yield MatrixWorld(here, proxy, home, Words.of(language))
