"""What somebody writes in a room, understood once: an event in, an `Incoming`, a press or nothing out. Pure.

    m.room.message, m.sticker --Reader.incoming--> Incoming      "!mode flag" is the command "/mode flag"
    m.replace                 --> the message that it changes, with the new picture
    m.reaction, a reply "2"   --press_of--> the message and the key of one of its buttons

A picture is named by the event that brings it, so that its name is known before it can be decrypted. Its hint is what
fetches it and posts it again: the address, and for encrypted files their keys.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256

from bot.fronts.matrix.render import BUTTONS, KEYS
from bot.fronts.matrix.rooms import Rooms
from bot.fronts.matrix.wire import Json, mapping_of, text_of
from core.messages import Incoming, Person, Shown, may_be_picture
from handlers.chat.incoming import GROUPS, command_in

MESSAGE, STICKER, REACTION, REDACTION = "m.room.message", "m.sticker", "m.reaction", "m.room.redaction"
FILES = ("m.image", "m.video", "m.file")
KEPT_INFO = ("mimetype", "w", "h", "size", "duration")
LONGEST_HINT, LONGEST_NAME = 3_000, 200
NUMBER = re.compile(r"\d{1,2}", re.ASCII)
TAG_CALL = re.compile(r"^!(?=\w)")
TIME_BITS, HASH_BITS = 42, 20


def number_of(event: Json) -> int:
    """A number for the event: it grows with the time that its server says, and no other event has it."""
    said = event.get("origin_server_ts")
    at = said if isinstance(said, int) and 0 <= said < 1 << TIME_BITS else 0
    digest = int.from_bytes(sha256(id_of(event).encode()).digest()[:4])
    return at << HASH_BITS | digest & ((1 << HASH_BITS) - 1)


def id_of(event: Json) -> str:
    return text_of(event, "event_id")


def relation_of(event: Json) -> tuple[str, str]:
    """The kind of its relation to another event, and that event; "" for none."""
    relates = mapping_of(content_of(event), "m.relates_to")
    return text_of(relates, "rel_type"), text_of(relates, "event_id")


def replied_to(event: Json) -> str:
    """The event that it answers, on purpose; "" for none. In a thread clients name the newest one for others to see."""
    relates = mapping_of(content_of(event), "m.relates_to")
    if relates.get("is_falling_back") is True:
        return ""
    return text_of(mapping_of(relates, "m.in_reply_to"), "event_id")


def is_redacted(event: Json) -> bool:
    return not content_of(event) or "redacted_because" in mapping_of(event, "unsigned")


def newest_of(event: Json) -> Json:
    """The content of a message as it is now: of its newest change, where the homeserver tells one."""
    content = content_of(event)
    return mapping_of(content, "m.new_content") if relation_of(event)[0] == "m.replace" else content


def shown_in(event: Json) -> Shown | None:
    """The picture, video or file of an event that may be looked at."""
    content, kind = newest_of(event), event.get("type")
    if kind == MESSAGE and content.get("msgtype") not in FILES:
        return None
    if kind not in (MESSAGE, STICKER):
        return None
    info, name = mapping_of(content, "info"), text_of(content, "filename") or text_of(content, "body")
    mime = text_of(info, "mimetype")
    is_video = content.get("msgtype") == "m.video" or mime.startswith("video/")
    if content.get("msgtype") == "m.file" and not is_video and not may_be_picture(mime, name):
        return None
    return Shown(image=id_of(event), hint=hint_of(kind, content), file_name=name[:LONGEST_NAME])


def pictures_in(event: Json) -> tuple[Shown, ...]:
    """Return the posted file and, for a video, the still shown before it plays, which the sender chooses."""
    shown, info = shown_in(event), mapping_of(newest_of(event), "info")
    if shown is None or text_of(newest_of(event), "msgtype") != "m.video":
        return (shown,) if shown else ()
    front = {"url": info.get("thumbnail_url"), "file": info.get("thumbnail_file")}
    hint = hint_of(MESSAGE, {name: value for name, value in front.items() if value})
    has_front = read_hint(hint).keys() & {"url", "file"}
    return (shown, Shown(image=f"{shown.image}-front", hint=hint)) if has_front else (shown,)


def hint_of(kind: str, content: Json) -> str:
    """What fetches the file, and posts it again, as JSON; "" where it would be too long, which no client writes."""
    info = mapping_of(content, "info")
    kept = {
        "type": kind,
        "msgtype": text_of(content, "msgtype"),
        "url": text_of(content, "url"),
        "file": mapping_of(content, "file"),
        "info": {name: info[name] for name in KEPT_INFO if isinstance(info.get(name), (int, str))},
    }
    said = json.dumps({name: value for name, value in kept.items() if value}, separators=(",", ":"))
    return said if len(said) <= LONGEST_HINT else ""


def read_hint(hint: str) -> Json:
    """The parts of a hint; nothing where there is none."""
    try:
        said = json.loads(hint)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def buttons_in(content: Json) -> Mapping[str, str]:
    """The data of the buttons of a message of ours, by their keys."""
    return {key: data for key, data in mapping_of(content, BUTTONS).items() if isinstance(data, str)}


def press_of(event: Json) -> tuple[str, str] | None:
    """The message below which somebody presses a button, and the button's key; None where nobody does."""
    kind, target = relation_of(event)
    if event.get("type") == REACTION and kind == "m.annotation":
        key = text_of(mapping_of(content_of(event), "m.relates_to"), "key")
        return (target, plain_key(key)) if plain_key(key) in PLAIN_KEYS else None
    written = text_of(content_of(event), "body")
    if event.get("type") == MESSAGE and replied_to(event) and NUMBER.fullmatch(said := _without_quote(written).strip()):
        return (replied_to(event), plain_key(KEYS[int(said) - 1])) if 1 <= int(said) <= len(KEYS) else None
    return None


def plain_key(key: str) -> str:
    """A key without the sign that asks for a coloured picture: some clients leave it out."""
    return key.replace("\ufe0f", "")


PLAIN_KEYS = frozenset(plain_key(key) for key in KEYS)


class Reader:
    """Understands what is written in the rooms of one bot."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._local = rooms.me.partition(":")[0].removeprefix("@").lower()

    def incoming(self, room: str, event: Json, target: Incoming | None = None) -> Incoming:
        """The message; a change of one stands for the message that it changes."""
        content = newest_of(event)
        kind, related = relation_of(event)
        pictures = pictures_in(event) if event.get("sender") != self._rooms.me else ()
        names_bot, text = self._said(event, content, bool(pictures))
        return Incoming(
            space=self._rooms.space_of(room),
            message=related if kind == "m.replace" else id_of(event),
            author=self.person(room, text_of(event, "sender")),
            number=number_of(event),
            thread=related if kind == "m.thread" else "",
            text=text,
            pictures=pictures,
            link=link_to(room, related if kind == "m.replace" else id_of(event)),
            by_bot=content.get("msgtype") == "m.notice",
            names_bot=names_bot,
            buttons=tuple(buttons_in(content).values()) if event.get("sender") == self._rooms.me else (),
            replied_to=target,
        )

    def person(self, room: str, who: str) -> Person:
        """Somebody, by the name that the room knows."""
        found = self._rooms.find(room)
        return Person(id=who, name=(found.names.get(who, "") if found else "") or who, handle=who)

    def _said(self, event: Json, content: Json, is_picture: bool) -> tuple[bool, str]:
        """Whether the bot is named, and the text without its name; the name of a file is no text."""
        if event.get("type") == STICKER or (is_picture and not _is_caption(content)):
            return self._is_mentioned(content), ""
        body = _without_quote(text_of(content, "body")) if replied_to(event) else text_of(content, "body")
        text = self._without_us(body.strip())
        return self._is_mentioned(content) or text != body.strip(), _as_command(text)

    def _is_mentioned(self, content: Json) -> bool:
        users = mapping_of(content, "m.mentions").get("user_ids")
        return isinstance(users, list) and self._rooms.me in users

    def _without_us(self, body: str) -> str:
        """The text after "resight:" or the bot's address, however somebody names it at the beginning."""
        first, _, rest = body.partition(" ")
        name = first.rstrip(":,").lower().removeprefix("@")
        ours = (self._local, self._rooms.me.lower().removeprefix("@"))
        return rest.strip() if name in ours and (first[-1:] in ":," or first.startswith("@")) else body


def link_to(room: str, event: str) -> str:
    """Where clients show the event."""
    return f"https://matrix.to/#/{room}/{event}"


def _is_caption(content: Json) -> bool:
    """Whether the body of a file is what somebody wrote, and not its name."""
    name = text_of(content, "filename")
    return bool(name) and name != text_of(content, "body")


def _as_command(text: str) -> str:
    """ "!mode flag" as the command that it is: apps keep the "/" for commands of their own."""
    rest = TAG_CALL.sub("/", text)
    is_known = rest != text and (command_in(rest) or rest.removeprefix("/").split(maxsplit=1)[0].lower() in GROUPS)
    return rest if is_known else text


def _without_quote(body: str) -> str:
    """A reply without the lines in which old clients quote what it answers."""
    lines = body.split("\n")
    if not lines[0].startswith("> "):
        return body
    left = next((number for number, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[left:]).lstrip("\n")


def content_of(event: Json) -> Json:
    return mapping_of(event, "content")
