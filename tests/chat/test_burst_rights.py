"""Who may decide on a raid: whoever moderates each channel of it; a platform may give that right channel by channel."""

from collections.abc import Mapping

import pytest

from core.messages import Person, Right
from core.types import Act, Space
from core.wording import Words
from handlers.chat import data
from tests.chat.discord import DiscordStage
from tests.chat.matrix import MatrixStage
from tests.chat.stage import LOG, TITLE, Stage, known
from tests.chat.terminal import TerminalStage
from tests.chat.test_bursts import all_stand, burst_of, card_saying, remove_all, until, watched
from tests.peers.matrix_community import STAFF

EN = Words.of("en")


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A front on which each channel may have moderators of its own."""
    if not isinstance(stage, DiscordStage | TerminalStage):
        pytest.skip("there each community has one channel, or a homeserver takes minutes for a raid")
    return stage


async def moderates(stage: Stage, monkeypatch: pytest.MonkeyPatch, who: str, *channels: str) -> None:
    """Have somebody moderate these channels, and no other."""
    if isinstance(stage, DiscordStage):
        for name, channel in stage.channels.items():
            stage.server.allow(channel, stage.people[who], ("manage_messages",), is_allowed=name in channels)
        stage.forget()
        await _are_heard(stage, str(stage.people[who].id), {name: name in channels for name in stage.channels})
    elif isinstance(stage, MatrixStage):
        here, person = stage.here, stage.here.people[who].id
        for name, room in here.rooms.items():
            await here.founder.give_power(room, {person: STAFF if name in channels else 0})
        await _are_heard(stage, person, {name: name in channels for name in here.rooms})
    else:
        assert isinstance(stage, TerminalStage)
        right_of = stage.terminal.chat.right_of

        async def by_channel(person: Person, space: Space) -> Right:
            held = Right.MODERATOR if space.channel in channels else Right.EVERYBODY
            return held if person.id == who else await right_of(person, space)

        monkeypatch.setattr(stage.terminal.chat, "right_of", by_channel)


async def _are_heard(stage: Stage, who: str, moderated: Mapping[str, bool]) -> None:
    """Wait until the bot knows in which channels somebody moderates."""

    async def is_heard() -> bool:
        rights = {name: await stage.chat.right_of(Person(id=who), stage.space(name)) for name in moderated}
        return {name: right is Right.MODERATOR for name, right in rights.items()} == moderated

    await until(is_heard)


async def raided(stage: Stage) -> list[object]:
    """A copy in #general, and one where the moderators read: both by ann."""
    await watched(stage)
    policy = await stage.services.policies.for_space(stage.space())
    await stage.services.policies.set(stage.space(LOG), policy, "mo")
    posts = [await stage.post("ann", known(), where=where) for where in ("general", LOG)]
    await burst_of(stage, 2)
    return posts


def name_of(stage: Stage, where: str) -> str:
    return stage.chat.name_of(stage.space(where))


@pytest.mark.parametrize("mine", ["general", LOG])
@pytest.mark.parametrize("action", ["violation", "allowed", "not_a_match", "abuse"])
async def test_who_moderates_a_part_decides_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, mine: str, action: str
) -> None:
    """They read which channels are not theirs, whichever was posted in first; nothing is done in any."""
    posts = await raided(stage)
    await moderates(stage, monkeypatch, "bo", mine)
    told = await stage.press_data("bo", data.of_case(1, action, 2))
    other = LOG if mine == "general" else "general"
    case = await stage.services.cases.get(1)

    assert EN("said.not-all-yours", channels=name_of(stage, other)) in told
    assert not case.decisions
    assert "gone" not in [await stage.stands(post) for post in posts]


async def test_who_moderates_all_of_them_decides_and_a_part_undoes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moderators of each channel need not run the community. The undo is for all channels, too."""
    posts = await raided(stage)
    await moderates(stage, monkeypatch, "bo", "general", LOG)
    card = await card_saying(stage, remove_all(2))
    await stage.press("bo", card, remove_all(2))
    await all_stand(stage, posts, "gone")
    card = await card_saying(stage, EN("burst.undo", count=2))
    await moderates(stage, monkeypatch, "bo", LOG)
    told = await stage.press("bo", card, EN("burst.undo", count=2))
    case = await stage.services.cases.get(1)

    assert EN("said.not-all-yours", channels=name_of(stage, "general")) in told
    assert case.standing
    assert Act.RESTORE not in [action.act for action in case.actions]


async def test_who_moderates_nothing_is_no_staff(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is told nothing about channels."""
    await raided(stage)
    await moderates(stage, monkeypatch, "bo")
    told = await stage.press_data("bo", data.of_case(1, "violation", 2))

    assert EN("said.staff-only") in told  # a card may have come beside it
    assert EN("said.not-all-yours", channels="").partition(":")[0] not in told


async def test_of_a_card_of_one_channel_its_moderator_decides(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """As before there were bursts."""
    await watched(stage)
    post = await stage.post("ann", known())
    await stage.cards(1, saying=TITLE)
    await moderates(stage, monkeypatch, "bo", "general")
    await stage.press_data("bo", data.of_case(1, "violation"))

    await all_stand(stage, [post], "gone")
