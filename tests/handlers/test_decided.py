"""What moderators decide about an image holds for its edits, too, and for nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from bot.services import Services
from core.cases import Case, Policy
from core.chat import Community
from core.matches import Verdict
from core.types import Act, Collection, Decision, Intent, Mode, Outcome, Purpose, Space, reference_id
from handlers import intake, references, review
from handlers.chat.card_adding import may_be_added
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from store.sql.db import Database
from store.sql.tables.judged import case_frames
from tests.handlers.test_abuse import bytes_on_disk
from tests.small import SPACE, FakeFront, event, saved, scribble

KNOWN, OTHER, UNKNOWN = scribble(1), scribble(2), scribble(3)
COPY = KNOWN.resize((200, 150))
MATCHED = (Outcome.MATCH, "copy")
EXCUSED = (Outcome.CLEAN, "allowed-copy")
SAME_FILE = (Outcome.CLEAN, "allowed-before")
NOTHING = (Outcome.CLEAN, "nothing-known")


def cropped(picture: Image.Image, share: float = 0.75) -> Image.Image:
    """The middle of a picture."""
    wide, high = picture.size
    left, top = wide * (1 - share) / 2, high * (1 - share) / 2
    return picture.crop((round(left), round(top), round(wide - left), round(high - top)))


def beside(*pictures: Image.Image) -> Image.Image:
    """Pictures of one size in a row, with white between them."""
    wide, high = pictures[0].size
    sheet = Image.new("RGB", (len(pictures) * (wide + 40) + 40, high + 80), "white")
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (40 + number * (wide + 40), 40))
    return sheet


def gif(pictures: Sequence[Image.Image]) -> bytes:
    return saved(pictures[0], "GIF", save_all=True, append_images=list(pictures[1:]), duration=200)


@pytest.fixture
async def watched(services: Services, front: FakeFront) -> Services:
    """A community that enforces and knows two pictures, and images to post."""
    await services.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    await references.add(services, Entry(key="one"), saved(KNOWN))
    await references.add(services, Entry(key="two"), saved(OTHER))
    await services.policies.set(SPACE, Policy(mode=Mode.ENFORCE), "ann")
    await services.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="cards"), "ann")
    front.images = {
        "copy": saved(COPY, "JPEG", quality=70),
        "again": saved(COPY, "JPEG", quality=85),
        "larger": saved(KNOWN.resize((400, 300)), "WEBP", quality=80),
        "cropped": saved(cropped(KNOWN), "JPEG", quality=85),
        "known": saved(KNOWN),
        "other": saved(OTHER.resize((200, 150)), "JPEG", quality=70),
        "both": saved(beside(KNOWN, OTHER)),
        "pair": saved(beside(KNOWN, KNOWN)),
        "framed": saved(beside(KNOWN, scribble(9))),
        "unknown": saved(UNKNOWN, "JPEG", quality=90),
        "unknown again": saved(UNKNOWN.resize((240, 180)), "JPEG", quality=70),
        "unknown cropped": saved(cropped(UNKNOWN), "JPEG", quality=85),
        "unknown framed": saved(beside(UNKNOWN, scribble(9))),
        "stranger": saved(scribble(8)),
        "animation": gif([KNOWN, scribble(9)]),
        "longer": gif([KNOWN, scribble(9), OTHER]),
        "animation again": gif([KNOWN.resize((200, 150)), scribble(9).resize((200, 150))]),
    }
    return services


async def post(services: Services, image: str, intent: Intent = Intent.POSTED, space: Space = SPACE) -> Verdict:
    await intake.accept(services, [event(image, space, message=uuid4().hex, intent=intent)])
    (waiting,) = await services.inbox.claim(1, LEASE)
    verdict = await screen(services, waiting)
    assert verdict
    return verdict


async def newest(services: Services) -> Case:
    (case,) = await services.cases.newest(limit=1)
    return case


async def decide(
    services: Services,
    image: str,
    decision: Decision,
    intent: Intent = Intent.POSTED,
    channels: frozenset[str] | None = None,
) -> Case:
    """Post an image, and decide its case."""
    await post(services, image, intent)
    services.clock.turn(seconds=1)  # type: ignore[attr-defined]  # the tests' own
    decided = await review.decide(services, (await newest(services)).id, decision, "ann", channels=channels)
    services.clock.turn(seconds=1)  # type: ignore[attr-defined]
    return decided


async def later(services: Services, days: float) -> None:
    """So many days pass, and what is too old is deleted."""
    services.clock.turn(days=days)  # type: ignore[attr-defined]  # the tests' own
    await services.media.expire()
    await services.decided.expire()


def told(verdict: Verdict) -> tuple[Outcome, str]:
    return verdict.outcome, verdict.reason


@pytest.mark.parametrize("edit", ["again", "larger", "cropped", "known"])
@pytest.mark.parametrize("first", ["copy", "known"])
async def test_allowed_holds_for_edits(watched: Services, first: str, edit: str) -> None:
    """What a moderator allowed is clean in another file, size and crop, without a card; other images are not."""
    await decide(watched, first, Decision.ALLOWED)
    before = await newest(watched)

    assert told(await post(watched, edit)) == (SAME_FILE if edit == first else EXCUSED)
    assert (await newest(watched)).id == before.id
    assert told(await post(watched, "other")) == MATCHED


async def test_a_collage_is_excused_as_far_as_it_was_allowed(watched: Services) -> None:
    """An allowed picture excuses itself: what stands beside it is a match, also if it is the same again."""
    await decide(watched, "copy", Decision.ALLOWED)
    both, framed = await post(watched, "both"), await post(watched, "framed")

    assert told(both) == MATCHED
    assert {match.reference.key for match in both.matches} == {"two"}
    assert told(framed) == EXCUSED
    assert told(await post(watched, "pair")) == MATCHED


async def test_no_match_holds_for_edits(watched: Services) -> None:
    """A reference that was ruled out for an image is ruled out for its edits; another one still matches them."""
    await decide(watched, "copy", Decision.NOT_A_MATCH)
    again, cropped_copy, other = [await post(watched, image) for image in ("again", "cropped", "other")]
    await watched.references.create_collection(Collection(name="brands", purpose=Purpose.BRAND))
    await references.add(watched, Entry(key="one", collection="brands"), saved(KNOWN))
    by_another = await post(watched, "again")

    assert told(again) == told(cropped_copy) == NOTHING
    assert told(other) == MATCHED
    assert by_another.best
    assert by_another.best.reference.id == reference_id("brands", "one")


async def test_the_newest_decision_counts(watched: Services) -> None:
    """Of two moderators who decide otherwise about one image the later one is followed, whatever file they saw."""
    await decide(watched, "copy", Decision.ALLOWED)
    await decide(watched, "again", Decision.VIOLATION, Intent.REPORTED)
    accused = [told(await post(watched, image)) for image in ("copy", "again", "larger")]
    await decide(watched, "cropped", Decision.ALLOWED)
    excused = [told(await post(watched, image)) for image in ("copy", "again", "larger")]

    assert accused == [MATCHED] * 3
    assert {outcome for outcome, _ in excused} == {Outcome.CLEAN}


async def test_a_decision_that_was_taken_back_holds_no_more(watched: Services) -> None:
    """After the undo edits are matches again, and what was called a violation is unknown."""
    allowed = await decide(watched, "copy", Decision.ALLOWED)
    reported = await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    before = told(await post(watched, "again")), told(await post(watched, "unknown again"))
    for case in (allowed, reported):
        await review.undo(watched, case.id, "bo")
    after = told(await post(watched, "again")), told(await post(watched, "unknown again"))

    assert before == (EXCUSED, MATCHED)
    assert after == (MATCHED, NOTHING)


async def test_it_holds_where_it_was_decided(watched: Services) -> None:
    """In the channels of the moderator who decided, and in no other community; a question hears what an image is."""
    await decide(watched, "copy", Decision.ALLOWED, channels=frozenset({SPACE.channel}))
    elsewhere = replace(SPACE, channel="next")
    abroad = replace(SPACE, community="abroad")
    for space in (elsewhere, abroad):
        await watched.policies.set(space, Policy(mode=Mode.FLAG), "ann")

    assert told(await post(watched, "again")) == EXCUSED
    assert told(await post(watched, "again", space=elsewhere)) == MATCHED
    assert told(await post(watched, "again", space=abroad)) == MATCHED
    assert told(await post(watched, "again", Intent.QUERY)) == MATCHED


@pytest.mark.parametrize("image", ["unknown", "unknown again", "unknown framed"])
async def test_a_reported_violation_is_found_again(watched: Services, image: str) -> None:
    """What nobody knew is removed when it comes again, edited, too, and is offered as a reference; a stranger stays."""
    first = await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    verdict = await post(watched, image)
    case = await newest(watched)

    assert told(verdict) == MATCHED
    assert verdict.best
    assert verdict.best.reference.title == f"#{first.id}"
    assert Act.REMOVE in [action.act for action in case.actions]
    assert may_be_added(case)
    assert told(await post(watched, "stranger")) == NOTHING


async def test_a_community_that_only_flags_removes_nothing(watched: Services) -> None:
    """What moderators called a violation is flagged there, as a confirmed reference is."""
    await watched.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    await post(watched, "unknown again")

    assert [action.act for action in (await newest(watched)).actions] == [Act.CARD, Act.FLAG, Act.CARD]


async def test_its_copies_are_one_card(watched: Services) -> None:
    """Copies of a reported image that follow within the hour join one case."""
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    for image in ("unknown again", "unknown"):
        await post(watched, image)
    case = await newest(watched)

    assert case.burst
    assert case.burst.posts == 2


async def test_a_crop_of_a_reported_violation_is_a_doubt(watched: Services) -> None:
    """What was cut off may have been what was meant: a moderator is asked."""
    await decide(watched, "unknown", Decision.VIOLATION, Intent.REPORTED)
    verdict = await post(watched, "unknown cropped")

    assert told(verdict) == (Outcome.REVIEW, "unsure")
    assert (await newest(watched)).based_on


async def test_suspected_abuse_is_known_by_hashes_alone(watched: Services, db: Database, front: FakeFront) -> None:
    """The same file is removed, a nearly equal one flagged; neither leaves a picture, nor does the first."""
    front.images["near"] = saved(UNKNOWN, "JPEG", quality=80)
    await post(watched, "unknown", Intent.REPORTED)
    (kept,) = await frames(db)
    picture = (await watched.decided.pictures([kept]))[kept]
    there = part_of(picture) in bytes_on_disk(db)
    await review.decide(watched, (await newest(watched)).id, Decision.ABUSE, "ann")
    verdicts, acts = [], []
    for image in ("unknown", "near"):
        verdicts.append(told(await post(watched, image)))
        case = await newest(watched)
        acts.append([action.act for action in case.actions])
        assert case.thumbnail == ""

    assert there
    assert part_of(picture) not in bytes_on_disk(db)
    assert verdicts == [MATCHED, MATCHED]
    assert acts == [[Act.CARD, Act.REMOVE, Act.CARD], [Act.CARD, Act.FLAG, Act.CARD]]
    assert told(await post(watched, "stranger")) == NOTHING


def part_of(picture: bytes) -> bytes:
    """Bytes that no other picture has."""
    return picture[len(picture) // 2 :][:100]


async def frames(db: Database) -> list[int]:
    """The numbers of all kept frames."""
    async with db.read() as connection:
        return list((await connection.execute(select(case_frames.c.id))).scalars())


async def test_an_animation_is_excused_as_a_whole(watched: Services) -> None:
    """Every frame must have been allowed: one more in it may be anything."""
    await decide(watched, "animation", Decision.ALLOWED)

    assert told(await post(watched, "animation again")) == EXCUSED
    assert told(await post(watched, "longer")) == MATCHED
    assert told(await post(watched, "copy")) == EXCUSED


async def test_after_the_evidence_a_hash_is_left(watched: Services, db: Database, front: FakeFront) -> None:
    """The picture goes with the thumbnail; nearly equal files are still excused, a crop is a match again."""
    front.images["near"] = saved(COPY, "JPEG", quality=75)
    await decide(watched, "copy", Decision.ALLOWED)
    (kept,) = await frames(db)
    picture = (await watched.decided.pictures([kept]))[kept]
    await later(watched, 7.01)

    assert part_of(picture) not in bytes_on_disk(db)
    assert told(await post(watched, "near")) == EXCUSED
    assert told(await post(watched, "cropped")) == MATCHED


async def test_what_nobody_decided_about_is_not_kept(watched: Services, db: Database) -> None:
    """With the evidence all goes of an open case, and a decision is followed for as long as the operator chose."""
    await post(watched, "other")
    await decide(watched, "copy", Decision.ALLOWED)
    both = await frames(db)
    await later(watched, 8)
    decided = await frames(db)
    await later(watched, 365)

    assert len(both) == 2
    assert decided == both[1:]
    assert await frames(db) == []


async def test_a_decision_after_the_evidence_holds_for_the_same_file(watched: Services) -> None:
    """Where the picture is gone before anybody decides, there is nothing to compare with."""
    await post(watched, "copy")
    await later(watched, 8)
    await review.decide(watched, (await newest(watched)).id, Decision.ALLOWED, "ann")

    assert told(await post(watched, "copy")) == SAME_FILE
    assert told(await post(watched, "cropped")) == MATCHED


async def test_who_is_forgotten_leaves_no_frame(watched: Services, db: Database) -> None:
    """Neither picture nor hash is kept of what they posted; the decision holds for the same file alone."""
    await decide(watched, "copy", Decision.ALLOWED)
    (kept,) = await frames(db)
    picture = (await watched.decided.pictures([kept]))[kept]
    case = await newest(watched)
    await watched.privacy.forget(case.event.author, SPACE.platform, "ann")  # type: ignore[attr-defined]

    assert await frames(db) == []
    assert part_of(picture) not in bytes_on_disk(db)
