"""Adding, removing, syncing: what SQL says, the vector store will say too."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from PIL import Image

from bot.services import Services
from core.errors import Conflict, DataError, NotFound, StoreDown, Unscannable
from core.matches import Finding, Hit
from core.types import Collection, Decision, Kind, Mode, Outcome, Point, Purpose, reference_id
from handlers import references
from handlers.collections import create_collection
from handlers.references import Added, Entry
from handlers.search import search
from store.vectors.exact import ExactCatalogue
from tests.small import SPACE, Toy, entry, event, saved, scribble

LOGO = Entry(key="logo", title="Logo", source_url="https://example.org/logo", owner="Mira", rights="CC", note="n")
COPY = saved(scribble(1), "BMP")
"""The same pixels as `saved(scribble(1))`, in other bytes: only the vectors find it."""


class Shaky(ExactCatalogue):
    """A vector store that fails as often as it is told, before or after it did what it was asked."""

    before = after = 0
    pause: asyncio.Event | None = None

    async def upsert(self, points: Sequence[Point]) -> None:
        pause, self.pause = self.pause, None
        if pause:
            await pause.wait()
        self.before -= 1
        if self.before >= 0:
            raise StoreDown("The vector store does not answer.")
        await super().upsert(points)
        self.after -= 1
        if self.after >= 0:
            raise StoreDown("The vector store did not say whether it was done.")


@pytest.fixture
async def shaky() -> Shaky:
    made = Shaky()
    await made.open_space(Toy.spec.space_id, Toy.spec.dim)
    return made


@pytest.fixture
async def library(services: Services, shaky: Shaky) -> Services:
    await services.references.create_collection(Collection(name="library"))
    return replace(services, catalogue=shaky)


async def hits(services: Services) -> list[Hit]:
    """All that the vector store answers to a few queries."""
    vectors = np.random.default_rng(2).normal(size=(5, 64)).astype(np.float32)
    answers = await services.catalogue.search(vectors, {"library", "brands"}, limit=50, floor=-1)
    return [hit for answer in answers for hit in answer]


async def test_added_replaced_unchanged(library: Services) -> None:
    """The same again does nothing, other words change what is said, and other bytes replace where they may."""
    said = [
        await references.add(library, one, saved(scribble(seed)), replacing=True)
        for one, seed in ((LOGO, 1), (LOGO, 1), (replace(LOGO, title="x"), 1), (replace(LOGO, title="x"), 2))
    ]

    assert said == [Added.ADDED, Added.UNCHANGED, Added.CHANGED, Added.REPLACED]
    assert await library.references.totals() == (1, 2)
    assert await library.catalogue.count() == 2


async def test_another_picture_never_takes_a_place_unasked(library: Services) -> None:
    """The picture that has the key stays, with all that was said of it."""
    await references.add(library, LOGO, saved(scribble(1)))
    before = await library.references.find(LOGO.collection, LOGO.key)

    with pytest.raises(Conflict, match="another file"):
        await references.add(library, replace(LOGO, title="mine"), saved(scribble(2)))
    assert await library.references.find(LOGO.collection, LOGO.key) == before


async def test_what_is_not_said_stays(library: Services) -> None:
    """Fields that are left out keep their value, whether the picture stays or is replaced; what is empty empties."""
    full = replace(LOGO, title="t", source_url="https://example.org", owner="o", rights="r", note="n")
    await references.add(library, full, saved(scribble(1)))
    bare = Entry(key=LOGO.key, collection=LOGO.collection)
    said = [
        await references.add(library, bare, saved(scribble(1))),
        await references.add(library, bare, saved(scribble(2)), replacing=True),
    ]
    kept = Entry.of(await library.references.find(LOGO.collection, LOGO.key))
    said.append(await references.add(library, replace(bare, owner=""), saved(scribble(2))))

    assert (said, kept) == ([Added.UNCHANGED, Added.REPLACED, Added.CHANGED], full)
    assert Entry.of(await library.references.find(LOGO.collection, LOGO.key)) == replace(full, owner="")


async def test_a_reference_keeps_its_life_under_another_key(library: Services) -> None:
    """Its picture, hashes, cases and what was chosen about it go with it, and the old key is free."""
    await references.add(library, LOGO, saved(scribble(1)))
    old = await library.references.find(LOGO.collection, LOGO.key)
    case = await case_of(library, await search(library, saved(scribble(1))))
    await library.choices.act_on_variants(SPACE, old.id, True, "ann")
    await references.rename(library, old, "acme/logo.png")
    new = await library.references.find(LOGO.collection, "acme/logo.png")
    found, best = await search(library, saved(scribble(1))), (await library.cases.get(case)).verdict.best

    assert replace(new, key=old.key) == old
    assert [(one.reference.id, one.kind) for one in found.verdict.matches] == [(new.id, Kind.EXACT)]
    assert best and best.reference.id == new.id
    assert await library.cases.confirmed(SPACE, {new.id}) == {new.id}
    assert list(await library.choices.of(SPACE, {new.id})) == [new.id]
    assert await library.references.known(LOGO.collection, [LOGO.key]) == {}
    assert await references.add(library, LOGO, saved(scribble(2))) is Added.ADDED


async def test_a_taken_key_is_not_given_away(library: Services) -> None:
    """A new key that another reference has is refused, and both stay."""
    await references.add(library, LOGO, saved(scribble(1)))
    await references.add(library, replace(LOGO, key="other"), saved(scribble(2)))
    old = await library.references.find(LOGO.collection, LOGO.key)

    with pytest.raises(Conflict, match="already"):
        await references.rename(library, old, "other")
    assert sorted(await library.references.known(LOGO.collection, [LOGO.key, "other"])) == sorted([LOGO.key, "other"])


async def case_of(services: Services, finding: Finding) -> int:
    """A case of that finding which a moderator confirmed."""
    await services.inbox.accept([event()])
    (waiting,) = await services.inbox.claim(1, timedelta(minutes=1))
    case = await services.cases.conclude(waiting, finding.sha256, finding.verdict, Mode.FLAG, ())
    assert case
    await services.cases.decide(case, Decision.VIOLATION, "ann", ())
    return case


async def test_what_is_added_is_found_with_all_that_was_said(library: Services) -> None:
    """When `add` returns, the next search matches, and names source, owner and rights."""
    await references.add(library, LOGO, saved(scribble(1)))
    finding = await search(library, COPY)

    assert finding.verdict.best
    known = finding.verdict.best.reference
    assert finding.verdict.outcome is Outcome.MATCH
    assert (known.key, known.title, known.owner, known.rights, known.note) == ("logo", "Logo", "Mira", "CC", "n")
    assert (known.source_url, known.width, known.height) == ("https://example.org/logo", 240, 180)
    assert known.added_at == library.clock()


async def test_an_animation_has_a_vector_for_each_distinct_frame(library: Services) -> None:
    """Each distinct frame of a reference is found, a repeated one is kept once."""
    frames = [scribble(seed) for seed in (1, 2, 2, 3)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    await references.add(library, LOGO, data)
    finding = await search(library, saved(scribble(3)))

    assert await library.catalogue.count() == 6
    assert finding.verdict.outcome is Outcome.MATCH


async def test_removed_is_forgotten(library: Services) -> None:
    """When `remove` returns, the next search does not match."""
    await references.add(library, LOGO, saved(scribble(1)))

    assert await references.remove(library, "library", ["logo", "nobody"]) == ["logo"]
    assert (await search(library, COPY)).verdict.outcome is Outcome.CLEAN
    assert await library.catalogue.count() == 0


async def test_a_collection_goes_with_its_references(library: Services) -> None:
    """A deleted collection leaves nothing behind in either store."""
    made = await create_collection(library, "brands", Purpose.BRAND, "discord:guild")
    await references.add(library, replace(LOGO, collection="brands"), saved(scribble(1)))

    assert made == Collection(name="brands", purpose=Purpose.BRAND, owner="discord:guild")
    assert await references.delete_collection(library, "brands") == 1
    assert await library.catalogue.count() == 0
    assert [one.name for one in await library.references.collections()] == ["library"]


@pytest.mark.parametrize("owner", ["1", "guild", "slack:1", "discord:", ":1", "unknown:1"])
async def test_an_owner_names_its_platform(library: Services, owner: str) -> None:
    """A number alone may be that of two communities."""
    with pytest.raises(DataError, match="discord:ID"):
        await create_collection(library, "brands", Purpose.BRAND, owner)


@pytest.mark.parametrize("fault", ["before", "after"])
async def test_a_crash_between_the_stores_heals(library: Services, shaky: Shaky, fault: str) -> None:
    """Whether the vector store failed before or after its work, the next sync finds the truth in SQL."""
    setattr(shaky, fault, 2)
    for _ in range(2):
        with pytest.raises(StoreDown):
            await references.add(library, LOGO, saved(scribble(1)))

    assert await references.sync(library) == 2
    assert await references.sync(library) == 0
    assert (await search(library, COPY)).verdict.outcome is Outcome.MATCH


async def test_adding_again_after_a_failure_makes_it_searchable(library: Services, shaky: Shaky) -> None:
    """Whoever tries again after the vector store failed is told "unchanged" only once it can be found."""
    shaky.before = 1
    with pytest.raises(StoreDown):
        await references.add(library, LOGO, saved(scribble(1)))

    assert await references.add(library, LOGO, saved(scribble(1))) is Added.UNCHANGED
    assert (await search(library, COPY)).verdict.outcome is Outcome.MATCH


async def test_a_crash_after_removing_heals(library: Services) -> None:
    """A reference that SQL no longer has is taken from the vector store at the next sync, even with fewer frames."""
    await references.add(library, LOGO, saved(scribble(1)))
    await library.references.remove("library", ["logo"])

    assert await library.catalogue.count() == 2
    assert await references.sync(library) == 1
    assert await library.catalogue.count() == 0


async def test_a_rebuild_gives_the_same_answers(library: Services, shaky: Shaky) -> None:
    """An emptied vector store is written again from SQL, and answers to the last digit as before."""
    for seed in range(12):
        await references.add(library, Entry(key=str(seed)), saved(scribble(seed)))
    before = await hits(library)
    await shaky.clear()

    assert await references.rebuild(library) == 24
    assert await hits(library) == before
    assert len(before) == 120


async def test_a_rebuild_forgets_strangers(library: Services, shaky: Shaky) -> None:
    """What SQL does not know is gone after a rebuild."""
    vector = np.ones(64, np.float32)
    await shaky.upsert([Point(reference=UUID(int=7), collection="library", part=0, vector=vector)])

    assert await references.rebuild(library) == 0
    assert await shaky.count() == 0


async def test_an_older_sync_never_writes_over_a_newer_one(library: Services, shaky: Shaky) -> None:
    """A sync that was slow does not put vectors back that were replaced meanwhile."""
    old, new = (np.roll(np.eye(1, 64, dtype=np.float32), at) for at in (0, 1))
    shaky.pause = resume = asyncio.Event()
    await library.references.put([replace(entry("logo"), vectors=old)])
    slow = asyncio.create_task(references.sync(library))
    await asyncio.sleep(0.05)
    await library.references.put([replace(entry("logo"), vectors=new)])
    fast = asyncio.create_task(references.sync(library))
    await asyncio.sleep(0.05)
    resume.set()
    await asyncio.gather(slow, fast)
    ((hit,),) = await shaky.search(new, {"library"}, limit=1, floor=-1)

    assert hit.reference == reference_id("library", "logo")
    assert hit.score == pytest.approx(1)


async def test_many_at_once(library: Services) -> None:
    """References that are added at the same time all arrive, in both stores."""
    adding = [references.add(library, Entry(key=str(seed)), saved(scribble(seed))) for seed in range(10)]

    assert set(await asyncio.gather(*adding)) == {Added.ADDED}
    assert await library.references.totals() == (10, 20)
    assert await library.catalogue.count() == 20


async def test_an_unknown_collection_is_told(library: Services) -> None:
    """Nothing is added to or removed from a collection that nobody made."""
    for asked in (
        references.add(library, Entry(key="a", collection="brands"), saved(scribble(1))),
        references.remove(library, "brands", ["a"]),
        references.delete_collection(library, "brands"),
    ):
        with pytest.raises(NotFound, match="no collection 'brands'; there are: 'library'"):
            await asked


@pytest.mark.parametrize("key", ["", "   ", "x" * 201])
async def test_a_bad_key_is_told(library: Services, key: str) -> None:
    """A key is neither empty nor endless."""
    with pytest.raises(DataError, match="1 to 200 characters"):
        await references.add(library, Entry(key=key), saved(scribble(1)))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.org", "ftp://example.org/a"])
async def test_a_source_is_a_web_address(library: Services, url: str) -> None:
    """A source that is shown as a link is an http address or nothing."""
    with pytest.raises(DataError, match="must start with http"):
        await references.add(library, Entry(key="a", source_url=url), saved(scribble(1)))


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a\nb", "x" * 65, "<b>"])
async def test_a_bad_collection_name_is_told(library: Services, name: str) -> None:
    """A collection's name is short and plain."""
    with pytest.raises(DataError, match="1 to 64 letters"):
        await create_collection(library, name, Purpose.BRAND)


async def test_names_in_any_script_are_fine(library: Services) -> None:
    """Letters are letters in every language, and a name is taken once."""
    assert (await create_collection(library, "品牌-1.a_b", Purpose.BRAND)).name == "品牌-1.a_b"
    with pytest.raises(Conflict):
        await create_collection(library, "品牌-1.a_b", Purpose.BRAND)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (saved(Image.new("RGB", (64, 64), "teal")), "blank"),
        (b"no picture", "not-an-image"),
        (bytes(3 << 20), "too-large"),
    ],
)
async def test_what_is_no_reference_is_told(library: Services, data: bytes, reason: str) -> None:
    """A blank picture or no picture at all is refused, and nothing of it is kept."""
    with pytest.raises(Unscannable) as caught:
        await references.add(library, LOGO, data)

    assert caught.value.reason == reason
    assert await library.references.totals() == (0, 0)


async def test_of_two_who_add_other_pictures_under_one_key_at_the_same_moment_one_is_refused(library: Services) -> None:
    pictures = [saved(scribble(number)) for number in range(4)]
    done = await asyncio.gather(
        *(references.add(library, LOGO, picture) for picture in pictures), return_exceptions=True
    )
    assert done.count(Added.ADDED) == 1 and sum(isinstance(one, Conflict) for one in done) == 3
    kept = await library.references.find("library", "logo")
    assert kept.sha256 == hashlib.sha256(pictures[done.index(Added.ADDED)]).hexdigest()


async def test_two_who_add_the_same_picture_at_the_same_moment_add_it_once(library: Services) -> None:
    done = await asyncio.gather(*(references.add(library, LOGO, saved(scribble(1))) for _ in range(3)))
    assert sorted(done) == [Added.ADDED, Added.UNCHANGED, Added.UNCHANGED]


async def test_two_who_change_other_words_at_the_same_moment_lose_none(library: Services) -> None:
    await references.add(library, LOGO, saved(scribble(1)))
    known = await library.references.find("library", "logo")
    said = [Entry(key="logo", title="Koi"), Entry(key="logo", note="new"), Entry(key="logo", rights="mine")]
    await asyncio.gather(*(references.describe(library, [(known, one)]) for one in said))
    kept = await library.references.find("library", "logo")
    assert (kept.title, kept.note, kept.rights, kept.owner) == ("Koi", "new", "mine", "Mira")


async def test_what_is_replaced_keeps_words_that_were_said_meanwhile(library: Services) -> None:
    await references.add(library, LOGO, saved(scribble(1)))
    known = await library.references.find("library", "logo")
    await asyncio.gather(
        references.add(library, Entry(key="logo"), saved(scribble(2)), replacing=True),
        references.describe(library, [(known, Entry(key="logo", title="Koi"))]),
    )
    assert (await library.references.find("library", "logo")).title == "Koi"
