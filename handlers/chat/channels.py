"""The staff's commands about channels: what is watched, what may be done, how sure a match must be.

    /watch /unwatch /mode /threshold /actions    here, in another channel, or `everywhere`
    /reset                                       back to what holds everywhere
    /settings                                    all of it, channel by channel

Each says which place it is about, what keeps settings of its own, and which rights the bot lacks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from core.cases import Policy, Rule
from core.chat import Community, Said
from core.messages import Answer, Card, Line, Row, Tone
from core.policy import ON_THE_AUTHOR
from core.telling import NAME, one_line
from core.types import Act, Mode, Space
from core.wording import Words
from handlers import communities
from handlers.chat.card_acts import ready
from handlers.chat.card_text import filled
from handlers.chat.context import Context, ContextWith
from handlers.chat.errors import Refuse, Unclear
from handlers.chat.meant import collection_of
from handlers.chat.options import Given
from handlers.collections import short_name, visible_one
from handlers.communities import EVERYWHERE
from handlers.needs import HasBotsChoice, HasClock, HasCommunities, HasPolicies, HasReferences, HasVideos

ACTS = {
    "react": Act.FLAG,
    "reply": Act.REPLY,
    "delete": Act.REMOVE,
    "tell": Act.TELL,
    "timeout": Act.TIMEOUT,
    "quarantine": Act.QUARANTINE,
    "kick": Act.KICK,
    "ban": Act.BAN,
}
"""The flags of /actions."""

IN_DETAIL = 12


class WatchNeeds(HasPolicies, HasCommunities, HasClock, Protocol):
    """What begins to watch a channel."""


class ModeNeeds(HasReferences, HasPolicies, HasCommunities, HasClock, Protocol):
    """What chooses a mode, also one for a collection."""


class SettingsNeeds(HasPolicies, HasCommunities, HasBotsChoice, HasVideos, Protocol):
    """What shows everything that the staff chose."""


def meant(context: Context, given: Given) -> Space:
    """The channel that is meant: everywhere, the one that is named, or this one."""
    here = context.space
    return replace(here, channel=EVERYWHERE) if given.flag("everywhere") else given.place("channel") or here


def place_of(context: Context, space: Space) -> Said:
    """The place as a sentence names it."""
    if space.channel == EVERYWHERE:
        return Said(key="place.everywhere")
    if space == context.space:
        return Said(key="place.here" if context.chat.can.has_channels else "place.chat")
    return Said(key="place.named", values={"name": named(context, space)})


def named(context: Context, space: Space) -> str:
    """The channel's name, or its number where it has none."""
    return one_line(context.chat.name_of(space), NAME) or space.channel


async def watch(context: ContextWith[WatchNeeds], given: Given) -> Answer:
    space = meant(context, given)
    await context.chat.begins(space, context.asked.number)
    done = await communities.watch(context.services, space, given.mode(), context.by)
    return await watched(context, space, done, () if context.community.log else (Said(key="said.no-log"),))


async def unwatch(context: ContextWith[HasPolicies], given: Given) -> Answer:
    space = meant(context, given)
    return await _told(context, space, await communities.unwatch(context.services, space, context.by))


async def set_mode(context: ContextWith[ModeNeeds], given: Given) -> Answer:
    """The mode of a channel; or an exception from it for a collection, a kind of match, or both."""
    space, mode = meant(context, given), given.mode()
    if mode is None:
        raise Unclear
    await context.chat.begins(space, context.asked.number)
    collection = await _collection(context, given.text("collection"))
    done = await communities.set_mode(context.services, space, mode, context.by, collection, given.kind())
    is_off = (await context.services.policies.for_space(space)).mode is Mode.OFF
    is_asleep = is_off and (collection or given.kind())
    return await watched(context, space, done, (Said(key="said.mode-asleep"),) if is_asleep else ())


async def _collection(context: ContextWith[HasReferences], name: str) -> str:
    """The full name of a collection, "" for none."""
    async with collection_of(context, name):
        return (await visible_one(context.services, context.space, name)).name if name else ""


async def threshold(context: ContextWith[HasPolicies], given: Given) -> Answer:
    """`90 50`, or how many strangers may be taken for a match: `1 in 10000 50`."""
    space, review = meant(context, given), given.number("review")
    done = await communities.set_thresholds(
        context.services, space, given.text("match"), (review or 0) / 100, context.by
    )
    return await _told(context, space, done)


async def actions(context: ContextWith[HasPolicies], given: Given) -> Answer:
    """What is not named is not done any more."""
    acts, mode = [act for name, act in ACTS.items() if given.flag(name)], given.mode()
    if mode is None or bool(acts) == given.flag("nothing"):
        raise Unclear
    _check(context, acts)
    minutes, hours, space = given.number("minutes"), given.number("hours"), meant(context, given)
    lasting = timedelta(minutes=minutes) if minutes else None
    purge = None if hours is None else timedelta(hours=hours)
    done = await communities.set_acts(context.services, space, mode, acts, context.by, lasting, purge)
    lacking = await context.chat.lacking(space, acts) if acts else ()
    return await _told(context, space, done, lacking)


def _check(context: Context, acts: Sequence[Act]) -> None:
    """Raises Refuse for what the platform has not, and for a quarantine before its role is chosen."""
    missing = tuple(act for act in acts if act in ON_THE_AUTHOR and act not in context.chat.can.does)
    if missing:
        raise Refuse("said.acts-not-here", acts=missing)
    if Act.QUARANTINE in acts and Act.QUARANTINE not in ready(context.chat.can, context.community):
        raise Refuse("said.quarantine-first")


async def reset(context: ContextWith[HasPolicies], given: Given) -> Answer:
    """The channel follows what holds everywhere; everywhere: every channel does."""
    space = meant(context, given)
    gone = await communities.reset(context.services, space, context.by)
    await context.chat.changed(space)
    policy = await context.services.policies.for_space(space)
    key = "said.reset-all" if space.channel == EVERYWHERE else "said.reset" if gone else "said.reset-none"
    return context.answer(_placed(context, space, Said(key=key, values={"mode": policy.mode, "count": gone})))


async def watched(context: ContextWith[WatchNeeds], space: Space, done: Said, more: Sequence[Said] = ()) -> Answer:
    """What was done, what lacks for it; then the platform hears that other channels are watched."""
    await communities.begun(context.services, context.community, context.by)
    acts = _acts_in(await context.services.policies.for_space(space))
    answer = await _told(context, space, done, [*more, *await context.chat.lacking(space, acts, watching=True)])
    await context.chat.changed(space)
    return answer


def _acts_in(policy: Policy) -> Sequence[Act]:
    """All that may be done about a post under this policy, its exceptions included."""
    modes = {policy.mode, *(rule.mode for rule in policy.rules)}
    by_mode = ((Mode.FLAG, policy.flag), (Mode.ENFORCE, (*policy.flag, *policy.enforce)))
    return tuple(dict.fromkeys(act for mode, acts in by_mode if mode in modes for act in acts))


async def _told(context: ContextWith[HasPolicies], space: Space, done: Said, more: Sequence[Said] = ()) -> Answer:
    """The sentence with its place, and below it the channels that keep settings of their own."""
    own = await _own(context) if space.channel == EVERYWHERE else {}
    rows = [Row(text=named(context, one), note=context.words(f"mode.{policy.mode}")) for one, policy in own.items()]
    further = (*more, Said(key="said.own-settings")) if rows else tuple(more)
    return context.answer(replace(_placed(context, space, done), more=(*done.more, *further)), *rows)


def _placed(context: Context, space: Space, said: Said) -> Said:
    return replace(said, values={**said.values, "place": place_of(context, space)})


async def _own(context: ContextWith[HasPolicies]) -> Mapping[Space, Policy]:
    """The channels of this community that have settings of their own."""
    found = await context.services.policies.of_platform(context.space.platform)
    here = context.space.community
    return {space: policy for space, policy in found.items() if space.community == here and space.channel != EVERYWHERE}


async def settings(context: ContextWith[SettingsNeeds], _given: Given) -> Answer:
    """Everything that the staff chose, channel by channel, and what the bot lacks for it."""
    everywhere = replace(context.space, channel=EVERYWHERE)
    holding, own = await context.services.policies.for_space(everywhere), await _own(context)
    words, name = context.words, await context.chat.community_name(context.space)
    chosen = await context.services.communities.get(context.space.platform, context.space.community)
    has_channels, others = context.chat.can.has_channels, "settings.others" if own else "settings.all"
    lines = [
        *_channels(context, own),
        *([_channel(words, words(others), holding)] if has_channels or not own else []),
        *_community(context, chosen),
        *await _roles(context, chosen),
    ]
    title = words("settings.title", name=one_line(name or chosen.name, NAME))
    card = Card(title=title, tone=Tone.DECIDED, lines=filled(lines), colon=words("card.colon"))
    return Answer(cards=(card,), language=context.language)


def _channels(context: Context, own: Mapping[Space, Policy]) -> list[Line]:
    """The first of these channels with all their settings, of the others the mode: no platform has room for more."""
    words, those = context.words, [(named(context, space), policy) for space, policy in own.items()]
    lines = [_channel(words, name, policy) for name, policy in those[:IN_DETAIL]]
    rows = [f"{name}{words('card.colon')}{words(f'mode.{policy.mode}')}" for name, policy in those[IN_DETAIL:]]
    return [*lines, Line(label=words("settings.further"), text="\n".join(rows))]


def _channel(words: Words, name: str, policy: Policy) -> Line:
    if policy.mode is Mode.OFF:
        return Line(label=name, text=words("mode.off"))
    limits = {name: f"{100 * getattr(policy.thresholds, name):.4g}" for name in ("match", "review")}
    facts = [
        (words("settings.mode"), words(f"mode.{policy.mode}")),
        *((_ruled(words, rule), words(f"mode.{rule.mode}")) for rule in policy.rules),
        (words("settings.limits"), words("why.limits", **limits)),
        (words("settings.acts", mode=words("mode.flag")), _acts(words, policy.flag)),
        (words("settings.acts", mode=words("mode.enforce")), _acts(words, policy.enforce)),
        *_lengths(words, policy),
    ]
    return Line(label=name, text="\n".join(f"{what}{words('card.colon')}{value}" for what, value in facts))


def _lengths(words: Words, policy: Policy) -> Iterator[tuple[str, str]]:
    """How long a time-out lasts, and how far back a ban deletes."""
    if Act.TIMEOUT in policy.enforce:
        minutes = round(policy.timeout.total_seconds() / 60)
        yield words("act.timeout"), words("settings.minutes", minutes=minutes)
    if Act.BAN in policy.enforce:
        yield words("settings.purge"), words("settings.hours", hours=round(policy.purge.total_seconds() / 3600))


def _ruled(words: Words, rule: Rule) -> str:
    """What an exception from the mode is for."""
    what = [short_name(rule.collection), words(f"kind.{rule.kind}") if rule.kind else ""]
    return words("settings.only", what=words("card.list").join(filter(None, what)))


def _acts(words: Words, acts: Sequence[Act]) -> str:
    return words("card.list").join(words(f"act.{act}") for act in acts) or words("settings.nothing")


def _community(context: ContextWith[SettingsNeeds], chosen: Community) -> list[Line]:
    words = context.words
    remembered = words(
        f"settings.{'remembered' if chosen.remember_hours else 'forgotten'}", hours=chosen.remember_hours
    )
    key = "settings.reports-one" if chosen.reporters_needed == 1 else "settings.reports-many"
    reports = words(key, people=chosen.reporters_needed, an_hour=chosen.reports_an_hour)
    return [
        Line(label=words("settings.log"), text=_log(context, chosen)),
        Line(label=words("settings.language"), text=words("language.name")),
        Line(label=words("settings.reports"), text=reports),
        Line(label=words("settings.exempt"), text=str(len(chosen.exempt)) if chosen.exempt else ""),
        Line(label=words("settings.ignored"), text=str(len(chosen.ignored_reporters) or "")),
        Line(label=words("settings.remember"), text=remembered),
        Line(label=words("settings.bots"), text=words(f"switch.{_bots(context, chosen)}")),
        Line(label=words("settings.videos"), text="" if context.services.sees_videos else words("settings.unseen")),
    ]


async def _roles(context: Context, chosen: Community) -> list[Line]:
    """The roles that were chosen, where there are any."""
    those = [(use, role) for use, role in (("quarantine", chosen.quarantine), ("ping", chosen.ping)) if role]
    named = [(use, await context.chat.person(context.space, role), role) for use, role in those]
    return [
        Line(label=context.words(f"settings.{use}"), text=one_line(who.name if who else role, NAME))
        for use, who, role in named
    ]


def _log(context: Context, chosen: Community) -> str:
    if not chosen.log:
        return context.words("settings.nowhere")
    return named(context, replace(context.space, channel=chosen.log.partition("/")[0]))


def _bots(context: ContextWith[HasBotsChoice], chosen: Community) -> str:
    """Whether the posts of other bots are looked at: "on" or "off"."""
    is_on = context.services.include_bots if chosen.include_bots is None else chosen.include_bots
    return "on" if is_on else "off"
