"""What is done to authors on Discord is told as it was, and nothing that others did is taken back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from core.chat import Carried, Order
from core.types import Act, ActState
from core.wording import Words
from tests.bot.fronts.discord.rig import EN, Place, Rig, done, rigged
from tests.peers.discord_world import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")
DONE = ActState.DONE
AGAINST = (Act.QUARANTINE, Act.KICK, Act.BAN)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> AsyncIterator[Rig]:
    async with rigged(tmp_path_factory.mktemp("discord"), migrated) as one:
        yield one


@pytest.fixture
def place(rig: Rig) -> Place:
    return rig.place()


@pytest.fixture
def post(rig: Rig, place: Place) -> Message:
    return rig.post(place)


async def ordered(rig: Rig, act: Act, place: Place, post: Message, *before: object, **more: object) -> Order:
    """An order in a community with a role for a quarantine: the newest, the lowest."""
    order = await rig.order(act, place, post, *before, attempts=int(str(more.get("attempts", 1))))  # type: ignore[arg-type]
    role = more.get("role") or rig.server.role(place.guild, "Muted").id
    await rig.server.until(lambda: heard_of(rig, place, int(str(role))) or role == 1)
    return replace(order, community=replace(order.community, quarantine=str(role)))


def heard_of(rig: Rig, place: Place, role: int) -> bool:
    guild = rig.access.client.get_guild(place.guild.id)
    return guild is not None and guild.get_role(role) is not None


async def do(rig: Rig, act: Act, place: Place, post: Message, *before: object, **more: object) -> Carried:
    return await rig.front.carry_out(await ordered(rig, act, place, post, *before, **more))


async def test_a_ban_takes_the_last_hours_along(rig: Rig, place: Place, post: Message) -> None:
    """In every channel; older messages and those of others stay, and the card says how far back it went."""
    old = rig.post(place, files={}, text="old")
    rig.server.advance(3 * 3600)
    new = rig.post(place, text="new", channel=rig.server.channel(place.guild, "elsewhere"))
    other = rig.post(place, files={}, text="other", who=place.bo)
    order = await ordered(rig, Act.BAN, place, new)
    went = await rig.front.carry_out(replace(order, policy=replace(order.policy, purge=timedelta(hours=2))))

    assert went == Carried(state=DONE, sentence="purged-hours|2", receipt="banned")
    assert rig.server.is_banned(place.guild, place.alice)
    assert (old.deleted, new.deleted, other.deleted) == (False, True, False)
    assert not post.deleted


async def test_a_ban_without_a_purge_deletes_nothing(rig: Rig, place: Place, post: Message) -> None:
    """And says nothing of it."""
    order = await ordered(rig, Act.BAN, place, post)
    went = await rig.front.carry_out(replace(order, policy=replace(order.policy, purge=timedelta(0))))

    assert went == Carried(state=DONE, receipt="banned")
    assert not post.deleted


async def test_who_has_left_is_banned_all_the_same(rig: Rig, place: Place, post: Message) -> None:
    """They can't come back; a kick and a quarantine say that they have left."""
    orders = [await ordered(rig, act, place, post) for act in AGAINST]
    rig.server.backend.remove_member(place.guild.id, place.alice.id)
    quarantine, kick, ban = [await rig.front.carry_out(order) for order in orders]

    assert (quarantine.sentence, kick.sentence, ban.state) == ("left", "left", DONE)
    assert rig.server.is_banned(place.guild, place.alice)


@pytest.mark.parametrize("act", AGAINST)
async def test_nothing_is_done_to_staff(rig: Rig, place: Place, act: Act) -> None:
    """Neither to who was made staff after the post, nor to the owner."""
    by_mo = await do(rig, act, place, rig.post(place, who=place.mo))
    by_owner = await do(rig, act, place, rig.post(place, who=rig.server.owner(place.guild)))

    assert by_mo == by_owner == Carried(state=ActState.FORBIDDEN, sentence="is-staff")
    assert not rig.server.is_banned(place.guild, place.mo)


@pytest.mark.parametrize("act", AGAINST)
async def test_a_role_above_the_bots_is_told(rig: Rig, place: Place, act: Act) -> None:
    """Of somebody who is no staff, but has a role that the bot's is not above."""
    high = rig.server.backend.create_role(place.guild.id, "High", position=99)
    rig.server.backend.edit_member(place.guild.id, place.alice.id, {"role_ids": [high.id]})
    went = await do(rig, act, place, rig.post(place))

    if act is Act.QUARANTINE:  # a role can be given to anybody: only the given one must be below the bot's
        assert went.state is DONE
    else:
        assert went == Carried(state=ActState.FORBIDDEN, sentence="role-too-low")


async def test_a_quarantine_role_above_the_bots_is_told(rig: Rig, place: Place, post: Message) -> None:
    """Somebody has moved it up since it was chosen; or deleted it; or chosen none."""
    high = rig.server.backend.create_role(place.guild.id, "High", position=99)
    above = await do(rig, Act.QUARANTINE, place, post, role=high.id)
    gone = await do(rig, Act.QUARANTINE, place, post, role=1)
    order = await ordered(rig, Act.QUARANTINE, place, post)
    none = await rig.front.carry_out(replace(order, community=replace(order.community, quarantine="")))

    assert (above.state, above.sentence) == (ActState.FORBIDDEN, "role-above")
    assert (gone.state, gone.sentence) == (ActState.UNSUPPORTED, "role-gone")
    assert (none.state, none.sentence) == (ActState.UNSUPPORTED, "no-role")


@pytest.mark.parametrize(
    ("act", "flag", "name"),
    [
        (Act.BAN, "ban_members", "Ban Members"),
        (Act.KICK, "kick_members", "Kick Members"),
        (Act.QUARANTINE, "manage_roles", "Manage Roles"),
    ],
)
async def test_a_missing_permission_is_named(
    rig: Rig, place: Place, post: Message, act: Act, flag: str, name: str
) -> None:
    """The card says which one to give."""
    order = await ordered(rig, act, place, post)
    rig.server.revoke(place.guild, flag, "administrator")

    assert await rig.front.carry_out(order) == Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{name}")


async def test_what_others_did_is_not_taken_back(rig: Rig, place: Place, post: Message) -> None:
    """A ban and a role that were there before have no receipt, so their undo leaves them."""
    order = await ordered(rig, Act.QUARANTINE, place, post)
    role = int(order.community.quarantine)
    rig.server.backend.add_member_role(place.guild.id, place.alice.id, role)
    held = await rig.front.carry_out(order)
    await do(rig, Act.UNQUARANTINE, place, post, done(Act.QUARANTINE, 1, held.receipt))
    keeps_role = role in place.guild.members[place.alice.id].role_ids
    rig.server.backend.apply_ban(place.guild.id, place.alice.id, "by hand")
    banned = await do(rig, Act.BAN, place, post)
    lifted = await do(rig, Act.UNBAN, place, post, done(Act.BAN, 1, banned.receipt))

    assert (held.sentence, banned.sentence) == ("quarantined-before", "banned-before")
    assert keeps_role
    assert lifted.sentence == "banned-before"
    assert rig.server.is_banned(place.guild, place.alice)


async def test_only_the_newest_ban_is_lifted(rig: Rig, place: Place, post: Message) -> None:
    """One of ours was lifted before; the ban that holds now is somebody else's."""
    rig.server.backend.apply_ban(place.guild.id, place.alice.id, "by hand")
    before = (done(Act.BAN, 1, "banned"), done(Act.UNBAN, 2), done(Act.BAN, 3))
    await do(rig, Act.UNBAN, place, post, *before)

    assert rig.server.is_banned(place.guild, place.alice)


@pytest.mark.parametrize("act", AGAINST)
async def test_an_act_whose_answer_was_lost_is_done_once(rig: Rig, place: Place, post: Message, act: Act) -> None:
    """The second try finds it done, and it can be lifted."""
    first = await ordered(rig, act, place, post)
    await rig.front.carry_out(first)
    role = first.community.quarantine
    again = await do(rig, act, place, post, attempts=2, role=role)

    assert again.state is DONE
    assert again.receipt == {Act.BAN: "banned", Act.QUARANTINE: role}.get(act, "")


@pytest.mark.parametrize("act", [Act.UNBAN, Act.UNQUARANTINE])
async def test_lifting_what_is_lifted_already_is_done(rig: Rig, place: Place, post: Message, act: Act) -> None:
    """Somebody did so by hand."""
    receipts = {Act.UNBAN: done(Act.BAN, 1, "banned"), Act.UNQUARANTINE: done(Act.QUARANTINE, 1, "1")}

    assert (await do(rig, act, place, post, receipts[act])).state is DONE


async def test_who_has_no_account_is_told_as_that(rig: Rig, place: Place, post: Message) -> None:
    """An integration posts under a number that is nobody's."""
    order = await ordered(rig, Act.BAN, place, post)
    about = replace(order.about, event=replace(order.about.event, author="12345"))
    went = await rig.front.carry_out(replace(order, about=about, case=about))

    assert went == Carried(state=ActState.UNSUPPORTED, sentence="no-account")


async def test_the_audit_log_says_why(rig: Rig, place: Place, post: Message) -> None:
    """In the community's language."""
    order = await ordered(rig, Act.BAN, place, post)
    await rig.front.carry_out(replace(order, community=replace(order.community, language="zh")))

    said = Words.of("zh")("done.reason-copy", number=order.case.id)
    assert rig.server.audit(place.guild)[-1].reason == said


async def test_a_word_to_the_author_is_written_once(rig: Rig, place: Place, post: Message) -> None:
    """A direct message; the second try finds the first one's."""
    first = await ordered(rig, Act.TELL, place, post)
    await rig.front.carry_out(first)
    await rig.front.carry_out(replace(first, action=replace(first.action, attempts=2)))
    (told,) = rig.server.messages(rig.server.direct(place.alice))

    assert told.text == EN("tell.stays", where=place.guild.name, number=first.case.id)


async def test_who_takes_no_messages_is_told_nothing(rig: Rig, place: Place, post: Message) -> None:
    """The card says so."""
    order = await ordered(rig, Act.TELL, place, post)
    rig.server.fail("POST /channels/", status=403, json={"code": 50007, "message": "Cannot send messages to this user"})
    went = await rig.front.carry_out(order)
    rig.server.recover()

    assert went == Carried(state=ActState.FORBIDDEN, sentence="blocked")


async def test_a_new_card_calls_a_role(rig: Rig, place: Place, post: Message) -> None:
    """Once, with the card, and nobody else; not with a card that is renewed."""
    role = rig.server.role(place.guild, "Moderators")
    order = await rig.order(Act.CARD, place, post)
    order = replace(order, community=replace(order.community, ping=str(role.id)))
    went = await rig.front.carry_out(order)
    (card,) = rig.server.messages(place.log)
    first = card.content
    renewed = await rig.order(Act.CARD, place, post, done(Act.CARD, 1, went.receipt))
    await rig.front.carry_out(replace(renewed, community=order.community))

    assert first == f"<@&{role.id}>"
    sent = rig.calls("POST", f"/channels/{place.log.id}/messages")[-1]
    assert sent.json["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    assert len(rig.server.messages(place.log)) == 1


async def test_a_role_that_would_not_be_called_is_not_chosen(rig: Rig) -> None:
    """Nor one above the bot's for a quarantine, nor everybody's: each with its reason."""
    place = await rig.set_up()
    rig.server.revoke(place.guild, "mention_everyone", "administrator")
    role = rig.server.role(place.guild, "Moderators")
    high = rig.server.backend.create_role(place.guild.id, "High", position=99)
    await rig.server.until(lambda: heard_of(rig, place, high.id))
    uncalled = await rig.told(place, "roles", use="ping", who=role)
    too_high = await rig.told(place, "roles", use="quarantine", who=high)
    everybody = await rig.told(place, "roles", use="quarantine", who=place.guild.everyone_role)

    assert uncalled == EN("said.role-not-called", name="Moderators")
    assert too_high == EN("said.role-too-high", name="High")
    assert everybody == EN("said.no-such-role")


async def test_lacking_permissions_are_told_when_acts_are_chosen(rig: Rig) -> None:
    """Not only when the first ban is refused."""
    place = await rig.set_up()
    rig.server.revoke(place.guild, "ban_members", "kick_members", "administrator")
    told = await rig.told(place, "actions", mode="enforce", delete=True, kick=True, ban=True)

    assert "Ban Members" in told and "Kick Members" in told
    assert EN("said.acts-for-good", acts=EN("act.kick")) in told
