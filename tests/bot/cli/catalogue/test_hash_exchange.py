"""Lists of hashes into and out of a catalogue, and catalogues whose references are known by their hash only."""

import csv
import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli import doctor
from bot.cli.catalogue import exchange, hash_exchange
from bot.services import Services
from bot.settings import Settings, load
from core.errors import Conflict, DataError, NotFound, UsageError
from core.kept_words import Word, pack
from core.looks import Material, PdqHash
from core.reading_words import Line
from core.types import Collection, Pixels, Purpose
from embed.runner import Runner
from handlers import references
from handlers.hash_lists import Form, HashList, read
from handlers.references import Added, Entry
from store.sql.db import Database
from tests.small import Toy, saved, scribble
from tests.store.vectors.test_hash_index import far, flipped

BITS = far(6)
SETTINGS = load(home=Path("nowhere"))
KOI = Entry(key="koi", title="Five koi", source_url="https://example.org/koi", owner="Mira", rights="CC", note="n")


@pytest.fixture
async def library(services: Services, db: Database, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Services with two collections, which the commands open as theirs."""

    @asynccontextmanager
    async def opened(_: Settings, *, mending: bool = False, making: bool = False) -> AsyncIterator[Services]:
        assert {mending, making} <= {True, False}
        yield services

    @asynccontextmanager
    async def opened_database(_: Settings, *, alone: bool) -> AsyncIterator[Database]:
        assert alone
        yield db

    for module in (hash_exchange, exchange, doctor):
        monkeypatch.setattr(module, "opened", opened)
    for module in (hash_exchange, exchange):
        monkeypatch.setattr(module, "opened_database", opened_database)
    await services.references.bind_space(services.runner.spec)
    await services.references.create_collection(Collection(name="library"))
    await services.references.create_collection(Collection(name="scams", purpose=Purpose.BLOCKLIST))
    return services


def listing(*rows: Sequence[object], header: str = "id,hash,title,quality") -> str:
    return "\n".join([header, *(",".join(str(cell) for cell in row) for row in rows)])


def parsed(text: str, collection: str | None = None) -> HashList:
    found = read(text, Form.CSV, collection)
    assert found.bad == ()
    return found


async def near(services: Services, bits: bytes) -> list[str]:
    hits = await services.references.by_hash([bits], {"library", "scams"}, within=31)
    return [hit.reference.key for hit in hits]


def partial(file: Path) -> Path:
    """What is written before it is whole."""
    return file.with_name(file.name + ".partial")


async def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


async def test_a_list_becomes_references_that_hashes_find(library: Services) -> None:
    """Each is found by its hash at once, has its words, and neither a picture nor a vector."""
    rows = parsed(listing(("a", BITS[0].hex(), "One", 77), ("b", BITS[1].hex(), "Two", "")), "scams").rows
    done, bad = await hash_exchange.add(library, rows)
    one = await library.references.find("scams", "a")

    assert (done, bad) == ({Added.ADDED: 2}, [])
    assert (one.title, one.purpose, one.is_hash_only, one.added_at) == ("One", Purpose.BLOCKLIST, True, library.clock())
    assert await library.references.hashes([one.id]) == {one.id: [PdqHash(bits=BITS[0], quality=77)]}
    assert await near(library, flipped(BITS[1], 1, 2, 3)) == ["b"]
    assert await library.references.totals() == (2, 0)
    assert await library.catalogue.count() == 0


async def test_the_same_list_again_changes_nothing(library: Services) -> None:
    """Unchanged rows are counted as such, other words change what is said, and no hash takes another's place."""
    first = listing(("a", BITS[0].hex(), "One", 77), ("b", BITS[1].hex(), "Two", 50), ("c", BITS[2].hex(), "", 1))
    later = listing(("a", BITS[0].hex(), "One", 77), ("b", BITS[3].hex(), "Two", 50), ("c", BITS[2].hex(), "Tres", 1))
    said = [await hash_exchange.add(library, parsed(text).rows) for text in (first, first, later)]

    assert [(dict(done), [one.sentence for one in bad]) for done, bad in said] == [
        ({Added.ADDED: 3}, []),
        ({Added.UNCHANGED: 3}, []),
        ({Added.UNCHANGED: 1, Added.CHANGED: 1}, ["'b' in 'library' has another hash: give the row another key."]),
    ]
    assert (await near(library, BITS[3]), await near(library, BITS[1])) == ([], ["b"])


async def test_a_list_that_says_less_takes_nothing_away(library: Services) -> None:
    """A shorter list of the same hashes leaves title and SHA-256 as they were."""
    row = ("koi", BITS[0].hex(), "Five koi", "0f" * 32)
    await hash_exchange.add(library, parsed(listing(row, header="id,hash,title,sha256")).rows)
    done, bad = await hash_exchange.add(library, parsed(listing(row[:2], header="id,hash")).rows)
    koi = await library.references.find("library", "koi")

    assert (dict(done), bad, koi.title, koi.sha256) == ({Added.UNCHANGED: 1}, [], "Five koi", "0f" * 32)


async def test_another_picture_never_takes_the_place_of_a_hash(library: Services) -> None:
    """Where the list gave no SHA-256, the picture must be near the hash, or replace it on purpose."""
    data = saved(scribble(1))
    await hash_exchange.add(library, parsed(listing(("koi", BITS[0].hex()), header="id,hash")).rows)

    with pytest.raises(Conflict, match="another file"):
        await references.add(library, Entry(key="koi"), data)
    assert await near(library, BITS[0]) == ["koi"]
    assert await references.add(library, Entry(key="koi"), data, replacing=True) is Added.REPLACED


async def test_rows_of_one_key_are_frames_of_one_reference(library: Services) -> None:
    """An animation has several hashes; the same hash twice is once."""
    rows = [("film", bits.hex(), "Film", 100) for bits in (BITS[0], BITS[1], BITS[0])]
    done, _ = await hash_exchange.add(library, parsed(listing(*rows)).rows)
    again, _ = await hash_exchange.add(library, parsed(listing(*rows)).rows)
    film = await library.references.find("library", "film")

    assert (done, again) == ({Added.ADDED: 1}, {Added.UNCHANGED: 1})
    assert [one.bits for one in (await library.references.hashes([film.id]))[film.id]] == [BITS[0], BITS[1]]


async def test_a_picture_is_not_replaced_by_a_hash(library: Services) -> None:
    """A row whose key is that of a picture is unchanged where the hash is the same, else it is told."""
    await references.add(library, KOI, saved(scribble(1)))
    koi = await library.references.find("library", "koi")
    (mine,) = (await library.references.hashes([koi.id]))[koi.id]
    rows = parsed(listing(("koi", mine.hex, "Other words", 3), ("x", BITS[0].hex(), "", ""))).rows
    same, _ = await hash_exchange.add(library, rows)
    other, bad = await hash_exchange.add(library, parsed(listing(("koi", BITS[0].hex(), "", ""))).rows)

    assert same == {Added.UNCHANGED: 1, Added.ADDED: 1}
    assert (other, [(one.where, one.key) for one in bad]) == ({}, [("line 2", "koi")])
    assert bad[0].sentence == (
        "'koi' in 'library' is known by its picture, with another hash: give the row another key."
    )
    assert await library.references.find("library", "koi") == koi
    assert await library.references.picture(koi.id)


async def test_a_picture_takes_the_place_of_its_hash(library: Services) -> None:
    """Whoever adds the picture of a reference that was known by its hash only has a full one afterwards."""
    data = saved(scribble(1))
    looked, _ = await library.runner.prepare(data)
    header, row = "id,hash,title,sha256", ("koi", BITS[0].hex(), "Five koi", looked.picture.sha256)
    await hash_exchange.add(library, parsed(listing(row, header=header)).rows)

    assert await references.add(library, Entry(key="koi", title="Five koi"), data) is Added.REPLACED
    assert not (await library.references.find("library", "koi")).is_hash_only
    assert await library.references.totals() == (1, 2)
    assert await near(library, BITS[0]) == []


async def test_an_unknown_collection_is_told(library: Services, tmp_path: Path) -> None:
    """A collection that a row names must be there, and so must the one that was asked for."""
    text = listing((BITS[0].hex(), "nobody"), (BITS[1].hex(), "scams"), header="hash,collection")
    done, bad = await hash_exchange.add(library, parsed(text).rows)
    (tmp_path / "list.csv").write_text(text)

    assert done == {Added.ADDED: 1}
    assert bad[0].sentence.endswith("Create it with `resight collections create nobody`.")
    with pytest.raises(NotFound, match="no collection 'nowhere'"):
        await hash_exchange.bring_in(SETTINGS, tmp_path / "list.csv", Form.CSV, "nowhere", False)


@pytest.mark.usefixtures("library")
async def test_the_command_tells_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts on the one side, bad and skipped rows on the other; exit code 3 if a row was bad, else 0."""
    rows = [{"type": "pdq", "value": BITS[0].hex()}, {"type": "md5", "value": "x"}, {"type": "pdq", "value": "x"}]
    file = tmp_path / "list.json"
    file.write_text(json.dumps(rows))
    code = await hash_exchange.bring_in(SETTINGS, file, Form.JSON, None, False)
    said = capsys.readouterr()
    file.write_text(json.dumps(rows[:2]))
    again = await hash_exchange.bring_in(SETTINGS, file, Form.JSON, None, True)

    assert code == 3
    assert said.out == "1 added, 0 replaced, 0 changed, 0 unchanged, 1 bad\n"
    assert "Skipped, because they are no PDQ hashes or were withdrawn: 1." in said.err
    assert "entry 3: 'x' is not a PDQ hash of 64 hexadecimal digits." in said.err
    assert again == 0
    assert await told(capsys) == {"added": 0, "replaced": 0, "changed": 0, "unchanged": 1, "skipped": 1, "bad": []}


@pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl"])
async def test_a_catalogue_moves_by_its_hashes(
    library: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    """What was exported and imported into an empty catalogue is found there with all its words; pictures stay here."""
    await references.add(library, KOI, saved(scribble(1)))
    frames = [scribble(seed) for seed in (2, 3)]
    film = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    await references.add(library, Entry(key="film", collection="scams", title="Fílm, 电影"), film)
    await hash_exchange.add(library, parsed(listing(("a", BITS[0].hex(), "One", 7)), "scams").rows)
    before = [one async for one in library.references.each()]
    hashes = await library.references.hashes([one.id for one in before])
    file = tmp_path / f"list{suffix}"

    assert await hash_exchange.export(SETTINGS, file, None, True) == 0
    assert await told(capsys) == {"exported": 3, "without_hash": 0}
    for name in ("library", "scams"):
        await library.references.remove(name, [one.key for one in before])
    assert await hash_exchange.bring_in(SETTINGS, file, Form(suffix), None, True) == 0
    assert [one async for one in library.references.each()] == [
        replace(one, width=0, height=0, pixel_hash="") for one in before
    ]
    assert await library.references.hashes([one.id for one in before]) == hashes
    assert [len(many) for many in hashes.values()] == [1, 2, 1]
    assert not partial(file).exists()


async def test_only_the_named_collections_are_exported(library: Services, tmp_path: Path) -> None:
    """Whoever shares one collection shares no other."""
    await hash_exchange.add(library, parsed(listing(("a", BITS[0].hex(), "", ""))).rows)
    await hash_exchange.add(library, parsed(listing(("b", BITS[1].hex(), "", "")), "scams").rows)
    await hash_exchange.export(SETTINGS, tmp_path / "list.csv", ["scams"], False)
    with (tmp_path / "list.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)

    assert (row["key"], row["pdq"], row["collection"]) == ("b", BITS[1].hex(), "scams")
    with pytest.raises(NotFound):
        await hash_exchange.export(SETTINGS, tmp_path / "none.csv", ["nowhere"], False)
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize("name", ["list.txt", "list.zip", "list"])
@pytest.mark.usefixtures("library")
async def test_a_list_has_one_of_three_suffixes(tmp_path: Path, name: str) -> None:
    """The suffix says how the list is written."""
    with pytest.raises(UsageError, match=r"must end with \.csv, \.json or \.jsonl"):
        await hash_exchange.export(SETTINGS, tmp_path / name, None, False)


@pytest.mark.usefixtures("library")
async def test_a_list_that_can_t_be_written_is_told(tmp_path: Path) -> None:
    """The reason in words."""
    with pytest.raises(DataError, match=r"can't be written: No such file"):
        await hash_exchange.export(SETTINGS, tmp_path / "nowhere" / "list.csv", None, False)


async def test_references_of_before_there_were_hashes_get_theirs(
    library: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An export says how many lack a hash, the doctor's rebuild makes them from the pictures, once."""
    await references.add(library, KOI, saved(scribble(1)))
    await hash_exchange.add(library, parsed(listing(("a", BITS[0].hex(), "", ""))).rows)
    koi = await library.references.find("library", "koi")
    (whole,) = (await library.references.hashes([koi.id]))[koi.id]
    await library.references.put_hashes({koi.id: []})
    await hash_exchange.export(SETTINGS, tmp_path / "list.csv", None, False)
    said = capsys.readouterr()
    await doctor.rebuild(SETTINGS, True)
    first = await told(capsys)
    await doctor.rebuild(SETTINGS, True)

    assert "1 references exported" in said.out
    assert "Left out, because they have no hash yet: 1." in said.err
    assert (first, await told(capsys)) == ({"vectors": 2, "hashes": 1}, {"vectors": 2, "hashes": 0})
    assert await near(library, whole.bits) == ["koi"]


async def test_another_model_leaves_hashes_as_they_are(library: Services, capsys: pytest.CaptureFixture[str]) -> None:
    """Re-embedding passes over what has no picture, keeps each hash of an original file, and makes those that lack."""
    for seed, key in enumerate(("koi", "old")):
        await references.add(library, replace(KOI, key=key), saved(scribble(seed)))
    await hash_exchange.add(library, parsed(listing(("a", BITS[0].hex(), "", ""))).rows)
    koi, old = [await library.references.find("library", key) for key in ("koi", "old")]
    await library.references.put_hashes({koi.id: [PdqHash(bits=BITS[1], quality=9)], old.id: []})
    assert await doctor.reembed(SETTINGS, True) == 0

    assert await told(capsys) == {"vectors": 4, "hashes": 1}
    assert await near(library, BITS[0]) == ["a"]
    assert (await library.references.hashes([koi.id]))[koi.id] == [PdqHash(bits=BITS[1], quality=9)]


async def test_a_damaged_picture_does_not_keep_others_from_their_hash(library: Services) -> None:
    """What can't be hashed stays without, the rest is done."""
    broken, *_ = [await references.prepare(library, replace(KOI, key=key), saved(scribble(1))) for key in ("x", "y")]
    await references.add(library, KOI, saved(scribble(1)))
    await references.store(library, [replace(broken, materials=(Material(picture=b"no picture"),), hashes=())])
    koi = await library.references.find("library", "koi")
    await library.references.put_hashes({koi.id: []})

    assert await references.rehash(library) == 1
    assert await library.references.unhashed() == [broken.reference.id]


@pytest.mark.parametrize("old", [False, True])
async def test_a_zip_file_carries_hashes(
    library: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: bool
) -> None:
    """Pictures come back with their hashes, hash-only references as such; a file of before gets hashes made."""
    await references.add(library, KOI, saved(scribble(1)))
    await hash_exchange.add(library, parsed(listing(("a", BITS[0].hex(), "One", 7)), "scams").rows)
    before = [one async for one in library.references.each()]
    hashes = await library.references.hashes([one.id for one in before])
    file = tmp_path / "all.zip"
    await exchange.export(SETTINGS, file, None, True)
    if old:
        before, hashes = before[:1], {before[0].id: hashes[before[0].id]}
        as_of_before(file)
    for name in ("library", "scams"):
        await library.references.delete_collection(name)
    await exchange.bring_in(SETTINGS, file, replace=False, as_json=True)

    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()][-1] == {
        "added": len(before),
        "replaced": 0,
        "changed": 0,
        "unchanged": 0,
        "collections": ["library", "scams"][: 1 if old else 2],
        "bad": [],
    }
    assert [one async for one in library.references.each()] == before
    assert await library.references.hashes([one.id for one in before]) == hashes
    assert await library.catalogue.count() == 2


async def test_a_zip_file_carries_what_was_read(library: Services, tmp_path: Path) -> None:
    """The words that are kept of a reference come back with it, and go with it."""
    made = await references.prepare(library, KOI, saved(scribble(1)))
    heard = tuple(replace(one, words=b"[]") for one in made.materials)
    await references.store(library, [replace(made, materials=heard)])
    await exchange.export(SETTINGS, tmp_path / "all.zip", None, True)
    await references.remove(library, "library", ["koi"])
    gone = await references.stored_materials(library, made.reference.id)
    await exchange.bring_in(SETTINGS, tmp_path / "all.zip", replace=False, as_json=True)

    assert gone == ()
    assert [one.words for one in await references.stored_materials(library, made.reference.id)] == [b"[]"]


class Parrot:
    """A reader that reads the same on every page."""

    def load(self) -> None: ...

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        raise AssertionError(f"{len(lines)} lines of a pair")

    def page(self, *_: object) -> list[Word]:
        return [Word("koi", 1.0, (0.1, 0.2, 0.3, 0.4))]


async def test_embedding_again_reads_what_nobody_has_read(library: Services) -> None:
    """What was read stays; a reference of before gets its words, as it gets its logo."""
    made = await references.prepare(library, KOI, saved(scribble(1)))
    old, read = made.materials[0], replace(made.materials[0], words=b"[]")
    async with Runner(Toy(), threads=1, reader=Parrot()) as runner:
        services = replace(library, runner=runner)
        again = [await references.prepared_again(services, made.reference, [one], ()) for one in (old, read)]

    assert old.words == b""
    assert [one.materials[0].words for one in again] == [pack(Parrot().page()), b"[]"]


def as_of_before(file: Path) -> None:
    """Rewrite an export as format 1 had it: pictures only, and no hashes."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    head = json.loads(members["resight.json"]) | {"format": 1}
    lines = [json.loads(line) for line in members["references.jsonl"].splitlines()]
    lines = [{name: line[name] for name in line if name != "hashes"} for line in lines if line["parts"]]
    members |= {"resight.json": json.dumps(head).encode()}
    members |= {"references.jsonl": b"".join(json.dumps(line).encode() + b"\n" for line in lines)}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
