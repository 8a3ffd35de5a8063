"""One back-off for everything that is tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import backoff
from core.backoff import LESS, LONGEST_ASKED_S, MORE, Backoff, Pauses, jittered
from core.errors import RetryLater, StoreDown

TIMES = st.floats(0.001, 1e4)
BACKOFFS = st.builds(lambda first, more: Backoff(first, first * more), TIMES, st.floats(1, 1e4))
OURS = {name: one for name, one in vars(backoff).items() if isinstance(one, Backoff)}


@given(BACKOFFS, st.integers(-5, 10**9))
def test_a_pause_is_never_too_short_and_never_too_long(one: Backoff, failures: int) -> None:
    """However often it failed: between the first pause and the longest, up to a quarter less or more."""
    assert LESS * one.first <= one.after(failures) <= MORE * one.longest


@given(BACKOFFS, st.integers(1, 40))
def test_it_doubles_until_it_is_the_longest(one: Backoff, failures: int) -> None:
    """What chance adds or takes is no more than a quarter."""
    grown = min(one.first * 2 ** (failures - 1), one.longest)

    assert LESS * grown <= one.after(failures) <= MORE * grown


@given(BACKOFFS, st.integers(1, 99), st.floats(-1e9, 1e9))
def test_what_a_server_asks_for_is_kept(one: Backoff, failures: int, asked: float) -> None:
    """Nobody is asked again before that; what makes no sense holds nothing up for more than an hour or so."""
    pause = one.after(failures, asked)

    assert pause >= min(asked, LONGEST_ASKED_S)
    assert pause <= MORE * max(one.longest, LONGEST_ASKED_S)


@given(st.floats(0, 1e6))
def test_many_clients_do_not_come_back_together(pause: float) -> None:
    """A pause is up to a quarter longer or shorter."""
    assert LESS * pause <= jittered(pause) <= MORE * pause


@pytest.mark.parametrize("name", OURS)
def test_no_two_pauses_are_alike(name: str) -> None:
    """Chance is in every one that is used, also in what a server asks of all its clients at once."""
    assert len({OURS[name].after(3) for _ in range(20)}) > 15
    assert len({OURS[name].after(1, 1000) for _ in range(20)}) > 15


@pytest.mark.parametrize("name", OURS)
def test_the_table_says_who_waits_how_long(name: str) -> None:
    """The docstring of the module has a row for each, with its values."""
    one, rows = OURS[name], (backoff.__doc__ or "").splitlines()
    (row,) = (row for row in rows if f"`{name}`" in row)

    assert [cell.strip() for cell in row.split("|")[2:4]] == [f"{one.first:g} s", f"{one.longest:g} s"]


def test_pauses_grow_and_are_forgotten() -> None:
    """They double up to the longest, and begin anew after a time of health, or once it worked."""
    pauses = Pauses(Backoff(1, 8), healthy=60)
    grown = [pauses.after(lived) for lived in (1, 1, 1, 1, 1, 61, 1)]
    pauses.forget()

    for pause, nominal in zip([*grown, pauses.after()], [1, 2, 4, 8, 8, 1, 2, 1], strict=True):
        assert LESS * nominal <= pause <= MORE * nominal


def test_an_error_tells_how_long_to_wait() -> None:
    """Where the server said so; errors without it say 0."""
    assert RetryLater("unreachable", 30).after == 30
    assert StoreDown("no answer").after == 0
