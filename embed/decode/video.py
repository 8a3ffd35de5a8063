"""Frames of a video, through PyAV (FFmpeg), which is an extra: `video`.

    bytes -> demuxer of just that kind -> the one video stream
        a short video           every frame
        a longer one            key frames at even distances, by seeking; then from end to end, a look each half second
        one of many minutes     key frames at even distances, as many as there is time for; told as `frames`
        each look: scaled down while converted -> turned as its matrix says -> `add`, with its second

Whatever the time did not last for is told: a video is whole only if no half second of it was left out.

Only the demuxers and decoders named here are ever opened: no sound, no subtitles, no other file and no address that a
video may name. FFmpeg can't be interrupted within one frame; the pixel limit keeps that to a fraction of a second.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from math import ceil
from pkgutil import walk_packages
from time import monotonic, thread_time
from typing import TYPE_CHECKING, Any, Literal

from PIL import Image

from core.errors import Unscannable
from core.extras import pip_install

if TYPE_CHECKING:
    from av import Packet, VideoCodecContext, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

DEMUXERS: Mapping[str, str] = {"MP4": "mov", "MOV": "mov", "WEBM": "matroska", "MKV": "matroska"}
CODECS = ("h264", "hevc", "mpeg4", "vp8", "vp9", "av1")
DECODERS = (*CODECS, "libdav1d", "libvpx", "libvpx-vp9")
"""Names of these codecs' decoders; FFmpeg opens no others."""

MAX_PIXELS = 4096 * 2304
"""Pixels of a frame, at most: 4K. A decoder keeps up to 16 frames: 230 MB."""

OF_DECODERS = {"max_pixels": str(MAX_PIXELS), "threads": "1"}
"""Options given twice: to the decoders that look for a stream's size when the file is opened, and to the one used."""

WALKED = 300
"""Frames of the longest video of which every single one is looked at."""

LOOKS, MOST_LOOKS = 24, 256
"""Places where a longer video is looked at first, and at most."""

EACH_S = 0.5
"""A longer video is looked at so often, in seconds, if it is walked from end to end."""

WALKABLE = 2_500_000_000
"""Pixels, all frames together, up to which that is tried: a minute and a half of 720p."""

FLUENT, GAP_S = 20, 1.0
"""Frames a second from which those that no other frame needs are passed over; and the longest gap that may leave."""

PATIENCE = 2.0
"""How many times its CPU time a video may take by the clock, while the machine is busy with other things."""

GRACE_S = 1.0
"""Seconds by which the first frame may come later: a decoder takes in several packets before it gives one out."""

KEPT_BACK = 2
"""So many frames fewer than announced do not mean a cut: a decoder may keep them to itself."""

ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""Decoders that also read what can be seen through, as in stickers; FFmpeg's own pass that over."""

TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}

type Add = Callable[[Image.Image, float], None]
"""Takes a frame, RGB or RGBA, and the second in which it is shown."""


@dataclass(frozen=True, slots=True)
class FilmSummary:
    """Size as a player shows it, number of frames (0 = the file doesn't say), and why not all were looked at."""

    width: int
    height: int
    count: int
    partial: str


def is_available() -> bool:
    """Return whether the extra is installed."""
    return find_spec("av") is not None


@cache
def missing() -> str:
    """Return the sentence for videos without the extra; made once, before the process that decodes can read no file."""
    return f"Videos are looked at by a package that is not installed: {pip_install('video')}."


def load_all() -> None:
    """Import every module of PyAV: some are looked for only when a file is read, and by then that may be barred."""
    import av

    for module in walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            import_module(module.name)


def walk(data: bytes, kind: str, add: Add, *, longest: int, budget_s: float) -> FilmSummary:
    """Hand frames of at most `longest` px to `add`, until all are seen or so many seconds of CPU time are spent.

    Raises Unscannable("video") without the extra, other Unscannables for what is not looked at, and FFmpeg's errors
    for a file that is damaged before its first frame.
    """
    if not is_available():
        raise Unscannable("video", missing())
    time = _Time(thread_time() + budget_s, monotonic() + budget_s * PATIENCE)
    with _opened(data, kind, budget_s * PATIENCE) as container:
        stream = _stream(container)
        return _Film(container, stream, add, longest, time).seen()


@dataclass(frozen=True, slots=True)
class _Time:
    """When a video has had its share: of this thread's CPU time, or by the clock."""

    cpu_until: float
    clock_until: float

    def is_over(self, grace_s: float) -> bool:
        return thread_time() > self.cpu_until + grace_s or monotonic() > self.clock_until + grace_s


def _opened(data: bytes, kind: str, patience: float) -> "InputContainer":
    import av  # 0.1 s and 100 MB: not before the first video

    options = {
        **OF_DECODERS,
        "codec_whitelist": ",".join(DECODERS),
        "enable_drefs": "0",  # no other files
        "ignore_editlist": "1",  # an edit list may repeat the same second a million times
    }
    opened: Any = av.open(BytesIO(data), "r", DEMUXERS[kind], options, timeout=max(0.1, patience), io_open=_refuse)
    container: InputContainer = opened  # its stub asks for a numbers.Real, which no float is to a type checker
    return container


def _refuse(*_: object) -> Any:
    """Refuse to open a file or an address besides the bytes that FFmpeg was given."""
    raise OSError("Nothing but the given bytes is opened.")


def _stream(container: "InputContainer") -> "VideoStream":
    """Return the first video stream that is no cover picture of a sound file."""
    from av.stream import Disposition

    streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not streams:
        raise Unscannable("not-an-image", "This file has no moving picture in it.")
    context = streams[0].codec_context
    if context is None or context.codec.canonical_name not in CODECS:
        raise Unscannable("type-not-allowed", "This video's codec is not supported.")
    if context.width * context.height > MAX_PIXELS:
        raise Unscannable(
            "too-many-pixels", f"This video is too large: the limit is {MAX_PIXELS // 1_000_000} megapixels."
        )
    context.options = OF_DECODERS
    context.thread_count = 1  # the runner has a thread a core
    return streams[0]


@dataclass(slots=True)
class _Film:
    """One opened video; `is_late` and `is_damaged` say what happened so far."""

    container: "InputContainer"
    stream: "VideoStream"
    add: Add
    longest: int
    time: _Time
    size: tuple[int, int] = (0, 0)
    is_late: bool = False
    is_damaged: bool = False
    packets: int = 0
    gap: float = 0.0
    decoder: "VideoCodecContext | None" = None

    def seen(self) -> FilmSummary:
        count, seconds = self._length()
        partial = self._sampled(count, seconds) if seconds and not 0 < count <= WALKED else self._walked()
        if not any(self.size):
            raise Unscannable("corrupt", "This video is damaged: none of its frames can be shown.")
        return FilmSummary(*self.size, count, partial)

    def _length(self) -> tuple[int, float]:
        """Return the number of frames and of seconds; 0 where the file doesn't say. WebM says the seconds only."""
        seconds = max(0.0, (self.container.duration or 0) / 1_000_000)
        rate = float(self.stream.average_rate or 0)
        return self.stream.frames or ceil(seconds * rate), seconds

    def _walked(self) -> str:
        """Hand over every frame, one after the other; return why some may be missing."""
        walked, self.decoder = 0, self._of_alpha()
        for frame in self._frames():
            walked += 1
            self._show(frame)
        return self._why(walked)

    def _of_alpha(self) -> "VideoCodecContext | None":
        """Return a decoder for a short video that can be seen through; None for any other."""
        import av

        context = self.stream.codec_context
        if self.stream.metadata.get("alpha_mode") != "1" or context.codec.canonical_name not in ALPHA:
            return None
        decoder: Any = av.CodecContext.create(ALPHA[context.codec.canonical_name], "r")
        decoder.options, decoder.thread_count = OF_DECODERS, 1
        opened: VideoCodecContext = decoder
        return opened

    def _why(self, walked: int) -> str:
        """Return why something of a video that was walked may be missing: FFmpeg takes a cut for the end."""
        is_cut = walked + KEPT_BACK < self.stream.frames
        return "time" if self.is_late else "damaged" if self.is_damaged or is_cut else ""

    def _sampled(self, count: int, seconds: float) -> str:
        """Hand over frames all over the video, then of each half second of it, if there may be time for that."""
        is_walkable = count * self.stream.width * self.stream.height <= WALKABLE
        shown_at = self._spread_looks(LOOKS if is_walkable else MOST_LOOKS, seconds)
        if is_walkable and not self.is_late:
            return self._walked_in_steps()
        if len(shown_at) < LOOKS // 2 and not self.is_late:  # key frames are rare
            self._step(seconds / LOOKS)
        return "time" if is_walkable else "frames"

    def _spread_looks(self, most: int, seconds: float) -> set[int]:
        """Hand over key frames at even distances, however early the time is over; return when each is shown."""
        shown_at: set[int] = set()
        for number, place in enumerate(_spread(most), 1):
            frame = self._key_frame(place * seconds)
            if self.is_late or (number > LOOKS and len(shown_at) < LOOKS // 2):
                break
            if frame is not None and frame.pts is not None and frame.pts not in shown_at:
                shown_at.add(frame.pts)
                self._show(frame)
        return shown_at

    def _key_frame(self, second: float) -> "VideoFrame | None":
        """Return the last key frame before that second: any other needs decoding from there."""
        if not self._seek(self._start() + round(second / float(self.stream.time_base or 1))):
            return None
        return next((frame for frame in self._frames() if frame.key_frame), None)

    def _seek(self, to: int) -> bool:
        from av.error import FFmpegError

        try:
            self.container.seek(to, stream=self.stream)
        except FFmpegError:
            return False
        return True

    def _walked_in_steps(self) -> str:
        """Look at each half second; return why some may be missing.

        Frames that no other one needs are passed over where there are many a second: that takes half the time. If the
        ones left are too far apart, all are decoded.
        """
        is_fluent = (self.stream.average_rate or 0) >= FLUENT
        self._step(EACH_S, "NONREF" if is_fluent else "DEFAULT")
        if is_fluent and self.gap > GAP_S and not self.is_late:
            self._step(EACH_S)
        return self._why(self.packets)

    def _step(self, pace: float, skipped: Literal["NONREF", "DEFAULT"] = "DEFAULT") -> None:
        """Hand over a frame each `pace` seconds from the beginning; note the longest gap between decoded ones."""
        self.stream.codec_context.skip_frame = skipped
        self._seek(self._start())  # where that fails, from where it is
        self.packets, self.gap, due, last = 0, 0.0, 0.0, 0.0
        for frame in self._frames():
            second = self._second(frame, due)
            self.gap, last = max(self.gap, second - last), second
            if second >= due:
                due = second + pace
                self._show(frame)

    def _second(self, frame: "VideoFrame", unknown: float = 0.0) -> float:
        if frame.pts is None:
            return unknown
        return max(0.0, (frame.pts - self._start()) * float(self.stream.time_base or 1))

    def _start(self) -> int:
        return self.stream.start_time or 0

    def _frames(self) -> "Iterator[VideoFrame]":
        """Yield frames until the deadline; packets that can't be decoded are left out."""
        from av.error import FFmpegError

        packets = self.container.demux(self.stream)
        try:
            for packet in packets:
                self.packets += packet.size > 0  # the last one is empty: it asks for what the decoder kept back
                yield from self._decoded(packet)
                if self.time.is_over(0 if any(self.size) else GRACE_S):
                    self.is_late = True
                    return
        except FFmpegError:  # of the demuxer: there is nothing behind it
            self.is_damaged = True

    def _decoded(self, packet: "Packet[VideoStream]") -> "list[VideoFrame]":
        from av.error import FFmpegError

        try:
            return list(self.decoder.decode(packet) if self.decoder else packet.decode())
        except FFmpegError:
            self.is_damaged = True
            return []

    def _show(self, frame: "VideoFrame") -> None:
        """Hand over a frame that a player shows."""
        self.is_damaged |= bool(frame.is_corrupt)
        if frame.is_corrupt or min(frame.width, frame.height) < 1 or frame.width * frame.height > MAX_PIXELS:
            return
        turn = TURNS.get(round(frame.rotation / 90) * 90 % 360)
        share = min(1.0, self.longest / max(frame.width, frame.height))
        wide, high = max(1, round(frame.width * share)), max(1, round(frame.height * share))
        colours = "rgba" if frame.format.name.startswith("yuva") else "rgb24"
        small = frame.to_ndarray(format=colours, width=wide, height=high, interpolation="AREA")
        image = Image.fromarray(small)
        if not any(self.size):
            is_upright = turn in (None, Image.Transpose.ROTATE_180)
            self.size = (frame.width, frame.height) if is_upright else (frame.height, frame.width)
        self.add(image if turn is None else image.transpose(turn), self._second(frame))


def _spread(count: int) -> Iterator[float]:
    """Yield shares 0 <= share < 1, spread evenly however early one stops.

    The van der Corput sequence of base 2: 0, 1/2, 1/4, 3/4, 1/8, ...
    """
    bits = (count - 1).bit_length()
    reversed_bits = (int(f"{number:0{bits}b}"[::-1], 2) for number in range(1 << bits))
    return (number / count for number in reversed_bits if number < count)
