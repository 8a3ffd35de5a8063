"""`resight import` of a file of malicious rows, as a user runs it: what it takes, and what is found afterwards."""

import subprocess
import sys
from pathlib import Path

from tests.bot.cli.catalogue.hostile_rows import KINDS, Row, read, written
from tests.e2e.command import command, environment, resight
from tests.small import saved, scribble

MODEL = {"RESIGHT_MODEL": "classic"}
MOST_MB = 150
BETWEEN = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_mb(home: Path, file: Path) -> float:
    """The most memory that the import or its decoder took; a process between, because a child starts with our peak."""
    asked = [sys.executable, "-c", BETWEEN, *command("import", file)]
    said = subprocess.run(asked, env=environment(home, MODEL), capture_output=True, text=True, check=True)
    return int(said.stdout) / 1024


def test_malicious_rows_take_no_memory_and_break_no_search(tmp_path: Path) -> None:
    """Beside a good row they are told, the good one is found, and so is what was there before."""
    home, other = tmp_path / "home", tmp_path / "other"
    for number in (1, 2):
        (tmp_path / f"{number}.png").write_bytes(saved(scribble(number)))
        (tmp_path / f"{number}.jpg").write_bytes(saved(scribble(number), "JPEG", quality=80))
    resight(home, "add", tmp_path / "1.png", **MODEL)
    resight(other, "add", tmp_path / "2.png", **MODEL)
    resight(other, "export", tmp_path / "good.zip", **MODEL)
    head, (good,) = read(tmp_path / "good.zip")
    rows = [Row({**good.line, "key": f"kind-{number}"}, dict(good.members)) for number in range(len(KINDS))]
    for row, spoil in zip(rows, KINDS.values(), strict=True):
        spoil(row)
    bad = written(tmp_path / "bad.zip", head, [*rows, good])
    least = peak_mb(tmp_path / "third", tmp_path / "good.zip")
    most = peak_mb(tmp_path / "fourth", bad)
    told = resight(home, "import", bad, "--json", **MODEL)
    found = resight(home, "search", tmp_path / "1.jpg", tmp_path / "2.jpg", "--json", **MODEL)

    assert (told.code, told.lines[0]["added"], len(told.lines[0]["bad"])) == (3, 1, len(KINDS))
    assert [line["verdict"] for line in found.lines] == ["match", "match"]
    assert most < least + MOST_MB, (least, most)
