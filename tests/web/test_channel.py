"""The channel page: posts, verdicts, moderators."""

import asyncio
from datetime import timedelta

import pytest

from core.cases import Policy
from core.types import Act, Mode
from tests.embed.decode.films import restless
from tests.web.conftest import KNOWN
from tests.web.fakes import BEARER, Desk, copy_of, found, picture
from web.context import CHANNEL


async def posted(front: Desk, image: bytes, name: str = "Ada") -> str:
    """Post an image and let it be checked; the feed."""
    await front.submit("/channel", image, name=name)
    await front.settle()
    return await front.page("/channel")


async def test_a_post_is_checked_and_then_clean(front: Desk) -> None:
    """A post says that it is being checked until it has its verdict."""
    _, text = await front.submit("/channel", picture(7), name="Ada")
    assert "Being checked" in text

    await front.settle()

    text = await front.page("/channel")
    assert "Being checked" not in text
    assert "Clean" in text
    assert 'value="Ada"' in text


async def test_name_and_language_are_kept_for_a_year(front: Desk) -> None:
    """Their cookies end after a year, and no script can read the name."""
    await front.submit("/channel", picture(7), name="Ada")
    await front.page("/channel?lang=zh")
    kept = {one.key: one for one in front.client.session.cookie_jar if one["max-age"]}

    assert {one["max-age"] for one in kept.values()} == {str(365 * 24 * 3600)}
    assert {one.value: one["httponly"] for one in kept.values()} == {"Ada": True, "zh": True}


async def test_a_dry_run_says_what_it_would_have_done(front: Desk) -> None:
    """In a dry run nothing is touched and the card says so."""
    text = await posted(front, copy_of(KNOWN))

    assert "would have been flagged" in text
    assert "Removed" not in text
    assert all(word in text for word in ("Violation", "Allowed", "Not a match", "Unsure"))


async def test_a_dry_run_names_every_act(front: Desk) -> None:
    """Where a match would have been answered too, the card says both."""
    await front.services.policies.set(CHANNEL, Policy(flag=(Act.FLAG, Act.REPLY)), "ann")
    text = await posted(front, copy_of(KNOWN))

    assert "would have been flagged" in text
    assert "would have been replied to" in text


async def test_flag_mode_flags(front: Desk) -> None:
    """The mode set on the page is the mode that acts."""
    status, _ = await front.submit("/channel/mode", page="/channel", mode="flag")
    text = await posted(front, copy_of(KNOWN))

    assert status == 200
    assert "Flagged" in text
    assert "<strong>Flag</strong>: done" in text


async def test_a_case_tells_who_and_where(front: Desk) -> None:
    """On a page of its own, with what was known here before."""
    await posted(front, copy_of(KNOWN))
    text = await front.page("/case/1")

    assert "<dt>Posted by</dt>" in text and "<dt>Where</dt>" in text
    assert "Ada\nNo earlier case here" in text
    assert "No earlier case here" not in await front.page("/channel")


async def test_a_decision_removes_and_undo_restores(front: Desk) -> None:
    """Violation hides the picture, undo shows it again, and the card tells who did what."""
    text = await posted(front, copy_of(KNOWN))
    picture_path = "/posts/" + found(r'id="post-([^"]+)"', text)
    await front.submit("/case/1/decision", page="/channel", decision="violation")
    await front.settle()
    assert "This picture was removed." in await front.page("/channel")
    async with front.client.get(picture_path) as answer:
        assert answer.status == 404

    await front.submit("/case/1/undo", page="/channel")
    await front.settle()

    text = await front.page("/case/1")
    assert "Ada took back: Violation" in text
    async with front.client.get(picture_path) as answer:
        assert answer.status == 200


async def test_the_second_moderator_is_told(front: Desk) -> None:
    """A conflict shows on the card, together with what holds."""
    await posted(front, copy_of(KNOWN))
    await front.fragment("/case/1/decision", page="/channel", decision="allowed")

    status, text = await front.fragment("/case/1/decision", page="/channel", decision="violation")

    assert status == 409
    assert "Somebody else decided first" in text
    assert "Ada decided: Allowed" in text


async def test_undoing_nothing_is_told(front: Desk) -> None:
    """An undo that comes too late changes nothing and says so."""
    await posted(front, copy_of(KNOWN))

    status, text = await front.fragment("/case/1/undo", page="/channel")

    assert status == 409
    assert "nothing to undo" in text


async def test_an_unchanged_feed_is_not_sent_again(front: Desk) -> None:
    """Polling costs a 204 while nothing changes."""
    text = await posted(front, picture(8))
    seen = found(r'name="seen" value="([0-9a-f]+)"', text)

    for known, status in ((seen, 204), ("old", 200)):
        async with front.client.get(f"/channel/feed?seen={known}", headers={"HX-Request": "true"}) as answer:
            assert answer.status == status


async def test_an_unchanged_card_is_not_sent_again(front: Desk) -> None:
    """The case page polls in the same way."""
    await posted(front, copy_of(KNOWN))
    text = await front.page("/case/1")
    seen = found(r'name="seen" value="([0-9a-f]+)"', text)

    async with front.client.get(f"/case/1?seen={seen}", headers={"HX-Request": "true"}) as answer:
        assert answer.status == 204


async def test_a_card_shows_what_differs(front: Desk) -> None:
    """As long as the posted picture is kept; of the same bytes nothing can differ."""
    text = await posted(front, copy_of(KNOWN))
    assert '<img src="/case/1/difference.jpg" alt="The matched part in gray' in text
    async with front.client.get("/case/1/difference.jpg") as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "private, no-store"
    await posted(front, KNOWN)
    front.clock.turn(timedelta(days=8))

    for path in ("/case/1/difference.jpg", "/case/2/difference.jpg", "/case/x/difference.jpg"):
        async with front.client.get(path) as answer:
            assert answer.status == 404
    assert "/case/2/difference.jpg" not in await front.page("/case/2")


async def test_off_means_not_checked(front: Desk) -> None:
    """In an unwatched channel a post says that it was not checked, and waits for nothing."""
    await front.services.policies.set(CHANNEL, Policy(mode=Mode.OFF), "test")

    text = await posted(front, copy_of(KNOWN))

    assert "Not checked" in text
    assert await front.services.inbox.depth() == 0


async def test_an_unscannable_post_says_why(front: Desk) -> None:
    """A broken file is not called clean."""
    text = await posted(front, b"GIF89a broken")

    assert "Could not be scanned" in text
    assert "Clean" not in text


async def test_a_posted_page_is_never_served_as_a_page(front: Desk) -> None:
    """Uploads that are no pictures are not sent back at all."""
    text = await posted(front, b"<script>alert(1)</script>")

    async with front.client.get("/posts/" + found(r'id="post-([^"]+)"', text)) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("path", ["/case/99", "/case/x", "/case/99999999999999999999", "/posts/nothing", "/nowhere"])
async def test_what_is_not_there_is_a_friendly_page(front: Desk, path: str) -> None:
    """An unknown address is a page with a way back."""
    async with front.client.get(path, headers={"Accept": "text/html"}) as answer:
        assert answer.status == 404
        assert "Back to the chat" in await answer.text()


@pytest.mark.parametrize("path, field", [("/channel/mode", "mode"), ("/case/1/decision", "decision")])
async def test_unknown_words_are_refused(front: Desk, path: str, field: str) -> None:
    """Only the four modes and the four decisions exist."""
    await posted(front, copy_of(KNOWN))

    data = {"csrf": await front.csrf("/channel"), field: "everything"}
    async with front.client.post(path, data=data) as answer:
        status = answer.status

    assert status == 400


async def test_two_moderators_at_once_make_one_decision(front: Desk) -> None:
    """Of two clicks at the same moment exactly one counts."""
    await posted(front, copy_of(KNOWN))

    clicks = [front.fragment("/case/1/decision", page="/channel", decision=word) for word in ("allowed", "violation")]
    statuses = sorted(status for status, _ in await asyncio.gather(*clicks))

    assert statuses == [200, 409]


async def test_a_video_says_where_the_known_image_is(front: Desk) -> None:
    """On the channel's page, on that of a question, and in the API's answer."""
    pytest.importorskip("av", reason="videos are an extra")
    film = restless(40, still_at=31.0, still=KNOWN)
    channel = await posted(front, film)
    _, answer = await front.submit("/", film)
    headers = {**BEARER, "Content-Type": "video/mp4"}
    async with front.client.post("/api/search", data=film, headers=headers) as said:
        told = await said.json()

    assert "at 0:31" in channel
    assert "at 0:31" in answer
    assert 31 <= told["matches"][0]["second"] < 32
