"""What Telegram delivers, understood once: an update in, a `Received` out. Pure.

    Update --Reader.received--> Received     a message (core.messages.Incoming), a pressed button, a membership, a move

Forwards and channel posts are messages like any other; an edited message has the new picture. What the group's linked
channel posts is forwarded into the group by Telegram itself: its author runs the group, so it is a post of the staff.
"""

import re
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.fronts.telegram.pictures import pictures, shown_behind
from core.messages import Incoming, Person, Pressed, Shown
from core.types import Platform, Space

START = re.compile(r"/start(@\w+)?(?:\s+(\S+))?\s*", re.IGNORECASE)
JOIN, SET_UP = "join_", "setup"
"""Deep links: t.me/<bot>?start=join_CODE, and ?startgroup=setup, which Telegram sends into the new group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An update: at most one of its parts is there.

    chat          0 for none; `title` is what it is called
    message       what somebody wrote, or changed: then `is_edited`, and it asks nothing
    press         a button, and `query`, the number by which Telegram takes what the person is to read
    membership    the bot was added somewhere, removed, or given other rights
    moved         a group is a supergroup now: its old number and its new one
    """

    number: int
    chat: int = 0
    title: str = ""
    message: Incoming | None = None
    is_edited: bool = False
    press: Pressed | None = None
    query: str = ""
    membership: ChatMemberUpdated | None = None
    moved: tuple[int, int] | None = None


class Reader:
    """Understands updates to one bot, which is `me`."""

    def __init__(self, me: User, *, follow_links: bool) -> None:
        self._me = me
        self._name = f"@{me.username}".lower()
        self._follow_links = follow_links

    def received(self, update: Update) -> Received:
        """What the update says; of a kind that we do not know, its number and its chat."""
        query, chat = update.callback_query, update.effective_chat
        message = None if query else update.effective_message
        return Received(
            number=update.update_id,
            chat=chat.id if chat else 0,
            title=(chat.title or "") if chat else "",
            is_edited=message is not None and message.edit_date is not None,
            press=_press(query, update.update_id) if query else None,
            query=query.id if query else "",
            membership=update.my_chat_member,
            moved=_moved(message) if message else None,
            message=self._written(message) if message and not _says_nothing(message) else None,
        )

    def _written(self, message: Message) -> Incoming:
        """The message with the one that it replies to."""
        target = _replied_to(message)
        replied_to = self._incoming(target) if target else None
        return self._incoming(message, replied_to, shows=not self._is_ours(message))

    def _incoming(self, message: Message, replied_to: Incoming | None = None, *, shows: bool = True) -> Incoming:
        return Incoming(
            space=space_of(message.chat),
            message=str(message.message_id),
            author=author_of(message),
            thread=thread_of(message),
            text=_text_of(message),
            group=message.media_group_id or "",
            link=link_of(message),
            by_staff=_is_by_the_group(message),
            by_bot=_is_by_a_bot(message),
            names_bot=self._names_us(message),
            buttons=_buttons_of(message),
            replied_to=replied_to,
            pictures=self._shown(message) if shows else (),
        )

    def _shown(self, message: Message) -> tuple[Shown, ...]:
        behind_links = shown_behind(message) if self._follow_links else ()
        return (*pictures(message), *behind_links)

    def _is_ours(self, message: Message) -> bool:
        """Whether the bot wrote it itself: that is never looked at."""
        return _is_by_a_bot(message) and message.from_user is not None and message.from_user.id == self._me.id

    def _names_us(self, message: Message) -> bool:
        if not (message.entities or message.caption_entities):
            return False
        return self._name in (mention.lower() for mention in _marked(message, MessageEntity.MENTION).values())


def space_of(chat: Chat) -> Space:
    """Every group and channel is a community of its own; a private chat belongs to none."""
    community = "" if chat.type == ChatType.PRIVATE else str(chat.id)
    return Space(platform=Platform.TELEGRAM, community=community, channel=str(chat.id))


def person_of(user: User) -> Person:
    """Somebody, named as others see them."""
    handle = f"@{user.username}" if user.username else ""
    return Person(id=str(user.id), name=user.full_name, handle=handle, language=user.language_code or "")


def author_of(message: Message) -> Person:
    """A person, or the chat in whose name they write."""
    chat = message.sender_chat
    if chat:
        return Person(id=str(chat.id), name=message.author_signature or chat.title or "", is_chat=True)
    return person_of(message.from_user) if message.from_user else Person(id="")


def thread_of(message: Message) -> str:
    """The topic of a forum; in other groups the number names a chain of replies, to which nothing can be sent."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


def link_of(message: Message) -> str:
    """Messages of private chats and of basic groups have none."""
    chat = message.chat
    if chat.type not in (ChatType.SUPERGROUP, ChatType.CHANNEL):
        return ""
    return f"https://t.me/{chat.username or f'c/{str(chat.id)[4:]}'}/{message.message_id}"


def _text_of(message: Message) -> str:
    """Text or caption; in a command, people without a user name by their number, and deep links as what they mean."""
    text = message.text or message.caption or ""
    if not text.startswith("/"):
        return text
    for entity, name in _marked(message, MessageEntity.TEXT_MENTION).items():
        text = text.replace(name, str(entity.user.id), 1) if entity.user else text
    return _of_link(text, is_private=message.chat.type == ChatType.PRIVATE)


def _of_link(text: str, *, is_private: bool) -> str:
    """What "/start" and what a link sends with it mean; any other command as it is."""
    found = START.fullmatch(text)
    if found is None:
        return text
    whom, code = found[1] or "", found[2] or ""
    if is_private and code.startswith(JOIN):
        return f"/alerts{whom} join {code.removeprefix(JOIN)}"
    return f"/setup{whom}" if code == SET_UP and not is_private else f"/help{whom}"


def _marked(message: Message, kind: str) -> dict[MessageEntity, str]:
    """The parts of its words that are marked as such."""
    return message.parse_entities([kind]) if message.text else message.parse_caption_entities([kind])


def _is_by_a_bot(message: Message) -> bool:
    """Whether a bot wrote it; who writes in the name of a chat is none."""
    return message.sender_chat is None and message.from_user is not None and message.from_user.is_bot


def _is_by_the_group(message: Message) -> bool:
    """Whether it comes from the linked channel, or from an administrator in the group's own name.

    In a channel that would be every post, so there it is none.
    """
    if message.is_automatic_forward:
        return True
    chat, sender = message.chat, message.sender_chat
    return sender is not None and sender.id == chat.id and chat.type != ChatType.CHANNEL


def _replied_to(message: Message) -> Message | None:
    """The message that it answers; all of a topic's messages answer its beginning, which is none."""
    target = message.reply_to_message
    return None if target is None or target.forum_topic_created else target


def _buttons_of(message: Message) -> tuple[str, ...]:
    if not message.reply_markup:
        return ()
    keys = [key for row in message.reply_markup.inline_keyboard for key in row]
    return tuple(str(key.callback_data) for key in keys if key.callback_data)


def _says_nothing(message: Message) -> bool:
    """Whether it is only Telegram that says something in a private chat, such as that a message was pinned."""
    is_private = message.chat.type == ChatType.PRIVATE
    return is_private and not (message.text or message.effective_attachment)


def _moved(message: Message) -> tuple[int, int] | None:
    """Telegram says so in the old chat and in the new one."""
    if not (message.migrate_to_chat_id or message.migrate_from_chat_id):
        return None
    return message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id


def _press(query: CallbackQuery, number: int) -> Pressed:
    """Of a message from long ago Telegram tells number and chat only; they are enough."""
    message = query.message
    is_private = message is None or message.chat.type == ChatType.PRIVATE
    chat = message.chat if message else Chat(query.from_user.id, ChatType.PRIVATE)
    return Pressed(
        who=person_of(query.from_user),
        space=space_of(chat),
        message=str(message.message_id if message else 0),
        data=query.data or "",
        number=number,
        thread=thread_of(message) if isinstance(message, Message) else "",
        is_alone=is_private,
    )
