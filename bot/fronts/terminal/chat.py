"""What the bot can do in a terminal: `core.chat_port.Chat` and `Acting` over the community in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.fronts.terminal.shown import lines_of
from bot.fronts.terminal.world import BOT, CHANNELS, Message, World
from core.chat import DONE, GONE, Carried, Community, Said
from core.chat_port import Acting, Capabilities, Chat, Linked, Outgoing, Removal, Removed
from core.errors import Unscannable
from core.messages import Answer, Person, Right
from core.telling import said
from core.types import Act, ActState, ImageEvent, Platform, Space
from core.wording import Words

MOST_DIGITS = 18
"""Digits of a message's number."""


class TerminalChat(Chat, Acting):
    """Both ports; nothing here can fail but what is gone."""

    name = Platform.TERMINAL.value
    keeps_posts = False
    can = Capabilities(has_channels=True, answers_alone=False, does=frozenset({Act.TIMEOUT, Act.TELL}))

    def __init__(self, world: World) -> None:
        self.world = world

    async def right_of(self, person: Person, space: Space) -> Right:
        return self.world.rights.get(person.id, Right.EVERYBODY) if space.community else Right.EVERYBODY

    def name_of(self, space: Space) -> str:
        return f"#{space.channel}" if space.community else ""

    async def community_name(self, space: Space) -> str:
        return Words.of(self.world.language)("place.terminal") if space.community else ""

    async def language_of(self, _space: Space) -> str:
        return self.world.language

    def address(self, space: Space, _thread: str = "") -> str:
        return space.channel

    def address_of(self, person: Person) -> str:
        return person.id

    async def place(self, space: Space, text: str) -> Space | None:
        channel = text.removeprefix("#")
        return self.world.space(channel) if channel in CHANNELS and space.community else None

    async def person(self, _space: Space, text: str) -> Person | None:
        name = text.removeprefix("@")
        return self.world.person(name) if name.isidentifier() else None

    async def linked(self, _person: Person, space: Space, link: str) -> Linked | None:
        number = link.removeprefix("terminal:")
        if not link.startswith("terminal:") or not number.isdecimal() or len(number) > MOST_DIGITS:
            return None
        message = self.world.find(number)
        return Linked(space=space, message=number, shown=self.world.incoming(message) if message else None)

    async def lacking(self, _space: Space, _acts: Sequence[Act], *, watching: bool = False) -> Sequence[Said]:  # noqa: ARG002
        return ()

    async def write_to(self, person: Person, answer: Answer) -> bool:
        self.say(self.world.space(person.id), answer)
        return True

    def say(self, space: Space, answer: Answer, **more: object) -> Message:
        """Write an answer or a card."""
        return self.renew(self.world.write(space, BOT, **more), answer)

    def renew(self, message: Message, answer: Answer) -> Message:
        """Have a message of the bot show something else."""
        message.lines = lines_of(answer)
        message.buttons = (*answer.buttons, *(button for card in answer.cards for button in card.buttons))
        return message

    async def fetch(self, event: ImageEvent) -> bytes:
        message = self.world.find(event.message)
        if message is None or event.image not in message.pictures:
            raise Unscannable("gone", "The message is gone.")
        return message.pictures[event.image]

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:  # noqa: ARG002
        return None

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        sent = self.world.find(receipt) if receipt else self.world.under(message.key)
        if receipt and sent is None:
            return GONE
        sent = sent or self.world.write(self.world.space(address), BOT, key=message.key)
        return _sent(self.renew(sent, message.answer))

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        if self.world.find(below) is None:
            return GONE
        sent = self.world.under(message.key)
        return _sent(sent or self.say(event.space, message.answer, key=message.key, replied_to=int(below)))

    async def may_read(self, address: str, community: Community) -> bool:  # noqa: ARG002
        return address in CHANNELS or self.world.rights.get(address, Right.EVERYBODY) > Right.EVERYBODY

    async def can_write(self, address: str, community: Community) -> Carried:  # noqa: ARG002
        return DONE

    async def warn(self, space: Space, warning: Answer) -> bool:
        self.say(space, warning)
        return True

    async def withdraw(self, receipt: str) -> Carried:
        return self._change(receipt, gone=True)

    async def react(self, _event: ImageEvent, message: str, on: bool) -> Carried:
        return self._change(message, marked=on)

    async def delete(self, _event: ImageEvent, message: str, removal: Removal) -> Carried:
        return DONE if removal.tries > 1 and self.world.find(message) is None else self._change(message, gone=True)

    async def erase(self, _event: ImageEvent, message: str) -> Carried:
        self._change(message, gone=True)
        return DONE

    def _change(self, message: str, **how: bool) -> Carried:
        """Mark or delete a message."""
        post = self.world.find(message)
        if post is None:
            return GONE
        for name, value in how.items():
            setattr(post, name, value)
        return DONE

    async def restrict(
        self,
        event: ImageEvent,
        until: datetime | None,
        reason: Said,  # noqa: ARG002
        language: str,  # noqa: ARG002
        before: str,  # noqa: ARG002
    ) -> Carried:
        (self.world.barred.add if until else self.world.barred.discard)(event.author)
        return DONE

    async def tell(self, event: ImageEvent, message: Outgoing, aloud: Answer | None) -> Carried:  # noqa: ARG002
        if self.world.under(message.key) is None:
            self.say(self.world.space(event.author), message.answer, key=message.key)
        return DONE

    async def repost(self, removed: Removed) -> Carried:
        original = self.world.messages.get(int(removed.event.message))
        if original is None:
            return Carried(state=ActState.UNSUPPORTED, sentence="no-original")
        lines, pictures = (said(Words.of(removed.language), removed.above),), original.pictures
        what = {"text": removed.text, "pictures": pictures, "lines": lines, "key": removed.key}
        return _sent(self.world.under(removed.key) or self.world.write(original.space, BOT, **what))


def _sent(message: Message) -> Carried:
    return replace(DONE, receipt=str(message.number))
