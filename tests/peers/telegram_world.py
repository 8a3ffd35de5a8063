"""What Telegram knows: people, chats, members, messages; what the bot hears, and where it may write.

User, Member, Chat, Message    live objects: a test that holds one sees what becomes of it; `json()` is what bots get
Ask      a call of the Bot API as the server understood it
World    all of them together: finds chats and messages or refuses, counts ids, tells the bot
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from tests.peers.telegram_files import Files, Upload
from tests.peers.telegram_text import Button, Json, Words, bad, forbidden, names, rows
from tests.peers.telegram_updates import Updates

type Kind = Literal["private", "group", "supergroup", "channel"]
type Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

RIGHTS = names(
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members "
    "can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories can_send_welcome_messages "
    "can_post_messages can_edit_messages can_pin_messages can_manage_topics"
)
USUAL_RIGHTS = RIGHTS - {"can_promote_members"}
PERMISSIONS = names(
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes "
    "can_send_voice_notes can_send_polls can_send_other_messages can_add_web_page_previews can_react_to_messages "
    "can_edit_tag can_change_info can_invite_users can_pin_messages can_manage_topics"
)
PRESENT = ("creator", "administrator", "member", "restricted")
NEEDED = {"photo": "can_send_photos", "document": "can_send_documents"}  # the rest are "other messages"


@dataclass(eq=False, slots=True)
class User:
    """A person, or the bot."""

    id: int
    name: str
    language: str = ""
    is_bot: bool = False
    started: bool = False
    blocked: bool = False

    def json(self) -> Json:
        said: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.name.isascii() and self.name.isidentifier():  # "Ann Smith" has no username
            said["username"] = self.name
        return said | ({"language_code": self.language} if self.language else {})


@dataclass(eq=False, slots=True)
class Member:
    """What somebody is in a chat. `until` 0 is forever."""

    user: User
    status: Status = "left"
    rights: frozenset[str] = frozenset()
    permissions: frozenset[str] = PERMISSIONS
    until: int = 0

    def json(self) -> Json:
        said: Json = {"status": self.status, "user": self.user.json()}
        match self.status:
            case "creator":
                said |= {"is_anonymous": False}
            case "administrator":
                said |= {"can_be_edited": False, "is_anonymous": False, **{one: one in self.rights for one in RIGHTS}}
            case "restricted":
                said |= {"is_member": True, "until_date": self.until}
                said |= {one: one in self.permissions for one in PERMISSIONS}
            case "kicked":
                said |= {"until_date": self.until}
        return said


@dataclass(eq=False)
class Chat:
    """A chat with everything that was ever written in it."""

    id: int
    kind: Kind
    title: str
    username: str = ""
    forum: bool = False
    owner: User | None = None  # in a private chat: the person
    moved_to: "Chat | None" = None
    linked: int = 0  # the channel whose discussion a group is
    barred: set[int] = field(default_factory=set)  # channels in whose name nobody may write here
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, "Message"] = field(default_factory=dict)

    def json(self) -> Json:
        named = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        said: Json = {"id": self.id, "type": self.kind, **named}
        return (
            said | ({"username": self.username} if self.username else {}) | ({"is_forum": True} if self.forum else {})
        )


@dataclass(eq=False, kw_only=True)
class Message:
    """A message as it now stands. `content` is the file it shows: {"photo": [...]}, or what Telegram itself says."""

    id: int
    chat: Chat
    sender: User | None
    date: int
    files: Files = field(repr=False)
    words: Words = field(default_factory=Words)
    content: Json = field(default_factory=dict)
    reply_to: "Message | None" = None
    origin: Json | None = None
    album: str = ""
    thread: int = 0
    markup: Json | None = None
    edited: int = 0
    deleted: bool = False
    marks: dict[User, tuple[str, ...]] = field(default_factory=dict)
    more: Json = field(default_factory=dict)

    @property
    def by_bot(self) -> bool:
        return self.sender is not None and self.sender.is_bot

    @property
    def text(self) -> str:
        """As it was sent, with its HTML; "" for a message with a file."""
        return "" if self.content else self.words.source

    @property
    def caption(self) -> str:
        """As it was sent, with its HTML."""
        return self.words.source if self.content else ""

    @property
    def shown(self) -> str:
        """The text or the caption as people read it."""
        return self.words.text

    @property
    def photo(self) -> bytes | None:
        """The largest size."""
        sizes = self.content.get("photo")
        return self.files.data(sizes[-1]["file_id"]) if sizes else None

    @property
    def document(self) -> bytes | None:
        document = self.content.get("document")
        return self.files.data(document["file_id"]) if document else None

    @property
    def unique(self) -> str:
        """The file_unique_id of the photo's largest size, or of another file; "" without one."""
        whole = next((one for one in self.content.values() if isinstance(one, dict | list)), {})
        return str((whole[-1] if isinstance(whole, list) else whole).get("file_unique_id", ""))

    @property
    def keyboard(self) -> list[list[Button]]:
        return rows(self.markup)

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.keyboard for button in row]

    @property
    def reactions(self) -> list[str]:
        """Those of the bot."""
        return [emoji for user, marks in self.marks.items() if user.is_bot for emoji in marks]

    @property
    def service(self) -> bool:
        """Telegram itself says something: a topic was made, the group has moved."""
        return any(key.startswith(("migrate_", "forum_")) for key in self.content)

    def json(self, nested: bool = True) -> Json:
        said: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        said |= self.content | self.more
        if self.chat.kind == "channel":
            said["sender_chat"] = self.chat.json()
        elif self.sender:
            said["from"] = self.sender.json()
        said |= self.words.json("caption" if self.content else "text")
        optional = {
            "edit_date": self.edited,
            "forward_origin": self.origin,
            "media_group_id": self.album,
            "reply_markup": self.markup,
            "message_thread_id": self.thread,
            "is_topic_message": bool(self.thread),
        }
        said |= {key: value for key, value in optional.items() if value}
        return said | (self._reply_json() if nested else {})

    def _reply_json(self) -> Json:
        target = self.reply_to or self.chat.messages.get(self.thread)  # a topic's messages answer its first one
        if target is None or target.deleted:
            return {}
        if target.chat is self.chat:
            return {"reply_to_message": target.json(nested=False)}
        outside = {"chat": target.chat.json(), "message_id": target.id}
        return {"external_reply": {"origin": target.as_origin(), **outside, **target.content}}

    def as_origin(self) -> Json:
        """What a forward of this message says of where it comes from."""
        if self.origin:
            return self.origin
        said: Json = {"date": self.date}
        if self.chat.kind == "channel":
            return said | {"type": "channel", "chat": self.chat.json(), "message_id": self.id}
        return said | {"type": "user", "sender_user": self.sender.json() if self.sender else {}}


@dataclass(frozen=True, slots=True)
class Ask:
    """A call of the Bot API."""

    method: str
    params: Json = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return str(self.params.get(name, ""))

    def number(self, name: str, default: int = 0) -> int:
        given = self.text(name)
        try:
            return int(given or default)
        except ValueError:
            raise bad(f'parameter "{name}" must be an Integer') from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1")


class World:
    """Telegram's memory, with one bot in it."""

    def __init__(self, token: str, privacy: bool) -> None:
        self.token = token
        self.privacy = privacy
        self.me = User(int(token.split(":")[0]), "resight_test_bot", is_bot=True)
        self.users: dict[int, User] = {self.me.id: self.me}
        self.chats: dict[int, Chat] = {}
        self.updates = Updates()
        self.files = Files(self.now)
        self.menus: dict[tuple[str, str], list[Json]] = {}  # commands by scope and language
        self._turned = 0.0
        self._ids = 0

    def clock(self) -> float:
        return time.time() + self._turned

    def now(self) -> int:
        return int(self.clock())

    def turn(self, **by: float) -> None:
        """Let time pass, at Telegram only: turn(hours=49)."""
        self._turned += timedelta(**by).total_seconds()

    def new_id(self) -> int:
        self._ids += 1
        return self._ids

    # --- chats

    def chat(self, reference: object) -> Chat:
        """The chat that a bot means by an id or a @name; refused if there is none."""
        word = str(reference)
        found = next((one for one in self.chats.values() if word in (str(one.id), f"@{one.username}")), None)
        person = self.users.get(int(word)) if word.isdigit() else None
        if found is None and person and person is not self.me:
            return self.private(person)
        if found is None:
            raise bad("chat not found" if word else "chat_id is empty")
        if found.moved_to:
            refusal = bad("group chat was upgraded to a supergroup chat")
            refusal.parameters["migrate_to_chat_id"] = found.moved_to.id
            raise refusal
        return found

    def private(self, user: User) -> Chat:
        """The chat of a person with the bot, started or not."""
        new = Chat(user.id, "private", user.name, user.json().get("username", ""), owner=user)
        new.members[self.me.id] = Member(self.me, "member")
        return self.chats.setdefault(user.id, new)

    def readable(self, reference: object) -> Chat:
        """A chat that the bot is in."""
        chat = self.chat(reference)
        if chat.kind != "private" and (status := self.member(chat, self.me).status) not in PRESENT:
            how = "was kicked from" if status == "kicked" else "is not a member of"
            raise forbidden(f"bot {how} the {chat.kind} chat")
        return chat

    def writable(self, reference: object, content: Json) -> Chat:
        """A chat where the bot may send this."""
        chat = self.readable(reference)
        if chat.owner and chat.kind == "private":
            self._check_person(chat.owner)
        me = self.member(chat, self.me)
        if chat.kind == "channel" and "can_post_messages" not in me.rights:
            raise bad("need administrator rights in the channel chat")
        if me.status == "restricted" and needed_for(content) not in me.permissions:
            what = f"{next(iter(content))}s" if content else "text messages"
            raise bad(f"not enough rights to send {what} to the chat")
        return chat

    def _check_person(self, user: User) -> None:
        if user.blocked:
            raise forbidden("bot was blocked by the user")
        if not user.started:
            raise forbidden("bot can't initiate conversation with a user")

    # --- members

    def member(self, chat: Chat, user: User) -> Member:
        """What somebody is there now."""
        member = chat.members.setdefault(user.id, Member(user))
        if member.until and member.until <= self.now():
            member.status = "member" if member.status == "restricted" else "left"
            member.until = 0
        return member

    def is_admin(self, chat: Chat, user: User) -> bool:
        return self.member(chat, user).status in ("creator", "administrator")

    def may(self, chat: Chat, user: User, right: str) -> bool:
        member = self.member(chat, user)
        return member.status == "creator" or (member.status == "administrator" and right in member.rights)

    def set_member(
        self,
        chat: Chat,
        user: User,
        by: User,
        status: Status,
        *,
        rights: Iterable[str] = (),
        permissions: Iterable[str] = PERMISSIONS,
        until: int = 0,
    ) -> None:
        """Change what somebody is in a chat, and tell the bot if it may know."""
        old = self.member(chat, user).json()
        chat.members[user.id] = new = Member(user, status, frozenset(rights), frozenset(permissions), until)
        kind = "my_chat_member" if user is self.me else "chat_member"
        if old != new.json() and (user is self.me or self.is_admin(chat, self.me)):
            change = {"old_chat_member": old, "new_chat_member": new.json()}
            self.updates.add(kind, {"chat": chat.json(), "from": by.json(), "date": self.now(), **change})

    # --- messages

    def message(self, chat: Chat, number: object, called: str) -> Message:
        """A message that still stands."""
        found = chat.messages.get(int(str(number or 0)))
        if found is None or found.deleted:
            raise bad(f"{called} not found")
        return found

    def write(self, chat: Chat, sender: User | None, **what: Any) -> Message:
        """A new message, numbered like Telegram does: by chat in supergroups and channels, together elsewhere."""
        own = chat.kind in ("supergroup", "channel")
        number = max(chat.messages, default=0) + 1 if own else self.new_id()
        message = Message(id=number, chat=chat, sender=sender, date=self.now(), files=self.files, **what)
        chat.messages[number] = message
        return message

    def tell(self, message: Message, edited: bool = False) -> None:
        """Give the bot an update of what somebody wrote, if it hears it."""
        kind = "channel_post" if message.chat.kind == "channel" else "message"
        if self.hears(message):
            self.updates.add(f"edited_{kind}" if edited else kind, message.json())

    def hears(self, message: Message) -> bool:
        """A bot in privacy mode gets only what is meant for it, except as an administrator."""
        chat = message.chat
        if chat.kind == "private":
            return not (chat.owner and chat.owner.blocked)
        if self.member(chat, self.me).status not in PRESENT:
            return False
        return not self.privacy or message.service or self.is_admin(chat, self.me) or self._meant_for_me(message)

    def _meant_for_me(self, message: Message) -> bool:
        name = f"@{self.me.name}"
        commands = message.words.marked("bot_command")
        replied = message.reply_to is not None and message.reply_to.by_bot
        addressed = any("@" not in one or one.endswith(name) for one in commands)
        return replied or addressed or name in message.words.marked("mention")


def needed_for(content: Json) -> str:
    """The permission without which this can't be sent."""
    if not content:
        return "can_send_messages"
    return NEEDED.get(next(iter(content)), "can_send_other_messages")
