"""The decoder against the zoo: the right picture, or a refusal with the right reason, and never anything else."""

import io
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from core.errors import Unscannable
from core.looks import Picture
from core.types import Pixels
from embed.decode import video
from embed.decode.frames import SIDE, OpenedImage
from embed.decode.picture import Budget, Decoder, decode, decode_here, is_decodable
from embed.decode.sniff import ALLOWED, Header, kind_of
from tests.zoo import (
    CLASSES,
    Animal,
    animation,
    encode,
    every_animal,
    good_files,
    harmless,
    of_class,
    pictures,
    reference,
)

REASONS = {"empty", "not-an-image", "type-not-allowed", "too-large", "too-many-pixels", "too-many-scans", "corrupt"}
REASONS |= {"memory", "video", "unsupported"}


@cache
def zoo() -> dict[str, Animal]:
    animals = list(every_animal())
    found = {animal.name: animal for animal in animals}
    assert len(found) == len(animals), "two animals of the zoo have the same name"
    return found


@cache
def thumb(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return small(np.asarray(pictures()[name]))


def small(frame: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(Image.fromarray(frame).resize((48, 32), Image.Resampling.BOX)).astype(np.float64)


def distance(picture: Picture, name: str) -> float:
    """Mean absolute difference of the named picture to the frame that is closest to it."""
    return min(float(np.abs(small(frame) - thumb(name)).mean()) for frame in picture.frames)


def try_to(data: bytes, decoder: Decoder = decode_here) -> Picture | str:
    """The picture or the reason; anything but Unscannable fails the test."""
    try:
        return decoder(data, "")
    except Unscannable as error:
        assert error.reason in REASONS
        assert str(error).endswith(".")
        return error.reason


def check_frames(picture: Picture) -> None:
    assert 1 <= len(picture.frames) <= 16
    for frame in picture.frames:
        assert frame.dtype == np.uint8
        assert frame.ndim == 3
        assert frame.shape[2] == 3
        assert max(frame.shape[:2]) <= SIDE
        assert frame.flags.c_contiguous


def check(animal: Animal, decoder: Decoder) -> None:
    """It is decoded to what people see, or refused for the right reason."""
    found, wanted = try_to(animal.data, decoder), animal.wanted
    if isinstance(found, str):
        assert found in wanted.reasons
        return
    assert "" in wanted.reasons
    check_frames(found)
    assert wanted.partial in (None, found.partial)
    assert wanted.size in (None, (found.width, found.height))
    assert wanted.frames in (None, found.frame_count)
    assert not wanted.shows or distance(found, wanted.shows) <= wanted.tolerance


@pytest.mark.parametrize("kind", CLASSES)
def test_zoo(kind: Callable[[], Iterator[Animal]], subtests: pytest.Subtests) -> None:
    """Every file of the zoo is seen as people see it, or refused for the right reason."""
    for animal in of_class(kind):
        with subtests.test(animal.name):
            check(animal, decode_here)


def test_every_format_is_known_by_its_first_64_bytes() -> None:
    """The downloader may stop after 64 bytes: they are enough to tell each allowed type."""
    assert {kind_of(data[:64]) for data in good_files().values()} == set(ALLOWED)
    assert all(is_decodable(data[:64]) for data in good_files().values())
    assert not is_decodable(b"<html>")


def test_size_is_that_of_the_file_and_frames_are_small() -> None:
    """Width and height are the file's, upright; frames are at most 640 px long and never enlarged."""
    large = decode(encode(reference().resize((1920, 1280)), "PNG"))
    assert (large.width, large.height, large.frames[0].shape) == (1920, 1280, (427, 640, 3))
    assert decode(good_files()["png"]).frames[0].shape == (256, 384, 3)


def test_lossless_twins_have_one_pixel_hash() -> None:
    """The same pixels in PNG, BMP and lossless WebP are the same picture."""
    twins = [good_files()["png"], good_files()["bmp"], encode(reference(), "WEBP", lossless=True)]
    assert len({decode(data).pixel_hash for data in twins}) == 1
    assert len({decode(data).sha256 for data in twins}) == 3


def test_videos_are_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it a video is told apart from a damaged file, with the way to get it."""
    monkeypatch.setattr(video, "find_spec", lambda _: None)
    with pytest.raises(Unscannable, match="pip install 'av>=") as caught:
        decode(zoo()["film.mp4"].data)

    assert caught.value.reason == "video"


def test_byte_limit() -> None:
    """More bytes than allowed are refused unread, also where they would be a fine picture."""
    data = good_files()["jpg"]
    assert decode(data, max_bytes=len(data)).format == "JPEG"
    with pytest.raises(Unscannable, match=r"larger than 0 MB") as caught:
        decode(data, max_bytes=len(data) - 1)
    assert caught.value.reason == "too-large"


def test_frame_limit() -> None:
    """Fewer frames may be asked for; then the answer says that there was more to see."""
    data = animation("GIF", [reference(), harmless()])
    assert len(decode(data).frames) == 2
    one = decode(data, max_frames=1)
    assert (len(one.frames), one.partial) == (1, "frames")


def test_time_budget() -> None:
    """Without time only the first frame is looked at, and the answer says so."""
    found = decode(animation("GIF", [reference(), harmless()]), budget_s=0)
    assert (len(found.frames), found.frame_count, found.partial) == (1, 2, "time")


def test_film_of_more_than_a_thousand_frames_is_partial() -> None:
    """Above 1,000 frames the first ones are scanned, and the answer says so."""
    found = decode(zoo()["1500-frames.gif"].data, budget_s=60)
    assert (found.frame_count, found.partial) == (1530, "frames")


def test_an_endless_film_takes_half_of_the_time() -> None:
    """A film whose end is not looked at in any case keeps nobody waiting as long as one that can be seen whole."""
    image, budget = Image.new("RGB", (8, 8)), Budget(began=100.0, seconds=2.0)
    assert budget.deadline_of(OpenedImage(image, Header("GIF"), count=1_000, turn=1)) == 102.0
    assert budget.deadline_of(OpenedImage(image, Header("GIF"), count=1_001, turn=1)) == 101.0
    assert budget.deadline_of(OpenedImage(image, Header("GIF", complete=False), count=9, turn=1)) == 101.0


def test_dark_background_is_a_second_frame_only_where_it_matters() -> None:
    """White on transparent gives two frames, an opaque picture with an alpha channel gives one."""
    assert len(decode(zoo()["white-on-nothing.png"].data).frames) == 2
    assert len(decode(zoo()["almost-opaque.png"].data).frames) == 1
    assert len(decode(zoo()["LA.png"].data).frames) == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("html.png", "This file is HTML, not an image."),
        ("plain.svg", "SVG is not supported."),
        ("pdf.jpg", "PDF is not supported."),
        ("phone.heic", "HEIF is not supported."),
        ("film.webm", "This kind of Matroska file is not supported."),
        ("archive.png", "This file is a ZIP archive, not an image."),
        ("zeros", "This file is not an image."),
        ("empty", "This file is empty."),
        ("30k.png", "This image is too large: the limit is 64 megapixels."),
        ("65500.jpg", "This image is too large: the limit is 220 megapixels."),
        ("raw-300MB.png", "This image takes more than 300 MB when unpacked."),
        ("magic-only.gif", "This GIF file is damaged."),
    ],
)
def test_refusals_say_what_the_file_is(name: str, sentence: str) -> None:
    """A person can tell from the sentence what to send instead."""
    with pytest.raises(Unscannable) as caught:
        decode(zoo()[name].data)
    assert str(caught.value) == sentence


def test_no_warning_leaks_out() -> None:
    """Pillow's warnings about odd metadata reach nobody, whatever filters the process has."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for animal in zoo().values():
            if len(animal.data) < 300_000:
                try_to(animal.data)
    assert [str(one.message) for one in seen] == []


def test_threads_do_not_disturb_each_other() -> None:
    """Eight threads decoding good and bad files at once get what one thread gets."""
    files = [animal.data for animal in zoo().values() if len(animal.data) < 100_000][::3]
    alone, barrier = [outline(data) for data in files], threading.Barrier(8)

    def work(offset: int) -> bool:
        barrier.wait()
        order = [(number + offset * 7) % len(files) for number in range(len(files))]
        return all(outline(files[number]) == alone[number] for number in order)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [True] * 8


def patient(data: bytes, digest: str) -> Picture:
    """With time for every frame, however many threads share a core."""
    return decode(data, budget_s=60, digest=digest)


def outline(data: bytes) -> str:
    found = try_to(data, patient)
    return found if isinstance(found, str) else f"{found.pixel_hash} {len(found.frames)} {found.frame_count}"


def test_decoding_a_jpeg_unpacks_what_pillow_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The safety checks must not be felt: a large JPEG is unpacked once, and no larger than Pillow alone does."""
    data = encode(reference().resize((2400, 1800)), "JPEG", quality=90)
    unpacked, load = [], JpegImageFile.load

    def counted(image: JpegImageFile) -> object:
        unpacked.extend([image.size] if image.tile else [])
        return load(image)

    monkeypatch.setattr(JpegImageFile, "load", counted)
    bare_minimum(data)
    decode(data)
    bare, ours = unpacked

    assert ours <= bare == (1200, 900)


def bare_minimum(data: bytes) -> Pixels:
    image = Image.open(io.BytesIO(data))
    image.draft("RGB", (SIDE, SIDE))
    image.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(image.convert("RGB"))


@settings(max_examples=300)
@given(st.sampled_from(["", *(data[:16].hex() for data in good_files().values())]), st.binary(max_size=400))
def test_random_bytes_are_refused_calmly(start: str, rest: bytes) -> None:
    """Random bytes, bare or behind a real signature, give a picture or a reason."""
    try_to(bytes.fromhex(start) + rest)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(good_files())),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4), st.integers(0, 6)), min_size=1, max_size=8),
)
def test_mutated_pictures_are_decoded_or_refused_calmly(kind: str, changes: list[tuple[float, bytes, int]]) -> None:
    """A real file with some bytes replaced, added or removed gives a picture or a reason."""
    data = good_files()[kind]
    for place, put, removed in changes:
        at = int(place * min(len(data), 700)) if len(put) % 2 else int(place * len(data))
        data = data[:at] + put + data[at + removed :]
    try_to(data)
