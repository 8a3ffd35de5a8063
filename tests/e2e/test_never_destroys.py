"""`add` takes nothing away that nobody asked it to; commands that only read make nothing, and call nothing clean."""

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.photos import jpeg, mosaics
from bot.cli.app import app
from core.errors import EnvironmentTrouble
from tests.e2e.command import Told, resight
from tests.test_docs import commands

OLD = Path(__file__).parent / "made_by_0_1_0"
CLASSIC = {"RESIGHT_MODEL": "classic"}
NOTHING = {"added": 0, "replaced": 0, "changed": 0, "unchanged": 0, "bad": [], "notes": []}

READING = {
    "search x.jpg": ("search", "x.jpg"),
    "search --similar": ("search", "x.jpg", "--similar"),
    "remove": ("remove", "key"),
    "duplicates": ("duplicates",),
    "scorecard": ("scorecard",),
    "export": ("export", "all.zip"),
    "export --hashes": ("export", "all.csv", "--hashes"),
    "backup": ("backup", "all.zip"),
    "forget": ("forget", "ann"),
    "doctor": ("doctor",),
    "doctor --rebuild": ("doctor", "--rebuild"),
    "doctor --reembed": ("doctor", "--reembed"),
    "collections list": ("collections", "list"),
    "collections delete": ("collections", "delete", "library", "--yes"),
    "collections compare": ("collections", "compare", "library"),
    "collections owner": ("collections", "owner"),
    "collections owner NAME": ("collections", "owner", "library", "discord:42"),
    "references variants": ("references", "variants", "key"),
    "inbox list": ("inbox", "list"),
    "inbox retry": ("inbox", "retry", "--all"),
    "tokens create": ("tokens", "create", "name", "--scope", "read"),
    "tokens list": ("tokens", "list"),
    "tokens revoke": ("tokens", "revoke", "1"),
    "lab indexes": ("lab", "indexes"),
    "lab features": ("lab", "features"),
    "lab map": ("lab", "map"),
}
MAKING = {"run", "chat", "demo", "add", "import", "restore", "collections create"}
NEEDS_NONE = {"openapi", "models list", "models export", "models verify", "lab explain"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders that each hold another logo.jpg."""
    folder = tmp_path_factory.mktemp("folders")
    for name, picture in zip(("acme", "beta"), mosaics(2, seed=11), strict=True):
        (folder / name).mkdir()
        (folder / name / "logo.jpg").write_bytes(jpeg(picture))
    return folder


@pytest.fixture(scope="module")
def both(folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to which one was added after the other."""
    home = tmp_path_factory.mktemp("home") / "data"
    for name in ("acme", "beta"):
        told = resight(home, "add", folders / name, "--title", name.title(), "--json")
        assert told.lines == [NOTHING | {"added": 1}], told.sentence
    return home


def titles(home: Path, *pictures: Path, **settings: str) -> list[str]:
    """The title of what each picture is found to be."""
    return [line["matches"][0]["title"] for line in resight(home, "search", *pictures, **settings).lines]


def test_a_second_folder_leaves_the_first_one_s_pictures(both: Path, folders: Path) -> None:
    """Two folders may hold files of one name: both are known, each as its own."""
    assert titles(both, folders / "acme" / "logo.jpg", folders / "beta" / "logo.jpg") == ["Acme", "Beta"]


def test_another_picture_needs_replace(both: Path, folders: Path, tmp_path: Path) -> None:
    """A known key with another picture is a bad row that names the way out; `--replace` and a column take it."""
    copy, other = tmp_path / "copy", folders / "beta" / "logo.jpg"
    shutil.copytree(both, copy)
    manifest, column = tmp_path / "list.csv", tmp_path / "column.csv"
    manifest.write_text(f"key,path\nacme/logo.jpg,{other}\n")
    column.write_text(f"key,path,replace\nacme/logo.jpg,{folders / 'acme' / 'logo.jpg'},yes\n")
    refused = resight(copy, "add", "--manifest", manifest)
    still = titles(copy, folders / "acme" / "logo.jpg")
    replaced = resight(copy, "add", "--manifest", manifest, "--replace", "--json")
    back = resight(copy, "add", "--manifest", column, "--json")

    assert (refused.code, still) == (3, ["Acme"])
    assert "--replace" in refused.sentence
    assert (replaced.lines[0]["replaced"], back.lines[0]["replaced"]) == (1, 1)
    assert titles(copy, folders / "acme" / "logo.jpg") == ["Acme"]


def test_a_column_that_is_absent_takes_no_words_away(both: Path, folders: Path, tmp_path: Path) -> None:
    """The same bytes with key and path alone change nothing; with a title they change that."""
    copy, acme = tmp_path / "copy", folders / "acme" / "logo.jpg"
    shutil.copytree(both, copy)
    manifest = tmp_path / "list.csv"
    manifest.write_text(f"key,path\nacme/logo.jpg,{acme}\n")
    same = resight(copy, "add", "--manifest", manifest, "--json")
    kept = titles(copy, acme)
    renamed = resight(copy, "add", acme.parent, "--title", "Acme & Sons", "--json")

    assert (same.lines, kept) == ([NOTHING | {"unchanged": 1}], ["Acme"])
    assert (renamed.lines, titles(copy, acme)) == ([NOTHING | {"changed": 1}], ["Acme & Sons"])


def test_a_catalogue_of_0_1_0_keeps_its_references(tmp_path: Path) -> None:
    """Folders that 0.1.0 added under shorter keys are the same references; `--rekey` gives them the keys of today."""
    home = tmp_path / "data"
    shutil.unpack_archive(OLD / "catalogue.zip", home)
    assert resight(home, "doctor", "--reembed", **CLASSIC).code == 0  # its vectors are of an older model
    again = resight(home, "add", OLD / "acme", "--json", **CLASSIC)
    before = resight(home, "search", OLD / "acme", **CLASSIC)
    rekeyed = resight(home, "add", OLD / "acme", "--rekey", "--json", **CLASSIC)
    after = resight(home, "search", OLD / "acme", **CLASSIC)
    once_more = resight(home, "add", OLD / "acme", "--rekey", "--json", **CLASSIC)
    health = resight(home, "doctor", **CLASSIC)

    assert again.lines == rekeyed.lines == once_more.lines == [NOTHING | {"unchanged": 2}]
    assert keys(before) == ["logo.jpg", "sub/old.jpg"]
    assert keys(after) == ["acme/logo.jpg", "acme/sub/old.jpg"]
    assert titles(home, OLD / "acme", **CLASSIC) == ["Acme", "Acme"]
    assert health.code == 0, health.sentence


def keys(told: Told) -> list[str]:
    return [line["matches"][0]["key"] for line in told.lines]


@pytest.mark.parametrize("name", READING)
def test_what_only_reads_says_where_there_is_no_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A wrong folder is told with exit code 4: it never reads as "all clean", and nothing is made there."""
    monkeypatch.setenv("RESIGHT_SEMANTIC_MODEL", "phash")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["--home", "elsewhere", *READING[name]])
    error = done.exception if isinstance(done.exception, EnvironmentTrouble) else None

    assert error.exit_code if error else done.exit_code == 4, done.output
    assert f"no catalogue in '{tmp_path}/elsewhere'" in " ".join(f"{done.output} {error}".split())
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_folder_is_never_all_clean(folders: Path, tmp_path: Path) -> None:
    """The same of a real search: one sentence, exit code 4, no line of JSON, no folder."""
    told = resight(tmp_path / "elsewhere", "search", folders / "acme")

    assert (told.code, told.out) == (4, "")
    assert f"no catalogue in '{tmp_path}/elsewhere'" in told.sentence
    assert list(tmp_path.iterdir()) == []


def test_every_command_is_one_or_the_other() -> None:
    """A new command is added here as one that reads, makes, or needs no catalogue."""
    named = {name.removeprefix("resight ") for name in commands()} - {"resight"}
    groups = {name.split()[0] for name in named if " " in name}
    known = {" ".join(word for word in arguments[:2]) for arguments in READING.values()}
    reading = {name for name in named if name in known or any(one.split()[0] == name for one in known)}

    assert named - groups - reading - MAKING - NEEDS_NONE == set()


def test_a_name_that_is_no_utf_8_ends_nothing(folders: Path, tmp_path: Path) -> None:
    """Files of any name are added and searched; what is printed is UTF-8, on one line each, without an escape."""
    home, odd = tmp_path / "data", tmp_path / "odd"
    odd.mkdir()
    for name in (b"good.jpg", b"caf\xe9.jpg", b"\x1b]0;red\x07.jpg", b"two\nlines.jpg"):
        shutil.copy(folders / "acme" / "logo.jpg", odd / os.fsdecode(name))
    added = resight(home, "add", odd)
    found = resight(home, "search", odd, odd / "\x1b[31mmissing.jpg")

    assert added.code == 0, added.sentence
    assert added.out.startswith("4 added")
    assert {line["path"].rsplit("/", 1)[-1] for line in found.lines} == {
        "good.jpg",
        "caf%E9.jpg",
        "%1B]0;red%07.jpg",
        "two%0Alines.jpg",
        "%1B[31mmissing.jpg",
    }
    assert [line["verdict"] for line in found.lines].count("match") == 4
    assert not {"\x1b", "\x07"} & set(added.out + added.err + found.out + found.err)


def test_a_bad_row_leaves_the_others(both: Path, folders: Path, tmp_path: Path) -> None:
    """Addresses, names that no file can have and folders are told one by one; the rest of the batch is done."""
    copy, manifest = tmp_path / "copy", tmp_path / "list.csv"
    shutil.copytree(both, copy)
    picture = folders / "acme" / "logo.jpg"
    rows = ["a,https://example.org/a.png", "b,x\0y.png", f"c,{folders}", f"d,{'n' * 300}.png", f'"e\tf",{picture}']
    manifest.write_text("\n".join(["key,path", *rows, f"good,{picture}"]).replace("\0", "") + "\n")
    added = resight(copy, "add", "--manifest", manifest, "--json")
    manifest.write_text("\n".join(["id,path", *rows, f"good,{picture}"]).replace("\0", "") + "\n")
    found = resight(copy, "search", "--manifest", manifest)

    assert (added.code, added.lines[0]["added"]) == (3, 1)
    assert [one["where"] for one in added.lines[0]["bad"]] == [f"line {at}" for at in range(2, 7)]
    assert "is an address" in added.lines[0]["bad"][0]["message"]
    assert [line["verdict"] for line in found.lines] == [*["unscannable"] * 4, "match", "match"]
