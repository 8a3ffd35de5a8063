"""What the bot says, as an event's content: HTML, the same as plain text, and buttons as a list of keys. Pure.

    Answer --content_of--> {body, formatted_body, org.resight.buttons: {key: data}}

Matrix has no buttons: a message lists them as "1️⃣ Violation", and whoever reacts with that key, or answers with that
number, presses it. The data stands in the content, so that it works after a restart. While a message changes, what a
key meant once is never meant by something else: that people react with what they saw a moment ago does no harm, and
who reacted once can press another button.

Commands begin with "!" here, because apps keep "/" for their own.
"""

import html
import re
from collections.abc import Collection, Iterator, Mapping

from bot.fronts.matrix.wire import Json
from core.messages import MENTION, Answer, Button, Card, Line, Named, Person, Row, Tone, named
from core.telling import address, cut, one_line, said
from core.wording import Words
from handlers.chat.commands import BY_NAME

BUTTONS, USED = "org.resight.buttons", "org.resight.keys"
"""Where the content says which key means which data, and which it meant before."""

KEYS = (*(f"{digit}\ufe0f\u20e3" for digit in range(1, 10)), "🔟", *(chr(0x1F1E6 + letter) for letter in range(26)))
MOST, TITLE, FOOTER, LABEL = 6_000, 200, 200, 64
"""Characters of a message: with its HTML and encrypted it must stay below the 65,536 bytes of an event."""

MORE = "…"
DOTS = {
    Tone.MATCH: "🔴",
    Tone.REVIEW: "🟡",
    Tone.CLEAN: "⚪",
    Tone.DECIDED: "🔵",
    Tone.REVERSED: "🟢",
    Tone.FAILED: "🟠",
}
FIRST_WORDS = sorted({name.partition(" ")[0] for name in BY_NAME})
COMMAND = re.compile(rf"(?<![\w/:.<])/(?=(?:{'|'.join(FIRST_WORDS)})\b)")

AROUND_QUOTATION = re.compile(r"<br>\n(<blockquote>)|(?<=</blockquote>)<br>\n()")
"""Ends of lines beside a quotation, which has lines of its own."""

type Part = tuple[str, str]
"""A line as plain text and as HTML."""

EMPTY: Part = ("", "")
BESIDE = "\u2003"
"""A space between buttons that HTML leaves as wide as it is."""


def content_of(answer: Answer, heading: str = "", *, before: Mapping[str, object] | None = None) -> Json:
    """The content of a notice; `before` is that of the message as it was, if it is to change."""
    keys = keys_of(answer, before or {})
    head = [_bold(one_line(heading, TITLE))] if heading else []
    lines = _fitting([*head, *_lines(answer)], list(_key_lines(answer, keys)))
    content: Json = {
        "msgtype": "m.notice",
        "body": "\n".join(text for text, _ in lines),
        "format": "org.matrix.custom.html",
        "formatted_body": AROUND_QUOTATION.sub(r"\n\1", "<br>\n".join(shown for _, shown in lines)),
        "m.mentions": {},
    }
    if keys:
        content[BUTTONS] = {keys[one.data]: one.data for one in _buttons(answer)}
        content[USED] = {key: data for data, key in keys.items()}
    return content


def with_picture(content: Json, file: Json) -> Json:
    """The content as the words below a picture; `file` says where it is."""
    return {**content, **file, "msgtype": "m.image", "filename": "evidence.jpg"}


def keys_of(answer: Answer, before: Mapping[str, object]) -> dict[str, str]:
    """The key of each data, those of before included; a new one gets the next key that nothing ever had.

    Once all were used, such as by a card that was renewed often, it gets the one that was shown the longest time ago.
    """
    known = {str(data): str(key) for key, data in _mapping(before, USED).items()}
    shown = {str(key) for key in _mapping(before, BUTTONS)} | {known.get(one.data, "") for one in _buttons(answer)}
    for button in _buttons(answer):
        if button.data not in known and (key := _next_key(known, shown)):
            known = {data: other for data, other in known.items() if other != key} | {button.data: key}
            shown.add(key)
    return known


def _next_key(known: Mapping[str, str], shown: Collection[str]) -> str | None:
    """One that nothing had; else the first after those that are shown, for they are given in a circle."""
    newest = max((KEYS.index(key) for key in shown if key in KEYS), default=-1)
    in_circle = (*KEYS[newest + 1 :], *KEYS[: newest + 1])
    unused = next((key for key in KEYS if key not in known.values()), None)
    return unused or next((key for key in in_circle if key not in shown), None)


def _mapping(content: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def _buttons(answer: Answer) -> list[Button]:
    """Those of the answer and of its cards that mean something, as many as there are keys."""
    those = [*answer.buttons, *(one for card in answer.cards for one in card.buttons)]
    return [one for one in those if one.data][: len(KEYS)]


def _lines(answer: Answer) -> Iterator[Part]:
    words = Words.of(answer.language)
    if answer.said:
        for line in said(words, answer.said).split("\n"):
            yield _plain(_commands(line))
    for row in answer.rows:
        yield _row(row)
    for card in answer.cards:
        yield from _card(card, has_picture=answer.picture is not None)


def _card(card: Card, *, has_picture: bool) -> Iterator[Part]:
    title = f"{DOTS[card.tone]} {one_line(card.title, TITLE)}"
    yield _bold(title)
    for line in card.lines:
        yield from _line(card, line)
    foot = [one_line(text, FOOTER) for text in (card.legend if has_picture else "", card.footer) if text]
    yield from [EMPTY] if foot else []
    yield from ((text, f"<em>{html.escape(text)}</em>") for text in foot)
    if link := address(card.link):
        yield _linked(one_line(card.link_label or link, LABEL), link)


def _line(card: Card, line: Line) -> Iterator[Part]:
    label = (f"{line.label}{card.colon}", f"<strong>{html.escape(line.label)}</strong>{html.escape(card.colon)}")
    rows = [_text(row, line) for row in _rows(line)]
    if line.is_quote:
        yield label[0].rstrip(), label[1].rstrip()
        yield _quotation(rows)
        return
    if len(rows) > 1 and line.label:
        yield label[0].rstrip(), label[1].rstrip()
        yield from (("• " + text, "• " + shown) for text, shown in rows)
        return
    for text, shown in rows:
        yield (label[0] + text, label[1] + shown) if line.label else (text, shown)


def _quotation(rows: list[Part]) -> Part:
    shown = "<br>".join(shown for _, shown in rows)
    return "\n".join(f"> {text}" for text, _ in rows), f"<blockquote>{shown}</blockquote>"


def _rows(line: Line) -> list[tuple[str, tuple[Named, ...]]]:
    """The rows of a line with the names that each has."""
    names, rows = list(line.names), list[tuple[str, tuple[Named, ...]]]()
    for row in line.text.split("\n"):
        count = row.count(MENTION)
        rows.append((row, tuple(names[:count])))
        names = names[count:]
    return rows


def _text(row: tuple[str, tuple[Named, ...]], line: Line) -> Part:
    """A row with its names as links to the person or the room, which notify nobody: `m.mentions` is empty."""
    text, names = row
    if line.url:
        return _linked(text, line.url)
    if not line.is_quote:
        text = _commands(text)
    return named(text, names, lambda one: one.plain), named(html.escape(text), names, _mention)


def _mention(name: Named) -> str:
    target = name.id if isinstance(name, Person) else name.space.channel
    return f'<a href="https://matrix.to/#/{html.escape(target)}">{html.escape(name.plain)}</a>'


def _row(row: Row) -> Part:
    """A command or a code to be copied, a text that may be a link, and a note."""
    code = _commands(row.code)
    text, shown = _linked(row.text, row.url) if row.url else _plain(row.text)
    parts = [part for part in (code, text) if part], [part for part in (_code(code), shown) if part]
    note = f" – {row.note}" if row.note else ""
    return "• " + " ".join(parts[0]) + note, "• " + " ".join(parts[1]) + html.escape(note)


def _code(code: str) -> str:
    return f"<code>{html.escape(code)}</code>" if code else ""


def _commands(text: str) -> str:
    return COMMAND.sub("!", text)


def _plain(text: str) -> Part:
    return text, html.escape(text)


def _bold(text: str) -> Part:
    return text, f"<strong>{html.escape(text)}</strong>"


def _linked(text: str, url: str) -> Part:
    link = address(url)
    if not link:
        return _plain(text)
    return (link if text == link else f"{text}: {link}"), f'<a href="{html.escape(link)}">{html.escape(text)}</a>'


def _key_lines(answer: Answer, keys: Mapping[str, str]) -> Iterator[Part]:
    """The keys below an empty line; buttons with short labels stand beside one another."""
    rows = list[list[str]]()
    for button in _buttons(answer):
        text = f"{keys[button.data]} {one_line(button.label, LABEL)}"
        if button.beside and rows:
            rows[-1].append(text)
        else:
            rows.append([text])
    yield from [EMPTY] if rows else []
    yield from (_plain(BESIDE.join(row)) for row in rows)


def _fitting(lines: list[Part], foot: list[Part]) -> list[Part]:
    """As many lines as there is room for above the buttons."""
    left, shown = MOST - sum(len(text) + 1 for text, _ in foot), list[Part]()
    for text, marked in lines:
        if len(text) + 1 > left:
            rest = cut(text, max(left - 1, 0))
            return [*shown, *([_plain(rest)] if rest else [(MORE, MORE)]), *foot]
        left -= len(text) + 1
        shown.append((text, marked))
    return [*shown, *foot]
