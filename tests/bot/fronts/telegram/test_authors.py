"""What is done to authors on Telegram is told as it was, and nothing that others did is taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.chat import Carried
from core.telling import failure
from core.types import Act, ActState
from core.wording import Words
from tests.bot.fronts.telegram.play import Play

EN = Words.of("en")
DONE = ActState.DONE
AGAINST = (Act.QUARANTINE, Act.KICK, Act.BAN)
LIFTS = {Act.QUARANTINE: Act.UNQUARANTINE, Act.BAN: Act.UNBAN}


def status(play: Play) -> str:
    return play.telegram.member(play.group, play.alice).status


@pytest.mark.parametrize(("act", "fate"), [(Act.QUARANTINE, "restricted"), (Act.BAN, "kicked")])
async def test_an_act_on_the_author_and_what_lifts_it(play: Play, act: Act, fate: str) -> None:
    """For ever, until it is lifted; a second try of the same is the same."""
    await play.do(act)
    first = (status(play), play.telegram.member(play.group, play.alice).until)
    play.attempts = 2
    again = await play.do(act)
    lifted = await play.do(LIFTS[act])

    assert first == (fate, 0)
    assert again.state is lifted.state is DONE
    assert status(play) in ("member", "left")


async def test_a_kick_lets_them_come_back(play: Play) -> None:
    """They are out, and not banned."""
    went = await play.do(Act.KICK)

    assert went == Carried(state=DONE)
    assert status(play) == "left"


async def test_a_kick_that_is_refused_half_way_is_told(play: Play) -> None:
    """They are out; that they can't come back by themselves stands on the card."""
    play.telegram.fail("unbanChatMember", code=400, description="Bad Request: not enough rights to restrict")
    went = await play.do(Act.KICK)

    assert went == Carried(state=DONE, sentence="kick-is-ban")
    assert play.telegram.is_banned(play.group, play.alice)


async def test_a_kick_that_was_cut_short_is_finished(play: Play) -> None:
    """The bot died after the ban, before it was lifted."""
    play.telegram.set_member(play.group, play.alice, play.telegram.me, "kicked")
    play.attempts = 2

    assert await play.do(Act.KICK) == Carried(state=DONE)
    assert status(play) == "left"


async def test_what_others_did_is_not_taken_back(play: Play) -> None:
    """Whom administrators barred or banned before stays so."""
    play.telegram.restrict(play.group, play.alice)
    held = await play.do(Act.QUARANTINE)
    await play.do(Act.UNQUARANTINE)
    after = status(play)
    play.telegram.set_member(play.group, play.alice, play.telegram.founder, "kicked")
    banned = await play.do(Act.BAN)
    lifted = await play.do(Act.UNBAN)

    assert (held.sentence, banned.sentence, lifted.sentence) == ("quarantined-before", "banned-before", "banned-before")
    assert (after, status(play)) == ("restricted", "kicked")


@pytest.mark.parametrize("act", AGAINST)
async def test_nothing_is_done_to_administrators(play: Play, act: Act) -> None:
    """Neither to who was made one after the post, nor to the owner."""
    play.telegram.make_admin(play.group, play.alice)

    assert await play.do(act) == Carried(state=ActState.FORBIDDEN, sentence="is-admin")


@pytest.mark.parametrize("act", AGAINST)
async def test_a_missing_right_is_named(play: Play, act: Act) -> None:
    """As Telegram's administrator page calls it."""
    play.telegram.make_admin(play.group, play.telegram.me, can_delete_messages=True)

    assert await play.do(act) == Carried(state=ActState.FORBIDDEN, sentence="no-permission|Ban users")


@pytest.mark.parametrize("act", [Act.BAN, Act.QUARANTINE])
async def test_a_channel_is_barred(play: Play, act: Act) -> None:
    """Who posts as a channel has no rights to take; it is lifted with the rest."""
    play.case = replace(play.case, event=replace(play.case.event, author="-1001234"))
    await play.do(act)
    barred = set(play.group.barred)
    await play.do(LIFTS[act])

    assert barred == {-1001234}
    assert not play.group.barred


@pytest.mark.parametrize("act", [Act.BAN, Act.QUARANTINE])
async def test_the_own_channel_of_a_group_is_not_barred(play: Play, act: Act) -> None:
    """Its posts are forwarded into the group, also one that somebody reported: the group would lose them all."""
    play.group.linked = -1001234
    play.case = replace(play.case, event=replace(play.case.event, author="-1001234"))

    assert await play.do(act) == Carried(state=ActState.FORBIDDEN, sentence="is-admin")
    assert not play.group.barred


@pytest.mark.parametrize("act", [*AGAINST, Act.TELL])
async def test_nothing_is_done_to_the_bot(play: Play, act: Act) -> None:
    """A post of its own that somebody reported."""
    play.case = replace(play.case, event=replace(play.case.event, author=str(play.telegram.me.id)))

    assert await play.do(act) == Carried(state=ActState.UNSUPPORTED, sentence="is-me")


async def test_a_channel_can_be_neither_kicked_nor_told(play: Play) -> None:
    """In words."""
    play.case = replace(play.case, event=replace(play.case.event, author="-1001234"))

    for act in (Act.KICK, Act.TELL):
        assert await play.do(act) == Carried(state=ActState.UNSUPPORTED, sentence="no-way-to-author")


async def test_a_small_group_has_no_list_of_the_banned(play: Play) -> None:
    """A kick is whole without it, and there is nothing that a ban could be lifted from; a quarantine is refused."""
    play.telegram.fail(
        "unbanChatMember",
        code=400,
        times=2,
        description="Bad Request: method is available for supergroup and channel chats only",
    )
    kicked = await play.do(Act.KICK)
    play.telegram.fail(
        "restrictChatMember", code=400, description="Bad Request: method is available only for supergroups"
    )
    play.telegram.set_member(play.group, play.alice, play.alice, "member")
    quarantined = await play.do(Act.QUARANTINE)

    assert kicked == Carried(state=DONE)
    assert (quarantined.state, quarantined.sentence) == (ActState.UNSUPPORTED, "no-timeout-here")


async def test_a_ban_that_may_not_delete_says_so(play: Play) -> None:
    """They are banned; what they wrote stays, and the card says which right that needs."""
    acting = play.front._acting  # type: ignore[attr-defined]
    acting.written._newest.append((acting.written._clock(), play.group.id, play.alice.id, play.post.id))
    play.telegram.make_admin(play.group, play.telegram.me, can_restrict_members=True)
    went = await play.do(Act.BAN)

    assert went == Carried(state=DONE, sentence="not-purged|Delete messages", receipt="person")
    assert play.telegram.is_banned(play.group, play.alice)
    assert not play.post.deleted


async def test_a_ban_deletes_no_more_than_staff_chose(play: Play) -> None:
    """No hours: nothing; and who wrote elsewhere keeps that."""
    acting = play.front._acting  # type: ignore[attr-defined]
    acting.written._newest.append((acting.written._clock(), play.group.id, play.alice.id, play.post.id))
    play.policy = replace(play.policy, purge=timedelta(0))
    await play.do(Act.BAN)

    assert not play.post.deleted


async def test_after_a_restart_a_ban_says_what_it_could_not_delete(play: Play) -> None:
    """Telegram tells bots nothing of before: what was written then is still there, and the card says so."""
    acting = play.front._acting  # type: ignore[attr-defined]
    acting.written._since -= 3 * 3600
    acting.written._newest.append((acting.written._clock(), play.group.id, play.alice.id, play.post.id))
    went = await play.do(Act.BAN)

    assert went == Carried(state=DONE, sentence="purged-since|1|3 h", receipt="person")
    assert play.post.deleted
    assert "Older than 3 h, what they wrote is still there" in failure(EN, went.sentence)


async def test_a_ban_that_reached_all_says_how_much(play: Play) -> None:
    """Also that it was nothing."""
    acting = play.front._acting  # type: ignore[attr-defined]
    acting.written._since -= 25 * 3600

    assert (await play.do(Act.BAN)).sentence == "purged|0"


async def test_what_is_two_days_old_is_told_as_left(play: Play) -> None:
    """However long the bot has been there."""
    acting = play.front._acting  # type: ignore[attr-defined]
    acting.written._since -= 400 * 3600
    play.policy = replace(play.policy, purge=timedelta(hours=168))

    assert (await play.do(Act.BAN)).sentence == "purged-since|0|47 h"


async def test_who_never_began_a_chat_is_told_in_the_group(play: Play) -> None:
    """By name, in the place of the post."""
    await play.do(Act.REMOVE)
    went = await play.do(Act.TELL)
    (told,) = play.telegram.said(play.group)

    assert went.state is DONE
    assert told.shown.startswith(f"{play.alice.name}: ")
    assert EN("tell.removed", where="Pictures", number=play.case.id) in told.shown


async def test_who_began_a_chat_is_told_alone(play: Play) -> None:
    """Nobody in the group reads it."""
    chat = play.telegram.start(play.alice)
    await play.do(Act.TELL)

    assert not play.telegram.said(play.group)
    assert EN("tell.stays", where="Pictures", number=play.case.id) in play.telegram.said(chat)[-1].shown
