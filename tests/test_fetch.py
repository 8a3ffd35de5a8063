"""The safe downloader against a hostile server: what it delivers, what it refuses, and where it never connects.

The oracle for connections is outside of our code and of aiohttp: Python's own audit event `socket.connect`.
"""

import asyncio
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from core.errors import Refused, RetryLater
from handlers.fetch import Limits, SafeFetcher, is_public, next_hop
from tests.peers.hostile import PNG, HostileServer, TableResolver

LIMITS = Limits(bytes=200_000, total_s=1.5, connect_s=1.0, read_s=0.7, rate=8_192, patience_s=0.4)
connects: list[object] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        connects.append(arguments[1])


sys.addaudithook(_listen)  # can't be taken off again, so it only takes notes


@dataclass(frozen=True)
class Scene:
    """Two servers on loopback: `outer` plays the internet, `inner` a service that must never be reached."""

    outer: HostileServer
    inner: HostileServer
    fetcher: SafeFetcher

    def url(self, address: str) -> str:
        where = address.replace("{port}", str(self.outer.port)).replace("{inner}", str(self.inner.port))
        return f"http://good.test:{self.outer.port}{where}" if where.startswith("/") else where


@pytest_asyncio.fixture
async def scene() -> AsyncIterator[Scene]:
    async with HostileServer() as outer, HostileServer() as inner:
        fetcher = SafeFetcher(
            lambda head: head.startswith(b"\x89PNG"),
            limits=LIMITS,
            also_allow=lambda address, port: (address, port) == ("127.0.0.1", outer.port),
            base_resolver=TableResolver(),
        )
        async with fetcher:
            connects.clear()
            yield Scene(outer, inner, fetcher)


async def outcome(fetcher: SafeFetcher, url: str) -> str:
    """`ok`, `later` or the reason of the refusal; anything else fails the test."""
    try:
        body = await fetcher.fetch(url)
    except Refused as error:
        assert str(error).endswith(".")
        return error.reason
    except RetryLater:
        return "later"
    return "ok" if body == PNG else f"wrong body: {body[:20]!r}"


SECRET = ":{inner}/secret"
PRIVATE = "private-address"
CASES = [  # the path on the outer server or a whole URL, and the outcomes that are right
    ("/ok", "ok"),
    ("/ok_nolength", "ok"),
    ("/ok_chunked", "ok"),
    ("/ok_gzip", "ok"),
    ("/ok_odd_type", "ok"),
    ("/ok_slow", "ok"),
    ("/headers_seen", "ok"),
    ("/go_with_cookie", "ok"),
    ("http://u:p@good.test:{port}/headers_seen", "ok"),
    ("http://u:p@good.test:{port}/go?/headers_seen", "ok"),
    ("/go?http://u:p@good.test:{port}/headers_seen", "ok"),
    ("/ok#fragment", "ok"),
    ("/go?/ok", "ok"),
    ("/go_307?/ok", "ok"),
    ("/chain?3", "ok"),
    ("/chain?4", "redirect"),
    ("/chain?20", "redirect"),
    ("/go_nowhere", "redirect"),
    (f"/go?http://127.0.0.1{SECRET}", PRIVATE),
    (f"/go_307?http://127.0.0.1{SECRET}", PRIVATE),
    (f"/go?http://localhost{SECRET}", PRIVATE),
    (f"/go?http://[::1]{SECRET}", PRIVATE),
    (f"/go?http://2130706433{SECRET}", f"{PRIVATE} url later"),
    (f"/go?http://0x7f000001{SECRET}", f"{PRIVATE} url later"),
    (f"/go?http://127.1{SECRET}", f"{PRIVATE} url later"),
    (f"/go?http://[::ffff:127.0.0.1]{SECRET}", PRIVATE),
    (f"/go?//127.0.0.1{SECRET}", PRIVATE),
    ("/go?file:///etc/hostname", "url"),
    ("/go?gopher://127.0.0.1:6379/_x", "url"),
    ("/go?ftp://127.0.0.1/x", "url"),
    ("/go?data:image/png;base64,AAAA", "url"),
    ("/go?javascript:alert(1)", "url"),
    ("/go?http://meta.test/", PRIVATE),
    ("/go?http://six.test/", PRIVATE),
    ("/go?http://zero.test/", PRIVATE),
    ("/go?http://ula.test/", PRIVATE),
    ("/go?http://mapped.test/", PRIVATE),
    ("/go?http://mixed.test:{port}/ok", PRIVATE),
    ("/go?http://good.test:22/", PRIVATE),
    ("/go?http://8.8.8.8:22/", "port"),
    ("/go?http:///nohost", "url status"),
    ("/go?http://%00/", "url later bad-answer"),
    ("/go?http://a:99999/", "url"),
    ("/go?http://[::1", "url"),
    (f"/go?http://127.0.0.1%2f@good.test{SECRET}", f"{PRIVATE} url"),
    ("http://rebind.test:{port}/ok", "ok"),
    ("http://rebind.test:{port}/go?http://rebind.test:{port}/ok", PRIVATE),
    ("/svg", "not-a-picture"),
    ("/html", "not-a-picture"),
    ("/empty", "not-a-picture"),
    ("/s204", "status"),
    ("/s206", "status"),
    ("/s304", "status"),
    ("/s404", "status"),
    ("/nowhere", "status"),
    ("/s429", "later"),
    ("/s503", "later"),
    ("/length_huge", "too-large"),
    ("/length_negative", "bad-answer"),
    ("/length_twice", "bad-answer"),
    ("/length_and_chunks", "bad-answer"),
    ("/length_short", "ok bad-answer later not-a-picture wrong"),
    ("/length_long", "later"),
    ("/endless", "too-large"),
    ("/endless_chunks", "too-large"),
    ("/chunk_huge", "too-large bad-answer later"),
    ("/chunk_bad", "later bad-answer"),
    ("/trailer_endless", "ok bad-answer later"),
    ("/gzip_bomb", "too-large"),
    ("/gzip_twice", "encoding"),
    ("/gzip_bad", "bad-answer"),
    ("/gzip_cut", "later"),
    ("/brotli", "encoding"),
    ("/slow_head", "later"),
    ("/slow_body", "later"),
    ("/silent", "later"),
    ("/silent_body", "later"),
    ("/hints_endless", "later bad-answer"),
    ("/headers_100k", "bad-answer later"),
    ("/header_long", "bad-answer"),
    ("/status_endless", "bad-answer later"),
    ("/not_http", "bad-answer"),
    ("/nothing", "later"),
    ("/reset", "later"),
    ("/type_evil", "ok bad-answer"),
    ("http://mixed.test:{port}/ok", PRIVATE),
    ("http://good.test" + SECRET, PRIVATE),
    ("http://[::1]" + SECRET, PRIVATE),
    ("http://[fe80::1%25eth0]/", f"{PRIVATE} url"),
    ("http://169.254.169.254/latest/meta-data/", PRIVATE),
    ("http://127.0.0.1:1/", PRIVATE),
    ("https://good.test:{port}/ok", "later"),
    ("http://unknown.test/", "later"),
    ("file:///etc/hostname", "url"),
    ("/etc/hostname" * 400, "url"),
    ("http://" + "a" * 5000 + ".test/", "url"),
    ("not a link", "url"),
    ("", "url"),
]


@pytest.mark.parametrize(("address", "wanted"), CASES, ids=[address[:60] or "empty" for address, _ in CASES])
async def test_hostile_server(scene: Scene, address: str, wanted: str) -> None:
    """Every attack ends as it must, before the attacker does, and nothing but the allowed address is connected to."""
    found = await outcome(scene.fetcher, scene.url(address) if address else "")
    assert found.split(" ")[0] in wanted.split(" "), found
    assert scene.outer.outlasted == 0
    assert {one for one in connects if isinstance(one, tuple)} <= {("127.0.0.1", scene.outer.port)}
    assert scene.inner.asked == []


async def test_a_large_file_is_refused_by_its_header(scene: Scene) -> None:
    """A file announced as too large is refused without waiting for a body, and the sentence says why."""
    with pytest.raises(Refused, match="larger than 0 MB") as caught:
        await scene.fetcher.fetch(scene.url("/length_huge"))
    assert caught.value.reason == "too-large"


async def test_slow_is_not_dead(scene: Scene) -> None:
    """A trickle above the read timeout is stopped by the rate limit, not by the total time."""
    with pytest.raises(RetryLater, match="slowly"):
        await scene.fetcher.fetch(scene.url("/slow_body"))


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """TLS for good.test with a certificate that nobody vouches for."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=good.test -addext subjectAltName=DNS:good.test"
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    return tls


async def test_tls_is_verified(self_signed: ssl.SSLContext) -> None:
    """A server with a certificate of its own making is refused before it is told what is asked for."""
    async with HostileServer(self_signed) as server:
        fetcher = SafeFetcher(lambda _: True, also_allow=lambda *_: True, base_resolver=TableResolver())
        async with fetcher:
            assert await outcome(fetcher, f"https://good.test:{server.port}/ok") == "certificate"
        assert server.asked == []


async def test_by_default_loopback_is_out_of_reach() -> None:
    """Without the tests' permission not even the stand-in for the internet is visited."""
    async with HostileServer() as server, SafeFetcher(lambda _: True, base_resolver=TableResolver()) as fetcher:
        connects.clear()
        for host in ("127.0.0.1", "good.test"):
            assert await outcome(fetcher, f"http://{host}:{server.port}/ok") == PRIVATE
        assert (server.asked, connects) == ([], [])


async def test_downloads_run_side_by_side(scene: Scene) -> None:
    """One fetcher serves several downloads at once, good and bad, without mixing them up."""
    pages = ["/ok", "/svg", "/ok_gzip", "/endless", "/chain?3", "/chain?9"] * 3
    found = await asyncio.gather(*(outcome(scene.fetcher, scene.url(page)) for page in pages))
    assert found == ["ok", "not-a-picture", "ok", "too-large", "ok", "redirect"] * 3


@pytest.mark.parametrize(
    ("location", "wanted"),
    [
        ("/b.png", "https://a.test/b.png"),
        ("//c.test/b.png", "https://c.test/b.png"),
        ("https://c.test/", "https://c.test/"),
        ("http://a.test/x/y.png", "redirect"),
        ("", "redirect"),
        ("http://[", "url"),
    ],
)
def test_redirects_stay_in_tls(location: str, wanted: str) -> None:
    """From https a redirect leads to https only; from http both ways are fine."""
    try:
        found = str(next_hop(URL("https://a.test/x/y.png"), location))
    except Refused as error:
        found = error.reason
    assert found == wanted
    assert str(next_hop(URL("http://a.test/"), "https://a.test/")) == "https://a.test/"


PUBLIC = "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 198.17.255.255"
PUBLIC += " 198.20.0.0 223.255.255.255 2606:4700::1111 2001:4860:4860::8888 2a00:1450::1 2001:200::1 2003::1 3ffe::1"
NOT_PUBLIC = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1"
NOT_PUBLIC += " 172.31.255.255 192.0.0.1 192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255"
NOT_PUBLIC += " 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1"
NOT_PUBLIC += " ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:10::1 2001:20::1"
NOT_PUBLIC += " 2001:db8::1 2002:7f00:1:: 3fff::1 4000::1 5f00::1 fc00::1 fd00::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1"
NOT_PUBLIC += " 2606:4700::1111%eth0 localhost 127.1 2130706433 0x7f000001 0177.0.0.1 1.2.3.4.5"


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses(address: str) -> None:
    """Ordinary internet addresses, also right beside the reserved ranges, may be visited."""
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_addresses_that_are_not_public(address: str) -> None:
    """Private, reserved, multicast, mapped, translated, scoped and misspelt addresses are not public."""
    assert not is_public(address)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=60), st.from_regex(r"https?://[^/]{0,30}(:[0-9]{0,6})?/.{0,20}", fullmatch=True)))
def test_any_text_as_a_link_is_answered_calmly(text: str) -> None:
    """Whatever people paste, the answer is Refused or RetryLater and no connection is made."""

    async def once() -> str:
        async with SafeFetcher(lambda _: True, limits=LIMITS, base_resolver=TableResolver()) as fetcher:
            return await outcome(fetcher, text)

    connects.clear()
    assert asyncio.run(once()) != "ok"
    assert connects == []
