"""What a platform may answer to a call of the bot, as Discord, Telegram and Matrix say it.

ANSWERS    by name       PASSES    those after which asking again may help        closed    the connection ends
"""

from dataclasses import dataclass, field
from typing import Any

from tests.peers.discord_server import DiscordServer
from tests.peers.matrix_proxy import Proxy
from tests.peers.telegram_server import TelegramServer

ALWAYS = 1_000_000
ASKED_S = 120
"""What a platform asks to wait: more than its library waits out by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A status and what comes with it; Discord's status 0 hangs up."""

    status: int
    code: int = 0
    words: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


VIA = {"Via": "1.1 peer"}
LIMITED = Refusal(
    status=429,
    words="You are being rate limited.",
    headers=VIA | {"Retry-After": str(ASKED_S)},
    more={"retry_after": float(ASKED_S), "global": False},
)
ON_DISCORD = {
    "400": Refusal(status=400, code=50035, words="Invalid Form Body"),
    "403": Refusal(status=403, code=50013, words="Missing Permissions"),
    "gone": Refusal(status=404, code=10008, words="Unknown Message"),
    "409": Refusal(status=409),
    "429": Refusal(status=429),
    "429-later": LIMITED,
    "500": Refusal(status=500),
    "502": Refusal(status=502),
    "503": Refusal(status=503),
    "closed": Refusal(status=0),
}
ON_TELEGRAM = {
    "400": Refusal(status=400, words="Bad Request: can't parse entities"),
    "403": Refusal(status=403, words="Forbidden: the bot has no such right"),
    "gone": Refusal(status=400, words="Bad Request: message to delete not found"),
    "409": Refusal(status=409, words="Conflict: something else is under way"),
    "429": Refusal(status=429, words="Too Many Requests"),
    "429-later": Refusal(status=429, words="Too Many Requests", more={"retry_after": ASKED_S}),
    "500": Refusal(status=500, words="Internal Server Error"),
    "502": Refusal(status=502, words="Bad Gateway"),
    "503": Refusal(status=503, words="Service Unavailable"),
    "closed": Refusal(status=0),
}
ON_MATRIX = {
    "400": Refusal(status=400, words="M_BAD_JSON"),
    "403": Refusal(status=403, words="M_FORBIDDEN"),
    "gone": Refusal(status=404, words="M_NOT_FOUND"),
    "409": Refusal(status=409, words="M_UNKNOWN"),
    "429": Refusal(status=429, words="M_LIMIT_EXCEEDED"),
    "429-later": Refusal(
        status=429,
        words="M_LIMIT_EXCEEDED",
        headers={"Retry-After": str(ASKED_S)},
        more={"retry_after_ms": ASKED_S * 1000},
    ),
    "500": Refusal(status=500, words="M_UNKNOWN"),
    "502": Refusal(status=502, words="M_UNKNOWN"),
    "503": Refusal(status=503, words="M_UNKNOWN"),
    "closed": Refusal(status=0),
}
ANSWERS = tuple(ON_DISCORD)
PASSES = frozenset({"409", "429", "429-later", "500", "502", "503", "closed"})


def discord_answers(server: DiscordServer, answer: str, *matches: str) -> None:
    """Have Discord answer so to every request, or to those that are named; "" ends that."""
    server.recover()
    if not answer:
        return
    said = ON_DISCORD[answer]
    body = {"message": said.words or answer, "code": said.code, **said.more}
    for match in matches or (" /",):
        server.fail(match, times=ALWAYS, status=said.status, json=body, headers=said.headers)


def telegram_answers(server: TelegramServer, answer: str, *methods: str) -> None:
    """Have Telegram answer so to every call but the poll, or to those that are named; "" ends that."""
    server.recover()
    if not answer:
        return
    said = ON_TELEGRAM[answer]
    for method in methods or ("*", "file"):
        server.fail(method, times=ALWAYS, code=said.status, description=said.words, **said.more)


def matrix_answers(proxy: Proxy, answer: str, *matches: str) -> None:
    """Have a homeserver answer so to every request but the sync, or to those that are named; "" ends that."""
    proxy.recover()
    if not answer:
        return
    said = ON_MATRIX[answer]
    body = {"errcode": said.words, "error": "ordered by the test", **said.more}
    for match in matches or ("/_matrix/",):
        proxy.fail(match, times=ALWAYS, status=said.status, json=body, headers=said.headers, but="/sync")
