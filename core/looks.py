"""A decoded picture, its views, and what is kept of a reference; plain records, nothing here does I/O.

Picture --views, embed--> Look           the same of a reference --> Material
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from core.types import Box, Pixels, Quad, Vectors

INVERTED = 1 << 12
"""Added to a frame's number, it gives the number of the part that is this frame in inverted colours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded image: every visually distinct frame, small, upright, 8-bit RGB.

    `width` and `height` are those of the file as a viewer shows it, `frame_count` what the file holds;
    `frames` are at most 640 px long. `partial` names why not all was looked at ("" = it was): frames, time, damaged.
    `share` of the first frame's pixels is in the file, 1 unless that is damaged. `seconds` says of a video when each
    frame is shown, counted from its beginning; of all else nothing.
    """

    sha256: str
    format: str
    width: int
    height: int
    frame_count: int
    frames: tuple[Pixels, ...]
    partial: str = ""
    share: float = 1.0
    seconds: tuple[float, ...] = ()

    def second_of(self, frame: int) -> float | None:
        """Return when a frame of a video is shown; None for all else."""
        return self.seconds[frame] if frame < len(self.seconds) else None

    @property
    def pixel_hash(self) -> str:
        """SHA-256 of the frames' pixels: equal for the same picture in two lossless files."""
        digest = sha256(f"{self.width}x{self.height}".encode())
        for frame in self.frames:
            digest.update(frame.tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class EmbedderSpec:
    """What makes two embeddings comparable; a change in any field but the last two makes another space.

    `floor` is the cosine below which a reference is not even a candidate, measured for this model; it and
    `mirror_invariant` only say how to search, so the vectors stay good when they change.
    """

    name: str
    model_sha256: str
    dim: int
    input_size: int
    resize: str
    runtime: str
    precision: str
    floor: float
    mirror_invariant: bool = True

    @cached_property
    def space_id(self) -> str:
        """The name of the vector space: models whose vectors can't be compared have different ones."""
        parts = (self.model_sha256, self.dim, self.input_size, self.resize, self.runtime, self.precision)
        return f"{self.name}-{sha256(repr(parts).encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Which stages of the matching cascade are on; docs/benchmarks.md shows what each is worth.

    hashes    candidates by PDQ distance, in any pose and inverted
    inverted  references are embedded in inverted colours, too (counts when they are added)
    parts     parts of the query are embedded on their own: borders cut off, pictures on flat ground, panes
    quarters  so are its quarters and its middle, whatever is in them
    tilted    also quadrilaterals, as in the photo of a screen
    frames    pairs whose frames seem the same are compared without looking for features
    features  pairs are aligned by local features
    closer    so are references of which a first look sees nothing, by more features
    words     what is written in the reference is compared letter by letter
    content   what differs in a pair that agrees is read: is it the same content?
    codes     QR and bar codes of both pictures are compared
    spoken    words that seem exchanged are read (extra `ocr`)
    logos     logos of brand collections are looked for by their edges
    """

    hashes: bool = True
    inverted: bool = True
    parts: bool = True
    quarters: bool = True
    tilted: bool = True
    frames: bool = True
    features: bool = True
    closer: bool = True
    words: bool = True
    content: bool = True
    codes: bool = True
    spoken: bool = True
    logos: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A part of a query image that is embedded on its own: frame number, the part's box, mirrored or not.

    A part that lies tilted in the frame has its four corners in `quad`; `box` is what surrounds them. `zoom` is the
    size at which it is embedded, as a share of the model's own: smaller is cheaper, and nearer to a reference of which
    only a part is seen. `mended` is the whole frame without a grid of lines or other regular things over it.
    """

    frame: int
    box: Box = (0.0, 0.0, 1.0, 1.0)
    mirrored: bool = False
    inverted: bool = False
    quad: Quad | None = None
    zoom: float = 1.0
    mended: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the view is a whole frame as it was posted: not cropped, not straightened, not mended."""
        return not self.mended and self.quad is None and self.box == (0.0, 0.0, 1.0, 1.0)

    @property
    def part(self) -> int:
        """Number of the reference's vector that belongs to this view."""
        return self.frame + INVERTED * self.inverted


@dataclass(slots=True)
class Notes:
    """What the runner remembers of one picture between two calls, and the CPU seconds that it has cost so far.

    `unread`: the time did not last for all words that seem exchanged. `damaged`: what is kept of references and could
    not be read back.
    """

    spent_s: float = 0.0
    unread: bool = False
    damaged: set["Material"] = field(default_factory=set)
    pair_images: dict[View, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdqHash:
    """A perceptual hash: 32 bytes in the order of PDQ's 64 hexadecimal digits; quality 0..100, below 50 = too flat."""

    bits: bytes
    quality: int = 100

    @property
    def hex(self) -> str:
        """The hash as 64 hexadecimal digits."""
        return self.bits.hex()

    @classmethod
    def of_hex(cls, digits: str, quality: int = 100) -> "PdqHash":
        """Return the hash with these 64 hexadecimal digits; raises ValueError for anything else."""
        bits = bytes.fromhex(digits)  # it reads over spaces, so the digits alone don't tell their number
        if len(digits) != 64 or len(bits) != 32 or not 0 <= quality <= 100:
            raise ValueError(f"'{digits}' with quality {quality} is no PDQ hash")
        return cls(bits=bits, quality=quality)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewHash:
    """The PDQ hashes of a view in its eight poses (`embed.pdq.dihedral`), the first as it is; one quality for all."""

    view: View
    poses: tuple[bytes, ...]
    quality: int

    @property
    def upright(self) -> PdqHash:
        """The hash of the view as it is, neither turned nor mirrored."""
        return PdqHash(bits=self.poses[0], quality=self.quality)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that was computed from one image's bytes: `vectors[i]` belongs to `views[i]`.

    `is_screen`: it looks like a screenshot or a page of text; `is_frame`: like an empty form, a blank mock-up or a
    plain code. Both are told of reference images only.
    `hashes` are those of whole frames that are not mirrored, in their order.
    """

    picture: Picture
    views: tuple[View, ...]
    vectors: Vectors
    is_screen: bool = False
    is_frame: bool = False
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    hashes: tuple[ViewHash, ...] = ()
    notes: Notes = field(default_factory=Notes, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is kept of one frame of a reference: our own JPEG, its packed local features, and if it is a logo that.

    `words`: what was read in it (`core.kept_words`); b"" where nobody has read it.
    """

    picture: bytes
    features: bytes = b""
    logo: bytes = b""
    words: bytes = b""
