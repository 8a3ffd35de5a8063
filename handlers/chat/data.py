"""What stands in the data of buttons: all that a press means, so that a button outlives a restart. Pure.

    c:12:v               case 12: a decision, its undo, "release" (a brake), "why", "variants", "leave", an act by hand,
                         "add" (as reference), "unadd"
    c:12:v:20            the same, on a card that showed 20 posts of a burst
    l:o:12:m:42::scams   open cases older than case 12 (n: newer): matches of author 42 in scams
    r:57:blocklist       take back what was added from message 57
    t:57                 another title for what was added from message 57: opens a form
    s:here:dry_run:en    the set-up's choices so far

At most 64 bytes; a ":" within a choice is written as "%3A". Buttons of older versions are read, too:
`case:12:violation`, `refs:CHANNEL:57:blocklist`.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import quote, unquote
from uuid import UUID

from core.cases import Sort

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
    "open": "o",
    "leave": "l",
    "ban": "b",
    "unban": "d",
    "kick": "k",
    "quarantine": "q",
    "unquarantine": "f",
    "add": "p",
    "unadd": "i",
}
ACTIONS = {letter: action for action, letter in LETTERS.items()}
CASE = re.compile(r"c:(\d{1,18}):([a-z])(?::(\d{1,9}))?", re.ASCII)
OLD_CASE = re.compile(r"case:(\d{1,18}):(\w+)", re.ASCII)
ADDING = re.compile(r"r:([^:]+):(.+)")
OLD_ADDING = re.compile(r"refs:\d+:([^:]+):(.+)")
LIST = re.compile(r"l:([on]):(\d{1,18}):([mrpu]?):([^:]*):([^:]*):([^:]*)", re.ASCII)
SORTS = {Sort.MATCH: "m", Sort.REVIEW: "r", Sort.REPORTED: "p", Sort.UNSCANNABLE: "u", Sort.PARTIAL: "f"}
REFERENCE = re.compile(r"=([\w-]{22})", re.ASCII)
TITLE = re.compile(r"t:(\S+)")
SETUP = re.compile(r"s:([^:]+(?::[^:]+){0,2})")


@dataclass(frozen=True, slots=True)
class OfCase:
    """A button of a case; `seen` is how many posts its card showed, 1 = it says nothing of that."""

    case: int
    action: str
    seen: int = 1


@dataclass(frozen=True, slots=True)
class OfAdding:
    """The undo of what was added from a message."""

    message: str
    collection: str


@dataclass(frozen=True, slots=True)
class OfTitle:
    """Another title for what was added from a message."""

    message: str


@dataclass(frozen=True, slots=True)
class OfSetup:
    """What was chosen so far."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfList:
    """A page of open cases: next to a case, of what is wanted (`core.cases.Wanted`); a collection by its short name."""

    case: int
    is_newer: bool
    sort: Sort | None = None
    author: str = ""
    channel: str = ""
    collection: str = ""
    reference: UUID | None = None


def of_list(page: OfList) -> str:
    """The data, "" where it is too long for a button."""
    way, sort = "n" if page.is_newer else "o", SORTS[page.sort] if page.sort else ""
    bits = urlsafe_b64encode(page.reference.bytes).decode().rstrip("=") if page.reference else ""
    about = f"={bits}" if bits else quote(page.collection, safe="")
    names = (quote(name, safe="@!#") for name in (page.author, page.channel))
    return _fitting(":".join(("l", way, str(page.case), sort, *names, about)))


def of_case(case: int, action: str, seen: int = 1) -> str:
    return f"c:{case}:{LETTERS[action]}{f':{seen}' if seen > 1 else ''}"


def of_adding(message: str, collection: str) -> str:
    """The data, "" where it is too long for a button."""
    return _fitting(f"r:{message}:{collection}")


def of_title(message: str) -> str:
    """The data, "" where it is too long for a button."""
    return _fitting(f"t:{message}")


def of_setup(*choices: str) -> str:
    return _fitting(":".join(("s", *(one.replace("%", "%25").replace(":", "%3A") for one in choices))))


def _fitting(data: str) -> str:
    return data if len(data.encode()) <= MOST_BYTES else ""


def _list_of(found: re.Match[str]) -> OfList:
    way, case, sort, author, channel, about = found.groups()
    reference = REFERENCE.fullmatch(about)
    return OfList(
        case=int(case),
        is_newer=way == "n",
        sort=next((one for one, letter in SORTS.items() if letter == sort), None),
        author=unquote(author),
        channel=unquote(channel),
        collection="" if reference else unquote(about),
        reference=UUID(bytes=urlsafe_b64decode(f"{reference[1]}==")) if reference else None,
    )


def read(data: str) -> OfCase | OfAdding | OfTitle | OfList | OfSetup | None:
    """What a button means; None for one that is not ours."""
    if (found := CASE.fullmatch(data)) and found[2] in ACTIONS:
        return OfCase(int(found[1]), ACTIONS[found[2]], int(found[3] or 1))
    if (found := OLD_CASE.fullmatch(data)) and found[2] in LETTERS:
        return OfCase(int(found[1]), found[2])
    if found := ADDING.fullmatch(data) or OLD_ADDING.fullmatch(data):
        return OfAdding(found[1], found[2])
    if found := TITLE.fullmatch(data):
        return OfTitle(found[1])
    if found := LIST.fullmatch(data):
        return _list_of(found)
    if found := SETUP.fullmatch(data):
        return OfSetup(tuple(map(unquote, found[1].split(":"))))
    return None
