"""Videos: their different frames or a refusal, whatever is in the file, and never anything but the file itself."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import Unscannable
from core.looks import Picture
from core.types import Pixels
from embed.decode import video
from embed.decode.frames import SIDE
from embed.decode.picture import decode, is_decodable
from embed.decode.sniff import MAX_SAMPLES, kind_of
from tests.embed.decode.films import (
    CODECS,
    HIGH,
    WIDE,
    at_times,
    black_first,
    film,
    restless,
    see_through,
    slow,
    without_frames,
)
from tests.small import scribble

av = pytest.importorskip("av", reason="videos are an extra")

MAGIC = (b"\0\0\0\x20ftypisom", b"\0\0\0\x14ftypqt  ", b"\x1aE\xdf\xa3\x84webm", b"\x1aE\xdf\xa3\x88matroska")


def melody() -> bytes:
    """An MP4 with sound only."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        tone = container.add_stream("aac", rate=44_100)
        hum = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        hum.rate = 44_100
        container.mux([*tone.encode(hum), *tone.encode()])
    return buffer.getvalue()


def shown(picture: Picture, count: int) -> list[int]:
    """Which of the scenes are among the frames."""
    known = [small(np.asarray(scribble(number, WIDE, HIGH))) for number in range(count)]
    found = [small(frame) for frame in picture.frames]
    return [
        number for number, one in enumerate(known) if any(float(np.abs(one - other).mean()) < 12 for other in found)
    ]


def small(frame: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(Image.fromarray(frame).resize((24, 16), Image.Resampling.BOX)).astype(np.float64)


def try_to(data: bytes, **limits: float) -> Picture | str:
    """The picture or the reason; anything but Unscannable fails the test."""
    try:
        return decode(data, **limits)  # type: ignore[arg-type]
    except Unscannable as error:
        assert str(error).endswith(".")
        return error.reason


@pytest.mark.parametrize(
    ("kind", "codec"),
    CODECS,
)
def test_each_scene_is_a_frame(kind: str, codec: str) -> None:
    """A short video is walked from end to end: every scene once, and nothing left unseen."""
    picture = decode(film(kind, codec))

    assert picture.format == {"matroska": "MKV"}.get(kind, kind.upper())
    assert (picture.width, picture.height, picture.frame_count) == (WIDE, HIGH, 40)
    assert shown(picture, 5) == [0, 1, 2, 3, 4]
    assert 5 <= len(picture.frames) <= 7
    assert picture.partial == ""


@pytest.mark.parametrize(("kind", "codec"), [("mp4", "libx264"), ("webm", "libvpx")])
@pytest.mark.parametrize("gap", [12, 10_000])
def test_a_longer_video_is_looked_at_each_half_second(kind: str, codec: str, gap: int) -> None:
    """However far its key frames are apart: every scene is seen, and nothing is left unseen."""
    picture = decode(film(kind, codec, 10, 40, gap=gap), budget_s=60)

    assert shown(picture, 10) == list(range(10))
    assert len(picture.frames) <= 16
    assert picture.partial == ""


def test_each_frame_says_in_which_second_it_is_shown() -> None:
    """Scenes of 40 frames at 25 a second: each has 1.6 seconds; the first frame of all comes first."""
    picture = decode(film(count=10, each=40), budget_s=60)
    scenes = [int(second / 1.6) for second in picture.seconds]

    assert picture.seconds[0] == 0
    assert sorted(set(scenes)) == list(range(10))
    assert shown(picture, 10) == list(range(10))
    for scene, frame in zip(scenes, picture.frames, strict=True):
        known = small(np.asarray(scribble(scene, WIDE, HIGH)))
        assert float(np.abs(known - small(frame)).mean()) < 12


@pytest.mark.parametrize("second", [0.5, 7, 19, 31, 39])
def test_one_still_picture_in_a_film_that_never_rests(second: float) -> None:
    """Of more frames than there is room for those stay that differ most: among them what is like nothing else."""
    picture = decode(restless(40, still_at=second))

    assert (len(picture.frames), picture.partial) == (16, "frames")
    assert shown(picture, 1) == [0]
    known = small(np.asarray(scribble(0, WIDE, HIGH)))
    nearest = min(range(16), key=lambda number: float(np.abs(small(picture.frames[number]) - known).mean()))
    assert second - 0.01 <= picture.seconds[nearest] <= second + 1


def test_a_video_of_hours_is_looked_at_all_over() -> None:
    """A frame each ten seconds, for three hours: there is no time for all, and what was seen is from everywhere."""
    picture = decode(slow(3 * 3600, every=10))

    assert picture.partial in ("frames", "time")
    assert max(picture.seconds) > 2 * 3600
    assert len(picture.frames) >= 12


def test_frames_at_odd_times() -> None:
    """Three pictures at 0, 0.04 and 9 seconds, as a screen is recorded: all are seen, each at its time."""
    picture = decode(at_times(0, 0.04, 9))

    assert sorted(round(second, 2) for second in picture.seconds) == [0, 0.04, 9]
    assert picture.partial == ""


def test_slides_that_no_other_frame_needs_are_seen() -> None:
    """Frames are passed over only where that leaves no gap: here each slide stands alone for two seconds."""
    times = [number * 2.0 for number in range(160)]
    picture = decode(at_times(*times, pages=8))

    assert shown(picture, 8) == list(range(8))


def test_there_is_an_end_to_frames() -> None:
    """Sixteen different ones, as of any animation."""
    picture = decode(film(count=20, each=2))

    assert (len(picture.frames), picture.partial) == (16, "frames")


def test_time_is_limited() -> None:
    """When it is over the first frame is there, and the answer says so."""
    for data in (film(), film(count=10, each=40, gap=10_000)):
        picture = decode(data, budget_s=0)
        assert len(picture.frames) >= 1
        assert picture.partial == "time"


def test_large_frames_are_made_small() -> None:
    """At most as long as those of a picture."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        page = np.asarray(scribble(1).resize((1280, 720)))
        container.mux([*stream.encode(av.VideoFrame.from_ndarray(page, format="rgb24")), *stream.encode()])
    picture = decode(buffer.getvalue())

    assert (picture.width, picture.height) == (1280, 720)
    assert max(picture.frames[0].shape) == SIDE


MATRICES = {
    "right": (0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30),
    "over": (-1 << 16, 0, 0, 0, -1 << 16, 0, 0, 0, 1 << 30),
    "left": (0, -1 << 16, 0, 1 << 16, 0, 0, 0, 0, 1 << 30),
}


@pytest.mark.parametrize(("way", "turn"), [("right", 270), ("over", 180), ("left", 90)])
def test_phones_are_held_upright(way: str, turn: int) -> None:
    """The matrix in the track's header says how a player turns the frames."""
    data = bytearray(film(count=1))
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = b"".join(number.to_bytes(4, "big", signed=True) for number in MATRICES[way])
    picture = decode(bytes(data))
    upright = np.asarray(scribble(0, WIDE, HIGH).rotate(turn, expand=True))

    assert (picture.height, picture.width) == upright.shape[:2]
    assert float(np.abs(small(picture.frames[0]) - small(upright)).mean()) < 12


def test_a_sticker_is_seen_on_the_grounds_of_chats() -> None:
    """White and dark, as people see it; never with the colours that lie under what can be seen through."""
    white, dark = decode(see_through(3)).frames
    known = small(np.asarray(scribble(3, WIDE, HIGH)))[8:]

    assert white[:60].mean() > 240
    assert 40 < dark[:60].mean() < 70
    for frame in (white, dark):
        assert float(np.abs(small(frame)[8:] - known).mean()) < 16


@pytest.mark.parametrize("codec", ["libx265", "libsvtav1"])
def test_newer_codecs(codec: str) -> None:
    """As phones and browsers write them."""
    picture = decode(film("mp4", codec, 3, 8), budget_s=20)

    assert shown(picture, 3) == [0, 1, 2]
    assert picture.partial == ""


def test_a_black_beginning() -> None:
    """As films begin: the picture behind it is seen."""
    picture = decode(black_first())

    assert picture.frames[0].max() < 20
    assert shown(picture, 1) == [0]


def test_sixty_frames_a_second_for_a_minute() -> None:
    """3,600 frames: a look each half second, and the one still picture is seen."""
    picture = decode(restless(60, still_at=47.3, rate=60), budget_s=60)

    assert shown(picture, 1) == [0]
    assert picture.partial == "frames"


def test_a_film_without_frames() -> None:
    """What announces a video and holds none of its pictures is refused."""
    assert {try_to(without_frames(kind)) for kind in ("mp4", "webm")} <= {"corrupt", "not-an-image"}


def test_sound_is_passed_over() -> None:
    """A video with sound shows its frames; sound alone is no picture."""
    assert shown(decode(film(sound=True)), 5) == [0, 1, 2, 3, 4]
    assert try_to(melody()) == "not-an-image"


def test_only_some_codecs_are_opened() -> None:
    """Every further decoder would be a further door."""
    assert try_to(film("mov", "mjpeg")) == "type-not-allowed"


def test_too_large_is_refused() -> None:
    """8K is more than a worker's memory has room for."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 7680, 4320, "yuv420p"
        black = av.VideoFrame.from_ndarray(np.zeros((4320 * 3 // 2, 7680), np.uint8), format="yuv420p")
        container.mux([*stream.encode(black), *stream.encode()])

    assert try_to(buffer.getvalue()) == "too-many-pixels"


@pytest.mark.parametrize("count", [MAX_SAMPLES + 1, (1 << 32) - 1])
def test_announced_samples_are_counted_before_ffmpeg_makes_a_list_of_them(count: int) -> None:
    """Twenty bytes may announce billions; a name hidden in front of the real one changes nothing."""
    data = film()
    at = data.index(b"stsz") + 12
    bomb = data[:at] + count.to_bytes(4, "big") + data[at + 4 :]
    hidden = bomb + b"\0\0\0\x20moofstszstsz" + bytes(4) + b"\0\0\0\1" + count.to_bytes(4, "big") + bytes(4)
    run = data + b"\0\0\0\x18moof\0\0\0\x10trun\0\0\0\0" + count.to_bytes(4, "big")

    for one in (bomb, hidden, run):
        assert try_to(one) == "corrupt"
    assert try_to(data + b"\0\0\0\x10moov\0\0\0\x08cmov") == "type-not-allowed"


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.8, 0.97])
@pytest.mark.parametrize(("kind", "codec"), [("mp4", "libx264"), ("webm", "libvpx"), ("matroska", "libx264")])
def test_a_cut_file_shows_what_arrived_or_is_refused(kind: str, codec: str, share: float) -> None:
    """An MP4 without its index at the end shows nothing; a WebM shows its beginning. Neither is ever whole."""
    data = film(kind, codec)
    found = try_to(data[: int(len(data) * share)])

    assert found == "corrupt" or (isinstance(found, Picture) and (found.partial or kind != "mp4"))


def test_a_cut_with_the_index_in_front_is_partial() -> None:
    """As cameras and sites write them: the index says how much is missing."""
    data = film()
    start, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    middle = (start + end) // 2
    broken = data[:middle] + bytes(end - middle) + data[end:]
    found = try_to(broken)

    assert isinstance(found, Picture)
    assert found.partial == "damaged"


@settings(max_examples=150)
@given(st.sampled_from(MAGIC), st.binary(max_size=600))
def test_noise_behind_a_magic_is_refused(magic: bytes, noise: bytes) -> None:
    """Whatever stands there, the answer is a reason."""
    assert try_to(magic + noise) in ("corrupt", "type-not-allowed", "not-an-image")


@settings(max_examples=120)
@given(
    st.sampled_from([("mp4", "libx264"), ("mp4", "mpeg4"), ("webm", "libvpx"), ("matroska", "libx264")]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=60),
)
def test_changed_bytes_break_nothing(which: Sequence[str], changes: list[tuple[float, int]]) -> None:
    """A picture or a reason, and neither too many frames nor too large ones."""
    data = bytearray(film(*which, 3, 4))
    for at, value in changes:
        data[int(at * len(data))] = value
    found = try_to(bytes(data))

    if isinstance(found, Picture):
        assert 1 <= len(found.frames) <= 16
        assert all(max(frame.shape) <= SIDE and frame.dtype == np.uint8 for frame in found.frames)


def test_no_other_file_is_opened() -> None:
    """FFmpeg's question for a second file is refused."""
    with pytest.raises(OSError, match="given bytes"):
        video._refuse("file:///etc/hostname", 1, {})


def test_the_downloader_loads_videos(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first bytes are enough, and without the extra nothing is loaded in vain."""
    heads = [film(*which)[:64] for which in (("mp4", "libx264"), ("mov", "libx264"), ("webm", "libvpx"))]
    assert [kind_of(head) for head in heads] == ["MP4", "MOV", "WEBM"]
    assert all(is_decodable(head) for head in heads)

    monkeypatch.setattr(video, "find_spec", lambda _: None)
    assert not any(is_decodable(head) for head in heads)


def test_places_are_spread_however_early_one_stops() -> None:
    """The first ones are the start, the middle and the quarters, and in the end each place comes once."""
    assert list(video._spread(8))[:4] == [0, 0.5, 0.25, 0.75]
    assert sorted(video._spread(24)) == [number / 24 for number in range(24)]
