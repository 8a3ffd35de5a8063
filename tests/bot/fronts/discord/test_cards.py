"""Cards on Discord: within its limits, the text as it was written, and buttons that a restart does not forget."""

import re
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.fronts.discord.addresses import EVIDENCE
from bot.fronts.discord.render import (
    COLOURS,
    TOTAL,
    buttons_of,
    change_of,
    embed_of,
    embeds_of,
    escaped,
    evidence,
    len_of,
    message_of,
)
from core.chat import Said
from core.messages import Answer, Button, Card, Line, Row, Tone
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


def test_people_and_channels_are_mentioned() -> None:
    """What opens them, with the name for apps that have not met them; a name that is none stays text."""
    fields = {field.name: field.value for field in embed_of(case_card(EN, case(), COMMUNITY, None)).fields}
    thread = embed_of(case_card(EN, case(event=event(thread="4201")), COMMUNITY, None))
    webhook = embed_of(case_card(EN, case(event=event(author="x", author_name="<@1>")), COMMUNITY, None))

    assert fields["Posted by"] == "<@4500> · Bo · 4500"
    assert fields["Where"] == "<#4200>, Discord, Picture club"
    assert "<#4201>" in str(thread.to_dict())
    assert "<@1>" not in str(webhook.to_dict())


def test_the_words_of_a_post_are_a_quotation() -> None:
    """Row by row, and nothing in it works."""
    embed = embed_of(case_card(EN, case(event=event(text="||a||\n> <@123456789012345678>")), COMMUNITY, None))
    (value,) = [field.value for field in embed.fields if field.name == "With the words"]

    assert value == "> \\|\\|a\\|\\|\n> \\> \\<@\u200b123456789012345678\\>"


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
    view = buttons_of(CARD)
    *buttons, link = components(view)

    assert view.timeout is None
    assert view.is_persistent()
    assert [one["custom_id"] for one in buttons] == [
        "c:12:v",
        "c:12:a",
        "c:12:n",
        "c:12:x",
        "c:12:w",
    ]
    assert [one["style"] for one in buttons] == [4, 3, 2, 2, 2]
    assert (link["url"], link["label"]) == (LINK, "Go to the post")


def test_a_card_without_buttons_has_none() -> None:
    """An answer has nothing to press, and an address that Discord would refuse is left out."""
    assert components(buttons_of(answer_card(EN, query(verdict())))) == []
    for link in ("javascript:x", f"https://example.org/{'x' * 600}"):
        assert components(buttons_of(Card(title="t", tone=Tone.CLEAN, link=link))) == []


def test_long_labels_are_cut() -> None:
    """A button's label has at most 80 characters."""
    card = Card(title="t", tone=Tone.CLEAN, buttons=(Button(label="😀" * 90, data="c:1:w"),))
    (button,) = components(buttons_of(card))

    assert units(button["label"]) <= 80
    assert button["custom_id"] == "c:1:w"


@settings(max_examples=30)
@given(
    st.lists(
        st.builds(Card, title=text, tone=st.just(Tone.CLEAN), lines=st.lists(lines, max_size=40).map(tuple)),
        min_size=1,
        max_size=14,
    )
)
def test_no_message_is_too_large(some: list[Card]) -> None:
    """Discord counts all embeds of a message together: each card has a share, and what is left over is used."""
    embeds = embeds_of(some)

    assert len(embeds) == min(len(some), 10)
    assert sum(map(len_of, embeds)) <= TOTAL
    assert all(fits(embed) for embed in embeds)


def test_three_long_cards_are_one_message_that_discord_takes() -> None:
    """Each still has its title and its first facts."""
    facts = tuple(Line(label=f"fact {number}", text="x" * 200) for number in range(10))
    long = Card(title="Why?", tone=Tone.MATCH, lines=(Line(text="y" * 200), *facts))
    sent = message_of(Answer(cards=(long,) * 3))

    assert sum(map(len_of, sent["embeds"])) <= TOTAL
    assert all(len(embed.fields) >= 6 for embed in sent["embeds"])


def test_an_answer_becomes_a_message() -> None:
    """A sentence, its list, a card with the picture, and all buttons; text is escaped, what is to be copied is code."""
    rows = (
        Row(code="ke`y", text="*one*", note="by me"),
        Row(text="[two]", url="https://example.org/a b"),
        Row(code="/search", note="Look"),
        Row(code="/other", note="Look"),
    )
    said = Said(key="said.exempt", values={"name": "*Ann*"})
    answer = Answer(said=said, rows=rows, cards=(CARD,), picture=b"jpeg", buttons=(Button(label="Go", data="s:here"),))
    sent = message_of(answer, {"search": "5"})

    assert sent["content"].split("\n") == [
        EN("said.exempt", name=r"\*Ann\*"),
        r"• `key` \*one\* · by me",
        r"• [\[two\]](<https://example.org/a%20b>)",
        "• </search:5> – Look",
        "• `/other` – Look",
    ]
    assert [file.filename for file in sent["files"]] == [EVIDENCE]
    assert components(sent["view"])[0]["custom_id"] == "s:here"


def test_a_list_that_is_too_long_for_a_text_is_shown_below_it() -> None:
    """An embed has twice the room; whole lines are left out where that is not enough either."""
    few, many = (Answer(said=Said(key="help.private"), rows=(Row(text="x" * 90),) * count) for count in (30, 300))
    shown, cut = message_of(few), message_of(many)

    assert shown["content"] == EN("help.private")
    assert (shown["embeds"][0].description or "").count("• ") == 30
    assert (cut["embeds"][0].description or "").endswith("x\n…")
    assert fits(cut["embeds"][0])


def test_a_message_that_changes_keeps_its_picture() -> None:
    """Its files stay, and the embed shows them as before; what has no text any more has none."""
    change = change_of(Answer(cards=(CARD,)), has_picture=True)

    assert change["embeds"][0].image.url == f"attachment://{EVIDENCE}"
    assert change["content"] is None
    assert change_of(Answer(said=Said(key="help.private")), has_picture=False)["view"] is None
