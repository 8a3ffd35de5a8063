"""What a message asks, on platforms where commands are words; a post that asks nothing is only looked at.

"/mode@bot flag"    --command_in--> Command, words --given_of--> Given --> commands.answer
"搜图", "@bot", ...  --> questions.look_up           a private image --> the same, without a word
"""

from core.chat import Said
from core.messages import Answer, Asked, Incoming, Person
from core.types import Space
from handlers.chat import commands, questions
from handlers.chat.commands import BY_NAME, SHORT, Command
from handlers.chat.context import Connection, Context
from handlers.chat.errors import Unclear, sentence_of
from handlers.chat.options import Given, Option, Type, read, said

HERE = "here"
GROUPS = frozenset(name.split()[0] for name in BY_NAME if " " in name)
LINK = "http"


def command_in(text: str, bot_name: str = "") -> tuple[Command, str] | None:
    """The command of a text that is for us, and the words after it; a group alone is its first command, unfinished."""
    first, rest = _parted(text)
    name, _, whom = first.removeprefix("/").lower().partition("@")
    if not first.startswith("/") or whom not in ("", bot_name.lower()):
        return None
    if name in GROUPS:
        second, words = _parted(rest)
        known = BY_NAME.get(f"{name} {second.lower()}")
        return (known, words) if known else None
    known = BY_NAME.get(SHORT.get(name, name))
    return (known, rest) if known else None


def _parted(text: str) -> tuple[str, str]:
    """The first word, and what follows it, perhaps on lines of its own."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""


def asks(connection: Connection, message: Incoming, bot_name: str = "") -> bool:
    """Whether somebody asks us anything with a message in a community; another bot never does."""
    if message.by_bot:
        return False
    is_command = message.text.lstrip().startswith("/")
    if is_command and (command_in(message.text, bot_name) or _is_group(message.text, bot_name)):
        return True
    return questions.is_question(connection.patience, message)


def _is_group(text: str, bot_name: str) -> bool:
    """Whether it is the name of a group of commands without one of them."""
    name, _, whom = _parted(text)[0].lower().partition("@")
    return name.startswith("/") and name[1:] in GROUPS and whom in ("", bot_name.lower())


async def heard(connection: Connection, message: Incoming, bot_name: str = "") -> Answer:
    """The answer to a message; an empty one where it asks nothing, or where the outbox answers."""
    asked = asked_by(message)
    if found := command_in(message.text, bot_name):
        command, words = found
        return await _commanded(connection, asked, command, words)
    if _is_group(message.text, bot_name):
        return await _usage_of_group(connection, asked)
    if message.is_private or questions.is_question(connection.patience, message):
        return await asked_in_words(connection, asked)
    return Answer()


def asked_by(message: Incoming) -> Asked:
    """The asking that a message is."""
    return Asked(
        who=message.author,
        space=message.space,
        number=message.number or (int(message.message) if message.message.isdecimal() else 0),
        thread=message.thread,
        own=message,
        about=message.replied_to,
    )


async def asked_in_words(connection: Connection, asked: Asked) -> Answer:
    """A question without a command; in private every image is one, and everything else is answered with help."""
    context = await connection.context(asked)
    own = asked.own
    try:
        if asked.is_private and own and not own.pictures and not (asked.about and asked.about.pictures):
            is_to_show = context.chat.can.links_show and LINK in own.text
            return Answer() if is_to_show else context.answer(Said(key="help.private"))
        return await questions.search(context, Given())
    except Exception as error:
        return context.refusal(sentence_of(error, context.language, "a question"))


async def _commanded(connection: Connection, asked: Asked, command: Command, words: str) -> Answer:
    return await commands.answer(connection, asked, command, lambda context: given_of(context, command, words))


async def _usage_of_group(connection: Connection, asked: Asked) -> Answer:
    context, text = await connection.context(asked), asked.own.text if asked.own else ""
    group = _parted(text)[0].removeprefix("/").partition("@")[0].lower()
    those = [one for one in commands.COMMANDS if one.name.startswith(f"{group} ")]
    usage = " · ".join(commands.usage_of(context.words, one, connection.chat.can) for one in those)
    return context.refusal(Said(key="said.unknown", values={"usage": usage}))


async def given_of(context: Context, command: Command, words: str) -> Given:
    """The typed values of what was said; raises Unclear."""
    options = command.options_for(context.chat.can)
    raw = said(options, words)
    values = {one.name: await _value(context, one, raw[one.name]) for one in options if one.name in raw}
    return Given({name: value for name, value in values.items() if value is not None})


async def _value(context: Context, option: Option, raw: str) -> object:
    match option.type:
        case Type.PLACE:
            return await _place(context, raw)
        case Type.PERSON:
            return await _person(context, raw)
    return read(option, raw)


async def _place(context: Context, raw: str) -> Space:
    if raw.lower() == HERE:
        return context.space
    found = await context.chat.place(context.space, raw)
    if found is None:
        raise Unclear
    return found


async def _person(context: Context, raw: str) -> Person | None:
    """Whoever is named; nobody known by that name is no person, and the command asks whom."""
    return await context.chat.person(context.space, raw)
