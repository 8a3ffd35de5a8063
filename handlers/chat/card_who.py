"""Who posted what a case is about, where, with which words, and how often it was posted here, as lines of a card. Pure.

An account's age is that at the time of the post: a card says the same whenever it is brought up to date.
"""

from collections.abc import Iterator
from datetime import timedelta

from core.cases import RECENT, Background, Case, Earlier
from core.chat import Community
from core.messages import MENTION, Line, Person, Place
from core.telling import NAME, one_line, some_lines
from core.types import ImageEvent
from core.wording import Words
from handlers.chat.card_text import comma, counted, rows

UNITS = (
    ("year", timedelta(days=365)),
    ("month", timedelta(days=30)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
)
LEAST = 2
"""An age is told in the largest unit of which it has so many: "18 months", not "1 year"."""


def who_lines(words: Words, case: Case, community: Community, background: Background) -> tuple[Line, ...]:
    """The author's words, the author, the place, and how often the same was posted here before."""
    return (
        Line(label=words("card.text"), text=some_lines(case.event.text), is_quote=True),
        _author(words, case, background),
        _where(words, case.event, community),
        Line(label=words("card.seen"), text=_seen(words, background.earlier)),
    )


def _author(words: Words, case: Case, background: Background) -> Line:
    """Who it was, the number of the account, its age, and earlier cases; nothing of an author who was forgotten."""
    event, label = case.event, words("card.author")
    if not (event.author or event.author_name):
        return Line(label=label, text="")
    number = one_line(event.author, NAME)
    name = one_line(event.author_name, NAME)
    person = Person(id=number, name=name)
    named = " · ".join(filter(None, [MENTION, number if name and number != name else ""]))
    more = [*_ages(words, case, background), _earlier(words, background.earlier)]
    return Line(label=label, text=rows([named, *more]), names=(person,))


def _ages(words: Words, case: Case, background: Background) -> Iterator[str]:
    profile = background.profile
    for key, since in (("card.account", profile.made_at), ("card.member", profile.joined_at)):
        if since:
            yield words(key, date=f"{since:%Y-%m-%d}", age=_age(words, case.opened_at - since))


def _age(words: Words, age: timedelta) -> str:
    for name, unit in UNITS:
        if age >= LEAST * unit or (name == "hour" and age >= unit):
            return counted(words, f"card.age-{name}", age // unit)
    return words("card.age-minutes")


def _earlier(words: Words, earlier: Earlier | None) -> str:
    if earlier is None:
        return ""
    if not earlier.cases:
        return words("card.earlier-none")
    violations = counted(words, "card.violations", earlier.violations) or words("card.violations-none")
    return comma(words, [counted(words, "card.earlier", earlier.cases), violations])


def _where(words: Words, event: ImageEvent, community: Community) -> Line:
    """The channel, where the community has several; the platform and the community."""
    space = event.space
    place = Place(space=space, thread=event.thread) if space.community not in ("", space.channel) else None
    named = [MENTION if place else "", words(f"card.platform.{space.platform}"), one_line(community.name, NAME)]
    return Line(label=words("card.where"), text=comma(words, named), names=(place,) if place else ())


def _seen(words: Words, earlier: Earlier | None) -> str:
    return counted(words, "card.seen", earlier.posts, days=RECENT.days) if earlier else ""
