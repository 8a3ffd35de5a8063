"""A burst: posts of the same reference in one community within a while, shown as one case; plain records, no I/O.

    a settled match --joins--> the newest case of the same reference, while that is open     BURST, LONGEST_BURST
    Burst     how many posts, people and places the case stands for, and how what was asked about them went
    Treated   a picture of such a case, as far as a decision needs it: whose, where, and what was done to it

Only pictures that surely show the same content as the reference are in a burst (`core.policy.may_join`): one decision
is about all of them, so none may be anything else than what the card shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.types import Act, ActState, Decision, ImageEvent, Space

BURST = timedelta(hours=1)
"""Longest pause between posts of the same reference in one burst, which is one card, and one alert, with a counter."""

LONGEST_BURST = timedelta(hours=24)
"""After its first post a burst takes no further one: cards far up in a channel are seen by nobody."""

PLACES = 10
"""The places, and the people, of a burst that are listed, those with most posts first."""

PACE = timedelta(seconds=3)
"""Shortest time between two renewals of a growing card; Telegram takes about twenty edits a minute in a group."""


def asked_of_late(decision: Decision, enforce: Sequence[Act]) -> tuple[Act, ...]:
    """Return what a decision in force asks of a post that joins, in whose channel a violation asks for this."""
    return (Act.REMOVE,) if decision is Decision.ABUSE else tuple(enforce)


def open_until(first_at: datetime, last_at: datetime) -> datetime:
    """Return until when further posts may join a burst whose first and newest post came then."""
    return min(first_at + LONGEST_BURST, last_at + BURST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel in which a burst was posted: how many posts, and the newest, with the number of its case."""

    space: Space
    posts: int
    newest: ImageEvent
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author of posts in a burst, with the number of their posts."""

    id: str
    name: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """On how many posts of a burst an act ended alike; `first` is the number of the oldest action."""

    act: Act
    state: ActState
    detail: str
    decision: int | None
    count: int
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """What a case of several posts stands for.

    posts     messages and albums, the first included      newest    the highest number of its cases
    people    distinct authors who are still known         places    up to `PLACES`, most posts first
    channels  in how many places it was posted             late      posts that came later and were treated as decided
    held      posts that a brake keeps from removal         reports   people who reported any of them
    authors   up to `PLACES`, most posts first
    """

    posts: int
    people: int
    channels: int
    newest: int
    last_at: datetime
    places: tuple[Place, ...] = ()
    authors: tuple[Author, ...] = ()
    tallies: tuple[Tally, ...] = ()
    late: int = 0
    held: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One action on a picture, as far as a decision needs it."""

    id: int
    act: Act
    state: ActState
    decision: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """A picture of a case with what was asked about it, oldest first."""

    id: int
    space: Space
    message: str
    author: str
    actions: tuple[Asked, ...] = field(default=())

    @property
    def post(self) -> tuple[str, str]:
        """Its message, wherever it is."""
        return self.space.channel, self.message
