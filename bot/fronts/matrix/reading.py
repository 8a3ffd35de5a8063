"""What somebody writes in a room, understood once: an event in, an `Incoming`, a press or nothing out. Pure.

    m.room.message, m.sticker --Reader.incoming--> Incoming      "!mode flag" is the command "/mode flag"
    m.replace                 --> the message that it changes, with the new picture
    m.reaction, a reply "2"   --press_of--> the message and the key of one of its buttons

A picture is named by the event that brings it, so that its name is known before it can be decrypted. Its hint is what
fetches it and posts it again: the address, for encrypted files their keys, and the still that is shown in front of it.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import zip_longest

from cachetools import LRUCache

from bot.fronts.matrix.render import BUTTONS, KEYS
from bot.fronts.matrix.rooms import Rooms
from bot.fronts.matrix.wire import Json, mapping_of, text_of
from core.messages import Incoming, Person, Shown, may_be_picture
from handlers.chat.incoming import GROUPS, command_in

MESSAGE, STICKER, REACTION, REDACTION = "m.room.message", "m.sticker", "m.reaction", "m.room.redaction"
FILES = ("m.image", "m.video", "m.file")
NUMBERS = ("w", "h", "size", "duration")
MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
LARGEST = (1 << 53) - 1
"""No event may hold a larger number."""

KEY = {"kty": "oct", "key_ops": ["encrypt", "decrypt"], "alg": "A256CTR", "ext": True}
IN_TEXT = re.compile(r"""\bsrc\s*=\s*["']?\s*(mxc://[^\s"'<>?#]+)""", re.IGNORECASE)
NONE: Json = {}
NEXT = "#"
"""Stands between the event and the number of a further picture; no event's name has it."""

LONGEST_HINT, LONGEST_NAME, MOST_PICTURES = 3_000, 200, 50
NUMBER = re.compile(r"\d{1,2}", re.ASCII)
TAG_CALL = re.compile(r"^!(?=\w)")
TIME_BITS, HASH_BITS, MOST_NUMBERS = 42, 20, 20_000


def number_of(event: Json, mark: str = "") -> int:
    """A number for the event: it grows with the time that its server says; `Numbers` sees that no other one has it."""
    said = event.get("origin_server_ts")
    at = said if isinstance(said, int) and 0 <= said < 1 << TIME_BITS else 0
    digest = int.from_bytes(sha256(f"{id_of(event)}{mark}".encode()).digest()[:4])
    return at << HASH_BITS | digest & ((1 << HASH_BITS) - 1)


class Numbers:
    """Numbers of events, of which no two have the same: who runs a homeserver could make such events, to hide one."""

    def __init__(self) -> None:
        self._known: LRUCache[int, str] = LRUCache(MOST_NUMBERS)

    def of(self, event: Json, mark: str = "") -> int:
        """The number of the event; `mark` is for another row of the same one."""
        number, name = number_of(event, mark), f"{id_of(event)}{mark}"
        while self._known.setdefault(number, name) != name:
            number += 1
        return number


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


def pictures_in(event: Json) -> tuple[Shown, ...]:
    """Whatever apps may show of an event, each picture once; the first is named as the event is."""
    content = newest_of(event)
    name = text_of(content, "filename") or text_of(content, "body") if _is_file(event) else ""
    files = files_in(event).items()
    return tuple(Shown(image=image, hint=hint_of(file), file_name=name[:LONGEST_NAME]) for image, file in files)


def files_in(event: Json) -> dict[str, Json]:
    """What fetches each picture of an event, and posts it again, by the names of the pictures.

    An app that knows no changes shows what stands beside the new content. Of more pictures than a message has, one
    without an address says that they were not looked at.
    """
    found: list[Json] = []
    for content in (newest_of(event), content_of(event)):
        found += [one for one in _files(str(event.get("type")), content) if one not in found]
    shown = [*found[:MOST_PICTURES], *([{}] if len(found) > MOST_PICTURES else [])]
    return {f"{id_of(event)}{NEXT}{number}" if number else id_of(event): one for number, one in enumerate(shown)}


def _files(kind: str, content: Json) -> Iterator[Json]:
    """Yield every picture that an event shows: its file and thumbnail, those in its text, and that of a reaction."""
    if kind == REACTION:
        key = text_of(mapping_of(content, "m.relates_to"), "key")
        yield from ({"type": MESSAGE, "url": one} for one in (key,) if one.startswith("mxc://"))
    if kind not in (MESSAGE, STICKER):
        return
    info, msgtype = mapping_of(content, "info"), text_of(content, "msgtype")
    about = {"type": kind, "msgtype": msgtype if msgtype in FILES else "", "info": _kept(info)}
    whole = list(_addresses(content, "file", "url")) if _is_shown(kind, content) else []
    fronts = [one for one in _addresses(info, "thumbnail_file", "thumbnail_url") if one not in whole]
    for file, front in zip_longest(whole, fronts, fillvalue=NONE):
        yield _said({**about, **file, "front": front} if file else {"type": MESSAGE, **front})
    if not (whole or fronts) and _is_shown(kind, content):
        yield about
    for address in dict.fromkeys(IN_TEXT.findall(html.unescape(text_of(content, "formatted_body")))):
        yield {"type": MESSAGE, "url": address}


def _is_shown(kind: str, content: Json) -> bool:
    """Whether apps may show the file itself: not such as a document."""
    if kind == STICKER or content.get("msgtype") in ("m.image", "m.video"):
        return True
    name = text_of(content, "filename") or text_of(content, "body")
    return content.get("msgtype") == "m.file" and may_be_picture(text_of(mapping_of(content, "info"), "mimetype"), name)


def _is_file(event: Json) -> bool:
    return event.get("type") == STICKER or newest_of(event).get("msgtype") in FILES


def _addresses(where: Json, encrypted: str, plain: str) -> Iterator[Json]:
    """Both, if both are there: which one is shown is up to the app."""
    if file := mapping_of(where, encrypted):
        yield {"file": _encrypted(file)}
    if url := text_of(where, plain):
        yield {"url": url}


def _encrypted(file: Json) -> Json:
    """The address and the keys of an encrypted file; all else is the same of every one."""
    key, hashes = text_of(mapping_of(file, "key"), "k"), text_of(mapping_of(file, "hashes"), "sha256")
    said = {"url": text_of(file, "url"), "iv": text_of(file, "iv"), "hashes": {"sha256": hashes}}
    return {**said, "v": "v2", "key": {**KEY, "k": key}}


def _kept(info: Json) -> Json:
    """What is said of a file, as far as it could be posted again: it may be anything."""
    numbers = {name: info[name] for name in NUMBERS if type(info.get(name)) is int and 0 <= info[name] <= LARGEST}
    mime = text_of(info, "mimetype")
    return {**numbers, **({"mimetype": mime} if MIME.fullmatch(mime) else {})}


def _said(where: Json) -> Json:
    return {name: value for name, value in where.items() if value}


def hint_of(file: Json) -> str:
    """What fetches a file, as JSON; "" where it would be too long: then it is read from the event again."""
    said = json.dumps(_said(file), separators=(",", ":"))
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
        names_bot, text = self._said(event, content)
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

    def _said(self, event: Json, content: Json) -> tuple[bool, str]:
        """Whether the bot is named, and the text without its name; the name of a file is no text."""
        if _is_file(event) and not _is_caption(content):
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
