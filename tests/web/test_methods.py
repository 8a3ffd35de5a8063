"""A method that nothing is behind is 405 with what may be asked, whoever asks."""

from datetime import timedelta

import pytest

from core.access import Scope
from store.sql.tokens import SqlTokens
from tests.web.fakes import BEARER, Desk
from tests.web.raw import say

PATHS = ("/api", "/api/health", "/api/search", "/api/collections/library", "/", "/channel", "/case/1", "/sign-in")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PROPFIND"])
async def test_unknown_methods_are_405(front: Desk, method: str, path: str) -> None:
    """With and without a token, and with one that may do nothing here."""
    made = SqlTokens(front.services.cases._db, front.clock)  # type: ignore[attr-defined]  # the same database
    secret = await made.create("reader", [Scope.READ], timedelta(days=1), "ann")
    for headers in ({}, BEARER, {"Authorization": f"Bearer {secret}"}):
        async with front.client.request(method, path, headers=headers) as answer:
            assert answer.status == 405
            assert {one.strip() for one in answer.headers["Allow"].split(",")} & {"GET", "POST", "DELETE"}


@pytest.mark.parametrize("method", ["FOO", "trace", "G=T", "\u00fc"])
async def test_what_is_no_method_is_no_bug(front: Desk, method: str) -> None:
    """400 or 405."""
    assert (await say(front, f"{method} /api/search HTTP/1.1"))[0] in (400, 405)
