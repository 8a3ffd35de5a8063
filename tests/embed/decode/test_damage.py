"""Damaged files: what is there is seen, what is missing is told, and what can't be seen at all is never a picture."""

import io
import zlib
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from bench.photos import mosaics
from core.errors import Unscannable
from core.looks import Picture
from embed.decode.picture import decode
from embed.decode.sniff import segments_of
from tests.embed.decode.test_picture import distance, try_to
from tests.small import scribble
from tests.zoo import animation, encode, good_files, harmless, reference

END = b"\xff\xd9"


@cache
def files() -> dict[str, bytes]:
    """The good files, and those that arrive in turns."""
    turns = {"progressive": encode(reference(), "JPEG", quality=90, progressive=True), "laced": laced()}
    return good_files() | turns | {"gray": encode(reference().convert("L"), "JPEG", quality=90)}


def laced() -> bytes:
    """An interlaced GIF."""
    return encode(reference().quantize(256), "GIF", interlace=1)


def difference(one: Picture, other: Picture) -> float:
    """Mean absolute difference of their first frames."""
    return float(np.abs(one.frames[0].astype(np.int16) - other.frames[0]).mean())


@pytest.mark.parametrize("kind", files())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(share=st.floats(0, 1, exclude_max=True), end=st.sampled_from([b"", END]))
def test_a_cut_file_is_whole_or_partial_or_refused(kind: str, share: float, end: bytes) -> None:
    """Wherever it was cut, and if its end was put back: only a picture of which nothing is missing is not partial."""
    data = files()[kind]
    found = try_to(data[: int(share * len(data))] + end)

    if isinstance(found, str):
        assert found in ("corrupt", "empty", "not-an-image", "too-many-pixels", "unsupported")
    elif found.partial:
        assert found.share < 1
    elif not (kind == "progressive" and end):  # sound as a file, only less sharp
        assert difference(found, decode(data)) <= (0.2 if end else 0)  # a last block that is half there


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3, 0.6])
def test_of_a_cut_photograph_the_part_that_is_missing_is_told(share: float) -> None:
    """The rows that arrived are the picture's, and how many of them there are is known."""
    data = encode(scribble(3, 1200, 900), "JPEG", quality=85)
    found = decode(data[: int(share * len(data))])
    rows = int(found.share * found.frames[0].shape[0]) - 8
    both = [one.frames[0][: max(0, rows)].astype(np.int16) for one in (found, decode(data))]

    assert found.partial == "damaged"
    assert 0.3 * share < found.share < 1.5 * share
    assert rows <= 0 or np.abs(both[0] - both[1]).mean() < 1


@cache
def photo() -> Image.Image:
    return next(mosaics(1, seed=3)).resize((400, 300))


def ramp() -> Image.Image:
    """A picture that is transparent at the top and opaque at the bottom."""
    picture = photo().convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


@cache
def webps() -> dict[str, bytes]:
    return {
        "lossy": encode(photo(), "WEBP", quality=80),
        "lossless": encode(photo(), "WEBP", lossless=True),
        "with alpha": encode(ramp(), "WEBP", quality=80),
        "with EXIF": encode(photo(), "WEBP", quality=80, exif=b"Exif\0\0" + bytes(40)),
    }


@pytest.mark.parametrize("name", ["lossy", "lossless", "with alpha", "with EXIF"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 0.99])
def test_of_a_cut_webp_the_rows_are_seen_that_browsers_show(name: str, share: float) -> None:
    """Every row that arrived is as in the whole file, the rest is blank, and how much that is, is told."""
    data = webps()[name]
    found, whole = decode(data[: int(share * len(data))]), decode(data)
    rows = round(found.share * 300)

    assert (found.partial, 0.2 * share < found.share < 1.5 * share) == ("damaged", True)
    assert np.array_equal(found.frames[0][:rows], whole.frames[0][:rows])
    assert (found.frames[0][rows:] == 255).all()


def test_a_webp_that_announces_too_much_is_whole() -> None:
    """Whoever writes a larger size into the head of a file hides nothing of it: browsers show it all."""
    data = encode(scribble(4), "WEBP", quality=80)
    found = decode(data[:4] + b"\xff\xff\xff\x7f" + data[8:])

    assert (found.partial, found.share, difference(found, decode(data))) == ("", 1.0, 0)


def test_whole_frames_of_a_cut_webp_are_seen() -> None:
    """Of an animation the frames in front of the cut; of one that is cut in its first frame nothing, as in browsers."""
    films = [scribble(number, 96, 64) for number in range(4)]
    data = animation("WEBP", films)
    starts = [at for at in range(len(data)) if data[at : at + 4] == b"ANMF"]
    cuts = [data[: starts[1] - 9], *(data[: at + 40] for at in starts[1:]), data[: starts[3]]]
    found = [try_to(cut) for cut in cuts]

    assert found[0] == "corrupt"
    pictures = [one for one in found[1:] if isinstance(one, Picture)]
    assert [(len(one.frames), one.partial) for one in pictures] == [(count, "damaged") for count in (1, 2, 3, 3)]


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_of_a_cut_avif_it_is_said_that_nothing_can_be_seen(share: float) -> None:
    """Browsers show nothing of one either; it is told from one that is damaged otherwise."""
    data = encode(scribble(4), "AVIF")
    with pytest.raises(Unscannable, match="cut off"):
        decode(data[: int(share * len(data))])


def cuts_in_the_last_headers(data: bytes) -> list[bytes]:
    """A progressive JPEG cut inside of the last segments in front of its last scan."""
    at, heads = 2, list[tuple[int, int]]()
    while (segments := segments_of(data, at)) and segments[-1][0] == 0xDA:
        heads, at = [(start, end) for marker, start, end in segments if marker in (0xC4, 0xDA)], segments[-1][2]
    return [data[:place] for start, end in heads[-2:] for place in (start + 1, start + 3, (start + end) // 2, end - 1)]


@pytest.mark.parametrize("seed", range(3))
def test_a_progressive_picture_cut_in_a_header_is_seen_as_browsers_show_it(seed: int) -> None:
    """All of it is there, only less sharp: it is looked at, and told as partial."""
    data = encode(scribble(seed, 800, 600), "JPEG", quality=85, progressive=True)
    cuts = cuts_in_the_last_headers(data)

    assert len(cuts) >= 8
    for cut in cuts:
        found = decode(cut)
        assert (found.partial, difference(found, decode(data)) < 3) == ("damaged", True)


def test_a_missing_end_marker_is_nothing_that_is_missing() -> None:
    """Many a client cuts the last bytes off: all of the picture is there."""
    for kind in ("jpg", "progressive", "gray"):
        for cut in (1, 2):
            found = decode(files()[kind][:-cut])
            assert (found.partial, found.share) == ("", 1.0)
    assert decode(good_files()["gif"][:-1]).partial == ""


def test_frames_behind_a_broken_one_are_looked_at() -> None:
    """An animation whose second frame is damaged shows the ones behind it, and is partial."""
    noise = Image.effect_noise((384, 256), 90).convert("RGB")
    data = bytearray(animation("GIF", [harmless(), noise, reference(), harmless()]))
    control = data.index(b"\x21\xf9\x04", data.index(b"\x21\xf9\x04") + 1)
    block = control + 8 + 10 + (3 << (data[control + 17] & 7) + 1 if data[control + 17] & 0x80 else 0) + 2
    data[block : block + 200] = b"\xff" * 200
    found = decode(bytes(data))

    assert (found.partial, found.frame_count) == ("damaged", 4)
    assert distance(found, "ref") < 12


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_with_fewer_frames_than_announced_is_partial(kind: str) -> None:
    """Also where it breaks off between two frames."""
    films = [scribble(number, 96, 64) for number in range(6)]
    data = animation(kind, films)
    found = try_to(data[: len(data) * 2 // 3])

    assert found == "corrupt" or (isinstance(found, Picture) and found.partial == "damaged")


def tiff_of(pages: list[Image.Image], **options: str) -> bytes:
    buffer = io.BytesIO()
    pages[0].copy().save(buffer, "TIFF", save_all=True, append_images=[page.copy() for page in pages[1:]], **options)
    return buffer.getvalue()


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "jpeg", "tiff_adobe_deflate"])
def test_every_page_of_a_tiff_is_looked_at(compression: str) -> None:
    """What is on the second page is as easily seen as what is on the first."""
    found = decode(tiff_of([harmless(), harmless(), reference()], compression=compression))

    assert (found.frame_count, found.partial) == (3, "")
    assert distance(found, "ref") < 12


def test_a_tiff_of_500_pages_keeps_to_the_budget_of_an_animation() -> None:
    """Sixteen different frames, and where the time is over, those that were seen."""
    data = tiff_of([scribble(number % 8, 320, 240) for number in range(500)], compression="tiff_lzw")
    found, stopped = decode(data, budget_s=60), decode(data, budget_s=0)

    assert (found.frame_count, len(found.frames), found.partial) == (500, 8, "")
    assert (stopped.frame_count, len(stopped.frames), stopped.partial) == (500, 1, "time")


def test_a_ring_of_pages_ends() -> None:
    """A last page that names the first one as its next is the last one."""
    data = bytearray(tiff_of([reference(), harmless()]))
    first = int.from_bytes(data[4:8], "little")
    second = int.from_bytes(
        data[(end := first + 2 + 12 * int.from_bytes(data[first : first + 2], "little")) : end + 4], "little"
    )
    end = second + 2 + 12 * int.from_bytes(data[second : second + 2], "little")
    data[end : end + 4] = first.to_bytes(4, "little")

    assert decode(bytes(data)).frame_count == 2


@settings(max_examples=200)
@example(b"II*\0\x08\0\0\0")
@given(st.binary(max_size=60).map(lambda rest: b"II*\0\x08\0\0\0" + rest))
def test_any_chain_of_pages_is_counted_calmly(data: bytes) -> None:
    """Lists of tags that lie anywhere, or nowhere."""
    try_to(data)


def test_pixels_of_a_sound_file_cost_no_second_look() -> None:
    """Black, gray, white and transparent corners are nothing that is missing."""
    for colour in ("black", "white", "#808080", "#5b5b5b"):
        page = reference().copy()
        page.paste(Image.new("RGB", (200, 60), colour), (184, 196))
        for kind in ("JPEG", "PNG", "BMP", "TIFF", "GIF"):
            found = decode(encode(page, kind))
            assert (found.partial, found.share) == ("", 1.0)


@pytest.mark.parametrize("progressive", [False, True])
def test_what_is_lost_with_restart_markers_is_told(progressive: bool) -> None:
    """Decoders paint a stretch in the middle gray, and say nothing."""
    data = encode(photo(), "JPEG", quality=85, restart_marker_rows=1, progressive=progressive)
    start = data.index(b"\xff\xd1")
    found = decode(data[:start] + data[data.index(b"\xff\xd4", start) :])

    assert decode(data).partial == ""
    assert found.partial == "damaged"
    assert 0.6 < found.share < 0.95


def page(height: int, first: Image.Image | None = None) -> bytes:
    """A TIFF whose (last) page says that it is so high."""
    pages = [first, photo()] if first else [photo()]
    data = bytearray(encode(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    at = data.rindex(
        b"\x01\x01\x04\x00\x01\x00\x00\x00" if b"\x01\x01\x04" in data else b"\x01\x01\x03\x00\x01\x00\x00\x00"
    )
    data[at : at + 12] = b"\x01\x01\x04\x00\x01\x00\x00\x00" + height.to_bytes(4, "little")
    return bytes(data)


def test_rows_of_a_tiff_that_are_nowhere_are_told() -> None:
    """Of a page that says it is higher than its strips, the rest would be black."""
    found = decode(page(400))
    assert found.partial == "damaged"
    assert found.share == pytest.approx(0.75, abs=0.1)
    assert decode(page(400, scribble(5))).partial == "damaged"
    assert decode(page(300)).partial == ""
    with pytest.raises(Unscannable, match="next to nothing"):
        decode(page(60_000))


@pytest.mark.parametrize("kept", [0, 7])
def test_a_png_without_its_colours_is_no_picture(kept: int) -> None:
    """Browsers show nothing of it, and Pillow a black plane."""
    data = encode(photo().quantize(16), "PNG")
    at = data.index(b"PLTE") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    colours = b"PLTE" + data[at + 8 : at + 8 + kept]
    chunk = kept.to_bytes(4, "big") + colours + zlib.crc32(colours).to_bytes(4, "big") if kept else b""
    with pytest.raises(Unscannable, match="colours are missing"):
        decode(data[:at] + chunk + data[at + 12 + size :])
