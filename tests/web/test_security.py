"""Who may come in, and what a browser is allowed to do with our pages."""

import io
from pathlib import Path

import pytest

from tests.web.conftest import KNOWN
from tests.web.fakes import BEARER, Desk, desk, found
from web.context import BODY_SLACK
from web.proxies import is_loopback
from web.security import CSP

PAGES = ("/", "/channel", "/sign-in", "/api", "/health", "/nowhere", "/api/health", "/api/cases", "/static/app.css")


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_carries_the_strict_headers(front: Desk, path: str) -> None:
    """Pages, errors, redirects and files are all sent with the same policy."""
    async with front.client.get(path, allow_redirects=False) as answer:
        assert answer.headers["Content-Security-Policy"] == CSP
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/channel", "/health", "/api/cases"])
async def test_private_answers_are_never_kept(front: Desk, path: str) -> None:
    """No cache on the way keeps a page or an answer of the API."""
    async with front.client.get(path, headers=BEARER) as answer:
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil.example", "", "192.168.0.4", "[", "a@b"]
)
async def test_foreign_names_are_refused_on_loopback(front: Desk, host: str) -> None:
    """A name that was rebound to this machine gets nothing."""
    async with front.client.get("/", headers={"Host": host}) as answer:
        assert answer.status == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:8321", "[::1]", "[::1]:8321"])
async def test_loopback_names_are_served(front: Desk, host: str) -> None:
    """Every name of this machine works, with any port."""
    async with front.client.get("/", headers={"Host": host}) as answer:
        assert answer.status == 200


async def test_any_name_is_served_beyond_loopback(home: Path) -> None:
    """On a public address the operator's own names work."""
    async with (
        desk(home, host="0.0.0.0", open_pages=False) as front,
        front.client.get("/sign-in", headers={"Host": "resight.example"}) as answer,
    ):
        assert answer.status == 200


def test_only_this_machine_is_loopback() -> None:
    """Names are compared whole."""
    assert is_loopback("LOCALHOST")
    assert not is_loopback("127.0.0.1.evil.example")


@pytest.mark.parametrize("path", ["/", "/channel", "/channel/mode", "/case/1/decision", "/case/1/undo", "/sign-out"])
async def test_a_form_without_our_token_does_nothing(front: Desk, path: str) -> None:
    """A page that we did not render can't act in the browser's name."""
    for csrf in ("", "0" * 64):
        async with front.client.post(path, data={"csrf": csrf, "mode": "enforce"}) as answer:
            assert answer.status == 403


async def test_another_browsers_token_does_not_help(front: Desk) -> None:
    """The token belongs to one browser's cookie."""
    token = await front.csrf("/channel")
    front.client.session.cookie_jar.clear()
    await front.page("/channel")

    async with front.client.post("/channel/mode", data={"csrf": token, "mode": "enforce"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://["}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_a_foreign_origin_is_refused(front: Desk, headers: dict[str, str]) -> None:
    """Even with the right token, another site's request is not carried out."""
    data = {"csrf": await front.csrf("/channel"), "mode": "enforce"}

    async with front.client.post("/channel/mode", data=data, headers=headers) as answer:
        assert answer.status == 403


async def test_too_much_is_refused_with_the_limit(front: Desk) -> None:
    """A body beyond the limit is not read to its end, and the sentence names the limit."""
    too_much = b"x" * (front.services.max_image_bytes + BODY_SLACK + 1)

    async with front.client.post("/api/search", data=io.BytesIO(too_much), headers=BEARER) as answer:
        assert answer.status == 413
        assert "2 MB" in (await answer.json())["error"]["message"]
    status, text = await front.submit("/", too_much)
    assert status == 413
    assert "2 MB" in text


async def test_a_bug_is_a_sentence_without_traceback(front: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """What nobody expected is logged; the person sees one sentence."""
    await front.submit("/channel", KNOWN)
    front.clock.at = None  # type: ignore[assignment]

    async with front.client.get("/channel") as answer:
        text = await answer.text()

    assert answer.status == 500
    assert "Something went wrong on our side." in text
    assert "TypeError" not in text
    assert "TypeError" in caplog.text


async def test_titles_are_text(front: Desk) -> None:
    """What an operator or a poster writes never becomes markup."""
    _, text = await front.submit("/channel", KNOWN, name='"><script>alert(1)</script>')

    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


async def test_static_files_are_kept_for_a_year_by_content(front: Desk) -> None:
    """The address changes with the content, so a browser may keep the file."""
    path = found(r'href="(/static/app\.css\?v=[0-9a-f]+)"', await front.page("/"))

    async with front.client.get(path) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
    async with front.client.get("/static/app.css?v=old") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["..%2Fapp.py", "%2e%2e/context.py", "nothing.js", "htmx.LICENSE"])
async def test_only_our_own_files_are_static(front: Desk, name: str) -> None:
    """No path leaves the folder of scripts and styles."""
    async with front.client.get(f"/static/{name}") as answer:
        assert answer.status == 404
