"""What a command is told: typed options, and how they are read from words.

    "/mode flag collection=logos" --split, place, read--> Given(mode=FLAG, collection="logos")

A platform with typed options of its own fills `Given` without words; `read` is for each of its raw values. In words,
options come in their order; any can be named instead (`kind=exact`); a flag is its own name; the one option that is
`wide` takes the words that nobody else takes; a collection may come last as `in "my scams"`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.cases import Sort
from core.messages import Person
from core.types import OF_PICTURES, Kind, Mode, Purpose, Space
from core.wording import LANGUAGES
from handlers.chat.errors import Refuse, Unclear

QUOTED = r'"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』|《([^》]*)》'
WORD = re.compile(rf"(?:(\w+)=)?(?:(?:{QUOTED})(?=\s|$)|(到(?=[“„«「『《])|\S+))")
INTO = ("in", "到")
"""Before a collection that is named last, in quotation marks."""

NUMBER = re.compile(r"-?\d{1,30}")


class Type(StrEnum):
    """What an option holds; the last three are found by the front, or in the message that is replied to."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    COLLECTION = "collection"
    KEY = "key"
    CASE = "case"
    PLACE = "place"
    PERSON = "person"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that a command is told; its text is `option.{text or name}` of the words.

    choices   the values of a choice; `labels` is how the keys of their texts begin
    wide      in words it takes whatever is left
    alone     in words it can only be named: NAME=VALUE
    """

    name: str
    type: Type = Type.TEXT
    text: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    labels: str = ""
    least: int = 0
    most: int = 10**6
    wide: bool = False
    alone: bool = False

    @property
    def text_key(self) -> str:
        return f"option.{self.text or self.name}"

    def label_key(self, choice: str) -> str:
        return f"{self.labels}.{choice}"


def mode(*choices: Mode, required: bool = False, text: str = "") -> Option:
    """One of these modes."""
    values = tuple(one.value for one in choices)
    return Option(name="mode", type=Type.CHOICE, choices=values, labels="mode", required=required, text=text)


CHANNEL = Option(name="channel", type=Type.PLACE, alone=True)
EVERYWHERE = Option(name="everywhere", type=Type.FLAG)
COLLECTION = Option(name="collection", type=Type.COLLECTION, alone=True)
PICTURE = Option(name="image", type=Type.PICTURE)
KIND = Option(name="kind", type=Type.CHOICE, choices=tuple(one.value for one in Kind), labels="kind", alone=True)
PURPOSE = Option(
    name="purpose",
    type=Type.CHOICE,
    choices=tuple(one.value for one in OF_PICTURES),
    labels="purpose",
    alone=True,
)
SORT = Option(name="sort", type=Type.CHOICE, choices=tuple(one.value for one in Sort), labels="cases.sort")
LANGUAGE = Option(name="language", type=Type.CHOICE, choices=LANGUAGES, labels="option.language-name")


@dataclass(frozen=True, slots=True)
class Given:
    """The values of a command's options, by name; what was not said is not there.

    `lost` is what was said for a person whom the platform does not know.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    lost: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text, "" if none was said."""
        return str(self.values.get(name, ""))

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def flag(self, name: str) -> bool:
        return bool(self.values.get(name))

    def mode(self) -> Mode | None:
        return Mode(self.text("mode")) if "mode" in self.values else None

    def kind(self) -> Kind | None:
        return Kind(self.text("kind")) if "kind" in self.values else None

    def purpose(self) -> Purpose:
        return Purpose(self.text("purpose") or Purpose.BLOCKLIST)

    def place(self, name: str) -> Space | None:
        value = self.values.get(name)
        return value if isinstance(value, Space) else None

    def person(self) -> Person | None:
        value = self.values.get("who")
        return value if isinstance(value, Person) else None


def said(options: Sequence[Option], words: str) -> dict[str, str]:
    """What was said for each option, not read yet; raises Unclear for words that are for none."""
    by_name = {one.name: one for one in options if one.type is not Type.PICTURE}
    named: dict[str, str] = {}
    rest: list[str] = []
    for name, word, is_quoted in _words(words):
        if name in by_name:
            named[name] = word
        elif not name and all(part in by_name and by_name[part].type is Type.FLAG for part in word.lower().split(",")):
            named |= dict.fromkeys(word.lower().split(","), "yes")
        elif is_quoted and rest and rest[-1].lower() in INTO and COLLECTION in by_name.values():
            named[COLLECTION.name] = word
            rest.pop()
        else:
            rest.append(f"{name}={word}" if name else word)
    in_order = [one for one in options if not one.alone and one.type not in (Type.FLAG, Type.PICTURE)]
    _widen(options, named, rest)
    return named | _placed([one for one in in_order if one.name not in named], rest)


def _words(text: str) -> Iterator[tuple[str, str, bool]]:
    """Each word with its name, "" for none, and whether it is quoted: what is in quotation marks is one word."""
    for found in WORD.finditer(text):
        name, *quoted, plain = found.groups()
        yield name or "", next((one for one in quoted if one is not None), plain or ""), plain is None


def _widen(options: Sequence[Option], named: dict[str, str], rest: list[str]) -> None:
    """Where the wide option was named, such as title=Elon giveaway, the words without a name are its own, too."""
    wide = next((one.name for one in options if one.wide), "")
    if wide in named and rest:
        named[wide] = " ".join([named[wide], *rest])
        rest.clear()


def _placed(options: Sequence[Option], words: list[str]) -> dict[str, str]:
    """Words in order; before and behind the wide option each other one takes one word."""
    at = next((number for number, one in enumerate(options) if one.wide), len(options))
    behind = options[at + 1 :]
    if len(words) < len(options) and behind:
        raise Unclear
    tail = words[len(words) - len(behind) :] if behind else []
    front = words[: len(words) - len(tail)]
    found: dict[str, str] = {}
    for option in options[:at]:
        spare = len(front) - (at < len(options) and options[at].required)
        if spare > 0 and (option.required or _fits(option, front[0])):
            found[option.name] = front.pop(0)
    if front and at == len(options):
        raise Unclear
    wide = {options[at].name: " ".join(front)} if front else {}
    return found | wide | dict(zip((one.name for one in behind), tail, strict=True))


def _fits(option: Option, word: str) -> bool:
    """Whether a word may be meant for an option that can be left out."""
    return option.type is not Type.CHOICE or word.lower() in option.choices


def read(option: Option, raw: str) -> object:
    """The value of an option that holds no place, person or picture; raises Unclear, or Refuse out of range."""
    match option.type:
        case Type.NUMBER | Type.CASE:
            return _number(option, raw.removesuffix("%"))
        case Type.CHOICE:
            if raw.lower() not in option.choices:
                raise Unclear
            return raw.lower()
        case Type.FLAG:
            return raw.lower() not in ("no", "false", "off", "0")
    return raw


def _number(option: Option, raw: str) -> int:
    if not NUMBER.fullmatch(raw):
        raise Unclear
    if not option.least <= int(raw) <= option.most:
        raise Refuse("said.out-of-range", number=raw, least=option.least, most=option.most)
    return int(raw)
