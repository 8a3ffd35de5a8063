"""Untrusted bytes in, small upright RGB pictures out. Pillow only; every other format is refused before it starts.
Videos go to video.py, where that extra is installed.

    read_header (sniff.py) -> open with that one format -> pixels within limits -> draft -> walk the frames
        each frame: shrink to 640 px -> turn as EXIF says -> 8-bit RGB on white (and on dark) -> keep what looks new
    a decoder that meets an error -> once more, tolerant (salvage.py): the part that is there, told as partial

`decode` raises Unscannable, or CouldNotLook where the fault is ours, and nothing else. What it cannot do is stop Pillow
in the middle of one frame: the honest worst case, a 64-megapixel PNG, takes seconds. So files of strangers are decoded
by sandbox.py, in a process that can be killed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic

from PIL import Image

from core.errors import CouldNotLook, Unscannable
from core.looks import Picture
from embed.decode import video
from embed.decode.complaints import Complaint, heard
from embed.decode.frames import DAMAGED, SIDE, DistinctFrames, OpenedImage, SpreadFrames, turn_of, walk
from embed.decode.opening import drafted, is_ours, opened, refusal
from embed.decode.restarts import share_restarted
from embed.decode.salvage import Canvas, cover, mended, share_loaded, share_seen, tolerated
from embed.decode.sniff import ALLOWED, VIDEOS, Header, is_cut, kind_of, read_header

MAX_BYTES = 25_000_000
NEXT_TO_NOTHING = 0.05
"""Share of a picture below which one can't say that it was looked at."""


type Decoder = Callable[[bytes, str], Picture]
"""Decodes a file with its SHA-256 ("" = not known yet); raises Unscannable. The product's is `embed.decode.sandbox`."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The time in which frames are looked for."""

    began: float
    seconds: float

    @property
    def deadline(self) -> float:
        """When the budget is spent, on the clock that `began` was read from."""
        return self.began + self.seconds

    def deadline_of(self, image_opened: OpenedImage) -> float:
        """Return the deadline for a file; an endless one gets half the time, since such files come to keep us busy."""
        return self.began + self.seconds / (2 if image_opened.is_endless else 1)


@dataclass(frozen=True, slots=True)
class Job:
    """A file to decode, and what that may cost."""

    data: bytes
    header: Header
    max_frames: int
    budget: Budget
    digest: str

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, computed unless it is known."""
        return self.digest or sha256(self.data).hexdigest()


def decode(
    data: bytes, *, max_frames: int = 16, budget_s: float = 2.0, max_bytes: int = MAX_BYTES, digest: str = ""
) -> Picture:
    """Return the picture in these bytes: at most `max_frames` distinct frames, found within `budget_s` seconds.

    `digest` is their SHA-256, for a caller who knows it already.
    """
    job = Job(data, read_header(data, max_bytes), max_frames, Budget(monotonic(), budget_s), digest)
    with heard() as complaints:
        return _decoded_or_told(job, complaints)


def _decoded_or_told(job: Job, complaints: list[Complaint]) -> Picture:
    """Return the picture; `said` fills with libtiff's complaints, and tells why there is none."""
    try:
        return _filmed(job) if job.header.kind in VIDEOS else _decoded(job)
    except Unscannable:
        raise
    except MemoryError:
        raise Unscannable("memory", "This image needs too much memory.") from None
    except Exception as error:  # a broken file makes Pillow raise almost anything
        if is_ours(error):
            raise CouldNotLook(error) from error
        raise refusal(job.data, job.header.kind, error, complaints) from error


def decode_here(data: bytes, digest: str = "") -> Picture:
    """Decode in this very process, for files of one's own; a `Decoder`."""
    return decode(data, digest=digest)


def is_decodable(head: bytes) -> bool:
    """Return whether the rest of a download is worth loading; a video's only if the extra is installed."""
    kind = kind_of(head)
    return kind in ALLOWED or (kind in VIDEOS and video.is_available())


def _filmed(job: Job) -> Picture:
    """Return distinct frames of a video."""
    kind, distinct = job.header.kind, SpreadFrames(job.max_frames)
    seen = video.walk(job.data, kind, distinct.see, longest=SIDE, budget_s=job.budget.seconds)
    frames = distinct.in_turn()
    return Picture(
        sha256=job.sha256,
        format=kind,
        width=seen.width,
        height=seen.height,
        frame_count=max(seen.count, len(frames)),
        frames=tuple(pixels for pixels, _ in frames),
        seconds=tuple(second for _, second in frames),
        partial=seen.partial or DAMAGED * is_cut(job.data, kind) or "frames" * distinct.dropped,
    )


def _decoded(job: Job) -> Picture:
    """Return the frames of a still or an animation; of a damaged file those that could be decoded."""
    try:
        with opened(job.data, job.header) as image:
            return _read(job, image)
    except (Unscannable, MemoryError):
        raise
    except Exception as error:
        if is_ours(error):
            raise
        with tolerated():
            return _salvaged(job)


def _salvaged(job: Job) -> Picture:
    """Return what can be seen of a file that a strict decoder refuses."""
    with opened(mended(job.data, job.header.kind), job.header) as image:
        return _read(job, image, _share(job))


def _share(job: Job) -> float:
    return share_seen(job.data, job.header.kind, lambda data: drafted(opened(data, job.header), job.header))


def _read(job: Job, image: Image.Image, share: float | None = None) -> Picture:
    """Return all frames of an opened image; `share` of the first is there, None = no decoder has complained.

    Raises Unscannable for a picture of which next to nothing is there.
    """
    declared, canvas = image.size, Canvas.under(drafted(image, job.header))
    loaded_share = share_loaded(job.data, image)
    cover(image, job.data, 1.0 if share is None else share)
    seen = canvas.reach * min(loaded_share, _share_of(job, canvas.is_seen_in(image)) if share is None else share)
    image_opened = OpenedImage(image, job.header, _frame_count(image, job.header), turn_of(image), declared, job.data)
    distinct = DistinctFrames(job.max_frames)
    partial = walk(image_opened, distinct, job.budget.deadline_of(image_opened))
    _check_share(job, seen, distinct)
    return Picture(
        sha256=job.sha256,
        format=job.header.kind,
        width=image_opened.size[0],
        height=image_opened.size[1],
        frame_count=image_opened.count,
        frames=tuple(distinct.pictures),
        partial=DAMAGED if seen < 1 or (share is not None and image_opened.count > 1) else partial,
        share=seen,
    )


def _share_of(job: Job, seems_short: bool) -> float:
    """Return how much of the first frame is there, measured if that is in doubt."""
    restarted_share = share_restarted(job.data) if job.header.kind == "JPEG" else 1.0
    if not seems_short:
        return restarted_share
    with tolerated():
        return min(restarted_share, _share(job))


def _check_share(job: Job, share: float, distinct: DistinctFrames) -> None:
    is_bare = share < 1 and all(picture.max() == picture.min() for picture in distinct.pictures)
    if is_bare or share < NEXT_TO_NOTHING:
        raise Unscannable(
            "corrupt", f"This {job.header.kind} file is damaged: next to nothing of its picture is there."
        )


def _frame_count(image: Image.Image, header: Header) -> int:
    """Return the number of frames; 1 for a JPEG (MPO), of which clients show only the first."""
    if header.kind in ("WEBP", "AVIF", "PNG"):
        declared = max(1, int(getattr(image, "n_frames", 1)))
        return min(declared, header.frames) if header.kind == "PNG" else declared
    return header.frames
