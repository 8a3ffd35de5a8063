"""Cards on Discord: within its limits, the text as it was written, and buttons that a restart does not forget."""

import re
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.fronts.discord.cards import COLOURS, EVIDENCE, TOTAL, buttons_of, embed_of, escaped
from bot.fronts.discord.access import evidence
from core.messages import Button, Card, Line, Tone
from core.telling import units
from core.wording import LANGUAGES, Words
from handlers.chat.cards import answer_card, case_card
from tests.bot.cases import CASES, COMMUNITY, HOSTILE, KEPT_UNTIL, LINK, case, event, match, query, reference, verdict
from tests.bot.snapshots import cards

EN = Words.of("en")
CARD = case_card(EN, CASES["match-dry-run"], COMMUNITY, KEPT_UNTIL)


def sizes(embed: discord.Embed) -> list[tuple[int, int]]:
    """How long each part is, and what Discord allows."""
    parts = [(embed.title, 256), (embed.description, 4096), (embed.footer.text, 2048)]
    parts += [(field.name, 256) for field in embed.fields] + [(field.value, 1024) for field in embed.fields]
    return [(units(text or ""), most) for text, most in parts]


def fits(embed: discord.Embed) -> bool:
    found = sizes(embed)
    small = all(size <= most for size, most in found) and sum(size for size, _ in found) <= 6000 == TOTAL
    return small and len(embed.fields) <= 25 and all(field.name and field.value for field in embed.fields)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", cards())
def test_every_card_fits(name: str, language: str) -> None:
    """Nothing of a usual card is lost: all its facts are fields."""
    card = cards()[name](Words.of(language))
    embed = embed_of(card, has_picture=True)

    assert fits(embed)
    assert len(embed.fields) == sum(bool(line.label) for line in card.lines)
    assert "…" not in f"{embed.title}{embed.description}"


def test_the_picture_is_told_to_those_who_do_not_see_it() -> None:
    """What stands where in the evidence picture is its alternative text."""
    (file,) = evidence(b"a picture", CARD)

    assert file.description == CARD.legend
    assert evidence(None, CARD) == []


def test_a_card_becomes_an_embed() -> None:
    """Sentences on top, facts in fields, short ones side by side, the picture from the attachment."""
    embed = embed_of(CARD, has_picture=True)

    assert (embed.title, embed.description) == ("Case 12: match", "This is an edited copy of “Five koi”.")
    assert {field.name for field in embed.fields if not field.inline} == {"Mode here"}
    assert embed.image.url == f"attachment://{EVIDENCE}"
    assert embed.footer.text == f"{CARD.legend}\n{CARD.footer}"
    assert embed_of(CARD).footer.text == CARD.footer
    assert embed_of(CARD).image.url is None


def test_every_tone_has_its_own_colour() -> None:
    """A glance tells how a case stands."""
    assert len({COLOURS[tone] for tone in Tone}) == len(Tone)
    assert embed_of(CARD).colour == discord.Colour(COLOURS[Tone.MATCH])


@pytest.mark.parametrize(
    "written",
    [
        "**a** __b__ ~~c~~ ||d|| `e` ```f```",
        "# head",
        "- item",
        "> quote",
        "[text](https://evil.example)",
        "<@123456789012345678> <@&123456789012345678> <#123456789012345678> <:a:123456789012345678>",
        "<t:1:R> </ban:123456789012345678> <https://evil.example>",
        "https://evil.example/a_b",
        "\\* back\\slash \\",
    ],
)
def test_markup_is_shown_as_written(written: str) -> None:
    """Every character that could begin markup, a mention or a link has a backslash before it."""
    bare = re.sub(r"\\[\\*_~|`<>\[\]:#-]", "", escaped(written))

    assert not re.search(r"[*_~|`<>\[\]\\]|://|^[#>-]", bare)
    assert escaped(written).replace("\u200b", "").replace("\\", "") == written.replace("\\", "")


@pytest.mark.parametrize("everybody", ["@everyone", "@here", "<@123456789012345678>", "<@&123456789012345678>"])
def test_nobody_is_mentioned(everybody: str) -> None:
    """A mention has an invisible character in it, so that nobody's telephone rings."""
    assert everybody not in escaped(f"x {everybody} y")
    assert "@\u200b" in escaped(everybody)


def test_hostile_names_are_text() -> None:
    """Names and titles with markup in them fill fields, not the message."""
    evil = reference(HOSTILE * 100, owner=HOSTILE, rights=HOSTILE)
    one = case(verdict(match(evil)), event=event(author_name=HOSTILE))
    embed = embed_of(case_card(EN, one, COMMUNITY, None))
    text = str(embed.to_dict())

    assert fits(embed)
    assert "@everyone" not in text
    assert "https://evil" not in text
    assert "\u202e" not in text


def test_a_source_is_a_link() -> None:
    """An address is shown as such, another text is linked, and what is too long for a link is text."""
    long = f"https://example.org/{'x' * 600}"
    lines = [
        Line(label="a", text=LINK, url=LINK),
        Line(label="b", text="[it]", url=LINK),
        Line(label="c", text="c", url=long),
    ]
    embed = embed_of(Card(title="t", tone=Tone.CLEAN, lines=tuple(lines)))

    assert [field.value for field in embed.fields] == [f"<{LINK}>", f"[\\[it\\]](<{LINK}>)", "c"]


text = st.text(alphabet=st.sampled_from("a*_`<>[]@:/\\ \n😀图\ud800"), max_size=30).map(lambda part: part * 200)
lines = st.builds(Line, label=text.map(lambda one: f"a{one}"), text=text.map(lambda one: f"b{one}"))


@settings(max_examples=30)
@given(
    st.builds(Card, title=text, tone=st.just(Tone.CLEAN), lines=st.lists(lines, max_size=40).map(tuple), footer=text)
)
def test_no_card_is_too_large(card: Card) -> None:
    """Whatever a card holds, Discord takes it."""
    assert fits(embed_of(card))


def components(view: discord.ui.View) -> list[dict[str, Any]]:
    return [button for row in view.to_components() for button in row["components"]]


def test_buttons_survive_a_restart() -> None:
    """The view never times out, and each button says itself what it is about; the last leads to the post."""
    view = buttons_of(CARD, 12)
    *buttons, link = components(view)

    assert view.timeout is None
    assert view.is_persistent()
    assert [one["custom_id"] for one in buttons] == [
        "case:12:violation",
        "case:12:allowed",
        "case:12:not_a_match",
        "case:12:abuse",
        "case:12:why",
    ]
    assert [one["style"] for one in buttons] == [4, 3, 2, 2, 2]
    assert (link["url"], link["label"]) == (LINK, "Go to the post")


def test_a_card_without_buttons_has_none() -> None:
    """An answer has nothing to press, and an address that Discord would refuse is left out."""
    assert components(buttons_of(answer_card(EN, query(verdict())), 12)) == []
    for link in ("javascript:x", f"https://example.org/{'x' * 600}"):
        assert components(buttons_of(Card(title="t", tone=Tone.CLEAN, link=link), 12)) == []


def test_long_labels_are_cut() -> None:
    """A button's label has at most 80 characters."""
    card = Card(title="t", tone=Tone.CLEAN, buttons=(Button(label="😀" * 90, action="why"),))
    (button,) = components(buttons_of(card, 2**63))

    assert units(button["label"]) <= 80
    assert len(button["custom_id"]) <= 100
