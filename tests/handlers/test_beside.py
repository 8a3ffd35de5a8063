"""A message with two cases stays removed while one of them wants that, and comes back once; so do authors of two."""

import asyncio
from dataclasses import replace

import pytest

from bot.services import Services
from core.cases import Policy
from core.chat import DONE, Carried, Community, Order
from core.types import Act, ActState, Decision, Intent, Mode, Platform
from handlers import review
from handlers.outbox import carry_out
from handlers.screening import LEASE
from tests.clock import Clock
from tests.small import SAME, SPACE, FakeFront, event

STAYS = (Act.RESTORE, ActState.STAYS)


@pytest.fixture(autouse=True)
async def set_up(services: Services) -> None:
    await services.communities.put(Community(platform=Platform.DISCORD, id=SPACE.community, log="cards"), "mo")
    await services.policies.set(SPACE, Policy(mode=Mode.ENFORCE), "mo")


async def two_cases(services: Services, *second: Act) -> tuple[int, int]:
    """Cases of one message: of a posted picture, and of another one, whose verdict asked for these acts."""
    numbers = []
    for image, intent, acts in (("one", Intent.POSTED, ()), ("two", Intent.REPORTED, second)):
        await services.inbox.accept([event(image, intent=intent, message="m")])
        (waiting,) = await services.inbox.claim(1, LEASE)
        number = await services.cases.conclude(waiting, image, SAME, Mode.ENFORCE, acts)
        assert number
        numbers.append(number)
    return numbers[0], numbers[1]


async def work(services: Services, clock: Clock) -> None:
    """Carry everything out, side by side, also what has to wait for another."""
    for _ in range(9):
        while actions := await services.cases.claim_actions(32):
            await asyncio.gather(*(carry_out(services, action) for action in actions))
        clock.turn(seconds=60)


def restored(front: FakeFront) -> int:
    """How often the message was posted again."""
    return sum(order.action.act is Act.RESTORE for order in front.orders)


async def how(services: Services, number: int) -> tuple[Act, ActState, str]:
    """The last act on the post of a case."""
    case = await services.cases.get(number)
    last = [one for one in case.actions if one.act is not Act.CARD][-1]
    return last.act, last.state, last.detail


async def test_the_last_undo_gives_it_back(services: Services, front: FakeFront, clock: Clock) -> None:
    """The first one says which case keeps it away."""
    first, second = await two_cases(services)
    for number in (first, second):
        await review.decide(services, number, Decision.VIOLATION, "mo")
    await work(services, clock)
    await review.undo(services, first, "mo")
    await work(services, clock)
    then, count = await how(services, first), restored(front)
    await review.undo(services, second, "mo")
    await work(services, clock)

    assert then == (*STAYS, f"stays-violation|{second}")
    assert (count, restored(front)) == (0, 1)
    assert sum(order.action.act is Act.REMOVE for order in front.orders) == 1


async def test_two_undos_at_once_give_it_back_once(services: Services, front: FakeFront, clock: Clock) -> None:
    """Whichever is carried out first."""
    numbers = await two_cases(services)
    for number in numbers:
        await review.decide(services, number, Decision.VIOLATION, "mo")
    await work(services, clock)
    await asyncio.gather(*(review.undo(services, number, "mo") for number in numbers))
    await work(services, clock)

    assert restored(front) == 1


async def test_what_a_verdict_removed_comes_back_when_that_is_allowed(
    services: Services, front: FakeFront, clock: Clock
) -> None:
    """No moderator called the second case anything: its verdict had the message removed."""
    first, second = await two_cases(services, Act.REMOVE)
    await review.decide(services, first, Decision.VIOLATION, "mo")
    await work(services, clock)
    await review.undo(services, first, "mo")
    await work(services, clock)
    then, count = await how(services, first), restored(front)
    await review.decide(services, second, Decision.ALLOWED, "mo")
    await work(services, clock)

    assert then == (*STAYS, f"stays-verdict|{second}")
    assert (count, restored(front)) == (0, 1)


async def test_suspected_abuse_beside_it_is_never_posted_again(
    services: Services, front: FakeFront, clock: Clock
) -> None:
    """Also after that was taken back, as with one case."""
    first, second = await two_cases(services)
    await review.decide(services, first, Decision.VIOLATION, "mo")
    await review.decide(services, second, Decision.ABUSE, "mo")
    await work(services, clock)
    await review.undo(services, second, "mo")
    await review.undo(services, first, "mo")
    await work(services, clock)

    assert restored(front) == 0
    assert (await how(services, first))[1:] == (ActState.UNSUPPORTED, "no-original")


async def test_decided_once_more_it_is_removed_once(services: Services, front: FakeFront, clock: Clock) -> None:
    """A violation after the undo that changed nothing: the message is gone already, and its undo waits again."""
    first, second = await two_cases(services)
    for number in (first, second):
        await review.decide(services, number, Decision.VIOLATION, "mo")
    await review.undo(services, first, "mo")
    await review.decide(services, first, Decision.VIOLATION, "mo")
    await review.undo(services, second, "mo")
    await work(services, clock)
    then, count = await how(services, second), restored(front)
    await review.undo(services, first, "mo")
    await work(services, clock)

    assert then == (*STAYS, f"stays-violation|{first}")
    assert (count, restored(front)) == (0, 1)


async def test_what_could_not_be_removed_is_held_by_nobody(services: Services, clock: Clock) -> None:
    """A removal that was not possible for the second case keeps nothing away."""
    first, second = await two_cases(services)
    refusing = FakeFront(answer=Carried(state=ActState.UNSUPPORTED, sentence="too-old"))
    broken = replace(services, fronts={Platform.DISCORD: refusing})
    await review.decide(services, second, Decision.VIOLATION, "mo")
    await work(broken, clock)
    await review.decide(services, first, Decision.VIOLATION, "mo")
    await work(services, clock)
    await review.undo(services, first, "mo")
    await work(services, clock)

    assert (await how(services, first))[:2] == (Act.RESTORE, ActState.DONE)


class Bouncer(FakeFront):
    """A platform that knows who is banned, and tells when somebody is already."""

    banned: bool = False

    async def carry_out(self, order: Order) -> Carried:
        await super().carry_out(order)
        act, was_banned = order.action.act, self.banned
        if act in (Act.BAN, Act.UNBAN):
            self.banned = act is Act.BAN
        if act is not Act.BAN:
            return DONE
        return replace(DONE, sentence="banned-before") if was_banned else replace(DONE, receipt="a ban")


async def two_bans(services: Services) -> tuple[int, int]:
    """Cases of two messages of the same author, who is banned for each."""
    await services.policies.set(SPACE, Policy(mode=Mode.ENFORCE, enforce=(Act.BAN,)), "mo")
    numbers = []
    for image in ("one", "two"):
        await services.inbox.accept([event(image)])
        (waiting,) = await services.inbox.claim(1, LEASE)
        number = await services.cases.conclude(waiting, image, SAME, Mode.ENFORCE)
        assert number
        await review.decide(services, number, Decision.VIOLATION, "mo")
        numbers.append(number)
    return numbers[0], numbers[1]


async def test_a_ban_for_two_cases_ends_with_the_second_undo(services: Services, clock: Clock) -> None:
    """Whichever comes first; each card names the other case."""
    front = Bouncer()
    services = replace(services, fronts={Platform.DISCORD: front})
    first, second = await two_bans(services)
    await work(services, clock)
    told = await how(services, second)
    await review.undo(services, first, "mo")
    await work(services, clock)
    then, still = await how(services, first), front.banned
    await review.undo(services, second, "mo")
    await work(services, clock)

    assert told == (Act.BAN, ActState.DONE, f"barred-too|{first}")
    assert then == (Act.UNBAN, ActState.STAYS, f"stays-barred|{second}")
    assert (still, front.banned) == (True, False)


async def test_a_moderator_lifts_it_at_once(services: Services, clock: Clock) -> None:
    """Who presses *Unban* means the person."""
    front = Bouncer()
    services = replace(services, fronts={Platform.DISCORD: front})
    first, _ = await two_bans(services)
    await work(services, clock)
    await review.by_hand(services, first, Act.UNBAN, "mo")
    await work(services, clock)

    assert not front.banned


async def test_a_ban_of_somebody_else_is_no_act_of_ours(services: Services, clock: Clock) -> None:
    """The undo of both leaves it, and nobody is told that it was done for a case."""
    front = Bouncer()
    front.banned = True
    services = replace(services, fronts={Platform.DISCORD: front})
    numbers = await two_bans(services)
    await work(services, clock)

    assert [(await how(services, number))[2] for number in numbers] == ["banned-before"] * 2
