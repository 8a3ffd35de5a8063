"""What the bot can do in a terminal: `core.chat_port.Chat` and `Acting` over the community in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.fronts.terminal.shown import lines_of
from bot.fronts.terminal.world import CHANNELS, COMMUNITY, Message, World
from core.chat import Carried, Community, Said
from core.chat_port import Capabilities, Linked, Outgoing, Removal, Removed
from core.errors import Unscannable
from core.messages import Answer, Incoming, Person, Right
from core.telling import said
from core.types import Act, ActState, ImageEvent, Platform, Space
from core.wording import Words

BOT = Person(id="resight", name="Resight")
DONE = Carried(state=ActState.DONE)
GONE = Carried(state=ActState.GONE, sentence="gone")


class TerminalChat:
    """Both ports; nothing here can fail but what is gone."""

    name = Platform.TERMINAL.value
    keeps_posts = False
    can = Capabilities(has_channels=True, answers_alone=False)
    own_link = ""

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

    async def album(self, message: Incoming) -> Sequence[Incoming]:
        return (message,)

    async def linked(self, _person: Person, space: Space, link: str) -> Linked | None:
        number = link.removeprefix("terminal:")
        if not link.startswith("terminal:") or not number.isdecimal():
            return None
        message = self.world.find(number)
        return Linked(space=space, message=number, shown=self.world.incoming(message) if message else None)

    async def lacking(self, _space: Space, _acts: Sequence[Act], *, watching: bool = False) -> Sequence[Said]:  # noqa: ARG002
        return ()

    async def write_to(self, person: Person, answer: Answer) -> bool:
        self.say(self.world.space(person.id), answer)
        return True

    async def begins(self, space: Space, since: int) -> None:
        """Nothing is read afterwards here."""

    async def changed(self, space: Space) -> None:
        """Nothing is read afterwards here."""

    def say(self, space: Space, answer: Answer, **more: object) -> Message:
        """Write an answer or a card."""
        buttons = (*answer.buttons, *(button for card in answer.cards for button in card.buttons))
        return self.world.write(space, BOT, lines=lines_of(answer), buttons=buttons, by_bot=True, **more)

    def renew(self, message: Message, answer: Answer) -> None:
        """Have a message of the bot show something else."""
        message.lines = lines_of(answer)
        message.buttons = (*answer.buttons, *(button for card in answer.cards for button in card.buttons))

    async def fetch(self, event: ImageEvent) -> bytes:
        message = self.world.find(event.message)
        if message is None or event.image not in message.pictures:
            raise Unscannable("gone", "The message is gone.")
        return message.pictures[event.image]

    async def show(self, address: str, message: Outgoing, receipt: str) -> Carried:
        sent = self.world.find(receipt) if receipt else next(self.world.by_bot(message.key), None)
        if receipt and sent is None:
            return GONE
        if sent is None:
            sent = self.say(self.world.space(address), message.answer, key=message.key)
        else:
            self.renew(sent, message.answer)
        return replace(DONE, receipt=str(sent.number))

    async def reply(self, event: ImageEvent, below: str, message: Outgoing) -> Carried:
        if self.world.find(below) is None:
            return GONE
        sent = next(self.world.by_bot(message.key), None)
        sent = sent or self.say(event.space, message.answer, key=message.key, replied_to=int(below))
        return replace(DONE, receipt=str(sent.number))

    async def can_write(self, address: str, community: Community) -> Carried:  # noqa: ARG002
        return DONE

    async def warn(self, space: Space, warning: Answer) -> bool:
        self.say(space, warning)
        return True

    async def withdraw(self, receipt: str) -> Carried:
        return self._gone(receipt)

    async def react(self, _event: ImageEvent, message: str, on: bool) -> Carried:
        post = self.world.find(message)
        if post is None:
            return GONE
        post.marked = on
        return DONE

    async def delete(self, _event: ImageEvent, message: str, removal: Removal) -> Carried:
        return DONE if removal.tries > 1 and self.world.find(message) is None else self._gone(message)

    async def erase(self, _event: ImageEvent, message: str) -> Carried:
        self._gone(message)
        return DONE

    def _gone(self, message: str) -> Carried:
        post = self.world.find(message)
        if post is None:
            return GONE
        post.gone = True
        return DONE

    async def restrict(self, event: ImageEvent, until: datetime | None, reason: Said, before: str) -> Carried:  # noqa: ARG002
        (self.world.barred.add if until else self.world.barred.discard)(event.author)
        return DONE

    async def repost(self, removed: Removed) -> Carried:
        original = self.world.messages.get(int(removed.event.message))
        if original is None:
            return Carried(state=ActState.UNSUPPORTED, sentence="no-original")
        above = said(Words.of(removed.language), removed.above)
        known = next(self.world.by_bot(removed.key), None)
        sent = known or self.world.write(
            original.space,
            BOT,
            text=removed.text,
            pictures=original.pictures,
            lines=(above,),
            key=removed.key,
            by_bot=True,
        )
        return replace(DONE, receipt=str(sent.number))


def is_ours(space: Space) -> bool:
    """Whether a space is that of the terminal."""
    return space.platform is Platform.TERMINAL and space.community in (COMMUNITY, "")
