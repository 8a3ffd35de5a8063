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
        """Return embeddings [n, dim] of length 1, in the order of the images.

        `zooms` are input sizes as shares of the model's own (None = all 1); a model of one size ignores them.
        """
        ...


@runtime_checkable
class TextEmbedder(Protocol):
    """A model that embeds words in the same space as pictures."""

    def embed_text(self, texts: Sequence[str]) -> Vectors:
        """Return embeddings [n, dim] of length 1, in the order of the texts."""
        ...


type WorthACheck = Callable[[int, Sequence[Evidence | None]], bool]


def always(_number: int, _so_far: Sequence[Evidence | None]) -> bool:
    """Return True: every pair is worth a check."""
    return True


class ContentFilter(Protocol):
    """Tells how likely a picture is unfit to be seen in public, whatever it is a copy of."""

    async def score(self, look: Look) -> float:
        """Return 0..1 for the worst of the frames."""
        ...


class WordReader(Protocol):
    """Reads lines of text. Synchronous and thread-safe: the runner calls it from worker threads."""

    def load(self) -> None:
        """Load the networks; raises EnvironmentTrouble where something is missing."""
        ...

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        """Return what each line says, in the same order; a line that can't be read is "" with a score of 0."""
        ...

    def page(self, picture: Pixels, budget_s: float) -> list[Word]:
        """Return the words of a whole picture; lines beyond the budget of CPU seconds are marked as not read."""
        ...


class Runner(Protocol):
    """Heavy work off the event loop: decode, views, embeddings, pair checks."""

    @property
    def spec(self) -> EmbedderSpec:
        """What the model is; its `floor` is the operator's setting, if there is one."""
        ...

    @property
    def sure_floor(self) -> float:
        """The model's own floor."""
        ...

    async def look(self, data: bytes, sha256: str = "") -> Look:
        """Decode a query image, embed its whole frames, and return both; raises Unscannable or Busy.

        `sha256` spares hashing the bytes if the caller knows it.
        """
        ...

    async def shows(self, look: Look, rendition: bytes) -> bool:
        """Return whether an image file shows nothing but what the looked-at picture shows, as its thumbnail does.

        Of a video or an animation one of its frames that were looked at is enough. A file that can't be decoded is no
        rendition. Raises Busy.
        """
        ...

    async def parts(self, look: Look) -> Look:
        """Embed the parts of the same picture that deserve a search of their own; return them with their vectors."""
        ...

    async def prepare(self, data: bytes) -> tuple[Look, tuple[Material, ...]]:
        """Decode and embed a reference image; return the look and what is kept of each frame.

        Whole frames are embedded, as they are and in inverted colours. Raises Unscannable: "blank" for a picture of one
        colour, "plain" for one with next to no detail.
        """
        ...

    async def restored(
        self, said: Sequence[Material], halves: Sequence[bytes], hashes: Sequence[PdqHash], *, trusting: bool = False
    ) -> tuple[Vectors, tuple[Material, ...], tuple[PdqHash, ...]]:
        """Check what a file of another catalogue kept of a reference against its pictures; return it made anew.

        `halves` are its vectors as float16, first of the frames as they are, then of inverted colours; none = the file
        is of another model. With `trusting`, vectors and features are not checked against the pictures. Raises
        DataError for what does not belong to its picture, NotOfItsPicture if that is a vector or features.
        """
        ...

    async def hashed(self, picture: bytes) -> PdqHash:
        """Return the PDQ hash of a stored picture of ours."""
        ...

    async def verify(
        self,
        look: Look,
        pairs: Sequence[tuple[View, Material]],
        is_worth_a_check: WorthACheck = always,
        *,
        at_a_glance: bool = False,
    ) -> list[Evidence | None]:
        """Check the query against references; return the evidence of each pair in their order, None = not checked.

        A pair is the view that found the reference and what is kept of the reference. With `at_a_glance` no pair is
        looked at closely that a first look finds nothing in. `is_worth_a_check` is asked before each pair, with its
        number and the evidence so far. Nothing more is checked once the picture has cost `budget_s` of CPU time.
        References that can't be read back are not checked, and noted in the look.
        """
        ...

    async def damage(self, kept: Material) -> Damage:
        """Return what of a kept frame can't be read back."""
        ...

    async def logos(self, look: Look, logos: Logos) -> list[LogoHit]:
        """Return the logos that may be in the picture, one for each place; the cost counts for `budget_s`."""
        ...

    @property
    def stages(self) -> Stages:
        """Which stages of the search are switched on."""
        ...

    def hurried(self) -> AbstractContextManager[None]:
        """Return a context in which work of less urgent tasks (`core.urgency` above 0) does not begin."""
        ...

    @property
    def threads(self) -> int:
        """How many pictures are worked on at once."""
        ...

    @property
    def budget_s(self) -> float:
        """CPU seconds that one picture may cost."""
        ...

    async def thumbnail(self, look: Look, frame: int = 0, longest: int = 256) -> bytes:
        """Return a JPEG of a frame, at most `longest` px on its longer side."""
        ...

    async def masked(self, look: Look, quads: Sequence[Quad]) -> bytes:
        """Return the first frame as a lossless file, with these parts painted over in gray."""
        ...

    async def evidence(
        self, posted: bytes, reference: bytes, quad: Quad | None, differs: Sequence[Difference] = ()
    ) -> bytes:
        """Return a JPEG with three panels: posted (the matched area outlined), known, and what differs.

        Exchanged regions are outlined in the first and the third panel. Without a quad there is no third panel: nobody
        knows where to compare.
        """
        ...

    async def difference(
        self, posted: bytes, reference: bytes, quad: Quad, differs: Sequence[Difference] = ()
    ) -> bytes | None:
        """Return a JPEG of what differs alone; None if no part of the reference lies in the posted picture."""
        ...
