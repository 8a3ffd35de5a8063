"""What is asked for twice: whom it hits and what it deletes, short enough for every platform, whoever is meant."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bursts import Author, Burst
from core.cases import Case
from core.telling import said
from core.types import Act
from core.wording import LANGUAGES, Words
from handlers.chat import twice
from handlers.chat.card_buttons import buttons_of_case
from handlers.review import PutOut
from tests.bot.cases import NOON, case, decision

EN = Words.of("en")
HOURS = timedelta(hours=24)
MOST_UNITS = 200
"""Characters of the note that Telegram shows to whoever presses."""


def by(author: str, name: str) -> Case:
    one = case()
    return replace(one, event=replace(one.event, author=author, author_name=name))


def raided(people: int) -> Case:
    """A violation of several people, of whom ann was the first and bo posted more."""
    known = (Author(id="7", name="bo", posts=3), Author(id="42", name="ann", posts=1))
    burst = Burst(posts=4, people=people, channels=1, newest=9, last_at=NOON, authors=known)
    return replace(by("42", "ann"), burst=burst, decisions=(decision(1),))


def question(words: Words, one: Case, act: Act, purge: timedelta = HOURS) -> str:
    asked = twice.of_act(one, act, purge)
    return said(words, asked) if asked else ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("act", [Act.KICK, Act.BAN])
def test_a_question_fits_into_a_notice(act: Act, language: str) -> None:
    """With the longest name and number, and how to agree to it: nothing of it is cut off."""
    words, one = Words.of(language), by("@" + "n" * 300, "W" * 5000)
    asked = question(words, one, act) + "\n" + words("twice.press")

    assert len(asked.encode("utf-16-le")) // 2 <= MOST_UNITS


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_violation_does_fits_for_people_of_telegram(language: str) -> None:
    """A name and a number of ten digits, a ban and how to agree to it."""
    words, one = Words.of(language), by("5512345678", "Alexandra Constantinopolitana of the North")
    asked = said(words, twice.of_violation(one, PutOut(acts=(Act.BAN,), authors=("5512345678",), purge=HOURS)))

    assert len(f"{asked}\n{words('twice.press')}".encode("utf-16-le")) // 2 <= MOST_UNITS


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_name_says_more_than_a_name(number: str, name: str) -> None:
    """Whatever somebody calls themselves stays on the line of the question, and the number stands beside it."""
    asked = question(EN, by(number, name), Act.KICK)

    assert asked.count("\n") == 0
    assert asked.endswith("? That can't be undone.")


def test_the_number_tells_apart_who_took_a_name() -> None:
    """Anybody can call themselves as somebody else."""
    assert "ann (42)" in question(EN, by("42", "ann"), Act.BAN)
    assert "ann (43)" in question(EN, by("43", "ann"), Act.BAN)


@pytest.mark.parametrize(("number", "name", "who"), [("42", "", "42"), ("ann", "ann", "ann"), ("42", "42", "42")])
def test_who_has_no_other_name_is_named_once(number: str, name: str, who: str) -> None:
    """In the built-in channel a name is all there is; elsewhere a number may be."""
    assert question(EN, by(number, name), Act.KICK) == EN("twice.kick", who=who)


def test_of_one_among_many_the_right_one_is_named() -> None:
    """In a burst over channels of which one bans, it need not be who posted first."""
    asked = said(EN, twice.of_violation(raided(2), PutOut(acts=(Act.BAN,), authors=("7",), purge=timedelta(0))))

    assert "bo (7)" in asked and "ann" not in asked and EN("twice.no-purge") in asked


def test_a_quarantine_is_not_asked_for_twice() -> None:
    """It puts nobody out and is taken back whole."""
    assert question(EN, by("42", "ann"), Act.QUARANTINE) == ""


@pytest.mark.parametrize(("people", "label"), [(1, "Ban"), (2, "Ban: ann")])
def test_in_a_raid_a_button_names_whom_it_hits(people: int, label: str) -> None:
    """Of one author the card says all; of several, the button is about the first alone."""
    buttons = buttons_of_case(EN, raided(people), None, {Act.BAN})

    assert label in [one.label for one in buttons]
