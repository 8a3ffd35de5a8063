"""Lines of text, read by the network that rapidocr ships; without it one sentence says what to install."""

import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.errors import EnvironmentTrouble
from core.types import Pixels
from embed.models.ocr import OcrReader, has_ocr
from lab.families.kit import typeface

READER = OcrReader()


def line(text: str, face: str = "sans", size: int = 32, ink: str = "black", ground: str = "white") -> Pixels:
    letters = typeface(face, size)
    _, _, right, bottom = map(round, letters.getbbox(text))
    image = Image.new("RGB", (right + 16, bottom + 12), ground)
    ImageDraw.Draw(image).text((8, 4), text, ink, letters)
    return np.asarray(image)


@pytest.mark.parametrize(
    ("text", "face", "size", "ink", "ground"),
    [
        ("Invoice 2024-03-17", "roman", 32, "black", "white"),
        ("$1,250.00", "mono", 17, "white", "#203050"),
        ("MOM", "bold", 120, "#9a9aa0", "#cfcfd4"),
        ("限时优惠五折", "cjk", 24, "black", "white"),
        ("カメラ", "cjk", 32, "white", "#402020"),
    ],
)
def test_lines_are_read(text: str, face: str, size: int, ink: str, ground: str) -> None:
    """Latin, Chinese and Japanese, small and large, white on dark, with low contrast."""
    (read,) = READER.read([line(text, face, size, ink, ground)])

    assert read.text == text
    assert read.score > 0.9


def test_what_is_no_text_is_not_read() -> None:
    """Noise, plain ground, a sliver and letters that the network doesn't know are no words; the order is kept."""
    noise = np.random.default_rng(3).integers(0, 255, (48, 200, 3), np.uint8)
    odd = [noise, np.zeros((48, 100, 3), np.uint8), np.zeros((3, 100, 3), np.uint8), np.zeros((48, 0, 3), np.uint8)]
    read = READER.read([*odd, line("ПРИВЕТ"), line("DAD")])

    assert [one.text.strip() if one.score > 0.9 else "" for one in read] == ["", "", "", "", "", "DAD"]


def sheet() -> Pixels:
    """Three lines of different heights on one page."""
    image = Image.new("RGB", (448, 320), "white")
    for y, size, text in ((40, 40, "INVOICE"), (150, 24, "Total 1,250.00"), (240, 16, "Payable to Kofi Sturm")):
        ImageDraw.Draw(image).text((60, y), text, "black", typeface("sans", size))
    return np.asarray(image)


def test_a_page_is_read_word_by_word() -> None:
    """Every word is told with where it stands, the highest line first."""
    words = READER.page(sheet(), 5.0)

    assert [one.text for one in words] == ["INVOICE", "Total", "1,250.00", "Payable", "to", "Kofi", "Sturm"]
    assert all(one.score > 0.9 for one in words)
    assert [one.box[0] < one.box[2] and 0.1 < one.box[0] < 0.8 for one in words] == [True] * 7
    assert [y for _, y, _, _ in (one.box for one in words)] == sorted(one.box[1] for one in words)


def test_lines_for_which_the_time_does_not_last_are_known() -> None:
    """They are told as not read, so that nobody takes their place for empty; a page without words has none."""
    words = READER.page(sheet(), 0.0)

    assert [(one.text, one.score) for one in words] == [("", 0.0)] * 3
    assert READER.page(np.full((300, 448, 3), 200, np.uint8), 5.0) == []


def test_threads_may_share_a_reader() -> None:
    """A reader that four threads use at once, from the first line on, reads what it reads alone."""
    reader, lines = OcrReader(), [line(f"Total {number}") for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda one: reader.read([one])[0].text, lines))

    assert read == [f"Total {number}" for number in range(8)]


def test_reading_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is written to the console, and no level of our own loggers changes."""
    before = logging.getLogger().level
    OcrReader().read([line("DAD")])

    assert capfd.readouterr() == ("", "")
    assert logging.getLogger().level == before


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without rapidocr one sentence says what to install."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)

    with pytest.raises(EnvironmentTrouble, match="pip install 'rapidocr<4"):
        OcrReader().read([line("DAD")])


def test_missing_models_are_told_and_not_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A package without its models, or with a broken one, is told; nothing is asked of the network."""
    import rapidocr

    monkeypatch.setattr(rapidocr, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(EnvironmentTrouble, match="models are missing"):
        OcrReader().load()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "broken_rec_small.onnx").write_bytes(b"no network")
    with pytest.raises(EnvironmentTrouble, match="does not load"):
        OcrReader().load()


def test_whether_it_is_installed_is_known_without_loading_it() -> None:
    """The development environment has it."""
    assert has_ocr()
