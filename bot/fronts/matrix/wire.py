"""The client-server API of one homeserver: requests, files, and what refusals mean. Encryption is in `keys`.

Wire.ask(method, path, body) -> answer      raises NotGiven for a refusal, RetryLater for what may pass
Wire.download(uri, most) -> bytes           counts what arrives: a homeserver may say any size
done(doing, right) -> Carried               what came of an order: done, or why not
kept(doing)                                 for lookups: the answer, None where the homeserver refuses it
"""

import asyncio
import io
import json
import logging
import re
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from core.cases import KICKED
from core.chat import DONE, GONE, Carried
from core.errors import EnvironmentTrouble, OurFault, RetryLater, Unscannable
from core.types import ActState

type Json = dict[str, Any]

CLIENT, MEDIA = "/_matrix/client/v3", "/_matrix/client/v1/media/download"
WAIT_S, BLOCK, MOST_ANSWER = 30.0, 65_536, 64 << 20
PAGE, MOST_PAGES = 100, 20
"""Events of a page, and the pages of one look back."""

ENCRYPTED = "m.room.encrypted"
SEND, REDACT, STATE = "m.room.message", "redact", "m.room.power_levels"
"""Rights, as a room's power levels name them."""

PAGES = frozenset({"application/json", "application/xhtml+xml", "application/problem+json"})
GONE_ERRORS = frozenset({"M_NOT_FOUND", "M_UNKNOWN_POS"})
HALF = re.compile(rb"\\u[dD][89a-fA-F]")
NOT_IN_ROOM = "not in room"
OUT = (NOT_IN_ROOM, "not a member")
"""What homeservers say of a room that the bot is not in; they have no code for it."""

DONE_ALREADY = frozenset({"M_DUPLICATE_ANNOTATION"})
SIGNED_OUT = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"})
log = logging.getLogger(__name__)


class NotGiven(Exception):
    """The homeserver refuses a request, and will do so again; `code` is the specification's, such as M_FORBIDDEN."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(f"{status} {code} {words}".strip())
        self.status, self.code, self.words = status, code, words

    @property
    def is_refusal(self) -> bool:
        """Whether it says that we may not, rather than that the request is wrong."""
        return self.status == 403 or self.code == "M_FORBIDDEN"

    @property
    def is_gone(self) -> bool:
        return self.status == 404 or self.code in GONE_ERRORS


class SignedOut(NotGiven):
    """The access token holds no longer."""


class Wire:
    """Requests to one homeserver. `token` is sent with each once there is one."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.token = ""
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=10))

    async def close(self) -> None:
        session, self._session = self._session, None
        if session:
            await session.close()

    async def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        wait: float = WAIT_S,
    ) -> Json:
        """One request of the client API, or of a path that begins with "/_"; raises NotGiven and RetryLater."""
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if data is not None else {}
        return await self._request(method, path if path.startswith("/_") else CLIENT + path, data, kind, query, wait)

    async def upload(self, data: bytes, kind: str, name: str) -> str:
        """Store a file on the homeserver; its mxc:// address."""
        query = {"filename": name} if name else None
        answer = await self._request("POST", "/_matrix/media/v3/upload", data, {"Content-Type": kind}, query, WAIT_S)
        return str(answer.get("content_uri", ""))

    async def download(self, uri: str, most: int) -> bytes:
        """The bytes behind an mxc:// address; raises Unscannable for more than `most`, and where there are none."""
        server, _, media = uri.removeprefix("mxc://").partition("/")
        if not uri.startswith("mxc://") or not server or not media:
            raise Unscannable("gone", "The post names no file of a homeserver.")
        try:
            return await self._bytes(f"{MEDIA}/{part(server)}/{part(media)}", most)
        except SignedOut:  # told where it is mended: by the sync
            raise RetryLater("unreachable") from None
        except NotGiven as error:
            if error.is_refusal:
                raise Unscannable("no-access", "The homeserver does not let the bot have the file.") from None
            if error.is_gone:
                raise Unscannable("gone", "The homeserver has no such file.") from None
            raise fault(error) from None

    async def _request(
        self,
        method: str,
        path: str,
        data: bytes | None,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None,
        wait: float,
    ) -> Json:
        try:
            async with asyncio.timeout(wait), self._asking(method, path, data, headers, query) as answer:
                said = _read(await _limited(answer, MOST_ANSWER))
                if answer.status >= 300:
                    raise _refused(answer, said)
                if said is None:
                    raise RetryLater("unreachable")
                return said
        except TimeoutError:
            raise RetryLater("timeout") from None
        except aiohttp.ClientError as error:
            log.debug("The homeserver does not answer: %s", error)
            raise RetryLater("unreachable") from None

    async def _bytes(self, path: str, most: int) -> bytes:
        try:
            async with asyncio.timeout(4 * WAIT_S), self._asking("GET", path, None, {}, None) as answer:
                if answer.status >= 300:
                    raise _refused(answer, _read(await _limited(answer, BLOCK)))
                data = await _limited(answer, most)
                if _is_a_page(answer, data):
                    raise RetryLater("unreachable")  # whoever answered, it was no homeserver
                if len(data) > most:
                    raise Unscannable("too-large", f"The file is larger than {most >> 20} MB.")
                return data
        except TimeoutError:
            raise RetryLater("timeout") from None
        except aiohttp.ClientError:
            raise RetryLater("unreachable") from None

    def _asking(
        self,
        method: str,
        path: str,
        data: bytes | None,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None,
    ) -> Any:
        if self._session is None:
            raise RetryLater("not-running")
        ours = {**headers, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        url = URL(self.base + path, encoded=True)
        # media may lie elsewhere (307, 308), and there the token is nobody's business: aiohttp drops it at another host
        body = io.BytesIO(data) if data is not None else None  # aiohttp warns of bytes, which it copies at once
        return self._session.request(method, url.update_query(query or {}), data=body, headers=ours)


def mapping_of(where: object, name: str) -> Json:
    """The object of that name; {} where there is anything else, also around it."""
    value = where.get(name) if isinstance(where, dict) else None
    return value if isinstance(value, dict) else {}


def text_of(where: Mapping[str, Any], name: str) -> str:
    """The text of that name; "" where there is anything else."""
    value = where.get(name)
    return value if isinstance(value, str) else ""


def events_of(where: object, name: str) -> list[Json]:
    """The events of a part of an answer, whatever else it may hold."""
    events = mapping_of(where, name).get("events")
    return [one for one in events if isinstance(one, dict)] if isinstance(events, list) else []


def part(text: str) -> str:
    """A part of a path, with everything quoted that could end it."""
    return quote(text, safe="")


def room_path(room: str, *parts: str) -> str:
    """The path of something of a room."""
    return "/".join(["", "rooms", part(room), *map(part, parts)])


async def _limited(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """What arrives, up to a little more than `most`: whatever length was announced."""
    found = bytearray()
    async for block in answer.content.iter_chunked(BLOCK):
        found += block
        if len(found) > most:
            break
    return bytes(found)


def _is_a_page(answer: aiohttp.ClientResponse, data: bytes) -> bool:
    """Whether it is no file but a page of something in between, such as a sign-in; homeservers say how a file is shown.

    So nobody's upload is taken for one, whatever type it was given.
    """
    says_nothing = not data or answer.content_type.startswith("text/") or answer.content_type in PAGES
    return says_nothing and "Content-Disposition" not in answer.headers


def _read(data: bytes) -> Json | None:
    try:
        said = json.loads(data or b"{}")
        said = whole_text(said) if HALF.search(data) else said
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def whole_text(said: Any) -> Any:
    """The same without halves of characters: no text with one can be stored, sent or hashed."""
    return json.loads(json.dumps(said, ensure_ascii=False).encode(errors="replace"))


def _refused(answer: aiohttp.ClientResponse, said: Json | None) -> Exception:
    """What a status means: what may pass, a lost login, or a refusal."""
    code, words = (str((said or {}).get(name, "")) for name in ("errcode", "error"))
    if answer.status == 429 or code == "M_LIMIT_EXCEEDED":
        return RetryLater("unreachable", _asked_pause(answer, said))
    if answer.status >= 500 or answer.status in (408, 409, 425) or 300 <= answer.status < 400:
        return RetryLater("unreachable")
    if answer.status in (401, 403, 404) and not code:
        return RetryLater("unreachable")  # a page of something in between: a homeserver says which error it is
    if code in SIGNED_OUT or answer.status == 401:
        return SignedOut(answer.status, code, words)
    return NotGiven(answer.status, code, words)


def _asked_pause(answer: aiohttp.ClientResponse, said: Json | None) -> float:
    """Seconds, from the header that is to be used today, or from the field of before."""
    for value, unit in ((answer.headers.get("Retry-After"), 1), ((said or {}).get("retry_after_ms"), 1000)):
        try:
            return max(0.0, float(value) / unit)  # type: ignore[arg-type]  # what is no number is tried, too
        except (TypeError, ValueError):
            continue
    return 0.0


async def done(doing: Awaitable[object], right: str) -> Carried:
    """How an order went: as `doing` says, or done; `right` is what the bot needs for it. Raises RetryLater."""
    try:
        carried = await doing
    except NotGiven as error:
        return refused(error, right)
    return carried if isinstance(carried, Carried) else DONE


async def kept[Answer](doing: Awaitable[Answer]) -> Answer | None:
    """The answer to a lookup, None where the homeserver refuses it; raises RetryLater and OurFault."""
    try:
        return await doing
    except SignedOut:
        raise RetryLater("unreachable") from None
    except NotGiven as error:
        if error.is_refusal or error.is_gone:
            return None
        raise fault(error) from None


def refused(error: NotGiven, right: str) -> Carried:
    """The final state that a refusal means; raises RetryLater where the login is lost, which is mended elsewhere."""
    if isinstance(error, SignedOut):
        raise RetryLater("unreachable") from None
    if error.code in DONE_ALREADY:
        return DONE
    if error.is_refusal:
        is_out = any(said in error.words.lower() for said in OUT)
        return Carried(state=ActState.FORBIDDEN, sentence=KICKED if is_out else f"no-permission|{right}")
    if error.is_gone:
        return GONE
    return Carried(state=ActState.FAILED, sentence=str(fault(error)))


def fault(error: NotGiven) -> OurFault:
    """Log what the homeserver refuses for what it is, and return the error that says so."""
    log.error("The homeserver refuses what we ask of it: %s", error)
    return OurFault("internal")


def trouble(error: NotGiven, what: str) -> EnvironmentTrouble:
    """A sentence for the operator."""
    return EnvironmentTrouble(f"The homeserver {what} ({error.words or error.code or error.status}).")
