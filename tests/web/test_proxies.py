"""Behind a proxy this machine is nobody's identity: the examples of docs/ are run, and what proxies say is weighed."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector, test_utils, web

from bot.settings import networks_of
from tests.web.fakes import BEARER, TOKEN, Browser, Desk, desk
from tests.web.raw import say
from web.attempts import AT_MOST, home_of
from web.context import SETTINGS, WebSettings
from web.proxies import client_of, host_of, is_secure

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
OURS = (ip_network("127.0.0.1"),)
PLACES = f"{os.environ['PATH']}:/usr/sbin:/sbin"
OUTSIDE = "127.0.0.2"
"""The address of the browser: the proxy has 127.0.0.1."""
PLAIN = "server { listen 443 ssl; location / { proxy_pass http://127.0.0.1:8321; } }"
NEWER = PLAIN.replace("8321;", "8321; proxy_http_version 1.1;")
SOCKETS = NEWER.replace("1.1;", '1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";')
HTML = {"Accept": "text/html"}


def _nginx(folder: Path, port: int, behind: int, example: str) -> list[str]:
    """The example with a certificate of the test's own."""
    key = ["-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", *key]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    said = example.replace("listen 443", f"listen 127.0.0.1:{port}").replace("8321", str(behind))
    said = said.replace("/etc/ssl/resight.pem", "cert.pem").replace("/etc/ssl/resight.key", "key.pem")
    if "ssl_certificate" not in said:
        said = said.replace("{ listen", "{ ssl_certificate cert.pem; ssl_certificate_key key.pem; listen", 1)
    kept = "".join(f"{what}_temp_path {what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"pid pid; events {{}} http {{ access_log off; {kept}\n{said} }}")
    return ["-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]


def _caddy(folder: Path, port: int, behind: int, example: str) -> list[str]:
    """The example for localhost, for which Caddy makes a certificate without asking anybody."""
    said = example.replace("resight.example", f"https://localhost:{port}").replace("8321", str(behind))
    quiet = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"
    (folder / "Caddyfile").write_text(quiet + said)
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


Maker = Callable[[Path, int, int, str], list[str]]
PROXIES: dict[str, tuple[Maker, str]] = {
    "nginx": (_nginx, (EXAMPLES / "nginx.conf").read_text()),
    "caddy": (_caddy, (EXAMPLES / "Caddyfile").read_text()),
}


@asynccontextmanager
async def proxy(name: str, folder: Path, front: Desk, example: str = "") -> AsyncIterator[ClientSession]:
    """A browser's session that reaches the desk through such a proxy."""
    make, usual = PROXIES[name]
    program, port = shutil.which(name, path=PLACES), test_utils.unused_port()
    if program is None:
        pytest.skip(f"{name} is not installed; .ci/run installs it")
    said = make(folder, port, front.client.port or 0, example or usual)
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said").open("wb") as log:
        running = await asyncio.create_subprocess_exec(program, *said, env=home, cwd=folder, stdout=log, stderr=log)
    connector = TCPConnector(ssl=False, local_addr=(OUTSIDE, 0), force_close=True)
    try:
        async with ClientSession(f"https://localhost:{port}", connector=connector) as session:
            await _answers(session, folder)
            yield session
    finally:
        running.terminate()
        await running.wait()


async def _answers(session: ClientSession, folder: Path) -> None:
    for _ in range(100):
        try:
            async with session.get("/healthz") as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError((folder / "said").read_text())


@pytest.mark.parametrize("name", PROXIES)
async def test_the_examples_of_the_documentation_work(home: Path, tmp_path: Path, name: str) -> None:
    """Through the proxy the token is asked for, signing in works over TLS, and the cookie is sent over TLS only."""
    async with desk(home, proxies=OURS) as front, proxy(name, tmp_path, front) as session:
        async with session.get("/", headers=HTML, allow_redirects=False) as answer:
            assert answer.status == 303
        csrf = await Browser(session).csrf("/sign-in")
        origin = {"Origin": str(session._base_url).rstrip("/")}
        data = {"csrf": csrf, "token": TOKEN}
        async with session.post("/sign-in", data=data, headers=origin, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            assert "Secure" in answer.headers["Set-Cookie"]
        assert "Moderated channel" in await Browser(session).page("/channel")


@pytest.mark.parametrize("name", PROXIES)
async def test_who_guesses_through_a_proxy_is_counted_alone(home: Path, tmp_path: Path, name: str) -> None:
    """Whatever address the guesser makes up, and nobody else has to wait."""
    async with desk(home, proxies=OURS) as front, proxy(name, tmp_path, front) as session:
        for number in range(AT_MOST + 1):
            made_up = {"Authorization": "Bearer guess", "X-Forwarded-For": f"9.9.9.{number}"}
            async with session.get("/api/cases", headers=made_up) as answer:
                assert answer.status == (401 if number < AT_MOST else 429)
        async with session.get("/api/cases", headers=BEARER) as answer:
            assert answer.status == 200
        async with front.client.get("/api/cases", headers={"Authorization": "Bearer guess"}) as answer:
            assert answer.status == 401


@pytest.mark.parametrize("example", [PLAIN, NEWER, SOCKETS], ids=["plain", "newer", "sockets"])
async def test_a_plain_proxy_does_not_make_the_console_public(home: Path, tmp_path: Path, example: str) -> None:
    """nginx as people write it: no word of the client, and its own host name; HTTP/1.1 or the lines for WebSockets."""
    async with desk(home) as front, proxy("nginx", tmp_path, front, example) as session:
        async with session.get("/", headers=HTML, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"][:8]) == (303, "/sign-in")
        async with session.get("/metrics") as answer:
            assert answer.status == 401


@pytest.mark.parametrize(
    "said",
    [
        "X-Forwarded-For: 1.2.3.4",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: resight.example",
        "X-Real-IP: 1.2.3.4",
        "Forwarded: for=1.2.3.4",
        "Via: 1.1 somebody",
        "X-Forwarded-For:",
        "X-Forwarded-Ssl: on",
        "X-Original-URI: /",
        "CF-Connecting-IP: 1.2.3.4",
        "Tailscale-User-Login: somebody@example.org",
        "Connection: close",
        "Connection: upgrade",
        "Referer: https://resight.example/channel\r\nSec-Fetch-Site: same-origin",
        "Referer: https://resight.example/channel",
    ],
)
async def test_any_sign_of_a_proxy_ends_the_open_console(front: Desk, said: str) -> None:
    """On loopback, too, where no proxy was named."""
    for path in ("/", "/channel", "/metrics"):
        assert (await say(front, f"GET {path} HTTP/1.1\r\n{said}"))[0] == 401


async def test_http_1_0_is_not_the_operators_browser(front: Desk) -> None:
    """It is what a plain proxy speaks."""
    assert (await say(front, "GET /channel HTTP/1.0"))[0] == 401


@pytest.mark.parametrize(
    "said",
    ["Referer: http://localhost:8321/", "Referer: https://discord.com/\r\nSec-Fetch-Site: cross-site", "Accept: */*"],
)
async def test_a_link_from_another_site_is_no_proxy(front: Desk, said: str) -> None:
    """A card in a chat leads the operator to the case without a question."""
    assert (await say(front, f"GET /channel HTTP/1.1\r\n{said}"))[0] == 200


def request(remote: str, trusted: str, **heads: str) -> web.Request:
    """A request from this address, where these proxies are ours."""
    app = web.Application()
    known = WebSettings(token="x", host="0.0.0.0", open_pages=False, version="0", proxies=networks_of(trusted))
    app[SETTINGS] = known
    named = {name.replace("_", "-"): value for name, value in {"Host": "inner:8321", **heads}.items()}
    return test_utils.make_mocked_request("GET", "/", headers=named, app=app).clone(remote=remote)


@pytest.mark.parametrize(
    "remote, trusted, said, client",
    [
        ("10.0.0.1", "10.0.0.0/8", "5.6.7.8", "5.6.7.8"),
        ("10.0.0.1", "10.0.0.0/8", "1.1.1.1, 5.6.7.8", "5.6.7.8"),
        ("10.0.0.1", "10.0.0.0/8", "1.1.1.1, 5.6.7.8, 10.0.0.9", "5.6.7.8"),
        ("10.0.0.1", "10.0.0.0/8", "5.6.7.8:4711", "5.6.7.8"),
        ("10.0.0.1", "10.0.0.0/8", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "10.0.0.0/8", "1.1.1.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.0/8", "", "10.0.0.1"),
        ("5.5.5.5", "10.0.0.0/8", "1.1.1.1", "5.5.5.5"),
        ("::ffff:10.0.0.1", "10.0.0.0/8", "5.6.7.8", "5.6.7.8"),
        ("5.5.5.5", "", "1.1.1.1", "5.5.5.5"),
    ],
)
def test_only_our_proxies_say_who_asks(remote: str, trusted: str, said: str, client: str) -> None:
    """The last address that none of them is; the rest anybody can have written."""
    assert client_of(request(remote, trusted, X_Forwarded_For=said)) == client


def test_only_our_proxies_say_how_we_are_reached() -> None:
    """TLS and name count from them alone."""
    heads = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "resight.example"}

    believed, other = request("10.0.0.1", "10.0.0.1", **heads), request("10.0.0.2", "10.0.0.1", **heads)

    assert (is_secure(believed), host_of(believed)) == (True, "resight.example")
    assert (is_secure(other), host_of(other)) == (False, "inner:8321")


def test_a_customers_ipv6_addresses_are_one_client() -> None:
    """Nobody tries 2^64 times by changing the last half of the address."""
    assert home_of("2001:db8::1") == home_of("2001:db8::ffff") != home_of("2001:db8:0:1::1")
    assert home_of("1.2.3.4") == "1.2.3.4"
