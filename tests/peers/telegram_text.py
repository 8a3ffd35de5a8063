"""What Telegram's server thinks of texts, keyboards and reactions, in its own words.

Refusal     an answer with ok = false; `bad` and `forbidden` make the common ones
Words       a text or a caption: as it was sent, as people read it, and what is marked in it
read_html   parse_mode HTML: entities, or the complaint about a tag
checked_keyboard, rows, Button    inline keyboards
REACTIONS   the emoji that every chat has
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any

type Json = dict[str, Any]


def names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DATA_LIMIT = 64  # bytes of a button

REACTIONS = names(
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 "
    "🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ "
    "🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)

STYLES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
TAG = re.compile(r"<(?P<end>/?)(?P<name>[^\s<>/]*)(?P<rest>[^<>]*)(?P<close>>?)")
HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]*)""")
KNOWN_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")  # Telegram knows no others
MARKS = {
    "bot_command": re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,32}(?:@\w{3,32})?"),
    "mention": re.compile(r"(?<!\w)@\w{4,32}"),
    "url": re.compile(r"https?://\S+"),
}


class Refusal(Exception):
    """An answer with ok = false."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(words: str) -> Refusal:
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    return Refusal(403, f"Forbidden: {words}")


def units(text: str) -> int:
    """Telegram counts offsets in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Words:
    """A text or a caption: `source` as it was sent, `text` as people read it."""

    source: str = ""
    text: str = ""
    entities: list[Json] = field(default_factory=list)

    @classmethod
    def plain(cls, text: str) -> "Words":
        return cls(text, text, list(found_in(text)))

    @classmethod
    def sent(cls, text: str, parse_mode: str, entities: list[Json] | None = None) -> "Words":
        """The words of a bot."""
        if parse_mode.lower() == "html":
            return cls(text, *read_html(text))
        if parse_mode:
            raise bad("unsupported parse_mode")  # this peer reads HTML only; Telegram also knows Markdown
        return cls(text, text, entities or list(found_in(text)))

    def within(self, limit: int, complaint: str) -> "Words":
        if units(self.text) > limit:
            raise bad(complaint)
        return self

    def marked(self, kind: str) -> list[str]:
        """The parts that are marked as commands, mentions, ..."""
        raw = self.text.encode("utf-16-le")
        spans = ((one["offset"] * 2, one["length"] * 2) for one in self.entities if one["type"] == kind)
        return [raw[start : start + length].decode("utf-16-le") for start, length in spans]

    def json(self, name: str) -> Json:
        """As `text` and `entities`, or as `caption` and `caption_entities`."""
        if not self.text:
            return {}
        listed = "entities" if name == "text" else "caption_entities"
        return {name: self.text, **({listed: self.entities} if self.entities else {})}


def found_in(text: str) -> list[Json]:
    """The commands, mentions and links that Telegram finds by itself."""
    found = [
        {"type": kind, "offset": units(text[: hit.start()]), "length": units(hit[0])}
        for kind, pattern in MARKS.items()
        for hit in pattern.finditer(text)
    ]
    return sorted(found, key=lambda one: one["offset"])


def read_html(source: str) -> tuple[str, list[Json]]:
    """What people read, and the entities."""
    reader = _HtmlReader(source)
    return reader.text, sorted(reader.entities, key=lambda one: (one["offset"], -one["length"]))


class _HtmlReader:
    """Goes through the tags once; `html.parser` forgives too much to find the faults that Telegram finds."""

    def __init__(self, source: str) -> None:
        self.text = ""
        self.entities: list[Json] = []
        self._open: list[tuple[str, Json]] = []
        rest = 0
        for tag in TAG.finditer(source):
            self._read(source[rest : tag.start()])
            self._tag(tag, len(source[: tag.start()].encode()))
            rest = tag.end()
        self._read(source[rest:])
        if self._open:
            raise self._fault(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')

    def _read(self, part: str) -> None:
        self.text += KNOWN_REFERENCE.sub(lambda hit: html.unescape(hit[0]), part)

    def _tag(self, tag: re.Match[str], at: int) -> None:
        name = tag["name"].lower()
        if not tag["close"]:
            raise self._fault(f"Unclosed {'end' if tag['end'] else 'start'} tag at byte offset {at}")
        if tag["end"]:
            self._leave(name, at)
        elif name not in STYLES:
            raise self._fault(f'Unsupported start tag "{name}" at byte offset {at}')
        else:
            link = HREF.search(tag["rest"])
            more = {"url": html.unescape(link[1])} if name == "a" and link else {}
            self._open.append((name, {"type": STYLES[name], "offset": units(self.text), **more}))

    def _leave(self, name: str, at: int) -> None:
        if not self._open:
            raise self._fault(f"Unexpected end tag at byte offset {at}")
        opened, entity = self._open.pop()
        if name not in (opened, ""):
            raise self._fault(f'Unmatched end tag at byte offset {at}, expected "</{opened}>", found "</{name}>"')
        length = units(self.text) - entity["offset"]
        if length and (opened != "a" or "url" in entity):
            self.entities.append({**entity, "length": length})

    def _fault(self, words: str) -> Refusal:
        return bad(f"can't parse entities: {words}")


@dataclass(frozen=True, slots=True)
class Button:
    """A button of an inline keyboard."""

    label: str
    data: str = ""
    url: str = ""


def checked_keyboard(markup: Json | None) -> Json | None:
    """The inline keyboard, if every button is as it must be; other markups don't belong to the message."""
    if not markup or not markup.get("inline_keyboard"):
        return None
    for button in (one for row in markup["inline_keyboard"] for one in row):
        _check_button(button)
    return markup


def _check_button(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: Text is empty")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= DATA_LIMIT:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?|tg)://", button["url"]):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if len(button) == 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def rows(markup: Json | None) -> list[list[Button]]:
    """The buttons as a person sees them."""
    keyboard = (markup or {}).get("inline_keyboard", [])
    return [[Button(one["text"], one.get("callback_data", ""), one.get("url", "")) for one in row] for row in keyboard]
