"""Writes the documents that follow from the code: `make docs`, or `python -m tests.documents`.

    bot/cli/         -> docs/commands.md
    bot/settings.py  -> docs/settings.md, .env.example
    handlers/chat/commands.py -> the table in docs/chat.md
    lab/families     -> docs/families.md, which shows the sheets that are there

tests/test_docs.py fails as long as one of them is not as this module would write it.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from typer.core import TyperGroup, TyperOption

from bench import families_page
from bot.cli.app import whole
from bot.settings import Settings
from core.chat_port import Capabilities
from core.messages import Right
from core.wording import Words
from handlers.chat.commands import COMMANDS as CHAT_COMMANDS
from handlers.chat.commands import Command, usage_of

ROOT = Path(__file__).parent.parent
FROM_HERE, TO_HERE = "<!-- made from the code: make docs -->\n", "<!-- until here -->"
WHO = {Right.EVERYBODY: "everybody", Right.MODERATOR: "moderators", Right.MANAGER: "managers"}

COMMANDS = """# Commands

Written by `make docs` from `resight --help`; change bot/cli/ instead.

Results go to standard output, everything else to standard error. `-h` and `--help` work everywhere. With `--json` a
command prints JSON instead of words; `search` prints JSON Lines also with `--manifest` and into a pipe.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | `demo --once`: a verdict was not as it should be; `--show-completion`: there is none for this shell |
| 2 | the command was wrong |
| 3 | some of the given data was wrong: a file, a row, a key; the rest was done |
| 4 | the machine or a service is not as it must be, or there is no catalogue: nothing was done |
| 5 | some images could not be looked at by a fault of ours: the log has its cause; the rest was done |
| 70 | a bug of ours: please report it; `RESIGHT_DEBUG=1` shows where |
| 130 | stopped with Ctrl-C; `run` and `demo`, which go on until then, end with 0 |

A wrong row of a manifest does not stop the others; it is told at the end.
"""

SETTINGS = """# Settings

Written by `make docs` from bot/settings.py; change that instead.

Settings are environment variables, or lines of a file `.env` in the working directory (copy `.env.example`). The
environment goes before the file; an empty value means the default. A value that can't be used is one sentence with the
name of the variable, and exit code 2.

| variable | default | meaning |
|---|---|---|
{rows}
`--home` of the command line goes before `RESIGHT_HOME`. `RESIGHT_DEBUG=1` shows where an error came from instead of a
sentence; it is read from the environment only.

## Notes

- **Model.** The vectors of a catalogue belong to one model. After changing `RESIGHT_MODEL`, run
  `resight doctor --reembed`; until then every command says so and stops.
- **Address.** On a loopback address the page needs no sign-in and only loopback names are served. On any other address
  the page asks for the token. Put a reverse proxy with TLS before it.
- **Token.** Without `RESIGHT_TOKEN` one is made at the first start and kept in the file `token` of the data folder.
- **Thresholds.** What the numbers mean is in [matching.md](matching.md). `RESIGHT_REVIEW_AT` must not be above
  `RESIGHT_MATCH_AT`.
- **Mode.** `RESIGHT_MODE` is for the built-in channel. In Discord and Telegram nothing is looked at before the staff
  has said `/setup`, and a channel starts in `dry_run`.
- **Webhook.** Telegram delivers to an https address only: let a reverse proxy pass it on to
  `RESIGHT_TELEGRAM_WEBHOOK_PORT`. Polling needs neither.
"""

EXAMPLE = """# Settings of Resight. Copy this file to .env and uncomment what you change; shown are the defaults.
# Written by `make docs` from bot/settings.py.
"""


def commands() -> str:
    """docs/commands.md"""
    group = whole()
    return "\n".join([COMMANDS, *_section("resight", group), *_walk("resight", group)])


def _walk(name: str, group: TyperGroup) -> Iterator[str]:
    for word, command in group.commands.items():
        yield from _section(f"{name} {word}", command)
        if isinstance(command, TyperGroup):
            yield from _walk(f"{name} {word}", command)


def _section(name: str, command: Any) -> Iterator[str]:
    arguments = "".join(f" {_argument(one)}" for one in command.params if one.param_type_name == "argument")
    words = " COMMAND" if isinstance(command, TyperGroup) else ""
    options = " [OPTIONS]" if command.params else ""
    yield f"## {name}\n\n{command.help}\n\n```\n{name}{options}{arguments}{words}\n```\n"
    rows = [_row(one) for one in command.params]
    if rows:
        yield "| | meaning | default |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _argument(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name}]"


def _row(param: Any) -> str:
    if not isinstance(param, TyperOption):
        return f"| `{_argument(param)}` | {param.help} | |"
    names = ", ".join(f"`{name}`" for name in sorted(param.opts, key=len, reverse=True))
    value = "" if param.is_flag else f" `{_value(param)}`"
    default = "" if param.is_flag or param.default in (None, "") else f"`{_shown(param.default)}`"
    return f"| {names}{value} | {param.help} | {default} |"


def _value(option: TyperOption) -> str:
    kind: Any = option.type_descriptor.annotation
    if option.metavar:
        return option.metavar
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "/".join(str(one.value) for one in kind)
    if option.min is not None and option.max is not None:
        return f"{option.min}..{option.max}"
    return "PATH" if kind is Path else "TEXT"


def settings() -> str:
    """docs/settings.md"""
    rows = "".join(f"| `{name}` | {_code(default)} | {about} |\n" for name, default, about in _fields())
    return SETTINGS.replace("{rows}", rows)


def example() -> str:
    """.env.example"""
    return EXAMPLE + "".join(f"\n# {about}\n# {name}={default}\n" for name, default, about in _fields())


def _fields() -> Iterator[tuple[str, str, str]]:
    for name, field in Settings.model_fields.items():
        yield f"RESIGHT_{name.upper()}", _shown(field.default), f"{field.description}{_choices(field)}"


def _choices(field: FieldInfo) -> str:
    """The values of a closed list, unless its description names them."""
    values = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    unnamed = [value for value in values if value and value not in str(field.description)]
    return f" One of: {', '.join(unnamed)}." if unnamed else ""


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


def chat() -> str:
    """docs/chat.md: its table of commands is made from the table in `handlers.chat.commands`."""
    page = (ROOT / "docs/chat.md").read_text(encoding="utf-8")
    before, _, rest = page.partition(FROM_HERE)
    return f"{before}{FROM_HERE}{_chat_commands()}{TO_HERE}{rest.partition(TO_HERE)[2]}"


def _chat_commands() -> str:
    words, can = Words.of("en"), Capabilities(has_channels=True, answers_alone=True)
    rows = [
        f"| `{_cell(usage_of(words, one, can))}` | {words(one.text_key)} | {WHO[one.who]} | {_where(one)} |"
        for one in CHAT_COMMANDS
    ]
    return "\n".join(["\n| command | what it does | who | where |\n|---|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    """The text as a cell of a table takes it, in code, too."""
    return text.replace("|", "\\|")


def _where(command: Command) -> str:
    return "community, private" if command.in_private else "community"


def _code(value: str) -> str:
    return f"`{value}`" if value else ""


def documents() -> Mapping[str, str]:
    """Path and text of every document that follows from the code."""
    made = {"docs/commands.md": commands(), "docs/settings.md": settings(), ".env.example": example()}
    return made | {"docs/families.md": families_page.page(), "docs/chat.md": chat()}


if __name__ == "__main__":
    for path, text in documents().items():
        (ROOT / path).write_text(text, encoding="utf-8")
