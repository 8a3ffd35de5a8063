"""The one way to bytes behind a URL that a person gave, safe against being used to reach into the own network.

    URL -> scheme, host, length, userinfo                    _checked
        -> a name: refused if ANY of its addresses is not public   VettingResolver
        -> EVERY connect: the address itself is checked again      SafeFetcher._socket (also for IP literals)
        -> redirects by hand, at most 3, never from https to http  _next_hop
        -> bytes, rate, encoding and type while streaming          _read

The check sits where the connection is made, on the very address that is connected to, so a name that resolves
differently the second time gains nothing. TLS still verifies the host name. aiohttp's exceptions end here:
Refused = given up on purpose (asking again is useless), Unreachable = the server or the network failed this time.
"""

import asyncio
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from core.errors import Fault, Refused, Unreachable

REDIRECTS = (301, 302, 303, 307, 308)
TRY_AGAIN = (408, 425, 429)  # besides 5xx
MOST_ASKED_S = 120.0
"""No stranger's server keeps an image waiting for longer than that."""

UNKNOWN_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
HEAD = 64  # bytes that tell the type
BLOCK = 65_536
PRIVATE_V4 = [
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
PUBLIC_V6 = IPv6Network("2000::/3")
PRIVATE_V6 = [ip_network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one download; `rate` is bytes a second, required once `patience_s` have passed."""

    bytes: int = 25_000_000
    url: int = 4_096
    redirects: int = 3
    ports: tuple[int, ...] = (80, 443)
    total_s: float = 20.0
    connect_s: float = 5.0
    read_s: float = 5.0
    rate: int = 8_192
    patience_s: float = 3.0


DEFAULT = Limits()


class _Blocked(OSError):
    """A connection that must not be made, as an error of the kind that aiohttp expects of resolvers and sockets."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(None, str(refused))
        self.refused = refused


def is_public(address: str) -> bool:
    """Return whether an address is public, by a list of our own.

    `ipaddress.is_global` is true for 224.0.0.1, ::127.0.0.1, 64:ff9b::7f00:1 and more.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in net for net in PRIVATE_V4)
    if ip.scope_id or ip.ipv4_mapped:  # never needed: refused instead of unwrapped
        return False
    return ip in PUBLIC_V6 and not any(ip in net for net in PRIVATE_V6)


def never(_address: str, _port: int) -> bool:
    """Return False: no address is excepted from the rules."""
    return False


class VettingResolver(AbstractResolver):
    """Refuses a name if any of its addresses may not be visited, and pins the answer for the connect."""

    def __init__(self, vet: Callable[[str, int], None], base: AbstractResolver | None = None) -> None:
        self._vet = vet
        self._base = base or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a host; raises Refused if one of its addresses must not be visited."""
        answers = await self._base.resolve(host, port, family)
        for answer in answers:
            self._vet(answer["host"], port)
        return answers

    async def close(self) -> None:
        """Close the resolver that does the work."""
        await self._base.close()


class SafeFetcher:
    """Downloads images; an async context manager.

    `looks_right` judges the first 64 bytes; `also_allow` lets a test reach loopback.
    """

    def __init__(
        self,
        looks_right: Callable[[bytes], bool],
        *,
        limits: Limits = DEFAULT,
        also_allow: Callable[[str, int], bool] = never,
        base_resolver: AbstractResolver | None = None,
    ) -> None:
        self._looks_right = looks_right
        self._limits = limits
        self._also_allow = also_allow
        self._base_resolver = base_resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=VettingResolver(self._vet, self._base_resolver),
            socket_factory=self._socket,
            use_dns_cache=False,
            force_close=True,
            limit=32,
            limit_per_host=4,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeout(),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            headers={"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "resight/0"},
            max_line_size=8_190,
            max_field_size=8_190,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, url: str) -> bytes:
        """Return the bytes behind the URL if the first 64 are those of a picture; raises Refused or Unreachable."""
        with _translated():
            async with asyncio.timeout(self._limits.total_s):  # the only thing that stops endless 1xx answers
                return await self._follow(_parsed(url))

    async def _follow(self, target: URL) -> bytes:
        assert self._session is not None, "SafeFetcher is an async context manager"
        for _ in range(self._limits.redirects + 1):
            target = self._checked(target)
            async with self._session.get(target, allow_redirects=False) as response:
                if response.status not in REDIRECTS:
                    return await self._read(response)
                target = next_hop(target, response.headers.get("Location", ""))
        raise Refused("redirect", "The link redirects too often.")

    def _timeout(self) -> aiohttp.ClientTimeout:
        limits = self._limits
        return aiohttp.ClientTimeout(
            total=limits.total_s, connect=limits.connect_s, sock_connect=limits.connect_s, sock_read=limits.read_s
        )

    def _checked(self, target: URL) -> URL:
        """Return the URL as it may be requested; userinfo is dropped, because it would be sent as Authorization."""
        if target.scheme not in ("http", "https") or not target.host or not target.port:
            raise Refused("url", "Only http and https links are followed.")
        if len(str(target)) > self._limits.url:
            raise Refused("url", f"The link is longer than {self._limits.url:,} characters.")
        if _is_literal(target.host):  # the choke point would stop it too; this way no connect is even prepared
            self._vet(target.host, target.port)
        return target.with_user(None).with_fragment(None)

    def _vet(self, address: str, port: int) -> None:
        if self._also_allow(address, port):
            return
        if not is_public(address):
            raise _Blocked(Refused("private-address", "The link leads into a private network."))
        if port not in self._limits.ports:
            raise _Blocked(Refused("port", "The link leads to an unusual port."))

    def _socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """Make the socket for a connection if its address may be visited: aiohttp calls this before every connect."""
        family, kind, protocol, _, target = info
        if family not in (socket.AF_INET, socket.AF_INET6):
            raise _Blocked(Refused("private-address", "The link leads to no internet address."))
        self._vet(target[0], target[1])
        return socket.socket(family, kind, protocol)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        _check_status(response.status, response.headers.get("Retry-After", ""))
        limit, announced = self._limits.bytes, response.content_length
        if (announced or 0) > limit:
            raise _too_large(limit)
        body = _Body(limit, _unzipper(response.headers.get("Content-Encoding", "")))
        is_type_checked, started = False, time.monotonic()
        async for block in response.content.iter_chunked(BLOCK):
            body.add(block)
            if not is_type_checked and len(body.data) >= HEAD:
                is_type_checked = self._check_type(body.data)
            self._check_rate(body.received, time.monotonic() - started)
        body.finish(announced)
        if not is_type_checked:
            self._check_type(body.data)
        return bytes(body.data)

    def _check_type(self, data: bytearray) -> bool:
        if not self._looks_right(bytes(data[:HEAD])):
            raise Refused("not-a-picture", "What is behind the link is not an image.")
        return True

    def _check_rate(self, received: int, elapsed: float) -> None:
        if elapsed > self._limits.patience_s and received / elapsed < self._limits.rate:
            raise Unreachable(Fault.LATE, "The server sends too slowly.")


class _Body:
    """The bytes received so far, unpacked if they came packed; both sizes are within the limit."""

    def __init__(self, limit: int, unzip: "zlib._Decompress | None") -> None:
        self.data = bytearray()
        self.received = 0
        self._limit, self._unzip = limit, unzip

    def add(self, block: bytes) -> None:
        self.received += len(block)
        room = self._limit - len(self.data) + 1  # never 0, which would mean no limit
        self.data += self._unzip.decompress(block, room) if self._unzip else block
        if max(len(self.data), self.received) > self._limit:
            raise _too_large(self._limit)

    def finish(self, announced: int | None) -> None:
        if (self._unzip and not self._unzip.eof) or (announced is not None and self.received != announced):
            raise Unreachable(Fault.FAILED, "The download broke off.")


def next_hop(target: URL, location: str) -> URL:
    """Return where a redirect leads; raises Refused if it leads nowhere or from https to http."""
    if not location:
        raise Refused("redirect", "The link redirects to nowhere.")
    onward = target.join(_parsed(location))
    if target.scheme == "https" and onward.scheme == "http":
        raise Refused("redirect", "The link redirects from a secure to an insecure address.")
    return onward


def _parsed(url: str) -> URL:
    try:
        return URL(url)
    except ValueError:
        raise Refused("url", "This is not a valid link.") from None


def _is_literal(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _check_status(status: int, retry_after: str) -> None:
    if status >= 500 or status in TRY_AGAIN:
        after = min(float(retry_after), MOST_ASKED_S) if retry_after.isdecimal() else 0.0  # a date needs their clock
        raise Unreachable(Fault.FAILED, f"The server answered with status {status}.", after)
    if status != 200:
        raise Refused("status", f"The server answered with status {status}.")


def _unzipper(encoding: str) -> "zlib._Decompress | None":
    """Return what unpacks gzip; None for no encoding. Some servers pack although it was not asked for."""
    match encoding.lower().strip():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(31)
        case _:
            raise Refused("encoding", "The server sends an encoding that is not supported.")


def _too_large(limit: int) -> Refused:
    return Refused("too-large", f"The file behind the link is larger than {limit / 1e6:.0f} MB.")


@contextmanager
def _translated() -> Iterator[None]:
    """Turn aiohttp's errors into ours, the special ones before the general."""
    try:
        yield
    except _Blocked as error:
        raise error.refused from None
    except aiohttp.ClientConnectorCertificateError as error:
        raise Refused("certificate", "The server can't prove that it is who it says.") from error
    except aiohttp.ClientConnectorError as error:
        raise _of_connect(error) from error
    except ValueError as error:  # yarl's and aiohttp's word for a bad URL, some of them found late
        raise Refused("url", "This is not a valid link.") from error
    except (aiohttp.ClientResponseError, zlib.error) as error:
        raise Refused("bad-answer", "The server's answer makes no sense.") from error
    except TimeoutError as error:
        raise Unreachable(Fault.LATE, "The server took too long.") from error
    except (aiohttp.ClientError, OSError) as error:
        raise Unreachable(Fault.FAILED, "The connection failed.") from error


def _of_connect(error: aiohttp.ClientConnectorError) -> Refused | Unreachable:
    """Return our error for a failed connection; an unknown name may be our line's fault, so it may be tried again."""
    if isinstance(error.os_error, _Blocked):
        return error.os_error.refused
    if isinstance(error.os_error, socket.gaierror) and error.os_error.errno in UNKNOWN_NAME:
        return Unreachable(Fault.UNKNOWN, "There is no server of that name.")
    return Unreachable(Fault.FAILED, "The server can't be reached.")
