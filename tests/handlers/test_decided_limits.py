"""What a decision on an image must not reach, and what must not slip past it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, update

from bot.services import Services
from core.cases import Case, Policy, Rule
from core.looks import Look
from core.model_ports import Runner
from core.types import Act, Collection, Decision, Intent, Mode, Outcome, Purpose
from core.wording import Words
from handlers import evidence, intake, references, review
from handlers.chat.card_adding import may_be_added
from handlers.chat.card_buttons import buttons_of_case
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from handlers.why import explain
from store.sql.db import Database
from store.sql.tables.judged import case_frames
from tests.handlers import test_decided
from tests.handlers.test_decided import (
    COPY,
    EXCUSED,
    KNOWN,
    MATCHED,
    NOTHING,
    OTHER,
    UNKNOWN,
    beside,
    decide,
    gif,
    later,
    newest,
    post,
    told,
)
from tests.small import SPACE, FakeFront, event, saved, scribble

watched = test_decided.watched
DOUBT = (Outcome.REVIEW, "unsure")
HARMLESS = scribble(30)
EDITS = ("again", "larger", "cropped")


async def after(services: Services, images: tuple[str, ...]) -> list[tuple[Outcome, str]]:
    return [told(await post(services, image)) for image in images]


async def acts(services: Services) -> list[Act]:
    return [action.act for action in (await newest(services)).actions]


async def kept(db: Database) -> Mapping[str, int]:
    """How many hashes, embeddings and pictures are kept of frames."""
    columns = case_frames.c.hash, case_frames.c.vector, case_frames.c.picture
    async with db.read() as connection:
        row = (await connection.execute(select(*(func.count(column) for column in columns)))).one()
    return dict(zip(("hashes", "vectors", "pictures"), row, strict=True))


@pytest.mark.parametrize("decision", [Decision.VIOLATION, Decision.ABUSE])
async def test_one_frame_of_a_reported_animation_is_a_doubt(
    watched: Services, front: FakeFront, decision: Decision
) -> None:
    """The harmless pictures of an animation are accused by nobody but a person; a later frame is known, too."""
    bad = scribble(31)
    front.images["animation"] = gif([HARMLESS, scribble(32), scribble(33), scribble(34), bad])
    front.images["harmless"], front.images["bad"] = saved(HARMLESS), saved(bad)
    await decide(watched, "animation", decision, Intent.REPORTED)

    assert told(await post(watched, "harmless")) in (DOUBT, NOTHING)
    assert told(await post(watched, "bad")) == DOUBT
    assert told(await post(watched, "animation")) == MATCHED


async def test_half_of_a_reported_collage_is_a_doubt(watched: Services, front: FakeFront) -> None:
    """Nobody said which half was meant."""
    front.images["collage"], front.images["half"] = saved(beside(UNKNOWN, HARMLESS)), saved(HARMLESS)
    await decide(watched, "collage", Decision.VIOLATION, Intent.REPORTED)

    assert told(await post(watched, "half")) in (DOUBT, NOTHING)
    assert told(await post(watched, "collage")) == MATCHED


async def test_a_picture_of_a_reported_album_is_a_doubt(watched: Services, front: FakeFront) -> None:
    """One press was about all of its pictures: which of them is the bad one a person says next time."""
    front.images["harmless"], front.images["harmless again"] = saved(HARMLESS), saved(HARMLESS.resize((200, 150)))
    album = [event(name, message=name, intent=Intent.REPORTED, group="album") for name in ("harmless", "unknown")]
    await intake.accept(watched, album)
    for waiting in await watched.inbox.claim(2, LEASE):
        await screen(watched, waiting)
    await review.decide(watched, (await newest(watched)).id, Decision.VIOLATION, "ann")

    assert await after(watched, ("harmless again", "unknown again", "harmless")) == [DOUBT] * 3


@pytest.mark.parametrize("gone", [True, False])
async def test_where_a_reference_matched_its_rules_hold(watched: Services, gone: bool) -> None:
    """A collection that only flags goes on flagging, and once it is gone nothing of it is left."""
    rules = (Rule(collection="library", mode=Mode.FLAG),)
    await watched.policies.set(SPACE, Policy(mode=Mode.ENFORCE, rules=rules), "ann")
    await decide(watched, "copy", Decision.VIOLATION)
    if gone:
        await watched.references.delete_collection("library")
        await watched.catalogue.clear()
    watched.clock.turn(hours=3)  # type: ignore[attr-defined]  # no copy of that burst
    verdict = told(await post(watched, "again"))

    assert verdict == (NOTHING if gone else MATCHED)
    assert gone or Act.REMOVE not in await acts(watched)


@pytest.mark.parametrize("corner", [(0, 0), (1, 1)])
async def test_what_is_put_onto_an_allowed_image_is_found(
    watched: Services, front: FakeFront, corner: tuple[int, int]
) -> None:
    """A known image covers a quarter of an allowed one: it was not there when that was allowed."""
    wide, high = KNOWN.width // 2, KNOWN.height // 2
    pasted = KNOWN.copy()
    pasted.paste(OTHER.resize((wide, high)), (corner[0] * wide, corner[1] * high))
    front.images["pasted"] = saved(pasted)
    await decide(watched, "copy", Decision.ALLOWED)
    verdict = await post(watched, "pasted")

    assert told(verdict) == MATCHED
    assert "two" in {match.reference.key for match in verdict.matches}


async def test_the_newest_counts_also_about_the_same_file(watched: Services) -> None:
    """The very file that was allowed is reported and called a violation: its edits are no longer excused."""
    await decide(watched, "copy", Decision.ALLOWED)
    await decide(watched, "copy", Decision.VIOLATION, Intent.REPORTED)

    assert await after(watched, ("copy", *EDITS)) == [MATCHED] * 4


@pytest.mark.parametrize("decision", [Decision.VIOLATION, Decision.ABUSE])
async def test_the_newest_counts_of_an_unknown_file(watched: Services, front: FakeFront, decision: Decision) -> None:
    """Allowed first, then accused in the same file: nearly equal files are accused, too."""
    front.images["near"] = saved(UNKNOWN, "JPEG", quality=80)
    await decide(watched, "unknown", Decision.ALLOWED, Intent.REPORTED)
    await decide(watched, "unknown", decision, Intent.REPORTED)

    assert await after(watched, ("unknown", "near")) == [MATCHED] * 2


async def test_a_violation_on_a_crop_is_one_on_the_whole(watched: Services) -> None:
    """Who allowed the whole before does not outweigh who decided since."""
    await decide(watched, "copy", Decision.ALLOWED)
    await decide(watched, "cropped", Decision.VIOLATION, Intent.REPORTED)

    assert [outcome for outcome, _ in await after(watched, ("again", "larger"))] == [Outcome.MATCH] * 2


async def test_one_allowed_frame_says_nothing_of_the_others(watched: Services, front: FakeFront) -> None:
    """An animation that may be pornographic stays with the moderators, if one of its frames was allowed alone."""

    class Strict:
        async def score(self, _look: Look) -> float:
            return 0.99

    strict = replace(watched, content_filter=Strict(), nsfw_at=0.5)
    front.images["longer"] = gif([UNKNOWN, scribble(50), scribble(51)])
    await decide(strict, "unknown", Decision.ALLOWED)

    assert told(await post(strict, "unknown again")) == EXCUSED
    assert told(await post(strict, "longer")) == (Outcome.REVIEW, "adult")


async def test_a_reference_made_of_a_violation_is_removed_as_before(watched: Services, front: FakeFront) -> None:
    """Adding it weakens nothing, and the card tells of the reference."""
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    await watched.references.create_collection(Collection(name="mine", purpose=Purpose.BLOCKLIST))
    await references.add(watched, Entry(key="added", collection="mine"), front.images["unknown"])
    verdict = await post(watched, "unknown again")

    assert verdict.best
    assert verdict.best.reference.key == "added"
    assert Act.REMOVE in await acts(watched)


async def test_decisions_on_a_file_hold_while_there_is_a_case(watched: Services) -> None:
    """After a year edits are unknown; the very files are not, and of two decisions the newer one counts still."""
    await decide(watched, "copy", Decision.ALLOWED)
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    await later(watched, 360)
    await decide(watched, "again", Decision.VIOLATION, Intent.REPORTED)
    await later(watched, 6)

    assert told(await post(watched, "unknown")) == MATCHED
    assert told(await post(watched, "unknown again")) == NOTHING
    assert told(await post(watched, "copy")) == MATCHED


async def test_abuse_on_a_known_image_is_told(watched: Services, db: Database, front: FakeFront) -> None:
    """The same file is removed and a nearly equal one told as such; neither leaves a picture, nor does a report."""
    front.images["near"] = saved(COPY, "JPEG", quality=72)
    await decide(watched, "copy", Decision.ABUSE)
    left = await kept(db)
    for image, intent in (("copy", Intent.POSTED), ("near", Intent.POSTED), ("copy", Intent.REPORTED)):
        watched.clock.turn(hours=3)  # type: ignore[attr-defined]  # the tests' own
        verdict = await post(watched, image, intent)
        case = await newest(watched)
        assert Purpose.ILLEGAL in {match.reference.purpose for match in verdict.matches}
        assert case.based_on
        assert case.based_on.decision is Decision.ABUSE
        assert case.thumbnail == ""
        assert await evidence.picture(watched, case) is None
        if image == "copy" and intent is Intent.POSTED:
            assert Act.REMOVE in await acts(watched)

    assert left == await kept(db) == {"hashes": 1, "vectors": 0, "pictures": 0}


async def test_the_reference_is_not_shown_in_place_of_abuse(watched: Services) -> None:
    """The posted file is the reference's own: its picture would be the very one that nobody is to see."""
    await decide(watched, "known", Decision.ABUSE)
    watched.clock.turn(hours=3)  # type: ignore[attr-defined]  # the tests' own
    await post(watched, "known")

    assert await evidence.picture(watched, await newest(watched)) is None


async def test_who_was_unsure_has_nothing_to_take_back(watched: Services) -> None:
    """The card of a copy offers the undo of what was decided first, and not of a doubt about it since."""
    first = await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    await post(watched, "unknown again")
    copy = (await newest(watched)).id
    before = labels(await watched.cases.get(copy))
    await review.undo(watched, first.id, "bo")
    await review.decide(watched, first.id, Decision.UNSURE, "bo")
    after_doubt = labels(await watched.cases.get(copy))

    assert ("Undo case 1" in before, "Undo case 1" in after_doubt) == (True, False)


def labels(case: Case) -> list[str]:
    return [button.label for button in buttons_of_case(Words.of("en"), case, None, frozenset())]


async def test_why_tells_who_allowed_it(watched: Services, front: FakeFront) -> None:
    """Of a clean image, too: staff who ask read of the decision, and a violation is one for them, too."""
    front.images["asked"] = front.images["unknown again"]
    allowed = await decide(watched, "unknown", Decision.ALLOWED, Intent.REPORTED)
    explanation = await explain(watched, event("asked"))

    assert told(explanation.finding.verdict) == EXCUSED
    assert explanation.based_on == allowed.standing


async def test_abuse_takes_the_pictures_of_all_its_copies(watched: Services, db: Database) -> None:
    """Also of a case that nobody has decided: nothing is kept of that image."""
    await post(watched, "unknown", Intent.REPORTED)
    first = await newest(watched)
    await decide(watched, "unknown", Decision.ABUSE, Intent.REPORTED)

    assert (await watched.cases.get(first.id)).thumbnail == ""
    assert (await kept(db))["pictures"] == 0


async def test_a_plain_picture_accuses_nobody(watched: Services, db: Database, front: FakeFront) -> None:
    """Of one without detail nothing is kept but its bytes: every other plain picture would be its copy."""
    front.images["plain"] = saved(KNOWN.resize((1, 2)).resize((300, 200)))
    front.images["as plain"] = saved(OTHER.resize((1, 2)).resize((300, 200)))
    await decide(watched, "plain", Decision.VIOLATION, Intent.REPORTED)

    assert await kept(db) == {"hashes": 0, "vectors": 0, "pictures": 0}
    assert told(await post(watched, "plain")) == MATCHED
    assert told(await post(watched, "as plain"))[0] is Outcome.CLEAN


async def test_many_decisions_on_one_frame_hide_none(watched: Services, front: FakeFront) -> None:
    """However many variants of one frame are called a violation since, the allowed one stays the closest."""
    await decide(watched, "unknown", Decision.ALLOWED, Intent.REPORTED)
    for number in range(8):
        variant = UNKNOWN.copy()
        variant.paste(scribble(60 + number).resize((UNKNOWN.width // 3, UNKNOWN.height // 3)), (20, 20))
        front.images[f"variant {number}"] = saved(variant)
        await decide(watched, f"variant {number}", Decision.VIOLATION, Intent.REPORTED)

    assert (await post(watched, "unknown again")).outcome is Outcome.CLEAN
    assert told(await post(watched, "variant 3")) == MATCHED


async def test_the_decision_on_a_copy_counts_of_itself(watched: Services) -> None:
    """Also once the first one is taken back: it was made about that picture, too."""
    first = await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    await decide(watched, "unknown again", Decision.VIOLATION)
    await review.undo(watched, first.id, "bo")

    assert await after(watched, ("unknown again", "unknown")) == [MATCHED] * 2


async def test_what_was_asked_is_known_once_it_is_decided(watched: Services, front: FakeFront) -> None:
    """A picture of a reported album that a moderator then calls a violation is asked about no more."""
    front.images["harmless"] = saved(HARMLESS)
    album = [event(name, message=name, intent=Intent.REPORTED, group="album") for name in ("harmless", "unknown")]
    await intake.accept(watched, album)
    for waiting in await watched.inbox.claim(2, LEASE):
        await screen(watched, waiting)
    await review.decide(watched, (await newest(watched)).id, Decision.VIOLATION, "ann")
    watched.clock.turn(hours=3)  # type: ignore[attr-defined]  # the tests' own
    await decide(watched, "unknown again", Decision.VIOLATION)

    assert told(await post(watched, "unknown")) == MATCHED


async def test_a_decision_for_some_channels_shadows_none_for_all(watched: Services) -> None:
    """Who moderates one channel allows the same file there: elsewhere its edits are what was decided for all."""
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    only_here = frozenset({SPACE.channel})
    await decide(watched, "unknown", Decision.ALLOWED, Intent.REPORTED, channels=only_here)
    elsewhere = replace(SPACE, channel="two")
    await watched.policies.set(elsewhere, Policy(mode=Mode.FLAG), "ann")

    assert told(await post(watched, "unknown again")) == NOTHING
    assert told(await post(watched, "unknown again", space=elsewhere)) == MATCHED


async def test_a_newer_permission_hides_nothing_beside_it(watched: Services, front: FakeFront) -> None:
    """In an animation with an allowed frame the violation is still there."""
    front.images["both frames"] = gif([KNOWN, UNKNOWN])
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    await decide(watched, "copy", Decision.ALLOWED)

    assert told(await post(watched, "both frames")) == MATCHED


async def test_a_damaged_row_stops_nothing(watched: Services, db: Database) -> None:
    """Neither hash, embedding nor picture: the image is known by its file alone."""
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    async with db.write() as connection:
        await connection.execute(update(case_frames).values(hash=b"xx", vector=b"xxx", picture=b"no picture"))
    watched.cases.changed()  # type: ignore[attr-defined]  # of the SQL store

    assert await after(watched, ("unknown", "unknown again", "copy")) == [MATCHED, NOTHING, MATCHED]


async def test_an_allowed_preview_allows_no_reference(watched: Services, front: FakeFront) -> None:
    """Of a video that could not be had the preview showed a known image: that image is known as before."""
    front.previews["film"] = front.images["known"]
    await decide(watched, "film", Decision.ALLOWED)

    assert await after(watched, ("copy", "again")) == [MATCHED] * 2


async def test_a_decision_that_is_too_old_excuses_no_edit(watched: Services) -> None:
    """Also where nothing was deleted since, because the bot did not run."""
    await decide(watched, "copy", Decision.ALLOWED)
    watched.clock.turn(days=366)  # type: ignore[attr-defined]  # the tests' own

    assert told(await post(watched, "again")) == MATCHED


async def test_what_another_process_deleted_is_followed_soon(watched: Services, db: Database, front: FakeFront) -> None:
    """`resight forget` beside a bot that runs: ten minutes later the bot knows nothing of the image."""
    front.images["near"] = saved(COPY, "JPEG", quality=72)
    await decide(watched, "copy", Decision.ALLOWED)
    await later(watched, 8)
    before = told(await post(watched, "near"))
    async with db.write() as connection:
        await connection.execute(delete(case_frames))
    watched.clock.turn(minutes=11)  # type: ignore[attr-defined]  # the tests' own

    assert before == EXCUSED
    assert told(await post(watched, "near")) == MATCHED


class Tired:
    """A runner whose time is over as soon as it compares anything."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def __getattr__(self, name: str) -> object:
        return getattr(self._runner, name)

    async def verify(self, look: Look, pairs: Sequence[object], *_rest: object, **_more: object) -> list[None]:
        if pairs:
            look.notes.spent_s = self._runner.budget_s + 1
        return [None for _ in pairs]


async def test_what_could_not_be_compared_in_time_is_not_clean(watched: Services) -> None:
    """An image is close to one that was called a violation, and the time is over: a person looks."""
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    tired = replace(watched, runner=Tired(watched.runner))  # type: ignore[arg-type]  # it is one by what it passes on

    assert told(await post(tired, "unknown again")) == (Outcome.REVIEW, "partial-budget")


async def test_who_reads_a_second_report_reads_of_the_first_decision(watched: Services) -> None:
    """Also of an image that matches nothing; one that was allowed is not offered as a reference."""
    first = await decide(watched, "unknown", Decision.ALLOWED, Intent.REPORTED)
    verdict = await post(watched, "unknown again", Intent.REPORTED)
    case = await newest(watched)

    assert told(verdict) == EXCUSED
    assert case.based_on
    assert (case.based_on.case, case.based_on.decision) == (first.id, Decision.ALLOWED)
    assert not may_be_added(case)


async def test_only_a_whole_reference_settles_what_an_image_shows(watched: Services) -> None:
    """Two pages with the same logo may differ in all else."""
    for image in ("both", "copy"):
        await decide(watched, image, Decision.ALLOWED)
    spec = watched.runner.spec
    rulings = (await watched.decided.of(SPACE.home, spec.space_id, spec.dim)).rulings

    assert {ruling.case: len(ruling.same) for ruling in rulings} == {1: 0, 2: 1}
