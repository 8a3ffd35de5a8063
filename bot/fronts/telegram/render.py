"""What the bot says, as Telegram shows it: HTML within a caption's or a text's limit, and an inline keyboard. Pure.

    Answer --html_of--> sentence, rows and cards, within one limit for all of them        --keyboard_of--> buttons

A Telegram message has no colour, so a coloured dot before a card's title says the tone. All text is escaped, and
whatever Telegram would make a mention, a command or a link by itself is kept from it by an invisible character; only
the bot's own sentences keep their commands, to be tapped.
"""

import html
import re
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from core.messages import MENTION, Answer, Button, Card, Line, Named, Person, Row, Style, Tone, named
from core.telling import address, cut, one_line, said, units, with_texts
from core.wording import Words
from handlers.chat.commands import BY_NAME

CAPTION, TEXT = 1024, 4096
"""UTF-16 units that Telegram allows in the caption of a picture and in a message of text."""

TITLE, FOOTER, LABEL, ADDRESS = 200, 200, 64, 1000
A_ROW, BESIDE = 2, 5
MORE = "…"
MARKS = ("✓", "✗")
GAP = "\n\n"
"""Between the parts of a message."""

DOTS = {
    Tone.MATCH: "🔴",
    Tone.REVIEW: "🟡",
    Tone.CLEAN: "⚪",
    Tone.DECIDED: "🔵",
    Tone.REVERSED: "🟢",
    Tone.FAILED: "🟠",
}
STYLES: dict[Style, str | None] = {
    "danger": KeyboardButtonStyle.DANGER,
    "success": KeyboardButtonStyle.SUCCESS,
    "plain": None,
}

NAMED_BY_STRANGERS = ("name", "why", "title")
BECOMES_A_LINK = re.compile(r"[@/#$.](?=\w)")
USER_NAME = re.compile(r"@(?=\w)")
JOINER = "\u2060"
"""Takes no room and breaks no line; a word with it is no user name, no command and no address."""

TAG = re.compile(r"<[^>]*>")


def html_of(answer: Answer, most: int = TEXT, heading: str = "", chat: int = 0) -> str:
    """The answer as HTML of at most so many characters as people see it; what finds no room is left out with "…".

    Each card has at least an equal share of what the sentence and its rows leave. `chat` is where it is shown.
    """
    parts = [part] if (part := _words_of(answer, most, heading)) else []
    left = most - sum(seen(part) for part in parts)
    for number, card in enumerate(answer.cards):
        share = left // (len(answer.cards) - number) - len(GAP)
        shown = card_html(card, share, has_legend=most <= CAPTION, chat=chat)
        if seen(shown) <= share:
            parts.append(shown)
            left -= seen(shown) + len(GAP)
    return GAP.join(parts)


def keyboard_of(answer: Answer) -> InlineKeyboardMarkup | None:
    """Its own buttons, one in a row unless they stand beside others, and those of its cards; None if there are none."""
    own: list[list[InlineKeyboardButton]] = []
    for button in answer.buttons:
        if button.data and button.beside and own and len(own[-1]) < BESIDE:
            own[-1].append(_key(button))
        elif button.data:
            own.append([_key(button)])
    rows = [*own, *(row for card in answer.cards for row in _rows_of(card))]
    return InlineKeyboardMarkup(rows) if rows else None


def text_of(answer: Answer, most: int) -> str:
    """The sentence alone, as the plain text of a notice."""
    text = said(Words.of(answer.language), answer.said) if answer.said else ""
    return cut(text, most)


def card_html(card: Card, most: int = CAPTION, *, has_legend: bool = True, chat: int = 0) -> str:
    """The card as HTML of at most so many characters as people see it: lines are left out from the end, with "…".

    The legend is for captions only, because only they stand under a picture. A mention notifies whoever is in the chat:
    in the community's own one its members are named without.
    """
    is_quiet = card.community != str(chat)
    head = f"{DOTS[card.tone]} <b>{escaped(one_line(card.title, TITLE))}</b>"
    legend = card.legend if has_legend else ""
    foot = "\n".join(f"<i>{escaped(one_line(text, FOOTER))}</i>" for text in (legend, card.footer) if text)
    return _within(most, [head], [_line(card, line, mentions=is_quiet) for line in card.lines], foot)


def escaped(text: str) -> str:
    """Text that Telegram shows as it is written: no tag, no mention, no command, no link."""
    return html.escape(_tame(text))


def unmentioned(text: str) -> str:
    """Text in which everything is as it was written but the mentions: they call nobody."""
    return html.escape(USER_NAME.sub(rf"\g<0>{JOINER}", text))


def seen(shown: str) -> int:
    """How long HTML is as people see it, which is what Telegram counts."""
    return units(html.unescape(TAG.sub("", shown)))


def _words_of(answer: Answer, most: int, heading: str) -> str:
    """The heading, the sentence and its rows; rows are left out from the end."""
    head = [f"<b>{escaped(one_line(heading, TITLE))}</b>"] if heading else []
    sentence = _sentence(answer, most - sum(seen(one) + 1 for one in head))
    head += [sentence] if sentence else []
    return _within(most, head, [_row(row) for row in answer.rows])


def _sentence(answer: Answer, most: int) -> str:
    """As HTML; names in it become no mention. Commands in it stay what they are, to be tapped or copied."""
    if answer.said is None:
        return ""
    tamed = with_texts(answer.said, lambda name, text: _tame(text) if name in NAMED_BY_STRANGERS else text)
    return html.escape(cut(said(Words.of(answer.language), tamed), most))


def _tame(text: str) -> str:
    return BECOMES_A_LINK.sub(rf"\g<0>{JOINER}", text)


def _row(row: Row) -> str:
    """A command to be tapped with what it does, or a code to be copied, a text that may be a link, and a note."""
    if row.code.removeprefix("/") in BY_NAME:
        return f"{html.escape(row.code)} – {escaped(row.note)}"
    link = address(row.url)
    text = f'<a href="{html.escape(link)}">{escaped(row.text)}</a>' if link else escaped(row.text)
    code = f"<code>{html.escape(row.code)}</code>" if row.code else ""
    first = " ".join(part for part in (code, text) if part)
    return "• " + " · ".join(part for part in (first, escaped(row.note)) if part)


def _within(most: int, head: Sequence[str], lines: Sequence[str], foot: str = "") -> str:
    """As many of the lines as there is room for, between head and foot."""
    shown = _joined([*head, *lines], foot)
    for many in reversed(range(len(lines))):
        if seen(shown) <= most:
            break
        shown = _joined([*head, *lines[:many], MORE], foot)
    return shown if seen(shown) <= most else _joined(head, foot)


def _joined(lines: Sequence[str], foot: str) -> str:
    return GAP.join(filter(None, ("\n".join(lines), foot)))


def _line(card: Card, line: Line, *, mentions: bool) -> str:
    text = _text(line, mentions=mentions)
    if not line.label:
        return text
    label = f"<b>{escaped(line.label)}</b>{escaped(card.colon)}"
    return f"{label.rstrip()}\n{text}" if "\n" in text or line.is_quote else f"{label}{text}"


def _text(line: Line, *, mentions: bool) -> str:
    """The text, as a link if it has one; several rows are a list, with a dot each that has no mark of its own."""
    if line.url:
        return f'<a href="{html.escape(line.url)}">{html.escape(line.text)}</a>'
    if line.is_quote:
        return f"<blockquote>{escaped(line.plain)}</blockquote>"
    rows = MENTION.join(map(escaped, line.text.split(MENTION))).split("\n")
    if len(rows) > 1:
        rows = [row if row.startswith(MARKS) else f"• {row}" for row in rows]
    return named("\n".join(rows), line.names, _mention if mentions else _name)


def _mention(name: Named) -> str:
    """A person's name as what opens their profile; channels and topics have no such thing."""
    if isinstance(name, Person) and name.id.isdecimal():
        return f'<a href="tg://user?id={name.id}">{_name(name)}</a>'
    return _name(name)


def _name(name: Named) -> str:
    return escaped(name.plain)


def _rows_of(card: Card) -> list[list[InlineKeyboardButton]]:
    """The card's buttons, two in a row, and the link to the post below."""
    keys = [_key(button) for button in card.buttons if button.data]
    rows = [keys[start : start + A_ROW] for start in range(0, len(keys), A_ROW)]
    link = address(card.link)
    if link and len(link) <= ADDRESS:
        rows.append([InlineKeyboardButton(one_line(card.link_label or link, LABEL), url=link)])
    return rows


def _key(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(one_line(button.label, LABEL), callback_data=button.data, style=STYLES[button.style])
