"""The command line from end to end: real processes, a real vector store, a real model, real photographs."""

import csv
import shutil
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from bench.photos import jpeg, mosaics
from lab.drawings.demo import demo_set, strangers
from lab.edits.suite import EDITS
from tests.e2e.command import resight

PHOTOS = 12


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photographs and drawings, their edits, strangers, and manifests to add, to search, and to search a few."""
    folder = tmp_path_factory.mktemp("images")
    pictures = {f"photo-{number}": picture for number, picture in enumerate(mosaics(PHOTOS, seed=5))}
    pictures |= {image.key: image.draw() for image in demo_set()[:4]}
    added, asked = [], []
    for key, picture in pictures.items():
        (folder / f"{key}.jpg").write_bytes(jpeg(picture))
        added.append({"key": key, "path": f"{key}.jpg", "title": f"Title of {key}"})
        for name in ("recompress", "half_size", "crop_75", "mirror"):
            (folder / f"{key}-{name}.jpg").write_bytes(jpeg(EDITS[name](picture)))
            asked.append({"id": f"{key}/{name}", "path": f"{key}-{name}.jpg"})
    for image in strangers():
        (folder / f"{image.key}.jpg").write_bytes(jpeg(image.draw()))
        asked.append({"id": f"stranger/{image.key}", "path": f"{image.key}.jpg"})
    write_csv(folder / "add.csv", added)
    write_csv(folder / "search.csv", asked[::-1])
    write_csv(folder / "few.csv", asked[::6])
    return folder


@pytest.fixture(scope="module")
def home(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the manifest's references."""
    home = tmp_path_factory.mktemp("home") / "data"
    told = resight(home, "add", "--manifest", folder / "add.csv", "--json")
    assert told.code == 0, told.sentence
    assert told.lines == [{"added": PHOTOS + 4, "replaced": 0, "changed": 0, "unchanged": 0, "bad": [], "notes": []}]
    return home


def test_a_manifest_is_answered_in_its_order_and_copies_are_found(home: Path, folder: Path) -> None:
    """Each edit's best match is its original, strangers match nothing, and line N answers row N."""
    told = resight(home, "search", "--manifest", folder / "search.csv")
    with (folder / "search.csv").open(encoding="utf-8") as file:
        wanted = [row["id"] for row in csv.DictReader(file)]

    assert told.code == 0, told.sentence
    assert [line["id"] for line in told.lines] == wanted
    for line in told.lines:
        key = line["id"].split("/")[0]
        if key == "stranger":
            assert line["verdict"] != "match", line
        else:
            assert line["verdict"] == "match", line
            assert line["matches"][0]["key"] == key
            assert line["matches"][0]["title"] == f"Title of {key}"
            assert 0.9 <= line["matches"][0]["confidence"] <= 1
            assert {"decode", "embed", "search", "total"} <= line["timings_ms"].keys()


def test_what_is_worth_knowing_of_a_reference_is_told(home: Path, folder: Path, tmp_path: Path) -> None:
    """A copy of a known image and a screenshot are added, with a sentence each on standard error."""
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    shot = tmp_path / "shot.jpg"
    shot.write_bytes(jpeg(EDITS["screenshot"](strangers()[0].draw())))
    told = resight(copy, "add", folder / "photo-0-half_size.jpg", shot)
    silent = resight(copy, "add", folder / "photo-1-half_size.jpg", "--no-check", "--json")

    assert (told.code, told.out.strip()) == (0, "2 added, 0 replaced, 0 changed, 0 unchanged, 0 bad")
    assert "photo-0-half_size.jpg: This looks like “Title of photo-0” in library: an edited copy" in told.sentence
    assert "shot.jpg: This looks like a screenshot: crop it to the picture that matters." in told.sentence
    assert silent.lines == [{"added": 1, "replaced": 0, "changed": 0, "unchanged": 0, "bad": [], "notes": []}]


def test_adding_again_does_nothing_and_new_bytes_replace(home: Path, folder: Path, tmp_path: Path) -> None:
    """A key is the operator's stable name: same bytes change nothing, new bytes take its place if they are to."""
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    again = resight(copy, "add", "--manifest", folder / "add.csv", "--json")
    with Image.open(folder / "photo-0.jpg") as picture:
        rotated = ImageOps.flip(picture)
    (tmp_path / "new.jpg").write_bytes(jpeg(rotated))
    manifest = write_csv(tmp_path / "one.csv", [{"key": "photo-0", "path": "new.jpg"}])
    replaced = resight(copy, "add", "--manifest", manifest, "--replace", "--json")
    found = resight(copy, "search", tmp_path / "new.jpg", "--json")

    assert again.lines == [{"added": 0, "replaced": 0, "changed": 0, "unchanged": PHOTOS + 4, "bad": [], "notes": []}]
    assert replaced.lines == [{"added": 0, "replaced": 1, "changed": 0, "unchanged": 0, "bad": [], "notes": []}]
    assert found.lines[0]["matches"][0]["key"] == "photo-0"
    assert found.lines[0]["matches"][0]["kind"] == "exact"


def test_all_candidates_keeps_those_below_every_threshold(home: Path, folder: Path) -> None:
    """An operator can see how near a stranger came, with its scores, best first."""
    told = resight(home, "search", folder / "birches.jpg", "--all-candidates", "--top", "3")
    matches = told.lines[0]["matches"]

    assert told.lines[0]["verdict"] == "clean"
    assert 1 <= len(matches) <= 3
    assert [one["confidence"] for one in matches] == sorted((one["confidence"] for one in matches), reverse=True)
    assert all(one["confidence"] < 0.5 and isinstance(one["inliers"], int) for one in matches)


def test_evidence_is_written_for_each_find(home: Path, folder: Path, tmp_path: Path) -> None:
    """One picture a find, under a safe name of its own, however hostile the id; a stranger has none."""
    names = ("photo-0-crop_75.jpg", "photo-1-mirror.jpg", "photo-2.jpg", "birches.jpg")
    asked = [{"id": "../../x", "path": str(folder / name)} for name in names]
    manifest, shown = write_csv(tmp_path / "asked.csv", asked), tmp_path / "new" / "evidence"
    told = resight(home, "search", "--manifest", manifest, "--evidence", shown)
    again = resight(home, "search", "--manifest", manifest, "--evidence", shown)
    near = resight(home, "search", folder / "birches.jpg", "--all-candidates", "--evidence", shown)

    assert told.code == 0, told.sentence
    assert [line["evidence"] for line in told.lines] == ["x.jpg", "x-2.jpg", "x-3.jpg", ""]
    assert [line["evidence"] for line in again.lines] == ["x.jpg", "x-2.jpg", "x-3.jpg", ""]
    assert [line["evidence"] for line in near.lines] == ["birches.jpg.jpg"]
    assert {path.name for path in shown.iterdir()} == {"x.jpg", "x-2.jpg", "x-3.jpg", "birches.jpg.jpg"}
    assert {path.name for path in tmp_path.iterdir()} == {"asked.csv", "new"}
    with Image.open(shown / "x.jpg") as picture:
        assert picture.format == "JPEG"
        assert 900 < picture.width <= 1100


def test_a_rebuild_gives_the_same_answers(home: Path, folder: Path, tmp_path: Path) -> None:
    """With the vectors gone, `doctor` says so, `doctor --rebuild` re-creates them, and every score is the same."""
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    before = resight(copy, "search", "--manifest", folder / "few.csv").lines
    shutil.rmtree(copy / "vectors")
    sick = resight(copy, "doctor")
    rebuilt = resight(copy, "doctor", "--rebuild", "--json")
    after = resight(copy, "search", "--manifest", folder / "few.csv").lines
    well = resight(copy, "doctor", "--json")

    assert sick.code == 4
    assert "resight doctor --rebuild" in sick.sentence
    assert rebuilt.lines == [{"vectors": 2 * (PHOTOS + 4), "hashes": 0}]
    assert [line["matches"] for line in after] == [line["matches"] for line in before]
    assert well.code == 0
    assert {check["state"] for check in well.lines[0]["checks"]} <= {"ok", "warning"}


def test_a_catalogue_moves_by_export_and_import(home: Path, folder: Path, tmp_path: Path) -> None:
    """What was exported and imported elsewhere answers as before."""
    exported = resight(home, "export", tmp_path / "catalogue.zip", "--json")
    imported = resight(tmp_path / "other", "import", tmp_path / "catalogue.zip", "--json")
    query = folder / "photo-3-crop_75.jpg"
    here = resight(home, "search", query).lines[0]
    there = resight(tmp_path / "other", "search", query).lines[0]

    assert exported.lines == [{"exported": PHOTOS + 4}]
    added = {"added": PHOTOS + 4, "replaced": 0, "changed": 0, "unchanged": 0, "collections": [], "bad": []}
    assert imported.lines == [added]
    assert there["matches"] == here["matches"]


def test_an_export_needs_neither_model_nor_vectors(home: Path, tmp_path: Path) -> None:
    """A catalogue with its vectors lost, and another model set, is written as it is, with the model that it has."""
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    shutil.rmtree(copy / "vectors")
    files = [tmp_path / name for name in ("whole.zip", "lost.zip")]
    whole = resight(home, "export", files[0])
    lost = resight(copy, "export", files[1], RESIGHT_MODEL="classic")

    assert (whole.code, lost.code) == (0, 0), lost.sentence
    assert len({file.read_bytes() for file in map(head, files)}) == 1


def head(file: Path) -> zipfile.Path:
    return zipfile.Path(file, "resight.json")


def test_hashes_move_without_pictures(home: Path, tmp_path: Path) -> None:
    """A list of hashes holds no picture; imported elsewhere it makes references that the doctor is content with."""
    other = tmp_path / "other"
    exported = resight(home, "export", "--hashes", tmp_path / "list.csv", "--json")
    resight(other, "collections", "create", "shared")
    imported, again = (
        resight(other, "import", tmp_path / "list.csv", "--collection", "shared", "--json") for _ in range(2)
    )
    well = resight(other, "doctor", "--json")

    assert exported.lines == [{"exported": PHOTOS + 4, "without_hash": 0}]
    assert imported.lines == [
        {"added": PHOTOS + 4, "replaced": 0, "changed": 0, "unchanged": 0, "skipped": 0, "bad": []}
    ]
    assert again.lines == [{"added": 0, "replaced": 0, "changed": 0, "unchanged": PHOTOS + 4, "skipped": 0, "bad": []}]
    assert (tmp_path / "list.csv").stat().st_size < 300 * (PHOTOS + 5)
    assert well.code == 0, well.sentence


def test_another_model_is_refused_until_all_is_embedded_again(home: Path, folder: Path, tmp_path: Path) -> None:
    """Embeddings of two models are never mixed: the sentence names the command, which then works without a model."""
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    refused = resight(copy, "search", folder / "photo-1-recompress.jpg", RESIGHT_MODEL="classic")
    mended = resight(copy, "doctor", "--reembed", RESIGHT_MODEL="classic")
    found = resight(copy, "search", folder / "photo-1-recompress.jpg", RESIGHT_MODEL="classic")
    mirrored = resight(copy, "search", folder / "photo-1-mirror.jpg", RESIGHT_MODEL="classic")

    assert refused.code == 4
    assert "resight doctor --reembed" in refused.sentence
    assert mended.code == 0
    for told in (found, mirrored):
        assert told.lines[0]["verdict"] == "match"
        assert told.lines[0]["matches"][0]["key"] == "photo-1"


def test_collections_are_listed_created_and_deleted(home: Path, folder: Path, tmp_path: Path) -> None:
    """A collection goes with its references, and only after a yes."""
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    created = resight(copy, "collections", "create", "brands", "--purpose", "brand", "--json")
    added = resight(copy, "add", folder / "birches.jpg", "--collection", "brands")
    listed = resight(copy, "collections", "list", "--json")
    unasked = resight(copy, "collections", "delete", "brands")
    deleted = resight(copy, "collections", "delete", "brands", "--yes", "--json")
    found = resight(copy, "search", folder / "birches.jpg")

    assert created.lines == [{"name": "brands", "purpose": "brand", "owner": "", "size": 0}]
    assert added.code == 0
    assert [(one["name"], one["size"]) for one in listed.lines[0]["collections"]] == [
        ("brands", 1),
        ("library", PHOTOS + 4),
    ]
    assert unasked.code == 2
    assert deleted.lines == [{"name": "brands", "deleted_references": 1}]
    assert found.lines[0]["verdict"] == "clean"


def test_removed_references_match_no_more(home: Path, folder: Path, tmp_path: Path) -> None:
    """Removing takes effect at once; an unknown key is told and makes the exit code 3."""
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    removed = resight(copy, "remove", "photo-2", "nobody", "--json")
    found = resight(copy, "search", folder / "photo-2-recompress.jpg")

    assert removed.code == 3
    assert removed.lines == [{"removed": ["photo-2"], "missing": ["nobody"]}]
    assert "photo-2" not in {match["key"] for match in found.lines[0]["matches"]}


def test_the_demo_shows_six_right_verdicts(tmp_path: Path) -> None:
    """`resight demo --once` posts six pictures over HTTP and exits 0 because every row is as it should be."""
    told = resight(tmp_path / "data", "demo", "--once")

    assert told.code == 0, told.sentence
    assert told.out.count("yes") == 6


def test_help_and_openapi_need_nothing(tmp_path: Path) -> None:
    """Neither makes a data folder; the description is JSON."""
    helped = resight(tmp_path / "data", "--help")
    described = resight(tmp_path / "data", "openapi")

    assert helped.code == 0
    assert "search" in helped.out
    assert described.out.startswith("{")
    assert not (tmp_path / "data").exists()
