"""The recipes of CONTRIBUTING.md can be followed: their code works, and what they name is there."""

import re
from datetime import timedelta
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import numpy as np

from bot.services import Services
from core import cases, chat, telling
from core.chat import Said
from core.matches import Verdict
from core.messages import Row
from core.model_ports import Embedder
from core.types import Mode, Outcome
from handlers import needs
from handlers.chat import cases as about_cases
from handlers.chat import commands, options
from handlers.chat.commands import Command
from handlers.chat.options import Given
from tests.documents import ROOT
from tests.small import SPACE, event

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
TO_FILL_IN = re.compile(r"NAME|GROUP|NNNN|VERSION")
FILE = re.compile(r"[\w./-]+/[\w./*-]*")
OURS = re.compile(r"(?:\w+\.)*([A-Z]\w+)(?:\(.*\))?")
CODE = ("bot", "core", "embed", "handlers", "store", "tests")


def code_with(name: str) -> str:
    """The one piece of code that holds this name."""
    (found,) = (code for language, code in BLOCK.findall(PAGE) if language == "python" and name in code)
    return dedent(found)


def test_the_model_of_the_recipe_works() -> None:
    """Whoever copies it has a model: unit rows, and none of no picture."""
    made: dict[str, Any] = {}
    exec(code_with("GridEmbedder"), made)
    model: Embedder = made["GridEmbedder"]()
    pictures = [np.full((9, 7, 3), shade, np.uint8) for shade in (50, 200)]

    assert np.allclose(np.linalg.norm(model.embed(pictures), axis=1), 1)
    assert model.embed([]).shape == (0, model.spec.dim)


def command_of_the_recipe() -> Command:
    """The row, with the function that the page gives it."""
    functions, row = code_with("newest_cases").split(
        "# handlers/chat/commands.py: its row in COMMANDS, with a comma behind it\n"
    )
    made = {**vars(chat), **vars(cases), **vars(telling), **vars(commands), **vars(about_cases), **vars(needs)}
    exec(f"from __future__ import annotations\n{functions}", made)
    found = eval(row, {**vars(commands), "cases": SimpleNamespace(**made)})
    assert isinstance(found, Command)
    return found


async def test_the_command_of_the_recipe_works(services: Services) -> None:
    """Whoever copies it has a command: its option is read, and it answers with a sentence and a row a case."""
    command = command_of_the_recipe()
    await services.inbox.accept([event(link="https://example.org/post")])
    (waiting,) = await services.inbox.claim(1, timedelta(seconds=60))
    await services.cases.conclude(waiting, "ff", Verdict(outcome=Outcome.REVIEW), Mode.FLAG)
    given = Given({one.name: options.read(one, "3") for one in command.options})
    context: Any = SimpleNamespace(services=services, space=SPACE, answer=lambda *told: told)
    told: Any = await command.run(context, given)

    assert told == (
        Said(key="said.newest", values={"count": 1}),
        Row(code="/case 1", url="https://example.org/post"),
    )


def named() -> set[str]:
    """What stands in backticks, without what is to be filled in."""
    return {one for one in re.findall(r"`([^`\s]+)`", BLOCK.sub("", PAGE)) if not TO_FILL_IN.search(one)}


def test_every_file_that_a_recipe_names_is_there() -> None:
    """Nobody looks for a file that was moved."""
    files = {one for one in named() if FILE.fullmatch(one) and not one.startswith("/")}

    assert len(files) > 30
    assert sorted(one for one in files if not list(ROOT.glob(one.strip("/")))) == []


def test_every_name_that_a_recipe_uses_is_there() -> None:
    """Nobody looks for a class or a table that has another name by now."""
    sources = "".join(path.read_text(encoding="utf-8") for one in CODE for path in (ROOT / one).rglob("*.py"))
    names = {found[1] for found in map(OURS.fullmatch, named()) if found}

    assert len(names) > 20
    assert sorted(one for one in names if not re.search(rf"\b{one}\b", sources)) == []
