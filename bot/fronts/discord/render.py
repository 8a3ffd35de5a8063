"""What the bot says, as Discord shows it. Pure: nothing is sent here.

    Answer: sentence, rows -> content, or an embed where they are too long for it       cards -> embeds
    Card:   sentences -> description      facts -> fields, short ones side by side      tone -> colour
    buttons -> a View that discord.py need not remember: the data of a button says all

All text is escaped; a command in a row can be clicked, once Discord has given it a number. What is too long for Discord
is cut with "…", and facts that find no room are left out, last first, with "…" in their place. Discord counts the
letters of all embeds of a message together, so several cards share the room.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import discord
from discord.utils import escape_markdown, escape_mentions

from bot.fronts.discord.addresses import EVIDENCE
from core.chat import Said
from core.messages import MENTION, Answer, Button, Card, Line, Named, Person, Place, Row, Style, Tone, named
from core.telling import address, cut, said, units, with_texts
from core.wording import Words
from handlers.chat.commands import BY_NAME, MENUS

TITLE, DESCRIPTION, NAME, VALUE, FOOTER = 256, 4000, 256, 1024, 500
FIELDS, EMBEDS, TOTAL, LONGEST = 25, 10, 6000, 2000
"""`TOTAL`: letters of all embeds of a message; `LONGEST`: of its own text."""

MORE = "…"
"""Stands where facts were left out."""

NO_NUMBERS: Mapping[str, str] = {}

LABEL, ADDRESS = 80, 512
QUOTED = 24
"""Room for the marks of a quotation; it has few lines."""

SHORT = 40
"""Facts up to this length stand side by side."""

COLOURS = {
    Tone.MATCH: 0xD83A42,
    Tone.REVIEW: 0xE3B341,
    Tone.CLEAN: 0x8B949E,
    Tone.DECIDED: 0x4C8DFF,
    Tone.REVERSED: 0x3BA55D,
    Tone.FAILED: 0xE8792B,
}
STYLES: dict[Style, discord.ButtonStyle] = {
    "danger": discord.ButtonStyle.danger,
    "success": discord.ButtonStyle.success,
    "plain": discord.ButtonStyle.secondary,
}
SPECIAL = re.compile(r"([<>\[\]]|:(?=//))")
"""What begins a mention, a time, a link and the like, and `escape_markdown` leaves alone."""


def embeds_of(cards: Sequence[Card], *, has_picture: bool = False, room: int = TOTAL) -> list[discord.Embed]:
    """The cards of one message: each has its share of the room, and what the ones before it have left."""
    embeds: list[discord.Embed] = []
    for number, card in enumerate(cards[:EMBEDS]):
        share = room // (min(len(cards), EMBEDS) - number)
        embeds.append(embed_of(card, has_picture=has_picture and not embeds, room=share))
        room -= len_of(embeds[-1])
    return embeds


def embed_of(card: Card, *, has_picture: bool = False, room: int = TOTAL) -> discord.Embed:
    """The card; `has_picture`: the message carries the evidence picture as an attachment named `EVIDENCE`."""
    told = [line for line in card.lines if not line.label]
    sentences, names = "\n".join(line.text for line in told), [name for line in told for name in line.names]
    embed = discord.Embed(title=_fitted(card.title, min(TITLE, room // 4)), colour=COLOURS[card.tone])
    if footer := "\n".join(text for text in (card.legend if has_picture else "", card.footer) if text):
        embed.set_footer(text=cut(footer, min(FOOTER, room // 4)))
    left = room - len_of(embed) - 2 * units(MORE)
    embed.description = _fitted(sentences, min(DESCRIPTION, left), names) or None
    if has_picture:
        embed.set_image(url=f"attachment://{EVIDENCE}")
    _add_fields(embed, [line for line in card.lines if line.label], room)
    return embed


def len_of(embed: discord.Embed) -> int:
    """The letters of an embed, as Discord counts them."""
    fields = (text for field in embed.fields for text in (field.name, field.value))
    return sum(units(text or "") for text in (embed.title, embed.description, embed.footer.text, *fields))


def evidence(picture: bytes | None, card: Card) -> list[discord.File]:
    """The evidence picture as a file, if there is one; its legend is for those who can't see it, too."""
    return [discord.File(io.BytesIO(picture), EVIDENCE, description=card.legend or None)] if picture else []


def buttons_of(*cards: Card, buttons: Iterable[Button] = ()) -> discord.ui.View:
    """The buttons of a message, and the links to the posts; without any the view is empty."""
    view = discord.ui.View(timeout=None)
    for button in [*buttons, *(button for card in cards for button in card.buttons)]:
        view.add_item(_button(button))
    for card in cards:
        link = address(card.link)
        if link and units(link) <= ADDRESS:
            view.add_item(discord.ui.Button(label=cut(card.link_label or link, LABEL), url=link))
    view.stop()
    return view


def escaped(text: str) -> str:
    """Text that Discord shows as it is written: no markup, no mention, no link."""
    parts = SPECIAL.split(text)
    parts[::2] = (escape_markdown(part, ignore_links=False) for part in parts[::2])
    parts[1::2] = (f"\\{part}" for part in parts[1::2])
    return escape_mentions("".join(parts))


def _button(button: Button) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(label=cut(button.label, LABEL), style=STYLES[button.style], custom_id=button.data)


def _add_fields(embed: discord.Embed, facts: Sequence[Line], room: int) -> None:
    """Fields as long as there is room; the last one says that there are more."""
    room -= len_of(embed) + 2 * units(MORE)
    for number, fact in enumerate(facts, 1):
        name, value = _fitted(fact.label, NAME), value_of(fact)
        room -= units(name) + units(value)
        if room < 0 or number == FIELDS < len(facts):
            embed.add_field(name=MORE, value=MORE, inline=False)
            return
        embed.add_field(name=name, value=value, inline=_is_short(fact))


def _is_short(fact: Line) -> bool:
    return max(len(fact.label), len(fact.plain)) <= SHORT and "\n" not in fact.text and not fact.is_quote


def value_of(fact: Line) -> str:
    """The text, as a link if it has one that fits; a link that is its own text is not written twice."""
    link = f"<{fact.url}>"
    if fact.is_quote:
        return "\n".join(f"> {row}" for row in _fitted(fact.text, VALUE - QUOTED).split("\n"))
    if not fact.url or units(link) > VALUE // 2:
        return _fitted(fact.text, VALUE, fact.names)
    return link if fact.text == fact.url else f"[{_fitted(fact.text, VALUE // 2 - 4)}]({link})"


def _fitted(text: str, most: int, names: Sequence[Named] = ()) -> str:
    """The text escaped, and cut before escaping, so that no escape is torn apart."""
    shown = _mentioning(text, names)
    while (excess := units(shown) - most) > 0:
        text = cut(text, units(text) - max(1, excess // 2))
        shown = _mentioning(text, names)
    return shown


def _mentioning(text: str, names: Sequence[Named]) -> str:
    """The text escaped, with mentions: in an embed they open what they name, and notify nobody."""
    return named(MENTION.join(map(escaped, text.split(MENTION))), names, _mention)


def _mention(name: Named) -> str:
    """A person with their name besides: an app that has not met them shows a number alone."""
    match name:
        case Place():
            number = name.thread or name.space.channel
            return f"<#{number}>" if number.isdecimal() else escaped(name.plain)
        case Person():
            shown = escaped(name.plain)
            return " · ".join([f"<@{name.id}>", *([shown] if name.name else [])]) if name.id.isdecimal() else shown


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
    return said(words, with_texts(sentence, _filled_in))


def _filled_in(name: str, text: str) -> str:
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


def menu_of(name: str, words: Words) -> str:
    """Where the menu of a message has a command that is no slash command, "" for any other."""
    key = next((key for key, command in MENUS.items() if command == name and BY_NAME[name].is_of_messages), "")
    return words("discord.menu", name=words(f"command.{key}")) if key else ""


def shortened(content: str, most: int) -> str:
    """As many whole lines as there is room for."""
    if units(content) <= most:
        return content
    lines = content.split("\n")
    used = accumulate(units(line) + 1 for line in lines)
    whole = [line for line, length in zip(lines, used, strict=True) if length <= most - 2]
    return "\n".join([*whole, "…"])
