"""When the bot stops removing by itself: too much a day, or one reference that hits the posts of too many people. Pure.

    Traffic --braked--> None, or which Brake, for as long as which a plan is that of what nobody confirmed

A brake that has tripped holds until a moderator of the community releases it; only what happens after that counts.
The bot removes posts only for references that a community's own moderators confirmed (`core.policy`). The brakes limit
the damage where such a confirmation, or the threshold, was a mistake.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from core.policy import DRASTIC, Plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Brake(StrEnum):
    """Why nothing more is removed by itself: in the whole community, or for one reference."""

    DAILY = "daily"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What a community's posts may see without a moderator.

    posts_a_day      posts acted on within a day, whatever they show
    people_an_hour   people whose posts were acted on within an hour for the same reference
    """

    posts_a_day: int = 100
    people_an_hour: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What was acted on since a moderator last let go; `standing` is a brake that holds."""

    posts: int = 0
    people: int = 0
    standing: Brake | None = None


def braked(traffic: Traffic, caps: Caps) -> Brake | None:
    """Return the brake that holds for one more post; None if the bot may act on that post."""
    if traffic.standing:
        return traffic.standing
    if traffic.posts >= caps.posts_a_day:
        return Brake.DAILY
    return Brake.FLOOD if traffic.people >= caps.people_an_hour else None


def is_drastic(plan: Plan) -> bool:
    """Return whether the plan does something to the post or its author that a person would mind."""
    return not DRASTIC.isdisjoint(plan.acts)
