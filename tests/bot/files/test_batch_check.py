"""What `resight add` tells about many references at once."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.catalogue.add import _notes
from bot.files import batch, batch_check
from bot.files.manifest import AddRow
from bot.services import Services
from core.types import Collection
from handlers import references
from handlers.add_check import reason_of
from handlers.references import Added, Entry
from tests.small import SPACE, Toy, event, saved, scribble

COPY = saved(scribble(1).resize((200, 150)), "JPEG", quality=70)


@pytest.fixture
async def library(services: Services) -> Services:
    for name, owner in (("library", ""), ("discord-guild.own", "discord:guild")):
        await services.references.create_collection(Collection(name=name, owner=owner))
    await references.add(services, Entry(key="koi", title="Five koi"), saved(scribble(1)))
    return services


def rows(folder: Path, pictures: Mapping[str, bytes], collection: str = "library") -> list[AddRow]:
    made = []
    for key, data in pictures.items():
        (folder / key).write_bytes(data)
        made.append(AddRow(where=f"line {key}", entry=Entry(key=key, collection=collection), path=folder / key))
    return made


def told(report: batch.Report) -> dict[str, list[str]]:
    return {one.where: [reason_of(note) for note in one.notes] for one in report.noted}


async def test_rows_are_compared_with_what_was_there_before_them(library: Services, tmp_path: Path) -> None:
    """With the catalogue and with earlier rows, in whatever batch these were; every row is added."""
    pictures = {"1": saved(scribble(2)), "2": COPY, "3": b"none", "4": saved(scribble(2), "BMP"), "5": COPY}
    report = await batch.add(library, rows(tmp_path, pictures), 2, lambda: None)

    assert report.done == {Added.ADDED: 4}
    assert [one.where for one in report.bad] == ["line 3"]
    assert told(report) == {"line 2": ["duplicate"], "line 4": ["duplicate"], "line 5": ["same-file"]}


async def test_nothing_is_told_where_nobody_wants_it(library: Services, tmp_path: Path) -> None:
    """Without the check the rows are added all the same."""
    report = await batch.add(library, rows(tmp_path, {"2": COPY}), 2, lambda: None, batch.How(check=False))

    assert (report.done, report.noted) == ({Added.ADDED: 1}, [])


async def test_damage_is_told_in_any_case(library: Services, tmp_path: Path) -> None:
    """What is missing of a file is told where copies are not wanted, too: the reference is worse than it seems."""
    whole = saved(scribble(2), "JPEG")
    pictures = {"1": whole[: len(whole) // 2], "2": COPY}
    report = await batch.add(library, rows(tmp_path, pictures), 2, lambda: None, batch.How(check=False))

    assert told(report) == {"line 1": ["damaged"]}


async def test_a_community_is_told_of_its_own_memory(
    library: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each collection is held against what its community remembers, a shared one against all, however many rows."""
    monkeypatch.setattr(batch_check, "ASK_AT_ONCE", 1)
    look, _ = await library.runner.prepare(saved(scribble(7)))
    for community in ("guild", "next"):
        posted = event(community, replace(SPACE, community=community), link=f"https://example.org/{community}")
        await library.screened.remember(posted, Toy.spec, look.vectors)
    shared = rows(tmp_path, {"7": saved(scribble(7))})
    own = rows(tmp_path, {"own": saved(scribble(7), "BMP")}, "discord-guild.own")
    report = await batch.add(library, [*shared, *own], 2, lambda: None)
    counts = {one.where: [note.values.get("count") for note in one.notes] for one in report.noted}

    assert counts == {"line 7": [2], "line own": [None, 1]}


async def test_a_program_reads_reasons(library: Services, tmp_path: Path) -> None:
    """Each note is a row's place and key, a stable word and one sentence without line ends."""
    report = await batch.add(library, rows(tmp_path, {"2": COPY}), 2, lambda: None)
    (note,) = _notes(report.noted[0])

    assert {name: note[name] for name in ("where", "key", "reason")} == {
        "where": "line 2",
        "key": "2",
        "reason": "duplicate",
    }
    assert note["message"].startswith("This looks like “Five koi” in library: an edited copy, ")
    assert "\n" not in note["message"]
