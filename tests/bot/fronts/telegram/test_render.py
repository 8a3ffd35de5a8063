"""What is shown on Telegram: well-formed HTML within the limits, and the text as it was written."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.fronts.telegram.render import CAPTION, DOTS, TEXT, card_html, html_of, keyboard_of, text_of
from core.chat import Said
from core.messages import Answer, Button, Card, Line, Row, Tone
from core.telling import units
from core.wording import LANGUAGES, Words
from handlers.chat.cards import answer_card, case_card
from tests.bot.cases import (
    CASES,
    COMMUNITY,
    HOSTILE,
    KEPT_UNTIL,
    LINK,
    SPACE,
    case,
    event,
    match,
    query,
    reference,
    verdict,
)
from tests.bot.snapshots import cards

EN = Words.of("en")
CARD = case_card(EN, CASES["match-dry-run"], COMMUNITY, KEPT_UNTIL)


class Reader(HTMLParser):
    """Reads as Telegram does: every tag must be known, and closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.links = "", [""], list[str]()
        self.feed(text)
        self.close()
        assert self.open == [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "a", "code", "blockquote")
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def up_to_the_history(words: Words, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a card up to what was done and decided."""
    history = {words("case.did"), words("card.decision")}
    return lines[: max(number for number, line in enumerate(lines, 1) if line.label in history)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", cards())
def test_every_card_fits_under_a_picture(name: str, language: str) -> None:
    """Nothing of a usual card is lost in a caption; of a raid's the lists at the end may be."""
    words = Words.of(language)
    card = cards()[name](words)
    seen = Reader(card_html(card)).text
    is_raid = words("burst.label") in [line.label for line in card.lines]
    needed = up_to_the_history(words, card.lines) if is_raid else card.lines

    assert units(seen) <= CAPTION
    assert is_raid or not re.search(r"\n…(\n\n|$)", seen)
    assert all(row in seen.replace("\u2060", "") for line in needed for row in line.plain.split("\n"))


def test_a_card_becomes_html() -> None:
    """The tone as a dot, the title and the labels bold, the source a link, what is kept at the end."""
    shown = card_html(CARD).replace("\u2060", "").split("\n")

    assert shown[:3] == [
        "🔴 <b>Case 12: match</b>",
        "This is an edited copy of “Five koi”.",
        "<b>How sure</b>: almost certainly (97 %)",
    ]
    assert '<b>Source</b>: <a href="https://example.org/koi_five">example.org</a>' in shown
    legend = "Left: what was posted. Middle: the known image. Right: what differs, in orange."
    assert shown[-3:] == ["", f"<i>{legend}</i>", "<i>The evidence picture is kept until 2026-05-08 12:03 UTC.</i>"]


def test_an_author_is_mentioned_where_they_do_not_read() -> None:
    """Telegram notifies whoever is mentioned and in the chat: in the community's own group a name is a name."""
    elsewhere, here = card_html(CARD), card_html(CARD, chat=int(SPACE.community))

    assert '</b>: <a href="tg://user?id=4500">Bo</a> · 4500' in elsewhere.replace("\u2060", "")
    assert "</b>: Bo · 4500" in here.replace("\u2060", "")


def test_a_channel_is_no_person() -> None:
    """Whoever writes in the name of a chat has no profile to open."""
    card = case_card(EN, case(event=event(author="-1005")), COMMUNITY, None)

    assert "tg://" not in card_html(card)


def test_the_words_of_a_post_are_a_quotation() -> None:
    """As written, and told apart from what the bot says."""
    shown = card_html(case_card(EN, case(event=event(text="<b>Buy\n@now")), COMMUNITY, None))

    assert "<b>With the words</b>:\n<blockquote>&lt;b&gt;Buy\n@\u2060now</blockquote>" in shown


def test_only_a_picture_has_a_legend() -> None:
    """Words alone don't explain a picture that is not there."""
    answer = Answer(cards=(CARD,))

    assert CARD.legend in html_of(answer, CAPTION).replace("\u2060", "")
    assert CARD.legend not in html_of(answer, TEXT).replace("\u2060", "")


def test_several_rows_are_a_list() -> None:
    """What was done stands row by row under its label."""
    assert "<b>What was done</b>:\n• Remove: done (2 pictures)\n• Remove: not permitted" in card_html(
        case_card(EN, CASES["album"], COMMUNITY, None)
    )


def test_every_tone_has_its_own_dot() -> None:
    """A glance tells how a case stands."""
    assert len({DOTS[tone] for tone in Tone}) == len(Tone)


def test_hostile_names_are_text() -> None:
    """Tags are shown as written, and nothing becomes a mention, a command or a link by itself."""
    evil = reference(HOSTILE * 100, owner=HOSTILE, rights=HOSTILE, source_url='https://e.org/"><b>')
    one = case(verdict(match(evil)), event=event(author_name=HOSTILE))
    shown = Reader(card_html(case_card(EN, one, COMMUNITY, KEPT_UNTIL)))

    assert "<b>&amp; @\u2060everyone" in shown.text
    assert shown.links == ["tg://user?id=4500", "https://e.org/%22%3E%3Cb%3E"]
    assert not re.search(r"@\w|/start|://evil|evil\.example|\u202e", shown.text)


def test_lines_are_left_out_from_the_end() -> None:
    """Whole lines go, the last first; a sign says so, and the footer stays."""
    lines = tuple(Line(label=f"Fact {number}", text="<&>" * 60) for number in range(20))
    shown = card_html(Card(title="Title", tone=Tone.CLEAN, lines=lines, footer="Kept."))

    assert units(Reader(shown).text) <= CAPTION < units(shown)
    assert [line[:14] for line in shown.split("\n")[1:6]] == [f"<b>Fact {number}</b>:" for number in range(5)]
    assert shown.endswith("\n…\n\n<i>Kept.</i>")
    assert shown.count("&lt;&amp;&gt;" * 60) == 5
    assert card_html(Card(title="Title", tone=Tone.CLEAN, lines=lines), TEXT).count("Fact") == 20


text = st.text(alphabet=st.sampled_from("ab&<>\"'@./ \n😀图\u202e"), max_size=30).map(lambda part: part * 300)
lines = st.builds(Line, label=st.text(max_size=20), text=text, url=st.sampled_from(["", LINK]))


@settings(max_examples=50)
@given(
    st.builds(Card, title=text, tone=st.just(Tone.CLEAN), lines=st.lists(lines, max_size=12).map(tuple), footer=text),
    st.sampled_from([CAPTION, TEXT]),
)
def test_no_card_is_too_long(card: Card, most: int) -> None:
    """Whatever a card holds, Telegram takes it: whole tags, within the limit."""
    assert units(Reader(card_html(card, most)).text) <= most


def keys_of(answer: Answer) -> list[list[str]]:
    """What stands in the buttons, row by row."""
    keyboard = keyboard_of(answer)
    return [[str(one.callback_data or one.url) for one in row] for row in keyboard.inline_keyboard] if keyboard else []


def test_the_keyboard_holds_buttons_and_the_way_to_the_post() -> None:
    """Two in a row, the dangerous one coloured so, the link below."""
    answer = Answer(cards=(CARD,))
    keyboard = keyboard_of(answer)

    assert keys_of(answer) == [["c:12:v", "c:12:a"], ["c:12:n", "c:12:x"], ["c:12:w"], [LINK]]
    assert keyboard
    assert [keyboard.inline_keyboard[0][0].style, keyboard.inline_keyboard[1][0].style] == ["danger", None]


def test_the_buttons_of_an_answer_stand_below_each_other() -> None:
    """What is too long to be a button's data is none."""
    buttons = (Button(label="a", data="s:here"), Button(label="b", data="s:other"), Button(label="c", data=""))

    assert keys_of(Answer(said=Said(key="setup.where"), buttons=buttons)) == [["s:here"], ["s:other"]]


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "tg://user?id=1", "https://", f"https://e.org/{'x' * 2000}"]
)
def test_only_a_web_address_becomes_a_button(link: str) -> None:
    """Telegram refuses a whole message for one button with a bad address."""
    assert keyboard_of(Answer(cards=(Card(title="t", tone=Tone.CLEAN, link=link),))) is None


def test_an_answer_to_a_question_has_no_buttons() -> None:
    """Whoever asks has nothing to decide."""
    assert keyboard_of(Answer(cards=(answer_card(EN, query(verdict())),))) is None


def test_rows_are_commands_codes_and_links() -> None:
    """A command can be tapped, a key copied, a title leads to its source; what strangers wrote is none of it."""
    rows = (
        Row(code="/mode", note="What may be done"),
        Row(code="/start", text="a <title>"),
        Row(text="Red /start", url=LINK, note="@studio"),
    )
    shown = html_of(Answer(said=Said(key="said.removed", values={"key": "k"}), rows=rows)).replace("\u2060", "~")

    assert shown.split("\n")[1:] == [
        "/mode – What may be done",
        "• <code>/start</code> a &lt;title&gt;",
        f'• <a href="{LINK}">Red /~start</a> · @~studio',
    ]


def test_names_in_a_sentence_are_no_mentions() -> None:
    """Whatever somebody calls themselves; a command in the sentence can still be tapped."""
    exempt = html_of(Answer(said=Said(key="said.exempt", values={"name": "@all /start"})))
    log = html_of(Answer(said=Said(key="setup.elsewhere", values={"chat": "-1005"}), language="en"), heading="A @b")

    assert "@all" not in exempt
    assert " /start" not in exempt
    assert "/log -1005" in log
    assert log.startswith("<b>A @\u2060b</b>\n")


said_things = st.builds(Said, key=st.just("said.find"), values=st.builds(dict, text=text))
rows = st.lists(st.builds(Row, text=text, code=st.text(max_size=20), note=text), max_size=4).map(tuple)
some_cards = st.lists(
    st.builds(Card, title=text, tone=st.just(Tone.CLEAN), lines=st.lists(lines, max_size=3).map(tuple), footer=text),
    max_size=3,
).map(tuple)


@settings(max_examples=50)
@given(said_things, rows, some_cards, st.sampled_from([CAPTION, TEXT]))
def test_no_answer_is_too_long(said: Said, rows: tuple[Row, ...], cards: tuple[Card, ...], most: int) -> None:
    """Sentence, rows and cards together: Telegram takes the message, whatever they hold."""
    assert 1 <= units(Reader(html_of(Answer(said=said, rows=rows, cards=cards), most)).text) <= most


def test_each_card_has_its_share() -> None:
    """Three long cards in one message all begin; a short one leaves its room to the others."""
    long = tuple(Line(label=f"Fact {number}", text="x" * 180) for number in range(20))
    first, *others = (Card(title=f"Title {number}", tone=Tone.CLEAN, lines=long if number else ()) for number in "0 1")
    shown = Reader(html_of(Answer(cards=(first, *others)))).text

    assert 3500 < units(shown) <= TEXT


@settings(max_examples=50)
@given(text, st.integers(1, 200))
def test_a_notice_is_cut(text: str, most: int) -> None:
    """To as many UTF-16 units as Telegram takes, and no letter is broken."""
    shown = text_of(Answer(said=Said(key="said.find", values={"text": text})), most)

    assert units(shown) <= most
    shown.encode()
