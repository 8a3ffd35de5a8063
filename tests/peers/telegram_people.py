"""What people do at the Telegram peer: they start the bot, post, edit, delete, press buttons, promote and forget.

    alice = telegram.user("alice", language="en")
    chat = telegram.start(alice)
    group = telegram.group("Pictures", admin=True)
    message = telegram.post(group, alice, photo=data, caption="look")
    press = telegram.press(alert, alice, "Dismiss");  told = await press.answer()

The bot gets the updates that Telegram would give it; `messages(chat)` is what people see afterwards.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict, Unpack

from tests.peers.telegram_files import Upload
from tests.peers.telegram_text import Json, Words
from tests.peers.telegram_world import RIGHTS, USUAL_RIGHTS, Chat, Kind, Member, Message, User, World, needed_for

PRESS_PATIENCE_S = 60.0


FILES = ("photo", "animation", "sticker", "video", "video_note")


class Post(TypedDict, total=False):
    """What somebody posts. `more` is put into the message as it is."""

    text: str
    caption: str
    photo: bytes
    document: tuple[str, bytes, str]  # name, bytes, type
    animation: bytes
    sticker: bytes
    video: bytes
    video_note: bytes
    thumbnail: bytes  # what somebody with an app of their own puts in front of a film
    cover: bytes
    reply_to: Message
    forward_from: Message | Chat | User | str  # a str is somebody who hides their account
    album: str
    thread: int
    more: Json


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to a pressed button."""

    text: str
    show_alert: bool


@dataclass(eq=False)
class Press:
    """A pressed button, waiting for its answer."""

    id: str
    message: Message
    user: User
    data: str
    expired: bool = False
    told: asyncio.Future[Told] = field(default_factory=asyncio.Future, repr=False)

    async def answer(self) -> Told:
        """What the person is told."""
        try:
            async with asyncio.timeout(PRESS_PATIENCE_S):
                return await asyncio.shield(self.told)
        except TimeoutError:
            raise TimeoutError(f"nobody answered {self.data!r} of {self.user.name}") from None


class People(World):
    """The world, and those who live in it."""

    def __init__(self, token: str, privacy: bool) -> None:
        super().__init__(token, privacy)
        self.presses: dict[str, Press] = {}
        self.founder = self.user("founder")  # owns every group and channel

    # --- people and chats

    def user(self, name: str, language: str = "") -> User:
        user = User(5_000 + self.new_id(), name, language)
        self.users[user.id] = user
        return user

    def start(self, user: User, payload: str = "") -> Chat:
        """Press START: from now on the bot may write to this person."""
        chat = self.private(user)
        self.block(user, False)
        user.started = True
        self.post(chat, user, text=f"/start {payload}".strip())
        return chat

    def block(self, user: User, blocked: bool = True) -> None:
        if user.blocked != blocked:
            user.blocked = blocked
            self.set_member(self.private(user), self.me, user, "kicked" if blocked else "member")

    def group(
        self,
        title: str,
        *,
        admin: bool = False,
        basic: bool = False,
        forum: bool = False,
        username: str = "",
        people: Sequence[User] = (),
    ) -> Chat:
        """A supergroup with the bot in it; `basic` for a group that can still `migrate`."""
        chat = self._found("group" if basic else "supergroup", title, username)
        chat.forum = forum
        for user in people:
            chat.members[user.id] = Member(user, "member")
        self.add_bot(chat, admin=admin)
        return chat

    def channel(self, title: str, *, admin: bool = True, username: str = "") -> Chat:
        """A channel; a bot can be in it as an administrator only."""
        chat = self._found("channel", title, username)
        if admin:
            self.add_bot(chat, admin=True)
        return chat

    def _found(self, kind: Kind, title: str, username: str) -> Chat:
        base = -4_000_000 if kind == "group" else -1_001_000_000_000
        chat = Chat(base - self.new_id(), kind, title, username, owner=self.founder)
        chat.members[self.founder.id] = Member(self.founder, "creator")
        self.chats[chat.id] = chat
        return chat

    def topic(self, chat: Chat, name: str) -> int:
        """A topic of a forum; its number is what `thread` wants."""
        made = self.write(chat, self.founder, content={"forum_topic_created": {"name": name, "icon_color": 7322096}})
        made.thread = made.id
        self.tell(made)
        return made.id

    def migrate(self, group: Chat) -> Chat:
        """A group becomes a supergroup with a new id."""
        new = self._found("supergroup", group.title, group.username)
        new.members = {user: replace(member) for user, member in group.members.items()}
        self.tell(self.write(group, self.founder, content={"migrate_to_chat_id": new.id}))
        group.moved_to = new
        self.tell(self.write(new, self.founder, content={"migrate_from_chat_id": group.id}))
        return new

    # --- who may do what

    def add_bot(self, chat: Chat, *, admin: bool = False) -> None:
        status, rights = ("administrator", USUAL_RIGHTS) if admin else ("member", frozenset[str]())
        self.set_member(chat, self.me, self.founder, status, rights=rights)  # type: ignore[arg-type]  # of two words

    def kick_bot(self, chat: Chat) -> None:
        self.set_member(chat, self.me, self.founder, "kicked")

    def demote_bot(self, chat: Chat) -> None:
        self.set_member(chat, self.me, self.founder, "member")

    def make_admin(self, chat: Chat, user: User, **rights: bool) -> None:
        """With the rights named, or with the usual ones; `telegram.me` is the bot."""
        if unknown := rights.keys() - RIGHTS:
            raise ValueError(f"no such rights: {unknown}")
        given = {name for name, given in rights.items() if given} if rights else USUAL_RIGHTS
        self.set_member(chat, user, self.founder, "administrator", rights=given)

    def restrict(self, chat: Chat, user: User, *permissions: str, until: int = 0) -> None:
        """An administrator leaves somebody only these permissions."""
        self.set_member(chat, user, self.founder, "restricted", permissions=permissions, until=until)

    def is_restricted(self, chat: Chat, user: User) -> bool:
        return self.member(chat, user).status == "restricted"

    def is_banned(self, chat: Chat, user: User) -> bool:
        return self.member(chat, user).status == "kicked"

    # --- what they write

    def post(self, chat: Chat, sender: User | None, **what: Unpack[Post]) -> Message:
        """Write something; whoever writes in a group is a member of it."""
        content = self._content(what)
        if sender:
            self._join(chat, sender, content)
        message = self.write(
            chat,
            sender,
            content=content,
            more=what.get("more", {}),
            words=self._words(what),
            reply_to=what.get("reply_to"),
            origin=self._origin(what.get("forward_from")),
            album=what.get("album", ""),
            thread=what.get("thread", 0),
        )
        self.tell(message)
        return message

    def channel_post(self, channel: Chat, **what: Unpack[Post]) -> Message:
        return self.post(channel, None, **what)

    def album(self, chat: Chat, sender: User | None, photos: Sequence[bytes], caption: str = "") -> list[Message]:
        """Several photos in one go; the caption is the first one's."""
        name = str(13_000_000_000_000_000 + self.new_id())
        captions = [caption, *[""] * len(photos)]
        return [
            self.post(chat, sender, photo=photo, album=name, caption=words)
            for photo, words in zip(photos, captions, strict=False)
        ]

    def _content(self, what: Post) -> Json:
        source = what.get("forward_from")
        if isinstance(source, Message):
            return self.files.renewed(source.content)
        if document := what.get("document"):
            name, data, mime = document
            return self.files.content("document", Upload(data, name, mime, thumbnail=what.get("thumbnail", b"")))
        thumbnail, cover = what.get("thumbnail", b""), what.get("cover", b"")
        kinds: list[tuple[str, bytes]] = [(kind, what[kind]) for kind in FILES if what.get(kind)]  # type: ignore[literal-required]
        return self.files.content(kinds[0][0], Upload(kinds[0][1], thumbnail=thumbnail, cover=cover)) if kinds else {}

    def _words(self, what: Post) -> Words:
        source = what.get("forward_from")
        if isinstance(source, Message):
            return source.words
        return Words.plain(what.get("text") or what.get("caption") or "")

    def _origin(self, source: Message | Chat | User | str | None) -> Json | None:
        date = self.now()
        match source:
            case Message():
                return source.as_origin()
            case Chat(kind="channel"):
                return {"type": "channel", "date": date, "chat": source.json(), "message_id": self.new_id()}
            case Chat():
                return {"type": "chat", "date": date, "sender_chat": source.json()}
            case User():
                return {"type": "user", "date": date, "sender_user": source.json()}
            case str():
                return {"type": "hidden_user", "date": date, "sender_user_name": source}
        return None

    def _join(self, chat: Chat, sender: User, content: Json) -> None:
        member = self.member(chat, sender)
        needed = needed_for(content)
        if member.status == "kicked" or (member.status == "restricted" and needed not in member.permissions):
            raise PermissionError(f"{sender.name} is {member.status} in {chat.title} and may not post this")
        if member.status == "left" and chat.kind in ("group", "supergroup"):
            self.set_member(chat, sender, sender, "member")

    def edit(self, message: Message, *, text: str = "", caption: str = "", photo: bytes = b"") -> None:
        """Change what was written; what is not named stays."""
        if photo:
            message.content = self.files.content("photo", Upload(photo))
        if text or caption:
            message.words = Words.plain(text or caption)
        message.edited = self.now()
        self.tell(message, edited=True)

    def delete(self, message: Message) -> None:
        """Bots are not told."""
        message.deleted = True

    def react(self, message: Message, user: User, *emoji: str) -> None:
        """React, or take the reactions back."""
        old, message.marks[user] = message.marks.get(user, ()), emoji
        change = {"old_reaction": _reactions(old), "new_reaction": _reactions(emoji)}
        if message.chat.kind == "private" or self.is_admin(message.chat, self.me):
            said: Json = {"chat": message.chat.json(), "message_id": message.id, "user": user.json()}
            self.updates.add("message_reaction", {**said, "date": self.now(), **change})

    def press(self, message: Message, user: User, data_or_label: str) -> Press:
        """Press a button of a message that still stands."""
        wanted = [one for one in message.buttons if data_or_label in (one.data, one.label) and one.data]
        if message.deleted or not wanted:
            raise LookupError(f"no button {data_or_label!r} to press among {message.buttons}")
        press = Press(str(77_000_000 + self.new_id()), message, user, wanted[0].data)
        self.presses[press.id] = press
        said: Json = {"id": press.id, "from": user.json(), "message": message.json(), "data": press.data}
        self.updates.add("callback_query", {**said, "chat_instance": str(message.chat.id)})
        return press

    # --- what they see

    def messages(self, chat: Chat) -> list[Message]:
        """The messages as they now stand."""
        return [one for _, one in sorted(chat.messages.items()) if not one.deleted]

    def said(self, chat: Chat) -> list[Message]:
        """Those of the bot."""
        return [one for one in self.messages(chat) if one.by_bot]

    def commands(self, language: str = "", scope: str = "default") -> dict[str, str]:
        """The menu that somebody with this language sees: name -> description."""
        for key in ((scope, language), (scope, ""), ("default", language), ("default", "")):
            if menu := self.menus.get(key):
                return {one["command"]: one["description"] for one in menu}
        return {}


def _reactions(emoji: Sequence[str]) -> list[Any]:
    return [{"type": "emoji", "emoji": one} for one in emoji]
