"""A killed command and a killed bot lose nothing: the same command again ends with exactly what was asked for."""

import csv
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from bench.photos import write
from tests.e2e.command import command, environment, resight

COUNT = 50
KILLS = 2


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manifest of fifty photographs, with a quick vocabulary of keys."""
    folder = tmp_path_factory.mktemp("many")
    paths = write(folder, COUNT, seed=9)
    with (folder / "add.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "path"])
        writer.writerows([f"key-{path.stem}", path.name] for path in paths)
    return folder / "add.csv"


def interrupted(home: Path, manifest: Path, after: float) -> int | None:
    """Start `add --manifest` and kill it with -9 after a while; its exit code if it was faster."""
    process = subprocess.Popen(
        command("add", "--manifest", manifest),
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return None


def test_add_killed_again_and_again_ends_with_exactly_the_manifest(manifest: Path, tmp_path: Path) -> None:
    """After some kills at random moments the same command completes, nothing is missing, doubled or unsearchable."""
    home = tmp_path / "data"
    dice = random.Random(4)
    started = time.monotonic()
    kills = sum(interrupted(home, manifest, dice.uniform(2.5, 5.0)) is None for _ in range(KILLS))
    last = resight(home, "add", "--manifest", manifest, "--json")
    again = resight(home, "add", "--manifest", manifest, "--json")
    health = resight(home, "doctor", "--json")
    exported = resight(home, "export", tmp_path / "all.zip", "--json")

    assert kills >= 1, f"no kill hit a running command in {time.monotonic() - started:.0f} s"
    assert last.code == 0, last.sentence
    assert again.lines == [{"added": 0, "replaced": 0, "changed": 0, "unchanged": COUNT, "bad": [], "notes": []}]
    assert exported.lines == [{"exported": COUNT}]
    assert health.code == 0, health.sentence
    assert f"{COUNT} references, {2 * COUNT} vectors." in health.sentence
