"""What somebody else's ZIP file can't do to a catalogue, and what `resight import` does with a good one."""

import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.cli.catalogue import exchange
from bot.services import Services
from bot.settings import Settings, load
from core.errors import DataError
from core.looks import PdqHash
from core.types import Collection, Outcome, Purpose, Reference
from embed.decode.sandbox import Sandbox
from embed.logos import art
from embed.runner import Runner
from handlers import references
from handlers.collections import create_collection
from handlers.references import Entry, Prepared
from handlers.search import search
from lab import logos
from store.sql.db import Database
from tests.bot.cli.catalogue.hostile_rows import KINDS, Row, read, written
from tests.small import Toy, assemble, saved, scribble

SETTINGS = load(home=Path("nowhere"))
NOTHING = {"added": 0, "replaced": 0, "changed": 0, "unchanged": 0, "collections": [], "bad": []}


@pytest.fixture
async def here(db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Services]:
    """A catalogue whose pictures are decoded in the sandbox, with one reference: "koi"."""
    async with Sandbox(1) as sandbox, Runner(Toy(), threads=2, decode=sandbox.decode) as runner:
        services = await assemble(db, runner)

        @asynccontextmanager
        async def opened(_: Settings, **_how: bool) -> AsyncIterator[Services]:
            yield services

        @asynccontextmanager
        async def opened_database(_: Settings, *, alone: bool) -> AsyncIterator[Database]:
            assert alone
            yield db

        monkeypatch.setattr(exchange, "opened", opened)
        monkeypatch.setattr(exchange, "opened_database", opened_database)
        await services.references.bind_space(services.runner.spec)
        await services.references.create_collection(Collection(name="library"))
        await references.add(services, Entry(key="koi", title="Five koi"), saved(scribble(1)))
        yield services


async def exported(folder: Path) -> tuple[dict[str, Any], list[Row]]:
    await exchange.export(SETTINGS, folder / "all.zip", None, True)
    return read(folder / "all.zip")


async def another(services: Services, folder: Path) -> tuple[dict[str, Any], Row]:
    """The row of a picture that is not known here."""
    await references.add(services, Entry(key="carp"), saved(scribble(2)))
    head, rows = await exported(folder)
    await references.remove(services, "library", ["carp"])
    return head, next(row for row in rows if row.line["key"] == "carp")


def copied(row: Row, key: str) -> Row:
    return Row({**row.line, "key": key}, dict(row.members))


async def brought(
    file: Path, capsys: pytest.CaptureFixture[str], *, replace: bool = False, trusting: bool = False
) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = await exchange.bring_in(SETTINGS, file, replace=replace, trusting=trusting, as_json=True)
    return code, json.loads(capsys.readouterr().out)


async def everything(services: Services) -> list[Any]:
    """All that the catalogue holds."""
    known = [one async for one in services.references.each()]
    kept = [await references.stored_materials(services, one.id) for one in known]
    points = [point async for page in services.references.points() for point in page]
    hashes = await services.references.hashes([one.id for one in known])
    places = [(one.reference, one.part, one.vector.tolist()) for one in points]
    return [known, kept, places, hashes, await services.references.collections()]


async def test_no_row_that_means_harm_is_taken_over(
    here: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each kind is told in a sentence that a terminal can show, nothing of it is kept, and the good rows are."""
    head, good = await another(here, tmp_path)
    spoilt = [copied(good, f"kind-{number}") for number in range(len(KINDS))]
    for row, spoil in zip(spoilt, KINDS.values(), strict=True):
        spoil(row)
    before = await everything(here)
    code, told = await brought(written(tmp_path / "bad.zip", head, spoilt), capsys)
    after = await everything(here)
    file = written(tmp_path / "both.zip", head, [*spoilt[:9], good, *spoilt[9:]])
    _, both = await brought(file, capsys)

    lines = {int(one["where"].removeprefix("line ")) for one in told["bad"]}
    assert [name for number, name in enumerate(KINDS, 1) if number not in lines] == []
    assert (code, {**told, "bad": []}) == (3, NOTHING)
    assert all(one["message"].isprintable() and len(one["message"]) < 400 for one in told["bad"])
    assert after == before
    assert {**both, "bad": []} == NOTHING | {"added": 1}
    assert await outcomes(here, 1, 2) == [Outcome.MATCH, Outcome.MATCH]


async def outcomes(services: Services, *seeds: int) -> list[Outcome]:
    """What is said of copies of these pictures, which no hash of their bytes knows."""
    found = [await search(services, saved(scribble(seed), "JPEG", quality=80)) for seed in seeds]
    return [one.verdict.outcome for one in found]


@pytest.mark.parametrize("replaces", [False, True])
async def test_nothing_good_is_replaced_by_something_worse(
    here: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str], replaces: bool
) -> None:
    """A known key keeps its picture and its vectors whatever a file has under it, also where it may replace."""
    head, (good,) = await exported(tmp_path)
    before = await everything(here)
    for name, spoil in KINDS.items():
        row = copied(good, "koi")
        row.line["title"] = "Other words"
        spoil(row)
        _, told = await brought(written(tmp_path / "bad.zip", head, [row]), capsys, replace=replaces)
        assert ({**told, "bad": []}, len(told["bad"])) == (NOTHING, 1), name
    hash_only = copied(good, "koi")
    hash_only.line |= {"parts": 0, "width": 0, "height": 0}
    _, told = await brought(written(tmp_path / "bad.zip", head, [hash_only]), capsys, replace=replaces)

    assert len(told["bad"]) == 1
    assert await everything(here) == before
    assert await outcomes(here, 1) == [Outcome.MATCH]


async def test_a_known_key_is_told_unless_the_file_may_replace_it(
    here: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same again is unchanged; other words and other pictures wait for `--replace`."""
    head, (same,) = await exported(tmp_path)
    _, carp = await another(here, tmp_path)
    worded, swapped = copied(same, "koi"), copied(carp, "koi")
    worded.line["title"] = "Six koi"
    said = {}
    for name, row in (("same", same), ("worded", worded), ("swapped", swapped)):
        file = written(tmp_path / f"{name}.zip", head, [row])
        said[name] = [(await brought(file, capsys, replace=may))[1] for may in (False, True)]

    assert said["same"] == [NOTHING | {"unchanged": 1}] * 2
    assert [one["replaced"] for one in said["worded"] + said["swapped"]] == [0, 1, 0, 1]
    assert all("--replace" in said[name][0]["bad"][0]["message"] for name in ("worded", "swapped"))
    assert await outcomes(here, 1, 2) == [Outcome.CLEAN, Outcome.MATCH]


async def test_a_picture_takes_the_place_of_its_own_hash_only(
    here: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is known by its hash becomes known by its picture; a picture of something else is told."""
    head, (koi,) = await exported(tmp_path)
    found = await here.references.find("library", "koi")
    (hashed,) = (await here.references.hashes([found.id]))[found.id]
    said = []
    for bits in (hashed, PdqHash(bits=bytes(one ^ 255 for one in hashed.bits))):
        await here.references.put([bare(found, bits)])
        said.append((await brought(written(tmp_path / "koi.zip", head, [koi]), capsys))[1])

    assert said[0] == NOTHING | {"replaced": 1}
    assert (said[1]["replaced"], len(said[1]["bad"])) == (0, 1)


def bare(reference: Reference, *hashes: PdqHash) -> Prepared:
    """The reference known by its hash only."""
    nothing = np.empty((0, 64), np.float32)
    known = replace(reference, width=0, height=0, sha256="", pixel_hash="")
    return Prepared(reference=known, parts=(), vectors=nothing, materials=(), hashes=hashes)


async def test_logos_and_animations_move_as_they_are(
    here: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every honest row of pictures, logos and animations is taken over, with vectors, hashes and logos as they were."""
    await create_collection(here, "brands", Purpose.BRAND)
    for seed in range(12):
        await references.add(here, Entry(key=f"logo-{seed}", collection="brands"), saved(logos.logo(seed)))
    frames = [scribble(seed) for seed in (5, 6, 7)]
    await references.add(here, Entry(key="film"), saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    head, rows = await exported(tmp_path)
    before = await everything(here)
    for name in ("brands", "library"):
        await references.delete_collection(here, name)
    _, told = await brought(written(tmp_path / "moved.zip", head, rows), capsys)
    after = await everything(here)

    assert told == NOTHING | {"added": 14, "collections": ["brands", "library"]}
    assert [after[0], after[2], after[3]] == [before[0], before[2], before[3]]
    drawn = [[art.unpack(one.logo) for kept in some for one in kept if one.logo] for some in (before[1], after[1])]
    assert len(drawn[0]) >= 10
    for one, other in zip(*drawn, strict=True):
        assert (one.ground, one.pixels.tolist(), one.ink.tolist()) == (
            other.ground,
            other.pixels.tolist(),
            other.ink.tolist(),
        )


@pytest.mark.parametrize("spoilt", ["head", "lines", "format", "nesting", "text", "cut", "packing"])
async def test_a_file_of_another_kind_is_told(here: Services, tmp_path: Path, spoilt: str) -> None:
    """A sentence, and nothing is done."""
    head, rows = await exported(tmp_path)
    file = tmp_path / "all.zip"
    if spoilt == "text":
        file.write_text("no ZIP")
    elif spoilt == "cut":
        file.write_bytes(file.read_bytes()[:-30])
    else:
        heads = {"head": "7", "format": '{"format": 99, "space_id": "x"}', "nesting": "[" * 9000}
        packing = zipfile.ZIP_LZMA if spoilt == "packing" else zipfile.ZIP_STORED
        with zipfile.ZipFile(file, "w", packing) as archive:
            archive.writestr("resight.json", heads.get(spoilt, json.dumps(head)))
            if spoilt != "lines":
                archive.writestr("references.jsonl", json.dumps(rows[0].line))
    before = await everything(here)

    with pytest.raises(DataError):
        await exchange.bring_in(SETTINGS, file, replace=True, as_json=True)
    assert await everything(here) == before


@pytest.mark.usefixtures("here")
async def test_a_file_of_bad_rows_alone_is_given_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After a thousand bad rows nothing more is read."""
    head, (good,) = await exported(tmp_path)
    bad = [copied(good, f"x-{number}") for number in range(1200)]
    for row in bad:
        row.raw, row.members = b"[]", {}
    code, told = await brought(written(tmp_path / "bad.zip", head, [*bad, copied(good, "late")]), capsys)

    assert (code, told["added"], len(told["bad"])) == (3, 0, 1001)
