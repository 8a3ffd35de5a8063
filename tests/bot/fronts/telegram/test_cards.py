"""Cards on Telegram: well-formed HTML within the limits, the text as it was written, and short callback data."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.fronts.telegram.cards import CAPTION, DOTS, LETTERS, TEXT, html_of, keyboard_of, pressed
from core.messages import Button, Card, Line, Tone
from core.telling import units
from core.wording import LANGUAGES, Words
from handlers.chat.cards import answer_card, case_card
from tests.bot.cases import CASES, COMMUNITY, HOSTILE, KEPT_UNTIL, LINK, case, event, match, query, reference, verdict
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
        assert tag in ("b", "i", "a")
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", cards())
def test_every_card_fits_under_a_picture(name: str, language: str) -> None:
    """Nothing of a usual card is lost in a caption."""
    card = cards()[name](Words.of(language))
    seen = Reader(html_of(card)).text

    assert units(seen) <= CAPTION
    assert "\n…" not in seen
    assert all(row in seen.replace("\u2060", "") for line in card.lines for row in line.text.split("\n"))


def test_a_card_becomes_html() -> None:
    """The tone as a dot, the title and the labels bold, the source a link, what is kept at the end."""
    shown = html_of(CARD).replace("\u2060", "").split("\n")

    assert shown[:3] == [
        "🔴 <b>Case 12: match</b>",
        "This is an edited copy of “Five koi”.",
        "<b>How sure</b>: almost certainly (97 %)",
    ]
    assert '<b>Source</b>: <a href="https://example.org/koi_five">https://example.org/koi_five</a>' in shown
    legend = "Left: what was posted. Middle: the known image. Right: what differs, in orange."
    assert shown[-3:] == ["", f"<i>{legend}</i>", "<i>The evidence picture is kept until 2026-05-08 12:03 UTC.</i>"]


def test_only_a_picture_has_a_legend() -> None:
    """Words alone don't explain a picture that is not there."""
    assert CARD.legend in html_of(CARD, CAPTION).replace("\u2060", "")
    assert CARD.legend not in html_of(CARD, TEXT).replace("\u2060", "")


def test_several_rows_are_a_list() -> None:
    """What was done stands row by row under its label."""
    assert "<b>What was done</b>:\n• Remove: done (2 pictures)\n• Remove: not permitted" in html_of(
        case_card(EN, CASES["album"], COMMUNITY, None)
    )


def test_every_tone_has_its_own_dot() -> None:
    """A glance tells how a case stands."""
    assert len({DOTS[tone] for tone in Tone}) == len(Tone)


def test_hostile_names_are_text() -> None:
    """Tags are shown as written, and nothing becomes a mention, a command or a link by itself."""
    evil = reference(HOSTILE * 100, owner=HOSTILE, rights=HOSTILE, source_url='https://e.org/"><b>')
    one = case(verdict(match(evil)), event=event(author_name=HOSTILE))
    shown = Reader(html_of(case_card(EN, one, COMMUNITY, KEPT_UNTIL)))

    assert "<b>&amp; @\u2060everyone" in shown.text
    assert shown.links == ["https://e.org/%22%3E%3Cb%3E"]
    assert not re.search(r"@\w|/start|://evil|evil\.example|\u202e", shown.text)


def test_lines_are_left_out_from_the_end() -> None:
    """Whole lines go, the last first; a sign says so, and the footer stays."""
    lines = tuple(Line(label=f"Fact {number}", text="<&>" * 60) for number in range(20))
    shown = html_of(Card(title="Title", tone=Tone.CLEAN, lines=lines, footer="Kept."))

    assert units(Reader(shown).text) <= CAPTION < units(shown)
    assert [line[:14] for line in shown.split("\n")[1:6]] == [f"<b>Fact {number}</b>:" for number in range(5)]
    assert shown.endswith("\n…\n\n<i>Kept.</i>")
    assert shown.count("&lt;&amp;&gt;" * 60) == 5
    assert html_of(Card(title="Title", tone=Tone.CLEAN, lines=lines), TEXT).count("Fact") == 20


text = st.text(alphabet=st.sampled_from("ab&<>\"'@./ \n😀图\u202e"), max_size=30).map(lambda part: part * 300)
lines = st.builds(Line, label=st.text(max_size=20), text=text, url=st.sampled_from(["", LINK]))


@settings(max_examples=50)
@given(
    st.builds(Card, title=text, tone=st.just(Tone.CLEAN), lines=st.lists(lines, max_size=12).map(tuple), footer=text),
    st.sampled_from([CAPTION, TEXT]),
)
def test_no_card_is_too_long(card: Card, most: int) -> None:
    """Whatever a card holds, Telegram takes it: whole tags, within the limit."""
    assert units(Reader(html_of(card, most)).text) <= most


def test_the_keyboard_holds_buttons_and_the_way_to_the_post() -> None:
    """Two in a row, the dangerous one coloured so, the link below."""
    rows = keyboard_of(CARD, 12).inline_keyboard

    assert [[one.callback_data or one.url for one in row] for row in rows] == [
        ["c:12:v", "c:12:a"],
        ["c:12:n", "c:12:x"],
        ["c:12:w"],
        [LINK],
    ]
    assert [rows[0][0].style, rows[0][1].style, rows[1][0].style] == ["danger", "success", None]


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "tg://user?id=1", "https://", f"https://e.org/{'x' * 2000}"]
)
def test_only_a_web_address_becomes_a_button(link: str) -> None:
    """Telegram refuses a whole message for one button with a bad address."""
    assert keyboard_of(Card(title="t", tone=Tone.CLEAN, link=link), 12).inline_keyboard == ()


def test_an_answer_has_no_buttons() -> None:
    """Whoever asks has nothing to decide."""
    assert keyboard_of(answer_card(EN, query(verdict())), 12).inline_keyboard == ()


@given(
    st.integers(min_value=1, max_value=2**63 - 1).filter(lambda number: number < 10**18),
    st.sampled_from(sorted(LETTERS)),
)
def test_what_is_pressed_is_what_was_shown(number: int, action: str) -> None:
    """Callback data has at most 64 bytes, and says case and action again."""
    card = Card(title="t", tone=Tone.CLEAN, buttons=(Button(label="x", action=action),))
    data = keyboard_of(card, number).inline_keyboard[0][0].callback_data

    assert isinstance(data, str)
    assert 1 <= len(data.encode()) <= 64
    assert pressed(data) == (number, action)


@given(st.text() | st.from_regex(r"c:[0-9a-z:]*"))
def test_foreign_data_is_nothing(data: str) -> None:
    """Whatever somebody sends as callback data is an action of ours or nothing."""
    found = pressed(data)

    assert found is None or data == f"c:{data.split(':')[1]}:{LETTERS[found[1]]}"
