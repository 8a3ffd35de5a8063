"""An `Answer` as a message of Discord. Pure: nothing is sent here.

    sentence, rows -> content, or an embed where they are too long for it       cards -> embeds       buttons -> a View

All text is escaped; a command in a row can be clicked, once Discord has given it a number.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.fronts.discord.cards import DESCRIPTION, TOTAL, buttons_of, embeds_of, escaped, evidence, len_of
from bot.fronts.discord.definitions import menu_of
from core.chat import Said
from core.messages import Answer, Row
from core.telling import address, said, units, with_texts
from core.wording import Words

LONGEST = 2000
"""Characters of a message."""

NO_NUMBERS: Mapping[str, str] = {}


def message_of(answer: Answer, numbers: Mapping[str, str] = NO_NUMBERS) -> dict[str, Any]:
    """What `send` is given; `numbers` are those of the commands that Discord knows."""
    words = Words.of(answer.language)
    content = plain(words, answer.said) if answer.said else ""
    rows = [_row(words, row, numbers) for row in answer.rows]
    whole = "\n".join(filter(None, [content, *rows]))
    message: dict[str, Any] = {"content": whole}
    below: list[discord.Embed] = []
    if units(whole) > LONGEST:
        message["content"] = shortened(content, LONGEST)
        below = [discord.Embed(description=shortened("\n".join(rows), DESCRIPTION))] if rows else []
    has_picture = bool(answer.picture and answer.cards)
    room = TOTAL - sum(map(len_of, below))
    message["embeds"] = [*embeds_of(answer.cards, has_picture=has_picture, room=room), *below]
    if has_picture:
        message["files"] = evidence(answer.picture, answer.cards[0])
    if answer.buttons or any(card.buttons or card.link for card in answer.cards):
        message["view"] = buttons_of(*answer.cards, buttons=answer.buttons)
    return message


def change_of(answer: Answer, *, has_picture: bool) -> dict[str, Any]:
    """What `edit` is given, for a message that shows this from now on; its files stay as they are."""
    message = message_of(answer)
    embeds = embeds_of(answer.cards, has_picture=has_picture) if has_picture else message["embeds"]
    return {"content": message["content"] or None, "embeds": embeds, "view": message.get("view")}


def plain(words: Words, sentence: Said) -> str:
    """The sentence, with nothing in it that Discord would take for markup."""
    return said(words, with_texts(sentence, _value))


def _value(name: str, text: str) -> str:
    if name == "link" and address(text):
        return f"<{address(text)}>"
    return _code(text) if name == "usage" else escaped(text)


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`"


def _row(words: Words, row: Row, numbers: Mapping[str, str]) -> str:
    """A line of a list."""
    link, text = address(row.url), escaped(row.text)
    shown = f"[{text}](<{link}>)" if link and text else text
    head = " ".join(filter(None, [_copied(words, row.code, numbers), shown]))
    between = " · " if shown else " – " if head else ""
    return f"• {head}{between}{escaped(row.note)}" if row.note else f"• {head}".rstrip()


def _copied(words: Words, code: str, numbers: Mapping[str, str]) -> str:
    """What is to be copied; a command is clicked instead, or found in the menu of a message."""
    name = code.removeprefix("/")
    if not code or name == code:
        return code and _code(code)
    number = numbers.get(name.partition(" ")[0])
    if menu := menu_of(name, words):
        return f"**{escaped(menu)}**"
    return f"</{name}:{number}>" if number else _code(code)


def shortened(content: str, most: int) -> str:
    """As many whole lines as there is room for."""
    lines: Sequence[str] = content.split("\n")
    if units(content) <= most:
        return content
    whole: list[str] = []
    room = most - 2
    for line in lines:
        room -= units(line) + 1
        if room < 0:
            break
        whole.append(line)
    return "\n".join([*whole, "…"])
