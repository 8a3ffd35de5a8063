"""What the bot says, as Matrix shows it: escaped, within an event's size, with keys that never change their meaning."""

import json

from bot.fronts.matrix.render import BUTTONS, KEYS, content_of, with_picture
from core.chat import Said
from core.messages import MENTION, Answer, Button, Card, Line, Person, Row, Tone
from core.wording import Words


def card(*buttons: Button, lines: tuple[Line, ...] = ()) -> Answer:
    return Answer(cards=(Card(title="A card", tone=Tone.MATCH, buttons=buttons, lines=lines),), language="en")


def button(data: str) -> Button:
    return Button(label=f"Do {data}", data=data)


def test_buttons_are_a_list_of_keys() -> None:
    """And the content says what each means."""
    content = content_of(card(button("c:1:v"), button("c:1:a")))

    assert content["body"].endswith("1️⃣ Do c:1:v\n2️⃣ Do c:1:a")
    assert content[BUTTONS] == {"1️⃣": "c:1:v", "2️⃣": "c:1:a"}


def test_a_key_keeps_its_meaning() -> None:
    """What was a violation a moment ago is never an undo."""
    first = content_of(card(button("c:1:v"), button("c:1:w")))
    second = content_of(card(button("c:1:u"), button("c:1:w")), before=first)
    third = content_of(card(button("c:1:v"), button("c:1:w")), before=second)

    assert second[BUTTONS] == {"3️⃣": "c:1:u", "2️⃣": "c:1:w"}
    assert third[BUTTONS] == first[BUTTONS]


def test_a_card_may_be_renewed_any_number_of_times() -> None:
    """A burst's buttons mean something else with each post: all have keys, and none that was shown a moment ago."""
    before: dict[str, object] = {}
    for posts in range(100):
        now = content_of(card(*(button(f"c:1:{action}:{posts}") for action in "vanux")), before=before)
        shown = before.get(BUTTONS, {})

        assert len(now[BUTTONS]) == 5
        assert isinstance(shown, dict) and not now[BUTTONS].keys() & shown.keys()
        before = now


def test_more_buttons_than_keys_are_left_out() -> None:
    """Instead of two with the same key."""
    content = content_of(card(*(button(f"c:{number}:v") for number in range(99))))
    assert len(content[BUTTONS]) == len(KEYS) == len(set(KEYS))


def test_what_strangers_wrote_is_text() -> None:
    """No tag, and nobody is called."""
    content = content_of(card(lines=(Line(label="Text", text="<b>@room</b> & <script>"),)))

    assert "<script>" not in content["formatted_body"] and "&lt;script&gt;" in content["formatted_body"]
    assert content["m.mentions"] == {}


def test_names_are_links_that_notify_nobody() -> None:
    """A person's name opens them."""
    line = Line(label="Who", text=f"{MENTION} (new)", names=(Person(id="@ann:x.org", name="Ann <3"),))
    content = content_of(card(lines=(line,)))

    assert "Who: Ann <3 (new)" in content["body"]
    assert '<a href="https://matrix.to/#/@ann:x.org">Ann &lt;3</a> (new)' in content["formatted_body"]
    assert content["m.mentions"] == {}


def test_commands_are_written_as_here() -> None:
    """Apps keep the slash; a link keeps its own."""
    rows = (Row(code="/mode", note="of /watch"), Row(text="a", url="https://x.org/mode"))
    content = content_of(Answer(said=Said(key="help.community"), rows=rows, language="en"))

    assert "!mode" in content["body"] and "/mode –" not in content["body"]
    assert "https://x.org/mode" in content["body"]


def test_commands_in_cards_are_written_as_here() -> None:
    """Such as in settings and in reasons; what somebody wrote keeps its own."""
    lines = (Line(label="Cards", text="nowhere (/log)"), Line(label="Words", text="/log me in", is_quote=True))
    content = content_of(card(lines=lines))

    assert "nowhere (!log)" in content["body"] and "nowhere (!log)" in content["formatted_body"]
    assert "> /log me in" in content["body"]


def test_what_a_post_says_is_a_quotation() -> None:
    """With its own lines, and no list."""
    content = content_of(card(lines=(Line(label="Words", text="one <b>\ntwo", is_quote=True),)))

    assert content["body"].endswith("Words:\n> one <b>\n> two")
    assert content["formatted_body"].endswith("<strong>Words</strong>:\n<blockquote>one &lt;b&gt;<br>two</blockquote>")


def test_short_buttons_stand_beside_one_another() -> None:
    """A page of open cases is no longer than its cases."""
    numbers = [Button(label=f"#{one}", data=f"c:{one}:o", beside=True) for one in (7, 6)]
    content = content_of(Answer(buttons=(*numbers, button("older"))))

    assert content["body"] == "\n1️⃣ #7\u20032️⃣ #6\n3️⃣ Do older"


def test_it_fits_into_an_event() -> None:
    """In Chinese, with HTML, and encrypted, which makes it a third longer; the buttons are there all the same."""
    lines = tuple(Line(label="字" * 50, text="字&" * 2000) for _ in range(9))
    content = content_of(card(button("c:1:v"), lines=lines))

    assert len(json.dumps(content, ensure_ascii=False).encode()) * 4 / 3 < 65_000
    assert content["body"].endswith("Do c:1:v")


def test_a_picture_has_the_words_below() -> None:
    """As a caption, not as the name of the file."""
    content = with_picture(content_of(card()), {"url": "mxc://x.org/1"})
    assert (content["msgtype"], content["filename"]) == ("m.image", "evidence.jpg")
    assert "A card" in content["body"]


def test_both_languages_have_its_words() -> None:
    """Every sentence of this front."""
    for language in ("en", "zh"):
        for key in ("lacking", "sealed", "doctor.connected", "doctor.unverified", "doctor.nowhere", "doctor.left"):
            assert Words.of(language).has(f"matrix.{key}")
