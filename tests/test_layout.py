"""The dependency direction is a promise, so the folder names keep their meaning.

MAY_IMPORT          folder -> folders           fronts     know no other front
handlers/chat       no platform's library       bot/       no circles, and no chain of imports too long to follow
handlers/           know no record of everything: what each needs is in its signature (`handlers.needs`)
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "embed": {"core"},
    "store": {"core"},
    "handlers": {"core"},
    "web": {"core", "handlers"},
    "lab": {"core", "handlers"},
    "bot": {"core", "embed", "store", "handlers", "web", "lab"},
    "resight": {"bot"},
}
FRONTS = sorted(path.parent.name for path in (ROOT / "bot" / "fronts").glob("*/__init__.py"))
SDKS = {"discord", "telegram", "nio", "aiohttp", "httpx", "typer", "rich"}

HEAVY = {"cv2", "PIL", "onnxruntime", "sqlalchemy", "qdrant_client", "aiohttp", "httpx", "discord", "telegram"}
"""What `tests/core` does without."""

LONGEST_CHAIN = 7
MOST_FILES = 14
MOST_NEEDS = 12

SCRIPT = "# /// script"
"""How a program begins that `uv run` starts with dependencies of its own: it assembles, as `bot` does."""

type Graph = Mapping[str, frozenset[str]]
"""What each module imports, of modules of the same folder."""


def imports(path: Path, *, deferred: bool = True) -> Iterator[str]:
    """The modules that a file imports, by their full names; `deferred`: also those inside of functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if deferred else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@cache
def graph_of(folder: str, *, deferred: bool) -> Graph:
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (ROOT / folder).rglob("*.py")}
    return {
        name: frozenset(imports(path, deferred=deferred)) & files.keys() - {name}
        for name, path in files.items()
        if not path.read_text(encoding="utf-8").startswith(SCRIPT)
    }


def longest_from(graph: Graph, name: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The longest chain of imports that begins there; raises AssertionError for a circle."""
    assert name not in above, f"These import each other: {' -> '.join((*above[above.index(name) :], name))}"
    below = [_longest(graph, (*above, name), one) for one in graph[name]]
    return name, *max(below, key=len, default=())


_known: dict[tuple[int, str], tuple[str, ...]] = {}


def _longest(graph: Graph, above: tuple[str, ...], name: str) -> tuple[str, ...]:
    key = (id(graph), name)
    if key not in _known or name in above:
        _known[key] = longest_from(graph, name, above)
    return _known[key]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_folders_only_import_what_they_may(folder: str) -> None:
    """Each folder knows its allowed neighbours only, and nobody knows bot."""
    found = (ROOT / folder).rglob("*.py")
    files = [path for path in found if not path.read_text(encoding="utf-8").startswith(SCRIPT)]

    assert files, f"{folder}/ of the map is empty"
    for path in files:
        ours = tops(path) & set(MAY_IMPORT) - {folder}
        assert ours <= MAY_IMPORT[folder], f"{path.relative_to(ROOT)} imports {ours - MAY_IMPORT[folder]}"


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_no_two_modules_import_each_other(folder: str) -> None:
    """Not even in a roundabout way, and not inside of functions."""
    graph = graph_of(folder, deferred=True)

    for name in graph:
        longest_from(graph, name)


def test_what_a_chat_does_knows_no_platform() -> None:
    """handlers/chat imports no library of a platform, and nothing that prints or fetches."""
    for path in (ROOT / "handlers" / "chat").rglob("*.py"):
        assert not tops(path) & SDKS, f"{path.relative_to(ROOT)} imports {tops(path) & SDKS}"


@pytest.mark.parametrize("front", FRONTS)
def test_no_front_imports_another(front: str) -> None:
    """What two of them need is in handlers/chat."""
    others = tuple(f"bot.fronts.{one}" for one in FRONTS if one != front)
    for path in (ROOT / "bot" / "fronts" / front).rglob("*.py"):
        strange = [name for name in imports(path) if name.startswith(others)]
        assert not strange, f"{path.relative_to(ROOT)} imports {strange}"


def bases_of(folder: str) -> Iterator[tuple[Path, str, list[str]]]:
    """Each protocol of needs: its file, its name and the names of its bases."""
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and (node.name.endswith("Needs") or node.name.startswith("Has")):
                yield path, node.name, [base.id for base in node.bases if isinstance(base, ast.Name)][:-1]


THINGS = [name for _, name, _ in bases_of("handlers") if name.startswith("Has")]
NEEDS = [found for folder in ("handlers", "web", "lab", "bot") for found in bases_of(folder) if found[2]]


@pytest.mark.parametrize("folder", ["core", "handlers", "web", "lab"])
def test_nobody_gets_everything(folder: str) -> None:
    """No handler, page or measurement knows the record of all services: that is for bot/, which assembles it."""
    for path in (ROOT / folder).rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)}
        assert "Services" not in names, f"{path.relative_to(ROOT)} knows Services"


@pytest.mark.parametrize(("path", "name", "bases"), NEEDS, ids=[name for _, name, _ in NEEDS])
def test_what_is_needed_is_said_briefly(path: Path, name: str, bases: list[str]) -> None:
    """No more than a dozen things; parts come first, then things in the order of handlers/needs.py; no sum of sums."""
    parts = [base for base in bases if base not in THINGS]
    things = bases[len(parts) :]
    where = f"{name} of {path.relative_to(ROOT)}"

    assert len(things) <= MOST_NEEDS, f"{where} names {len(things)} things"
    assert things == sorted(things, key=THINGS.index), f"{where}: the parts come first, then the things in order"
    sums = [part for _, part, below in NEEDS if part in parts and not set(below) <= set(THINGS)]
    assert not sums, f"{where}: {sums} are sums of parts, name those"


@pytest.mark.parametrize("name", THINGS)
def test_everything_is_needed_by_somebody(name: str) -> None:
    """What nobody asks for is no need."""
    paths = [path for folder in ("handlers", "web", "bot") for path in (ROOT / folder).rglob("*.py")]

    assert sum(name in path.read_text(encoding="utf-8") for path in paths) > 1, f"nobody needs {name}"


def test_a_reader_of_bot_follows_no_long_chain() -> None:
    """From any module of bot/ the way down through its imports is short."""
    graph = graph_of("bot", deferred=False)
    longest = max((longest_from(graph, name) for name in graph), key=len)

    assert len(longest) <= LONGEST_CHAIN, " -> ".join(longest)


def test_bot_shows_its_rooms() -> None:
    """Only what assembles the program is in bot/ itself."""
    assert len(list((ROOT / "bot").glob("*.py"))) <= MOST_FILES


def test_the_fronts_hide_no_library() -> None:
    """`discord` and `telegram` are the libraries, although two folders have these names: none is first on the path."""
    code = "import discord, telegram, bot.fronts.connectors as c; print(discord.Client, telegram.Bot, c.__file__)"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "discord.client.Client" in told and "telegram._bot.Bot" in told
    assert not [path for path in sys.path if path.endswith("fronts")]


WAITING = re.compile(r"pause|wait|delay|backoff|sleep", re.IGNORECASE)


def doubled(tree: ast.AST) -> Iterator[int]:
    """The lines on which a pause is doubled, grows with a number of tries, or is left to chance."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign() | ast.AugAssign() | ast.Call() if WAITING.search(_named(node)):
                grown = [one for one in ast.walk(node) if isinstance(one, ast.BinOp) and _grows(one)]
                yield from (one.lineno for one in grown)
                if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Mult | ast.Pow):
                    yield node.lineno
            case ast.Attribute(attr="uniform", value=ast.Name(id="random")):
                yield node.lineno


def _named(node: ast.Assign | ast.AugAssign | ast.Call) -> str:
    """What is assigned to, or called."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func)
    return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)


def _grows(node: ast.BinOp) -> bool:
    two = any(isinstance(one, ast.Constant) and one.value == 2 for one in (node.left, node.right))
    return isinstance(node.op, ast.Pow) or (isinstance(node.op, ast.Mult) and two)


def test_there_is_one_back_off() -> None:
    """No file but core/backoff.py doubles a pause, and none leaves one to chance."""
    files = [path for folder in ("core", "handlers", "store", "web", "bot") for path in (ROOT / folder).rglob("*.py")]
    found = {
        str(path.relative_to(ROOT)): [*doubled(ast.parse(path.read_text(encoding="utf-8")))]
        for path in files
        if path != ROOT / "core" / "backoff.py"
    }

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        "pause = min(2 * pause, 60)",
        "self._pause *= 2",
        "await asyncio.sleep(2**attempt / 4)",
        "delay = first * random.uniform(0.5, 1)",
    ],
)
def test_a_second_back_off_is_noticed(code: str) -> None:
    """However it is written."""
    assert [*doubled(ast.parse(code))]


def test_the_tests_of_core_need_no_picture() -> None:
    """What every test loads, and what those of core/ load, decodes nothing, stores nothing and asks no network."""
    modules = ["tests.conftest", *(f"tests.core.{path.stem}" for path in (ROOT / "tests" / "core").glob("test_*.py"))]
    code = f"import sys; [__import__(name) for name in {modules}]; print(*{HEAVY} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert told.split() == []


def test_package_files_are_empty() -> None:
    """Nothing hides in an __init__.py: every name is imported from the file that defines it."""
    full = [path for folder in MAY_IMPORT for path in (ROOT / folder).rglob("__init__.py") if path.read_text().strip()]

    assert full == []
