"""`resight`: the table of commands. A command's file is imported when it runs, so `resight --help` answers at once.

    resight run | demo | chat | doctor    start, try out, check
    resight add | remove | search         references in, references out, look images up
    resight scorecard                     measure the matching on your own references
    resight duplicates                    which references are copies of one another
    resight collections ...               what there is and whose it is
    resight references ...                choices about single references
    resight export | import               move a catalogue, or lists of hashes
    resight forget                        what is known of a person
    resight backup | restore              everything that is remembered, as one file
    resight inbox ...                     what waits, and what we gave up
    resight tokens ...                    what programs may do
    resight models ... | lab ...          compare models, indexes, features
    resight openapi                       the API's description

Each file has an `app` of typer, and below it what its commands do.
"""

import gc
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from bot import logs
from bot.version import VERSION

CODES = (
    "Exit codes: 0 done, 2 wrong command, 3 some wrong data, 4 machine, service or catalogue not as it must be, "
    "5 some images not looked at by our fault, 70 a bug of ours."
)


LONGEST = 200
"""Characters of a first sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """The file of a command or group, and the first sentence of its help; a test holds that equal to the command's."""

    module: str
    help: str


COMMANDS: Mapping[str, Place] = {
    "run": Place("run", "Start the bot: the web page, the API and moderation, until it is stopped."),
    "demo": Place("demo", "Try everything with a made-up catalogue: no token, no download."),
    "doctor": Place("doctor", "Check everything, and mend the vectors if asked to."),
    "chat": Place(
        "chat", "Talk to the bot in the terminal: every command, card and button, in a community of your own."
    ),
    "add": Place("catalogue.add", "Add reference images."),
    "remove": Place("catalogue.add", "Remove references from a collection."),
    "search": Place("catalogue.search", "Look images up."),
    "scorecard": Place(
        "lab.scorecard",
        "Measure on your own references which copies are found, how sure that is, and what to trust.",
    ),
    "duplicates": Place("catalogue.duplicates", "Which references are copies of one another; nothing is changed."),
    "export": Place(
        "catalogue.exchange",
        "Write collections with their references, pictures and vectors to a ZIP file, or their PDQ hashes to a list.",
    ),
    "import": Place(
        "catalogue.exchange",
        "Add what a ZIP file of `resight export` or a list of hashes holds, or labelled pictures; labels become "
        "titles.",
    ),
    "backup": Place("backup", "Write everything that is remembered to a ZIP file; the bot may go on running."),
    "restore": Place("backup", "Fill an empty data folder from a backup, write the vectors again, and compare."),
    "forget": Place(
        "forget", "Forget a person: name, numbers and traces of what they posted, asked, reported or decided."
    ),
    "openapi": Place("openapi", "Print the API's OpenAPI description."),
    "collections": Place("catalogue.collections", "List, create and delete collections."),
    "references": Place("catalogue.references", "Choices about single references."),
    "inbox": Place("inbox", "What waits, and what we gave up."),
    "tokens": Place("tokens", "Tokens of the API for programs."),
    "models": Place("models", "List, export and compare models."),
    "lab": Place("lab.compare", "Compare indexes, features and metrics on your own references."),
}


def loaded(name: str) -> TyperCommand | TyperGroup:
    """Import the file of a command and return the command."""
    group = get_group(import_module(f"bot.cli.{COMMANDS[name].module}").app)
    found = group if group.name == name else group.commands[name]
    assert isinstance(found, TyperCommand | TyperGroup)
    return found


class Group(TyperGroup):
    """Its help tells the first sentence of each command whole, on as many lines as that takes."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(LONGEST)) for name, one in commands if one])


class Lazy(Group):
    """Help and completion see the table; the command itself is loaded once it is to run."""

    def __init__(self, **given: Any) -> None:
        lines = {name: TyperCommand(name, help=place.help) for name, place in COMMANDS.items()}
        super().__init__(**given | {"commands": lines})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        name, line, rest = super().resolve_command(ctx, args)
        command = line and loaded(str(name))
        gc.freeze()  # nothing of what was imported is garbage: looking at the end costs a quarter of `inbox --help`
        return name, command, rest


app = typer.Typer(
    name="resight",
    cls=Lazy,
    help="Recognises images it has seen before, wherever they are reposted.",
    epilog=CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help comes a third sooner
    context_settings={"help_option_names": ["-h", "--help"]},
)


def whole() -> TyperGroup:
    """Return the root with every command loaded, for those who describe them all."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    root.commands = {name: loaded(name) for name in COMMANDS}
    return root


def tell_version(wanted: bool) -> None:
    """Print name and version and end."""
    if wanted:
        typer.echo(f"resight {VERSION}")
        raise typer.Exit


@app.callback()
def settings_from(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="Data folder (RESIGHT_HOME).")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell more on stderr.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", "-V", callback=tell_version, is_eager=True, help="Tell the version and end.")
    ] = False,
) -> None:
    """Options that come before the command."""
    logs.set_up(logging.INFO if verbose else logging.WARNING)
    context.obj = {"home": home} if home else {}
