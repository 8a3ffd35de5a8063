"""All commands, in one table: what each is told, who may use it where, and what it does.

    name      also of a group: "references add"        who, where   checked here, whatever a platform lets through
    options   typed; `handlers.chat.options`           run          (Context, Given) -> Answer

From it are made Discord's application commands, Telegram's menu and its reading of words, the words of a plain chat,
/help and docs/chat.md. A new command is a row here, its function, and its texts (`command.*`, `option.*`).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from core.chat import Said
from core.chat_port import Capabilities
from core.messages import Answer, Asked, Right, Row
from core.types import Mode
from core.wording import Words
from handlers.chat import alerts, cases, channels, naming, open_cases, people, questions, references
from handlers.chat.context import NOT_HERE, STAFF_ONLY, ChatNeeds, Connection, Context, ContextWith, Run, may
from handlers.chat.errors import Unclear, sentence_of
from handlers.chat.options import (
    CHANNEL,
    COLLECTION,
    EVERYWHERE,
    KIND,
    LANGUAGE,
    PICTURE,
    PURPOSE,
    SORT,
    Given,
    Option,
    Type,
    mode,
)
from handlers.chat.setup import LOG, WHERE, setup
from handlers.communities import LONGEST_MEMORY, LONGEST_PURGE, Use

ON = tuple(one for one in Mode if one is not Mode.OFF)
ACTING = (Mode.FLAG, Mode.ENFORCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command; its text is `command.{text}` of the words, with "-" for the blank in a name.

    who          who may use it in a community
    in_private   whether it can be used with the bot alone; then by anybody
    about        whether it may be about another message: that is replied to, or whose menu is opened
    alone        whether its answer is for the asker alone, where a platform can; those of the staff are anyway
    """

    name: str
    run: Run
    options: tuple[Option, ...] = ()
    who: Right = Right.EVERYBODY
    in_community: bool = True
    in_private: bool = False
    about: bool = False
    alone: bool = False

    @property
    def text_key(self) -> str:
        return f"command.{self.name.replace(' ', '-')}"

    @property
    def is_of_messages(self) -> bool:
        """Whether it can only be about a message."""
        return self.about and not self.options

    def options_for(self, can: Capabilities) -> tuple[Option, ...]:
        """The options that make sense on a platform."""
        hidden = () if can.has_channels else (CHANNEL.name, EVERYWHERE.name)
        return tuple(one for one in self.options if one.name not in hidden)


def _staff(
    name: str, run: Run, *options: Option, who: Right = Right.MANAGER, about: bool = False, in_private: bool = False
) -> Command:
    return Command(name=name, run=run, options=options, who=who, about=about, in_private=in_private)


def _moderators(name: str, run: Run, *options: Option, about: bool = False) -> Command:
    return _staff(name, run, *options, who=Right.MODERATOR, about=about)


def _number(name: str, least: int = 1, most: int = 100, *, required: bool = True) -> Option:
    return Option(name=name, type=Type.NUMBER, required=required, least=least, most=most)


async def explain(context: Context, _given: Given) -> Answer:
    """/help: a row a command that the asker can use here; those of the staff for staff only."""
    rights = {right for right in Right if await may(context, right)}
    private = context.asked.is_private
    those = [one for one in COMMANDS if (one.in_private if private else one.in_community and one.who in rights)]
    rows = (Row(code=f"/{one.name}", note=context.words(one.text_key)) for one in those)
    return context.answer(Said(key="help.private" if private else "help.community"), *rows)


_INTO = replace(COLLECTION, alone=False, wide=True)
_OF = replace(_INTO, required=True)
SWITCH = Option(name="which", type=Type.CHOICE, choices=("on", "off"), labels="switch", text="bots", required=True)
_WHERE = (CHANNEL, EVERYWHERE)
_WORDS = Option(name="words", required=True, wide=True)
_MATCH = replace(_WORDS, name="match")
_TITLE = replace(_WORDS, name="title", required=False)
_NEW = replace(_TITLE, required=True)
_CALLED = replace(_TITLE, wide=False, alone=True, text="called")
_WHO = Option(name="who", type=Type.PERSON)
_WHICH = mode(*ACTING, required=True, text="which")
_KEY = Option(name="key", type=Type.KEY, required=True)
_ONE = replace(_KEY, required=False, alone=True)
_CASE = replace(_number("number", most=999_999_999), type=Type.CASE)
_BEFORE = Option(name="before", type=Type.NUMBER, least=1, most=999_999_999, alone=True)
_REPLIED_KEY = replace(_KEY, required=False)
_MINUTES = _number("minutes", most=40_320, required=False)
_PURGE = replace(_number("hours", least=0, most=LONGEST_PURGE, required=False), text="purge", alone=True)
_USE = Option(name="use", type=Type.CHOICE, choices=tuple(Use), labels="settings", required=True)
_FLAGS = tuple(Option(name=name, type=Type.FLAG) for name in (*channels.ACTS, "nothing"))

COMMANDS: tuple[Command, ...] = (
    Command(name="search", run=questions.search, options=(PICTURE,), in_private=True, about=True),
    Command(name="find", run=questions.find, options=(_WORDS,), in_private=True),
    Command(name="report", run=questions.report, about=True, alone=True),
    Command(name="help", run=explain, in_private=True),
    _staff("setup", setup, WHERE, mode(*ON), LANGUAGE, LOG, CHANNEL),
    _moderators("settings", channels.settings),
    _staff("watch", channels.watch, mode(*ON), *_WHERE),
    _staff("unwatch", channels.unwatch, *_WHERE),
    _staff("mode", channels.set_mode, mode(*Mode, required=True), COLLECTION, KIND, *_WHERE),
    _staff("threshold", channels.threshold, _MATCH, _number("review"), *_WHERE),
    _staff("actions", channels.actions, _WHICH, *_FLAGS, _MINUTES, _PURGE, *_WHERE),
    _staff("reset", channels.reset, *_WHERE),
    _staff("log", people.log, Option(name="to", type=Type.PLACE, required=True)),
    _staff("language", people.language, replace(LANGUAGE, required=True)),
    _staff("exempt", people.exempt, _WHO, about=True),
    _staff("admit", people.admit, _WHO, about=True),
    _moderators("ignore", people.ignore, _WHO, about=True),
    _staff("roles", people.roles, _USE, _WHO),
    _staff("brakes", people.brakes, _number("people"), _number("an_hour", most=1000)),
    _staff("bots", people.bots, SWITCH),
    _staff("remember", people.remember, _number("hours", least=0, most=LONGEST_MEMORY)),
    _moderators("references add", references.add, PICTURE, _TITLE, COLLECTION, PURPOSE, about=True),
    _moderators("references rename", naming.rename, _REPLIED_KEY, _NEW, COLLECTION, about=True),
    _moderators("references remove", references.remove, _KEY, _INTO),
    _moderators("references list", references.listed, _INTO, _CALLED),
    _moderators("cases", open_cases.listed, SORT, _WHO, CHANNEL, COLLECTION, _ONE, _BEFORE),
    _moderators("case", cases.case, _CASE),
    _moderators("why", cases.why, Option(name="link"), about=True),
    _staff("alerts add", alerts.add, _OF),
    _staff("alerts remove", alerts.remove, _OF, in_private=True),
    _staff("alerts list", alerts.listed, in_private=True),
    _staff("alerts invite", alerts.invite, _OF),
    _staff("alerts join", alerts.join, Option(name="code", required=True), in_private=True),
)
"""In the order of the help."""

BY_NAME: Mapping[str, Command] = {one.name: one for one in COMMANDS}
SHORT: Mapping[str, str] = {"add": "references add", "rename": "references rename"}
"""Other names for commands, where commands are words."""

MENUS: Mapping[str, str] = {
    "search-this": "search",
    "report-this": "report",
    "add-this": "references add",
    "why-this": "why",
}
"""Entries in the menu of a message, on platforms that have one: text key and command."""


type Reading = Callable[[Context], Awaitable[Given]]
"""Reads the options from words; raises Unclear."""


async def answer(connection: Connection, asked: Asked, command: Command, given: Given | Reading) -> Answer:
    """What the command says. Whatever happens, the person gets a sentence."""
    context = await connection.context(asked)
    alone = command.alone or (command.who > Right.EVERYBODY and not context.is_log)
    return replace(await _guarded(context, command, given), alone=alone)


async def _guarded(context: ContextWith[ChatNeeds], command: Command, given: Given | Reading) -> Answer:
    try:
        return await _answer(context, command, given)
    except Unclear:
        usage = usage_of(context.words, command, context.chat.can)
        return context.refusal(Said(key="said.unknown", values={"usage": usage}))
    except Exception as error:
        return context.refusal(sentence_of(error, context.language, f"/{command.name}"))


async def _answer(context: ContextWith[ChatNeeds], command: Command, given: Given | Reading) -> Answer:
    """Words are read for those who may use the command: nobody else is told how it is written."""
    if refused := await refused_to(context, command):
        return context.refusal(refused)
    given = given if isinstance(given, Given) else await given(context)
    if any(one.required and one.name not in given.values for one in command.options):
        raise Unclear
    return await command.run(context, given)


async def refused_to(context: Context, command: Command) -> Said | None:
    """Why the asker may not use the command here; None where they may."""
    if context.asked.is_private:
        return None if command.in_private else NOT_HERE
    return None if await may(context, command.who) else STAFF_ONLY


def usage_of(words: Words, command: Command, can: Capabilities) -> str:
    """How the command is written in words: "/mode off|dry_run|flag|enforce [collection=...]"."""
    parts = (_written(words, one) for one in command.options_for(can) if one.type is not Type.PICTURE)
    return " ".join([f"/{command.name}", *parts])


def _written(words: Words, option: Option) -> str:
    if option.type is Type.FLAG:
        return f"[{option.name}]"
    value = "|".join(option.choices) or words(f"usage.{option.text or option.name}")
    shown = f"{option.name}={value}" if option.alone else value
    return shown if option.required else f"[{shown}]"
