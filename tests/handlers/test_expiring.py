"""What is remembered in memory is forgotten in time, and never fills it, whoever comes."""

from collections.abc import Callable, Sized
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from cachetools import TTLCache

from core.messages import Asked, Person
from handlers import brakes, confirmations, trials, warnings
from handlers.brakes import Allowance
from handlers.chat import patience
from handlers.chat.patience import Patience
from handlers.confirmations import Confirmations
from handlers.expiring import expiring
from handlers.trials import Trials
from handlers.warnings import A_DAY, Warnings
from tests.clock import Clock
from tests.small import SPACE

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Memory:
    """What remembers people: how one comes, what is kept, of how many at most, and for how long."""

    comes: Callable[[str], object]
    kept: tuple[Sized, ...]
    most: int
    within: timedelta


def asks_twice(clock: Clock) -> Memory:
    memory = Confirmations(clock)
    return Memory(lambda who: memory.is_sure(("discord", who, 1, "x")), (memory._asked,), confirmations.MOST, MINUTE)


def may_try(clock: Clock) -> Memory:
    memory = Trials(clock)
    return Memory(lambda who: memory.begin(who, "mo"), (memory._trials,), trials.MOST, trials.WITHIN)


def was_warned(clock: Clock) -> Memory:
    memory = Warnings(clock)
    return Memory(memory.is_due, (memory._warned,), warnings.MOST, A_DAY)


def asked_much(clock: Clock) -> Memory:
    memory = Allowance(2, MINUTE, clock)
    return Memory(memory.take, (memory._asked,), brakes.MOST_PEOPLE, MINUTE)


def is_expected(clock: Clock) -> Memory:
    memory = Patience(1, clock)

    def comes(who: str) -> None:
        memory.expect(Asked(who=Person(id=who), space=SPACE, number=1))
        for _ in range(2):
            memory.too_many(who, 1)

    return Memory(comes, (memory._awaited, memory._told), patience.MOST_PEOPLE, MINUTE)


@pytest.mark.parametrize("made", [asks_twice, may_try, was_warned, asked_much, is_expected])
def test_no_memory_grows_for_ever(made: Callable[[Clock], Memory], clock: Clock) -> None:
    """Of a crowd that comes at once the newest are remembered, up to a limit; later none of them is."""
    memory = made(clock)
    for number in range(memory.most + 10):
        memory.comes(str(number))

    assert [len(kept) for kept in memory.kept] == [memory.most] * len(memory.kept)
    clock.turn(seconds=memory.within.total_seconds())
    assert [len(kept) for kept in memory.kept] == [0] * len(memory.kept)


def test_of_a_full_memory_the_one_unused_longest_goes(clock: Clock) -> None:
    """Not the one that is asked for all the time; but its time is over, too, once it is."""
    memory: TTLCache[str, int, datetime] = expiring(2, MINUTE, clock)
    memory["ann"], memory["bo"] = 1, 2
    clock.turn(seconds=30)
    assert memory["ann"] == 1
    memory["cy"] = 3

    assert set(memory) == {"ann", "cy"}
    clock.turn(seconds=30)
    assert set(memory) == {"cy"}
