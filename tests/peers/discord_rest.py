"""The REST side of the Discord peer: requests go through simcord's router, and faults can be ordered.

Call    one request and what it was answered
Faults  what a test ordered to go wrong
Rest    reads a request, lets it fail or carries it out, and answers with Discord's headers
MENDS   routes that simcord lacks, or answers unlike Discord
"""

import hashlib
import io
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web
from simcord.backend import Backend, errors, serializers
from simcord.backend.errors import BackendError
from simcord.backend.permissions import flag
from simcord.http import router
from simcord.http import routes as _routes  # noqa: F401  importing them registers simcord's routes

from tests.peers.discord_cdn import Cdn, Json, Outgoing, file_name
from tests.peers.discord_gateway import Gateway

MESSAGE_DELETE = 72  # in the audit log
MAX_NONCE = 25
MAX_PAGE = 100
MAX_FILE = 10 << 20
EVERYTHING = 1_000_000


@dataclass(slots=True)
class Upload:
    """A file of a request, in the shape that simcord reads."""

    filename: str
    fp: io.BytesIO
    description: str | None = None


@dataclass(slots=True)
class Call:
    """`status` is 0 while or if there is no answer, `json` is the payload of a form with files."""

    method: str
    path: str
    json: Any = None
    reason: str | None = None
    status: int = 0
    query: dict[str, str] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)
    token: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status or 'no answer'}"


async def read(request: web.Request) -> Call:
    call = Call(request.method, "/" + request.match_info["path"], query=dict(request.query))
    call.reason = unquote(request.headers.get("X-Audit-Log-Reason", "")) or None
    call.token = request.headers.get("Authorization", "")
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader), "no client nests forms"
            await _read_part(call, part)
    elif request.can_read_body:
        call.json = json.loads(await request.read() or b"null")
    return call


async def _read_part(call: Call, part: BodyPartReader) -> None:
    content = bytes(await part.read())
    if part.name == "payload_json":
        call.json = json.loads(content)
    else:
        described = {str(file.get("id")): file for file in (call.json or {}).get("attachments") or ()}
        description = described.get(str(len(call.files)), {}).get("description")
        call.files.append(Upload(file_name(part.filename or "unknown"), io.BytesIO(content), description))


def answer(payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """discord.py wants exactly this content type; aiohttp's own json_response adds a charset."""
    if payload is None:
        return web.Response(status=204, headers=headers)
    body = json.dumps(payload).encode()
    return web.Response(body=body, status=status, headers={**(headers or {}), "Content-Type": "application/json"})


@dataclass(slots=True)
class Fault:
    """`after`: the request is carried out, and only its answer is lost. Status 0 hangs up."""

    match: str
    times: int
    status: int
    json: Json
    headers: Mapping[str, str]
    after: bool

    def response(self, request: web.Request) -> web.Response:
        if self.status == 0 and request.transport is not None:
            request.transport.abort()
        return answer(self.json, self.status or 502, self.headers)


class Faults(list[Fault]):
    def meet(self, what: str) -> Fault | None:
        """The first fault that fits "METHOD /path", one time fewer."""
        fault = next((fault for fault in self if fault.match in what), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.remove(fault)
        return fault


class Rest:
    def __init__(self, backend: Backend, outgoing: Outgoing, cdn: Cdn, gateway: Gateway, token: str) -> None:
        self.backend = backend
        self.outgoing = outgoing
        self.cdn = cdn
        self.gateway = gateway
        self.faults = Faults()
        self.calls: list[Call] = []
        self.gaps: list[str] = []
        self.sent: dict[tuple[int, str], int] = {}  # message ids by channel and enforced nonce
        self.expect(token)

    def expect(self, token: str) -> None:
        """Let in whoever has this token, and nobody else."""
        self._authorization = f"Bot {token}"

    async def handle(self, request: web.Request) -> web.Response:
        call = await read(request)
        self.calls.append(call)
        fault = self.faults.meet(f"{call.method} {call.path}")
        carried_out = self._respond(call) if fault is None or fault.after else None
        response = fault.response(request) if fault is not None else carried_out
        assert response is not None
        call.status = fault.status if fault is not None else response.status
        return response

    def _respond(self, call: Call) -> web.Response:
        open_to_all = call.path.startswith(("/interactions/", "/webhooks/"))
        if not open_to_all and call.token != self._authorization:
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        try:
            return answer(self.outgoing(self._carry_out(call)), 200, _limits(call))
        except (router.RouteNotImplemented, router.UnsupportedField, NotImplementedError) as gap:
            return self._gap(call, gap)
        except BackendError as error:
            return answer(error.to_json(), error.status, _limits(call))
        except Exception as error:  # a request that simcord cannot even refuse: loud, and not the end of the test
            return self._gap(call, error)

    def _gap(self, call: Call, error: Exception) -> web.Response:
        self.gaps.append(f"{call.method} {call.path}: {error!r}")
        return answer({"message": f"the peer cannot do this: {error}", "code": 0}, 501)

    def _carry_out(self, call: Call) -> Any:
        if any(len(upload.fp.getbuffer()) > MAX_FILE for upload in call.files):
            raise BackendError(413, 40005, "Request entity too large")
        if call.path.startswith("/webhooks/") and self._too_late(call.path.split("/")[3:4]):
            raise BackendError(401, 50027, "Invalid Webhook Token")  # simcord says that it knows no such webhook
        for method, pattern, mend in MENDS:
            found = pattern.fullmatch(call.path) if method == call.method else None
            if found is not None:
                return mend(self, call, *map(int, found.groups()))
        return self.dispatch(call)

    def _too_late(self, token: list[str]) -> bool:
        """Whether this is the token of an interaction that can no longer be answered."""
        number = self.backend.interaction_tokens.get(token[0], 0) if token else 0
        expires = self.backend.interactions[number].expires_at if number else None
        return expires is not None and self.backend.now_iso() >= expires

    def dispatch(self, call: Call) -> Any:
        """What simcord makes of a request."""
        return router.dispatch(
            self.backend,
            call.method,
            call.path,
            json=call.json,
            params=dict(call.query),
            files=list(call.files),
            reason=call.reason,
            message_content_access=self.gateway.message_content,
        )


def _limits(call: Call) -> dict[str, str]:
    """Rate-limit headers; the answers to interactions have none."""
    if call.path.startswith("/interactions/"):
        return {}
    bucket = hashlib.sha256(f"{call.method} {re.sub(r'[0-9]+', '', call.path)}".encode()).hexdigest()[:32]
    window = {"Limit": "50", "Remaining": "49", "Reset": f"{time.time() + 1:.3f}", "Reset-After": "1", "Bucket": bucket}
    return {f"X-RateLimit-{name}": value for name, value in window.items()}


type Mend = Callable[..., Any]
MENDS: list[tuple[str, re.Pattern[str], Mend]] = []


def mends(method: str, pattern: str) -> Callable[[Mend], Mend]:
    def note(mend: Mend) -> Mend:
        MENDS.append((method, re.compile(pattern), mend))
        return mend

    return note


@mends("GET", "/gateway(?:/bot)?")
def gateway_url(rest: Rest, _call: Call) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    return {"url": rest.gateway.url, "shards": 1, "session_start_limit": limit}


@mends("GET", "/(?:oauth2/)?applications/@me")
def application(rest: Rest, call: Call) -> Json:
    known: Json = rest.dispatch(replace(call, path="/oauth2/applications/@me"))
    return known | {"flags": rest.gateway.flags}


@mends("POST", "/attachments/refresh-urls")
def refresh(rest: Rest, call: Call) -> Json:
    links = call.json["attachment_urls"]
    return {"refreshed_urls": [{"original": link, "refreshed": rest.cdn.sign(link)} for link in links]}


@mends("GET", r"/channels/(\d+)/messages")
def page(rest: Rest, call: Call, _channel: int) -> Any:
    """Discord's `after` gives the messages that come next, simcord's the newest: a bot that pages would miss some."""
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= MAX_PAGE:
        raise errors.invalid_form_body(f"limit: must be between 1 and {MAX_PAGE}")
    if "after" not in call.query:
        return rest.dispatch(call)
    return rest.dispatch(replace(call, query=call.query | {"limit": str(EVERYTHING)}))[-limit:]


@mends("POST", r"/channels/(\d+)/messages")
def send(rest: Rest, call: Call, channel: int) -> Any:
    """An enforced nonce gets the same message again, and a second one is not made."""
    nonce = call.json.get("nonce")
    if len(str(nonce)) > MAX_NONCE:
        raise errors.invalid_form_body(f"nonce: Must be {MAX_NONCE} or fewer in length.")
    key = (channel, str(nonce))
    first = rest.backend.messages.get(channel, {}).get(rest.sent.get(key, 0))
    if first is not None and nonce is not None and call.json.get("enforce_nonce"):
        return serializers.message_payload(rest.backend, first)
    _check_message(rest.backend, call, channel)
    made = rest.dispatch(call)
    if nonce is not None:
        rest.sent[key] = int(made["id"])
        rest.outgoing.nonces[int(made["id"])] = nonce
    return made


def _check_message(backend: Backend, call: Call, channel: int) -> None:
    """What simcord lets pass: files and embeds without the permission, and a reply to a message that is gone."""
    needed = ["attach_files"] if call.files else []
    needed += ["embed_links"] if call.json.get("embeds") else []
    backend.require_permissions(backend.get_channel(channel).guild_id, backend.bot_user.id, channel, *needed)
    reference = call.json.get("message_reference") or {"fail_if_not_exists": False}
    strict = reference.get("type", 0) == 0 and reference.get("fail_if_not_exists", True)
    if strict and int(reference["message_id"]) not in backend.messages.get(channel, {}):
        raise errors.invalid_form_body("message_reference: Unknown message")


@mends("DELETE", r"/channels/(\d+)/messages/(\d+)")
def delete(rest: Rest, call: Call, channel: int, message: int) -> None:
    """Discord's audit log says who deleted whose message, and why; simcord's says nothing."""
    author = rest.backend.get_message(channel, message).author_id
    guild = rest.backend.get_channel(channel).guild_id
    rest.dispatch(call)
    if guild is not None and author != rest.backend.bot_user.id:
        options = {"channel_id": str(channel), "count": "1"}
        rest.backend.record_audit_log(guild, MESSAGE_DELETE, target_id=author, options=options, reason=call.reason)


@mends("PATCH", r"/guilds/(\d+)/members/(\d+)")
def change_member(rest: Rest, call: Call, guild: int, member: int) -> Any:
    """Nobody can time out an administrator."""
    rights = rest.backend.compute_permissions(guild, member) if member in rest.backend.get_guild(guild).members else 0
    if call.json.get("communication_disabled_until") and rights & flag("administrator"):
        raise errors.missing_permissions()
    return rest.dispatch(call)


@mends("PUT", r"/guilds/(\d+)/bans/(\d+)")
def ban(rest: Rest, call: Call, guild: int, member: int) -> None:
    """A ban takes the messages of the last so many seconds along; discord.py says how many in the query."""
    rest.dispatch(call)
    seconds = int((call.json or call.query).get("delete_message_seconds") or 0)
    since = rest.backend.iso_after(-seconds)
    for channel, messages in _channels(rest.backend, guild):
        written = [number for number, one in messages.items() if one.author_id == member and one.timestamp > since]
        if written and seconds:
            rest.backend.bulk_delete_messages(channel, written)


def _channels(backend: Backend, guild: int) -> Iterator[tuple[int, Mapping[int, Any]]]:
    known = backend.get_guild(guild)
    yield from ((channel, backend.messages.get(channel, {})) for channel in [*known.channel_ids, *known.thread_ids])


@mends("POST", r"/interactions/(\d+)/[^/]+/callback")
def interaction_callback(rest: Rest, call: Call, _interaction: int) -> Any:
    """Only who asks for it is told what became of the answer."""
    told = rest.dispatch(call)
    return told if call.query.get("with_response", "").lower() in ("1", "true") else None
