"""Signing in, where the pages can be reached from outside."""

from datetime import timedelta

import pytest

from tests.web.fakes import BEARER, TOKEN, Desk

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ["/", "/channel", "/case/1"])
async def test_pages_lead_to_the_door(guarded: Desk, path: str) -> None:
    """A person who is not signed in comes to the sign-in page, and back afterwards."""
    async with guarded.client.get(path, headers=HTML, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "path",
    ["/references/x.jpg", "/media/x", "/case/1/difference.jpg", "/case/1/picture.jpg", "/posts/x", "/channel/feed"],
)
async def test_pictures_and_fragments_are_closed(guarded: Desk, path: str) -> None:
    """Without signing in there is no picture either."""
    async with guarded.client.get(path) as answer:
        assert answer.status == 401


async def test_the_token_opens_the_door(guarded: Desk) -> None:
    """The right token leads to the page that was asked for, with a cookie that scripts can't read."""
    data = {"csrf": await guarded.csrf("/sign-in"), "token": TOKEN}
    async with guarded.client.post("/sign-in?next=/channel", data=data, allow_redirects=False) as answer:
        cookie = answer.headers["Set-Cookie"]

        assert answer.headers["Location"] == "/channel"
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    assert "Moderated channel" in await guarded.page("/channel")


async def test_signing_in_gives_a_new_cookie(guarded: Desk) -> None:
    """A cookie planted before signing in is worth nothing afterwards."""
    await guarded.page("/sign-in")
    before = _cookie(guarded)

    await guarded.submit("/sign-in", token=TOKEN)

    assert _cookie(guarded) != before


async def test_a_wrong_token_is_told(guarded: Desk) -> None:
    """One sentence, and the door stays closed."""
    status, text = await guarded.submit("/sign-in", token="guess")

    assert status == 401
    assert "That is not the token." in text


async def test_guessing_is_slowed_down(guarded: Desk) -> None:
    """After 20 wrong tokens a client is told to wait, until 15 minutes have passed."""
    for _ in range(20):
        assert (await guarded.submit("/sign-in", token="guess"))[0] == 401

    csrf = await guarded.csrf("/sign-in")
    async with guarded.client.post("/sign-in", data={"csrf": csrf, "token": "guess"}) as answer:
        assert answer.status == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 900
    guarded.clock.turn(timedelta(minutes=16))
    assert (await guarded.submit("/sign-in", token="guess"))[0] == 401


async def test_the_right_token_is_never_locked_out(guarded: Desk) -> None:
    """However many wrong ones came from the same address before."""
    for _ in range(25):
        await guarded.submit("/sign-in", token="guess")

    assert (await guarded.submit("/sign-in", token=TOKEN))[0] == 200
    assert "Moderated channel" in await guarded.page("/channel")


async def test_programs_that_guess_are_slowed_down_too(guarded: Desk) -> None:
    """The API answers 429 with Retry-After, and still knows the right token."""
    for _ in range(20):
        async with guarded.client.get("/api/cases", headers={"Authorization": "Bearer guess"}) as answer:
            assert answer.status == 401

    async with guarded.client.get("/api/cases", headers={"Authorization": "Bearer guess"}) as answer:
        assert answer.status == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 900
    async with guarded.client.get("/api/cases", headers=BEARER) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("idle, steps", [(timedelta(minutes=31), 1), (timedelta(minutes=25), 30)])
async def test_sessions_end(guarded: Desk, idle: timedelta, steps: int) -> None:
    """A session ends after 30 idle minutes, and after 12 hours however busy it was."""
    await guarded.submit("/sign-in", token=TOKEN)
    for _ in range(steps):
        guarded.clock.turn(idle)
        await guarded.page("/channel")

    assert 'type="password"' in await guarded.page("/channel")


async def test_signing_out_closes_the_door(guarded: Desk) -> None:
    """After signing out the cookie opens nothing."""
    await guarded.submit("/sign-in", token=TOKEN)

    await guarded.submit("/sign-out", page="/channel")

    assert 'type="password"' in await guarded.page("/channel")


@pytest.mark.parametrize("where", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/x\r\nA: b"])
async def test_the_door_never_leads_away(guarded: Desk, where: str) -> None:
    """After signing in one is still on our pages."""
    data = {"csrf": await guarded.csrf("/sign-in"), "token": TOKEN}

    async with guarded.client.post("/sign-in", params={"next": where}, data=data, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/"


def _cookie(front: Desk) -> str:
    return next(one.value for one in front.client.session.cookie_jar if one.key == "resight_session")
