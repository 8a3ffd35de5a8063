"""One posted image to its one verdict, whatever happens on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copy
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.services import Services
from core.backoff import LESS, MORE
from core.cases import Case, Policy, Rule, Thresholds
from core.chat import Community
from core.errors import Busy, CouldNotLook, EnvironmentTrouble, RetryLater, StoreDown, Unscannable
from core.looks import Look, Stages
from core.matches import Hit, Verdict
from core.ports import Front
from core.types import Act, Collection, Decision, Intent, Kind, Mode, Outcome, Platform, Purpose, reference_id
from embed.runner import Runner
from handlers import intake, references, review
from handlers.references import Entry
from handlers.screen import FEW, MAX_ATTEMPTS, screen, screen_forever, screen_safely
from handlers.screening import LEASE
from store.sql.db import Database
from store.sql.tables.judged import cases, inbox
from store.vectors.exact import ExactCatalogue
from tests.clock import Clock
from tests.small import LONGEST_PAUSE_S, SPACE, FakeFront, Toy, assemble, event, saved, scribble

KNOWN, STRANGE = saved(scribble(1)), saved(scribble(2))
COPY = saved(scribble(1).resize((200, 150)), "JPEG", quality=70)


class Moody(ExactCatalogue):
    """A vector store that answers unless it is told to raise, or only so many times (`answers`)."""

    down: Exception | None = None
    answers = 1_000_000

    async def search(self, *asked: object, **how: object) -> list[list[Hit]]:
        self.answers -= 1
        if self.down or self.answers < 0:
            raise self.down or StoreDown("Down.")
        return await super().search(*asked, **how)  # type: ignore[arg-type]


@pytest.fixture
async def moody() -> Moody:
    made = Moody()
    await made.open_space(Toy.spec.space_id, Toy.spec.dim)
    return made


@pytest.fixture
async def watched(services: Services, moody: Moody, front: FakeFront) -> Services:
    """Services that know one picture, with three posted."""
    made = replace(services, catalogue=moody)
    await know(made, "library", KNOWN)
    front.images = {"copy": COPY, "same": KNOWN, "strange": STRANGE, "text": b"no picture"}
    return made


async def know(
    services: Services, collection: str, data: bytes, *, owner: str = "", purpose: Purpose = Purpose.BRAND
) -> None:
    made = Collection(name=collection, owner=owner, purpose=purpose)
    await services.references.create_collection(made)
    await references.add(services, Entry(key="logo", collection=collection), data)


async def turn(services: Services, limit: int = 10) -> list[Verdict | None]:
    """Screen what is due."""
    return [await screen(services, waiting) for waiting in await services.inbox.claim(limit, LEASE)]


async def post(services: Services, image: str, mode: Mode = Mode.FLAG, message: str = "") -> Verdict:
    """Post an image and screen it."""
    await services.policies.set(SPACE, Policy(mode=mode), "ann")
    await intake.accept(services, [event(image, message=message or uuid4().hex)])
    (verdict,) = await turn(services)
    assert verdict
    return verdict


async def newest(services: Services) -> Case:
    (case,) = await services.cases.newest(limit=1)
    return case


def acts(case: Case) -> list[Act]:
    return [action.act for action in case.actions]


async def outcomes(db: Database) -> list[tuple[str | None, str]]:
    async with db.read() as connection:
        rows = await connection.execute(select(inbox.c.outcome, inbox.c.reason).order_by(inbox.c.id))
        return [(row.outcome, row.reason) for row in rows]


async def confirm(services: Services) -> None:
    """A moderator calls the known picture a violation."""
    await post(services, "copy")
    await review.decide(services, (await newest(services)).id, Decision.VIOLATION, "ann")


async def test_a_channel_that_was_switched_off_is_not_looked_at(
    watched: Services, front: FakeFront, db: Database
) -> None:
    """An image that was posted before its channel was switched off is not fetched any more."""
    await intake.accept(watched, [event("copy")])
    await watched.policies.set(SPACE, Policy(mode=Mode.OFF), "ann")
    front.fails = {"copy": [AssertionError("it was fetched")]}

    assert await turn(watched) == [Verdict(outcome=Outcome.UNSCANNABLE, reason="not-watched")]
    assert await outcomes(db) == [("unscannable", "not-watched")]
    assert await watched.cases.newest() == []


async def test_a_stranger_is_clean(watched: Services) -> None:
    """An unknown image has its verdict and opens no case."""
    verdict = await post(watched, "strange")

    assert (verdict.outcome, verdict.reason) == (Outcome.CLEAN, "nothing-known")
    assert await watched.cases.newest() == []


@pytest.mark.parametrize("asks", [False, True])
async def test_what_can_not_be_read_is_asked_about_where_the_operator_wants(watched: Services, asks: bool) -> None:
    """Moderators get its card then; of clean images, and of what nobody looks at, they get none either way."""
    made = replace(watched, ask_about_unscannable=asks)
    await made.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="mod-log"), "ann")
    found = [(await post(made, image)).outcome for image in ("strange", "text")]
    await intake.accept(made, [event("copy")])
    await made.policies.set(SPACE, Policy(mode=Mode.OFF), "ann")
    found += [verdict.outcome for verdict in await turn(made) if verdict]
    cases = {case.event.image: acts(case) for case in await made.cases.newest()}

    assert found == [Outcome.CLEAN, Outcome.UNSCANNABLE, Outcome.UNSCANNABLE]
    assert cases == ({"text": [Act.CARD]} if asks else {})


class Prude:
    """`core.model_ports.ContentFilter` to which everything is unfit."""

    async def score(self, look: Look) -> float:  # noqa: ARG002
        return 1.0


async def test_what_the_content_filter_finds_is_only_shown(watched: Services) -> None:
    """Even where the channel enforces, such a post gets a card and nothing else; a question is answered without it."""
    strict = replace(watched, content_filter=Prude(), nsfw_at=0.8)
    verdict = await post(strict, "strange", Mode.ENFORCE)
    case = await newest(strict)
    await intake.accept(strict, [event("strange", message="asked", intent=Intent.QUERY)])
    (asked,) = await turn(strict)

    assert (verdict.outcome, verdict.reason) == (Outcome.REVIEW, "adult")
    assert set(acts(case)) <= {Act.CARD}
    assert asked is not None
    assert asked.outcome is Outcome.CLEAN


async def test_a_dry_run_touches_nothing(watched: Services) -> None:
    """In a dry run, which a new channel is in, a match has a case that says what would have been done."""
    await intake.accept(watched, [event("copy")])
    (verdict,) = await turn(watched)
    case = await newest(watched)

    assert verdict
    assert (verdict.outcome, case.mode) == (Outcome.MATCH, Mode.DRY_RUN)
    assert (acts(case), case.would_have) == ([], (Act.FLAG,))


async def test_flag_flags(watched: Services) -> None:
    """A match is flagged, and its case shows the picture that was posted."""
    await post(watched, "copy")
    case = await newest(watched)
    picture = await watched.media.get(case.thumbnail)

    assert (acts(case), case.would_have) == ([Act.FLAG], ())
    assert case.verdict.best
    assert (case.verdict.best.kind, case.verdict.best.reference.key) == (Kind.EDITED, "logo")
    assert picture
    assert picture.data.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("mode", "before", "after"),
    [(Mode.FLAG, [Act.FLAG], [Act.FLAG]), (Mode.ENFORCE, [Act.FLAG], [Act.REMOVE]), (Mode.DRY_RUN, [], [])],
)
async def test_only_what_was_confirmed_is_removed(
    watched: Services, mode: Mode, before: list[Act], after: list[Act]
) -> None:
    """Enforce removes copies of what this community's moderators called a violation; all else is flagged at most."""
    await post(watched, "same", mode)
    first = acts(await newest(watched))
    await confirm(watched)
    await post(watched, "same", mode)
    case = await newest(watched)

    assert (first, acts(case)) == (before, after)
    assert case.would_have == ((Act.REMOVE,) if mode is Mode.DRY_RUN else ())


async def test_evidence_is_taken_before_anything_is_done(watched: Services) -> None:
    """Where the moderators read along, a card stands before the acts and is renewed after them."""
    await watched.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="mod-log"), "ann")
    await post(watched, "copy")
    flagged = acts(await newest(watched))
    watched.clock.turn(seconds=7200)  # type: ignore[attr-defined]  # a test's clock; what comes sooner joins the case
    await post(watched, "copy", Mode.DRY_RUN)

    assert flagged == [Act.CARD, Act.FLAG, Act.CARD]
    assert acts(await newest(watched)) == [Act.CARD]


async def test_an_exception_for_a_collection_counts(watched: Services) -> None:
    """A collection with a mode of its own is treated by that, and the case says which mode it was."""
    policy = Policy(mode=Mode.FLAG, rules=(Rule(mode=Mode.OFF, collection="library"),))
    await watched.policies.set(SPACE, policy, "ann")
    await intake.accept(watched, [event("copy")])
    await turn(watched)
    case = await newest(watched)

    assert (acts(case), case.mode) == ([], Mode.OFF)


@pytest.mark.parametrize("image", ["copy", "strange", "text", "nobody"])
async def test_who_asks_is_answered(watched: Services, db: Database, image: str) -> None:
    """A question ends in an answer whatever was found, also in a channel that is not watched, and in no review case."""
    await watched.policies.set(SPACE, Policy(mode=Mode.OFF), "ann")
    await intake.accept(watched, [event(image, intent=Intent.QUERY)])
    (verdict,) = await turn(watched)
    (action,) = await watched.cases.claim_actions(9)

    assert verdict
    assert action.act is Act.ANSWER
    assert (await watched.cases.get(action.case)).verdict.outcome is verdict.outcome
    assert await watched.cases.newest() == []
    assert await outcomes(db) == [(verdict.outcome.value, verdict.reason)]


async def test_who_asks_hears_the_truth_also_of_what_was_allowed(watched: Services) -> None:
    """What a moderator allowed to stand is still a copy of something."""
    await post(watched, "copy")
    await review.decide(watched, (await newest(watched)).id, Decision.ALLOWED, "ann")
    await intake.accept(watched, [event("copy", intent=Intent.QUERY)])
    (verdict,) = await turn(watched)

    assert verdict
    assert verdict.outcome is Outcome.MATCH


async def test_an_album_is_one_case(watched: Services) -> None:
    """Of three pictures posted together the two that match are one case; a message is acted on once."""
    await watched.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await intake.accept(watched, [event(one, message="m", group="m") for one in ("copy", "strange", "same")])
    await turn(watched)
    (case,) = await watched.cases.newest()

    assert [one.event.image for one in case.pictures] == ["copy", "same"]
    assert [acts(one) for one in case.pictures] == [[Act.FLAG], []]


async def test_a_slow_download_stops_nobody(watched: Services, front: FakeFront) -> None:
    """While one image is stuck, the others get their verdicts."""
    stuck = front.held["same"] = asyncio.Event()
    await watched.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await intake.accept(watched, [event("same", message="stuck")])
    loop = asyncio.create_task(screen_forever(watched))
    await intake.accept(watched, [event("strange", message=str(number)) for number in range(20)])
    await until(watched, 1)
    stuck.set()
    await until(watched, 0)
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop


async def test_an_undone_confirmation_removes_no_longer(watched: Services) -> None:
    """A violation that was taken back confirms nothing."""
    await confirm(watched)
    await review.undo(watched, (await newest(watched)).id, "ann")
    await post(watched, "same", Mode.ENFORCE)

    assert acts(await newest(watched)) == [Act.FLAG]


async def test_another_communitys_word_removes_nothing_here(watched: Services) -> None:
    """What one community confirmed is only flagged in the next."""
    await confirm(watched)
    there = replace(SPACE, community="next")
    await watched.policies.set(there, Policy(mode=Mode.ENFORCE), "bo")
    await intake.accept(watched, [event("copy", there)])
    await turn(watched)

    assert acts(await newest(watched)) == [Act.FLAG]


async def test_allowed_before(watched: Services) -> None:
    """The image that a moderator allowed is clean from then on, in other files, too."""
    await post(watched, "copy")
    await review.decide(watched, (await newest(watched)).id, Decision.ALLOWED, "ann")
    again, other = await post(watched, "copy"), await post(watched, "same")

    assert (again.outcome, again.reason) == (Outcome.CLEAN, "allowed-before")
    assert (other.outcome, other.reason) == (Outcome.CLEAN, "allowed-copy")


async def test_not_a_match(watched: Services) -> None:
    """A reference that a moderator ruled out for an image is left out for it and its edits; another one is not."""
    await post(watched, "copy")
    await review.decide(watched, (await newest(watched)).id, Decision.NOT_A_MATCH, "ann")
    again, other = await post(watched, "copy"), await post(watched, "same")
    await know(watched, "brands", saved(scribble(1)))
    left = await post(watched, "copy")

    assert (again.outcome, again.matches) == (Outcome.CLEAN, ())
    assert (other.outcome, other.matches) == (Outcome.CLEAN, ())
    assert left.best
    assert left.best.reference.id == reference_id("brands", "logo")


async def test_a_partly_seen_image_is_never_excused_into_clean(watched: Services, front: FakeFront) -> None:
    """Ruling a match out does not make an image clean of which a part was not looked at."""
    frames = [scribble(seed) for seed in range(1, 31)]
    front.images["long"] = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    first = await post(watched, "long")
    await review.decide(watched, (await newest(watched)).id, Decision.NOT_A_MATCH, "ann")
    again = await post(watched, "long")

    assert first.partial
    assert (again.outcome, again.partial) == (Outcome.REVIEW, first.partial)


async def test_the_communitys_own_thresholds_count(watched: Services) -> None:
    """A channel with a stricter threshold has a doubt where others have a match."""
    strict = Policy(mode=Mode.FLAG, thresholds=Thresholds(match=1.0, review=0.5))
    await watched.policies.set(SPACE, strict, "ann")
    await intake.accept(watched, [event("copy")])
    (verdict,) = await turn(watched)

    assert verdict
    assert (verdict.outcome, verdict.reason) == (Outcome.REVIEW, "unsure")
    assert acts(await newest(watched)) == []


async def test_another_communitys_collection_is_not_seen(watched: Services, front: FakeFront) -> None:
    """A private collection matches in its own community only."""
    front.images["private"] = saved(scribble(3))
    await know(watched, "private", saved(scribble(3)), owner="discord:next")
    here = await post(watched, "private")
    there = replace(SPACE, community="next")
    await intake.accept(watched, [event("private", there)])
    (seen,) = await turn(watched)

    assert seen
    assert (here.outcome, seen.outcome) == (Outcome.CLEAN, Outcome.MATCH)


async def test_the_allowlist_excuses(watched: Services) -> None:
    """A copy of an allowlisted picture is clean although another collection knows it."""
    await know(watched, "fine", KNOWN, purpose=Purpose.ALLOWLIST)

    assert (await post(watched, "copy")).reason == "allowlisted"


@pytest.mark.parametrize(("image", "reason"), [("text", "not-an-image"), ("nobody", "gone")])
async def test_what_cannot_be_looked_at_says_why(watched: Services, db: Database, image: str, reason: str) -> None:
    """A file that is no picture and one that is gone are unscannable, never clean."""
    verdict = await post(watched, image)

    assert (verdict.outcome, verdict.reason) == (Outcome.UNSCANNABLE, reason)
    assert await outcomes(db) == [("unscannable", reason)]


async def test_pauses_grow_until_it_is_given_up(
    watched: Services, front: FakeFront, clock: Clock, db: Database
) -> None:
    """A download that fails is tried after about 1, 2, 4 ... 100 seconds; after an hour it is given up."""
    front.fails = {"copy": [RetryLater("Slow down.")] * 50}
    await intake.accept(watched, [event("copy")])
    pauses, verdicts = [], await turn(watched)
    while verdicts == [None]:
        pauses.append(0)
        while not (verdicts := await turn(watched)):
            clock.turn(seconds=1 if len(pauses) < 9 else 50)
            pauses[-1] += 1 if len(pauses) < 9 else 50

    for pause, doubled in zip(pauses[:8], (1, 2, 4, 8, 16, 32, 64, 100), strict=True):
        assert doubled * LESS <= pause <= doubled * MORE + 1  # the clock goes on in whole seconds
    assert 3000 * LESS < sum(pauses) < 4000 * MORE
    assert verdicts == [Verdict(outcome=Outcome.UNSCANNABLE, reason="gave-up")]
    assert await outcomes(db) == [("unscannable", "gave-up")]


@pytest.fixture
async def hashless(watched: Services) -> AsyncIterator[Services]:
    """The same without the rung that finds near-identical copies while the vector store is down."""
    async with Runner(Toy(), threads=1, stages=Stages(hashes=False)) as runner:
        yield replace(watched, runner=runner)


async def test_trouble_of_the_machine_is_not_the_images(hashless: Services, moody: Moody, clock: Clock) -> None:
    """However often the disk is full or the decoder can't start, the image is not given up for it."""
    moody.down = EnvironmentTrouble("The process that decodes images does not start.")
    await intake.accept(hashless, [event("copy")])
    for _ in range(4 * MAX_ATTEMPTS):
        assert await turn(hashless) == [None]
        clock.turn(seconds=LONGEST_PAUSE_S)
    moody.down = None

    assert [one.outcome for one in await turn(hashless) if one] == [Outcome.MATCH]


async def test_a_fault_of_ours_is_tried_again_and_told_as_ours(hashless: Services, moody: Moody, clock: Clock) -> None:
    """What the decoder lacks may be there a moment later; if it never is, the verdict says whose fault it was."""
    moody.down = CouldNotLook("ModuleNotFoundError: No module named 'av.subtitles'")
    await intake.accept(hashless, [event("copy")])
    for _ in range(MAX_ATTEMPTS - 1):
        assert await turn(hashless) == [None]
        clock.turn(seconds=LONGEST_PAUSE_S)

    assert await turn(hashless) == [Verdict(outcome=Outcome.UNSCANNABLE, reason="could-not-look")]


@pytest.mark.parametrize("trouble", [Busy("Full."), StoreDown("Down.")])
async def test_trouble_of_ours_goes_back_to_the_inbox(hashless: Services, moody: Moody, trouble: Exception) -> None:
    """While we can't know, there is no verdict."""
    moody.down = trouble
    await intake.accept(hashless, [event("copy")])

    assert await turn(hashless) == [None]
    assert await hashless.inbox.depth() == 1


async def test_a_store_that_is_down_gives_nothing_up(hashless: Services, moody: Moody, clock: Clock) -> None:
    """However long the vector store is down, the image has its true verdict once it is back."""
    moody.down = StoreDown("Down.")
    await intake.accept(hashless, [event("copy")])
    for _ in range(4 * MAX_ATTEMPTS):
        assert await turn(hashless) == [None]
        clock.turn(seconds=LONGEST_PAUSE_S)
    moody.down = None
    (verdict,) = await turn(hashless)

    assert verdict
    assert verdict.outcome is Outcome.MATCH


async def test_a_near_identical_copy_needs_no_store(watched: Services, moody: Moody) -> None:
    """While the vector store is down a repost is recognised by its hash; what could be excused waits."""
    moody.down = StoreDown("Down.")
    await intake.accept(watched, [event("copy")])
    (verdict,) = await turn(watched)
    allowed = Collection(name="ours", purpose=Purpose.ALLOWLIST)
    await watched.references.create_collection(allowed)
    await intake.accept(watched, [event("copy", message="again")])

    assert verdict
    assert (verdict.outcome, verdict.partial) == (Outcome.MATCH, "store-down")
    assert await turn(watched) == [None]


async def test_a_store_that_goes_in_the_middle(hashless: Services, moody: Moody) -> None:
    """An image whose parts could not be looked up is not shown to anybody as half a finding: it waits."""
    moody.answers = 1
    await intake.accept(hashless, [event("strange")])

    assert await turn(hashless) == [None]
    assert (moody.answers, await hashless.inbox.depth()) == (-1, 1)


@pytest.mark.parametrize(
    ("keeps_posts", "in_raid", "card_first"), [(True, True, True), (False, True, False), (False, False, True)]
)
@pytest.mark.usefixtures("no_bursts")
async def test_a_card_precedes_a_removal(
    watched: Services,
    front: FakeFront,
    monkeypatch: pytest.MonkeyPatch,
    keeps_posts: bool,
    in_raid: bool,
    card_first: bool,
) -> None:
    """It may be refused; in a raid only where it keeps the post, because a platform may allow few messages a minute."""
    await watched.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="cards"), "ann")
    await confirm(watched)
    front.keeps_posts = keeps_posts
    monkeypatch.setattr("handlers.screen.FEW", 0 if in_raid else FEW)
    await post(watched, "same", Mode.ENFORCE)
    first, *others = acts(await newest(watched))

    assert (first is Act.CARD) == card_first
    assert (others[-1], Act.REMOVE in (first, *others)) == (Act.CARD, True)


async def until(services: Services, depth: int) -> None:
    for _ in range(1000):
        if await services.inbox.depth() <= depth:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it takes too long")


async def test_a_bug_on_one_image_costs_its_neighbours_nothing(
    watched: Services, front: FakeFront, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception that nobody foresaw is logged, its image tried again later, and all others have their verdict."""
    front.fails = {"same": [ZeroDivisionError("a bug")]}
    await watched.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await intake.accept(watched, [event(image) for image in ("copy", "same", "strange", "text")])
    loop = asyncio.create_task(screen_forever(watched))
    await until(watched, 1)
    await asyncio.sleep(0.05)
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop

    assert [outcome for outcome, _ in await outcomes(db)] == ["match", None, "clean", "unscannable"]
    assert "screening of inbox row 2 failed" in caplog.text


async def test_a_bug_that_stays_ends_as_given_up(watched: Services, front: FakeFront, clock: Clock) -> None:
    """An image that always hits a bug leaves the inbox with a verdict after its tries."""
    front.fails = {"copy": [ZeroDivisionError("a bug")] * 50}
    await intake.accept(watched, [event("copy")])
    for _ in range(MAX_ATTEMPTS):
        (waiting,) = await watched.inbox.claim(1, timedelta(minutes=1))
        await screen_safely(watched, waiting)
        clock.turn(seconds=LONGEST_PAUSE_S)

    assert await watched.inbox.depth() == 0
    assert len(front.fails["copy"]) == 50 - MAX_ATTEMPTS


IMAGES = st.sampled_from(["copy", "same", "strange", "text"])
FAULTS = st.sampled_from(["retry", "busy", "gone", "bug", "down", "crash", "late twin"])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["copy", "same", "strange", "text"]), st.lists(FAULTS, max_size=9)), max_size=3)
)
async def test_every_event_has_exactly_one_verdict(
    tmp_path: Path, migrated: Path, posted: list[tuple[str, list[str]]]
) -> None:
    """Whatever goes wrong, in whatever order, each image ends with one verdict, and a match with one case."""
    path = tmp_path / f"{uuid4()}.db"
    copy(migrated, path)
    moody, front, clock = Moody(), FakeFront(images={"copy": COPY, "same": KNOWN, "strange": STRANGE}), Clock()
    default = Policy(mode=Mode.FLAG)
    async with Database.open(path) as db, Runner(Toy(), threads=1) as runner:
        fronts: dict[str, Front] = {Platform.DISCORD: front}
        services = await assemble(db, runner, catalogue=moody, clock=clock, fronts=fronts, default=default)
        await know(services, "library", KNOWN)
        events = [event(image, message=str(number)) for number, (image, _) in enumerate(posted)]
        plans = {event.message: list(faults) for event, (_, faults) in zip(events, posted, strict=True)}
        await intake.accept(services, events)
        while await services.inbox.depth():
            for waiting in await services.inbox.claim(2, LEASE):
                faults = plans[waiting.event.message]
                fault = faults.pop(0) if faults else ""
                raised = {"retry": RetryLater("x"), "busy": Busy("x"), "gone": Unscannable("gone", "x")}.get(fault)
                front.fails = {waiting.event.image: [raised]} if raised else {}
                moody.down = StoreDown("x") if fault == "down" else ZeroDivisionError() if fault == "bug" else None
                if fault == "crash":
                    continue
                with suppress(ZeroDivisionError):
                    await screen(services, waiting)
                if fault == "late twin":
                    await screen(services, waiting)
                moody.down = None
            await intake.accept(services, events)
            clock.turn(seconds=max(100, LEASE / timedelta(seconds=1)))
        verdicts = await outcomes(db)
        async with db.read() as connection:
            opened = list((await connection.execute(select(cases.c.inbox))).scalars())

    assert len(verdicts) == len(posted)
    assert all(outcome for outcome, _ in verdicts)
    assert len(opened) == len(set(opened)) == sum(outcome == "match" for outcome, _ in verdicts)
    assert all(
        outcome != "clean" for (outcome, _), (image, _) in zip(verdicts, posted, strict=True) if image != "strange"
    )
