"""A Discord of one's own on a free port of 127.0.0.1: REST, gateway and CDN over real sockets, in the test's process.

    async with DiscordServer() as discord:
        guild = discord.guild("Pictures")
        channel = discord.channel(guild, "general")
        alice = discord.member(guild, "alice")
        ...  # start a bot: REST at discord.url + "/api/v10", gateway at discord.gateway_url, files at discord.url
        await discord.ready()
        discord.post(channel, alice, "look", files={"a.png": data})
        await discord.until(lambda: discord.messages(channel)[1:])

What Discord means (permissions, errors, interactions, audit log) is simcord's; the transport, and what simcord leaves
out, is ours. simcord's backend is no documented interface, so its version is pinned. The modules:

discord_server        the server, and the faults that a test can order
discord_interactions  commands, buttons, menus and forms
discord_world         guilds, channels, members and what they post
discord_rest          requests, and the routes that simcord lacks or answers unlike Discord
discord_gateway       websockets and the sessions that outlive them
discord_cdn           signed links, and what all payloads go through
"""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.peers.discord_cdn import Json
from tests.peers.discord_gateway import Gateway
from tests.peers.discord_interactions import Interaction, Interactions
from tests.peers.discord_rest import Call, Fault, Rest
from tests.peers.discord_world import Button, Channel, File, Guild, Message, Role, User

__all__ = [
    "Button",
    "Call",
    "Channel",
    "DiscordServer",
    "File",
    "Guild",
    "Interaction",
    "Message",
    "Role",
    "User",
]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.peer.notasecret"
LARGEST_REQUEST = 64 << 20
LAST_CALLS = 15


class DiscordServer(Interactions):
    """The whole peer. `message_content` says whether the bot was granted the intent of this name."""

    def __init__(self, *, message_content: bool = True) -> None:
        super().__init__()
        self.token = TOKEN
        self.url = ""
        self.gateway_url = ""
        self._gateway = Gateway(self.backend, self.outgoing, self.token, message_content)
        self._rest = Rest(self.backend, self.outgoing, self.cdn, self._gateway, self.token)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/api/v{version:[0-9]+}/{path:.*}", self._rest.handle)
        app.router.add_get("/", self._gateway.serve)
        app.router.add_get("/{path:.+}", self._serve_file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._listens_on(self._runner.addresses[0][1])
        return self

    def _listens_on(self, port: int) -> None:
        self.url = self.cdn.url = f"http://127.0.0.1:{port}"
        self.gateway_url = self._gateway.url = f"ws://127.0.0.1:{port}/"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()
        await self._runner.cleanup()

    async def _serve_file(self, request: web.Request) -> web.Response:
        fault = self._rest.faults.meet(f"GET {request.path}")
        return fault.response(request) if fault is not None else await self.cdn.serve(request)

    @property
    def calls(self) -> list[Call]:
        """Every REST request."""
        return self._rest.calls

    @property
    def ops(self) -> list[int]:
        """Every opcode that the gateway received."""
        return self._gateway.ops

    @property
    def gaps(self) -> list[str]:
        """What a client asked for and the peer cannot do; answered with 501."""
        return self._rest.gaps + self._gateway.gaps

    @property
    def downloads(self) -> list[str]:
        """The path of every file that was asked for."""
        return self.cdn.asked

    @property
    def url_ttl(self) -> float:
        """For how many seconds links to files work."""
        return self.cdn.ttl

    @url_ttl.setter
    def url_ttl(self, seconds: float) -> None:
        self.cdn.ttl = seconds

    @property
    def cdn_delay(self) -> float:
        """For how many seconds every download waits; making it less lets go of those that wait."""
        return self.cdn.delay

    @cdn_delay.setter
    def cdn_delay(self, seconds: float) -> None:
        self.cdn.delay = seconds

    def expire_urls(self) -> None:
        """End every link handed out so far."""
        self.cdn.expire()

    def host(self, path: str, data: bytes) -> str:
        """Put a file on the CDN under a path, and get the link: for the thumbnail of a link preview."""
        return self.cdn.host(path, data)

    def fail(
        self,
        match: str,
        *,
        times: int = 1,
        status: int = 502,
        json: Json | None = None,
        headers: Mapping[str, str] | None = None,
        after: bool = False,
    ) -> None:
        """Let requests fail whose "METHOD /path" contains `match`, such as "POST /channels/" or "GET /attachments/".

        With `after` the request is carried out and only its answer is lost. Status 0 hangs up.
        """
        body = json if json is not None else {"message": f"{status}: ordered by the test", "code": 0}
        self._rest.faults.append(Fault(match, times, status, body, headers or {}, after))

    def limit(self, match: str, *, retry_after: float = 0.5, times: int = 1) -> None:
        """Answer 429. Without a Via header discord.py would take it for a ban by Cloudflare."""
        body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": False}
        headers = {"Via": "1.1 peer", "Retry-After": str(round(retry_after + 0.5)), "X-RateLimit-Scope": "user"}
        self.fail(match, times=times, status=429, json=body, headers=headers)

    def recover(self) -> None:
        """Forget every fault that was ordered."""
        self._rest.faults.clear()

    def drop(self) -> None:
        """Cut every gateway socket; clients may resume."""
        self._gateway.drop()

    def close_gateway(self, code: int) -> None:
        """Close every gateway socket with a code."""
        self._gateway.close(code)

    def reset_token(self, token: str) -> None:
        """Accept this token from now on; `self.token` stays what the bot was given."""
        self._rest.expect(token)
        self._gateway.expect(token)

    def tell(self, event: str, payload: Json) -> None:
        """Send any event, as it is, to every client that is connected."""
        self._gateway.tell(event, payload)

    def kick(self, guild: Guild) -> None:
        """Put the bot out of a guild, in which people go on."""
        self._gateway.kick(guild)

    def invite(self, guild: Guild) -> None:
        """Let the bot into a guild again that had put it out."""
        self._gateway.invite(guild)

    def alter_guilds(self, alter: Callable[[Json], Json]) -> None:
        """Change guilds on their way to clients that log in from now on."""
        self._gateway.alter = alter

    def forget_sessions(self) -> None:
        """Answer RESUME of every session so far with INVALID SESSION."""
        self._gateway.forget_sessions()

    @property
    def connected(self) -> bool:
        """Whether a bot is connected and has been sent READY or RESUMED."""
        return self._gateway.connected

    async def ready(self, timeout: float = 15) -> None:  # noqa: ASYNC109
        """Wait until a bot is connected."""
        await self.until(lambda: self.connected, timeout, "a bot that is connected")

    async def commands(self, *names: str, timeout: float = 15) -> set[str]:  # noqa: ASYNC109
        """Wait until the bot has synced these commands; the names of all."""
        await self.until(lambda: self.synced() >= set(names), timeout, f"the commands {names}")
        return self.synced()

    def describe(self) -> str:
        calls: list[Any] = self.calls[-LAST_CALLS:]
        about = {"connected": self.connected, "ops": self.ops[-LAST_CALLS:], "gaps": self.gaps}
        known = [f"{name}: {value}" for name, value in about.items()]
        return "\n".join([*known, "last calls:", *(f"  {call}" for call in calls), super().describe()])
