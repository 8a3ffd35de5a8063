"""Suspected child abuse: the post goes, nothing of its picture stays anywhere, and nobody gets to see it again."""

from pathlib import Path

import pytest

from bot.services import Services
from core.cases import Case, Policy
from core.chat import Carried, Community, Subscription
from core.errors import NotFound
from core.matches import Verdict
from core.types import (
    Act,
    ActState,
    Collection,
    Decision,
    ImageEvent,
    Mode,
    Outcome,
    Platform,
    Purpose,
    Space,
)
from handlers import alerts, evidence, intake, outbox, references, review
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from store.sql.db import Database
from tests.small import DONE, SPACE, FakeFront, event, saved, scribble

NAME = "a-telling-file-name.jpg"


@pytest.fixture
async def case(services: Services, front: FakeFront) -> Case:
    """A match that has its card."""
    await services.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="cards"), "ann")
    await services.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await services.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    await references.add(services, Entry(key="one", collection="library"), saved(scribble(1)))
    front.images["one"] = saved(scribble(1).resize((200, 150)), "JPEG", quality=70)
    await intake.accept(services, [event("one", file_name=NAME, hint="https://cdn.example/signed")])
    (waiting,) = await services.inbox.claim(1, LEASE)
    await screen(services, waiting)
    await carried_out(services)
    (found,) = await services.cases.newest(limit=1)
    assert found.thumbnail
    assert await evidence.picture(services, found)
    return found


async def carried_out(services: Services) -> list[Carried | None]:
    """Carry out all that waits."""
    done = []
    while claimed := await services.cases.claim_actions(9):
        done += [await outbox.carry_out(services, action) for action in claimed]
    return done


def bytes_on_disk(db: Database) -> bytes:
    """The database with its log."""
    return b"".join(path.read_bytes() for path in Path(db.path).parent.glob("resight.db*"))


async def test_the_post_goes_and_nothing_is_kept(services: Services, case: Case, db: Database) -> None:
    """Thumbnail, name of the file and the way to its bytes are gone, also from the files on the disk."""
    kept = await services.media.get(case.thumbnail)
    assert kept
    assert kept.data[100:200] in bytes_on_disk(db)
    decided = await review.decide(services, case.id, Decision.ABUSE, "ann")
    await carried_out(services)
    after = await services.cases.get(case.id)

    assert (after.thumbnail, after.event.file_name, after.event.hint, decided.is_suspected) == ("", "", "", True)
    assert await services.media.get(case.thumbnail) is None
    assert await evidence.picture(services, after) is None
    assert [one.state for one in after.actions if one.act is Act.REMOVE] == [ActState.DONE]
    assert kept.data[100:200] not in bytes_on_disk(db)
    assert NAME.encode() not in bytes_on_disk(db)


async def test_an_upload_of_the_web_channel_goes_too(services: Services, db: Database) -> None:
    """There Resight itself is the platform: the uploaded bytes are not kept for an undo either."""
    data = saved(scribble(9))
    post = await services.posts.add("alice", NAME, data)
    web = Space(platform=Platform.WEB, community="web", channel="channel")
    await services.inbox.accept([ImageEvent(space=web, message=post.id, image="0", author="alice")])
    (waiting,) = await services.inbox.claim(1, LEASE)
    number = await services.cases.conclude(waiting, "aa", Verdict(outcome=Outcome.REVIEW), Mode.FLAG)
    assert number
    assert data[100:200] in bytes_on_disk(db)
    await services.cases.decide(number, Decision.ABUSE, "ann", [])

    with pytest.raises(NotFound):
        await services.posts.data(post.id)
    assert data[100:200] not in bytes_on_disk(db)


async def test_it_is_never_posted_again(services: Services, case: Case, front: FakeFront) -> None:
    """Not by an undo, and not by whatever is decided afterwards."""
    await review.decide(services, case.id, Decision.ABUSE, "ann")
    await carried_out(services)
    await review.undo(services, case.id, "bo")
    await carried_out(services)
    after = await services.cases.get(case.id)

    assert after.is_suspected
    assert [one.state for one in after.actions if one.act is Act.RESTORE] == [ActState.UNSUPPORTED]
    assert Act.RESTORE not in [action.act for action in front.acts]


async def test_what_subscribers_were_told_is_taken_back(services: Services, front: FakeFront) -> None:
    """Their message shows the picture, too; and nothing more is told of the burst, whatever else is posted."""
    await services.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    await references.add(services, Entry(key="one", collection="library"), saved(scribble(1)))
    await services.alerts.subscribe(
        Subscription(collection="library", platform=SPACE.platform, channel="news", community=SPACE.home), "ann"
    )
    first = await posted(services, front, "one")
    front.answer = Carried(state=ActState.DONE, receipt="news:1")
    await told(services)
    await posted(services, front, "two")
    await review.decide(services, first, Decision.ABUSE, "ann")
    front.answer = DONE
    await told(services)
    await posted(services, front, "three")
    await told(services)

    assert [one.receipt for one in front.alerts] == [""]
    assert [one.receipt for one in front.withdrawn] == ["news:1"]


async def posted(services: Services, front: FakeFront, image: str) -> int:
    """A copy of the known picture, screened; the number of its case."""
    front.images[image] = saved(scribble(1).resize((200, 150)), "JPEG", quality=70)
    await services.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await intake.accept(services, [event(image)])
    (waiting,) = await services.inbox.claim(1, LEASE)
    await screen(services, waiting)
    return (await services.cases.newest(limit=1))[0].id


async def told(services: Services) -> None:
    for alert in await services.alerts.due(9):
        await alerts.tell(services, alert)


async def test_no_copy_of_a_removed_post_stays_with_the_moderators(
    case: Case, services: Services, front: FakeFront
) -> None:
    """What a removal left for an undo is deleted once the card says what it was, and is not asked for again."""
    await review.decide(services, case.id, Decision.VIOLATION, "ann")
    front.answer = Carried(state=ActState.DONE, receipt="7")
    await carried_out(services)
    assert [receipt for _, receipt in await services.cases.copies(case.id)] == ["7"]
    await review.undo(services, case.id, "ann")
    await review.decide(services, case.id, Decision.ABUSE, "ann")
    front.answer = DONE
    await carried_out(services)
    await services.cases.ask(case.id, "again", [Act.CARD])
    await carried_out(services)

    assert front.discarded == ["7"]
    assert await services.cases.copies(case.id) == []
