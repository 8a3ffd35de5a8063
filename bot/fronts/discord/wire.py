"""Where Discord is, and what its refusals mean. discord.py's exceptions end here.

point_at    another server than Discord's own
outcome_of  an awaited action -> Carried, or RetryLater
tell        an answer that could not be given -> the log: our fault, or the network's
asking      a question of ours -> RetryLater, where Discord does not answer; OurFault, where it can't be asked so
Refusals    what was forbidden lately is not asked again: 10,000 refused requests in 10 minutes ban the address
answers     what the requests of one action met, also those that were repeated without our doing
"""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp
import discord
from cachetools import TTLCache
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import INTERNAL_API_VERSION, Route
from yarl import URL

from bot.fronts.discord.rights import permission_name
from core.cases import KICKED
from core.chat import GONE, Carried
from core.errors import OurFault, RetryLater
from core.types import Act, ActState

REMEMBER_S, MOST_REFUSALS = 600.0, 10_000
UNANSWERED = 0
REPLY_TO_NOTHING, CANNOT_WRITE_TO, REACTION_BLOCKED = 50035, 50007, 90001
MISSING_ACCESS, UNKNOWN_GUILD = 50001, 10004
TOO_LATE = frozenset({10015, 10062, 50027})
"""Codes for an interaction that can no longer be answered."""

UNREACHABLE = (aiohttp.ClientError, OSError, TimeoutError, discord.DiscordServerError, discord.RateLimited)
"""The network, Discord, or what is between."""

LATER = frozenset({401, 408, 409, 429})
"""A token that is being changed, a request that met another one, Cloudflare's own limit: not about what was asked."""

log = logging.getLogger(__name__)
_met: ContextVar[list[int] | None] = ContextVar("met", default=None)


def point_at(url: str) -> None:
    """Have discord.py talk to another server; these are the only three places where it knows one."""
    if url:
        base = URL(url.rstrip("/"))
        Route.BASE = f"{base}/api/v{INTERNAL_API_VERSION}"
        DiscordWebSocket.DEFAULT_GATEWAY = base.with_scheme({"https": "wss"}.get(base.scheme, "ws")) / ""
        Asset.BASE = str(base)


@contextmanager
def asking() -> Iterator[None]:
    """Raise RetryLater where Discord does not answer, OurFault for what it can't be asked; refusals as they are."""
    try:
        yield
    except UNREACHABLE as error:
        raise RetryLater("unreachable", asked_to_wait(error)) from error
    except discord.HTTPException as error:
        if error.status in LATER:
            raise RetryLater("unreachable", asked_to_wait(error)) from error
        if isinstance(error, discord.Forbidden | discord.NotFound) or is_reply_to_nothing(error):
            raise
        tell(error)
        raise OurFault("internal") from error


def asked_to_wait(error: Exception) -> float:
    """Return for how many seconds Discord asks us to wait, 0 where it does not say."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    asked = error.response.headers.get("Retry-After", "0") if isinstance(error, discord.HTTPException) else "0"
    try:
        return float(asked)
    except ValueError:  # a date
        return 0.0


def forbidden(error: discord.Forbidden, lacking: str) -> Carried:
    """What a 403 means: a key of the words, perhaps with the name of a permission."""
    if error.code in (CANNOT_WRITE_TO, REACTION_BLOCKED):
        return Carried(state=ActState.FORBIDDEN, sentence="blocked")
    right = permission_name("view_channel") if error.code == MISSING_ACCESS else lacking
    return Carried(state=ActState.FORBIDDEN, sentence=f"no-permission|{right}")


async def outcome_of(
    action: Awaitable[Carried], lacking: Callable[[], str], is_there: Callable[[], bool] = bool
) -> Carried:
    """How an action went; raises RetryLater where asking again may help.

    `is_there` says whether the bot is in that server at all: one that put it out says the same as a hidden channel.
    """
    try:
        with asking():
            return await action
    except (discord.Forbidden, discord.NotFound) as error:
        if error.code in (MISSING_ACCESS, UNKNOWN_GUILD) and not is_there():
            return Carried(state=ActState.FORBIDDEN, sentence=KICKED)
        return forbidden(error, lacking()) if isinstance(error, discord.Forbidden) else GONE
    except discord.HTTPException:
        return GONE
    except OurFault as error:
        return Carried(state=ActState.FAILED, sentence=str(error))


def is_reply_to_nothing(error: discord.HTTPException) -> bool:
    """Whether the message that is replied to is gone."""
    return error.code == REPLY_TO_NOTHING and "message_reference" in error.text


def tell(error: Exception) -> bool:
    """Log why something could not be said; whether it is our fault: Discord refused it for what it is."""
    is_ours = isinstance(error, discord.HTTPException) and _is_our_fault(error)
    if is_ours:
        log.error("Discord refused what we sent: %s", error)
    else:
        log.warning("Discord: something could not be said (%s).", error or type(error).__name__)
    return is_ours


def _is_our_fault(error: discord.HTTPException) -> bool:
    """Whether Discord refuses what was asked for what it is, and not for the weather, a right or what is gone."""
    passes = (discord.DiscordServerError, discord.Forbidden, discord.NotFound)
    return not isinstance(error, passes) and error.status not in LATER and not is_reply_to_nothing(error)


class Refusals:
    """What is forbidden where, remembered for a while or until somebody changes the permissions there."""

    def __init__(self) -> None:
        self._refused: TTLCache[tuple[str, str, Act], Carried] = TTLCache(MOST_REFUSALS, REMEMBER_S)

    def of(self, community: str, channel: str, act: Act) -> Carried | None:
        refused: Carried | None = self._refused.get((community, channel, act))
        return refused

    def note(self, community: str, channel: str, act: Act, carried: Carried) -> None:
        """Only a lacking permission is the channel's matter; all else is about one person."""
        if carried.state is ActState.FORBIDDEN and carried.sentence.startswith("no-permission|"):
            self._refused[community, channel, act] = carried

    def forget(self, community: str) -> None:
        """Permissions may have changed there."""
        for key in [key for key in self._refused if key[0] == community]:
            self._refused.pop(key, None)


def tracing() -> aiohttp.TraceConfig:
    """For a client whose actions want to know what they met."""
    config = aiohttp.TraceConfig()
    config.on_request_headers_sent.append(_sent)
    config.on_request_end.append(_ended)
    return config


async def _sent(_session: aiohttp.ClientSession, _context: SimpleNamespace, _request: object) -> None:
    if (seen := _met.get()) is not None:
        seen.append(UNANSWERED)


async def _ended(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
) -> None:
    if seen := _met.get():
        seen[-1] = request.response.status


@contextmanager
def answers() -> Iterator[list[int]]:
    """The status code of each request within the block, those that aiohttp and discord.py repeat by themselves too."""
    seen: list[int] = []
    token = _met.set(seen)
    try:
        yield seen
    finally:
        _met.reset(token)


def may_have_worked(met: Sequence[int]) -> bool:
    """Whether a request may have been carried out although its answer was lost."""
    return any(status == UNANSWERED or status >= 500 for status in met)


class OneLine(logging.Filter):
    """Says in one line that a connection broke: discord.py would show where in its own code it noticed."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, (*UNREACHABLE, discord.ConnectionClosed, discord.GatewayNotFound, discord.HTTPException)):
            record.msg, record.args = f"Discord: {record.getMessage()} ({error or type(error).__name__})", ()
            record.exc_info = record.exc_text = None
        return True


def speak_plainly() -> None:
    """Have discord.py's own messages read like ours; nothing here speaks, so voice needs no warning."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    for name in ("discord.client", "discord.gateway", "discord.shard"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, OneLine) for one in logger.filters):
            logger.addFilter(OneLine())
