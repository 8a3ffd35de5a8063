"""Matrix as a connector: its front for the outbox, and the loop that receives.

    Receiver --stored--> Worker --> Conversation     a post is looked at, a question answered, a pressed key followed

MatrixActing   what the outbox has done (acting)      Matrix.doctor   login, device, rooms
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.clock import now
from bot.fronts.matrix.acting import MatrixActing
from bot.fronts.matrix.chat import MatrixChat
from bot.fronts.matrix.folder import Login, folder_of, write
from bot.fronts.matrix.gaps import Gaps
from bot.fronts.matrix.impatience import Impatience, told
from bot.fronts.matrix.inviting import Invitations
from bot.fronts.matrix.keys import Keys
from bot.fronts.matrix.login import signed_in, signed_in_to_look
from bot.fronts.matrix.moving import Moves
from bot.fronts.matrix.reading import Reader, buttons_in, id_of, press_of, relation_of, replied_to
from bot.fronts.matrix.receiving import Receiver
from bot.fronts.matrix.render import USED
from bot.fronts.matrix.rooms import Rooms
from bot.fronts.matrix.shelf import GAP, Shelf, read_row
from bot.fronts.matrix.wire import ENCRYPTED, Json, NotGiven, SignedOut, Wire, kept, text_of
from bot.fronts.matrix.writing import Link, below_card, in_thread
from bot.fronts.worker import Later, Worker
from bot.services import Services
from bot.settings import Settings
from core.backoff import ANSWER, BOT_API, LONGEST_LIMIT_S, Pauses
from core.errors import ResightError, RetryLater
from core.messages import Answer, Incoming, Pressed, Reaction
from core.types import ImageEvent, Mode, Platform
from core.walls import alone
from core.wording import Words
from handlers.chat.acts import ChatFront
from handlers.chat.context import Connection
from handlers.chat.incoming import asks, heard
from handlers.chat.patience import Patience
from handlers.chat.presses import pressed
from handlers.intake import accept
from handlers.parts import Why

STILL_ASKS, TRIES = timedelta(minutes=10), 4
"""The age at which an event whose key comes late gets no answer any more, and how often an answer is tried."""

SIGNED_OUT = "The homeserver has ended the bot's login: it signs in again."
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An event of a room; its number tells it from all others. `press` is a message and the key of a button."""

    number: int
    chat: str
    event: Json
    message: Incoming
    press: tuple[str, str] | None = None
    is_edited: bool = False
    is_late: bool = False

    @property
    def at(self) -> int:
        said = self.event.get("origin_server_ts")
        return said if isinstance(said, int) else 0


class Conversation:
    """One account, among those who write to it and around it."""

    silent = (NotGiven,)

    def __init__(
        self, link: Link, acting: MatrixActing, chat: MatrixChat, services: Services, settings: Settings
    ) -> None:
        self._link, self._acting, self.chat, self._services = link, acting, chat, services
        self._reader = Reader(link.rooms)
        patience = Patience(settings.asks_a_minute, services.clock)
        self._connection = Connection(services=services, chat=self.chat, patience=patience, language=settings.language)

    async def concerns(self, room: str, events: Sequence[Json]) -> Sequence[Json]:
        """Events with a file, and those with which somebody may ask for something; talk among people is not stored."""
        return [event for event in events if self._concerns(room, event)]

    def _concerns(self, room: str, event: Json) -> bool:
        if press_of(event):
            return True
        message = self._reader.incoming(room, event)
        if event.get("type") not in ("m.room.message", "m.sticker") or (message.pictures and not message.by_bot):
            return bool(message.pictures)
        if relation_of(event)[0] == "m.replace" or message.by_bot:
            return bool(message.pictures)
        return message.is_private or bool(replied_to(event)) or asks(self._connection, message)

    def understood(self, number: int, raw: bytes) -> Received:
        """What the stored event says; raises Later for one whose key is missing, and for a gap."""
        room, event = read_row(raw)
        if event.get("type") in (ENCRYPTED, GAP):
            raise Later
        return Received(
            number=number,
            chat=room,
            event=event,
            message=self._reader.incoming(room, event),
            press=press_of(event),
            is_edited=relation_of(event)[0] == "m.replace",
            is_late=event.get("late") is True,
        )

    def is_post(self, received: Received) -> bool:
        """Whether nobody asks us anything with it."""
        message = received.message
        if message.is_private or received.press or replied_to(received.event):
            return False
        return received.is_edited or not asks(self._connection, message)

    async def accept(self, posts: Sequence[Received]) -> None:
        """Have the images of posts looked at; raises RetryLater."""
        found = [(post, await self._events(post)) for post in posts]
        events = [event for _, some in found for event in some]
        if events:
            await accept(self._services, events)
        if late := [event for post, some in found if post.is_late for event in some]:
            await self._look_again(late)

    async def _look_again(self, events: Sequence[ImageEvent]) -> None:
        """What could not be decrypted before was given up as not looked at; now it gets another verdict."""
        settled = await self._services.inbox.reopen(events)
        if settled:
            await accept(self._services, [replace(event, revision=event.revision + 1) for event in settled])
        self._services.inbox_bell.ring()

    async def _events(self, post: Received) -> list[ImageEvent]:
        """Images of a watched room; a change of the words alone brings no new one."""
        message = post.message
        if not message.pictures or (await self._services.policies.for_space(message.space)).mode is Mode.OFF:
            return []
        if post.is_edited:
            message = self._changed(post, await kept(self._acting.event(post.chat, message.message)))
        return replace(message, by_staff=await self.chat.by_staff(message)).events()

    def _changed(self, post: Received, before: Json | None) -> Incoming:
        """The message with what is new in it.

        A change by somebody else is shown by no app as one, and without what it changes it is shown by itself.
        """
        message = post.message
        if before is None or text_of(before, "sender") != message.author.id:
            return replace(message, message=id_of(post.event))
        known = {one.hint for one in self._reader.incoming(post.chat, before).pictures}
        return replace(message, pictures=tuple(one for one in message.pictures if one.hint not in known))

    async def handle(self, received: Received) -> None:
        """Answer an event; raises RetryLater if it holds a post that can't be accepted now."""
        message = received.message
        if not message.is_private:
            await self.accept([received])
        is_stale = received.is_late and received.at < (time.time() - STILL_ASKS.total_seconds()) * 1000
        if received.is_edited or is_stale:
            return
        try:
            if received.press and await self._pressed(received, *received.press):
                return
            if received.event.get("type") != "m.reaction":
                await self._answer(received, await heard(self._connection, await self._whole(received)))
        except NotGiven as error:  # nobody can be told there
            log.warning("An answer in %s was refused: %s", received.chat, error)
        except RetryLater:  # before anything was done: it is handled again
            raise
        except Exception:  # the last wall before the worker: the other events still have their turn
            log.exception("event %d failed", received.number)

    async def close(self) -> None:
        """Nothing waits here."""

    async def _whole(self, received: Received) -> Incoming:
        """The message with the one that it answers, and with whether they are by staff, where they show something."""
        message, below = received.message, replied_to(received.event)
        found = await kept(self._acting.event(received.chat, below)) if below else None
        target = self._reader.incoming(received.chat, found) if found else None
        if target and target.pictures:
            target = replace(target, by_staff=await self.chat.by_staff(target))
        by_staff = bool(message.pictures) and await self.chat.by_staff(message)
        return replace(message, replied_to=target, by_staff=by_staff)

    async def _answer(self, received: Received, answer: Answer) -> None:
        """Nothing, where the outbox answers or nobody is asked."""
        message = received.message
        if answer.is_empty:
            return
        has_buttons = answer.buttons or any(card.buttons for card in answer.cards)
        is_for_one = answer.alone and not has_buttons and not message.is_private
        name, key = self.chat.name_of(message.space), f"answer {received.number}"
        if is_for_one and await self._patiently(lambda: self.chat.write_to(message.author, answer, name, key)):
            return
        await self._say(received.chat, answer, key, in_thread(message.thread, id_of(received.event)))

    async def _say(self, room: str, answer: Answer, key: str, relation: Json | None) -> None:
        await self._patiently(lambda: self._acting.say(room, answer, key, relation))

    async def _patiently[T](self, write: Callable[[], Awaitable[T]]) -> T | None:
        """Tried again if the homeserver does not answer, because silence is the worst answer; it is sent once.

        None if it never does: what was asked for was done, and must not be done again for the answer's sake.
        """
        for failures in range(1, TRIES + 1):
            try:
                return await write()
            except RetryLater as error:
                log.info("An answer is written again: %s", error)
                await asyncio.sleep(ANSWER.after(failures, min(error.after, LONGEST_LIMIT_S)))
        log.warning("An answer was not written: the homeserver does not answer.")
        return None

    async def _pressed(self, received: Received, message: str, key: str) -> bool:
        """Do what the key of a message of ours means; whether it is one."""
        own = await kept(self._acting.own(received.chat, message))
        data = _data_of(own[0], key) if own else ""
        if not own or not data:
            return False
        place = self._link.rooms.space_of(received.chat)
        press = Pressed(
            who=received.message.author,
            space=place,
            message=message,
            data=data,
            number=received.number,
            thread=_thread_of(own[0]),
            is_alone=not place.community,
        )
        await self._show(received, press, await pressed(self._connection, press))
        await self._release(received)
        return True

    async def _show(self, received: Received, press: Pressed, reaction: Reaction) -> None:
        """Change the message first; what the person is to read stands in a thread below it."""
        if reaction.instead:
            instead, name = reaction.instead, f"press {received.number}"
            await self._patiently(lambda: self._acting.renew(received.chat, press.message, instead, name))
        relation = in_thread(press.thread, press.message) if press.thread else below_card(press.message)
        for name, answer in (("note", reaction.note), ("message", reaction.message)):
            if answer and not answer.is_empty:
                await self._say(received.chat, answer, f"{name} {received.number}", relation)

    async def _release(self, received: Received) -> None:
        """Take the reaction away, so that the same button can be pressed again; where we may not, people do."""
        room = self._link.rooms.find(received.chat)
        if received.event.get("type") != "m.reaction" or not room or not room.can(self._link.rooms.me, "redact"):
            return
        try:
            await self._acting.redact(received.chat, id_of(received.event), f"press {received.number}")
        except (NotGiven, RetryLater) as error:
            log.info("A reaction was not taken away: %s", error)


def _data_of(content: Json, key: str) -> str:
    """What a key means, or meant: an app shows what was there a moment ago."""
    used = content.get(USED)
    known = {**(used if isinstance(used, dict) else {}), **buttons_in(content)}
    data = next((data for one, data in known.items() if one.replace("\ufe0f", "") == key), "")
    return data if isinstance(data, str) else ""


def _thread_of(content: Json) -> str:
    kind, root = relation_of({"content": content})
    return root if kind == "m.thread" else ""


class Matrix:
    """The connector: `front` sends, `run` receives."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.acting = MatrixActing(settings.max_image_mb << 20)
        self.chat = MatrixChat(self.acting)
        self.front = ChatFront(self.acting, now, settings.keep_evidence)

    async def run(self, services: Services) -> None:
        """Receive until cancelled; raises EnvironmentTrouble if the login is not accepted."""
        async with AsyncExitStack() as stack:
            wire = Wire(self._settings.matrix_url)
            await wire.open()
            stack.push_async_callback(wire.close)
            login = await self._signed_in(wire, services)
            keys = Keys(login, folder_of(self._settings.home), wire)
            stack.push_async_callback(keys.close)
            await keys.open()
            write(folder_of(self._settings.home), replace(login, key=await keys.introduced()))
            link = Link(wire, keys, Rooms(login.user))
            stack.callback(self.acting.connect, None)
            try:
                with alone():
                    await self._serve(services, link)
            except SignedOut:
                raise RetryLater(SIGNED_OUT) from None

    async def _serve(self, services: Services, link: Link) -> None:
        conversation = Conversation(link, self.acting, self.chat, services, self._settings)
        worker = Worker(services, self.front.name, conversation)
        shelf = Shelf(link.keys, services, conversation.concerns, worker.bell, worker.forget)
        tell = partial(told, services, self.acting, link.rooms)
        gaps, invitations = Gaps(link.wire, link.rooms, shelf, tell), Invitations(link.wire, link.rooms)
        receiver = Receiver(link.wire, link.keys, link.rooms, services, shelf, gaps, invitations)
        impatience = Impatience(shelf, self.chat, self.acting, link.rooms, services)
        async with asyncio.TaskGroup() as group:
            for one in (receiver, link.keys, invitations):
                group.create_task(one.run())
            await receiver.knows_rooms.wait()  # before, nobody can tell which rooms are encrypted, and whose they are
            self.acting.connect(link)
            for part in (worker, shelf, gaps, impatience, Moves(link, self.acting, services)):
                group.create_task(part.run())

    async def _signed_in(self, wire: Wire, services: Services) -> Login:
        """Who we are, asked until the homeserver answers."""
        pauses = Pauses(BOT_API)
        while True:
            try:
                return await signed_in(wire, self._settings)
            except RetryLater as error:
                pause = pauses.after(asked=error.after)
                log.warning("The homeserver does not answer (%s); asking again in %.0f s.", error, pause)
                services.parts.fails(self.front.name, Why.UNREACHABLE)
            await asyncio.sleep(pause)

    async def invite_link(self) -> str:
        """The account that is invited to a room or a space."""
        return f"https://matrix.to/#/{self._settings.matrix_user}"

    async def doctor(self, services: Services) -> list[tuple[str, str, str]]:
        """Name, state (ok, warning, bad) and a sentence of each thing looked at."""
        words, wire = Words.of(self._settings.language), Wire(self._settings.matrix_url)
        await wire.open()
        try:
            async with signed_in_to_look(wire, self._settings) as login:
                return await _examined(wire, login, words, services)
        except ResightError as error:
            return [(self.front.name, "bad", str(error))]
        finally:
            await wire.close()


async def _examined(wire: Wire, login: Login, words: Words, services: Services) -> list[tuple[str, str, str]]:
    """The login, whether others trust the device, and each community that was set up."""
    name = Platform.MATRIX.value
    checks = [(name, "ok", words("matrix.doctor.connected", user=login.user, device=login.device))]
    asked: Json = {"device_keys": {login.user: []}}
    found = await kept(wire.ask("POST", "/keys/query", asked)) or {}
    if not _is_signed(found, login):
        checks.append((f"{name} device", "warning", words("matrix.doctor.unverified", device=login.device)))
    joined = (await kept(wire.ask("GET", "/joined_rooms")) or {}).get("joined_rooms")
    there = set(joined) if isinstance(joined, list) else set()
    known = await services.communities.all(Platform.MATRIX)
    if not known:
        checks.append((name, "warning", words("matrix.doctor.nowhere", user=login.user)))
    for one in known:
        label = f"{name} {one.name or one.id}"
        if one.id not in there:
            checks.append((label, "bad", words("matrix.doctor.left", user=login.user)))
        elif not one.log:
            checks.append((label, "warning", words("matrix.doctor.no-log")))
        else:
            checks.append((label, "ok", words("matrix.doctor.fine")))
    return checks


def _is_signed(found: Json, login: Login) -> bool:
    """Whether the account's own key has signed the device: others then send it their keys without a warning."""
    devices = found.get("device_keys", {}).get(login.user, {})
    signatures = devices.get(login.device, {}).get("signatures", {}).get(login.user, {})
    return any(key != f"ed25519:{login.device}" for key in signatures)
