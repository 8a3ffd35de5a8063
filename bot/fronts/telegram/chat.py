"""Telegram as the chat sees it (`core.chat_port.Chat`): who runs a place, what is named, what the bot may do.

A group or a channel is a community with one place, itself; an address is its number, with a topic's behind a "/".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cachetools import LRUCache
from telegram import ChatMember, User

from bot.fronts.telegram.api import BAN, DELETE, Bot, kept, lacking, own_standing
from bot.fronts.telegram.received import Received
from bot.fronts.telegram.recent import Administrators, Albums, Written
from bot.fronts.telegram.sending import Place, write_alone
from core.chat import Said
from core.chat_port import Capabilities, Chat, Linked
from core.messages import Answer, Incoming, Person, Right
from core.policy import LIFTS, ON_THE_AUTHOR
from core.types import Act, ImageEvent, Space

NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)
NAME = re.compile(r"(?:https?://t\.me/|@)([A-Za-z]\w{3,31})/?", re.ASCII)
LINK = re.compile(r"https?://t\.me/(?:c/(\d{1,18})|([A-Za-z]\w{3,31}))(?:/\d{1,18})?/(\d{1,18})(?:\?\S*)?", re.ASCII)
MOST_PEOPLE, MOST_CHATS = 10_000, 2_000
RIGHTS = {Act.REMOVE: DELETE, **dict.fromkeys(LIFTS, BAN), Act.KICK: BAN}
CAN = Capabilities(has_channels=False, answers_alone=False, links_show=False, does=ON_THE_AUTHOR)


class TelegramChat(Chat):
    """The port of one bot, which is `me`. What passes by is noted: no number can be asked for by a name."""

    can = CAN

    def __init__(self, bot: Bot, me: User, written: Written | None = None) -> None:
        self._bot, self._me, self._written = bot, me, written or Written()
        self._administrators = Administrators(bot)
        self._albums = Albums()
        self._people: LRUCache[str, Person] = LRUCache(MOST_PEOPLE)
        self._titles: LRUCache[str, str] = LRUCache(MOST_CHATS)

    def note(self, received: Received) -> None:
        """Remember who and what passes by, before its turn comes: an album arrives in pieces."""
        if received.title:
            self._titles[str(received.chat)] = received.title
        if received.message:
            self._albums.note(received.message)
            self._written.note(received.message)
        person = received.message.author if received.message else received.press and received.press.who
        if person and person.handle:
            self._people[person.handle.lower()] = person

    @property
    def own_link(self) -> str:
        return f"https://t.me/{self._me.username}"

    async def right_of(self, person: Person, space: Space) -> Right:
        """Administrators may everything, also in the group's own name. In a channel nobody else can write."""
        return await self._right(person, space, now=True)

    async def _right(self, person: Person, space: Space, *, now: bool) -> Right:
        if person.is_chat:
            return Right.MANAGER if person.id == space.channel else Right.EVERYBODY
        if not person.id.isdecimal() or not space.community:  # nobody runs a private chat
            return Right.EVERYBODY
        is_administrator = await self._administrators.has(int(space.channel), int(person.id), now=now)
        return Right.MANAGER if is_administrator else Right.EVERYBODY

    async def by_staff(self, message: Incoming) -> Incoming:
        """The message with whether its author is staff: what a chat writes in its own name says so already."""
        if message.by_staff or message.is_private or message.author.is_chat:
            return message
        right = await self._right(message.author, message.space, now=False)
        return replace(message, by_staff=right >= Right.MODERATOR)

    def name_of(self, space: Space) -> str:
        return str(self._titles.get(space.channel, ""))

    async def community_name(self, space: Space) -> str:
        if name := self.name_of(space):
            return name
        chat = await kept(self._bot.get_chat(int(space.channel)))
        return (chat.title or "") if chat else ""

    def address(self, space: Space, thread: str = "") -> str:
        return str(Place.at(space, thread))

    def address_of(self, person: Person) -> str:
        return person.id

    async def place(self, space: Space, text: str) -> Space | None:
        """Another chat, by its number, its name or its link; whether the asker runs it is not said by that."""
        if NUMBER.fullmatch(text):
            return replace(space, community=text, channel=text)
        found = NAME.fullmatch(text)
        number = await self._number_of(found[1]) if found else ""
        return replace(space, community=number, channel=number) if number else None

    async def _number_of(self, name: str) -> str:
        """The number of the chat with that name, "" if there is none."""
        chat = await kept(self._bot.get_chat(f"@{name}"))
        return str(chat.id) if chat else ""

    async def person(self, space: Space, text: str) -> Person | None:
        """By number; by user name only who wrote something lately, because Telegram tells bots no number by it."""
        if not NUMBER.fullmatch(text):
            return self._people.get(f"@{text.lower().removeprefix('@')}")
        if text.startswith("-"):
            return Person(id=text, name=self._titles.get(text, ""), is_chat=True)
        member = await kept(self._bot.get_chat_member(int(space.channel), int(text)))
        return Person(id=text, name=member.user.full_name if member else text)

    async def album(self, message: Incoming) -> Sequence[Incoming]:
        return await self._albums.of(message)

    async def linked(self, person: Person, space: Space, link: str) -> Linked | None:  # noqa: ARG002
        """Bots can't fetch a message by its number: only the cases of that message tell of it."""
        found = LINK.fullmatch(link)
        if found is None:
            return None
        number, name, message = found.groups()
        chat = f"-100{number}" if number else await self._number_of(name)
        return Linked(space=space, message=message, shown=None) if chat == space.channel else None

    async def lacking(self, space: Space, acts: Sequence[Act], *, watching: bool = False) -> Sequence[Said]:
        member = await own_standing(self._bot, int(space.channel))
        if member is None:
            return (Said(key="telegram.doctor.log", values={"chat": int(space.channel)}),)
        sees_posts = self._me.can_read_all_group_messages or member.status == ChatMember.ADMINISTRATOR
        rights = lacking(member, dict.fromkeys(right for act, right in RIGHTS.items() if act in acts))
        told = [Said(key="telegram.hello-privacy")] if watching and not sees_posts else []
        return [*told, *([Said(key="telegram.lacking", values={"rights": rights})] if rights else [])]

    async def forbids(self, person: Person, act: Act, event: ImageEvent) -> Said | None:  # noqa: ARG002
        """Whoever has the bot do it must have the right to ban; nothing can be done to administrators anyway."""
        if person.is_chat or not person.id.isdecimal():
            return Said(key="said.staff-only")
        member = await kept(self._bot.get_chat_member(int(event.space.channel), int(person.id)))
        may = member is not None and (member.status == ChatMember.OWNER or not lacking(member, [BAN]))
        return None if may else Said(key="said.your-right", values={"permission": BAN})

    async def write_to(self, person: Person, answer: Answer, heading: str = "") -> bool:
        """False for who never started a chat with the bot, and for who writes as a chat."""
        if person.is_chat or not person.id.isdecimal():
            return False
        return await write_alone(self._bot, int(person.id), answer, heading)
