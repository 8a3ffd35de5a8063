"""What the handlers need of the models: pictures in, vectors, features and evidence out.

Embedder     one model                embed/models/sscd.py, embed/models/classic.py
Runner       bytes -> Look, Evidence  embed/runner.py, off the event loop
ContentFilter  Look -> 0..1           embed/models/nsfw.py, optional
WordReader   lines of text -> Line    embed/models/ocr.py, optional
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from core.kept_words import Word
from core.logos import LogoHit
from core.looks import EmbedderSpec, Look, Material, PdqHash, Stages, View
from core.matches import Difference, Evidence, Logos
from core.reading_words import Line
from core.types import (
    Damage,
    Pixels,
    Quad,
    Vectors,
)


class Embedder(Protocol):
    """One model. Synchronous and thread-safe: the runner calls it from worker threads."""

    @property
    def spec(self) -> EmbedderSpec:
        """What the model is: name, hash of its weights, size of its vectors, its floor."""
        ...

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:
        """Embeddings [n, dim] of length 1, in the order given.

        `zooms` are input sizes as shares of the model's own (None = all 1); a model of one size ignores them.
        """
        ...


@runtime_checkable
class TextEmbedder(Protocol):
    """A model that puts words into the same space as pictures."""

    def embed_text(self, texts: Sequence[str]) -> Vectors:
        """Embeddings [n, dim] of length 1, in the order given."""
        ...


type WorthACheck = Callable[[int, Sequence[Evidence | None]], bool]


def always(_number: int, _so_far: Sequence[Evidence | None]) -> bool:
    """Check every pair."""
    return True


class ContentFilter(Protocol):
    """How likely a picture is unfit to be seen in public, whatever it is a copy of."""

    async def score(self, look: Look) -> float:
        """0..1 for the worst of its frames."""
        ...


class WordReader(Protocol):
    """What a line of text says. Synchronous and thread-safe: the runner calls it from worker threads."""

    def load(self) -> None:
        """Load what reading needs; raises EnvironmentTrouble where it is missing."""
        ...

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        """What each says, in the order given; a line that can't be read is "" with a score of 0."""
        ...

    def page(self, picture: Pixels, budget_s: float) -> list[Word]:
        """The words of a whole picture; lines for which the CPU seconds don't last are told as not read."""
        ...


class Runner(Protocol):
    """Heavy work off the event loop: decode, views, embeddings, pair checks."""

    @property
    def spec(self) -> EmbedderSpec:
        """That of the model; its `floor` is what the operator set, if anything."""
        ...

    @property
    def sure_floor(self) -> float:
        """The model's own floor."""
        ...

    async def look(self, data: bytes, sha256: str = "") -> Look:
        """Decode a query image and embed its whole frames; raises Unscannable or Busy. `sha256` if it is known."""
        ...

    async def parts(self, look: Look) -> Look:
        """Embed the parts of the same picture that are worth a look of their own."""
        ...

    async def prepare(self, data: bytes) -> tuple[Look, tuple[Material, ...]]:
        """Decode and embed a reference image (whole frames, as they are and inverted), with what is kept of each frame.

        Raises Unscannable: "blank" for a picture of one colour, "plain" for one with next to no detail.
        """
        ...

    async def restored(
        self, said: Sequence[Material], halves: Sequence[bytes], hashes: Sequence[PdqHash], *, trusting: bool = False
    ) -> tuple[Vectors, tuple[Material, ...], tuple[PdqHash, ...]]:
        """What somebody else's file says was kept of a reference, held against its pictures and written anew.

        `halves` are its vectors as float16, those of the frames as they are before those of inverted colours; none =
        the file is of another model. With `trusting` vectors and features are not held against the pictures. Raises
        DataError for whatever is not of its picture, NotOfItsPicture if vectors or features are not.
        """
        ...

    async def hashed(self, picture: bytes) -> PdqHash:
        """The PDQ hash of a stored picture of ours."""
        ...

    async def verify(
        self,
        look: Look,
        pairs: Sequence[tuple[View, Material]],
        is_worth_a_check: WorthACheck = always,
        *,
        at_a_glance: bool = False,
    ) -> list[Evidence | None]:
        """Check the query against references: (view that found it, what is kept of the reference), in order.

        `at_a_glance`: what a first look does not see is not looked at more closely.
        `is_worth_a_check` is asked before each pair, with its number and the evidence so far; None = not checked.
        Nothing more is checked once the picture has cost `budget_s` of CPU time. What can't be read back is not checked
        either, and noted in the look.
        """
        ...

    async def damage(self, kept: Material) -> Damage:
        """What of this can't be read back."""
        ...

    async def logos(self, look: Look, logos: Logos) -> list[LogoHit]:
        """Those of the logos that may be in the picture, one a place; what it costs counts for `budget_s`."""
        ...

    @property
    def stages(self) -> Stages:
        """Which stages of the search are switched on."""
        ...

    def hurried(self) -> AbstractContextManager[None]:
        """While it lasts, work of tasks that are less urgent than 0 (`core.urgency`) does not begin."""
        ...

    @property
    def threads(self) -> int:
        """How many pictures it works on at once."""
        ...

    @property
    def budget_s(self) -> float:
        """CPU seconds that one picture may cost."""
        ...

    async def thumbnail(self, look: Look, frame: int = 0, longest: int = 256) -> bytes:
        """A JPEG of at most so many px, made from pixels."""
        ...

    async def evidence(
        self, posted: bytes, reference: bytes, quad: Quad | None, differs: Sequence[Difference] = ()
    ) -> bytes:
        """A JPEG of two pictures of ours: posted, with the matched area outlined, then known, then what differs there.

        What was exchanged is outlined in the first and the last. Without a quad nobody knows where to compare: then
        there are two parts.
        """
        ...

    async def difference(
        self, posted: bytes, reference: bytes, quad: Quad, differs: Sequence[Difference] = ()
    ) -> bytes | None:
        """A JPEG of what differs alone; None where nothing of the reference lies in the posted picture."""
        ...
