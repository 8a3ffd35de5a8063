"""What is done on Discord is done once, can be taken back, and its failures have names."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from discord import Permissions

from core.cases import KICKED
from core.chat import Carried, Said
from core.errors import RetryLater, Unscannable
from core.types import Act, ActState, Intent
from core.wording import Words
from tests.bot.fronts.discord.rig import EN, TITLE, Place, Rig, done, known, rigged, waiting
from tests.peers.discord_world import Message
from tests.small import drawn, saved, scribble

pytestmark = pytest.mark.asyncio(loop_scope="module")
OTHER = saved(scribble(3))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> AsyncIterator[Rig]:
    async with rigged(tmp_path_factory.mktemp("discord"), migrated) as one:
        yield one


@pytest.fixture
def place(rig: Rig) -> Place:
    """A guild in which nothing is watched, so that only what a test orders is done."""
    return rig.place()


@pytest.fixture
def post(rig: Rig, place: Place) -> Message:
    return rig.post(place)


async def carry_out(rig: Rig, act: Act, place: Place, post: Message, *before: object, attempts: int = 1) -> Carried:
    order = await rig.order(act, place, post, *before, attempts=attempts)  # type: ignore[arg-type]
    return await rig.front.carry_out(order)


async def card_with_copies(rig: Rig, place: Place, post: Message) -> str:
    """The card of a post that is about to be removed; its receipt."""
    order = await rig.order(Act.CARD, place, post, waiting(Act.REMOVE))
    carried = await rig.front.carry_out(order)
    assert carried.state is ActState.DONE
    return carried.receipt


async def test_a_flag_and_its_undo(rig: Rig, place: Place, post: Message) -> None:
    """The bot's reaction comes and goes; those of people stay."""
    flagged = await carry_out(rig, Act.FLAG, place, post)
    assert post.reactions == {"⚠️": ["TestBot"]}
    rig.server.react(post, place.bo, "👍")
    restored = await carry_out(rig, Act.RESTORE, place, post, done(Act.FLAG, 1))

    assert flagged.state is restored.state is ActState.DONE
    assert {emoji for emoji, people in post.reactions.items() if people} == {"👍"}


async def test_a_reply_and_its_undo(rig: Rig, place: Place, post: Message) -> None:
    """The reply names the known image, pings nobody, and can be taken back."""
    replied = await carry_out(rig, Act.REPLY, place, post)
    reply = rig.server.messages(place.channel)[-1]
    assert TITLE in reply.content
    assert reply.reply_to == post.id
    assert replied.receipt == str(reply.id)
    again = await carry_out(rig, Act.REPLY, place, post, attempts=2)
    assert again.receipt == replied.receipt
    await carry_out(rig, Act.RESTORE, place, post, done(Act.REPLY, 1, replied.receipt))

    assert reply.deleted
    assert not post.deleted


async def test_a_reply_to_a_post_that_is_gone(rig: Rig, place: Place, post: Message) -> None:
    """Discord calls it an invalid form; for us the post is gone."""
    order = await rig.order(Act.REPLY, place, post)
    rig.server.delete(post)

    assert (await rig.front.carry_out(order)).state is ActState.GONE


async def test_the_card_keeps_what_is_removed(rig: Rig, place: Place) -> None:
    """Before a removal all pictures of the post are on the card, hidden; an undo posts them again, with the text."""
    post = rig.post(place, files={"a.png": known(), "b.png": OTHER}, text="look *here*")
    card = await card_with_copies(rig, place, post)
    removed = await carry_out(rig, Act.REMOVE, place, post, done(Act.CARD, 1, card))
    names = [file.name for file in rig.server.messages(place.log)[0].attachments]
    assert post.deleted
    assert names == ["evidence.jpg", "SPOILER_removed-of-2-1-found.png", "SPOILER_removed-of-2-2.png"]
    before = (done(Act.CARD, 1, card), done(Act.REMOVE, 2, removed.receipt))
    restored = await carry_out(rig, Act.RESTORE, place, post, *before)
    reposted = rig.server.messages(place.channel)[-1]

    assert str(reposted.id) == restored.receipt
    assert [file.data for file in reposted.attachments] == [known(), OTHER]
    assert reposted.content == EN("done.restored", name=place.alice.name) + "\nlook \\*here\\*"


async def undone(rig: Rig, place: Place, post: Message) -> tuple[Carried, list[Message]]:
    """Remove a post and give it back; return the sentence about the undo and the new messages."""
    card = await card_with_copies(rig, place, post)
    removed = await carry_out(rig, Act.REMOVE, place, post, done(Act.CARD, 1, card))
    restored = await carry_out(
        rig, Act.RESTORE, place, post, done(Act.CARD, 1, card), done(Act.REMOVE, 2, removed.receipt)
    )
    numbers = list(map(int, restored.receipt.split("+")))
    return restored, [one for one in rig.server.messages(place.channel) if one.id in numbers]


async def test_an_undo_gives_a_long_text_back(rig: Rig, place: Place) -> None:
    """With its markup escaped a text may need more than one message: none of its words is lost."""
    text = " ".join(f"*{number:03}*" for number in range(330))
    _, messages = await undone(rig, place, rig.post(place, text=text))
    (first, *further) = messages

    assert first.attachments and first.content == EN("done.restored", name=place.alice.name)
    assert " ".join(one.content.replace("\\", "").strip() for one in further) == text


async def test_an_undo_hides_what_was_hidden(rig: Rig, place: Place) -> None:
    """A picture that its author hid as a spoiler is hidden again, and no other."""
    _, messages = await undone(rig, place, rig.post(place, files={"SPOILER_a.png": known(), "b.png": OTHER}))

    assert [file.name.startswith("SPOILER_") for file in messages[0].attachments] == [True, False]


async def test_files_that_are_no_pictures_are_missed(rig: Rig, place: Place) -> None:
    """They are not kept, and the undo says so."""
    restored, _ = await undone(rig, place, rig.post(place, files={"a.png": known(), "notes.txt": b"notes"}))

    assert (restored.state, restored.sentence) == (ActState.DONE, "kept-some|1")


async def test_an_undo_says_what_it_lacks(rig: Rig, place: Place) -> None:
    """A card has room for nine pictures beside its own: of ten one is lost, and both removal and undo say so."""
    post = rig.post(place, files={f"{number}.png": OTHER for number in range(10)})
    card = await card_with_copies(rig, place, post)
    removed = await carry_out(rig, Act.REMOVE, place, post, done(Act.CARD, 1, card))
    before = (done(Act.CARD, 1, card), done(Act.REMOVE, 2, removed.receipt))
    restored = await carry_out(rig, Act.RESTORE, place, post, *before)

    assert removed == Carried(state=ActState.DONE, sentence="kept-some|1")
    assert (restored.state, restored.sentence) == (ActState.DONE, "kept-some|1")
    assert len(rig.server.messages(place.channel)[-1].attachments) == 9


async def test_a_removal_keeps_copies_by_itself(rig: Rig, place: Place, post: Message) -> None:
    """A post that a moderator calls a violation was not to be removed when its card was posted."""
    card = (await carry_out(rig, Act.CARD, place, post)).receipt
    assert [file.name for file in rig.server.messages(place.log)[0].attachments] == ["evidence.jpg"]
    order = await rig.order(Act.REMOVE, place, post, done(Act.CARD, 1, card))
    carried = await rig.front.carry_out(order)

    assert carried == Carried(state=ActState.DONE)
    assert [file.name for file in rig.server.messages(place.log)[0].attachments][1:] == [
        "SPOILER_removed-of-1-1-found.jpg"
    ]


async def test_a_further_post_that_goes_first_takes_nothing_from_the_first(rig: Rig, place: Place) -> None:
    """A card in work holds the first post's removal up: what that showed beside the known image is kept all the same,
    and each comes back as it was."""
    first = rig.post(place, files={"a.png": known(), "b.png": OTHER})
    further = rig.post(place, files={"c.png": known()})
    card = done(Act.CARD, 1, (await carry_out(rig, Act.CARD, place, first)).receipt)
    for act in (Act.REMOVE, Act.RESTORE):
        before = [card] if act is Act.REMOVE else [card, done(Act.REMOVE, 2)]
        order = await rig.order(act, place, further, *before)
        await rig.front.carry_out(replace(order, post=replace(order.case, joined=7)))
        await carry_out(rig, act, place, first, *before)
    back = [[file.data for file in message.attachments] for message in rig.server.messages(place.channel)]

    assert back == [[known()], [known(), OTHER]]


async def test_a_restored_post_can_be_removed_again(rig: Rig, place: Place, post: Message) -> None:
    """The second removal is that of our own post, and a second undo posts it a second time."""
    card = done(Act.CARD, 1, await card_with_copies(rig, place, post))
    await carry_out(rig, Act.REMOVE, place, post, card)
    history = [card, done(Act.REMOVE, 2)]
    first = await carry_out(rig, Act.RESTORE, place, post, *history)
    history.append(done(Act.RESTORE, 3, first.receipt))
    again = await carry_out(rig, Act.REMOVE, place, post, *history)
    assert rig.server.messages(place.channel) == []
    history.append(done(Act.REMOVE, 4))
    second = await carry_out(rig, Act.RESTORE, place, post, *history)

    assert again.state is ActState.DONE
    assert first.receipt != second.receipt
    assert [str(one.id) for one in rig.server.messages(place.channel)] == [second.receipt]


async def test_without_a_copy_there_is_nothing_to_restore(rig: Rig, place: Place, post: Message) -> None:
    """The card says so."""
    order = await rig.order(Act.RESTORE, place, post, done(Act.REMOVE, 1))
    rig.server.delete(post)
    carried = await rig.front.carry_out(order)

    assert (carried.state, carried.sentence) == (ActState.UNSUPPORTED, "no-original")


async def test_a_removal_names_the_case_in_the_audit_log(rig: Rig, place: Place, post: Message) -> None:
    """The server's own log says which case it was."""
    order = await rig.order(Act.REMOVE, place, post)
    await rig.front.carry_out(order)

    assert [entry.reason for entry in rig.server.audit(place.guild)] == [EN("done.reason-copy", number=order.case.id)]


async def test_a_variant_is_called_one_in_the_audit_log(rig: Rig, place: Place, post: Message) -> None:
    """It is no copy, and the log does not say so."""
    order = await rig.order(Act.REMOVE, place, post)
    variant = replace(order.about, verdict=replace(order.about.verdict, reason="variant"))
    await rig.front.carry_out(replace(order, about=variant))

    said = EN("done.reason-variant", number=order.case.id)
    assert [entry.reason for entry in rig.server.audit(place.guild)] == [said]


@pytest.mark.parametrize("status", [502, 0])
async def test_a_removal_whose_answer_was_lost(rig: Rig, place: Place, post: Message, status: int) -> None:
    """discord.py and aiohttp try again by themselves: that the post is gone then is our own doing."""
    order = await rig.order(Act.REMOVE, place, post)
    rig.server.fail("DELETE /channels/", status=status, after=True)

    assert (await rig.front.carry_out(order)).state is ActState.DONE
    assert post.deleted


async def test_a_post_that_its_author_deleted(rig: Rig, place: Place, post: Message) -> None:
    """At the first try it was somebody else; later it may have been ours."""
    first, second = [await rig.order(Act.REMOVE, place, post, attempts=number) for number in (1, 2)]
    rig.server.delete(post)

    assert (await rig.front.carry_out(first)).state is ActState.GONE
    assert (await rig.front.carry_out(second)).state is ActState.DONE


async def test_a_time_out_and_its_end(rig: Rig, place: Place, post: Message) -> None:
    """The author can't post for as long as the policy says."""
    order = await rig.order(Act.TIMEOUT, place, post)
    order = replace(order, policy=replace(order.policy, timeout=timedelta(minutes=5)))
    assert (await rig.front.carry_out(order)).state is ActState.DONE
    assert rig.server.is_timed_out(place.guild, place.alice)
    await carry_out(rig, Act.RELEASE, place, post, done(Act.TIMEOUT, 1))

    assert not rig.server.is_timed_out(place.guild, place.alice)


async def test_a_time_out_says_why_in_the_language_of_the_community(rig: Rig, place: Place, post: Message) -> None:
    """Its staff read the audit log, whatever their server is set to."""
    order = await rig.order(Act.TIMEOUT, place, post)
    await rig.front.carry_out(replace(order, community=replace(order.community, language="zh")))

    said = Words.of("zh")("done.reason-copy", number=order.case.id)
    assert [entry.reason for entry in rig.server.audit(place.guild)] == [said]


@pytest.mark.parametrize("act", [Act.FLAG, Act.REMOVE, Act.TIMEOUT, Act.CARD, Act.REPLY])
async def test_a_server_that_put_the_bot_out(rig: Rig, place: Place, post: Message, act: Act) -> None:
    """Discord says the same as of a hidden channel; whether we are in the server at all is what tells them apart."""
    order, number = await rig.order(act, place, post), place.guild.id
    rig.server.fail(" /", times=99, status=403, json={"code": 50001, "message": "Missing Access"})
    hidden = await rig.front.carry_out(order)
    rig.discord.acting.refusals.forget(str(number))
    rig.server.kick(place.guild)
    await rig.server.until(lambda: rig.access.client.get_guild(number) is None)
    out = await rig.front.carry_out(order)
    rig.server.recover()

    assert hidden.state is out.state is ActState.FORBIDDEN
    assert hidden.sentence.startswith("no-permission|")
    assert out.sentence == KICKED


async def test_who_can_not_be_timed_out(rig: Rig, place: Place) -> None:
    """Administrators and owners are above it, and that is told of them alone, not of everybody in the channel."""
    owner = rig.post(place, who=rig.server.owner(place.guild))
    refused = await carry_out(rig, Act.TIMEOUT, place, owner)
    allowed = await carry_out(rig, Act.TIMEOUT, place, rig.post(place))

    assert (refused.state, refused.sentence) == (ActState.FORBIDDEN, "is-admin")
    assert allowed.state is ActState.DONE


@pytest.mark.parametrize(
    ("act", "flag", "name"),
    [
        (Act.REPLY, "send_messages", "Send Messages"),
        (Act.REMOVE, "manage_messages", "Manage Messages"),
        (Act.TIMEOUT, "moderate_members", "Moderate Members (Timeout Members)"),
        (Act.CARD, "attach_files", "Attach Files"),
        (Act.CARD, "send_messages", "Send Messages"),
    ],
)
async def test_a_missing_permission_is_named(rig: Rig, act: Act, flag: str, name: str) -> None:
    """The card says which permission to give; until somebody changes something Discord is not asked again."""
    place = rig.place()
    post = rig.post(place)
    order = await rig.order(act, place, post)
    rig.server.revoke(place.guild, flag, "administrator")
    first = await rig.front.carry_out(order)
    asked = len(rig.server.calls)
    second = await rig.front.carry_out(order)

    assert first == second == Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{name}")
    assert len(rig.server.calls) == asked


async def test_without_reactions_a_reply_stands_for_the_mark(rig: Rig) -> None:
    """The card says which permission lacks; where we may not even write, that is all."""
    place = rig.place()
    first, second = [await rig.order(Act.FLAG, place, rig.post(place)) for _ in range(2)]
    rig.server.revoke(place.guild, "add_reactions", "administrator")
    replied = await rig.front.carry_out(first)
    rig.server.revoke(place.guild, "send_messages")
    refused = await rig.front.carry_out(second)

    assert (replied.state, replied.sentence) == (ActState.DONE, "no-permission|Add Reactions")
    assert "River city" in rig.server.messages(place.channel)[-1].text
    assert (refused.state, refused.sentence) == (ActState.FORBIDDEN, "no-permission|Add Reactions")


async def test_a_permission_that_was_given_is_used(rig: Rig, place: Place, post: Message) -> None:
    """What was forbidden is forgotten when the server's permissions change."""
    rig.server.revoke(place.guild, "manage_messages", "administrator", channel=place.channel)
    order = await rig.order(Act.REMOVE, place, post)
    assert (await rig.front.carry_out(order)).state is ActState.FORBIDDEN
    rig.server.grant(place.guild, "manage_messages", channel=place.channel)
    known_to_be = rig.discord.acting.refusals.of
    await rig.server.until(lambda: not known_to_be(str(place.guild.id), str(place.channel.id), Act.REMOVE))

    assert (await rig.front.carry_out(order)).state is ActState.DONE


async def test_a_card_is_posted_once(rig: Rig, place: Place, post: Message) -> None:
    """Neither an answer that was lost nor a try after a crash makes a second card."""
    order = await rig.order(Act.CARD, place, post)
    rig.server.fail(f"POST /channels/{place.log.id}", status=0, after=True)
    with pytest.raises(RetryLater):
        await rig.front.carry_out(order)
    second = await rig.front.carry_out(replace(order, action=replace(order.action, attempts=2)))
    cards = rig.server.messages(place.log)

    assert len(cards) == 1
    assert second.receipt.split("/")[:2] == [str(place.log.id), str(cards[0].id)]
    assert cards[0].buttons[0].custom_id == f"c:{order.case.id}:v"


async def test_a_card_follows_its_case(rig: Rig, place: Place, post: Message) -> None:
    """The same message shows how it went, and keeps its pictures."""
    first = await carry_out(rig, Act.CARD, place, post)
    later = await carry_out(rig, Act.CARD, place, post, done(Act.CARD, 1, first.receipt), done(Act.FLAG, 2))
    (card,) = rig.server.messages(place.log)

    assert later.receipt == first.receipt
    assert f"{EN('act.flag')}: {EN('act_state.done')}" in card.text
    assert [file.name for file in card.attachments] == ["evidence.jpg"]
    assert card.embeds[0]["image"]["url"]


async def test_a_card_that_was_deleted_is_not_posted_again(rig: Rig, place: Place, post: Message) -> None:
    """The moderators have seen it."""
    first = await carry_out(rig, Act.CARD, place, post)
    rig.server.delete(rig.server.messages(place.log)[0])
    later = await carry_out(rig, Act.CARD, place, post, done(Act.CARD, 1, first.receipt))

    assert later.state is ActState.GONE
    assert rig.server.messages(place.log) == []


async def test_an_answer_below_a_message_is_given_once(rig: Rig, place: Place, post: Message) -> None:
    """Also after an answer of Discord that was lost."""
    order = await rig.order(Act.ANSWER, place, post)
    about = replace(order.case, event=replace(order.case.event, intent=Intent.QUERY))
    order = replace(order, case=about, about=about)
    first = await rig.front.carry_out(order)
    second = await rig.front.carry_out(replace(order, action=replace(order.action, attempts=2)))
    (answer,) = rig.server.messages(place.channel)[1:]

    assert first.receipt == second.receipt
    assert answer.reply_to == post.id
    assert TITLE in answer.text


async def test_an_answer_that_comes_too_late(rig: Rig, place: Place) -> None:
    """Discord takes answers to a command for fifteen minutes."""
    post = rig.post(place)
    order = await rig.order(Act.ANSWER, place, post)
    token = "interaction:1:expired"
    about = replace(order.case, event=replace(order.case.event, answer_to=token, intent=Intent.QUERY))
    carried = await rig.front.carry_out(replace(order, case=about, about=about))

    assert carried == Carried(state=ActState.GONE, sentence="timeout")


async def test_acts_in_a_thread(rig: Rig, place: Place) -> None:
    """A post in a thread is flagged, answered and removed there."""
    thread = rig.server.thread(place.channel, place.alice, "pictures")
    post = rig.post(place, channel=thread)
    flagged = await carry_out(rig, Act.FLAG, place, post)
    replied = await carry_out(rig, Act.REPLY, place, post)
    assert post.reactions
    removed = await carry_out(rig, Act.REMOVE, place, post)

    assert flagged.state is replied.state is removed.state is ActState.DONE
    assert post.deleted
    assert [one.content for one in rig.server.messages(thread) if TITLE in one.content]


async def test_trouble_is_tried_again_later(rig: Rig, place: Place, post: Message) -> None:
    """A server that fails or hangs up is no refusal."""
    order = await rig.order(Act.REPLY, place, post)
    for status in (503, 0):
        rig.server.fail("POST /channels/", status=status)
        with pytest.raises(RetryLater):
            await rig.front.carry_out(order)

    assert (await rig.front.carry_out(order)).state is ActState.DONE


async def test_an_image_is_fetched(rig: Rig, post: Message) -> None:
    """By the link that came with it."""
    (event,) = await rig.events(post)
    asked = len(rig.server.calls)

    assert await rig.front.fetch(event) == known()
    assert len(rig.server.calls) == asked


@pytest.mark.parametrize("hint", ["expired", "none"])
async def test_an_expired_link_is_renewed(rig: Rig, post: Message, hint: str) -> None:
    """The message is asked for once more."""
    (event,) = await rig.events(post)
    rig.server.expire_urls()
    event = event if hint == "expired" else replace(event, hint="")

    assert await rig.front.fetch(event) == known()


async def test_an_image_that_is_gone(rig: Rig, post: Message) -> None:
    """Deleted, or never a message's at all: unscannable, which is not clean."""
    (event,) = await rig.events(post)
    of_a_command = replace(event, message="1", hint="")
    rig.server.delete(post)
    for one in (event, of_a_command):
        with pytest.raises(Unscannable) as told:
            await rig.front.fetch(one)
        assert told.value.reason == "gone"


async def test_only_discords_own_files_are_fetched(rig: Rig, post: Message) -> None:
    """A preview leads to Discord's copy; a link to anywhere else is not followed."""
    (event,) = await rig.events(post)
    for hint in (
        "http://127.0.0.1:1/a.png",
        "https://example.org/a.png",
        "http://cdn.discordapp.com/a.png",
        "http://[",
    ):
        with pytest.raises(Unscannable) as told:
            await rig.front.fetch(replace(event, hint=hint))
        assert told.value.reason == "download"


async def test_bytes_that_are_no_picture_reach_the_decoder(rig: Rig, place: Place) -> None:
    """What nobody could name is judged by those who can."""
    (event,) = await rig.events(rig.post(place, files={"unknown": b"not a picture"}))

    assert await rig.front.fetch(event) == b"not a picture"


async def test_a_download_that_fails_is_tried_again(rig: Rig, post: Message) -> None:
    """5xx says nothing about the image."""
    (event,) = await rig.events(post)
    rig.server.fail("GET /attachments/", status=503)
    with pytest.raises(RetryLater):
        await rig.front.fetch(event)


async def test_before_the_login_everything_waits(rig: Rig, post: Message) -> None:
    """A front without a client is not a platform without the image."""
    (event,) = await rig.events(post)
    access, rig.discord.acting.access = rig.discord.acting.access, None
    try:
        with pytest.raises(RetryLater):
            await rig.front.fetch(event)
    finally:
        rig.discord.acting.access = access


async def test_a_sticker_is_fetched(rig: Rig, place: Place) -> None:
    """Stickers are pictures, too."""
    sticker = saved(drawn("river-city").resize((160, 120)))
    (event,) = await rig.events(rig.post(place, files={}, sticker=sticker))

    assert event.image.startswith("sticker-")
    assert await rig.front.fetch(event) == sticker


async def test_whether_a_card_could_be_posted(rig: Rig, place: Place) -> None:
    """Without posting one: in a channel, to a person alone, and why not."""
    assert (await rig.front.can_show(place.community)).state is ActState.DONE
    alone = replace(place.community, log=f"user:{place.mo.id}")
    assert (await rig.front.can_show(alone)).state is ActState.DONE
    assert (await rig.front.can_show(replace(place.community, log=""))).state is ActState.UNSUPPORTED
    rig.server.revoke(place.guild, "embed_links", channel=place.log)
    await rig.server.until(lambda: not (rig.access.rights_at(place.log.id)[1] or Permissions()).embed_links)
    refused = await rig.front.can_show(place.community)
    assert (refused.state, refused.sentence) == (ActState.FORBIDDEN, "no-permission|Embed Links")
    rig.server.backend.delete_channel(place.log.id)
    await rig.server.until(lambda: rig.access.client.get_channel(place.log.id) is None)
    assert (await rig.front.can_show(place.community)).state is ActState.GONE


async def test_who_runs_a_server_is_warned(rig: Rig, place: Place) -> None:
    """The owner alone; where that is refused, the channel that it is about."""
    owner = rig.server.owner(place.guild)
    warning = Said(key="said.no-log")
    await rig.server.until(lambda: rig.access.client.get_guild(place.guild.id))
    assert await rig.front.warn(place.space, warning, "en")
    alone = rig.server.direct(owner)
    assert [one.text for one in rig.server.messages(alone)] == [EN("said.no-log")]
    rig.server.fail(f"POST /channels/{alone.id}/", status=403, json={"message": "no", "code": 50007})
    assert await rig.front.warn(place.space, warning, "en")
    assert rig.server.messages(place.channel)[-1].text == EN("said.no-log")
    rig.server.revoke(place.guild, "send_messages", channel=place.channel)
    rig.server.fail(f"POST /channels/{alone.id}/", status=403, json={"message": "no", "code": 50007})
    assert not await rig.front.warn(place.space, warning, "en")
