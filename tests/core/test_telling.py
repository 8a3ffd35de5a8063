"""What pages and fronts say alike: confidence in words, titles, reasons, and strangers' text without its tricks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import Case
from core.errors import (
    Busy,
    DataError,
    EnvironmentTrouble,
    Fault,
    NotFound,
    NotOfItsPicture,
    Refused,
    ResightError,
    RetryLater,
    StoreDown,
    Unreachable,
    Unscannable,
    UsageError,
)
from core.matches import Difference, Match, Verdict
from core.policy import COPIES
from core.telling import (
    address,
    differing,
    extent,
    found,
    moment,
    of_content,
    one_line,
    percent,
    playtime,
    quoted,
    reason_words,
    safe_link,
    sureness,
    title_of,
    trouble,
)
from core.types import Act, Content, How, ImageEvent, Kind, Mode, Outcome, Platform, Reference, Space, What
from core.wording import LANGUAGES, Words

EN, ZH = Words.of("en"), Words.of("zh")


@pytest.mark.parametrize(
    "confidence, said",
    [(1.0, "almost certainly (100 %)"), (0.999, "almost certainly (99 %)"), (0.7, "probably (70 %)"), (0.5, "perhaps")],
)
def test_confidence_is_said_in_words(confidence: float, said: str) -> None:
    """The word comes first, and only certainty is called 100 %."""
    assert sureness(EN, confidence).startswith(said)


def test_a_percentage_is_what_was_set() -> None:
    """Whole percentages stay what they are, although 0.29 * 100 is a little less than 29."""
    assert [percent(share / 100) for share in range(101)] == list(range(101))


@pytest.mark.parametrize(
    "area, said",
    [
        (1.0, "the whole image (100 %)"),
        (1.2, "the whole image (100 %)"),
        (0.61, "most of the image (61 %)"),
        (0.3, "a part of the image (30 %)"),
        (0.04, "a small part of the image (4 %)"),
        (0.0, ""),
    ],
)
def test_an_area_is_said_in_words(area: float, said: str) -> None:
    """How much of an image a known one covers, and nothing where that is not known."""
    assert extent(EN, area) == said


def test_titles_are_quoted_as_in_the_language() -> None:
    """English and Chinese have their own quotation marks."""
    assert (quoted(EN, "Koi"), quoted(ZH, "Koi")) == ("“Koi”", "《Koi》")


def test_a_reference_without_a_title_is_called_by_its_key() -> None:
    """There is always something to call it."""
    assert title_of(Reference(key="logo-7", collection="library")) == "logo-7"
    assert title_of(Reference(key="logo-7", collection="library", title="Logo")) == "Logo"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_sentence(kind: Kind, language: str) -> None:
    """A match is a sentence about the title it is given."""
    words = Words.of(language)
    match = Match(reference=Reference(key="k", collection="library"), kind=kind, confidence=0.9, cosine=0.9)

    assert quoted(words, "Five koi") in found(words, match, "Five koi")


def test_a_doubtful_copy_only_may_be_one() -> None:
    """Kinds that claim a copy are told with "may", the others claim nothing anyway."""
    koi = Reference(key="koi", collection="library")
    said = {
        kind: found(EN, Match(reference=koi, kind=kind, confidence=0.6, cosine=0.9), "Koi", is_sure=False)
        for kind in Kind
    }

    assert said[Kind.EDITED] == "This may be an edited copy of “Koi”."
    assert {kind for kind, sentence in said.items() if " may " in sentence} == COPIES
    assert said[Kind.SIMILAR] == "This looks like “Koi”, but it is not a copy."


@pytest.mark.parametrize(
    "reason, said",
    [
        ("copy", "A copy of a known image."),
        ("partial-memory", "Only a part of it was looked at."),
        ("never-heard-of", "It could not be looked at."),
        ("", ""),
    ],
)
def test_a_reason_is_a_sentence(reason: str, said: str) -> None:
    """Every stable word, also one that we do not know, is said in words."""
    assert reason_words(EN, Verdict(outcome=Outcome.REVIEW, reason=reason)) == said


def test_a_time_is_told_in_utc() -> None:
    """Whatever the zone of the clock, everybody reads the same time."""
    noon = datetime(2026, 5, 1, 12, 3, tzinfo=UTC)

    assert moment(noon) == moment(noon.astimezone(timezone(timedelta(hours=8)))) == "2026-05-01 12:03 UTC"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//example.org", " https://x", "file:///x"])
def test_only_web_addresses_become_links(url: str) -> None:
    """Every other address is left out."""
    assert safe_link(url) == address(url) == ""


@pytest.mark.parametrize(
    "url, safe",
    [
        ("https://example.org/a?b=c&d#e", "https://example.org/a?b=c&d#e"),
        ("https://example.org/图?q=1", "https://example.org/图?q=1"),
        ("https://example.org/a b>c\nd", "https://example.org/a%20b%3Ec%0Ad"),
        ("https://example.org/\u202egnp", "https://example.org/gnp"),
        ("https://", ""),
        ("http://[", ""),
    ],
)
def test_an_address_does_not_end_early(url: str, safe: str) -> None:
    """What would end a link is written in percent, and what names no host is none."""
    assert address(url) == safe


@given(st.text(alphabet=st.characters(), max_size=80))
def test_an_address_is_one_word_or_nothing(rest: str) -> None:
    """Nothing that a stranger appends makes two of it, or a broken one."""
    safe = address(f"https://example.org/{rest}")

    assert len(safe.split()) == 1
    assert urlsplit(safe).hostname == "example.org"
    assert safe.encode()


@pytest.mark.parametrize(
    "text, line",
    [
        ("  two\r\n\tlines\u2028 and more ", "two lines and more"),
        ("evil\u202egnp.exe\u2066\u200f", "evilgnp.exe"),
        ("\u200b\ufeff\x00\x1b[31m", "[31m"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("العربية 图片", "العربية 图片"),
    ],
)
def test_strangers_text_is_one_plain_line(text: str, line: str) -> None:
    """Line ends, control and direction characters are gone; letters of all scripts and joined emoji stay."""
    assert one_line(text) == line


@given(st.text(), st.integers(min_value=2, max_value=30))
def test_a_line_is_never_too_long(text: str, most: int) -> None:
    """However long the text, the line has at most so many characters, and says where it was cut."""
    line = one_line(text, most)

    assert len(line) <= most
    assert "\n" not in line
    assert line.encode().decode() == line
    assert one_line(line, most) == line


def test_a_cut_line_says_so() -> None:
    """Whoever reads a shortened title knows that it goes on."""
    assert one_line("x" * 10_000, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("error", "en", "zh"),
    [
        (Unscannable("corrupt", "Truncated at byte 7."), "The file is damaged.", "文件已损坏。"),
        (NotFound("There is no collection 'x'."), "There is no collection 'x'.", "这里什么都没有。"),
        (Busy("Full."), "Full.", "目前等待处理的内容太多，请稍后再试。"),
        (StoreDown("Down."), "Down.", "图片库没有响应。什么都没有丢失，请稍后再试。"),
        (RetryLater("unreachable"), "The platform does not answer.", "平台没有响应。"),
        (EnvironmentTrouble("The disk is full."), "The disk is full.", "程序设置有误，日志中有详细说明。"),
    ],
)
def test_errors_are_told_in_the_language_of_the_person(error: ResightError, en: str, zh: str) -> None:
    """English has the exact sentence; Chinese the kind of it, never an English one."""
    assert trouble(Words.of("en"), error) == en
    assert trouble(Words.of("zh"), error) == zh


def test_every_kind_of_error_has_a_sentence() -> None:
    """A new kind of error is not told in English to somebody who reads Chinese; some are never told in a chat."""
    elsewhere = (UsageError, DataError, Refused, NotOfItsPicture)
    kinds = [kind for kind in subclasses(ResightError) if kind not in elsewhere]
    words = Words.of("zh")

    assert [kind for kind in kinds if trouble(words, made(kind)) == "only English"] == []


def subclasses(kind: type[ResightError]) -> list[type[ResightError]]:
    return [found for one in kind.__subclasses__() for found in (one, *subclasses(one))]


def made(kind: type[ResightError]) -> ResightError:
    """An error of this kind, whatever else it asks for."""
    first = {Unscannable: ("gone",), Unreachable: (Fault.FAILED,)}.get(kind, ())
    return kind(*first, "only English")


def exchanged(what: What, before: str = "", after: str = "", how: How = How.EXCHANGED) -> Difference:
    return Difference(what=what, how=how, area=0.1, box=(0, 0, 1, 1), before=before, after=after)


def other(*differs: Difference, kind: Kind = Kind.TEMPLATE, content: Content = Content.OTHER, width: int = 4) -> Match:
    known = Reference(key="k", collection="library", width=width)
    return Match(reference=known, kind=kind, confidence=0.9, cosine=0.9, content=content, differs=differs)


@pytest.mark.parametrize(
    "differs, said",
    [
        ([exchanged(What.WORDS, "DAD", "MOM")], "The words differ: “DAD” became “MOM”."),
        ([exchanged(What.WORDS, "DAD", "")], "The words differ."),
        ([exchanged(What.PICTURE)], "The picture in the frame is another one."),
        ([exchanged(What.COLOUR)], "The colour is another one."),
        ([exchanged(What.CODE, "a.example", "b.example")], "The code leads elsewhere: “a.example” became “b.example”."),
        ([exchanged(What.LAYOUT)], "The layout is another one."),
        ([exchanged(What.WORDS, "", "SALE", How.ADDED), exchanged(What.PICTURE, how=How.COVERED)], ""),
        ([], ""),
    ],
)
def test_what_was_exchanged_is_a_sentence(differs: list[Difference], said: str) -> None:
    """What is shown in place of something else is told, what was put on it or taken off is not."""
    assert differing(EN, other(*differs), is_sure=False) == said


def test_the_words_come_first_and_few_are_quoted() -> None:
    """Two at most are quoted, before and after, of all that was read; the rest is told without a quotation."""
    names = [exchanged(What.WORDS, one, one.upper()) for one in ("a", "b", "c")]
    code = exchanged(What.CODE, "x", "y")

    assert differing(EN, other(exchanged(What.COLOUR), code, *names), is_sure=True) == (
        "The words differ: “a” became “A”, “b” became “B”. The code leads elsewhere. The colour is another one."
    )
    assert differing(ZH, other(names[0], code), is_sure=True) == (
        "文字不同：“a”变成了“A”。二维码或条码指向别处：“x”变成了“y”。"
    )


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_strangers_wrote_is_one_short_line(before: str, after: str) -> None:
    """Words read in an image are strangers' text: no line ends, no tricks, no more than forty characters of each."""
    said = differing(EN, other(exchanged(What.WORDS, before, after)), is_sure=True)

    assert said == one_line(said, 1000)
    assert len(said) <= len("The words differ: “” became “”.") + 80
    assert (one_line(after, 40) in said) or not (one_line(before) and one_line(after))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_told_is_said_of_sure_copies(language: str) -> None:
    """That it is unsettled, and to moderators what follows; of the same content, of doubts and look-alikes nothing."""
    words = Words.of(language)
    unsettled = other(kind=Kind.EDITED, content=Content.UNSETTLED)
    told = differing(words, unsettled, is_sure=True)
    to_staff = differing(words, unsettled, is_sure=True, for_staff=True)
    listed = differing(words, other(kind=Kind.EDITED, content=Content.UNSETTLED, width=0), is_sure=True)
    silent = [
        differing(words, unsettled, is_sure=False),
        differing(words, other(kind=Kind.EDITED, content=Content.SAME), is_sure=True),
        differing(words, other(kind=Kind.EXACT, content=Content.UNSETTLED), is_sure=True),
        differing(words, other(kind=Kind.SIMILAR, content=Content.UNSETTLED), is_sure=True),
    ]

    assert len({told, to_staff, listed, ""}) == 4
    assert silent == [""] * 4


def test_what_was_acted_on_is_not_called_left_alone() -> None:
    """A case of before content was read, whose post was removed, does not say that nothing is done."""
    event = ImageEvent(
        space=Space(platform=Platform.WEB, community="c", channel="c"), message="1", image="0", author=""
    )
    plain = Case(
        id=1,
        event=event,
        sha256="",
        verdict=Verdict(outcome=Outcome.MATCH, matches=(other(kind=Kind.EDITED, content=Content.UNSETTLED),)),
        mode=Mode.ENFORCE,
        would_have=(Act.FLAG,),
        opened_at=datetime(2026, 5, 1, tzinfo=UTC),
    )

    assert of_content(EN, plain) == (
        "What differs is too small or too blurred to tell, so nothing is done without a moderator.",
    )
    assert of_content(EN, replace(plain, would_have=(Act.REMOVE,))) == ()
    assert of_content(EN, replace(plain, verdict=Verdict(outcome=Outcome.CLEAN))) == ()


@pytest.mark.parametrize(
    ("second", "en", "zh"),
    [
        (None, "", ""),
        (0.0, "at 0:00", "0:00 处"),
        (31.96, "at 0:31", "0:31 处"),
        (754.5, "at 12:34", "12:34 处"),
        (3723, "at 1:02:03", "1:02:03 处"),
    ],
)
def test_a_place_in_a_video_is_told_as_players_tell_it(second: float | None, en: str, zh: str) -> None:
    """Of what is no video nothing is told."""
    assert playtime(EN, second) == en
    assert playtime(ZH, second) == zh
