"""A full inbox and a full disk: a post is refused as one that may be tried again, and none is shown."""

import pytest

from bot.services import Services
from core.types import Platform
from store.sql.inbox import SqlInbox
from tests.small import event
from tests.web.fakes import BEARER, Desk, picture

CROWDED, FULL = "Too much is waiting right now", "no room for more on the server"


def crowded(services: Services) -> None:
    """From now on no more than one image may wait."""
    assert isinstance(services.inbox, SqlInbox)
    services.inbox._most = 1


def full(services: Services) -> None:
    """From now on the disk has no room."""
    assert isinstance(services.inbox, SqlInbox)
    services.inbox._has_room = lambda _: False


@pytest.mark.parametrize(("trouble", "sentence"), [(crowded, CROWDED), (full, FULL)])
async def test_a_refused_post_says_when_to_try_again(front: Desk, trouble: object, sentence: str) -> None:
    """A program gets 503 with Retry-After, a person a sentence, and the channel shows nothing of it."""
    await front.services.inbox.accept([event("other")])
    assert callable(trouble)
    trouble(front.services)
    async with front.client.post("/api/posts", data=picture(3), headers=BEARER) as answer:
        told = answer.status, int(answer.headers["Retry-After"]) > 0
    page = await front.submit("/channel", picture(4), name="Ada")

    assert told == (503, True)
    assert page[0] == 503
    assert sentence in page[1]
    assert await front.services.posts.newest() == []
    assert {one.event.space.platform for one in await front.services.inbox.letters(dead=False)} == {Platform.DISCORD}
