"""The documents can't fall behind: what follows from the code is compared, and what they name must exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup

from bot.cli.app import whole
from bot.settings import Settings
from core import calibration_content, confidence, decided, decided_images, logos, trust
from embed.pairs import cells, overlay, reading, regions
from handlers import search_study
from tests.documents import ROOT, documents

READMES = ("README.md", "README.zh.md")
PAGES = tuple(sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))))
CODE = ("bot", "core", "embed", "handlers", "store", "web")
NUMBERED = (
    *(overlay, regions, cells, reading, calibration_content, trust),
    *(logos, confidence, decided, decided_images, search_study),
)
"""Modules whose numbers docs/matching.md tells; of a name that several have, the last one's."""

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src(?:set)?=\"([^\"]+)\"")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def make_targets() -> dict[str, str]:
    """The targets that `make` lists, with their sentences."""
    return dict(re.findall(r"^([a-z-]+):.*## (.+)$", read("Makefile"), flags=re.MULTILINE))


def commands() -> dict[str, set[str]]:
    """Every command with its options, as in `resight collections list --json`."""
    return dict(_commands("resight", whole()))


def _commands(name: str, group: TyperGroup) -> Iterator[tuple[str, set[str]]]:
    yield name, _options(group.params)
    for word, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(f"{name} {word}", command)
        else:
            yield f"{name} {word}", _options(command.params)


def _options(params: object) -> set[str]:
    assert isinstance(params, list)
    return {name for param in params for name in param.opts if name.startswith("-")}


def typed(page: str) -> Iterator[str]:
    """The command lines in the shell blocks of a page, line ends with a backslash joined."""
    for language, block in FENCE.findall(read(page)):
        if language == "sh":
            yield from (line.split(" #")[0].strip() for line in block.replace("\\\n", " ").splitlines())


@pytest.mark.parametrize(
    "path", ["docs/commands.md", "docs/settings.md", "docs/families.md", "docs/chat.md", ".env.example"]
)
def test_what_follows_from_the_code_is_up_to_date(path: str) -> None:
    """Commands, settings and families of look-alikes are described as they are."""
    assert read(path) == documents()[path], f"{path} is behind the code: run `make docs`."


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_documented(name: str) -> None:
    """docs/commands.md has a section for each command, with all its options."""
    _, found, rest = read("docs/commands.md").partition(f"## {name}\n")
    section = rest.partition("\n## ")[0]

    assert found, f"docs/commands.md has no section on `{name}`."
    assert [option for option in commands()[name] if f"`{option}`" not in section] == []


def test_every_variable_is_documented() -> None:
    """Whatever the code reads from the environment is in docs/settings.md, and every setting in .env.example."""
    settings = {f"RESIGHT_{name.upper()}" for name in Settings.model_fields}
    sources = [path.read_text(encoding="utf-8") for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    read_by_code = {name for source in sources for name in re.findall(r"\bRESIGHT_[A-Z]+(?:_[A-Z]+)*\b", source)}

    assert [name for name in settings | read_by_code if f"`{name}" not in read("docs/settings.md")] == []
    assert [name for name in settings if f"\n# {name}=" not in read(".env.example")] == []


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_only_variables_that_exist(page: str) -> None:
    """A variable that was renamed is not praised any longer."""
    known = {f"RESIGHT_{name.upper()}" for name in Settings.model_fields} | {"RESIGHT_DEBUG"}

    assert set(re.findall(r"\bRESIGHT_[A-Z]+(?:_[A-Z]+)*\b", read(page))) - known == set()


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_only_make_targets_that_exist(page: str) -> None:
    """`make something` in a page works."""
    named = set(re.findall(r"`make ([a-z]+)", read(page)))
    named |= {line.split()[1] for line in typed(page) if line.startswith("make ")}

    assert named - make_targets().keys() == set()


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_only_commands_that_exist(page: str) -> None:
    """`resight something --with-an-option` in a page works."""
    spans = re.findall(r"`((?:\.venv/bin/)?resight [^`]+)`", re.sub(FENCE, "", read(page)))
    lines = [line for line in (*typed(page), *spans) if re.match(r"(\.venv/bin/)?resight ", line)]
    known = commands()
    for line in lines:
        words = line.removeprefix(".venv/bin/").split()
        name = next((" ".join(words[:size]) for size in (3, 2) if " ".join(words[:size]) in known), "resight")
        options = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}

        assert name != "resight" or words[1].startswith("-"), f"{page}: there is no command `{line}`."
        assert options <= known[name] | known["resight"] | {"--help", "-h"}, f"{page}: {line}"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Every link and picture of a page that points into the project is there."""
    targets = [one or other for one, other in LINK.findall(re.sub(FENCE, "", read(page)))]
    ours = [target for target in targets if "://" not in target]

    assert [target for target in ours if not (ROOT / Path(page).parent / target).exists()] == []


def test_nobody_is_sent_to_an_index_for_resight() -> None:
    """Texts name the packages that lack, or a checkout: no index has a Resight with extras."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    code = [path for folder in (*CODE, "lab", "bench") for path in (ROOT / folder).rglob("*.py")]
    asks = [path for path in (*pages, *code) if "pip install 'resight[" in path.read_text(encoding="utf-8")]

    assert asks == [ROOT / "core" / "extras.py"]


def test_both_readmes_show_the_same_code() -> None:
    """The Chinese page is the same page: its code blocks are those of the English one."""
    english, chinese = ([block for _, block in FENCE.findall(read(page))] for page in READMES)

    assert english == chinese
    assert len(english) >= 5


def test_every_command_is_in_the_readmes() -> None:
    """A reader meets each command on the first page."""
    for page in READMES:
        text = read(page)
        missing = [name for name in commands() if " " in name and f"`{name}" not in text]
        assert missing == [], f"{page} lacks {missing}"


def test_the_numbers_of_matching_are_those_of_the_code() -> None:
    """Whoever reads docs/matching.md reads the thresholds in force."""
    told = re.findall(r"^\| `([A-Z_]+)` \| (-?[\d.]+) \|", read("docs/matching.md"), flags=re.MULTILINE)
    known = {name: value for one in NUMBERED for name, value in vars(one).items()}

    assert len(told) >= 35
    assert len(dict(told)) == len(told), "one name stands for two numbers"
    assert {name: float(value) for name, value in told} == {name: known.get(name) for name, _ in told}
