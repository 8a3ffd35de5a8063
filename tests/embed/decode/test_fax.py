"""Faxes and what libtiff complains about: what is missing is told, in no case to standard error."""

import io
import random
import struct
import threading
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, features

from core.errors import Unscannable
from core.looks import Picture
from embed.decode.complaints import Complaint, heard
from embed.decode.fax import END_OF_PAGE
from embed.decode.picture import decode
from tests.embed.decode.test_picture import try_to
from tests.zoo import encode, reference

FAXES = ("group3", "group4", "tiff_ccitt")
PACKINGS = ("raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "lzma", "zstd")


@cache
def sheet() -> Image.Image:
    """A page with words on it."""
    page = Image.new("1", (864, 600), 1)
    for row in range(28):
        ImageDraw.Draw(page).text((20 + row, 20 * row + 10), f"Line {row} of a fax with words in it " * 3, fill=0)
    return page


def sent(compression: str, strip_size: int = 1 << 20, page: Image.Image | None = None) -> bytes:
    return encode(page or sheet(), "TIFF", compression=compression, strip_size=strip_size)


def body(data: bytes) -> tuple[int, int]:
    """Where the pixels of a TIFF lie."""
    with Image.open(io.BytesIO(data)) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        return tags[273][0], tags[273][-1] + tags[279][-1]


def zeroed(data: bytes, share: float) -> bytes:
    """The file with zeros behind this share of its pixels' bytes."""
    start, end = body(data)
    at = start + int(share * (end - start))
    return data[:at] + bytes(end - at) + data[end:]


@pytest.mark.parametrize("compression", FAXES)
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_of_a_fax_whose_end_is_zeros_the_rows_that_arrived_are_counted(compression: str, share: float) -> None:
    """Its decoder takes zeros for the end of a page, or for a pause, and is content."""
    found = decode(zeroed(sent(compression), share))

    assert found.partial == "damaged"
    assert found.share == pytest.approx(share, abs=0.12)


@pytest.mark.parametrize("compression", FAXES)
def test_a_fax_in_strips_lacks_those_that_are_zeros(compression: str) -> None:
    """Half of its strips are half of it, or it is refused."""
    found = try_to(zeroed(sent(compression, 4_000), 0.5))

    assert found == "corrupt" or (isinstance(found, Picture) and 0.4 < found.share < 0.6)


@pytest.mark.parametrize("compression", ["group4", "tiff_ccitt"])
def test_bad_codes_that_libtiff_reads_over_are_damage(compression: str) -> None:
    """What stands below them is not what was sent."""
    data = bytearray(sent(compression))
    start, end = body(bytes(data))
    for at in range((start + end) // 2, (start + end) // 2 + 400, 7):
        data[at] ^= 0x55
    found = decode(bytes(data))

    assert (found.partial, 0.35 < found.share < 0.7) == ("damaged", True)


@pytest.mark.parametrize("compression", FAXES)
def test_a_later_page_that_is_damaged_is_told(compression: str) -> None:
    """The first one is whole, the file is not."""
    data = encode(sheet(), "TIFF", compression=compression, save_all=True, append_images=[sheet().rotate(180)])
    with Image.open(io.BytesIO(data)) as image:
        image.seek(1)
        tags = image.tag_v2  # type: ignore[attr-defined]
        start, end = tags[273][0], tags[273][-1] + tags[279][-1]
    middle = (start + end) // 2

    assert decode(data).partial == ""
    assert decode(data[:middle] + bytes(end - middle) + data[end:]).partial == "damaged"


@pytest.mark.parametrize("compression", [*FAXES, *PACKINGS])
@pytest.mark.parametrize("strip_size", [6_000, 1 << 20])
def test_sound_files_are_whole(compression: str, strip_size: int) -> None:
    """White, black, dithered and written pages in every packing, and no word of them on standard error."""
    page = reference() if compression in PACKINGS else reference().convert("1")
    for one in (page, Image.new(page.mode, (1_728, 90)), sheet().convert(page.mode)):
        found = decode(sent(compression, strip_size, one))
        assert (found.partial, found.share) == ("", 1.0)


@settings(max_examples=60)
@given(
    size=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    seed=st.randoms(use_true_random=False),
    compression=st.sampled_from(FAXES),
    order=st.sampled_from([1, 2]),
)
def test_no_sound_fax_is_called_damaged(
    size: tuple[int, int], seed: random.Random, compression: str, order: int
) -> None:
    """Whatever is on it, in both orders of bits."""
    noise = seed.randbytes((size[0] + 7) // 8 * size[1])
    page = Image.frombytes("1", size, noise)
    found = decode(encode(page, "TIFF", compression=compression, tiffinfo={266: order}))

    assert (found.partial, found.share) == ("", 1.0)


def test_a_fax_without_an_end_of_page_is_whole() -> None:
    """Some programs leave it out, and fill up with zeros."""
    data = sent("group4")
    start, end = body(data)
    bits = f"{int.from_bytes(data[start:end]):0{8 * (end - start)}b}".rstrip("0")
    packed = int(bits.removesuffix(END_OF_PAGE).ljust(8 * (end - start), "0"), 2).to_bytes(end - start)
    found = decode(data[:start] + packed + data[end:])

    assert bits.endswith(END_OF_PAGE)
    assert (found.partial, found.share) == ("", 1.0)


def webp_in_tiff() -> bytes:
    tags = {256: 8, 257: 8, 258: 8, 259: 50_001, 262: 1, 273: 122, 277: 1, 278: 8, 279: 64}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + b"RIFF" + bytes(60)


def test_nothing_of_it_reaches_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither of damage nor of what is not built in; the latter is unsupported."""
    for compression in (*FAXES, *PACKINGS[1:]):
        page = sheet() if compression in FAXES else reference()
        try_to(zeroed(sent(compression, page=page), 0.5))
    if not features.check("libtiff"):
        pytest.skip("Pillow has no libtiff here")
    with pytest.raises(Unscannable) as caught:
        decode(webp_in_tiff())

    assert caught.value.reason == "unsupported"
    assert capfd.readouterr().err == ""


def test_each_thread_hears_its_own_file() -> None:
    """A sound file beside a damaged one is whole."""
    broken, sound, found = zeroed(sent("group3"), 0.5), sent("group3", 2_000), list[str]()
    other = threading.Thread(target=lambda: [decode(broken) for _ in range(10)])
    other.start()
    found += [decode(sound).partial for _ in range(10)]
    other.join()

    assert found == [""] * 10


def test_what_is_said_of_tags_is_no_damage() -> None:
    """Pillow reads those by itself."""
    assert not Complaint("TIFFReadDirectory", "Unknown field with tag 700 (0x2bc) encountered").is_damage
    assert not Complaint("tempfile.tif", 'Bad value 9 for "Orientation" tag').is_damage
    assert Complaint("Fax4Decode", "Bad code word at line 12 of strip 0 (x 34)").is_damage
    assert Complaint("tempfile.tif", "Using code not yet in table").is_damage
    assert Complaint("tempfile.tif", "WEBP compression support is not configured.").is_unsupported


def test_whoever_listens_hears_what_others_heard_inside() -> None:
    """Complaints go to the inner list and to the one around it."""
    with heard() as outer, heard() as inner, Image.open(io.BytesIO(zeroed(sent("group3"), 0.5))) as image:
        image.load()

    assert inner
    assert outer == inner


@pytest.mark.parametrize("compression", FAXES)
def test_many_short_strips_are_whole(compression: str) -> None:
    """Each row in a strip of its own, more of them than are measured."""
    found = decode(sent(compression, 100))

    assert (found.partial, found.share) == ("", 1.0)
