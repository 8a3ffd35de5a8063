"""/cases on every front: what nobody has decided, by page, each case a press away from its card."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.cases import Sort
from core.matches import Verdict
from core.types import Content, Decision, Mode, Outcome, Platform
from core.wording import Words
from handlers.chat import data
from store.sql.db import Database
from tests.chat import matrix, telegram, terminal
from tests.chat.stage import GENERAL, LOG, TITLE, Read, Stage, known
from tests.chat.test_presses import presses
from tests.clock import Clock
from tests.small import event
from tests.store.sql.court import FOUND, MATCH, REVIEW, Court

EN, ZH = Words.of("en"), Words.of("zh")
LATER = datetime(2035, 1, 1, tzinfo=UTC)
"""When the bot under test does not look for events yet, so that these are the court's alone."""


SURE = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(replace(FOUND, content=Content.SAME),))
NOTHING = Verdict(outcome=Outcome.REVIEW, reason="adult")


async def watch(stage: Stage, language: str = "en") -> None:
    """Cards go to the moderators' place, #general is watched."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="dry_run", language=language)


async def hold(db: Database, stage: Stage, count: int, verdict: Any = MATCH, **said: Any) -> list[int]:
    """So many open cases of this community, without a card; their numbers."""
    court, numbers = Court(db, Clock(LATER)), list[int]()
    for one in range(count):
        waiting = await court.claimed(event(f"{sorted(said.items())}-{one}", stage.space(), **said))
        number = await court.cases.conclude(waiting, "ff", verdict, Mode.DRY_RUN)
        numbers.append(number or 0)
    return numbers


def listed(read: Read) -> list[str]:
    """The cases that have a button."""
    return [label for label in read.buttons if label.startswith("#")]


def labels(numbers: list[int]) -> list[str]:
    """As buttons say them, newest first."""
    return [f"#{number}" for number in reversed(numbers)]


async def test_a_case_is_listed_opened_and_decided(stage: Stage) -> None:
    """What it is, how sure, who and where; one press shows its card; once it is decided it is listed no more."""
    await watch(stage)
    await stage.post("ann", known())
    (card,) = await stage.cards(1, saying=TITLE)
    shown = await stage.use("mo", "cases", where=LOG)
    opened = await stage.press("mo", shown, "#1")
    await stage.press("mo", card, EN("decision.allowed"))

    assert EN("cases.open", count=1) in shown.text
    assert TITLE in shown.text and "ann" in shown.text.lower() and EN("kind.edited") in shown.text
    assert EN("card.author") in opened and TITLE in opened
    assert (await stage.use("mo", "cases", where=LOG)).text == EN("cases.none")


async def test_a_burst_is_one_row_that_counts(stage: Stage, db: Database) -> None:
    """Posts, and people and channels where there are several: one name would be taken for all of them."""
    await watch(stage)
    court = Court(db, Clock(LATER))
    for number, who in enumerate(("bo", "kim", "bo")):
        waiting = await court.claimed(event(f"raid-{number}", stage.space(), author=who, author_name=who))
        await court.cases.conclude(waiting, "ff", SURE, Mode.FLAG, late=())
    shown = await stage.use("mo", "cases", where=LOG)

    assert EN("cases.open", count=1) in shown.text
    assert f"{EN('burst.posts-many', count=3)} · {EN('burst.people-many', count=2)}" in shown.text


async def test_a_case_of_nothing_known_is_called_as_a_reference_would_be(stage: Stage, db: Database) -> None:
    """By the post's words without links, never by what a camera called the file."""
    await watch(stage)
    for name, said in (("IMG_4711.jpg", ""), ("IMG_4712.jpg", "https://example.org/x\nNew offer")):
        await hold(db, stage, 1, NOTHING, file_name=name, text=said)
    shown = await stage.use("mo", "cases", where=LOG)

    assert "IMG_47" not in shown.text and "example.org" not in shown.text
    assert "New offer" in shown.text and EN("cases.untitled") in shown.text


async def test_pages_are_turned(stage: Stage, db: Database) -> None:
    """Five a page, older and newer, in the same message; the first page has no newer one, the last no older one."""
    await watch(stage)
    all_ = labels(await hold(db, stage, 12))
    shown = await stage.use("mo", "cases", where=LOG)
    pages, ways = [listed(shown)], [shown.buttons[5:]]
    for way in ("older", "older", "newer", "newer"):
        await stage.press("mo", shown, EN(f"cases.{way}"))
        shown = await stage.now(shown)
        pages.append(listed(shown))
        ways.append(shown.buttons[len(pages[-1]) :])

    newer, older = EN("cases.newer"), EN("cases.older")
    assert pages == [all_[:5], all_[5:10], all_[10:], all_[5:10], all_[:5]]
    assert ways == [[older], [newer, older], [newer], [newer, older], [older]]


async def test_films_that_were_looked_at_in_part_are_counted(stage: Stage, db: Database) -> None:
    """They would push out what was found; a word more lists them."""
    await watch(stage)
    found = labels(await hold(db, stage, 1))
    quiet = Verdict(outcome=Outcome.REVIEW, reason="partial-frames", partial="frames")
    films = labels(await hold(db, stage, 6, quiet, author="42", author_name="Zed"))
    shown = await stage.use("mo", "cases", where=LOG)
    apart = await stage.use("mo", "cases", where=LOG, sort="partial")

    assert listed(shown) == found
    assert EN("cases.quiet", count=6, usage="*").partition("*")[0] in shown.text
    assert listed(apart) == films[:5]
    assert "Not listed" not in apart.text


async def test_what_is_wanted_is_listed(stage: Stage, db: Database) -> None:
    """By sort, author, collection and known image; the pages go on with it."""
    await watch(stage)
    reviews = labels(await hold(db, stage, 7, REVIEW, author="42", author_name="Zed"))
    others = labels(await hold(db, stage, 1))
    by_sort = await stage.use("mo", "cases", where=LOG, sort="review")
    await stage.press("mo", by_sort, EN("cases.older"))
    nothing = await stage.use("mo", "cases", where=LOG, sort="reported")
    none_of_brands = await stage.use("mo", "cases", where=LOG, collection="brands")
    unknown = await stage.use("mo", "cases", where=LOG, collection="nowhere")
    older = await stage.use("mo", "cases", where=LOG, before=3)

    assert listed(by_sort) == reviews[:5]
    assert listed(await stage.now(by_sort)) == reviews[5:]
    assert nothing.text == none_of_brands.text == EN("cases.none-such")
    assert unknown.text.startswith(EN("said.no-collection"))
    assert listed(older) == ["#2", "#1"]
    assert listed(await stage.use("mo", "cases", where=LOG, sort="match")) == others
    if stage.can.words_ask:  # a person whom the platform does not know is meant by number or name
        assert listed(await stage.use("mo", "cases", where=LOG, who="Zed")) == reviews[:5]


@presses("open")
async def test_nobody_else_reads_along(stage: Stage, db: Database) -> None:
    """Asked where members read, it is for the asker alone; members get a sentence, and no press of theirs works."""
    await watch(stage)
    await hold(db, stage, 6)
    shown = await stage.use("mo", "cases", where=GENERAL)
    refused = await stage.use("ann", "cases", where=GENERAL)
    page = data.of_list(data.OfList(case=6, is_newer=False, sort=Sort.MATCH))
    pressed = [await stage.press_data("ann", one) for one in (page, data.of_case(1, "open"))]

    public = [] if stage.can.answers_alone else await public_texts(stage)
    assert not [text for text in public if "Logo" in text]
    assert "Logo" in shown.text or EN("cases.sent") in shown.text
    assert refused.text == EN("said.staff-only")
    assert [EN("said.staff-only") in told for told in pressed] == [True, True]


async def public_texts(stage: Any) -> list[str]:
    """What the bot wrote where everybody reads."""
    if stage.platform is Platform.TERMINAL:
        written = stage.terminal.world.messages.values()
        return ["\n".join(one.lines) for one in written if one.by_bot and one.space == stage.space()]
    if stage.platform is Platform.MATRIX:
        return [one.text for one in await on_matrix(stage, alone=False)]
    return [one.shown for one in stage.server.said(stage.chats[GENERAL])]


async def on_matrix(stage: Any, *, alone: bool) -> list[Read]:
    """What the bot wrote to mo alone, or else where everybody reads."""
    await stage.idle()
    await stage.here.mo.caught_up()
    shared = {stage.here.space, *stage.here.rooms.values()}
    rooms = stage.here.mo.timelines.keys() - shared if alone else {stage.here.rooms[GENERAL]}
    written = [one for room in rooms for one in stage.here.mo.messages(room) if stage.here.is_said(one)]
    return [matrix.read_of(one) for one in written]


async def test_what_is_written_to_one_person_can_be_pressed_there(stage: Any, db: Database) -> None:
    """Pages are turned, a card is opened and decided in the chat with the bot alone, as long as they are staff."""
    if stage.can.answers_alone:
        return
    await watch(stage)
    numbers = await hold(db, stage, 6)
    await stage.use("mo", "cases", where=GENERAL)
    shown = await alone(stage, "Logo")
    await stage.press("mo", shown, EN("cases.older"))
    oldest = await stage.now(shown)
    await stage.press("mo", oldest, f"#{numbers[0]}")
    card = await alone(stage, EN("card.author"))
    await stage.press("mo", card, EN("decision.allowed"))
    await stage.make_staff("mo", is_staff=False)
    refused = await stage.press("mo", oldest, EN("cases.newer"))

    assert listed(oldest) == labels(numbers[:1])
    assert (await stage.services.cases.get(numbers[0])).standing
    assert EN("decision.undo") in (await stage.now(card)).buttons
    assert EN("said.staff-only") in refused


async def alone(stage: Any, saying: str) -> Read:
    """The newest message to mo alone that says this."""
    if stage.platform is Platform.TERMINAL:
        written = [one for one in stage.terminal.world.messages.values() if one.space.channel == "mo" and one.by_bot]
        found: list[Read] = [*map(terminal.read_of, written)]
    elif stage.platform is Platform.MATRIX:
        found = await on_matrix(stage, alone=True)
    else:
        found = [*map(telegram.read_of, stage.server.said(stage.server.private(stage.people["mo"])))]
    return next(one for one in reversed(found) if saying in one.text)


async def test_who_never_wrote_to_the_bot_is_told_to(stage: Any, db: Database) -> None:
    """Where it can't write to them alone, nothing of the list is shown to others."""
    if stage.platform is not Platform.TELEGRAM:
        return
    await watch(stage)
    await hold(db, stage, 1)
    stage.people["mo"].blocked = True
    told = await stage.use("mo", "cases", where=GENERAL)

    assert told.text.startswith(EN("cases.write-first", link="https://t.me/"))


async def test_what_an_altered_app_sends_is_refused_in_a_sentence(stage: Stage, db: Database) -> None:
    """Numbers, collections and references that there are not; it is no fault of ours."""
    await watch(stage)
    await hold(db, stage, 1)
    newest = "l:o:1::::"
    for sent in (
        "l:o:999999999999999999::::",
        "l:n:0:m:%00:%3A:",
        "l:o:1::::nowhere",
        "l:o:1::::=AAAAAAAAAAAAAAAAAAAAAA",
    ):
        assert EN("problem.internal") not in await stage.press_data("mo", sent)
    assert EN("problem.internal") not in await stage.press_data("mo", newest)


async def test_a_page_of_cases_that_were_decided_meanwhile_is_the_newest(stage: Stage, db: Database) -> None:
    """Whoever turns a page after somebody else decided everything on it sees what is left."""
    await watch(stage)
    numbers = await hold(db, stage, 7)
    shown = await stage.use("mo", "cases", where=LOG)
    for number in numbers[:2]:
        await stage.services.cases.decide(number, Decision.ALLOWED, "bo", [])
    await stage.press("mo", shown, EN("cases.older"))

    assert listed(await stage.now(shown)) == labels(numbers[2:])


async def test_it_is_said_in_the_communitys_language(stage: Stage, db: Database) -> None:
    """Sentence, facts and buttons."""
    await watch(stage, "zh")
    await hold(db, stage, 6)
    shown = await stage.use("mo", "cases", where=LOG)
    await stage.press("mo", shown, ZH("cases.older"))

    assert ZH("cases.open", count=6) in shown.text and ZH("kind.contained") in shown.text
    assert ZH("cases.newer") in (await stage.now(shown)).buttons


async def test_a_filter_that_is_too_long_for_a_button_is_asked_for_in_words(stage: Stage, db: Database) -> None:
    """The answer says what to add for the next page."""
    if not stage.can.words_ask:
        return
    await watch(stage)
    await hold(db, stage, 6, author="x" * 60)
    shown = await stage.use("mo", "cases", where=LOG, who="x" * 60)

    assert EN("cases.older") not in shown.buttons
    assert EN("cases.further", usage="before=2") in shown.text
