"""Words: lines of text read by PP-OCRv6, a network that the package rapidocr ships (extra `ocr`, Apache-2.0).

    lines, cut out --recogniser, 48 px high, one thread--> Line(text, score)
    a picture      --detector--> boxes of lines, the highest first --recogniser, while there is time--> Words

It reads Latin, Chinese, Japanese and Greek; Cyrillic, Korean, Arabic and other letters it doesn't know, and it gives
them low scores or nothing. Its second network, which finds lines, looks at a reference when it is added; of a pair
`embed.pairs.lines` knows where to look. Nothing is fetched: the files' places are given, and they must be there.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.kept_words import MOST_WORDS, Word, words_in
from core.reading_words import Line
from core.types import Box, Pixels

BROKEN = "Words can't be read, because rapidocr does not load ({why}): run `pip install --force-reinstall rapidocr`."
LEAST_HIGH, MOST_WIDE = 8, 2000
HIGH = 48
LEVEL = 0.12
"""Slope of a line of text, up to which it is read where it stands."""

SIDE = 448
"""Longer side in pixels at which lines are searched for: that of a reference as it is kept; larger costs more."""


@contextmanager
def _named() -> Iterator[None]:
    """Turn what goes wrong in the package into one sentence."""
    try:
        yield
    except EnvironmentTrouble:
        raise
    except Exception as error:  # rapidocr and onnxruntime have a dozen kinds without a parent of their own
        raise EnvironmentTrouble(BROKEN.format(why=type(error).__name__)) from error


class OcrReader:
    """`core.model_ports.WordReader`; the network is loaded at first use, and threads may share it."""

    def __init__(self) -> None:
        self._lock, self._finding = threading.Lock(), threading.Lock()
        self._engine: Any = None
        self._finder: Any = None

    def load(self) -> None:
        """Load the network, which takes half a second; raises EnvironmentTrouble where it is missing."""
        with self._lock:
            if self._engine is None:
                self._engine = _engine()

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        """See `core.model_ports.WordReader.read`."""
        self.load()
        return [self._one(line) for line in lines]

    @_named()
    def page(self, picture: Pixels, budget_s: float) -> list[Word]:
        """See `core.model_ports.WordReader.page`."""
        self.load()
        with self._finding:  # it is not made for threads, and 30 ms are soon over
            if self._finder is None:
                self._finder = _finder()
            places = self._places(picture)
        until, words = time.thread_time() + budget_s, list[Word]()
        for place in places:
            is_read = place.is_level and time.thread_time() < until and len(words) < MOST_WORDS
            words += self._words(picture, place.box) if is_read else [Word("", 0.0, place.box)]
        return words

    def _one(self, line: Pixels) -> Line:
        if line.shape[0] < LEAST_HIGH or not 0 < line.shape[1] <= MOST_WIDE:
            return Line("", 0.0)
        reading = self._said(line)
        return Line(str(reading.txts[0]), float(reading.scores[0])) if reading.txts else Line("", 0.0)

    def _said(self, line: Pixels) -> Any:
        with _named():
            return self._engine(_bgr(line), use_det=False, use_cls=False, use_rec=True, return_word_box=True)

    def _places(self, picture: Pixels) -> list["_Place"]:
        """Return where lines of text are, the highest first: they are the likeliest to matter."""
        lines_found = self._finder(_bgr(picture), use_det=True, use_cls=False, use_rec=False)
        boxes = [] if lines_found.boxes is None else lines_found.boxes.tolist()
        return sorted(
            (_place(box, picture.shape) for box in boxes), key=lambda line_place: line_place.box[1] - line_place.box[3]
        )

    def _words(self, picture: Pixels, box: Box) -> list[Word]:
        """Return the words of a line; the line counts as not read if they can't be separated."""
        reading = self._said(_cut(picture, box))
        info = reading.word_results[0] if reading.txts and reading.word_results else None
        if info is None or not info.line_txt_len:
            return [Word("", 0.0, box)]
        text = str(reading.txts[0])
        columns = [(at + 0.5) / info.line_txt_len for word in info.word_cols for at in word]
        scores = [score for letter, score in zip(text, info.confs, strict=False) if not letter.isspace()]
        return words_in(text, scores, columns, box) if len(columns) == len(scores) else [Word("", 0.0, box)]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line stands, in shares of the picture's sides; one that is tilted is known and not read."""

    box: Box
    is_level: bool


def _place(corners: Sequence[Sequence[float]], shape: Sequence[int]) -> _Place:
    across, down = zip(*corners, strict=True)
    high, wide = shape[:2]
    (x, y), (x2, y2) = corners[0], corners[1]
    box = max(0.0, min(across) / wide), max(0.0, min(down) / high), max(across) / wide, max(down) / high
    return _Place(box, abs(y2 - y) <= LEVEL * abs(x2 - x))


def _cut(picture: Pixels, box: Box) -> Pixels:
    """Return the line as high as the network wants it."""
    import cv2

    high, wide = picture.shape[:2]
    left, top, right, bottom = (round(side * by) for side, by in zip(box, (wide, high, wide, high), strict=True))
    left, top = min(left, wide - 1), min(top, high - 1)
    line = picture[top : max(bottom, top + 1), left : max(right, left + 1)]
    across = min(MOST_WIDE, max(1, round(HIGH * line.shape[1] / line.shape[0])))
    return np.asarray(cv2.resize(line, (across, HIGH), interpolation=cv2.INTER_CUBIC), np.uint8)


def has_ocr() -> bool:
    """Return whether the package is installed; whether it loads is seen when it is used."""
    return find_spec("rapidocr") is not None


def _engine() -> Any:
    model = _model("rec")
    with _named():
        engine = _ocr({"Global.use_det": False, "Rec.model_path": str(model)})
        engine(_blank(), use_det=False, use_cls=False, use_rec=True, return_word_box=True)
    return engine


def _finder() -> Any:
    """Return the network that finds lines, in the picture's own size."""
    model = _model("det")
    with _named():
        sizes = {"Det.limit_side_len": SIDE, "Det.limit_type": "max"}
        plain = {"Global.min_height": 1, "Global.min_side_len": 1, "Global.width_height_ratio": -1}
        return _ocr({"Global.use_rec": False, "Det.model_path": str(model), **sizes, **plain})


def missing() -> str:
    """Return the sentence for who wants words to be read without the package for it."""
    return f"Words are read by rapidocr, which is not installed: run `{pip_install('ocr')}`."


def _model(kind: str) -> Path:
    try:
        import rapidocr
    except ImportError:
        raise EnvironmentTrouble(missing()) from None
    model = next((Path(rapidocr.__file__).parent / "models").glob(f"*_{kind}_*.onnx"), None)
    if model is None:  # without its place rapidocr would fetch it
        raise EnvironmentTrouble(BROKEN.format(why="its models are missing"))
    return model


def _ocr(parameters: Mapping[str, Any]) -> Any:
    """Return the package's reader with one thread, because the runner has one a core, and silent."""
    import rapidocr

    threads = "EngineConfig.onnxruntime.{}_op_num_threads".format
    quiet = {"Global.log_level": "critical", "Global.use_cls": False, threads("intra"): 1, threads("inter"): 1}
    return rapidocr.RapidOCR(params={**quiet, **parameters})


def _bgr(pixels: Pixels) -> Any:
    return pixels[:, :, ::-1].copy()


def _blank() -> Any:
    return np.full((48, 96, 3), 255, np.uint8)
