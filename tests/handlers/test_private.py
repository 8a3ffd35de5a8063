"""What is looked at is not kept: no byte of a file that somebody posted, asked about or added reaches the disk.

Each file carries a mark in its EXIF data, which would be there wherever the file was written as it is.
"""

import io
from datetime import timedelta

import pytest
from PIL import Image

from bot.services import Services
from core.cases import Policy
from core.chat import Carried, Community
from core.messages import Incoming, Person, Shown
from core.types import ActState, Collection, Decision, Intent, Mode, Outcome, Purpose, reference_id
from handlers import intake, outbox, references, review
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from handlers.search import search
from store.sql.db import Database
from store.sql.privacy import SqlPrivacy
from tests.handlers.test_abuse import bytes_on_disk
from tests.small import SPACE, FakeFront, event, scribble

WORDS = "I was here with aunt Agatha"
MARK = "taken at 48.8584 N 2.2945 E by a telling camera"


def marked(image: Image.Image) -> bytes:
    """A JPEG with the mark in its EXIF data."""
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x010E] = MARK
    image.save(buffer, "JPEG", quality=80, exif=exif)
    assert MARK.encode() in buffer.getvalue()
    return buffer.getvalue()


@pytest.fixture
async def known(services: Services) -> Services:
    """Somewhere one picture is known, which was added with its mark, and remembered is what was posted."""
    await services.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    community = Community(platform=SPACE.platform, id=SPACE.community, log="cards", remember_hours=24)
    await services.communities.put(community, "ann")
    await services.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    await references.add(services, Entry(key="one", collection="library"), marked(scribble(1)))
    return services


async def looked_at(services: Services, front: FakeFront, image: bytes, intent: Intent) -> Outcome:
    """The outcome of one image on its way through everything."""
    front.images["x"] = image
    front.answer = Carried(state=ActState.DONE)
    await intake.accept(services, [event("x", intent=intent)])
    (waiting,) = await services.inbox.claim(1, LEASE)
    verdict = await screen(services, waiting)
    while claimed := await services.cases.claim_actions(9):
        for action in claimed:
            await outbox.carry_out(services, action)
    assert verdict
    return verdict.outcome


async def test_a_reference_is_drawn_anew(known: Services, db: Database) -> None:
    """What its file says beside the picture is not kept."""
    assert (await known.references.totals())[0] == 1
    assert MARK.encode() not in bytes_on_disk(db)


@pytest.mark.parametrize("intent", [Intent.POSTED, Intent.QUERY, Intent.REPORTED])
@pytest.mark.parametrize(("seed", "outcome"), [(1, Outcome.MATCH), (2, Outcome.CLEAN)])
async def test_a_file_is_in_memory_only(
    known: Services, front: FakeFront, db: Database, intent: Intent, seed: int, outcome: Outcome
) -> None:
    """Posted, asked about or reported, known or not: neither the file nor what it says of its place is on the disk."""
    image = marked(scribble(seed).resize((200, 150)))
    seen = await looked_at(known, front, image, intent)
    middle = image[len(image) // 2 :][:64]

    assert seen is outcome
    assert MARK.encode() not in bytes_on_disk(db)
    assert middle not in bytes_on_disk(db)


async def test_a_search_keeps_nothing(known: Services, db: Database) -> None:
    """Not even that there was one."""
    before = {path.name: path.read_bytes() for path in db.path.parent.glob("resight.db*") if path.suffix != ".db-shm"}
    finding = await search(known, marked(scribble(1)))
    after = {path.name: path.read_bytes() for path in db.path.parent.glob("resight.db*") if path.suffix != ".db-shm"}

    assert finding.verdict.outcome is Outcome.MATCH
    assert after == before


async def test_evidence_is_off_the_disk_in_time(known: Services, front: FakeFront, db: Database) -> None:
    """The thumbnail of a match is on the disk for its days, and then no byte of it, nor in the log."""
    await looked_at(known, front, marked(scribble(1).resize((200, 150))), Intent.POSTED)
    (case,) = await known.cases.newest(limit=1)
    kept = await known.media.get(case.thumbnail)
    assert kept
    assert kept.data[100:200] in bytes_on_disk(db)
    known.clock.turn(days=7, seconds=1)  # type: ignore[attr-defined]  # the tests' own
    await known.media.expire()

    assert kept.data[100:200] not in bytes_on_disk(db)


async def written(services: Services, front: FakeFront, seed: int, text: str) -> None:
    """A picture is posted with words, and looked at."""
    front.images["x"] = marked(scribble(seed).resize((200, 150)))
    await intake.accept(services, [event("x", text=text)])
    (waiting,) = await services.inbox.claim(1, LEASE)
    await screen(services, waiting)


async def test_the_words_of_a_post_are_evidence(known: Services, front: FakeFront, db: Database) -> None:
    """On the case and on the disk for the days of its picture, and then no byte of them, nor in the log."""
    await written(known, front, 1, WORDS)
    (case,) = await known.cases.newest(limit=1)
    kept = WORDS.encode() in bytes_on_disk(db)
    known.clock.turn(days=7, seconds=1)  # type: ignore[attr-defined]  # the tests' own
    await known.privacy.expire()

    assert case.event.text == WORDS
    assert kept
    assert WORDS.encode() not in bytes_on_disk(db)
    assert (await known.cases.get(case.id)).event.text == ""


async def test_the_words_of_a_clean_post_go_with_its_verdict(known: Services, front: FakeFront, db: Database) -> None:
    """Nobody needs them then."""
    await written(known, front, 2, WORDS)
    await known.privacy.expire()

    assert WORDS.encode() not in bytes_on_disk(db)


@pytest.mark.parametrize("how", ["forgotten", "suspected"])
async def test_the_words_of_a_post_go_at_once(known: Services, front: FakeFront, db: Database, how: str) -> None:
    """When its author is forgotten, and when it is called suspected child abuse."""
    await written(known, front, 1, WORDS)
    (case,) = await known.cases.newest(limit=1)
    if how == "forgotten":
        await SqlPrivacy(db, known.clock, timedelta(days=180)).forget(case.event.author, SPACE.platform, "operator")
    else:
        await review.decide(known, case.id, Decision.ABUSE, "ann")
    await known.privacy.expire()

    assert WORDS.encode() not in bytes_on_disk(db)


def test_the_words_of_a_question_are_not_kept() -> None:
    """A message that asks becomes an event without them."""
    asking = Incoming(space=SPACE, message="1", author=Person(id="ann"), text=WORDS, pictures=(Shown(image="x"),))

    assert [one.text for one in asking.events(Intent.QUERY)] == [""]
    assert [one.text for one in asking.events()] == [WORDS]


async def test_a_removed_reference_is_off_the_disk(known: Services, db: Database) -> None:
    """Its picture, its words and its vectors are in no file once it was removed and the log was emptied."""
    entry = Entry(key="two", collection="library", title="A telling title")
    await references.add(known, entry, marked(scribble(3)))
    (picture,) = (await known.references.materials([(reference_id("library", "two"), 0)])).values()
    assert picture.picture[-300:-200] in bytes_on_disk(db)
    await references.remove(known, "library", ["two"])
    await known.privacy.expire()

    assert picture.picture[-300:-200] not in bytes_on_disk(db)
    assert b"A telling title" not in bytes_on_disk(db)


async def test_what_is_remembered_is_off_the_disk_in_time(known: Services, front: FakeFront, db: Database) -> None:
    """An embedding lives as many hours as the staff chose."""
    await looked_at(known, front, marked(scribble(2)), Intent.POSTED)
    (page,) = [page async for page in known.screened.each("", known.runner.spec)]
    vector = page[0].vectors.astype("<f2").tobytes()[:64]
    assert vector in bytes_on_disk(db)
    known.clock.turn(hours=24, seconds=1)  # type: ignore[attr-defined]  # the tests' own
    await known.screened.expire()
    await known.privacy.expire()

    assert vector not in bytes_on_disk(db)


async def test_a_raw_update_is_emptied_when_it_is_done(known: Services, db: Database) -> None:
    """And its number is forgotten after 48 hours."""
    await known.updates.store("telegram", {7: MARK.encode(), 8: b"newer"})
    assert MARK.encode() in bytes_on_disk(db)
    await known.updates.done("telegram", [7, 8])
    await known.privacy.expire()

    assert MARK.encode() not in bytes_on_disk(db)
    known.clock.turn(hours=48, seconds=1)  # type: ignore[attr-defined]  # the tests' own
    await known.updates.done("telegram", [8])
    assert await known.updates.store("telegram", {7: b"again"}) == 1
