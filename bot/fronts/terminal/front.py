"""A chat with the bot in the terminal: `resight chat`. One community in memory, to try every command and press.

text                  write it, as the one who is speaking          +FILE text    post a picture
/mode flag            a command, in words                           >3 text       reply to message 3
!3 1                  press the first button below message 3        =ann          speak as somebody else
#mod-log              go to another channel                         #             write to the bot alone

Messages are numbered through: a chat goes on counting where the last one ended, for what waits in the database or was
decided names messages by number.
"""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

from bot.files.reading import bytes_of
from bot.fronts.terminal.chat import TerminalChat
from bot.fronts.terminal.world import CHANNELS, COMMUNITY, YOU, Message, World
from bot.services import Services
from core.errors import DataError, ResightError
from core.messages import Answer, Pressed, Reaction, Right
from core.names import visible, written
from core.types import Platform
from handlers import intake
from handlers.chat import incoming, presses
from handlers.chat.acts import ChatFront
from handlers.chat.context import Connection
from handlers.chat.patience import Patience

ASKS_A_MINUTE = 60
REPLY = re.compile(r">(\d{1,9})(?!\d)\s*(.*)", re.DOTALL)
PRESS = re.compile(r"!(\d{1,9})(?:\s+(\d{1,9}))?")
PICTURE = re.compile(r"""\+\s*(?:"([^"]+)"|'([^']+)'|(\S+))\s*(.*)""", re.DOTALL)
AHEAD = 1000
"""Numbers of messages that are taken in advance: of a chat that is killed none is given again."""

type Show = Callable[[str], None]


class Terminal:
    """Who is speaking, and where; `said` hears each line that is typed."""

    def __init__(self, services: Services, show: Show, language: str = "en") -> None:
        self.world = World(language=language)
        self.chat = TerminalChat(self.world)
        self.front = ChatFront(self.chat, services.clock, services.keep_evidence)
        patience = Patience(ASKS_A_MINUTE, services.clock)
        self._connection = Connection(services=services, chat=self.chat, patience=patience, language=language)
        self._services, self._show = services, show
        self._name, self._channel, self._told = YOU, CHANNELS[0], dict[int, object]()
        self._kept = 0

    async def begin(self) -> None:
        """Go on after the last number of former times."""
        known = await self._services.cursors.get(Platform.TERMINAL)
        self.world.after = int(known.get(COMMUNITY, 0))
        await self.keep(AHEAD)

    async def keep(self, ahead: int = 0) -> None:
        """Keep the last number, or one `ahead`, so that no message ever has that of another."""
        self._kept = self.world.last + ahead
        await self._services.cursors.advance(Platform.TERMINAL, {COMMUNITY: str(self._kept)})

    async def said(self, line: str) -> None:
        """Do what a line says; what is wrong with it is one sentence."""
        try:
            await self._done(line.strip())
        except ResightError as error:
            self._show(visible(str(error)))
        self.look()
        if self._kept and self.world.last > self._kept - AHEAD // 2:
            await self.keep(AHEAD)

    async def _done(self, line: str) -> None:
        if line.startswith("="):
            self._become(line[1:].strip() or YOU)
        elif line.startswith("#"):
            self._go(line[1:].strip())
        elif found := PRESS.fullmatch(line):
            await self.press(int(found[1]), int(found[2] or 1))
        elif found := REPLY.fullmatch(line):
            await self._write(found[2], self._message(int(found[1])))
        elif line:
            await self._write(line)

    def _become(self, name: str) -> None:
        if not name.isidentifier():
            raise DataError(f"'{name}' can't be a name: letters, digits and _ only, such as =ann.")
        is_alone = self._channel == self._name
        self.speak_as(name, name if is_alone else self._channel)
        self._tell_who()

    def _go(self, channel: str) -> None:
        if channel not in (*CHANNELS, ""):
            raise DataError(f"There is no channel #{channel}: #general, #mod-log, or # for a chat with the bot alone.")
        self._channel = channel or self._name
        self._tell_who()

    def _tell_who(self) -> None:
        where = f"#{self._channel}" if self._channel in CHANNELS else "a chat with the bot alone"
        self._show(f"You write as {self._name} in {where}.")

    def _message(self, number: int) -> int:
        if self.world.find(number) is None:
            raise DataError(f"There is no message {number}.")
        return number

    async def _write(self, text: str, replied_to: int | None = None) -> None:
        if self._name in self.world.barred:
            raise DataError(f"{self._name} is timed out, and can't write now.")
        rest, pictures = await asyncio.to_thread(_with_pictures, text, self._services.max_image_bytes)
        await self.post(visible(rest), pictures, replied_to)

    async def post(self, text: str, pictures: dict[str, bytes] | None = None, replied_to: int | None = None) -> Message:
        """Write a message in the channel, and hear what the bot answers at once."""
        space, author = self.world.space(self._channel), self.world.person(self._name)
        message = self.world.write(space, author, text=text, pictures=pictures or {}, replied_to=replied_to)
        heard = self.world.incoming(message)
        if not heard.is_private:
            await intake.accept(self._services, heard.events())
        self._answer(message, await incoming.heard(self._connection, heard))
        return message

    def _answer(self, message: Message, answer: Answer) -> None:
        if not answer.is_empty:
            self.chat.say(message.space, answer, replied_to=message.number)
        elif message.text.startswith("/") and not incoming.command_in(message.text):
            self._show(f"There is no command '{message.text.split()[0]}': /help lists those that there are.")

    async def press(self, number: int, button: int) -> Reaction:
        """Press a button below a message; raises DataError for one that is not there."""
        message = self.world.find(number)
        if message is None or not 1 <= button <= len(message.buttons):
            raise DataError(f"There is no button {button} below message {number}.")
        return await self.pressed(message, message.buttons[button - 1].data)

    async def pressed(self, message: Message, data: str) -> Reaction:
        """Press a button by its data."""
        press = Pressed(
            who=self.world.person(self._name),
            space=message.space,
            message=str(message.number),
            data=data,
            number=self.world.last + 1,
            is_alone=not message.space.community,
        )
        reaction = await presses.pressed(self._connection, press)
        if reaction.instead:
            self.chat.renew(message, reaction.instead)
        for answer in (reaction.note, reaction.message):
            if answer and not answer.is_empty:
                self.chat.say(message.space, answer, replied_to=message.number)
        return reaction

    def speak_as(self, name: str, channel: str = CHANNELS[0], right: Right | None = None) -> None:
        """Have somebody else speak, somewhere."""
        self._name, self._channel = name, channel
        if right is not None:
            self.world.rights[name] = right

    def look(self) -> None:
        """Show what is new, or has changed, since the last look."""
        for message in self.world.messages.values():
            now = (message.lines, message.buttons, message.marked, message.gone)
            if self._told.get(message.number) != now:
                self._told[message.number] = now
                self._show(block_of(message))


def _with_pictures(text: str, most: int) -> tuple[str, dict[str, bytes]]:
    """Return the text without the files that stand before it, and the pictures in these; raises Unscannable."""
    pictures: dict[str, bytes] = {}
    while found := PICTURE.match(text):
        path, text = _whole(text), ""
        if not path:
            path, text = _path(next(filter(None, found.groups()[:3]))), found[4]
        name = written(path.name)
        pictures[name if name not in pictures else f"{len(pictures) + 1}-{name}"] = bytes_of(path, most)
    return text, pictures


def _whole(text: str) -> Path | None:
    """Return the file of which all of a text is the name, though there are spaces in it."""
    path = _path(text[1:].strip())
    try:
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def _path(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:  # ~name of nobody here
        return Path(name)


def block_of(message: Message) -> str:
    """The message as a block of lines."""
    if message.gone:
        return f"[{message.number}] deleted"
    where = f" in #{message.space.channel}" if message.space.community else ""
    mark = " (marked)" if message.marked else ""
    head = f"[{message.number}] {message.author.name}{where}{mark}: {message.text}".rstrip()
    pictures = [f"    picture: {name}" for name in message.pictures]
    buttons = "   ".join(f"({number}) {one.label}" for number, one in enumerate(message.buttons, 1))
    return "\n".join(
        [head, *(f"    {line}" for line in message.lines), *pictures, *([f"    {buttons}"] if buttons else [])]
    )
