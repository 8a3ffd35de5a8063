"""The files of the Discord peer, and the payloads that link to them.

Cdn       files by path: signed links that expire, a delay before each download, and who still shows a file
Outgoing  what every payload goes through on its way to a client, by REST or by the gateway: links are signed,
          pictures get their size, and what simcord leaves out is put in
"""

import asyncio
import hmac
import io
import mimetypes
import re
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import av
from aiohttp import web
from PIL import Image
from simcord.backend import Backend
from simcord.backend.cdn import CDN_BASE

type Json = dict[str, Any]

UNKNOWN_TYPE = "application/octet-stream"
COMPONENT_INTERACTION = 3


def file_name(name: str) -> str:
    """The name that Discord gives a file that is uploaded under this name."""
    return re.sub(r"[^\w.-]", "_", name)


@lru_cache(maxsize=64)
def picture(data: bytes) -> Mapping[str, Any]:
    """Type and size of a picture, or nothing if it is none."""
    try:
        image = Image.open(io.BytesIO(data))
    except Exception:  # tests post broken and hostile pictures, and Pillow has no one error for them
        return {}
    return {"content_type": Image.MIME.get(image.format or ""), "width": image.width, "height": image.height}


def still_of(data: bytes) -> bytes | None:
    """The first frame of a film as a WebP picture, None for what is no film."""
    try:
        with av.open(io.BytesIO(data), "r") as container:
            frame = next(container.decode(video=0))
    except (av.FFmpegError, StopIteration, IndexError):
        return None
    buffer = io.BytesIO()
    Image.fromarray(frame.to_ndarray(format="rgb24")).save(buffer, "WEBP")
    return buffer.getvalue()


def content_type(name: str, data: bytes) -> str:
    return mimetypes.guess_type(name)[0] or picture(data).get("content_type") or UNKNOWN_TYPE


class Cdn:
    """`url` is where the server listens, `asked` the path of each download, `delay` may change while one waits."""

    def __init__(self, backend: Backend) -> None:
        self.url = ""
        self.ttl = 86_400.0
        self.delay = 0.0
        self.asked: list[str] = []
        self._backend = backend
        self._hosted: dict[str, bytes] = {}
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        self._key = secrets.token_bytes(16)
        backend.subscribers.append(self._follow)

    def host(self, path: str, data: bytes) -> str:
        """Serve a file under a path, unsigned and for ever; the link to it."""
        self._hosted[path] = data
        return self.url + quote(path)

    def expire(self) -> None:
        """End every link handed out so far."""
        self._key = secrets.token_bytes(16)

    def read(self, link: str) -> bytes | None:
        """The file behind a link, however old the link is."""
        path = unquote(urlsplit(link).path)
        return self._hosted.get(path) or self._backend.cdn.get(CDN_BASE + path)

    def sign(self, link: str) -> str:
        """A link to the same file that works from now on for `ttl` seconds."""
        path = unquote(urlsplit(link).path)
        now = self._backend.clock.now().timestamp()
        issued, expires = f"{int(now):x}", f"{int(now + self.ttl):x}"
        return f"{self.url}{quote(path)}?ex={expires}&is={issued}&hm={self._signature(path, expires, issued)}&"

    def _signature(self, path: str, expires: str, issued: str) -> str:
        return hmac.new(self._key, f"{path} {expires} {issued}".encode(), "sha256").hexdigest()

    async def serve(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        await self._wait()
        data = self.read(request.path) if self._allowed(request.path, request.query) else None
        if data is None:
            return web.Response(status=404, text="This content is no longer available.")
        if request.query.get("format") == "webp":
            still = still_of(data)
            return web.Response(body=still, content_type="image/webp") if still else web.Response(status=415)
        return web.Response(body=data, content_type=content_type(request.path, data))

    async def _wait(self) -> None:
        waited = 0.0
        while waited < self.delay:
            await asyncio.sleep(0.02)
            waited += 0.02

    def _allowed(self, path: str, query: Mapping[str, str]) -> bool:
        if path in self._hosted:
            return True
        expires, issued = query.get("ex", "0"), query.get("is", "")
        signed = hmac.compare_digest(query.get("hm", ""), self._signature(path, expires, issued))
        return signed and int(expires, 16) > self._backend.clock.now().timestamp() and self._shown(path)

    def _shown(self, path: str) -> bool:
        """Discord removes the files of a deleted message; a file that no message ever showed stays."""
        return path not in self._holders or bool(self._holders[path])

    def _follow(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "MESSAGE_CREATE":
            for link in _links(payload):
                self._holders[urlsplit(link).path].add(payload["id"])
        gone = {"MESSAGE_DELETE": [payload.get("id")], "MESSAGE_DELETE_BULK": payload.get("ids")}.get(event)
        for holders in self._holders.values() if gone else ():
            holders.difference_update(gone or ())


def _links(message: Mapping[str, Any]) -> Iterator[str]:
    """The links to the files that a message or the message it forwards shows."""
    for shown in (message, *(snapshot["message"] for snapshot in message.get("message_snapshots", ()))):
        yield from (attachment["url"] for attachment in shown["attachments"])


class Outgoing:
    """Call it with a payload of simcord; what it returns is what Discord would send. `nonces`: by message id."""

    def __init__(self, backend: Backend, cdn: Cdn) -> None:
        self.nonces: dict[int, str | int] = {}
        self._backend = backend
        self._cdn = cdn

    def __call__(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._mended({key: self(part) for key, part in value.items()})
        if isinstance(value, list | tuple):
            return [self(part) for part in value]
        if isinstance(value, str) and value.startswith(CDN_BASE):
            return self._cdn.sign(value)
        return value

    def _mended(self, payload: Json) -> Json:
        for mend in (self._attachment, self._message, self._embeds, self._interaction, self._required):
            mend(payload)
        return payload

    def _attachment(self, payload: Json) -> None:
        if "filename" not in payload or "proxy_url" not in payload:
            return
        data = self._cdn.read(payload["url"])
        if data is not None:
            payload |= {**picture(data), "content_type": content_type(payload["filename"], data)}

    def _message(self, payload: Json) -> None:
        """Echo the nonce, and say which reactions are the bot's own in every answer, not only in some."""
        if not payload.keys() >= {"id", "author", "channel_id", "reactions"}:
            return
        stored = self._backend.messages.get(int(payload["channel_id"]), {}).get(int(payload["id"]))
        payload["nonce"] = self.nonces.get(int(payload["id"]))
        for reaction in payload["reactions"]:
            emoji = reaction["emoji"]
            name = f"{emoji['name']}:{emoji['id']}" if emoji["id"] else emoji["name"]
            known = stored.reaction_for(name) if stored is not None else None
            reaction["me"] = known is not None and self._backend.bot_user.id in known.user_ids

    def _embeds(self, payload: Json) -> None:
        """Discord shows attachment://NAME of an embed under the link of the file that came with the message."""
        embeds = payload.get("embeds") or ()
        files = {f"attachment://{file['filename']}": file for file in payload["attachments"]} if embeds else {}
        for embed in embeds:
            for part in ("image", "thumbnail"):
                file = files.get((embed.get(part) or {}).get("url", ""))
                if file is not None:
                    embed[part] = {key: file[key] for key in ("url", "proxy_url", "width", "height") if key in file}

    def _interaction(self, payload: Json) -> None:
        metadata = payload.get("interaction_metadata")
        if metadata and metadata["type"] == COMPONENT_INTERACTION:
            source = self._backend.interactions[int(metadata["id"])].source_message_id
            metadata["interacted_message_id"] = str(source)

    def _required(self, payload: Json) -> None:
        """Two fields that hikari cannot do without."""
        if "verification_level" in payload:
            payload.setdefault("nsfw_level", 0)
        if "default_member_permissions" in payload:
            payload.setdefault("version", payload["id"])
