"""What an export says of collections, and what its vectors are worth to whoever brings it in."""

import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.cli.catalogue import exchange
from bot.services import Services
from bot.settings import Settings, load
from core.errors import DataError
from core.metrics import Metric
from core.types import Collection, Pixels, Purpose, Vectors
from embed.runner import Runner
from handlers import references
from handlers.collections import create_collection, visible
from handlers.references import Entry
from store.sql.db import Database
from tests.bot.cli.catalogue.hostile_rows import read, written
from tests.small import Toy, assemble, saved, scribble

SETTINGS = load(home=Path("nowhere"))
OWN = Collection(
    name="discord-1.own", purpose=Purpose.BRAND, owner="discord:1", metric=Metric.EUCLIDEAN, similar_at=0.25
)
NOBODYS = Collection(name="lost", owner="unknown:7")
KEYS = ("koi", "carp", "bream")


class Counting(Toy):
    """Counts the pictures that it embeds."""

    count = 0

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:
        self.count += len(images)
        return super().embed(images, zooms)


@pytest.fixture
def toy() -> Counting:
    return Counting()


@pytest.fixture
async def here(db: Database, toy: Counting, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Services]:
    """Three pictures in a community's own collection, and one in a collection of which nobody knows whose it is."""
    async with Runner(toy, threads=2) as runner:
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
        for one in (OWN, NOBODYS):
            await services.references.create_collection(one)
        for number, key in enumerate(KEYS):
            await references.add(services, Entry(key=key, collection=OWN.name), saved(scribble(number)))
        await references.add(services, Entry(key="lost", collection=NOBODYS.name), saved(scribble(9)))
        yield services


@pytest.fixture
async def file(here: Services, tmp_path: Path) -> Path:
    """An export of all that, which is then deleted."""
    await exchange.export(SETTINGS, tmp_path / "all.zip", None, True)
    for name in (OWN.name, NOBODYS.name):
        await references.delete_collection(here, name)
    return tmp_path / "all.zip"


def spoilt(file: Path, *keys: str) -> Path:
    """The same file, in which these have vectors of nothing that was ever seen."""
    head, rows = read(file)
    foreign = np.random.default_rng(3).normal(size=64)
    halves = (foreign / np.linalg.norm(foreign)).astype("<f2").tobytes()
    for row in rows:
        if row.line["key"] in keys:
            row.members["vectors/0.f16"] = halves
    return written(file.with_name("spoilt.zip"), head, rows)


def with_collections(file: Path, said: object) -> Path:
    """The same file, which says this of its collections."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, json.dumps(said) if name == "collections.json" else old.read(name))
    return other


async def brought(file: Path, capsys: pytest.CaptureFixture[str], **how: bool) -> tuple[int, dict[str, Any], str]:
    capsys.readouterr()
    code = await exchange.bring_in(SETTINGS, file, replace=False, as_json=True, **how)
    told = capsys.readouterr()
    return code, json.loads(told.out), told.err


async def points(services: Services) -> dict[tuple[str, int], list[float]]:
    return {
        (str(one.reference), one.part): one.vector.tolist()
        async for page in services.references.points()
        for one in page
    }


async def test_a_collection_stays_whose_it_was(here: Services, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Owner with platform, metric and threshold go with the references; what was nobody's is shown to nobody still."""
    code, told, _ = await brought(file, capsys)
    known = {one.name: one for one in await here.references.collections()}

    assert (code, told["added"]) == (0, 4)
    assert (known[OWN.name].owner, known[OWN.name].metric, known[OWN.name].similar_at) == (
        OWN.owner,
        OWN.metric,
        OWN.similar_at,
    )
    assert known[NOBODYS.name].owner == NOBODYS.owner
    assert await visible(here, "discord:1") == [OWN.name]
    assert await visible(here, "telegram:1") == []


@pytest.mark.parametrize("owner", ["telegram:1", "discord:2", ""])
async def test_no_file_changes_whose_a_collection_is(
    here: Services, file: Path, capsys: pytest.CaptureFixture[str], owner: str
) -> None:
    """Rows for a collection that belongs to somebody else here are bad, and it stays theirs."""
    await create_collection(here, OWN.name, OWN.purpose, owner)
    code, told, _ = await brought(file, capsys)
    (mine,) = [one for one in await here.references.collections() if one.name == OWN.name]

    assert (code, told["added"], len(told["bad"])) == (3, 1, 3)
    assert all("belongs to" in one["message"] for one in told["bad"])
    assert (mine.owner, mine.size) == (owner, 0)


@pytest.mark.parametrize(
    "owner", ["1", "slack:1", "discord:", ":1", "unknown:", "discord:1\x1b[2J", "unknown:\n", "cli"]
)
async def test_an_owner_that_is_no_community(
    here: Services, file: Path, capsys: pytest.CaptureFixture[str], owner: str
) -> None:
    """What no community can be is told with the row, and no collection is made for everybody instead."""
    said = [{"name": OWN.name, "owner": owner, "metric": "cosine", "similar_at": None}]
    _, told, _ = await brought(with_collections(file, said), capsys)

    assert (told["added"], told["collections"], len(told["bad"])) == (1, ["lost"], 3)
    assert [one.name for one in await here.references.collections()] == ["lost"]


ODD = {"name": "x", "owner": "", "metric": "cosine", "similar_at": None}


@pytest.mark.parametrize(
    "said",
    [7, {}, [7], [{"name": "x"}], [ODD | {"metric": "odd"}], [ODD | {"similar_at": "1"}], [ODD | {"owner": "o" * 101}]],
)
@pytest.mark.usefixtures("here")
async def test_collections_that_no_export_writes(file: Path, said: object) -> None:
    """A file that describes its collections in another way is refused in one sentence."""
    with pytest.raises(DataError, match="collections"):
        await exchange.bring_in(SETTINGS, with_collections(file, said), replace=False, as_json=True)


async def test_a_file_of_before_says_nothing_of_owners(
    here: Services, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its references go where they went, also into what belongs to a community here."""
    head, rows = read(file)  # written again without what is said of collections
    await create_collection(here, OWN.name, OWN.purpose, OWN.owner)
    code, told, _ = await brought(written(file.with_name("before.zip"), head, rows), capsys)

    assert (code, told["added"], told["collections"]) == (0, 4, ["lost"])


async def test_every_vector_is_made_again_to_be_sure(
    here: Services, toy: Counting, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a word of the operator one vector among others that is not of its picture is found, and told."""
    before = toy.count
    code, told, _ = await brought(spoilt(file, "carp"), capsys)

    assert (code, told["added"], [one["key"] for one in told["bad"]]) == (3, 3, ["carp"])
    assert toy.count - before == 8  # as they are, and in inverted colours
    assert len(await points(here)) == 6


async def test_one_s_own_vectors_are_taken_as_they_are(
    here: Services, toy: Counting, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--trust` only a sample is embedded, and what is stored are the vectors of the file."""
    await brought(file, capsys)
    wanted = await points(here)
    for name in (OWN.name, NOBODYS.name):
        await references.delete_collection(here, name)
    monkeypatch.setattr(exchange, "SAMPLE", 1)
    before = toy.count
    code, told, _ = await brought(file, capsys, trusting=True)

    assert (code, told["added"], toy.count - before) == (0, 4, 2)
    assert await points(here) == wanted


def exchanged(file: Path) -> Path:
    """The same file, in which one has the features of another."""
    head, rows = read(file)
    known = {row.line["key"]: row for row in rows}
    known["carp"].members["features/0.bin"] = known["bream"].members["features/0.bin"]
    return written(file.with_name("exchanged.zip"), head, rows)


@pytest.mark.parametrize("what", ["vectors", "features"])
async def test_vectors_of_something_else_are_not_trusted(
    here: Services, toy: Counting, file: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """If the sample has vectors or features of something else, it is told, all are made again, and that row is bad."""
    before = toy.count
    bad = spoilt(file, "carp") if what == "vectors" else exchanged(file)
    code, told, said = await brought(bad, capsys, trusting=True)

    assert (code, told["added"], [one["key"] for one in told["bad"]]) == (3, 3, ["carp"])
    assert "all are made again" in " ".join(said.split())
    assert toy.count - before >= 8
    assert len(await points(here)) == 6


@pytest.mark.parametrize("bad", [np.nan, np.inf, 12.5, 0.0])
async def test_trust_is_not_blind(here: Services, file: Path, capsys: pytest.CaptureFixture[str], bad: float) -> None:
    """What no model makes, and would make searches fail, is refused from one's own file, too."""
    head, rows = read(file)
    for row in rows:
        row.members["vectors/0.f16"] = np.full(64, bad, "<f2").tobytes()
    code, told, _ = await brought(written(file.with_name("bad.zip"), head, rows), capsys, trusting=True)

    assert (code, told["added"], len(told["bad"])) == (3, 0, 4)
    assert await points(here) == {}
