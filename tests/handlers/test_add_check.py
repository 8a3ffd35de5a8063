"""What is worth knowing about a reference that was added."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.services import Services
from core.chat import Said
from core.errors import StoreDown, Unscannable
from core.matches import Hit
from core.telling import said
from core.types import Collection, Kind, Vectors
from core.wording import LANGUAGES, Words
from handlers import add_check, references
from handlers.add_check import AddReport, reason_of
from handlers.references import Added, Entry, Prepared, prepare, store
from handlers.sightings import Sightings
from lab.edits.suite import EDITS
from store.vectors.exact import ExactCatalogue
from tests.small import Toy, drawn, event, saved, scribble
from tests.zoo import animation

KOI = saved(scribble(1))
SMALL = saved(scribble(1).resize((200, 150)), "JPEG", quality=70)
OTHER = saved(scribble(2))


class Silent(ExactCatalogue):
    """A vector store that stores and, once told to, answers no more."""

    silent = False

    async def search(self, vectors: Vectors, collections: object, *, limit: int, floor: float) -> list[list[Hit]]:
        if self.silent:
            raise StoreDown("The vector store does not answer.")
        return await super().search(vectors, collections, limit=limit, floor=floor)  # type: ignore[arg-type]


@pytest.fixture
async def library(services: Services) -> Services:
    """Two shared collections and one of a community; artworks know the koi."""
    catalogue = Silent()
    await catalogue.open_space(Toy.spec.space_id, Toy.spec.dim)
    made = replace(services, catalogue=catalogue)
    for name, owner in (("artworks", ""), ("library", ""), ("discord-guild.own", "discord:guild")):
        await made.references.create_collection(Collection(name=name, owner=owner))
    await references.add(made, Entry(key="koi", collection="artworks", title="Five koi"), KOI)
    return made


def reasons(report: AddReport) -> list[str]:
    return [reason_of(note) for note in report.notes]


async def test_a_new_picture_needs_no_words(library: Services) -> None:
    """Nothing is said of a reference that is like no other; added again it is unchanged."""
    first = await add_check.add(library, Entry(key="new"), OTHER)
    again = await add_check.add(library, Entry(key="new"), OTHER)

    assert (first.result, first.notes) == (Added.ADDED, ())
    assert (again.result, again.notes) == (Added.UNCHANGED, ())


async def test_a_copy_of_another_reference_is_told(library: Services) -> None:
    """It is added nevertheless, and what it is a copy of is named with how sure that is."""
    report = await add_check.add(library, Entry(key="small"), SMALL)

    assert report.result is Added.ADDED
    assert report.duplicate
    assert (report.duplicate.reference.key, report.duplicate.kind) == ("koi", Kind.EDITED)
    assert said(Words.of("en"), report.notes[0]).startswith(
        "This looks like “Five koi” in artworks: an edited copy, almost certainly ("
    )
    assert await library.references.find("library", "small")


async def test_it_is_not_told_to_be_like_itself(library: Services) -> None:
    """New bytes of the same picture under its own key are no copy of anything else."""
    report = await add_check.add(library, Entry(key="koi", collection="artworks"), SMALL, replacing=True)

    assert (report.result, report.notes) == (Added.REPLACED, ())


async def test_the_same_file_in_another_collection_is_the_same_image(library: Services) -> None:
    """The very same bytes elsewhere are certain."""
    report = await add_check.add(library, Entry(key="same"), KOI)

    assert report.duplicate
    assert (report.duplicate.kind, report.duplicate.confidence) == (Kind.EXACT, 1.0)
    assert said(Words.of("en"), report.notes[0]) == "This is the same image as “Five koi” in artworks."


@pytest.mark.parametrize("twins", [True, False])
async def test_the_same_file_under_another_key_is_told(library: Services, twins: bool) -> None:
    """Keys that an operator named are kept; where nobody named one, the file is not added once more."""
    report = await add_check.add(library, Entry(key="twin", collection="artworks"), KOI, twins=twins)

    assert report.result is (Added.ADDED if twins else Added.UNCHANGED)
    assert reasons(report) == ["same-file"]
    assert said(Words.of("en"), report.notes[0]) == "The same file is in artworks already: “Five koi” (koi)."
    assert len(await library.references.known("artworks", ["twin"])) == twins


async def test_other_communities_collections_are_not_told(library: Services) -> None:
    """A community is told of its own and of shared collections; what it keeps is told to nobody else."""
    own = await add_check.add(library, Entry(key="mine", collection="discord-guild.own"), OTHER)
    shared = await add_check.add(library, Entry(key="shared"), saved(scribble(2), "BMP"))
    seen = await add_check.add(library, Entry(key="small", collection="discord-guild.own"), SMALL)

    assert own.notes == shared.notes == ()
    assert seen.duplicate
    assert seen.duplicate.reference.collection == "artworks"


async def test_no_answer_is_not_no_copy(library: Services) -> None:
    """While the vector store is silent the reference is added, and it is said that it was not compared."""
    assert isinstance(library.catalogue, Silent)
    library.catalogue.silent = True
    (batch,) = await add_check.review(library, [await ready(library, "more", OTHER)], "")
    report = await add_check.add(library, Entry(key="other"), saved(scribble(3)))
    twin = await add_check.add(library, Entry(key="small"), SMALL)

    assert report.result is Added.ADDED
    assert reasons(report) == reasons(batch) == ["unchecked"]
    assert reasons(twin) == ["duplicate"], "near-identical copies are found by their hash all the same"


async def test_of_a_damaged_reference_it_is_told_how_much_is_there(library: Services) -> None:
    """It is added, alone or with others, and whoever adds it hears that the rest will not be recognised."""
    cut = saved(scribble(4, 800, 600), "JPEG", quality=85)
    half = cut[: len(cut) * 6 // 10]
    report = await add_check.add(library, Entry(key="half"), half)
    (batch,) = await add_check.review(library, [await ready(library, "other-half", half)], "")

    assert report.result is Added.ADDED
    assert reasons(report) == ["damaged"]
    assert "damaged" in reasons(batch)
    for language in LANGUAGES:
        assert f"{round(100 * report.share)}" in said(Words.of(language), report.notes[0])


async def test_of_pages_that_were_not_all_looked_at_it_is_told(library: Services) -> None:
    """Sixteen different frames are kept; that there are more is said."""
    shades = [scribble(number, 64, 64) for number in range(20)]
    report = await add_check.add(library, Entry(key="long"), animation("GIF", shades))

    assert reasons(report) == ["partial"]


async def test_what_can_not_be_a_reference_is_refused(library: Services) -> None:
    """A file that is no picture is not added."""
    with pytest.raises(Unscannable):
        await add_check.add(library, Entry(key="text"), b"no picture")

    assert not await library.references.known("library", ["text"])


async def test_screenshots_are_told(library: Services) -> None:
    """A reference that is a screenshot should be cropped; the picture in it is fine."""
    shot = await add_check.add(library, Entry(key="shot"), saved(EDITS["screenshot"](drawn("three-suns"))))
    plain = await add_check.add(library, Entry(key="suns"), saved(drawn("three-suns")))

    assert reasons(shot) == ["screen"]
    assert "screen" not in reasons(plain)


async def test_what_would_have_matched_is_told(library: Services) -> None:
    """From what is remembered of late, with the links of a few."""
    look, _ = await library.runner.prepare(OTHER)
    posted = event("two", link="https://example.org/two")
    await library.screened.remember(posted, Toy.spec, look.vectors)
    report = await add_check.add(library, Entry(key="new"), OTHER)

    assert reasons(report) == ["matched"]
    assert said(Words.of("en"), report.notes[0]).endswith("no pictures are kept.\nSuch as: https://example.org/two")
    assert "about 1 of the last 1 images" in said(Words.of("en"), report.notes[0])


async def ready(services: Services, key: str, data: bytes, collection: str = "library") -> Prepared:
    """One that was just stored."""
    made = await prepare(services, Entry(key=key, collection=collection), data)
    await store(services, [made])
    return made


async def test_of_many_the_later_of_two_copies_is_told(library: Services) -> None:
    """Copies of what was there before and of each other are found by their vectors; strangers cost no look."""
    pictures = {"stranger": saved(scribble(3)), "small": SMALL, "first": OTHER, "second": saved(scribble(2), "BMP")}
    batch = [await ready(library, key, data) for key, data in pictures.items()]
    found = await add_check.review(library, batch, "")
    titles = [one.duplicate.reference.key if one.duplicate else "" for one in found]

    assert titles == ["", "koi", "", "first"]


async def test_of_many_the_same_file_is_told_once(library: Services) -> None:
    """Whatever stands between them, and also in another collection."""
    batch: Sequence[Prepared] = [await ready(library, key, OTHER) for key in ("a", "b", "c", "d", "e", "f")]
    batch = [*batch, await ready(library, "g", KOI)]
    found = await add_check.review(library, batch, "")

    assert [reasons(one) for one in found] == [[], *[["same-file"]] * 5, ["same-image"]]
    assert found[-1].duplicate
    assert found[-1].duplicate.kind is Kind.EXACT


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_has_its_sentence(language: str) -> None:
    """Whatever may be said, is said in words, without a place left to fill in."""
    crowded = Sightings(seen=412, copies=3, alike=9, links=("https://example.org/1",))
    report = AddReport(result=Added.ADDED, memory=crowded, is_screen=True, is_unchecked=True)
    lone = AddReport(result=Added.ADDED, is_screen=True, is_frame=True)
    sentences = [said(Words.of(language), note) for note in (*report.notes, *lone.notes)]

    assert [reason_of(note) for note in (*report.notes, *lone.notes)] == [
        *("matched", "common", "unchecked"),
        *("screen", "frame"),
    ]
    assert not [one for one in sentences if "{" in one]


def test_a_note_is_plain_data() -> None:
    """It can be told in any language, because it is none."""
    assert AddReport(result=Added.ADDED, is_screen=True).notes == (Said(key="added.screen"),)
