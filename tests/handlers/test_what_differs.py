"""What differs, where little can be told: references that are all frame, plain codes, noise, a reading that fails.

The real model, pair check and reading; whatever goes wrong, nothing crashes and nothing becomes clean.
"""

import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image, ImageDraw

from bot.services import Services
from core.errors import Conflict, EnvironmentTrouble, Unscannable
from core.kept_words import Word
from core.matches import Finding
from core.model_ports import WordReader
from core.policy import COPIES, is_settled
from core.reading_words import Line
from core.types import Collection, Content, How, Outcome, Pixels, Purpose
from core.wording import Words
from embed.models.ocr import OcrReader, missing
from embed.models.sscd import SscdEmbedder
from embed.pairs import reading
from embed.runner import Runner
from handlers import add_check, references
from handlers.add_check import reason_of
from handlers.references import Added, Entry
from handlers.search import search
from lab.families.kit import typeface
from store.sql.db import Database
from tests.small import assemble, photograph, saved

pytestmark = pytest.mark.asyncio(loop_scope="module")
ALICE, BOB = "https://example.org/pay/alice", "https://example.org/pay/mallory-1"
FIELDS = ("Name", "Date of birth", "Address", "City", "Account", "Signature")
ANSWERS = ("Ada Quill", "27 August 1985", "4 Mill Lane", "Bruges", "4471 2208")
KNOWN_WORDS, OTHER_WORDS = "Pay 250\nto Ada", "Ask 781\nof Bo"


def form(*answers: str) -> Image.Image:
    """A form, empty or filled in."""
    image = Image.new("RGB", (640, 800), "white")
    pen = ImageDraw.Draw(image)
    pen.text((320, 60), "APPLICATION FORM", "black", typeface("bold", 34), "mm")
    for number, label in enumerate(FIELDS):
        y = 150 + 100 * number
        pen.text((50, y), label, "black", typeface("sans", 20), "lm")
        pen.rectangle((220, y - 28, 590, y + 28), outline="black", width=2)
        pen.text((235, y), "".join(answers[number : number + 1]), "#203080", typeface("serif", 24), "lm")
    return image


def mug(word: str = "") -> Image.Image:
    """A mock-up, blank or printed on."""
    image = Image.new("RGB", (700, 560), "#d8d4cc")
    pen = ImageDraw.Draw(image)
    pen.ellipse((450, 190, 610, 400), outline="white", width=34)
    pen.rounded_rectangle((180, 120, 520, 470), 30, "white")
    pen.ellipse((190, 95, 510, 145), "#eeeeee", "#bbbbbb", 3)
    pen.text((350, 300), word, "#a02020", typeface("bold", 70), "mm")
    return image


def code(text: str) -> Image.Image:
    """A QR code and nothing else."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    modules = Image.fromarray(np.asarray(made.to_image(scale=8))).convert("RGB")
    image = Image.new("RGB", (modules.width + 60, modules.height + 60), "white")
    image.paste(modules, (30, 30))
    return image


def noisy(seed: int) -> Image.Image:
    """One photograph, with a grain of its own."""
    pixels = np.asarray(photograph("coffee"), np.int16)
    grain = np.random.default_rng(seed).normal(0, 9, pixels.shape)
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def card(words: str) -> Image.Image:
    """A photograph with two large lines of words across it."""
    image = photograph("chelsea").resize((640, 420))
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 100, 580, 320), "white")
    pen.text((320, 210), words, "black", typeface("bold", 64), "mm", align="center")
    return image


REFERENCES = {"form": form(), "mug": mug(), "code": code(ALICE), "noise": noisy(1), "card": card(KNOWN_WORDS)}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def known(tmp_path_factory: pytest.TempPathFactory, sscd: SscdEmbedder) -> AsyncIterator[Services]:
    """Each reference in a collection of its own; nobody reads words."""
    path = tmp_path_factory.mktemp("differs") / "resight.db"
    async with Database.open(path) as db, Runner(sscd, threads=1) as runner:
        services = await assemble(db, runner)
        for name, image in REFERENCES.items():
            await services.references.create_collection(Collection(name=name))
            await references.add(services, Entry(key=name, collection=name), saved(image))
        yield services


async def asked(services: Services, collection: str, image: Image.Image) -> Finding:
    return await search(services, saved(image, "JPEG", quality=85), collections=[collection])


@pytest.mark.parametrize("name", ["form", "mug"])
async def test_a_reference_that_is_all_frame_knows_its_copies(known: Services, name: str) -> None:
    """An empty form and a blank mock-up are references like any other."""
    image = REFERENCES[name]
    finding = await asked(known, name, image.resize((image.width * 3 // 4, image.height * 3 // 4)))

    assert finding.verdict.outcome is Outcome.MATCH
    assert finding.verdict.best
    assert not [one for one in finding.verdict.best.differs if one.how is How.EXCHANGED]


@pytest.mark.parametrize(("name", "image"), [("form", form(*ANSWERS)), ("form", form("Bo")), ("mug", mug("MOM"))])
async def test_what_fills_a_frame_was_not_exchanged(known: Services, name: str, image: Image.Image) -> None:
    """A form that was filled in and a mug that was printed on are never clean, and nothing in them is "another"."""
    finding = await asked(known, name, image)

    assert finding.verdict.outcome in (Outcome.MATCH, Outcome.REVIEW)
    assert finding.verdict.best
    assert finding.verdict.best.differs
    assert not [one for one in finding.verdict.best.differs if one.how is How.EXCHANGED]


@pytest.mark.parametrize(("name", "image"), [("form", form(*ANSWERS)), ("mug", mug("MOM"))])
async def test_nobody_is_acted_against_for_filling_a_frame(known: Services, name: str, image: Image.Image) -> None:
    """Where much stands on what is plain in the reference, the reference may be all frame: a person must look."""
    finding = await asked(known, name, image)

    assert finding.verdict.best
    assert finding.verdict.best.content is not Content.SAME


@pytest.mark.parametrize(
    ("name", "image", "collection", "is_told"),
    [
        ("empty form", form(), "form", True),
        ("blank mug", mug(), "mug", True),
        ("plain code", code(ALICE), "code", True),
        ("code of a brand", code(ALICE), "brand", False),
        ("filled form", form(*ANSWERS), "form", False),
        ("photograph", photograph("coffee"), "noise", False),
    ],
)
async def test_who_adds_a_frame_hears_so(
    known: Services, name: str, image: Image.Image, collection: str, is_told: bool
) -> None:
    """It is added, and one sentence says what to add instead; of what is no frame, or a brand's, nothing is said."""
    with suppress(Conflict):
        await known.references.create_collection(Collection(name="brand", purpose=Purpose.BRAND))
    report = await add_check.add(known, Entry(key=name, collection=collection), saved(image))
    await references.remove(known, collection, [name])

    assert report.result is Added.ADDED
    assert ("frame" in [reason_of(note) for note in report.notes]) == is_told


async def test_what_has_nothing_to_go_by_is_refused(known: Services) -> None:
    """A blank page is no reference, and the sentence says why."""
    page = Image.new("RGB", (640, 800), "white")
    ImageDraw.Draw(page).line((40, 60, 600, 60), "#f4f4f4", 2)
    with pytest.raises(Unscannable, match=r"^The picture .+\.$"):
        await references.add(known, Entry(key="blank", collection="form"), saved(page))


async def test_a_plain_code_is_known_by_what_it_says(known: Services) -> None:
    """The same code is found again; one that leads elsewhere is no match."""
    same = await asked(known, "code", code(ALICE).resize((300, 300)))
    other = await asked(known, "code", code(BOB))

    assert same.verdict.best
    assert same.verdict.best.kind in COPIES
    assert same.verdict.outcome is not Outcome.CLEAN
    assert other.verdict.outcome is not Outcome.MATCH
    assert not [one for one in other.candidates if one.kind in COPIES]


async def test_noise_is_no_other_content(known: Services) -> None:
    """Two pictures that differ in nothing but their grain are copies, and nothing is told as exchanged."""
    for image in (noisy(2), photograph("coffee")):
        finding = await asked(known, "noise", image)

        assert finding.verdict.outcome is Outcome.MATCH
        assert finding.verdict.best
        assert finding.verdict.best.content is not Content.OTHER
        assert finding.verdict.best.differs == ()


class Slow:
    """A reader that is never done in time: each line takes it half a second of CPU."""

    def load(self) -> None:
        """There is nothing to load."""

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        until = time.thread_time() + 0.5
        while time.thread_time() < until:
            pass
        return [Line("", 0.0) for _ in lines]

    def page(self, picture: Pixels, budget_s: float) -> list[Word]:
        raise AssertionError(f"{picture.shape} was read as a page within {budget_s} s")


class Gone:
    """A reader whose network is not there any more."""

    def load(self) -> None:
        raise EnvironmentTrouble(missing())

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        raise AssertionError(f"{len(lines)} lines for a reader that did not load")

    def page(self, *_: object) -> list[Word]:
        raise EnvironmentTrouble(missing())


class Counting(OcrReader):
    """The real reader, and how many lines it was asked to read."""

    asked = 0

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        self.asked += len(lines)
        return super().read(lines)


async def read_by(known: Services, sscd: SscdEmbedder, reader: WordReader | None, image: Image.Image) -> Finding:
    async with Runner(sscd, threads=1, reader=reader) as runner:
        return await asked(replace(known, runner=runner), "card", image)


@pytest.mark.parametrize("reader", [Slow(), Gone()], ids=["slow", "gone"])
async def test_words_that_are_not_read_are_said(known: Services, sscd: SscdEmbedder, reader: WordReader) -> None:
    """Out of time, or without its network: the finding is partial, is not clean, and nobody acts on it."""
    finding = await read_by(known, sscd, reader, card(OTHER_WORDS))

    assert finding.verdict.partial == "words"
    assert finding.verdict.outcome is not Outcome.CLEAN
    assert not is_settled(finding.verdict)
    for language in ("en", "zh"):
        assert Words.of(language).has("reason.partial-words")


async def test_a_reader_that_is_gone_is_named_in_the_log(
    known: Services, sscd: SscdEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator reads one sentence that says what to run."""
    await read_by(known, sscd, Gone(), card(OTHER_WORDS))

    assert {one.getMessage() for one in caplog.records if "rapidocr" in one.getMessage()} == {missing()}


async def test_a_reader_that_is_gone_is_a_warning_once(
    known: Services, sscd: SscdEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    """Pair after pair meets the same trouble: the operator reads it once, whoever asks for details each time."""
    caplog.set_level(logging.DEBUG, "embed.pairs.spoken")
    reader = Gone()
    for _ in range(3):
        await read_by(known, sscd, reader, card(OTHER_WORDS))

    levels = [one.levelno for one in caplog.records if one.getMessage() == missing()]
    assert levels == [logging.WARNING, logging.DEBUG, logging.DEBUG]


async def test_without_a_reader_other_words_are_still_other_content(known: Services, sscd: SscdEmbedder) -> None:
    """The extra is not installed: pixels tell, only without quoting; that is no partial look."""
    finding = await read_by(known, sscd, None, card(OTHER_WORDS))
    (match,) = finding.verdict.matches

    assert finding.verdict.partial == ""
    assert finding.verdict.outcome is not Outcome.CLEAN
    assert not is_settled(finding.verdict)
    assert all((one.before, one.after) == ("", "") for one in match.differs)


async def test_a_search_that_costs_too_much_is_partial(known: Services, sscd: SscdEmbedder) -> None:
    """Without CPU time for a single pair check the image goes to a person."""
    async with Runner(sscd, threads=1, budget_s=0.0) as runner:
        finding = await asked(replace(known, runner=runner), "card", card(OTHER_WORDS))

    assert finding.verdict.partial == "budget"
    assert (finding.verdict.outcome, finding.verdict.reason) == (Outcome.REVIEW, "partial-budget")


async def test_a_reference_is_read_once_when_it_is_added(
    known: Services, sscd: SscdEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each search reads the query only, and tells what one tells that reads both."""
    monkeypatch.setattr(reading, "BUDGET_S", 9.0)  # however slow the machine is
    reader, told = Counting(), list[tuple[int, Finding]]()
    async with Runner(sscd, threads=1, reader=reader, budget_s=30.0) as runner:
        for name, adding in (("live", known), ("kept", replace(known, runner=runner))):
            await known.references.create_collection(Collection(name=name))
            await references.add(adding, Entry(key="card", collection=name), saved(card("Pay 250")))
        for name in ("live", "kept", "kept"):
            reader.asked = 0
            finding = await asked(replace(known, runner=runner), name, card("Ask 781"))
            told.append((reader.asked, finding))
    (both, live), *kept = told

    assert live.verdict.best
    assert ("Pay 250", "Ask 781") in {(one.before, one.after) for one in live.verdict.best.differs}
    for lines, finding in kept:
        assert finding.verdict.best
        assert 2 * lines == both
        assert finding.verdict.outcome is live.verdict.outcome
        assert finding.verdict.best.differs == live.verdict.best.differs


async def test_a_reader_that_is_gone_keeps_nothing_from_being_added(
    known: Services, sscd: SscdEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    """The reference is there, without its words, and one line of the log says why."""
    await known.references.create_collection(Collection(name="deaf"))
    async with Runner(sscd, threads=1, reader=Gone()) as runner:
        added = replace(known, runner=runner)
        await references.add(added, Entry(key="card", collection="deaf"), saved(REFERENCES["card"]))
    (material,) = await references.stored_materials(known, (await known.references.find("deaf", "card")).id)

    assert material.words == b""
    assert [one.getMessage() for one in caplog.records if "rapidocr" in one.getMessage()] == [missing()]
