"""A reference of which something can't be read back is set aside and told: no other image's search fails of it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import update

from bot.cli import doctor
from bot.services import Services
from core.looks import Material
from core.types import Collection, Damage, Outcome, Purpose
from embed.runner import Runner
from handlers import evidence, references
from handlers.collections import create_collection
from handlers.health import look
from handlers.references import Entry
from handlers.search import search
from lab import logos
from store.sql.db import Database
from store.sql.references import SqlReferences
from store.sql.tables.catalogue import hashes, pictures, vectors
from tests.bot.cli.catalogue.hostile_rows import png_bomb
from tests.clock import Clock
from tests.small import saved, scribble

COPY: dict[str, Any] = {"form": "JPEG", "quality": 80}


@pytest.fixture
async def shelf(services: Services) -> Services:
    """Two references that look alike to the toy: "koi", and "twin", whose row a test damages."""
    await services.references.create_collection(Collection(name="library"))
    await references.add(services, Entry(key="twin"), saved(brighter(1)))
    await references.add(services, Entry(key="koi"), saved(scribble(1)))
    return services


def brighter(seed: int) -> Image.Image:
    return scribble(seed).point(lambda value: min(255, value + 12))


async def spoil(db: Database, services: Services, table: Any, **row: bytes) -> None:
    """Write something else into what is kept of "twin"."""
    twin = await services.references.find("library", "twin")
    async with db.write() as connection:
        await connection.execute(update(table).where(table.c.reference == twin.id).values(**row))


async def found(services: Services, seed: int = 1) -> tuple[Outcome, list[str]]:
    verdict = (await search(services, saved(scribble(seed), **COPY))).verdict
    return verdict.outcome, [one.reference.key for one in verdict.matches]


BOMB = png_bomb(30_000)
LARGE = saved(Image.new("L", (5000, 5000)), "JPEG")


@pytest.mark.parametrize("data", [b"", b"\xff" * 99, b"<html>", BOMB, LARGE, saved(scribble(3), "JPEG")[:400]])
async def test_a_damaged_picture_is_set_aside(db: Database, shelf: Services, data: bytes) -> None:
    """Others are found as before; the doctor and the health page tell of it; its hash still finds it."""
    await spoil(db, shelf, pictures, data=data)
    outcome, keys = await found(shelf)
    twin = await shelf.references.find("library", "twin")
    (check,) = [await doctor._pictures(shelf)]
    again = await found(shelf)

    assert (outcome, "koi" in keys) == (Outcome.MATCH, True)
    assert (twin.damaged, twin.is_set_aside) == (Damage.PICTURE, True)
    assert (check.state, "'twin' in 'library' (picture)" in check.sentence) == ("bad", True)
    assert ((await look(shelf)).damaged, (await look(shelf)).problems) == (1, ())
    assert again == (outcome, keys)


async def test_what_is_added_again_is_looked_for_again(db: Database, shelf: Services) -> None:
    """Once its picture is there again nothing is set aside any more."""
    await spoil(db, shelf, pictures, data=b"")
    await found(shelf)
    await references.remove(shelf, "library", ["koi"])
    await references.store(shelf, [await references.prepare(shelf, Entry(key="twin"), saved(brighter(1)))])

    assert (await look(shelf)).damaged == 0
    assert (await found(shelf))[0] is Outcome.MATCH
    assert (await doctor._pictures(shelf)).state == "ok"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), kept=st.sampled_from(["data", "features", "logo", "words"]))
async def test_no_stored_bytes_make_a_search_fail(db: Database, shelf: Services, data: bytes, kept: str) -> None:
    """Whatever stands in a row, the picture beside it is found, and what the row says of itself can be shown or not."""
    await spoil(db, shelf, pictures, **{kept: data})
    outcome, keys = await found(shelf)
    finding = await search(shelf, saved(brighter(1), **COPY))

    assert (outcome, "koi" in keys) == (Outcome.MATCH, True)
    for match in finding.verdict.matches:
        await evidence.of_finding(shelf, finding, match)


async def test_features_that_can_t_be_read_are_found_anew(db: Database, shelf: Services) -> None:
    """The picture has them still, so the reference is found; the doctor tells it."""
    await references.remove(shelf, "library", ["koi"])
    before = await found(shelf)
    await spoil(db, shelf, pictures, features=b"\xff" * 99)

    assert await found(shelf) == before == (Outcome.MATCH, ["twin"])
    assert "(features)" in (await doctor._pictures(shelf)).sentence


@pytest.mark.parametrize("logo", [b"\x89PNG\r\n\x1a\n\xff", BOMB])
async def test_a_damaged_logo_leaves_the_others(db: Database, services: Services, logo: bytes) -> None:
    """It is left out; what else a brand has is still looked for, and the doctor tells it."""
    await create_collection(services, "library", Purpose.BRAND)
    for key, seed in (("twin", 1), ("koi", 2)):
        await references.add(services, Entry(key=key), saved(logos.logo(seed)))
    await spoil(db, services, pictures, logo=logo)
    photo = scribble(9, 640, 480)
    mark = logos.logo(2).resize((260, 260))
    photo.paste(mark, (190, 110), mark)
    verdict = (await search(services, saved(photo))).verdict

    assert "twin" not in [one.reference.key for one in verdict.matches]
    assert "(logo)" in (await doctor._pictures(services)).sentence


@pytest.mark.parametrize("halves", [b"", b"x", np.full(64, np.nan, "<f2").tobytes(), bytes(128), bytes(64)])
async def test_a_damaged_vector_stops_no_other(db: Database, shelf: Services, halves: bytes) -> None:
    """With neither vector nor picture: the rest goes on without it, it is told, and its hash still finds it."""
    await spoil(db, shelf, vectors, halves=halves)
    await spoil(db, shelf, pictures, data=b"")
    await references.rebuild(shelf)
    counted = (await shelf.references.totals())[1], await shelf.catalogue.count()
    await references.add(shelf, Entry(key="new"), saved(scribble(2)))

    assert counted == (2, 2)
    assert (await shelf.references.find("library", "twin")).damaged is Damage.VECTORS
    assert (await found(shelf), await found(shelf, 2)) == (
        (Outcome.MATCH, (await found(shelf))[1]),
        (Outcome.MATCH, ["new"]),
    )
    assert "(vectors)" in (await doctor._pictures(shelf)).sentence


@pytest.mark.parametrize("halves", [b"", np.full(64, np.nan, "<f2").tobytes(), bytes(128)])
async def test_vectors_are_made_again_from_the_picture(db: Database, shelf: Services, halves: bytes) -> None:
    """Where the picture is there an edit that no hash reaches is found as before, and nothing is damaged any more."""
    await references.remove(shelf, "library", ["koi"])
    before, known = await of_edit(shelf), await shelf.references.find("library", "twin")
    await spoil(db, shelf, vectors, halves=halves)
    await references.rebuild(shelf)

    assert (await of_edit(shelf), await shelf.references.find("library", "twin")) == (before, known)
    assert before[0] is Outcome.MATCH
    assert await shelf.catalogue.count() == 2


async def test_an_edit_of_a_damaged_picture_is_never_clean(db: Database, shelf: Services) -> None:
    """Its vector is near and its hash is not: nobody can compare the two, so a person is asked, and told why."""
    await references.remove(shelf, "library", ["koi"])
    await spoil(db, shelf, pictures, data=b"")
    said = [await of_edit(shelf), await of_edit(shelf)]  # found damaged, and set aside before

    assert said == [(Outcome.REVIEW, "partial-aside")] * 2
    assert (await search(shelf, saved(scribble(8)))).verdict.outcome is Outcome.CLEAN


async def of_edit(services: Services) -> tuple[Outcome, str]:
    """What is said of a crop that no hash reaches."""
    edit = brighter(1).crop((20, 15, 200, 150))
    verdict = (await search(services, saved(edit, **COPY))).verdict
    return verdict.outcome, verdict.reason


async def test_a_damaged_hash_stops_no_other(db: Database, shelf: Services) -> None:
    """The index leaves it out."""
    await spoil(db, shelf, hashes, bits=b"short")
    fresh = replace(shelf, references=SqlReferences(db, Clock()))

    assert (await found(fresh))[0] is Outcome.MATCH


async def test_embedding_again_passes_over_a_damaged_picture(db: Database, shelf: Services) -> None:
    """The others get their vectors of the new model; the damaged one is set aside."""
    await spoil(db, shelf, pictures, data=b"")
    everything = [one async for one in shelf.references.each()]
    done = await doctor._all_again(shelf, everything)

    assert [one.reference.key for one in done] == ["koi"]
    assert (await shelf.references.find("library", "twin")).is_set_aside


async def test_the_doctor_reads_back_what_is_kept(toy_runner: Runner) -> None:
    """The worst of it is named."""
    made = (await toy_runner.prepare(saved(scribble(1))))[1][0]
    damaged = [
        replace(made, picture=b"x", features=b"x"),
        replace(made, features=b"x", logo=b"x"),
        replace(made, logo=b"x"),
        made,
        Material(picture=made.picture),
    ]
    said = [await toy_runner.damage(one) for one in damaged]
    assert said == [Damage.PICTURE, Damage.FEATURES, Damage.LOGO, Damage.NONE, Damage.NONE]
