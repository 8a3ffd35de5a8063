"""A whole Resight for the web tests: the real stores, runner and handlers; only what is outside is small.

Clock     time that a test can turn
Larder    addresses and their bytes, instead of downloads
Shelves   the exact catalogue, which can be switched off
Browser   pages and forms, asked for as a person does
Desk      a browser in front of a real socket, and the loops turned by hand (`settle`)
"""

import io
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from aiohttp import ClientSession, FormData
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from PIL import Image, ImageDraw

from bot.fronts.web.front import WebFront
from bot.services import Services
from core.cases import Policy
from core.errors import Refused, StoreDown
from core.matches import Hit
from core.metrics import Metric
from core.types import Collection, Platform, Purpose, Vectors
from embed.models.classic import HashEmbedder
from embed.models.semantic import SemanticRunner
from embed.pictures import pixels_of
from embed.runner import Runner
from handlers import outbox, references, screen
from handlers.confirmations import Confirmations
from handlers.references import Entry
from handlers.semantics import IndexedModel, Semantics
from handlers.trials import Trials
from handlers.warnings import Warnings
from store.sql.alerts import SqlAlerts
from store.sql.brakes import SqlBrakes
from store.sql.cases import SqlCases
from store.sql.choices import SqlChoices
from store.sql.communities import SqlCommunities
from store.sql.cursors import SqlCursors
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.media import SqlMedia
from store.sql.policies import SqlPolicies
from store.sql.posts import SqlPosts
from store.sql.privacy import SqlPrivacy
from store.sql.references import SqlReferences
from store.sql.reports import SqlReports
from store.sql.screened import SqlScreened
from store.sql.semantic import SqlSemantic
from store.sql.tokens import SqlTokens
from store.sql.updates import SqlUpdates
from store.vectors.exact import ExactCatalogue
from web.app import application
from web.body_memory import BODY_MEMORY
from web.context import WebSettings

TOKEN = "let-me-in"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def picture(seed: int, size: tuple[int, int] = (320, 240), form: str = "PNG") -> bytes:
    """A picture with enough in it to be recognised; the same seed draws the same."""
    draw_with = Random(seed)
    image = Image.new("RGB", size, tuple(draw_with.randrange(256) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        left, top = draw_with.randrange(size[0]), draw_with.randrange(size[1])
        box = (left, top, left + draw_with.randrange(8, 90), top + draw_with.randrange(8, 90))
        colour = tuple(draw_with.randrange(256) for _ in range(3))
        draw_with.choice((draw.rectangle, draw.ellipse))(box, fill=colour)
    return saved(image, form)


def found(pattern: str, text: str) -> str:
    """The first group of the pattern in the text."""
    match = re.search(pattern, text)
    assert match, f"{pattern} is not in {text[:400]}"
    return match[1]


def copy_of(data: bytes, quality: int = 60) -> bytes:
    """The same picture in another file: smaller and compressed."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    buffer = io.BytesIO()
    image.resize((image.width * 3 // 4, image.height * 3 // 4)).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def saved(image: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


@dataclass
class Clock:
    """Now, until a test says otherwise."""

    at: datetime = field(default_factory=lambda: datetime(2026, 5, 1, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def turn(self, by: timedelta) -> None:
        self.at += by


@dataclass(frozen=True)
class Larder:
    """`core.ports.Fetcher` over a few addresses; every other one is refused."""

    at: Mapping[str, bytes]

    async def fetch(self, url: str) -> bytes:
        if url not in self.at:
            raise Refused("private-address", "That address is not a public one.")
        return self.at[url]


class Shelves(ExactCatalogue):
    """The exact catalogue; `down` makes it as silent as a stopped server."""

    down = False

    async def search(self, vectors: Vectors, collections: object, *, limit: int, floor: float) -> list[list[Hit]]:
        await self.ping()
        return await super().search(vectors, collections, limit=limit, floor=floor)  # type: ignore[arg-type]

    async def ping(self) -> None:
        if self.down:
            raise StoreDown("The vector store does not answer.")


@dataclass(frozen=True)
class Browser:
    """Pages and forms as a person's browser asks for them; `client` knows the address."""

    client: "TestClient[Request, Application] | ClientSession"

    async def csrf(self, path: str = "/") -> str:
        """The token that a form of this page carries."""
        async with self.client.get(path, headers={"Accept": "text/html"}) as answer:
            return found(r'name="csrf" value="([0-9a-f]+)"', await answer.text())

    async def submit(self, path: str, image: bytes = b"", *, page: str = "", **fields: str) -> tuple[int, str]:
        """Send a form as a browser without scripts does; status and page after any redirect."""
        return await self._send(page or path, path, image, {}, fields)

    async def fragment(self, path: str, image: bytes = b"", *, page: str = "", **fields: str) -> tuple[int, str]:
        """Send a form as our scripts do."""
        return await self._send(page or path, path, image, {"HX-Request": "true"}, fields)

    async def _send(
        self, page: str, path: str, image: bytes, headers: dict[str, str], fields: dict[str, str]
    ) -> tuple[int, str]:
        form = FormData({"csrf": await self.csrf(page), **fields})
        if image:
            form.add_field("image", io.BytesIO(image), filename="sent.png", content_type="image/png")
        async with self.client.post(path, data=form, headers=headers) as answer:
            return answer.status, await answer.text()

    async def page(self, path: str, **headers: str) -> str:
        async with self.client.get(path, headers={"Accept": "text/html", **headers}) as answer:
            return await answer.text()


@dataclass(frozen=True)
class Desk(Browser):
    """A running Resight and a browser-like client in front of it."""

    client: "TestClient[Request, Application]"
    services: Services
    shelves: Shelves
    clock: Clock

    @property
    def held(self) -> int:
        """Bytes for which room is kept at this moment, whoever sends them."""
        app: Application = self.client.server.app  # type: ignore[attr-defined]
        return app[BODY_MEMORY].held.total()

    async def know(self, data: bytes, key: str = "logo", collection: str = "library", **said: str) -> None:
        """Add a reference image."""
        await references.add(self.services, Entry(key=key, collection=collection, **said), data)

    async def settle(self) -> None:
        """Turn both loops until nothing waits."""
        while claimed := await self.services.inbox.claim(16, timedelta(seconds=60)):
            for waiting in claimed:
                await screen.screen(self.services, waiting)
        while actions := await self.services.cases.claim_actions(100):
            for action in actions:
                await outbox.carry_out(self.services, action)


class Worded(HashEmbedder):
    """A model that knows words: "picture 7" lies where `picture(7)` does."""

    def embed_text(self, texts: Sequence[str]) -> Vectors:
        seeds = [int(re.sub(r"\D", "", text) or 0) for text in texts]
        return self.embed([pixels_of(picture(seed, form="JPEG")) for seed in seeds])


async def shelf(space: str, dim: int, metric: Metric) -> ExactCatalogue:
    """A catalogue for the second vectors."""
    made = ExactCatalogue()
    await made.open_space(space, dim, metric)
    return made


@asynccontextmanager
async def assembled(home: Path, clock: Clock, shelves: Shelves, larder: Larder) -> AsyncIterator[Services]:
    """The services as bot/app.py puts them together, with the hash embedder, which needs no model."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.open(home / "resight.db"))
        runner = await stack.enter_async_context(Runner(HashEmbedder(), threads=1))
        second = await stack.enter_async_context(SemanticRunner("worded", Worded()))
        inbox, known = SqlInbox(db, clock), SqlReferences(db, clock)
        posts = SqlPosts(db, clock, inbox)
        cases = SqlCases(db, clock, timedelta(days=7))
        services = Services(
            runner=runner,
            catalogue=shelves,
            references=known,
            inbox=inbox,
            cases=cases,
            decided=cases.decided,
            media=SqlMedia(db, clock),
            policies=SqlPolicies(db, clock, lambda _: Policy()),
            communities=SqlCommunities(db, clock, known.changed, cases.changed),
            choices=SqlChoices(db, clock),
            reports=SqlReports(db, clock),
            alerts=SqlAlerts(db, clock),
            cursors=SqlCursors(db),
            updates=SqlUpdates(db, clock),
            posts=posts,
            screened=SqlScreened(db, clock),
            brakes=SqlBrakes(db, clock),
            privacy=SqlPrivacy(db, clock, timedelta(days=180)),
            tokens=SqlTokens(db, clock),
            fetcher=larder,
            fronts={Platform.WEB: WebFront(posts)},
            clock=clock,
            twice=Confirmations(clock),
            warnings=Warnings(clock),
            trials=Trials(clock),
            semantics=Semantics(
                vectors=SqlSemantic(db), similar_at=0.5, words_at=0.5, coming=IndexedModel(second, shelf)
            ),
            max_image_bytes=2 << 20,
        )
        await shelves.open_space(runner.spec.space_id, runner.spec.dim)
        await services.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
        yield services


@asynccontextmanager
async def desk(home: Path, *, larder: Mapping[str, bytes] | None = None, **changes: object) -> AsyncIterator[Desk]:
    """A desk on a real socket; `changes` are those of the web settings."""
    plain = WebSettings(token=TOKEN, host="127.0.0.1", open_pages=True, version="0.0.0")
    settings = replace(plain, **changes)  # type: ignore[arg-type]
    clock, shelves = Clock(), Shelves()
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(assembled(home, clock, shelves, Larder(larder or {})))
        server = TestServer(application(services, settings), host="127.0.0.1")
        client = await stack.enter_async_context(TestClient(server))
        yield Desk(client, services, shelves, clock)
