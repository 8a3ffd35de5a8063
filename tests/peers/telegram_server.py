"""A Telegram Bot API that runs inside the test: aiohttp on a free port of 127.0.0.1, one bot, any number of people.

    async with TelegramServer() as telegram:
        # give telegram.url and telegram.token to the bot: <url>/bot<token>/<method>, <url>/file/bot<token>/<path>
        group = telegram.group("Pictures", admin=True)
        telegram.post(group, telegram.user("alice"), photo=data)
        await telegram.until(lambda: telegram.said(group))

The modules beside it, from the inside out:

    telegram_text      texts, keyboards, reactions, and the words of a refusal
    telegram_files     uploads, ids, links
    telegram_updates   the queue: getUpdates and webhooks
    telegram_world     people, chats, messages, and what the bot hears
    telegram_people    what people do: `TelegramServer` has all these methods
    telegram_sending, telegram_methods    the Bot API

Here: HTTP, the record of calls, and what can go wrong: `fail`, `limit`, `lose_answers`, `flood`, `down`, `file_delay`.
"""

import asyncio
import inspect
import json
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.peers.telegram_files import Upload
from tests.peers.telegram_methods import BY_NAME, METHODS, understood
from tests.peers.telegram_people import People
from tests.peers.telegram_sending import sent_by
from tests.peers.telegram_text import Json, Refusal
from tests.peers.telegram_updates import Cut
from tests.peers.telegram_world import Ask

UPLOAD_LIMIT = 50 << 20
FLOOD_MESSAGES = 20
TICK_S = 0.02


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Bot API, and `error` if it was refused."""

    method: str
    params: Json
    files: dict[str, bytes]
    error: str = ""

    @property
    def ok(self) -> bool:
        return not self.error

    def __str__(self) -> str:
        return f"{self.method} ({self.error or 'ok'})"


@dataclass(slots=True)
class _Fault:
    times: int
    refusal: Refusal


class TelegramServer(People):
    """The peer.

    `calls`         all calls but getUpdates, which `polls` counts
    `downloads`     the paths of the files that were asked for
    `flood`         more than 20 messages to a group within `flood_window_s` are refused with 429
    `file_delay`    seconds before a file is given out
    """

    def __init__(self, token: str = "123456:TEST-Resight", *, privacy: bool = False) -> None:
        super().__init__(token, privacy)
        self.calls: list[Call] = []
        self.downloads: list[str] = []
        self.url = ""
        self.flood = False
        self.flood_window_s = 60.0
        self.file_delay = 0.0
        self._faults: dict[str, list[_Fault]] = {}
        self._lost: Counter[str] = Counter()
        self._sent: dict[str, deque[float]] = {}
        self._runner = web.AppRunner(self._app(), shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down = True
        await self.updates.close()
        await self._runner.cleanup()

    # --- what tests turn

    def fail(
        self, method: str, *, times: int = 1, code: int = 502, description: str = "Bad Gateway", **parameters: int
    ) -> None:
        """Refuse the next calls of a method; "file" stands for downloads, "*" for whatever is no poll; 0 hangs up."""
        self._faults.setdefault(method, []).append(_Fault(times, Refusal(code, description, **parameters)))

    def recover(self) -> None:
        """Nothing is refused any more."""
        self._faults.clear()
        self._lost.clear()

    def limit(self, method: str, retry_after: int = 1, *, times: int = 1) -> None:
        """Refuse the next calls of a method for being too many."""
        words = f"Too Many Requests: retry after {retry_after}"
        self.fail(method, times=times, code=429, description=words, retry_after=retry_after)

    def lose_answers(self, method: str, *, times: int = 1) -> None:
        """The next calls of a method take effect, but the connection ends before the answer."""
        self._lost[method] += times

    @property
    def down(self) -> bool:
        """While it is True every connection is closed without an answer, and the webhook gets nothing."""
        return self.updates.down

    @down.setter
    def down(self, down: bool) -> None:
        self.updates.down = down
        if down:
            self.updates.end_polls(Cut())

    @property
    def duplicates(self) -> int:
        """How often updates that are made from now on are delivered again after their confirmation."""
        return self.updates.duplicates

    @duplicates.setter
    def duplicates(self, more: int) -> None:
        self.updates.duplicates = more

    def expire_files(self) -> None:
        """Every link is dead until getFile is called anew."""
        self.files.expire()

    # --- what tests look at

    @property
    def confirmed(self) -> int:
        """The highest update_id that the bot has confirmed."""
        return self.updates.confirmed

    @property
    def pending(self) -> list[Json]:
        """The updates that it has not."""
        return self.updates.pending

    @property
    def polls(self) -> int:
        return self.updates.polls

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def polled(self, after: int = 0) -> None:
        """Wait until the bot has polled more than `after` times, or has set its webhook."""
        await self.until(lambda: self.polls > after or self.updates.hook is not None)

    async def until[Found](self, true: Callable[[], Found], timeout: float = 60) -> Found:  # noqa: ASYNC109  kept short
        """Wait for something to be true and give it back; the error says what happened instead."""
        try:
            async with asyncio.timeout(timeout):
                while not (found := true()):  # noqa: ASYNC110  what is waited for rings no bell
                    await asyncio.sleep(TICK_S)
                return found
        except TimeoutError:
            raise TimeoutError(f"not true within {timeout} s: {_source(true)}\n{self._state()}") from None

    def _state(self) -> str:
        kinds = [f"{one['update_id']} {list(one)[1]}" for one in self.pending]
        calls = "\n  ".join(str(call) for call in self.calls[-12:])
        return f"polls {self.polls}, confirmed {self.confirmed}, pending {kinds}, last calls:\n  {calls or 'none'}"

    # --- HTTP

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=UPLOAD_LIMIT + (1 << 20), middlewares=[self._answer])
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        return app

    @web.middleware
    async def _answer(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        """Refusals become JSON; a server that is down says nothing, not even to those who already wait."""
        try:
            if self.down:
                raise Cut
            answer: web.StreamResponse = await handler(request)
            if self.down:
                raise Cut
        except Refusal as refusal:
            answer = refused(refusal)
        except web.HTTPRequestEntityTooLarge:
            answer = refused(Refusal(413, "Request Entity Too Large"))
        except web.HTTPNotFound:
            answer = refused(Refusal(404, "Not Found"))
        except Cut:
            answer = web.Response()
            if request.transport:
                request.transport.abort()
        return answer

    async def _file(self, request: web.Request) -> web.Response:
        self.downloads.append(request.match_info["path"])
        self._fault("file")
        await asyncio.sleep(self.file_delay)
        data = self.files.behind(request.match_info["path"])
        if data is None or request.match_info["token"] != self.token:
            raise Refusal(404, "Not Found")
        return web.Response(body=data)

    async def _method(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            raise Refusal(401, "Unauthorized")
        ask = await asked(request)
        error = "no answer"
        try:
            result = await self._result(ask)
            error = ""
            if self._lost[ask.method]:
                self._lost[ask.method] -= 1
                raise Cut
            return web.json_response({"ok": True, "result": result})
        except Refusal as refusal:
            error = refusal.description
            raise
        finally:
            if ask.method != "getUpdates":
                files = {name: upload.data for name, upload in ask.files.items()}
                self.calls.append(Call(ask.method, ask.params, files, error))

    async def _result(self, ask: Ask) -> Any:
        self._fault(ask.method)
        method = METHODS.get(ask.method)
        if method is None:
            raise Refusal(404, "Not Found: method not found")
        self._check_flood(ask)
        result = method(self, ask)
        return await result if inspect.isawaitable(result) else result

    def _fault(self, method: str) -> None:
        everything = [] if method == "getUpdates" else self._faults.get("*", [])
        for fault in [*self._faults.get(method, []), *everything]:
            if fault.times:
                fault.times -= 1
                raise fault.refusal if fault.refusal.code else Cut

    def _check_flood(self, ask: Ask) -> None:
        """20 messages a minute to one group; groups and channels have negative ids."""
        chat, count = ask.text("chat_id"), sent_by(ask)
        if not self.flood or not count or not chat.startswith("-"):
            return
        sent = self._sent.setdefault(chat, deque())
        now = self.clock()
        while sent and sent[0] <= now - self.flood_window_s:
            sent.popleft()
        if len(sent) + count > FLOOD_MESSAGES:
            wait = max(1, round(sent[0] + self.flood_window_s - now))
            raise Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        sent.extend([now] * count)


def refused(refusal: Refusal) -> web.Response:
    said: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        said["parameters"] = refusal.parameters
    return web.json_response(said, status=refusal.code)


async def asked(request: web.Request) -> Ask:
    """The call, from the address, a form, a form with files, or JSON."""
    params: Json = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        params |= json.loads(await request.text() or "{}")
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with value.file as file:
                    files[name] = Upload(file.read(), value.filename, value.content_type)
            else:
                params[name] = value
    given = request.match_info["method"]
    return Ask(BY_NAME.get(given.lower(), given), understood(params), files)


def _source(true: Callable[[], object]) -> str:
    """The lambda as it is written."""
    with suppress(OSError, TypeError):
        return inspect.getsource(true).strip()
    return repr(true)
