"""Where no card can be shown nothing is removed without a moderator; somebody is told, and all of it comes later."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from bot.services import Services
from core.cases import NO_CARD, Case, Policy
from core.chat import Carried, Community, Order
from core.errors import RetryLater
from core.types import Act, ActState, Collection, Decision, Mode, Purpose
from handlers import communities, intake, outbox, references, review
from handlers.outbox import AGAIN_WITHIN, carry_out
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from tests.clock import Clock
from tests.small import SPACE, FakeFront, event, saved, scribble

pytestmark = pytest.mark.usefixtures("no_bursts")

HIDDEN = Carried(state=ActState.FORBIDDEN, sentence="no-permission|View Channel")

WRONG = Carried(state=ActState.FAILED, sentence="internal")


class Moody(FakeFront):
    """A platform that shows no cards, or does nothing at all, as long as a test wants; `picky` about what they say.

    `on_card` is done once, while it is asked for a card.
    """

    forbidden: frozenset[Act] = frozenset()
    deaf: bool = False
    picky: bool = False
    on_card: Callable[[], Awaitable[object]] | None = None

    async def carry_out(self, order: Order) -> Carried:
        carried, is_hidden = await FakeFront.carry_out(self, order), order.action.act in self.forbidden
        if order.action.act is Act.CARD and self.on_card:
            change, self.on_card = self.on_card, None
            await change()
        if self.picky and order.action.act is Act.CARD:
            return WRONG
        return HIDDEN if is_hidden else replace(carried, receipt="r")

    async def can_show(self, community: Community) -> Carried:
        is_hidden = not community.log or Act.CARD in self.forbidden
        return HIDDEN if is_hidden else await FakeFront.can_show(self, community)

    async def warn(self, *told: object) -> bool:
        if self.deaf:
            raise RetryLater("unreachable")
        return await FakeFront.warn(self, *told)  # type: ignore[arg-type]


@pytest.fixture
def front() -> Moody:
    return Moody(keeps_posts=False)


@pytest.fixture
async def enforced(services: Services, front: Moody) -> Services:
    """A community that removes copies of a confirmed image; its cards go to `log`."""
    home = Community(platform=SPACE.platform, id=SPACE.community, log="log", language="en", set_up_at=services.clock())
    await services.communities.put(home, "ann")
    await services.policies.set(SPACE, Policy(mode=Mode.ENFORCE), "ann")
    await services.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    front.images["one"] = saved(scribble(1))
    await references.add(services, Entry(key="one", collection="library"), front.images["one"])
    (case,) = await posted(services, "first")
    await review.decide(services, case.id, Decision.VIOLATION, "ann")
    await work(services)
    return services


async def posted(services: Services, *messages: str) -> list[Case]:
    """The image is posted in each of these messages, screened, and everything that can be done is done."""
    known = {one.id for one in await services.cases.newest(limit=99)}
    for message in messages:
        await intake.accept(services, [event("one", message=message, author=f"author of {message}")])
        for waiting in await services.inbox.claim(9, LEASE):
            await screen(services, waiting)
    await work(services)
    return [one for one in reversed(await services.cases.newest(limit=99)) if one.id not in known]


async def work(services: Services) -> None:
    """Carry out all that waits."""
    while actions := await services.cases.claim_actions(50):
        for action in actions:
            await carry_out(services, action)


async def states(services: Services, case: Case) -> Sequence[tuple[Act, ActState, str]]:
    return [(one.act, one.state, one.detail) for one in (await services.cases.get(case.id)).actions]


async def test_a_removal_comes_after_its_card(enforced: Services) -> None:
    """The card is shown, and tells again how the removal went."""
    (case,) = await posted(enforced, "second")

    assert [act for act, _, _ in await states(enforced, case)] == [Act.CARD, Act.REMOVE, Act.CARD]
    assert {state for _, state, _ in await states(enforced, case)} == {ActState.DONE}


@pytest.fixture
def raid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Much waits."""
    monkeypatch.setattr("handlers.screen.FEW", 0)


@pytest.mark.usefixtures("raid")
async def test_in_a_raid_a_removal_waits_for_no_card(enforced: Services) -> None:
    """A platform may allow few messages a minute, and a raid makes many."""
    (case,) = await posted(enforced, "second")

    assert [act for act, _, _ in await states(enforced, case)] == [Act.REMOVE, Act.CARD]
    assert {state for _, state, _ in await states(enforced, case)} == {ActState.DONE}


async def test_a_card_that_is_refused_for_what_it_says_removes_nothing(enforced: Services, front: Moody) -> None:
    """The platform would let us write there, and still nobody sees the card; once one is seen all of it comes."""
    front.picky = True
    (case,) = await posted(enforced, "second")
    before = await states(enforced, case)
    front.picky = False
    await posted(enforced, "third")

    assert (Act.REMOVE, ActState.FORBIDDEN, NO_CARD) in before
    assert front.warned
    assert {state for _, state, _ in await states(enforced, case)} == {ActState.DONE}


@pytest.mark.usefixtures("raid")
async def test_in_a_raid_one_refused_card_is_enough(enforced: Services, front: Moody) -> None:
    """What was removed before it stays so; from then on nothing is removed until a card is seen."""
    front.picky = True
    await posted(enforced, "second")
    (case,) = await posted(enforced, "third")

    assert (Act.REMOVE, ActState.FORBIDDEN, NO_CARD) in await states(enforced, case)


async def test_without_a_card_nothing_is_removed(enforced: Services, front: Moody) -> None:
    """The removal is refused, and says why."""
    front.forbidden = frozenset({Act.CARD})
    (case,) = await posted(enforced, "second")

    assert (Act.REMOVE, ActState.FORBIDDEN, NO_CARD) in await states(enforced, case)
    assert all(one.act is not Act.REMOVE or one.decision for one in front.acts)


async def test_somebody_is_told_once_a_day(enforced: Services, front: Moody, clock: Clock) -> None:
    """Not with every post, and again the next day."""
    front.forbidden = frozenset({Act.CARD})
    await posted(enforced, "second", "third")
    first = list(front.warned)
    clock.turn(days=1, minutes=1)
    await posted(enforced, "fourth")

    (space, warning, language) = first[0]
    assert (len(first), len(front.warned)) == (1, 2)
    assert (space, warning.key, language) == (SPACE, "said.no-card", "en")
    assert "View Channel" in str(warning.values["why"])


async def test_who_could_not_be_told_is_told_next_time(enforced: Services, front: Moody) -> None:
    """A platform that does not answer costs no warning."""
    front.forbidden, front.deaf = frozenset({Act.CARD}), True
    await posted(enforced, "second")
    front.deaf = False
    await posted(enforced, "third")

    assert len(front.warned) == 1


@pytest.mark.parametrize("how", ["log", "rights"])
async def test_what_was_missed_comes_later(enforced: Services, front: Moody, how: str) -> None:
    """With another place for cards, or with the right given back: the card, and what it tells of."""
    front.forbidden = frozenset({Act.CARD})
    (case,) = await posted(enforced, "second")
    front.forbidden, front.acts[:] = frozenset(), []
    if how == "log":
        home = await enforced.communities.get(SPACE.platform, SPACE.community)
        await communities.set_log(enforced, home, "other", "ann")
    else:
        await outbox.again(enforced, SPACE.home)
    await work(enforced)

    assert {one.act for one in front.acts} == {Act.CARD, Act.REMOVE}
    assert {state for _, state, _ in await states(enforced, case)} == {ActState.DONE}


async def test_a_refused_removal_comes_later(enforced: Services, front: Moody) -> None:
    """Once the right is there, what a moderator or the policy wanted is done."""
    front.forbidden = frozenset({Act.REMOVE})
    (case,) = await posted(enforced, "second")
    refused = await states(enforced, case)
    front.forbidden = frozenset()
    again = await outbox.again(enforced, SPACE.home)
    await work(enforced)

    assert (Act.REMOVE, ActState.FORBIDDEN, HIDDEN.sentence) in refused
    assert again == 1
    assert {state for _, state, _ in await states(enforced, case)} == {ActState.DONE}


async def test_the_card_tells_what_came_later(enforced: Services, front: Moody) -> None:
    """It said that the removal was refused; it is renewed once it is done."""
    front.forbidden = frozenset({Act.REMOVE})
    await posted(enforced, "second")
    front.forbidden, front.acts[:] = frozenset(), []
    await outbox.again(enforced, SPACE.home)
    await work(enforced)

    assert [one.act for one in front.acts] == [Act.REMOVE, Act.CARD]


async def test_what_a_moderator_allowed_meanwhile_stays(enforced: Services, front: Moody) -> None:
    """A word of a moderator, even one that was taken back, counts more than what was refused before it."""
    front.forbidden = frozenset({Act.REMOVE})
    allowed, undone = await posted(enforced, "second", "third")
    for case in (allowed, undone):
        await review.decide(enforced, case.id, Decision.ALLOWED, "ann")
    await review.undo(enforced, undone.id, "ann")
    await work(enforced)
    front.forbidden = frozenset()
    removals = [one for one in front.acts if one.act is Act.REMOVE]
    again = await outbox.again(enforced)
    await work(enforced)

    assert [one for one in front.acts if one.act is Act.REMOVE] == removals
    assert again == 0


async def test_what_is_too_old_stays_as_it_is(enforced: Services, front: Moody, clock: Clock) -> None:
    """Nobody expects a post of last month to be removed."""
    front.forbidden = frozenset({Act.CARD, Act.REMOVE})
    await posted(enforced, "second")
    clock.at += AGAIN_WITHIN
    clock.turn(minutes=1)

    assert await outbox.again(enforced, SPACE.home) == 0


async def test_another_community_is_left_alone(enforced: Services, front: Moody) -> None:
    """Rights that were given somewhere change nothing elsewhere."""
    front.forbidden = frozenset({Act.CARD})
    await posted(enforced, "second")

    assert await outbox.again(enforced, f"{SPACE.platform}:another") == 0
    assert await outbox.again(enforced) > 0


async def test_cards_of_before_there_was_a_place_come(enforced: Services, front: Moody) -> None:
    """A community without a place for cards gets them once it names one; until then nothing is removed."""
    home = await enforced.communities.get(SPACE.platform, SPACE.community)
    await communities.set_log(enforced, home, "", "ann")
    front.forbidden = frozenset({Act.CARD})
    (case,) = await posted(enforced, "second")
    front.forbidden = frozenset()
    before = await states(enforced, case)
    await communities.set_log(enforced, home, "log", "ann")
    await work(enforced)

    assert (Act.REMOVE, ActState.FORBIDDEN, NO_CARD) in before
    assert {state for _, state, _ in await states(enforced, case)} == {ActState.DONE}


async def test_a_card_that_is_refused_while_its_place_changes_comes(enforced: Services, front: Moody) -> None:
    """Whoever named the new place asked for refused cards before this one was."""
    home = await enforced.communities.get(SPACE.platform, SPACE.community)

    async def name_another() -> None:
        await communities.set_log(enforced, home, "log2", "ann")
        front.forbidden = frozenset()

    front.forbidden, front.on_card = frozenset({Act.CARD}), name_another
    (case,) = await posted(enforced, "second")

    assert {state for _, state, _ in await states(enforced, case)} == {ActState.DONE}
