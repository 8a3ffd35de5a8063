"""Trials put together by hand: references, answers and what a scorecard makes of them."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PIL import Image

from core.cases import Thresholds
from core.matches import Match
from core.types import Kind, Outcome, Reference
from lab.scorecard import Trial
from lab.trial import UNEDITED, Answer, Query, Role, Source

EDITS = ("recompress", "crop_50", "collage_4")


def jpeg(colour: str = "#2a9d8f") -> bytes:
    """The file of a small picture."""
    file = io.BytesIO()
    Image.new("RGB", (200, 120), colour).save(file, "JPEG")
    return file.getvalue()


def reference(key: str, **said: str) -> Reference:
    return replace(Reference(key=key, collection="library"), **said)  # type: ignore[arg-type]


def match(key: str, confidence: float, kind: Kind = Kind.EDITED, inliers: int = 90) -> Match:
    """A pair with that reference."""
    return Match(reference=reference(key), kind=kind, confidence=confidence, cosine=0.8, inliers=inliers)


def source(key: str, *twins: Match) -> Source:
    return Source(reference=reference(key), picture=jpeg(), twins=twins)


def answer(of: Source | str, edit: str, true: Match | None, *wrong: Match, rank: int = 1) -> Answer:
    """What one query met; `of` is the source, or the name of a stranger."""
    known = of if isinstance(of, Source) else None
    picture = f"library/{known.reference.key}" if known else str(of)
    role = Role.COPY if known else Role.STRANGER
    query = Query(role=role, picture=picture, edit=edit, draw=jpeg, source=known)
    return Answer(query=query, outcome=Outcome.CLEAN, true=true, rank=rank if true else None, wrong=tuple(wrong))


def trial(
    sources: Sequence[Source],
    copies: Sequence[Answer],
    strangers: Sequence[Answer] = (),
    unedited: Sequence[Answer] | None = None,
    edits: Sequence[str] = EDITS,
    alike: Sequence[Answer] = (),
) -> Trial:
    """A trial of these answers; unedited, every source is found unless said otherwise."""
    found = [answer(one, UNEDITED, match(one.reference.key, 0.999)) for one in sources]
    return Trial(
        made_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
        model="toy",
        thresholds=Thresholds(),
        seed=0,
        collections=(),
        edits=tuple(edits),
        known=len(sources),
        sources=tuple(sources),
        unedited=tuple(found if unedited is None else unedited),
        copies=tuple(copies),
        strangers=tuple(strangers),
        look_alikes=tuple(alike),
        seconds=6.0,
    )


def small() -> Trial:
    """Three references under three edits: "ann" is found, "bob" not in a collage, "flat" hardly; "ann" attracts."""
    ann, bob, flat = (
        source("ann"),
        source("bob", match("bob-2", 0.97)),
        source(
            "flat",
        ),
    )
    copies = [answer(ann, edit, match("ann", 0.99)) for edit in EDITS]
    copies += [answer(bob, "recompress", match("bob", 0.98), match("ann", 0.2, Kind.SIMILAR))]
    copies += [
        answer(bob, "crop_50", match("bob", 0.95), match("ann", 0.3, Kind.SIMILAR)),
        answer(bob, "collage_4", None),
    ]
    copies += [answer(flat, "recompress", match("flat", 0.6, Kind.SIMILAR), match("ann", 0.61, Kind.TEMPLATE), rank=2)]
    copies += [answer(flat, edit, None) for edit in EDITS[1:]]
    unedited = [
        answer(ann, UNEDITED, match("ann", 0.999)),
        answer(bob, UNEDITED, match("bob", 0.999, inliers=12)),
        answer(flat, UNEDITED, match("flat", 0.64, Kind.SIMILAR)),
    ]
    strangers = [answer("birches", UNEDITED, None), answer("birches", "collage_4", None, match("bob", 0.92))]
    return trial([ann, bob, flat], copies, strangers, unedited)
