"""`resight lab` and the import of labelled pictures on the real command line."""

import csv
from pathlib import Path

import pytest

from lab.drawings.demo import demo_set, jpeg
from tests.e2e.command import Told, resight

LABELS = {"koi": "five-koi", "river": "river-city", "robot": "tin-duke"}


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Class folders `train` with two pictures each and `test` with one, and a list `train.csv` of the former."""
    folder = tmp_path_factory.mktemp("data")
    drawn = {one.key: one for one in demo_set()}
    rows: list[tuple[int, Path, str]] = []
    for label, key in LABELS.items():
        picture = drawn[key].draw()
        for name, part in (
            ("train/{}/a", picture),
            ("train/{}/b", picture.rotate(4)),
            ("test/{}/c", picture.rotate(8)),
        ):
            path = folder / f"{name.format(label)}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(jpeg(part))
            if name.startswith("train"):
                rows.append((len(rows), path.relative_to(folder), label))
    with (folder / "train.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "path", "label"), *rows])
    return folder


@pytest.fixture(scope="module")
def home(classes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of the class folders."""
    home = tmp_path_factory.mktemp("home") / "data"
    assert resight(home, "import", classes / "train").code == 0
    return home


def fine(told: Told) -> Told:
    """What was told, and nothing went wrong."""
    assert told.code == 0, told.sentence
    return told


def test_labels_become_titles(classes: Path, tmp_path: Path) -> None:
    """A CSV of id, path and label is imported; a row without a file is told, and the next time nothing changes."""
    home, broken = tmp_path / "data", classes / "broken.csv"
    broken.write_text("id,path,label\n9,nowhere.jpg,koi\n9,train.csv,koi\n,x.jpg,koi\n", encoding="utf-8")
    (first,) = fine(resight(home, "import", classes / "train.csv", "--csv", "--json")).lines
    (again,) = fine(resight(home, "import", classes / "train.csv", "--csv", "--json")).lines
    bad = resight(home, "import", broken, "--csv", "--json")
    other = resight(home, "import", classes / "train.csv")
    found = fine(resight(home, "search", classes / "test" / "koi" / "c.jpg", "--json")).lines[0]["matches"]

    assert (first["added"], again["unchanged"]) == (6, 6)
    assert bad.code == 3
    assert ["no file" in one["message"] for one in bad.lines[0]["bad"]] == [True, False, False]
    assert (other.code, "--csv" in other.sentence) == (3, True)
    assert {one["title"] for one in found} == {"koi"}


def test_map_is_told_by_label(classes: Path, home: Path, tmp_path: Path) -> None:
    """References of one title find each other, class folders of queries find them; a page and a chart are written."""
    (own,) = fine(resight(home, "lab", "map", "--k", 1, "--json", "--report", tmp_path)).lines
    (asked,) = fine(resight(home, "lab", "map", "--queries", classes / "test", "--json")).lines
    (hashed,) = fine(resight(home, "lab", "map", "--model", "pdq", "--metric", "manhattan", "--json")).lines
    empty = resight(home, "lab", "map", "--queries", tmp_path)
    alone = resight(tmp_path / "data", "lab", "map")

    assert {row["label"]: row["map_at_k"] for row in own["rows"]} == dict.fromkeys((*LABELS, None), 1.0)
    assert [row["pictures"] for row in asked["rows"]] == [1, 1, 1, 3]
    assert asked["rows"][-1]["map_at_k"] == 1.0
    assert "pdq" in hashed["lead"]
    assert (empty.code, "class folders" in empty.sentence) == (3, True)
    assert (alone.code, "resight add" in alone.sentence) == (4, True)
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert "koi" in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_indexes_are_compared(home: Path, tmp_path: Path) -> None:
    """Ours among them, filled up with made embeddings; too few are told with the way out."""
    (told,) = fine(resight(home, "lab", "indexes", "--fill", 400, "--json", "--report", tmp_path)).lines
    few = resight(home, "lab", "indexes")
    rows = {row["name"]: row for row in told["rows"]}

    assert len(rows) == 6
    assert rows["exact"]["recall_10"] == 1
    assert rows["Resight's catalogue"]["recall_10"] > 0.97  # it keeps half precision
    assert min(row["megabytes"] for row in rows.values()) > 0
    assert (few.code, "--fill" in few.sentence) == (3, True)
    assert (tmp_path / "indexes.png").stat().st_size > 10_000


def test_features_are_compared(home: Path, tmp_path: Path) -> None:
    """The embedding finds what hand-made features find and more; an unknown model or edit is told."""
    edits, models = "recompress,rotate_15", "sscd_distilled,pdq,shape"
    (told,) = fine(
        resight(home, "lab", "features", "--edits", edits, "--models", models, "--json", "--report", tmp_path)
    ).lines
    unknown = resight(home, "lab", "features", "--models", "gpt")
    rows = {row["name"]: row for row in told["rows"]}

    assert next(iter(rows)) == "sscd_distilled"
    assert rows["sscd_distilled"]["found"] >= rows["pdq"]["found"] >= 0
    assert set(rows["pdq"]["families"]) == {"file", "frame"}
    assert (unknown.code, "--models" in unknown.sentence) == (2, True)
    assert (tmp_path / "features.html").is_file()


def test_a_pair_is_explained(classes: Path, tmp_path: Path) -> None:
    """Four metrics a model, and the pair check beside them; a file that is no picture is told."""
    one, other = classes / "train" / "koi" / "a.jpg", classes / "test" / "koi" / "c.jpg"
    (told,) = fine(resight(tmp_path / "data", "lab", "explain", one, other, "--json")).lines
    shown = fine(resight(tmp_path / "data", "lab", "explain", one, classes / "test" / "robot" / "c.jpg"))
    bad = resight(tmp_path / "data", "lab", "explain", one, classes / "train.csv")
    models = {row["model"]: row for row in told["models"]}

    assert {"sscd_distilled", "pdq", "hog", "vlad"} <= set(models)
    assert models["pdq"]["euclidean"] ** 2 == pytest.approx(2 - 2 * models["pdq"]["cosine"], abs=1e-3)
    assert told["pair_check"]["kind"] == "edited"
    assert "Pair check" in shown.sentence
    assert (bad.code, "csv" in bad.sentence.lower() or "image" in bad.sentence.lower()) == (3, True)
