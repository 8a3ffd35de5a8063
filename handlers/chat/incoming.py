"""What a message asks, on platforms where commands are words; a post that asks nothing is only looked at.

"/mode@bot flag"    --command_in--> Command, words --given_of--> Given --> commands.answer
"搜图", "@bot", ...  --> questions.look_up           a private image --> the same, without a word
"""

from core.chat import Said
from core.messages import Answer, Asked, Incoming
from core.types import Space
from handlers.chat import commands, questions
from handlers.chat.commands import BY_NAME, SHORT, Command
from handlers.chat.context import STAFF_ONLY, Connection, Context, runs
from handlers.chat.errors import Refuse, Unclear, sentence_of
from handlers.chat.options import Given, Option, Type, read, said

HERE = "here"
GROUPS = frozenset(name.split()[0] for name in BY_NAME if " " in name)
LINK = "http"


def command_in(text: str, bot_name: str = "") -> tuple[Command, str] | None:
    """The command of a text that is for us, and the words after it; a group alone is its first command, unfinished."""
    name, rest = _named(text, bot_name)
    if name in GROUPS:
        second, rest = _parted(rest)
        name = f"{name} {second.lower()}"
    known = BY_NAME.get(SHORT.get(name, name))
    return (known, rest) if known else None


def _named(text: str, bot_name: str) -> tuple[str, str]:
    """The first word of a command that is for us, without its "/", and what follows it; "" for any other text."""
    first, rest = _parted(text)
    name, _, whom = first.removeprefix("/").lower().partition("@")
    return (name if first.startswith("/") and whom in ("", bot_name.lower()) else "", rest)


def _parted(text: str) -> tuple[str, str]:
    """The first word, and what follows it, perhaps on lines of its own."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""


def asks(connection: Connection, message: Incoming, bot_name: str = "") -> bool:
    """Whether somebody asks us anything with a message in a community; another bot never does."""
    if message.by_bot:
        return False
    is_command = message.text.lstrip().startswith("/")
    if is_command and (command_in(message.text, bot_name) or _named(message.text, bot_name)[0] in GROUPS):
        return True
    return questions.is_question(connection.patience, message)


async def heard(connection: Connection, message: Incoming, bot_name: str = "") -> Answer:
    """The answer to a message; an empty one where it asks nothing, or where the outbox answers."""
    asked = asked_by(message)
    if found := command_in(message.text, bot_name):
        command, words = found
        return await commands.answer(connection, asked, command, lambda context: given_of(context, command, words))
    if (group := _named(message.text, bot_name)[0]) in GROUPS:
        return await _usage_of_group(await connection.context(asked), group)
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
    own, language = asked.own, connection.speaks(asked.who)
    try:
        context = await connection.context(asked)
        language = context.language
        if asked.is_private and own and not own.pictures and not (asked.about and asked.about.pictures):
            is_to_show = context.chat.can.links_show and LINK in own.text
            return Answer() if is_to_show else context.answer(Said(key="help.private"))
        return await questions.search(context, Given())
    except Exception as error:  # whoever asked gets a sentence
        return Answer(said=sentence_of(error, language, "a question"), language=language, refusal=True)


async def _usage_of_group(context: Context, group: str) -> Answer:
    """How its commands are written, to those who may use any of them."""
    those = [command for command in BY_NAME.values() if command.name.startswith(f"{group} ")]
    refused = [await commands.refused_to(context, command) for command in those]
    usable = [command for command, why in zip(those, refused, strict=True) if why is None]
    usage = " · ".join(commands.usage_of(context.words, command, context.chat.can) for command in usable)
    return context.refusal(Said(key="said.unknown", values={"usage": usage}) if usable else refused[0] or STAFF_ONLY)


async def given_of(context: Context, command: Command, words: str) -> Given:
    """The typed values of what was said; raises Unclear."""
    options = command.options_for(context.chat.can)
    raw = said(options, words)
    values = {one.name: await _value(context, one, raw[one.name]) for one in options if one.name in raw}
    lost = {one.name: raw[one.name] for one in options if one.name in raw and values[one.name] is None}
    return Given({name: value for name, value in values.items() if value is not None}, lost)


async def _value(context: Context, option: Option, raw: str) -> object:
    match option.type:
        case Type.PLACE:
            return await _place(context, raw)
        case Type.PERSON:  # nobody known by that name is no person, and the command asks whom
            return await context.chat.person(context.space, raw)
    return read(option, raw)


async def _place(context: Context, raw: str) -> Space:
    """The place; raises Refuse for one of another community that the asker does not run, where places are many."""
    if raw.lower() == HERE:
        return context.space
    found = await context.chat.place(context.space, raw)
    if found is None:
        raise Unclear
    if context.chat.can.has_channels and not await runs(context, found):
        raise Refuse(STAFF_ONLY.key)
    return found
