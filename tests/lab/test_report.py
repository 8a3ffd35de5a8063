"""The page of a scorecard stands alone, says what was measured, and trusts no word that a stranger wrote."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from uuid import UUID

import pytest

from bot.services import Services
from core.types import Collection
from core.wording import LANGUAGES, Words
from handlers import references
from handlers.references import Entry
from lab import report, trial
from lab.scorecard import Scorecard, scorecard
from tests.lab.cards import answer, jpeg, match, small, source
from tests.lab.cards import trial as made_of
from tests.small import saved, scribble

VOID = {"meta", "img", "br", "path", "rect", "circle", "polyline"}
HOSTILE = "</style><script>alert(1)</script>\"' onload=x {{ 7*7 }}"


class Page(HTMLParser):
    """Reads a page, and fails where a tag is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture
def card() -> Scorecard:
    return scorecard(small())


def pictures(card: Scorecard) -> dict[UUID, str]:
    return {one: report.thumb(jpeg()) for one in report.shown(card)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_in_both_languages(card: Scorecard, language: str) -> None:
    """Every tag is closed, one heading a section, and the language is said."""
    page = Page(report.render(card, Words.of(language), pictures(card)))

    assert page.all("html")[0]["lang"] == ("zh-Hans" if language == "zh" else "en")
    assert len(page.all("h1")) == 1
    assert len(page.all("h2")) == len(page.all("section")) >= 7
    assert Words.of(language)("scorecard.trust") in page.text


def test_the_page_needs_nothing_else(card: Scorecard) -> None:
    """No script, no style sheet, no font, no address: what it shows is inside."""
    text = report.render(card, Words.of("en"), pictures(card))
    page = Page(text)

    assert {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "base", "a", "form"} == set()
    assert re.findall(r"https?:|//\w|@import|url\(", text) == []
    assert all(str(image["src"]).startswith("data:image/jpeg;base64,") for image in page.all("img"))
    assert all(image["alt"] for image in page.all("img"))


def test_the_page_shows_what_was_measured(card: Scorecard) -> None:
    """Each edit with its share and its interval, no false alarm told as 0 %, the references that fail."""
    page = Page(report.render(card, Words.of("en"), pictures(card)))

    assert "5 of 9 copies were called a match (55.5 %)" in page.text
    assert re.search(r"collage_4 33\.3 % 6–79 % 33\.3 % 3", page.text)
    assert "0 (< 34 %)" in page.text
    assert "flat" in page.text and "Not even the unedited picture is recognised" in page.text
    assert " 0 %" not in page.text.replace("100 %", "")[page.text.index("Copies found") : page.text.index("Thresholds")]
    assert len(page.all("img")) == 7


def test_every_drawing_lies_inside_its_frame(card: Scorecard) -> None:
    """No bar is longer than its rail, no dot lies outside of the axes."""
    page = Page(report.render(card, Words.of("en"), {}))

    assert len(page.all("svg")) >= 5
    assert all(0 <= float(str(one["width"])) <= 600 and float(str(one["height"])) >= 0 for one in page.all("rect"))
    assert all(-1 <= float(str(one["cx"])) <= 601 for one in page.all("circle"))


def test_light_and_dark_are_the_readers_choice(card: Scorecard) -> None:
    """The page follows the system, without a script."""
    text = report.render(card, Words.of("en"), {})

    assert "color-scheme: light dark" in text
    assert "light-dark(" in text


def test_a_strangers_words_stay_words() -> None:
    """Keys, titles and collections are shown as written, whatever they are."""
    evil = replace(source("ann"), reference=replace(source("ann").reference, key=HOSTILE, title=HOSTILE))
    near = replace(match("ann", 0.7), reference=evil.reference)
    copies = [answer(evil, "recompress", None, near), answer(source("bob"), "recompress", match("bob", 0.99))]
    unedited = [answer(evil, "unedited", None), answer(source("bob"), "unedited", match("bob", 0.99))]
    text = report.render(scorecard(made_of([evil, source("bob")], copies, (), unedited)), Words.of("en"), {})

    assert HOSTILE in Page(text).text
    assert "<script" not in text


async def test_pictures_come_from_the_catalogue(services: Services) -> None:
    """The page holds a small picture of each reference that it lists, and does without one that is gone."""
    await services.references.create_collection(Collection(name="library"))
    for key in ("ann", "bob"):
        await references.add(services, Entry(key=key, collection="library"), saved(scribble(len(key) + ord(key[0]))))
    sources = await trial.sample(services, (), 9, 0)
    copies = [answer(one, "recompress", None, match("gone", 0.6)) for one in sources]
    unedited = [answer(one, trial.UNEDITED, None) for one in sources]
    card = scorecard(made_of(sources, copies, (), unedited, ("recompress",)))
    page = Page(await report.page(services, card, Words.of("en")))

    assert len(page.all("img")) == 3  # both weak ones, and the picture that came near to "gone"
