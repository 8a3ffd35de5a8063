"""What the card of a raid says, and for how long it is true."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.bursts import BURST, LONGEST_BURST, Burst, Tally
from core.cases import Case, DecisionRecord
from core.messages import Card
from core.types import Act, ActState, Content, Decision
from core.wording import LANGUAGES, Words
from handlers.chat.cards import case_card
from handlers.chat.presses import _taken_back
from tests.bot.cases import COMMUNITY, KEPT_UNTIL, NOON, case, decision, match, verdict

EN = Words.of("en")
DAY = timedelta(days=1)


def raid(*tallies: Tally, last: timedelta = timedelta(0), held: int = 0) -> Case:
    """Three posts by two people that a moderator called a violation, the newest so long after the first."""
    burst = Burst(posts=3, people=2, channels=1, newest=9, last_at=NOON + last, tallies=tallies, held=held)
    surely = verdict(replace(match(), content=Content.SAME))
    return replace(case(surely, opened_at=NOON, decisions=(decision(5),)), burst=burst)


def text(one: Case, words: Words = EN) -> str:
    return _text(case_card(words, one, COMMUNITY, KEPT_UNTIL))


def _text(card: Card) -> str:
    return "\n".join(line.plain for line in card.lines)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("last", "until"),
    [
        (timedelta(0), "2026-05-01 13:03 UTC"),
        (timedelta(minutes=40), "2026-05-01 13:43 UTC"),
        (LONGEST_BURST - timedelta(minutes=1), "2026-05-02 12:03 UTC"),
    ],
)
def test_it_says_until_when_copies_join(language: str, last: timedelta, until: str) -> None:
    """An hour after the newest copy, and never later than a day after the first: it is true whenever it is read."""
    assert until in text(raid(last=last), Words.of(language))


@pytest.mark.parametrize("standing", [decision(5, Decision.ALLOWED), replace(decision(5), at=NOON + BURST * 1.1)])
def test_it_promises_nothing_that_is_over(standing: DecisionRecord) -> None:
    """After another decision the next copy is a card of its own, and so it is after one that came too late."""
    assert "join this card" in text(raid())
    assert "join this card" not in text(replace(raid(), decisions=(standing,)))


def test_what_was_allowed_is_held_back_no_longer() -> None:
    """Moderators want it to stand: there is nothing to let go of."""
    held, allowed = raid(held=2), replace(raid(held=2), decisions=(decision(5, Decision.ALLOWED),))

    assert EN("burst.held-many", count=2) in text(held)
    assert EN("burst.held-many", count=2) not in text(allowed)


def ban(number: int, detail: str) -> Tally:
    return Tally(act=Act.BAN, state=ActState.DONE, detail=detail, decision=5, count=1, first=number)


def removal(state: ActState, count: int, detail: str = "", decision: int | None = 5) -> Tally:
    return Tally(act=Act.REMOVE, state=state, detail=detail, decision=decision, count=count, first=1)


@pytest.mark.parametrize("more", ["", "|13 h"])
def test_twenty_bans_do_not_hide_the_removals(more: str) -> None:
    """Each deleted another number of messages: they are one row with the sum."""
    what = "purged-since" if more else "purged"
    bans = [ban(number, f"{what}|{number}{more}") for number in range(2, 22)]
    shown = text(raid(removal(ActState.DONE, 200), *bans))

    removed = EN("burst.tally", state=EN("act_state.done"), count=200)

    assert EN("card.row", act=EN("act.remove"), state=removed) in shown
    assert EN(f"failure.{what}", what=sum(range(2, 22)), more=more[1:]) in shown
    assert shown.count(EN("act.ban")) == 1


def test_bans_at_different_times_are_one_row() -> None:
    """Each says since when the bot knew what was written there; of all together the longest of them is true."""
    sinces = ["59 min", "1 h", "12 min"]
    shown = text(raid(*[ban(number, f"purged-since|{number}|{since}") for number, since in enumerate(sinces, 1)]))

    assert EN("failure.purged-since", what=6, more="1 h") in shown
    assert shown.count(EN("act.ban")) == 1


def test_a_few_refusals_do_not_hide_what_was_done_to_most() -> None:
    """However many reasons there are, the row of most posts stays; what an older decision asked for goes first."""
    refused = [removal(ActState.FORBIDDEN, 1, f"no-permission|{name}") for name in "abcdefgh"]
    before = removal(ActState.DONE, 150, decision=None)
    shown = text(raid(before, removal(ActState.DONE, 190), *refused))

    assert "(190 posts)" in shown
    assert "(150 posts)" not in shown


@pytest.mark.parametrize(("back", "said"), [(3, []), (2, [2]), (0, [0])])
def test_an_undo_says_of_how_many_posts_it_takes_something_back(back: int, said: list[int]) -> None:
    """A post whose author was faster, or that could not be removed, does not come back: the number is the true one."""
    restored = Tally(act=Act.RESTORE, state=ActState.WAITING, detail="", decision=5, count=back, first=9)
    undone = replace(raid(*([restored] if back else [])), decisions=(decision(5, undone_by="bo"),))

    assert [one.values["count"] for one in _taken_back(undone, 3)] == said
    assert _taken_back(raid(), 3) == ()


@pytest.mark.parametrize("said", [Decision.ALLOWED, Decision.ABUSE])
def test_only_after_a_violation_something_is_given_back(said: Decision) -> None:
    """What was allowed had been given back before its undo, and suspected abuse is never posted again."""
    restored = Tally(act=Act.RESTORE, state=ActState.DONE, detail="", decision=5, count=2, first=9)

    assert _taken_back(replace(raid(restored), decisions=(decision(5, said, undone_by="bo"),)), 3) == ()
