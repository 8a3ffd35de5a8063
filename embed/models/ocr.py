"""Words: lines of text read by PP-OCRv6, a network that the package rapidocr ships (extra `ocr`, Apache-2.0).

    lines, cut out --recogniser, 48 px high, one thread--> Line(text, score)

It reads Latin, Chinese, Japanese and Greek; Cyrillic, Korean, Arabic and other letters it doesn't know, and it gives
them low scores or nothing. Its second network, which finds lines, is not used: it costs ten times as much, and
`embed.pairs.lines` knows where to look. Nothing is fetched: the file's place is given, and it must be there.
"""

import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.errors import EnvironmentTrouble
from core.reading_words import Line
from core.types import Pixels

MISSING = "Words are read by rapidocr, which is not installed: run `pip install rapidocr` (extra `ocr`)."
BROKEN = "Words can't be read, because rapidocr does not load ({why}): run `pip install --force-reinstall rapidocr`."
LEAST_HIGH, MOST_WIDE = 8, 2000


class OcrReader:
    """`core.model_ports.WordReader`; the network is loaded at first use, and threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Any = None

    def load(self) -> None:
        """Load the network, which takes half a second; raises EnvironmentTrouble where it is missing."""
        with self._lock:
            if self._engine is None:
                self._engine = _engine()

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        self.load()
        return [self._one(line) for line in lines]

    def _one(self, line: Pixels) -> Line:
        if line.shape[0] < LEAST_HIGH or not 0 < line.shape[1] <= MOST_WIDE:
            return Line("", 0.0)
        try:
            found = self._engine(line[:, :, ::-1].copy(), use_det=False, use_cls=False, use_rec=True)
        except Exception as error:  # rapidocr and onnxruntime have a dozen kinds without a parent of their own
            raise EnvironmentTrouble(BROKEN.format(why=type(error).__name__)) from error
        return Line(str(found.txts[0]), float(found.scores[0])) if found.txts else Line("", 0.0)


def has_ocr() -> bool:
    """Return whether the package is installed; whether it loads is seen when it is used."""
    return find_spec("rapidocr") is not None


def _engine() -> Any:
    try:
        import rapidocr
    except ImportError:
        raise EnvironmentTrouble(MISSING) from None
    model = next((Path(rapidocr.__file__).parent / "models").glob("*_rec_*.onnx"), None)
    if model is None:  # without its place rapidocr would fetch it
        raise EnvironmentTrouble(BROKEN.format(why="its models are missing"))
    try:
        engine = rapidocr.RapidOCR(params=_parameters(model))
        engine(_blank(), use_det=False, use_cls=False, use_rec=True)
    except Exception as error:  # as above
        raise EnvironmentTrouble(BROKEN.format(why=type(error).__name__)) from error
    return engine


def _parameters(model: Path) -> dict[str, Any]:
    """One thread, because the runner has one a core; no word on the console."""
    threads = "EngineConfig.onnxruntime.{}_op_num_threads".format
    return {
        "Global.log_level": "critical",
        "Global.use_det": False,
        "Global.use_cls": False,
        "Rec.model_path": str(model),
        threads("intra"): 1,
        threads("inter"): 1,
    }


def _blank() -> Any:
    import numpy as np

    return np.full((48, 96, 3), 255, np.uint8)
