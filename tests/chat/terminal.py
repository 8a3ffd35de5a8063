"""The terminal as a stage of the suite."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.fronts.terminal.front import Terminal
from bot.fronts.terminal.world import BOT, Message
from bot.services import Services
from core.chat_port import Acting, Chat
from core.messages import Right
from core.types import Platform, Space
from tests.chat.stage import GENERAL, LOG, PATIENCE_S, Read


class TerminalStage:
    """`tests.chat.stage.Stage` in memory."""

    platform = Platform.TERMINAL

    def __init__(self, services: Services, terminal: Terminal) -> None:
        self.services, self.terminal = services, terminal
        self.can = terminal.chat.can
        terminal.world.rights["mo"] = Right.MANAGER

    @property
    def chat(self) -> Chat:
        return self.terminal.chat

    @property
    def acting(self) -> Acting:
        return self.terminal.chat

    def answers(self, answer: str, *, posting: bool = False) -> None:
        """There is nothing between it and its window."""

    def lose_answers(self) -> None:
        """No answer is lost on the way to a window."""

    @property
    def written(self) -> int:
        return sum(one.by_bot for one in self.terminal.world.messages.values())

    def forget(self) -> None:
        """Nothing is remembered."""

    asked = 0

    def space(self, where: str = GENERAL) -> Space:
        return self.terminal.world.space(where)

    async def use(
        self,
        who: str,
        command: str,
        /,
        *,
        where: str = GENERAL,
        about: Any = None,
        picture: bytes | None = None,
        **options: Any,
    ) -> Read:
        words = [name if value is True else f'{name}="{value}"' for name, value in options.items()]
        text = " ".join([f"/{command}", *words])
        return await self._said(who, where, text, [picture] if picture else [], about)

    async def _said(self, who: str, where: str, text: str, pictures: Sequence[bytes], about: Any = None) -> Read:
        before = len(self.terminal.world.messages)
        await self._write(who, where, text, pictures, about)
        return read_of(await self._next(where, before))

    async def _next(self, where: str, before: int) -> Message:
        """The first message of the bot in a place after so many messages."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for message in list(self.terminal.world.messages.values())[before:]:
                    if message.by_bot and message.space == self.space(where):
                        return message
                await asyncio.sleep(0.02)

    async def _write(self, who: str, where: str, text: str, pictures: Sequence[bytes], about: Any = None) -> Message:
        self.terminal.speak_as(who, where)
        files = {f"picture-{number}.png": data for number, data in enumerate(pictures)}
        return await self.terminal.post(text, files, about.number if about else None)

    async def post(self, who: str, *pictures: bytes, text: str = "", where: str = GENERAL) -> Message:
        return await self._write(who, where, text, pictures)

    def crowd(self, people: int, channels: int) -> Sequence[tuple[str, str]]:
        return [(f"raider{person}", GENERAL) for person in range(people) for _ in range(channels)]

    async def answer(
        self, who: str, *pictures: bytes, text: str = "", private: bool = False, about: Any = None
    ) -> Read:
        return await self._said(who, who if private else GENERAL, text, pictures, about)

    async def cards(self, count: int = 1, saying: str = "") -> Sequence[Read]:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                written = self.terminal.world.messages.values()
                found = [
                    read_of(one) for one in written if one.by_bot and not one.gone and one.space == self.space(LOG)
                ]
                those = [one for one in found if saying in one.text]
                if len(those) >= count:
                    return those
                await asyncio.sleep(0.02)

    async def press(self, who: str, message: Read, label: str) -> str:
        self.terminal.speak_as(who, message.native.space.channel)
        data = next(one.data for one in message.native.buttons if one.label == label)
        before = len(self.terminal.world.messages)
        await self.terminal.pressed(message.native, data)
        return "\n".join(read_of(one).text for one in list(self.terminal.world.messages.values())[before:])

    async def press_data(self, who: str, data: str) -> str:
        self.terminal.speak_as(who, LOG)
        message = self.terminal.world.write(self.space(LOG), BOT)
        before = len(self.terminal.world.messages)
        await self.terminal.pressed(message, data)
        return "\n".join(read_of(one).text for one in list(self.terminal.world.messages.values())[before:])

    async def make_staff(self, who: str, *, is_staff: bool = True) -> None:
        self.terminal.world.rights[who] = Right.MODERATOR if is_staff else Right.EVERYBODY

    async def reposts(self) -> int:
        return sum(bool(one.by_bot and one.pictures and not one.gone) for one in self.terminal.world.messages.values())

    async def now(self, message: Read) -> Read:
        return read_of(message.native)

    async def stands(self, post: Message) -> str:
        return "gone" if post.gone else "marked" if post.marked else "there"

    async def fate(self, person: str) -> str:
        return "quarantined" if person in self.terminal.world.barred else "in"

    async def empower(self, who: str, *, may_ban: bool) -> None:
        """Nobody can be put out."""

    def told(self, person: str) -> Sequence[Read]:
        written = self.terminal.world.messages.values()
        return [read_of(one) for one in written if one.by_bot and one.space == self.space(person)]

    def role(self) -> Any:
        return self.named("bo")

    def named(self, person: str) -> Any:
        return f"@{person}"

    def channel(self, where: str) -> Any:
        return f"#{where}"


def read_of(message: Message) -> Read:
    return Read("\n".join(message.lines), [one.label for one in message.buttons], message)


@asynccontextmanager
async def on_terminal(services: Services) -> AsyncIterator[TerminalStage]:
    """The terminal with the bot, until the block ends."""
    terminal = Terminal(services, lambda _line: None)
    services.fronts["terminal"] = terminal.front  # type: ignore[index]  # the mapping of a test is a dict
    yield TerminalStage(services, terminal)
