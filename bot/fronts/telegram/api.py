"""The way to the Bot API: the client, its limits, and what its refusals mean.

Api                             the client, which waits out "too many requests", and its connections
done(doing, right) -> Carried   what came of an order: done, or why not; raises RetryLater if it may work later
kept(doing)                     for lookups: the answer, None where Telegram refuses; raises RetryLater, OurFault
"""

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from telegram import ChatMember
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError, TimedOut
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.settings import Settings
from core.backoff import LONGEST_LIMIT_S
from core.cases import KICKED
from core.chat import DONE, Carried
from core.errors import OurFault, RetryLater
from core.types import ActState

type Bot = ExtBot[int]

OWN_SERVER = "https://api.telegram.org"
COUNTED = ("send", "copy", "forward", "edit")
"""Methods that Telegram counts against a group's 20 messages a minute."""

DELETE, BAN, SEND = "Delete messages", "Ban users", "Post messages"
"""Rights, as Telegram's administrator page names them."""

REFUSALS: dict[str, tuple[ActState, str]] = {
    "not enough rights": (ActState.FORBIDDEN, "no-permission|"),
    "need administrator rights": (ActState.FORBIDDEN, "no-permission|"),
    "have no rights": (ActState.FORBIDDEN, "no-permission|"),
    "chat_admin_required": (ActState.FORBIDDEN, "no-permission|"),
    "chat_write_forbidden": (ActState.FORBIDDEN, "no-permission|"),
    "chat not found": (ActState.FORBIDDEN, "no-permission|"),
    "chat_send_": (ActState.FORBIDDEN, "no-permission|"),
    "chat_restricted": (ActState.FORBIDDEN, "no-permission|"),
    "topic_closed": (ActState.FORBIDDEN, "no-permission|"),
    "was deactivated": (ActState.GONE, "gone"),
    "user is an administrator": (ActState.FORBIDDEN, "is-admin"),
    "user_admin_invalid": (ActState.FORBIDDEN, "is-admin"),
    "can't remove chat owner": (ActState.FORBIDDEN, "is-admin"),
    "can't restrict self": (ActState.FORBIDDEN, "is-admin"),
    "available only for supergroups": (ActState.UNSUPPORTED, "no-timeout-here"),
    "status can't be changed in private chats": (ActState.UNSUPPORTED, "no-timeout-here"),
    "invalid user_id": (ActState.GONE, "gone"),
    "participant_id_invalid": (ActState.GONE, "gone"),
    "user_not_participant": (ActState.GONE, "gone"),
    "message_id_invalid": (ActState.GONE, "gone"),
    "message thread not found": (ActState.GONE, "gone"),
    "file identifier": (ActState.UNSUPPORTED, "no-original"),
    "file_id": (ActState.UNSUPPORTED, "no-original"),
    "file reference": (ActState.UNSUPPORTED, "no-original"),
    "reaction": (ActState.UNSUPPORTED, "not-possible"),
    "not found": (ActState.GONE, "gone"),
}
"""Telegram's words and what they mean; the first that fit count. A right's name follows the "|"."""

FORBIDDEN = {
    "blocked by the user": "blocked",
    "can't initiate conversation": "blocked",
    "user is deactivated": "blocked",
    "kicked": KICKED,
    "not a member": KICKED,
}
"""What a 403 says, and the sentence of it; anything else is a right that lacks."""


os.environ.setdefault("PTB_TIMEDELTA", "1")  # times as times; without it every 429 is a warning
logging.getLogger("telegram").setLevel(logging.CRITICAL)  # what Telegram refuses is told by us, in a sentence
log = logging.getLogger(__name__)


class NotNow(TelegramError):
    """Telegram asks for a long pause: who asked goes back to its queue, instead of holding up all other requests."""

    def __init__(self, message: str, after: float) -> None:
        super().__init__(message)
        self.after = after


class Limiter(AIORateLimiter):
    """Looking up, deleting and reacting do not wait behind the messages to the same group, and nobody waits long."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        async def soon(*given: Any, **named: Any) -> bool | dict[str, Any] | list[dict[str, Any]]:
            try:
                return await callback(*given, **named)
            except RetryAfter as error:
                if asked_to_wait(error) > LONGEST_LIMIT_S:
                    raise NotNow(error.message, asked_to_wait(error)) from None
                raise

        counted = data if endpoint.startswith(COUNTED) else {}
        return await super().process_request(soon, args, kwargs, endpoint, counted, rate_limit_args)


class Api:
    """The Bot API for one token; nothing is sent before a method is called."""

    def __init__(self, settings: Settings) -> None:
        self.base = base = settings.telegram_url.rstrip("/") or OWN_SERVER
        self._calls = HTTPXRequest(connect_timeout=10, read_timeout=20, write_timeout=20, pool_timeout=20)
        self._polls = HTTPXRequest(connection_pool_size=1, connect_timeout=10)
        self.bot: Bot = ExtBot(
            settings.telegram_token.get_secret_value().strip(),
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
            rate_limiter=Limiter(max_retries=3),
        )

    async def updates(self, offset: int | None, kinds: Sequence[str], wait: int) -> list[dict[str, Any]]:
        """getUpdates as Telegram says them: one that this library can't read must not hide the others."""
        asked = {"timeout": wait, "allowed_updates": json.dumps(kinds)} | ({"offset": offset} if offset else {})
        answer = await self._polls.post(f"{self.bot.base_url}/getUpdates?{urlencode(asked)}", read_timeout=wait + 10)
        assert isinstance(answer, list)
        return answer

    async def open(self) -> None:
        await asyncio.gather(self._calls.initialize(), self._polls.initialize())

    async def close(self) -> None:
        await asyncio.gather(self._calls.shutdown(), self._polls.shutdown())


async def done(doing: Awaitable[object], right: str) -> Carried:
    """How an order went: as `doing` says, or done; `right` is what the bot needs for it."""
    try:
        carried = await doing
    except TelegramError as error:
        return refused(error, right)
    return carried if isinstance(carried, Carried) else DONE


async def kept[Answer](doing: Awaitable[Answer]) -> Answer | None:
    """The answer to a lookup, None where Telegram refuses it for good; raises RetryLater and OurFault."""
    try:
        return await doing
    except Forbidden:
        return None
    except BadRequest as error:
        if is_our_fault(error):
            raise ours(error) from None
        return None
    except TelegramError as error:
        raise later(error) from None


def refused(error: TelegramError, right: str) -> Carried:
    """The final state that a refusal means; raises RetryLater if it is none."""
    words = error.message.lower()
    if isinstance(error, Forbidden):
        reason = next((sentence for part, sentence in FORBIDDEN.items() if part in words), f"no-permission|{right}")
        return Carried(state=ActState.FORBIDDEN, sentence=reason)
    if not isinstance(error, BadRequest):
        raise later(error) from None
    for reason, (state, sentence) in REFUSALS.items():
        if reason in words:
            return Carried(state=state, sentence=sentence + right if sentence.endswith("|") else sentence)
    return Carried(state=ActState.FAILED, sentence=str(ours(error)))


def ours(error: BadRequest) -> OurFault:
    """Log what Telegram refuses for what it is, and return the error that says so."""
    log.error("Telegram refuses what we ask of it: %s", error.message)
    return OurFault("internal")


def is_our_fault(error: BadRequest) -> bool:
    """Whether it is none of the reasons that a chat or a person can have to refuse a request."""
    words = error.message.lower()
    return not any(reason in words for reason in REFUSALS)


def later(error: TelegramError) -> RetryLater:
    """What may pass, as a key of the words: no answer, too many requests, a group that has just moved.

    PTB raises InvalidToken for any 404: one such answer says nothing about the token.
    """
    return RetryLater("timeout" if isinstance(error, TimedOut) else "unreachable", asked_to_wait(error))


def asked_to_wait(error: TelegramError) -> float:
    """Return for how many seconds Telegram asks us to wait, 0 where it does not say."""
    if isinstance(error, NotNow):
        return error.after
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def own_standing(bot: Bot, chat: int) -> ChatMember | None:
    """What the bot is in a chat; None where it is not in it, or nobody lets it look."""
    member = await kept(bot.get_chat_member(chat, int(bot.token.partition(":")[0])))
    return None if member and member.status in (ChatMember.LEFT, ChatMember.BANNED) else member


def lacking(member: ChatMember, rights: Iterable[str] = (DELETE, BAN)) -> str:
    """The rights that a member has not, "" if they have them all."""
    flags = {DELETE: "can_delete_messages", BAN: "can_restrict_members"}
    return ", ".join(f"“{right}”" for right in rights if not getattr(member, flags[right], False))


def says(error: TelegramError, *words: str) -> bool:
    """Whether Telegram refused a request with one of these words."""
    return isinstance(error, BadRequest) and any(word in error.message.lower() for word in words)
