"""A moderator's decision on a case, and its undo. Buttons, commands, API and console all end here.

decision       how the post should stand then           remembered for the next image
violation      as the channel's `enforce` asks: removed  the reference is confirmed: `enforce` may remove its copies;
                                                         an image that no reference matched is known from then on
allowed        untouched                                 this image is clean in this community, in its edits, too
not_a_match    untouched                                 this reference is no match of this image, nor of its edits
unsure         as it is                                  nothing
abuse          removed, and kept by nobody               no picture, no name of a file; hashes, link, numbers and time

What is remembered of images: `core.decided`.
undo           as the verdict had left it                the decision counts no longer
               after a violation, of all posts of a burst: given back, whoever had removed them

by hand        what moderators add to a violation        nothing; the undo of the decision takes it back

Every picture of an album is treated alike, and every post of a burst: those that are there when the decision is stored,
whatever was shown to whoever made it, but none in a channel that they may not decide for (`within`). What is done
already is not asked for again.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from core.bursts import Treated
from core.case_ports import Treatment
from core.cases import Case, Policy
from core.errors import Conflict, Overtaken
from core.policy import HARMLESS, LIFTED, LIFTS, ON_THE_AUTHOR, ON_THE_MESSAGE, ON_THE_POST
from core.types import GUILTY, Act, Decision, Space
from handlers.needs import HasCases, HasCommunities, HasOutboxBell, HasPolicies
from handlers.post_state import Acts, Post, acts_on_author, in_force

ONCE = frozenset(ON_THE_AUTHOR) - frozenset(LIFTED)
"""What is done to an author once, however many posts of a burst are theirs."""

PUTS_OUT = frozenset({Act.KICK, Act.BAN})
"""What makes somebody leave: who is to be put out is named, and it is asked for twice."""

NOTHING: Acts = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOut:
    """Whom a violation would put out: how, the numbers of the authors, and how far back what they wrote goes."""

    acts: tuple[Act, ...]
    authors: tuple[str, ...]
    purge: timedelta = timedelta(0)

    @property
    def mark(self) -> str:
        """What was agreed to: where it is something else by now, it is asked for again."""
        return " ".join([*self.acts, f"{self.purge.total_seconds():.0f}"])


class UndoNeeds(HasCases, HasCommunities, HasOutboxBell, Protocol):
    """What takes a decision back."""


class TreatmentNeeds(HasCases, HasPolicies, Protocol):
    """What says what a decision asks of each post."""


class DecideNeeds(HasCases, HasPolicies, HasCommunities, HasOutboxBell, Protocol):
    """What decides a case."""


async def decide(
    services: DecideNeeds,
    number: int,
    decision: Decision,
    by: str,
    within: Set[Space] | None = None,
    channels: Set[str] | None = None,
) -> Case:
    """Put a decision in force and return the case; raises NotFound, or Conflict if another one is in force.

    Raises Overtaken if there is a post outside of the channels that it may be about, `within`; None = all channels.
    For copies that come later it holds in `channels`, None = in all of the community's.
    """
    case = await services.cases.get(number)
    treat = await treatment(services, await services.cases.spaces(case.id) if within is None else within, decision)
    try:
        await services.cases.decide(case.id, decision, by, await _card(services, case), treat, channels)
    except Overtaken:  # the first post in another channel came meanwhile, whose policy nobody had asked for
        if within is not None:
            raise
        return await decide(services, number, decision, by, channels=channels)
    services.outbox_bell.ring()
    return await services.cases.get(case.id)


async def undo(services: UndoNeeds, number: int, by: str, within: Set[Space] | None = None) -> Case:
    """Take back the decision in force and restore all posts; return the case. Raises as `decide`."""
    case = await services.cases.get(number)
    standing = case.standing
    is_for_all = case.burst is not None and standing is not None and standing.decision is Decision.VIOLATION
    treat = _all(_given_back if is_for_all else _as_the_verdict_left_it)
    treat = treat if within is None else _within(within, treat)
    await services.cases.undo(case.id, by, await _card(services, case), standing.id if standing else None, treat)
    services.outbox_bell.ring()
    return await services.cases.get(case.id)


async def treatment(services: HasPolicies, spaces: Set[Space], decision: Decision) -> Treatment:
    """Return what the decision asks of posts in these channels, each by the policy of its own.

    For a post in another channel it raises Overtaken.
    """
    return _by(await _policies(services, spaces), decision)


async def _policies(services: HasPolicies, spaces: Set[Space]) -> Mapping[Space, Policy]:
    return {space: await services.policies.for_space(space) for space in spaces}


def _by(policies: Mapping[Space, Policy], decision: Decision) -> Treatment:
    return _within(policies.keys(), _all(lambda post: wanted(post, decision, policies[post[0].space])))


def _within(spaces: Set[Space], treat: Treatment) -> Treatment:
    def checked(pictures: Sequence[Treated]) -> Sequence[tuple[int, Act]]:
        if any(picture.space not in spaces for picture in pictures):
            raise Overtaken("There is a post in another channel by now: look at it again.")
        return treat(pictures)

    return checked


async def puts_out(services: TreatmentNeeds, case: Case) -> PutOut | None:
    """Return whom a violation would put out, by the policies of all channels of its posts; None for nobody.

    Nothing is done to an author who was forgotten.
    """
    if case.standing is not None:
        return None
    pictures = await services.cases.treated(case.id)
    policies = await _policies(services, {picture.space for picture in pictures})
    of = {one.id: one for one in pictures}
    wanted_acts = _by(policies, Decision.VIOLATION)(pictures)
    asked = [(of[one], act) for one, act in wanted_acts if act in PUTS_OUT and of[one].author]
    purged = [policies[picture.space].purge for picture, act in asked if act is Act.BAN]
    acts = tuple(dict.fromkeys(act for _, act in asked))
    authors = tuple(dict.fromkeys(picture.author for picture, _ in asked))
    return PutOut(acts=acts, authors=authors, purge=max(purged, default=timedelta(0))) if asked else None


async def by_hand(services: DecideNeeds, number: int, act: Act, by: str) -> Case:
    """Ask for an act on the author of a violation, or for what lifts one, and return the case.

    The author is told first, where the community has authors told. Raises NotFound; Conflict if no such decision is in
    force any more, or if there is nothing to do.
    """
    case = await services.cases.get(number)
    standing, now = case.standing, on_author(case)
    if standing is None or standing.decision not in GUILTY or (LIFTED[act] not in now if act in LIFTED else act in now):
        raise Conflict("There is nothing to do any more.")
    policy = await services.policies.for_space(case.event.space)
    is_told = Act.TELL in policy.enforce and standing.decision is Decision.VIOLATION and act not in LIFTED
    acts = [*([Act.TELL] if is_told and Act.TELL not in now else []), act]
    wanted = [*((case.id, one) for one in acts), *await _card(services, case)]
    await services.cases.order(case.id, by, f"hand-{standing.id}-{_newest(case)}", wanted, standing.id)
    services.outbox_bell.ring()
    return await services.cases.get(case.id)


def on_author(case: Case) -> Acts:
    """Return what holds of the acts on the author of the case's first post, whichever of their pictures it was for."""
    return in_force([one for one in case.pictures if one.event.author == case.event.author]) & ON_THE_AUTHOR


def _newest(case: Case) -> int:
    """Return the newest action on the author: two moderators who saw the same ask for the same thing once."""
    return max((action.id for action in acts_on_author(case, case.event.author)), default=0)


def wanted(post: Post, decision: Decision, policy: Policy) -> Acts:
    """Return the acts that should be in force on a post after this decision."""
    match decision:
        case Decision.VIOLATION:
            return in_force(post) | set(policy.enforce)
        case Decision.UNSURE:
            return in_force(post)
        case Decision.ABUSE:
            return in_force(post) | {Act.REMOVE}
        case _:
            return NOTHING


def _as_the_verdict_left_it(post: Post) -> Acts:
    return in_force(post, by_verdict=True)


def _given_back(post: Post) -> Acts:
    """What a verdict had removed comes back with the others: the button says that it is for all posts."""
    return in_force(post, by_verdict=True) & HARMLESS


def steps(now: Set[Act], then: Set[Act]) -> list[Act]:
    """Return the acts that turn one state of a post into another.

    RESTORE takes back everything on the message; what should stay is done again. What nothing takes back is left alone.
    """
    acts = [lift for act, lift in LIFTS.items() if act in now - then]
    if any(act in now - then for act in ON_THE_MESSAGE):
        acts.append(Act.RESTORE)
        now = now - set(ON_THE_MESSAGE)
    return [*acts, *(act for act in ON_THE_POST if act in then - now)]


def _all(goal: Callable[[Sequence[Treated]], Acts]) -> Treatment:
    """Return the treatment that brings every message of a case to what should be in force on it.

    An author is acted on once, with their first message; what bars them is lifted wherever it was done.
    """

    def treat(pictures: Sequence[Treated]) -> list[tuple[int, Act]]:
        posts: dict[tuple[str, str], list[Treated]] = defaultdict(list)
        for picture in pictures:
            posts[picture.post].append(picture)
        acted = {(post[0].author, act) for post in posts.values() for act in in_force(post) & ONCE}
        return [wanted_act for post in posts.values() for wanted_act in _steps_of(post, goal(post), acted)]

    return treat


def _steps_of(post: Sequence[Treated], goal: Acts, acted: set[tuple[str, Act]]) -> list[tuple[int, Act]]:
    """Return the steps for one message, and note what they do to its author."""
    first = post[0]
    asked = [act for act in steps(in_force(post), goal) if (first.author, act) not in acted]
    acted.update((first.author, act) for act in asked if act in ONCE)
    return [(first.id, act) for act in asked]


async def _card(services: HasCommunities, case: Case) -> list[tuple[int, Act]]:
    """Return the update of the moderators' card, where the community has one."""
    space = case.event.space
    community = await services.communities.get(space.platform, space.community)
    return [(case.id, Act.CARD)] if community.log else []
