"""QR and bar codes: another text in the same place is told; what can't be read says nothing."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.types import How, Quad, What
from embed.pairs.codes import Code, Codes, codes, exchanged
from embed.pictures import jpeg, pixels_of
from tests.small import photograph

WHOLE: Quad = ((0, 0), (1, 0), (1, 1), (0, 1))
LEFT, RIGHT = (30, 60), (270, 60)


def code(text: str, kind: str = "QRCode", scale: int = 4) -> Image.Image:
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    return Image.fromarray(np.asarray(made.to_image(scale=scale))).convert("RGB")


def poster(*placed: tuple[Image.Image, tuple[int, int]]) -> Image.Image:
    image = photograph("coffee").resize((448, 320))
    for one, (x, y) in placed:
        ImageDraw.Draw(image).rectangle((x - 12, y - 12, x + one.width + 12, y + one.height + 12), "white")
        image.paste(one, (x, y))
    return image


def read(image: Image.Image) -> tuple[Code, ...]:
    return codes(np.asarray(Image.fromarray(pixels_of(jpeg(np.asarray(image)))).convert("L")))


@pytest.mark.parametrize(
    ("kind", "text", "scale"),
    [
        ("QRCode", "https://example.org/pay/1", 4),
        ("Aztec", "TICKET-7", 5),
        ("DataMatrix", "LOT 7", 6),
        ("EAN13", "4006381333931", 2),
        ("Code128", "PARCEL7", 2),
    ],
)
def test_codes_are_read(kind: str, text: str, scale: int) -> None:
    """Each kind, on a photograph, with its place in shares of the picture."""
    made = code(text, kind, scale)
    (found,) = read(poster((made, (60, 60))))

    assert found.text == text
    middle = np.mean(found.quad, axis=0) * (448, 320)
    assert middle == pytest.approx((60 + made.width / 2, 60 + made.height / 2), abs=12)


def test_another_code_in_the_same_place_is_told() -> None:
    """What both say is told, with the code's place in the reference."""
    ours, theirs = (read(poster((code(f"https://example.org/{name}"), RIGHT))) for name in ("mallory", "alice"))
    found = exchanged(ours, theirs, WHOLE)

    assert not found.agrees
    (one,) = found.differs
    assert (one.what, one.how) == (What.CODE, How.EXCHANGED)
    assert (one.before, one.after) == ("https://example.org/alice", "https://example.org/mallory")
    assert one.box[0] > 0.5


def test_the_same_code_agrees() -> None:
    """Also where the picture is smaller, and where the reference is a part of the query."""
    known = poster((code("https://example.org/alice"), LEFT))
    canvas = Image.new("RGB", (900, 700), "white")
    canvas.paste(known, (300, 200))
    quad = tuple((x / 900, y / 700) for x, y in ((300, 200), (748, 200), (748, 520), (300, 520)))

    assert exchanged(read(known.resize((336, 240))), read(known), WHOLE) == Codes(agrees=True)
    assert exchanged(read(canvas), read(known), quad) == Codes(agrees=True)  # type: ignore[arg-type]


def test_an_exchanged_code_is_found_where_the_reference_lies() -> None:
    """The reference is a part of the query, which has a code of its own beside it."""
    known, other = (poster((code(f"https://example.org/{name}"), LEFT)) for name in ("alice", "mallory"))
    canvas = Image.new("RGB", (900, 700), "white")
    canvas.paste(other, (300, 200))
    canvas.paste(code("https://example.org/app"), (20, 20))
    quad = tuple((x / 900, y / 700) for x, y in ((300, 200), (748, 200), (748, 520), (300, 520)))
    found = exchanged(read(canvas), read(known), quad)  # type: ignore[arg-type]

    assert [one.after for one in found.differs] == ["https://example.org/mallory"]


def test_a_damaged_code_says_nothing() -> None:
    """Neither one that is painted over, nor one that is missing, in either picture."""
    known = poster((code("https://example.org/alice"), LEFT))
    damaged = known.copy()
    ImageDraw.Draw(damaged).rectangle((50, 80, 120, 170), "red")

    assert read(damaged) == ()
    assert exchanged(read(damaged), read(known), WHOLE) == Codes()
    assert exchanged(read(known), read(damaged), WHOLE) == Codes()


def test_two_codes_are_told_apart() -> None:
    """One was exchanged and the other agrees; codes that only changed places were not exchanged."""
    first, second, third = (code(f"https://example.org/{name}") for name in ("alice", "bob", "mallory"))
    known = read(poster((first, LEFT), (second, RIGHT)))
    found = exchanged(read(poster((first, LEFT), (third, RIGHT))), known, WHOLE)

    assert found.agrees
    assert [(one.before[-3:], one.after[-7:]) for one in found.differs] == [("bob", "mallory")]
    assert exchanged(read(poster((second, LEFT), (first, RIGHT))), known, WHOLE) == Codes(agrees=True)


def test_an_added_code_was_not_exchanged() -> None:
    """It stands where the reference has none."""
    known = read(poster((code("https://example.org/alice"), LEFT)))

    assert exchanged(read(poster((code("https://example.org/mallory"), RIGHT))), known, WHOLE) == Codes()


@pytest.mark.parametrize("name", ["coffee", "chelsea", "astronaut", "brick", "grass"])
def test_texture_is_no_code(name: str) -> None:
    """Nothing is read in photographs, nor in pictures too small for a code."""
    assert read(photograph(name)) == ()
    assert read(photograph(name).resize((16, 16))) == ()


def test_text_is_short_and_of_one_line() -> None:
    """What a stranger puts into a code is shown to moderators: at most 200 letters, no control characters."""
    (found,) = read(poster((code("ab\x07\n\x1b[31m" + "c" * 300, scale=3), LEFT)))

    assert len(found.text) <= 200
    assert found.text.startswith("ab")
    assert found.text.isprintable()


@given(st.lists(st.floats(-2, 3), min_size=8, max_size=8), st.lists(st.floats(-2, 3), min_size=8, max_size=8))
def test_odd_quads_are_no_trouble(at: list[float], place: list[float]) -> None:
    """Wherever the reference may be thought to lie, the answer is one of the codes or none."""
    quad, lies = ([(one[n], one[n + 1]) for n in range(0, 8, 2)] for one in (at, place))
    found = exchanged([Code("b", WHOLE)], [Code("a", tuple(quad))], tuple(lies))  # type: ignore[arg-type]

    assert not found.agrees
    assert len(found.differs) <= 1
