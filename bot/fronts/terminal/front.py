"""A chat with the bot in the terminal: `resight chat`. One community in memory, to try every command and press.

text                  write it, as the one who is speaking          +FILE text    post a picture
/mode flag            a command, in words                           >3 text       reply to message 3
!3 1                  press the first button below message 3        =ann          speak as somebody else
#mod-log              go to another channel                         #             write to the bot alone
"""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

from bot.fronts.terminal.chat import TerminalChat
from bot.fronts.terminal.world import CHANNELS, COMMUNITY, YOU, Message, World
from bot.services import Services
from core.errors import DataError, ResightError
from core.messages import Answer, Pressed, Reaction, Right
from core.types import Platform
from handlers import intake
from handlers.chat import incoming, presses
from handlers.chat.acts import ChatFront
from handlers.chat.context import Connection
from handlers.chat.patience import Patience

ASKS_A_MINUTE = 60
REPLY = re.compile(r">(\d+)\s*(.*)", re.DOTALL)
PRESS = re.compile(r"!(\d+)\s+(\d+)")
MOST_BYTES = 25 << 20

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
        self.world.after = self._kept = int(known.get(COMMUNITY, 0))

    async def keep(self) -> None:
        """Keep the last number, so that no message ever has that of another."""
        if self.world.last > self._kept:
            self._kept = self.world.last
            await self._services.cursors.advance(Platform.TERMINAL, {COMMUNITY: str(self._kept)})

    async def said(self, line: str) -> None:
        """Do what a line says; what is wrong with it is one sentence."""
        try:
            await self._done(line.strip())
        except ResightError as error:
            self._show(str(error))
        self.look()

    async def _done(self, line: str) -> None:
        if line.startswith("="):
            self._name = line[1:].strip() or YOU
        elif line.startswith("#"):
            self._channel = line[1:].strip() if line[1:].strip() in CHANNELS else self._name
        elif found := PRESS.fullmatch(line):
            await self.press(int(found[1]), int(found[2]))
        elif found := REPLY.fullmatch(line):
            await self._write(found[2], int(found[1]))
        elif line:
            await self._write(line)

    async def _write(self, text: str, replied_to: int | None = None) -> None:
        path, _, rest = text[1:].partition(" ") if text.startswith("+") else ("", "", text)
        pictures = {Path(path).name: await asyncio.to_thread(_bytes, Path(path))} if path else {}
        message = await self.post(rest, pictures, replied_to)
        if rest.startswith("/") and not path and not incoming.asks(self._connection, self.world.incoming(message)):
            raise DataError(f"There is no command '{rest.split()[0]}': /help lists those that there are.")

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
                self._show(_shown(message))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise DataError(f"'{path}' can't be read: {error.strerror}.") from None


def _shown(message: Message) -> str:
    """The message as a block of lines."""
    if message.gone:
        return f"[{message.number}] deleted"
    where = f" in #{message.space.channel}" if message.space.community else ""
    mark = " (marked)" if message.marked else ""
    head = f"[{message.number}] {message.author.name}{where}{mark}: {message.text}"
    pictures = [f"    picture: {name}" for name in message.pictures]
    buttons = "   ".join(f"({number}) {one.label}" for number, one in enumerate(message.buttons, 1))
    return "\n".join(
        [head, *(f"    {line}" for line in message.lines), *pictures, *([f"    {buttons}"] if buttons else [])]
    )
