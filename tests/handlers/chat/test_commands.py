"""The table of commands: each row has its texts in both languages, and fits what the narrowest platform takes.

Nothing is started here: these are the first tests to run after a change of `handlers/chat/commands.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from core.wording import LANGUAGES, Words
from handlers.chat.commands import COMMANDS, MENUS, SHORT, Command
from handlers.chat.options import Option, Type

NAME = re.compile(r"[a-z0-9_]{1,32}")
LONGEST, MOST_OPTIONS, MOST_CHOICES = 100, 25, 25
"""Characters of a description, options and choices that Discord takes; Telegram takes more."""

IN_WORDS = frozenset(Type) - {Type.FLAG, Type.PICTURE, Type.CHOICE}
"""What the usage names by a word of its own; a flag is its name, a choice its values."""


def texts_of(command: Command) -> Iterator[str]:
    """The key of each text that the row needs, in the words of both languages."""
    yield command.text_key
    if " " in command.name:
        yield f"command.{command.name.partition(' ')[0]}"
    for option in command.options:
        yield option.text_key
        yield from (option.label_key(one) for one in option.choices)
        if option.type in IN_WORDS:
            yield f"usage.{option.text or option.name}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
def test_every_text_of_a_command_is_there(command: Command, language: str) -> None:
    """In the menu, in the help, and where it is told how the command is written."""
    words = Words.of(language)
    missing = [key for key in texts_of(command) if not words.has(key)]

    assert not missing, f"Add to core/words/{language}.toml, for /{command.name}: {', '.join(missing)}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
def test_every_command_fits_everywhere(command: Command) -> None:
    """Short names in small letters, short descriptions, not too many options: no platform refuses the whole table."""
    names = [*command.name.split(" "), *(option.name for option in command.options)]
    keys = [command.text_key, *(option.text_key for option in command.options)]
    long = [key for key in keys if max(len(Words.of(one)(key)) for one in LANGUAGES) > LONGEST]

    assert [name for name in names if not NAME.fullmatch(name)] == [], "names have small letters, digits and _"
    assert long == [], f"more than {LONGEST} characters, which Discord refuses"
    assert len(command.options) <= MOST_OPTIONS
    assert all(len(option.choices) <= MOST_CHOICES for option in command.options)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
def test_its_options_can_be_told_apart(command: Command) -> None:
    """One name each; in words at most one is wide, and whatever a choice may be is listed."""
    counted = Counter(option.name for option in command.options)

    assert [name for name, count in counted.items() if count > 1] == []
    assert sum(option.wide for option in command.options) <= 1, "two options would take the words that are left"
    assert [option.name for option in command.options if not _is_whole(option)] == []


def _is_whole(option: Option) -> bool:
    """Whether a choice says what it may be, and a number between what it may lie."""
    return bool(option.choices) == (option.type is Type.CHOICE) and option.least <= option.most


def test_other_names_lead_to_commands() -> None:
    """Short names and entries of menus are names of a row, and no row is there twice."""
    names = [command.name for command in COMMANDS]

    assert sorted(names) == sorted(set(names))
    assert {*SHORT.values(), *MENUS.values()} <= {*names}
