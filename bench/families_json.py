"""The answers of the benchmark of look-alikes as JSON, one a line, and back: what a figure rests on can be drawn."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.families_pictures import Question
from bench.families_run import Answer
from core.types import Kind, Outcome


def write_answers(path: Path, answers: Sequence[Answer]) -> None:
    """One object an answer."""
    path.write_bytes(b"[\n" + b",\n".join(map(orjson.dumps, answers)) + b"\n]\n")


def read_answers(path: Path) -> list[Answer]:
    """What was written."""
    return [_answer(one) for one in orjson.loads(path.read_bytes())]


def _answer(row: dict[str, Any]) -> Answer:
    kind, quad = row["kind"], row["quad"]
    known = {
        "question": Question(**row["question"]),
        "called": Outcome(row["called"]),
        "kind": Kind(kind) if kind else None,
        "quad": tuple((x, y) for x, y in quad) if quad else None,
    }
    return Answer(**{**row, **known})
