"""Pairs made of the operator's own pictures, judged alone in a catalogue that is thrown away."""

from dataclasses import replace

import pytest

from bot.services import Services
from core.matches import Finding
from handlers.search import search
from lab.look_alikes import KINDS, LookAlike, ask, look_alikes
from lab.trial import Role, Source
from tests.lab.cards import source
from tests.small import saved, scribble


def sources(count: int) -> list[Source]:
    return [replace(source(f"s{n}"), picture=saved(scribble(n), "JPEG")) for n in range(count)]


def test_every_kind_is_made_as_often_as_asked() -> None:
    """Each pair has a name of its own, and the same seed draws the same files."""
    pairs = list(look_alikes(sources(2), 3, seed=1))

    assert [one.kind for one in pairs] == [kind for kind in KINDS for _ in range(3)]
    assert len({one.name for one in pairs}) == len(pairs)
    assert pairs[0].draw() == pairs[0].draw() != pairs[1].draw()
    assert pairs[0].draw() != next(look_alikes(sources(2), 1, seed=2)).draw()


def test_a_pair_is_made_of_the_operators_pictures() -> None:
    """Another picture in the sample, another template of it."""
    one, other = (
        LookAlike(kind="same_template", number=0, seed=0, sources=some) for some in (sources(1), sources(2)[1:])
    )

    assert one.draw() != other.draw()


@pytest.mark.parametrize("kind", KINDS)
async def test_what_a_look_alike_meets_is_wrong(services: Services, kind: str) -> None:
    """The first of the pair becomes a reference in a collection of its own; whatever matches it is a false alarm."""
    asked: list[str] = []

    async def looking(data: bytes, name: str) -> Finding:
        asked.append(name)
        return await search(services, data, collections=[name], all_candidates=True)

    answers = [await ask(services, one, looking) for one in look_alikes(sources(2), 2, 0) if one.kind == kind]

    assert asked == [f"{kind}-0", f"{kind}-1"]
    assert all(one and one.query.role is Role.LOOK_ALIKE and one.true is None for one in answers)
    assert all(
        match.reference.key == name for name, one in zip(asked, answers, strict=True) if one for match in one.wrong
    )
