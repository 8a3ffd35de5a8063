"""Every answer of a run as JSON: what a figure rests on can be looked up, and counted again in another way."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.matching_run import Answer, Pair

SHOWN = 5
"""Pairs told of each query, surest first."""


def write_answers(path: Path, answers: Sequence[Answer]) -> None:
    """One object a query, one query a line."""
    path.write_bytes(b"[\n" + b",\n".join(orjson.dumps(as_json(one)) for one in answers) + b"\n]\n")


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer in plain values."""
    query = answer.query
    return {
        "picture": query.picture,
        "edit": query.edit,
        "role": query.role,
        "right": query.right,
        "verdict": answer.outcome.value,
        "pairs": [_pair_json(one) for one in answer.pairs[:SHOWN]],
        "below_the_floor": [_pair_json(one) for one in answer.below[:SHOWN]],
    }


def _pair_json(pair: Pair) -> dict[str, Any]:
    return {
        "key": pair.key,
        "kind": pair.kind.value,
        "confidence": round(pair.confidence, 6),
        "score": round(pair.score, 3),
    }
