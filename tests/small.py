"""A Resight in small: a platform, a model, pictures, and services over real stores.

Toy        an embedding of 64 gray values: deterministic, and no model to load
FakeFront  a platform whose posts are a dict, and whose failures a test can order
assemble   services over real SQL stores and the exact catalogue
"""

import asyncio
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import skimage
from PIL import Image

from bot.services import Services
from core.backoff import MORE, QUEUE
from core.cases import ActionRecord, Case, Policy, Profile
from core.chat import Alert, Carried, Community, Order, Said
from core.errors import Refused, Unscannable
from core.looks import EmbedderSpec, Material, PdqHash
from core.matches import Match, Verdict
from core.model_ports import Runner
from core.ports import Catalogue, Front
from core.types import (
    ActState,
    Content,
    ImageEvent,
    Kind,
    Outcome,
    Pixels,
    Platform,
    Reference,
    Space,
    Vectors,
)
from handlers.confirmations import Confirmations
from handlers.trials import Trials
from handlers.warnings import Warnings
from lab.drawings.demo import demo_set, strangers
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
from store.sql.tokens import SqlTokens
from store.sql.updates import SqlUpdates
from store.vectors.exact import ExactCatalogue
from tests.clock import Clock

KEEP = timedelta(days=7)
SPACE = Space(platform=Platform.DISCORD, community="guild", channel="pictures")
DONE = Carried(state=ActState.DONE)
SAME = Verdict(
    outcome=Outcome.MATCH,
    reason="copy",
    matches=(
        Match(
            reference=Reference(key="logo", collection="brands"),
            kind=Kind.EDITED,
            confidence=0.97,
            cosine=0.8,
            content=Content.SAME,
        ),
    ),
)
"""An edited copy that shows the same."""

LONGEST_PAUSE_S = QUEUE.longest * MORE
"""After so long, whatever waits in a queue is due, whatever chance made of its pause."""


class Toy:
    """`core.ports.Embedder`: an 8 by 8 gray thumbnail without its mean."""

    spec = EmbedderSpec(
        name="toy",
        model_sha256="toy",
        dim=64,
        input_size=8,
        resize="area",
        runtime="numpy",
        precision="fp32",
        floor=0.5,
        mirror_invariant=False,
    )

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:  # noqa: ARG002
        rows = np.stack([cv2.resize(np.ascontiguousarray(one).mean(axis=2), (8, 8), interpolation=3) for one in images])
        flat = rows.reshape(len(rows), 64) + np.linspace(0, 1e-3, 64)
        flat -= flat.mean(axis=1, keepdims=True)
        vectors: Vectors = (flat / np.linalg.norm(flat, axis=1, keepdims=True)).astype(np.float32)
        return vectors


@dataclass
class FakeFront:
    """`core.ports.Front` over a dict of bytes, by the event's image name.

    `fails` are raised one after the other before an image is given out; `raises` by each act and alert. What `held`
    names, an image or the number of a case, waits for its event; `begun` is set once anything is asked for.
    """

    name: str = "fake"
    keeps_posts: bool = True
    images: dict[str, bytes] = field(default_factory=dict)
    previews: dict[str, bytes | Unscannable] = field(default_factory=dict)
    fails: dict[str, list[Exception]] = field(default_factory=dict)
    raises: Exception | None = None
    answer: Carried = DONE
    orders: list[Order] = field(default_factory=list)
    acts: list[ActionRecord] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    withdrawn: list[Alert] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    warned: list[tuple[Space, Said, str]] = field(default_factory=list)
    held: dict[str | int, asyncio.Event] = field(default_factory=dict)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def _asked(self, name: str | int) -> None:
        self.begun.set()
        if name in self.held:
            await self.held[name].wait()

    async def fetch(self, event: ImageEvent) -> bytes:
        await self._asked(event.image)
        if waiting := self.fails.get(event.image):
            raise waiting.pop(0)
        if event.image not in self.images:
            raise Unscannable("gone", "The image is gone.")
        return self.images[event.image]

    async def kept(self, event: ImageEvent, receipt: str) -> bytes | None:  # noqa: ARG002
        return None

    async def profile(self, event: ImageEvent) -> Profile:  # noqa: ARG002
        return Profile()

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:  # noqa: ARG002
        preview = self.previews.get(event.image)
        if isinstance(preview, Unscannable):
            raise preview
        return preview

    async def carry_out(self, order: Order) -> Carried:
        assert order.action.case in {one.id for one in order.own.pictures}
        await self._asked(order.case.id)
        self.orders.append(order)
        self.acts.append(order.action)
        return self._answer()

    async def alert(self, alert: Alert, case: Case, picture: bytes | None) -> Carried:
        assert alert.case in {one.id for one in case.pictures}
        assert picture is None or picture
        self.alerts.append(alert)
        return self._answer()

    async def withdraw(self, alert: Alert) -> Carried:
        self.withdrawn.append(alert)
        return self._answer()

    async def discard(self, receipt: str) -> Carried:
        self.discarded.append(receipt)
        return self._answer()

    async def can_show(self, community: Community) -> Carried:  # noqa: ARG002
        return DONE

    async def warn(self, space: Space, warning: Said, language: str) -> bool:
        self.warned.append((space, warning, language))
        return True

    def _answer(self) -> Carried:
        if self.raises:
            raise self.raises
        return self.answer


class NoFetcher:
    """`core.ports.Fetcher` without a network."""

    async def fetch(self, url: str) -> bytes:
        raise Refused("private-address", f"{url} is not visited.")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`core.ports.NewReference` with whatever a test wants in it."""

    reference: Reference
    parts: tuple[int, ...]
    vectors: Vectors
    materials: tuple[Material, ...]
    hashes: tuple[PdqHash, ...] = ()


def entry(key: str, *rows: int, collection: str = "library", **said: str) -> Entry:
    """A reference with one vector for each of `rows`: axis `row` of eight; its pictures are named after them."""
    vectors: Vectors = np.eye(8, dtype=np.float32)[list(rows or (0,))]
    kept = tuple(Material(picture=f"{key}-{row}".encode(), features=b"f") for row in rows or (0,))
    plain = Reference(key=key, collection=collection, width=4, height=3, added_at=Clock().at)
    parts = tuple(range(len(kept)))
    return Entry(reference=replace(plain, **said), parts=parts, vectors=vectors, materials=kept)  # type: ignore[arg-type]


def event(image: str = "one", space: Space = SPACE, **said: object) -> ImageEvent:
    """An image posted in `space`, in a message of its own."""
    return replace(ImageEvent(space=space, message=f"m-{image}", image=image, author="ann"), **said)  # type: ignore[arg-type]


def saved(image: Image.Image | Pixels, form: str = "PNG", **options: object) -> bytes:
    """The file of a picture; a PNG is written in a hurry, which takes a third of the time."""
    if form == "PNG":
        options = {"compress_level": 1, **options}
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@cache
def drawn(key: str) -> Image.Image:
    """A picture of the demo set, or one of its strangers; drawn once."""
    return next(one for one in (*demo_set(), *strangers()) if one.key == key).draw()


@cache
def photograph(name: str) -> Image.Image:
    """A photograph that comes inside the package scikit-image."""
    folder = Path(skimage.__file__).parent / "data"
    with Image.open(next(folder.glob(f"{name}.*"))) as image:
        return image.convert("RGB")


def scribble(seed: int, wide: int = 240, high: int = 180) -> Image.Image:
    """Rectangles thrown on a sheet; the same seed throws the same."""
    dice = np.random.default_rng(seed)
    sheet = np.full((high, wide, 3), dice.integers(0, 256, 3), np.uint8)
    for _ in range(40):
        left, top = int(dice.integers(0, wide)), int(dice.integers(0, high))
        colour = [int(value) for value in dice.integers(0, 256, 3)]
        size = [int(value) for value in dice.integers(8, 70, 2)]
        cv2.rectangle(sheet, (left, top), (left + size[0], top + size[1]), colour, -1)
    return Image.fromarray(sheet)


async def assemble(
    db: Database,
    runner: Runner,
    *,
    catalogue: Catalogue | None = None,
    clock: Clock | None = None,
    fronts: Mapping[str, Front] | None = None,
    default: Policy | None = None,
) -> Services:
    """Services over the real SQL stores, with the space open."""
    now, shelves = clock or Clock(), catalogue or ExactCatalogue()
    references, cases, inbox = SqlReferences(db, now), SqlCases(db, now, KEEP), SqlInbox(db, now)
    await shelves.open_space(runner.spec.space_id, runner.spec.dim)
    return Services(
        runner=runner,
        catalogue=shelves,
        references=references,
        inbox=inbox,
        cases=cases,
        decided=cases.decided,
        media=SqlMedia(db, now),
        policies=SqlPolicies(db, now, lambda _: default or Policy()),
        communities=SqlCommunities(db, now, references.changed, cases.changed),
        choices=SqlChoices(db, now),
        reports=SqlReports(db, now),
        alerts=SqlAlerts(db, now),
        cursors=SqlCursors(db),
        updates=SqlUpdates(db, now),
        posts=SqlPosts(db, now, inbox),
        screened=SqlScreened(db, now),
        brakes=SqlBrakes(db, now),
        privacy=SqlPrivacy(db, now, timedelta(days=180), KEEP),
        tokens=SqlTokens(db, now),
        fetcher=NoFetcher(),
        fronts=fronts or {},
        clock=now,
        twice=Confirmations(now),
        warnings=Warnings(now),
        trials=Trials(now),
        max_image_bytes=2 << 20,
    )
