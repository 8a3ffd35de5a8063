"""What is shipped beside the code is true: locks, container files, settings example, make targets."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import partial
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from bot.settings import Settings, load
from bot.version import VERSION
from tests.test_docs import make_targets

ROOT = Path(__file__).parent.parent
MAKES = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
"""What a make says to another one below it."""

LOCKS = tuple(f"requirements/{name}.txt" for name in ("base", "dev", "torch", "pure", "lowest", "synapse"))
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==(\S+)")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


def plain(requirement: str) -> str:
    """A requirement's name, as every tool spells it."""
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def locked(path: str) -> dict[str, list[str]]:
    """Name and lines of every requirement of a lock."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in read(path).splitlines():
        if pinned := PINNED.match(line):
            name = plain(pinned[1])
            found[name] = []
        elif not line.lstrip().startswith("#"):
            assert line.startswith("    --hash=sha256:"), f"{path}: {line}"
            found[name].append(line)
    return found


@pytest.fixture
def services() -> dict[str, Any]:
    """The services of docker-compose.yml."""
    composed: dict[str, Any] = yaml.safe_load(read("docker-compose.yml"))
    services: dict[str, Any] = composed["services"]
    assert set(services) == {"bot", "qdrant"}
    return services


@pytest.mark.parametrize("path", LOCKS)
def test_every_locked_requirement_has_hashes(path: str) -> None:
    """Nothing is installed that is not the very file that was locked."""
    found = locked(path)

    assert found
    assert [name for name, hashes in found.items() if not hashes] == []


@pytest.mark.parametrize("path", LOCKS)
def test_locks_name_no_place_to_download_from(path: str) -> None:
    """Where packages come from is the choice of the machine that installs them."""
    text = read(path)

    assert re.findall(r"\S*://\S*|--(?:extra-)?index\S*|--find-links\S*|--trusted-host\S*", text) == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    """`make demo` and `make test` install everything that pyproject.toml names."""
    said = project()
    groups = said["dependency-groups"]
    wanted = {plain(one) for one in [*said["project"]["dependencies"], *groups["build"]]}
    for_tests = {plain(one) for one in groups["dev"] if isinstance(one, str)}

    assert wanted - set(locked(LOCKS[0])) == set()
    assert (wanted | for_tests) - set(locked(LOCKS[1])) == set()


def test_all_locks_pin_the_same_versions() -> None:
    """What is tested is what is run, with torch or without."""
    base, dev, torch, pure = (
        {plain(one[1]): one[2] for one in map(PINNED.match, read(path).splitlines()) if one} for path in LOCKS[:4]
    )

    for part in (base, pure):
        assert {name: (version, dev.get(name)) for name, version in part.items() if dev.get(name) != version} == {}
    assert {name: (torch[name], dev[name]) for name in torch.keys() & dev.keys() if torch[name] != dev[name]} == {}


def test_the_pure_tests_load_what_their_lock_holds() -> None:
    """`make test-pure` runs in an environment without the other packages: they are hidden here."""
    held = locked("requirements/pure.txt").keys() | {"resight", "pip"}
    hidden = [name for name, of in packages_distributions().items() if not held & set(map(plain, of))]

    done = subprocess.run(
        (
            sys.executable,
            "-c",
            f"import sys; sys.modules.update(dict.fromkeys({hidden})); import {', '.join(pure_modules())}",
        ),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def pure_modules() -> Iterator[str]:
    """The modules of `make test-pure`."""
    command = ("make", "--no-print-directory", "--eval", "pure: ; @echo $(PURE)", "pure")
    ours = {name: value for name, value in os.environ.items() if name not in MAKES}
    asked = subprocess.run(command, cwd=ROOT, env=ours, capture_output=True, text=True, check=True)
    for path in asked.stdout.split():
        for file in (ROOT / path).rglob("test_*.py") if path.endswith("core") else (ROOT / path,):
            yield ".".join(file.relative_to(ROOT).with_suffix("").parts)


def test_the_lowest_versions_are_those_that_are_asked_for() -> None:
    """What pyproject.toml allows is tried: `make test-lowest` has exactly the lowest version of all that it names.

    `clip` is tried in an environment of its own; `matrix` allows one series alone, with which all tests run.
    """
    said = project()["project"]
    tried = {name: lines for name, lines in said["optional-dependencies"].items() if name not in ("clip", "matrix")}
    extras = [line for lines in tried.values() for line in lines]
    pinned: dict[str, set[str]] = {}
    for one in filter(None, map(PINNED.match, read("requirements/lowest.txt").splitlines())):
        pinned.setdefault(plain(one[1]), set()).add(one[2])
    asked = [Requirement(line) for line in (*said["dependencies"], *extras)]

    assert [str(one) for one in asked if not _least(one)] == []
    assert [str(one) for one in asked if not any(map(partial(_is_least, one), pinned[plain(one.name)]))] == []


def _least(asked: Requirement) -> str:
    """The version that a requirement begins with, "" where it names none."""
    return next((one.version for one in asked.specifier if one.operator in (">=", "==")), "")


def _is_least(asked: Requirement, version: str) -> bool:
    """Whether that version is the first of those that are allowed: 5.0.0.93 is the first 5.0 that has a wheel."""
    return Version(version).release[:2] == (*Version(_least(asked)).release, 0)[:2]


def test_no_link_leaves_the_checkout() -> None:
    """A link to a folder of whoever made it is dead everywhere else; environments are nobody's files."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    listed = subprocess.run(("git", "ls-files", "--stage"), cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert [line for line in listed.splitlines() if line.startswith("120000") or "\t.venv" in line] == []


def test_the_version_is_told_once() -> None:
    """The program, the package and the image have one version."""
    assert project()["project"]["version"] == VERSION
    assert f"image: resight:{VERSION}\n" in read("docker-compose.yml")


def test_the_changelog_says_what_is_released() -> None:
    """Each release has its date, the newest first; between releases the version says that it is none."""
    titles = re.findall(r"^## (.+)$", read("CHANGELOG.md"), flags=re.MULTILINE)
    released = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d", title) for title in titles[1:]]
    versions = [Version(one[1]) for one in released if one]

    assert titles[0] == "[Unreleased]" and all(released)
    assert versions == sorted(versions, reverse=True)
    assert Version(VERSION).is_devrelease == (Version(VERSION) not in versions)
    assert Version(VERSION) >= versions[0]


def test_the_settings_example_holds_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uncommenting all of .env.example changes nothing."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RESIGHT_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    defaults = load()
    text = re.sub(r"^# (RESIGHT_)", r"\1", read(".env.example"), flags=re.MULTILINE)
    Path(".env").write_text(text, encoding="utf-8")

    assert text.count("\nRESIGHT_") == len(Settings.model_fields)
    assert load() == defaults


def test_the_containers_are_confined(services: dict[str, Any]) -> None:
    """Each service is watched, restarted, limited, and may write to its volume and /tmp only."""
    for service in services.values():
        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"] == ["/tmp"]
        assert {"mem_limit", "pids_limit"} <= service.keys()


def test_data_lies_in_named_volumes(services: dict[str, Any]) -> None:
    """Removing a container loses nothing."""
    named = {name for name, about in yaml.safe_load(read("docker-compose.yml"))["volumes"].items() if about is None}
    used = [volume.partition(":")[0] for service in services.values() for volume in service["volumes"]]

    assert sorted(used) == sorted(named)


def test_only_the_bot_is_published_and_on_loopback_only(services: dict[str, Any]) -> None:
    """Nothing is reachable from another machine until the operator puts a proxy before it."""
    assert services["bot"]["ports"] == ["127.0.0.1:8321:8321"]
    assert "ports" not in services["qdrant"]
    assert services["qdrant"]["networks"] == ["inside"]


def test_images_have_fixed_tags(services: dict[str, Any]) -> None:
    """A restart never brings another version, and the server fits its client."""
    images = [service["image"] for service in services.values()]
    images += re.findall(r"^FROM (\S+)", read("Dockerfile"), flags=re.MULTILINE)
    client = next(one[2] for one in map(PINNED.match, read(LOCKS[0]).splitlines()) if one and one[1] == "qdrant-client")
    server = services["qdrant"]["image"].rpartition(":v")[2]

    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []
    assert server.split(".")[0] == client.split(".")[0]
    assert abs(int(server.split(".")[1]) - int(client.split(".")[1])) <= 1


def test_what_the_dockerfile_copies_exists_and_is_in_its_context() -> None:
    """The image can be built from a clone, and every folder of the package is in it."""
    text = read("Dockerfile")
    lines = re.findall(r"^COPY (?!--from)(.+)$", text, flags=re.MULTILINE)
    copied = [source for line in lines for source in line.split()[:-1]]
    allowed = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}

    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert set(copied) == allowed
    assert set(project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= set(copied)


def test_the_image_is_run_by_nobody_special() -> None:
    """The bot in the container is not root, and the container knows whether it works."""
    text = read("Dockerfile")

    assert re.search(r"^USER (?!root)\S+", text, flags=re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\n.*/healthz", text, flags=re.MULTILINE)
    assert re.search(r"^VOLUME /data$", text, flags=re.MULTILINE)


def test_make_help_lists_every_target() -> None:
    """`make` alone tells all there is, one sentence each."""
    phony = re.search(r"^\.PHONY: (.+)$", read("Makefile"), flags=re.MULTILINE)

    assert phony
    assert make_targets().keys() == {name for name in phony[1].split() if not name.startswith("set-up-")}
    assert all(sentence.endswith(".") for sentence in make_targets().values())
    assert {"demo", "test", "lint", "fmt", "bench", "screenshots", "lock"} <= make_targets().keys()
