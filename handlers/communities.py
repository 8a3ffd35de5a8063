"""What a community's staff may choose, from chat or console. The front checks that the asker is staff.

set_up      log channel, mode, language          watch, unwatch   which channels, "*" = all
set_mode    of a channel, collection or kind     set_thresholds   when a match is one
set_acts    what flag and enforce do             exempt, admit    whose posts are not looked at
set_brakes  on reports                           ignore           whose reports count for nothing
set_memory  of what was looked at, for a while
set_role    that quarantines, or that a card calls

Each returns the sentence to say; of what can't be, that it can't, and nothing is changed. Two of the staff may choose
at the same moment: each choice is made of what holds then, not of what was there when the command was read.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from core.cases import Policy, Rule, Thresholds
from core.chat import Community, Said
from core.errors import UsageError
from core.policy import FOR_GOOD, HARMLESS, ON_THE_POST
from core.thresholds import strangers_at, threshold_of
from core.types import Act, Kind, Mode, Space
from handlers import outbox
from handlers.collections import short_name
from handlers.needs import HasCases, HasClock, HasCommunities, HasOutboxBell, HasPolicies, HasScreened

EVERYWHERE = "*"
LONGEST_PURGE = 168
"""Hours that a ban may delete, at most; as Discord allows."""

LONGEST_MEMORY = 168
"""Hours for which embeddings may be kept, at most."""

SHORTEST_TIMEOUT, LONGEST_TIMEOUT = timedelta(seconds=30), timedelta(days=28)


class Use(StrEnum):
    """What a role is for: the names of the fields of `Community`."""

    QUARANTINE = "quarantine"
    PING = "ping"


class LogNeeds(HasCases, HasCommunities, HasOutboxBell, Protocol):
    """What chooses where cards go; those that nobody could be shown come there."""


class SetUpNeeds(HasCases, HasPolicies, HasCommunities, HasClock, HasOutboxBell, Protocol):
    """What sets a community up."""


class BeginNeeds(HasCommunities, HasClock, Protocol):
    """What notes that staff have begun to choose."""


class MemoryNeeds(HasCommunities, HasScreened, Protocol):
    """What chooses for how long embeddings are kept."""


async def set_up(
    services: SetUpNeeds, space: Space, *, log: str, mode: Mode, language: str, by: str, name: str = ""
) -> Said:
    """Choose where cards go, what the bot may do and its language; `space.channel` is watched from now on."""
    when, place = services.clock(), Community(platform=space.platform, id=space.community)

    def changed(now: Community) -> Community:
        return replace(now, log=log, language=language, name=name or now.name, set_up_at=when)

    await services.communities.change(place, changed, by)
    await watch(services, space, mode, by)
    await outbox.again(services, space.home)
    return Said(key="said.set-up", values={"mode": mode})


async def watch(services: HasPolicies, space: Space, mode: Mode | None, by: str) -> Said:
    """Watch this channel: in the mode that is given, else the one chosen before, else in dry run."""

    def watched(policy: Policy) -> Policy:
        mode_before = policy.mode if policy.mode is not Mode.OFF else Mode.DRY_RUN
        return replace(policy, mode=mode or mode_before)

    policy = await services.policies.change(space, watched, by)
    return Said(key="said.watched", values={"mode": policy.mode})


async def begun(services: BeginNeeds, community: Community, by: str) -> None:
    """Note that staff have chosen something here: from now on there are cards, also while they can go nowhere yet."""
    when = services.clock()
    if community.set_up_at is None:
        await services.communities.change(community, lambda now: replace(now, set_up_at=now.set_up_at or when), by)


async def unwatch(services: HasPolicies, space: Space, by: str) -> Said:
    """Stop watching this channel; its settings are kept for the next time."""
    await services.policies.change(space, lambda policy: replace(policy, mode=Mode.OFF), by)
    return Said(key="said.unwatched")


async def set_mode(
    services: HasPolicies, space: Space, mode: Mode, by: str, collection: str = "", kind: Kind | None = None
) -> Said:
    """Set the channel's mode, or an exception from it for a collection, a kind of match, or both."""

    def changed(policy: Policy) -> Policy:
        if not collection and kind is None:
            return replace(policy, mode=mode)
        others = tuple(rule for rule in policy.rules if (rule.collection, rule.kind) != (collection, kind))
        return replace(policy, rules=(*others, Rule(mode=mode, collection=collection, kind=kind)))

    await services.policies.change(space, changed, by)
    if not collection and kind is None:
        return Said(key="said.mode", values={"mode": mode})
    what = tuple(one for one in (short_name(collection), kind) if one)
    return Said(key="said.mode-for", values={"mode": mode, "what": what})


async def set_thresholds(services: HasPolicies, space: Space, match: str, review: float, by: str) -> Said:
    """Set the least confidence for a match, in words (`core.thresholds`), and for a review (0..1)."""
    try:
        sure = threshold_of(match)
    except UsageError:
        sure = 0.0
    if not 0 < review <= sure:
        return Said(key="said.thresholds-wrong")
    wanted = Thresholds(match=sure, review=review)
    await services.policies.change(space, lambda policy: replace(policy, thresholds=wanted), by)
    values = {"match": f"{100 * sure:.4g}%", "review": f"{review:.0%}", "strangers": f"{strangers_at(sure):,}"}
    return Said(key="said.thresholds", values=values)


async def set_acts(
    services: HasPolicies,
    space: Space,
    mode: Mode,
    acts: Sequence[Act],
    by: str,
    lasting: timedelta | None = None,
    purge: timedelta | None = None,
) -> Said:
    """Set what `flag` or `enforce` does with a post; `flag` never removes.

    `lasting` is the length of a time-out, and `purge` how far back a ban deletes; None = as before.
    """
    length = (await services.policies.for_space(space)).timeout if lasting is None else lasting
    if not set(acts) <= set(ON_THE_POST) or not SHORTEST_TIMEOUT <= length <= LONGEST_TIMEOUT:
        return Said(key="said.acts-wrong")
    if mode is not Mode.ENFORCE and not set(acts) <= HARMLESS:
        return Said(key="said.acts-harmless")
    chosen = tuple(act for act in ON_THE_POST if act in acts)

    def changed(policy: Policy) -> Policy:
        if mode is not Mode.ENFORCE:
            return replace(policy, flag=chosen)
        length, hours = policy.timeout if lasting is None else lasting, policy.purge if purge is None else purge
        return replace(policy, enforce=chosen, timeout=length, purge=hours)

    await services.policies.change(space, changed, by)
    for_good = tuple(act for act in chosen if act in FOR_GOOD)
    more = (Said(key="said.acts-for-good", values={"acts": for_good}),) if for_good else ()
    return Said(key="said.acts" if chosen else "said.acts-none", values={"mode": mode, "acts": chosen}, more=more)


async def set_role(services: HasCommunities, community: Community, use: Use, role: str, name: str, by: str) -> Said:
    """Choose the role for a quarantine, or the one that a new card calls; "" = none any more."""

    def changed(now: Community) -> Community:
        return replace(now, quarantine=role) if use is Use.QUARANTINE else replace(now, ping=role)

    await services.communities.change(community, changed, by)
    return Said(key=f"said.{use}" if role else f"said.{use}-none", values={"name": name} if role else {})


async def exempt(services: HasCommunities, community: Community, who: str, name: str, by: str) -> Said:
    """Exempt a person or role: their posts are not looked at."""

    def exempted(now: Community) -> Community:
        return now if who in now.exempt else replace(now, exempt=(*now.exempt, who))

    await services.communities.change(community, exempted, by)
    return Said(key="said.exempt", values={"name": name})


async def admit(services: HasCommunities, community: Community, who: str, name: str, by: str) -> Said:
    """End an exemption: posts of this person or role are looked at again."""

    def admitted(now: Community) -> Community:
        return replace(now, exempt=tuple(exempted for exempted in now.exempt if exempted != who))

    await services.communities.change(community, admitted, by)
    return Said(key="said.admitted", values={"name": name})


async def set_language(services: HasCommunities, community: Community, language: str, by: str) -> Said:
    """Set the language in which the bot speaks to the community, and return a sentence that says so."""
    await services.communities.change(community, lambda now: replace(now, language=language), by)
    return Said(key="said.language")


async def set_log(services: LogNeeds, community: Community, log: str, by: str) -> Said:
    """Set where the moderators' cards go."""
    await services.communities.change(community, lambda now: replace(now, log=log), by)
    await outbox.again(services, f"{community.platform}:{community.id}")
    return Said(key="said.log")


async def set_brakes(services: HasCommunities, community: Community, people: int, an_hour: int, by: str) -> Said:
    """Set how many people must report a post, and how much one may report in an hour."""
    if not (1 <= people <= 100 and 1 <= an_hour <= 1000):
        return Said(key="said.brakes-wrong")

    def changed(now: Community) -> Community:
        return replace(now, reporters_needed=people, reports_an_hour=an_hour)

    await services.communities.change(community, changed, by)
    return Said(key="said.brakes", values={"people": people, "an_hour": an_hour})


async def set_memory(services: MemoryNeeds, community: Community, hours: int, by: str) -> Said:
    """Set for how long embeddings of screened images are kept here, 0 = not at all; a shorter time counts at once."""
    if not 0 <= hours <= LONGEST_MEMORY:
        return Said(key="said.remember-wrong", values={"most": LONGEST_MEMORY})
    await services.communities.change(community, lambda now: replace(now, remember_hours=hours), by)
    await services.screened.expire()
    return Said(key="said.remember", values={"hours": hours}) if hours else Said(key="said.remember-off")


async def set_bots(services: HasCommunities, community: Community, include: bool, by: str) -> Said:
    """Whether the posts of other bots and integrations are looked at, too."""
    await services.communities.change(community, lambda now: replace(now, include_bots=include), by)
    return Said(key="said.bots-on" if include else "said.bots-off")


async def ignore(services: HasCommunities, community: Community, reporter: str, name: str, by: str) -> Said:
    """Ignore reports of this person, or count them again if they were ignored."""
    ignored = reporter not in community.ignored_reporters

    def changed(now: Community) -> Community:
        others = tuple(person for person in now.ignored_reporters if person != reporter)
        return replace(now, ignored_reporters=(*others, reporter) if ignored else others)

    await services.communities.change(community, changed, by)
    return Said(key="said.ignored" if ignored else "said.heard", values={"name": name})


async def reset(services: HasPolicies, space: Space, by: str) -> int:
    """Let the channel ("*": each channel) follow its community's policy again; return how many did not before."""
    set_policies = await services.policies.of_platform(space.platform)
    own_spaces = [place for place in set_policies if place.community == space.community and place.channel != EVERYWHERE]
    reset_spaces = (
        own_spaces if space.channel == EVERYWHERE else [place for place in own_spaces if place.channel == space.channel]
    )
    for place in reset_spaces:
        await services.policies.forget(place, by)
    return len(reset_spaces)
