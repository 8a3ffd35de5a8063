"""What stands in the data of buttons: all that a press means, so that a button outlives a restart. Pure.

    c:12:v               case 12: a decision, its undo, "release" (a brake), "why", "variants", "leave", an act by hand
    r:57:blocklist       take back what was added from message 57
    s:here:dry_run:en    the set-up's choices so far

At most 64 bytes. Buttons of older versions are read, too: `case:12:violation`, `refs:CHANNEL:57:blocklist`.
"""

import re
from dataclasses import dataclass

MOST_BYTES = 64
LETTERS = {
    "violation": "v",
    "allowed": "a",
    "not_a_match": "n",
    "unsure": "s",
    "undo": "u",
    "why": "w",
    "release": "r",
    "abuse": "x",
    "variants": "t",
    "leave": "l",
    "ban": "b",
    "unban": "d",
    "kick": "k",
    "quarantine": "q",
    "unquarantine": "f",
}
ACTIONS = {letter: action for action, letter in LETTERS.items()}
CASE = re.compile(r"c:(\d{1,18}):([a-z])", re.ASCII)
OLD_CASE = re.compile(r"case:(\d{1,18}):(\w+)", re.ASCII)
ADDING = re.compile(r"r:([^:]+):(.+)")
OLD_ADDING = re.compile(r"refs:\d+:([^:]+):(.+)")
SETUP = re.compile(r"s:([^:]+(?::[^:]+){0,2})")


@dataclass(frozen=True, slots=True)
class OfCase:
    """A button of a case."""

    case: int
    action: str


@dataclass(frozen=True, slots=True)
class OfAdding:
    """The undo of what was added from a message."""

    message: str
    collection: str


@dataclass(frozen=True, slots=True)
class OfSetup:
    """What was chosen so far."""

    choices: tuple[str, ...]


def of_case(case: int, action: str) -> str:
    return f"c:{case}:{LETTERS[action]}"


def of_adding(message: str, collection: str) -> str:
    """The data, "" where it is too long for a button."""
    return _fitting(f"r:{message}:{collection}")


def of_setup(*choices: str) -> str:
    return _fitting(":".join(("s", *choices)))


def _fitting(data: str) -> str:
    return data if len(data.encode()) <= MOST_BYTES else ""


def read(data: str) -> OfCase | OfAdding | OfSetup | None:
    """What a button means; None for one that is not ours."""
    if (found := CASE.fullmatch(data)) and found[2] in ACTIONS:
        return OfCase(int(found[1]), ACTIONS[found[2]])
    if (found := OLD_CASE.fullmatch(data)) and found[2] in LETTERS:
        return OfCase(int(found[1]), found[2])
    if found := ADDING.fullmatch(data) or OLD_ADDING.fullmatch(data):
        return OfAdding(found[1], found[2])
    if found := SETUP.fullmatch(data):
        return OfSetup(tuple(found[1].split(":")))
    return None
