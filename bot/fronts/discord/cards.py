"""A card as Discord shows it. Pure: nothing is sent here.

    sentences -> description      facts -> fields, short ones side by side      tone -> colour
    buttons   -> a View that discord.py need not remember: the data of a button says all

All text is escaped. What is too long for Discord is cut with "…", and facts that find no room are left out, last first.
Discord counts the letters of all embeds of a message together, so several cards share the room.
"""

import io
import re
from collections.abc import Iterable, Sequence

import discord
from discord.utils import escape_markdown, escape_mentions

from bot.fronts.discord.addresses import EVIDENCE
from core.messages import Button, Card, Line, Style, Tone
from core.telling import address, units

TITLE, DESCRIPTION, NAME, VALUE, FOOTER = 256, 4000, 256, 1024, 500
FIELDS, EMBEDS, TOTAL = 25, 10, 6000
"""`TOTAL`: letters of all embeds of a message."""

LABEL, ADDRESS = 80, 512
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
    sentences = "\n".join(line.text for line in card.lines if not line.label)
    embed = discord.Embed(title=_fitted(card.title, min(TITLE, room // 4)), colour=COLOURS[card.tone])
    if footer := "\n".join(text for text in (card.legend if has_picture else "", card.footer) if text):
        embed.set_footer(text=_cut(footer, min(FOOTER, room // 4)))
    embed.description = _fitted(sentences, min(DESCRIPTION, room - len_of(embed))) or None
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
            view.add_item(discord.ui.Button(label=_cut(card.link_label or link, LABEL), url=link))
    view.stop()
    return view


def escaped(text: str) -> str:
    """Text that Discord shows as it is written: no markup, no mention, no link."""
    parts = SPECIAL.split(text)
    parts[::2] = (escape_markdown(part, ignore_links=False) for part in parts[::2])
    parts[1::2] = (f"\\{part}" for part in parts[1::2])
    return escape_mentions("".join(parts))


def _button(button: Button) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(label=_cut(button.label, LABEL), style=STYLES[button.style], custom_id=button.data)


def _add_fields(embed: discord.Embed, facts: Sequence[Line], room: int) -> None:
    """Fields as long as there is room."""
    room -= len_of(embed)
    for fact in facts[:FIELDS]:
        name, value = _fitted(fact.label, NAME), _value(fact)
        room -= units(name) + units(value)
        if room < 0:
            return
        embed.add_field(name=name, value=value, inline=_is_short(fact))


def _is_short(fact: Line) -> bool:
    return max(len(fact.label), len(fact.text)) <= SHORT and "\n" not in fact.text


def _value(fact: Line) -> str:
    """The text, as a link if it has one that fits; a link that is its own text is not written twice."""
    link = f"<{fact.url}>"
    if not fact.url or units(link) > VALUE // 2:
        return _fitted(fact.text, VALUE)
    return link if fact.text == fact.url else f"[{_fitted(fact.text, VALUE // 2 - 4)}]({link})"


def _fitted(text: str, most: int) -> str:
    """The text escaped, and cut before escaping, so that no escape is torn apart."""
    shown = escaped(text)
    while (excess := units(shown) - most) > 0:
        text = _cut(text, units(text) - max(1, excess // 2))
        shown = escaped(text)
    return shown


def _cut(text: str, most: int) -> str:
    """At most so many UTF-16 units, no character halved."""
    if units(text) <= most:
        return text
    kept = text.encode("utf-16-le", "ignore")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return f"{kept.rstrip(' …')}…"
