"""What moderators decide about an image holds for its edits, on the page of the built-in channel, too."""

import io
from datetime import timedelta

from PIL import Image

from core.cases import Policy
from core.types import ImageEvent, Intent, Mode
from tests.web.conftest import KNOWN
from tests.web.fakes import Desk, copy_of, picture
from tests.web.test_channel import posted
from web.context import CHANNEL

UNKNOWN = picture(9)


def anew(image: bytes) -> bytes:
    """The picture saved anew, a little smaller."""
    small, buffer = Image.open(io.BytesIO(image)).convert("RGB"), io.BytesIO()
    small.resize((small.width * 9 // 10, small.height * 9 // 10)).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


async def a_reported_violation(front: Desk) -> None:
    """Case 1: a picture that nobody knew, reported and called a violation."""
    post = await front.services.posts.add("Bo", "a.png", UNKNOWN)
    event = ImageEvent(space=CHANNEL, message=post.id, image="0", author="Bo", intent=Intent.REPORTED)
    await front.services.inbox.accept([event])
    await front.settle()
    await front.submit("/case/1/decision", page="/case/1", decision="violation")


async def test_an_allowed_image_has_no_second_card(front: Desk) -> None:
    """In another file it is clean in the feed."""
    await posted(front, copy_of(KNOWN))
    await front.submit("/case/1/decision", page="/channel", decision="allowed")
    text = await posted(front, anew(KNOWN))

    (newest,) = await front.services.posts.newest(1)
    assert newest.reason == "allowed-copy"
    assert "Clean" in text
    assert 'id="case-2"' not in text


async def test_a_reported_violation_is_found_again(front: Desk) -> None:
    """The page of a copy shows the first picture, says who decided, and leads there."""
    await front.services.policies.set(CHANNEL, Policy(mode=Mode.ENFORCE), "ann")
    await a_reported_violation(front)
    text = await posted(front, anew(UNKNOWN))
    page, other = await front.page("/case/2"), await front.page("/case/2?lang=zh")

    assert "This picture was removed." in text
    assert "#1 is the image of case 1." in page
    assert '<a href="/case/1">' in page
    assert '<img src="/case/1/picture.jpg"' in page
    assert "#1 是案例 1 的图片。" in other
    async with front.client.get("/case/1/picture.jpg") as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "private, no-store"


async def test_its_picture_goes_with_the_evidence(front: Desk) -> None:
    """After that the page shows none, rather than a broken one."""
    await a_reported_violation(front)
    await posted(front, anew(UNKNOWN))
    front.clock.turn(timedelta(days=8))
    await front.services.media.expire()

    assert "/case/1/picture.jpg" not in await front.page("/case/2")
    async with front.client.get("/case/1/picture.jpg") as answer:
        assert answer.status == 404
