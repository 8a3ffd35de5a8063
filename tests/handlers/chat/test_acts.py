"""What the outbox orders, on a platform that does all of it, some of it, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.cases import ActionRecord, Policy, Profile
from core.chat import Carried, Community, Order, Said
from core.chat_port import Capabilities, Measure, Outgoing, Removal, Removed
from core.messages import Answer
from core.policy import ON_THE_AUTHOR
from core.types import Act, ActState, Decision, ImageEvent
from handlers.chat.acts import ChatFront
from tests.bot.cases import case, decision, event

DONE = Carried(state=ActState.DONE)
REFUSED = Carried(state=ActState.UNSUPPORTED, sentence="not-possible")
ABLE = Capabilities(has_channels=True, answers_alone=True, does=ON_THE_AUTHOR)
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Recorder:
    """`core.chat_port.Acting` that writes down what it is asked; `answers` are given instead of done."""

    name: str = "recorder"
    can: Capabilities = ABLE
    keeps_posts: bool = False
    answers: dict[str, Carried] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def _does(self, what: str, *about: Any) -> Carried:
        self.asked.append((what, about[0] if len(about) == 1 else about))
        return self.answers.get(what, DONE)

    async def fetch(self, event: ImageEvent) -> bytes:
        return event.image.encode()

    async def kept(self, event: ImageEvent, receipt: str) -> bytes | None:  # noqa: ARG002
        return None

    async def profile(self, event: ImageEvent) -> Profile:  # noqa: ARG002
        return Profile()

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:  # noqa: ARG002
        return None

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        return self._does("show", address, message, receipt)

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:  # noqa: ARG002
        return replace(self._does("reply", below), receipt="90")

    async def may_read(self, address: str, community: Community) -> bool:  # noqa: ARG002
        return address != "somebody"

    async def can_write(self, address: str, community: Community) -> Carried:  # noqa: ARG002
        return self._does("can_write", address)

    async def warn(self, *about: Any) -> bool:
        return self._does("warn", about) is DONE

    async def withdraw(self, receipt: str) -> Carried:
        return self._does("withdraw", receipt)

    async def react(self, event: ImageEvent, message: str, on: bool) -> Carried:  # noqa: ARG002
        return self._does("react", message, on)

    async def delete(self, event: ImageEvent, message: str, removal: Removal) -> Carried:  # noqa: ARG002
        return self._does("delete", message)

    async def erase(self, event: ImageEvent, message: str) -> Carried:  # noqa: ARG002
        return self._does("erase", message)

    async def restrict(
        self,
        event: ImageEvent,  # noqa: ARG002
        until: datetime | None,
        reason: object,  # noqa: ARG002
        language: str,  # noqa: ARG002
        before: str,
    ) -> Carried:
        return self._does("restrict", until, before)

    async def on_author(self, event: ImageEvent, measure: Measure) -> Carried:  # noqa: ARG002
        return self._does("on_author", measure)

    async def tell(self, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:  # noqa: ARG002
        return self._does("tell", message.answer.said, aloud and aloud.said)

    async def repost(self, removed: Removed) -> Carried:
        return self._does("repost", removed)


def order(act: Act, *done: tuple[Act, str], policy: Policy | None = None, log: str = "cards", **more: Any) -> Order:
    """An order about a post to which this was done before, each with its receipt."""
    past = [
        ActionRecord(id=number, case=12, act=one, key=str(number), state=ActState.DONE, receipt=receipt)
        for number, (one, receipt) in enumerate(done, 1)
    ]
    action = ActionRecord(id=50, case=12, act=act, key="50", attempts=1)
    about = case(event=event(text="look"), actions=(*past, action), **more)
    community = Community(platform=about.event.space.platform, id="1", log=log, language="en")
    return Order(action=action, case=about, about=about, community=community, policy=policy or Policy())


async def carried(acting: Recorder, asked: Order) -> tuple[Carried, Sequence[tuple[str, Any]]]:
    """How the order went, and what the platform was asked for."""
    front = ChatFront(acting, lambda: NOW, timedelta(days=7))
    return await front.carry_out(asked), acting.asked


async def test_an_undo_of_long_ago_says_that_a_text_may_lack() -> None:
    """It is kept no longer than the evidence; of one that is there nothing is said."""
    asked = order(Act.RESTORE, (Act.REMOVE, ""))
    forgotten = replace(asked.about, event=replace(asked.about.event, text="", author="", author_name=""))
    old = replace(forgotten, opened_at=NOW - timedelta(days=8))
    acting = Recorder()
    went, ((_, removed),) = await carried(acting, replace(asked, case=old, about=old))

    assert (went.state, went.sentence) == (ActState.DONE, "no-text")
    assert removed.above == Said(key="done.restored-forgotten")
    assert (await carried(Recorder(), asked))[0].sentence == ""


async def test_a_flag_is_a_mark() -> None:
    """And nothing else, where marks are allowed."""
    assert await carried(Recorder(), order(Act.FLAG)) == (DONE, [("react", ("4400", True))])


async def test_where_marks_are_not_allowed_a_reply_stands_for_it() -> None:
    """Its receipt is kept, so an undo takes it away."""
    acting = Recorder(answers={"react": REFUSED})
    went, asked = await carried(acting, order(Act.FLAG))
    _, undone = await carried(Recorder(), order(Act.RESTORE, (Act.FLAG, went.receipt)))

    assert went == Carried(state=ActState.DONE, receipt="90", sentence=REFUSED.sentence)
    assert asked == [("react", ("4400", True)), ("reply", "4400")]
    assert undone == [("erase", "90"), ("react", ("4400", False))]


async def test_no_reply_stands_for_a_mark_where_one_comes_anyway() -> None:
    """The refusal is told as it is."""
    policy = Policy(flag=(Act.FLAG, Act.REPLY))
    went, asked = await carried(Recorder(answers={"react": REFUSED}), order(Act.FLAG, policy=policy))

    assert went == REFUSED
    assert asked == [("react", ("4400", True))]


async def test_a_post_that_was_given_back_is_removed_whole() -> None:
    """All messages that stand for it go."""
    _, asked = await carried(Recorder(), order(Act.REMOVE, (Act.REMOVE, ""), (Act.RESTORE, "60+61")))

    assert asked == [("delete", "60"), ("erase", "61")]


async def test_a_refused_removal_takes_nothing_else_away() -> None:
    """What stands below the post stays below it."""
    acting = Recorder(answers={"delete": REFUSED})
    went, asked = await carried(acting, order(Act.REMOVE, (Act.REMOVE, ""), (Act.RESTORE, "60+61")))

    assert (went, asked) == (REFUSED, [("delete", "60")])


async def test_a_removed_post_comes_back_with_its_words() -> None:
    """In the author's name, and the reply below it goes."""
    _, asked = await carried(Recorder(), order(Act.RESTORE, (Act.REPLY, "58"), (Act.REMOVE, "")))
    (erased, (reposted, removed)) = asked

    assert erased == ("erase", "58")
    assert reposted == "repost"
    assert (removed.text, removed.above.values["name"]) == ("look", "Bo")


async def test_what_was_never_touched_needs_no_undo() -> None:
    """A restore of nothing is done."""
    assert await carried(Recorder(), order(Act.RESTORE)) == (DONE, [])


async def test_a_timeout_is_lifted_by_its_receipt() -> None:
    """And lasts as long as the policy says."""
    policy = Policy(timeout=timedelta(hours=1))
    _, barred = await carried(Recorder(), order(Act.TIMEOUT, policy=policy))
    _, lifted = await carried(Recorder(), order(Act.RELEASE, (Act.TIMEOUT, "until")))

    assert barred == [("restrict", (NOW + timedelta(hours=1), ""))]
    assert lifted == [("restrict", (None, "until"))]


async def test_without_a_place_no_card_is_shown() -> None:
    """That is told, and nothing is asked of the platform."""
    went, asked = await carried(Recorder(), order(Act.CARD, log=""))

    assert (went.state, asked) == (ActState.UNSUPPORTED, [])


async def test_a_card_that_is_known_is_renewed_wherever_cards_go_now() -> None:
    """By its receipt, with what the case says now."""
    _, ((_, (address, message, receipt)),) = await carried(Recorder(), order(Act.CARD, (Act.CARD, "7"), log=""))

    assert (address, receipt) == ("", "7")
    assert message.answer.cards[0].title


async def test_of_suspected_abuse_nothing_stays() -> None:
    """The card is bare, and keeps no post."""
    asked = order(Act.CARD, (Act.CARD, "7"), decisions=(decision(3, Decision.ABUSE),))
    _, ((_, (_, message, _)),) = await carried(Recorder(), asked)

    assert message.bare
    assert message.keeps == ()


@pytest.mark.parametrize("log", ["", "cards"])
async def test_whether_a_card_could_be_shown(log: str) -> None:
    """Nowhere is no place; otherwise the platform says so."""
    acting = Recorder()
    front = ChatFront(acting, lambda: NOW, timedelta(days=7))
    community = order(Act.CARD, log=log).community

    assert (await front.can_show(community)).state is (ActState.DONE if log else ActState.UNSUPPORTED)
    assert acting.asked == ([("can_write", "cards")] if log else [])
