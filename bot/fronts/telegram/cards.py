"""A card as Telegram shows it: HTML within a caption's or a text's limit, and an inline keyboard. Pure.

    c:12:v    callback data: case 12, violation; always within 64 bytes

A Telegram message has no colour, so a coloured dot before the title says the tone. All text is escaped, and
whatever Telegram would make a mention, a command or a link by itself is kept from it by an invisible character.
"""

import html
import re

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from core.messages import Button, Card, Line, Style, Tone
from core.telling import address, one_line, units

CAPTION, TEXT = 1024, 4096
"""UTF-16 units that Telegram allows in the caption of a picture and in a message of text."""

TITLE, FOOTER, LABEL, ADDRESS = 200, 200, 64, 1000
A_ROW = 2

DOTS = {
    Tone.MATCH: "🔴",
    Tone.REVIEW: "🟡",
    Tone.CLEAN: "⚪",
    Tone.DECIDED: "🔵",
    Tone.REVERSED: "🟢",
    Tone.FAILED: "🟠",
}
LETTERS = {
    "violation": "v",
    "allowed": "a",
    "not_a_match": "n",
    "unsure": "s",
    "undo": "u",
    "why": "w",
    "release": "r",
    "abuse": "x",
}
ACTIONS = {letter: action for action, letter in LETTERS.items()}
STYLES: dict[Style, str | None] = {
    "danger": KeyboardButtonStyle.DANGER,
    "success": KeyboardButtonStyle.SUCCESS,
    "plain": None,
}
PRESSED = re.compile(r"c:(\d{1,18}):([a-z])", re.ASCII)

BECOMES_A_LINK = re.compile(r"[@/#$.](?=\w)")
JOINER = "\u2060"
"""Takes no room and breaks no line; a word with it is no user name, no command and no address."""

TAG = re.compile(r"<[^>]*>")


def html_of(card: Card, most: int = CAPTION) -> str:
    """The card as HTML of at most so many characters as people see it: lines are left out from the end, with "…".

    The legend is shown in captions only, because only they stand under a picture.
    """
    head = f"{DOTS[card.tone]} <b>{escaped(one_line(card.title, TITLE))}</b>"
    legend = card.legend if most <= CAPTION else ""
    foot = "\n".join(f"<i>{escaped(one_line(text, FOOTER))}</i>" for text in (legend, card.footer) if text)
    lines = [_line(card, line) for line in card.lines]
    shown = _joined(head, lines, foot)
    while lines and seen(shown) > most:
        lines.pop()
        shown = _joined(head, [*lines, "…"], foot)
    return shown


def keyboard_of(card: Card, case_number: int) -> InlineKeyboardMarkup:
    """The card's buttons, two in a row, and the link to the post below; without either it is empty."""
    keys = [_key(button, case_number) for button in card.buttons]
    rows = [keys[start : start + A_ROW] for start in range(0, len(keys), A_ROW)]
    link = address(card.link)
    if link and len(link) <= ADDRESS:
        rows.append([InlineKeyboardButton(one_line(card.link_label or link, LABEL), url=link)])
    return InlineKeyboardMarkup(rows)


def pressed(data: str) -> tuple[int, str] | None:
    """Case number and action of a pressed button, None for data that is not ours."""
    found = PRESSED.fullmatch(data)
    return (int(found[1]), ACTIONS[found[2]]) if found and found[2] in ACTIONS else None


def escaped(text: str) -> str:
    """Text that Telegram shows as it is written: no tag, no mention, no command, no link."""
    return html.escape(BECOMES_A_LINK.sub(rf"\g<0>{JOINER}", text))


def seen(shown: str) -> int:
    """How long HTML is as people see it, which is what Telegram counts."""
    return units(html.unescape(TAG.sub("", shown)))


def _joined(head: str, lines: list[str], foot: str) -> str:
    parts = ("\n".join((head, *lines)), foot)
    return "\n\n".join(part for part in parts if part)


def _line(card: Card, line: Line) -> str:
    text = _text(line)
    if not line.label:
        return text
    label = f"<b>{escaped(line.label)}</b>{escaped(card.colon)}"
    return f"{label.rstrip()}\n{text}" if "\n" in text else f"{label}{text}"


def _text(line: Line) -> str:
    """The text, as a link if it has one; several rows are a list."""
    if line.url:
        return f'<a href="{html.escape(line.url)}">{html.escape(line.text)}</a>'
    rows = line.text.split("\n")
    return "\n".join(f"• {escaped(row)}" for row in rows) if len(rows) > 1 else escaped(line.text)


def _key(button: Button, case_number: int) -> InlineKeyboardButton:
    data = f"c:{case_number}:{LETTERS[button.action]}"
    return InlineKeyboardButton(one_line(button.label, LABEL), callback_data=data, style=STYLES[button.style])
