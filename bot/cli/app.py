"""The commands. Each is a few lines: settings, assembly, a handler, and what to print.

    resight run | demo | doctor           start, try out, check
    resight add | remove | search         references in, references out, look images up
    resight scorecard                     measure the matching on your own references
    resight duplicates                    which references are copies of one another
    resight collections list|create|compare|delete    `bot.cli.collections`
    resight references variants           choices about single references: `bot.cli.references`
    resight export | import               move a catalogue, or lists of hashes
    resight forget                        what is known of a person
    resight backup | restore              everything that is remembered, as one file
    resight inbox list|retry              what waits, and what we gave up: `bot.cli.inbox`
    resight tokens create|list|revoke     what programs may do: `bot.cli.tokens`
    resight models list|export|verify     `bot.cli.models`
    resight lab indexes|features|map|explain    `bot.cli.lab`
    resight openapi                       the API's description

Heavy imports stay inside the commands, so that `resight --help` answers at once.
"""

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.cli.base import Json, run_command
from bot.cli.collections import collections_app
from bot.cli.inbox import inbox_app
from bot.cli.lab import lab_app
from bot.cli.models import models_app
from bot.cli.references import references_app
from bot.cli.tokens import tokens_app
from core.errors import UsageError
from core.types import Platform

app = typer.Typer(
    name="resight",
    help="Recognises images it has seen before, wherever they are reposted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help comes a third sooner
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(collections_app, name="collections")
app.add_typer(references_app, name="references")
app.add_typer(inbox_app, name="inbox")
app.add_typer(tokens_app, name="tokens")
app.add_typer(models_app, name="models")
app.add_typer(lab_app, name="lab")

Manifest = Annotated[Path | None, typer.Option("--manifest", "-m", metavar="CSV", help="Rows from a CSV file.")]
Encoding = Annotated[
    str, typer.Option(metavar="NAME", help="How the CSV is encoded, such as gb18030 or cp1252; empty = by its mark.")
]
Names = Annotated[list[str] | None, typer.Option("--collection", "-c", help="Only this collection; repeatable.")]


@app.callback()
def settings_from(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="Data folder (RESIGHT_HOME).")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell more on stderr.")] = False,
) -> None:
    """Options that come before the command."""
    logs.set_up(logging.INFO if verbose else logging.WARNING)
    context.obj = {"home": home} if home else {}


@app.command()
def run(context: typer.Context) -> None:
    """Start the bot: the web page, the API and moderation, until it is stopped. SIGHUP reads the settings again."""
    from bot import serve
    from bot.settings import load

    run_command(serve.run(load(**context.obj), context.obj))


@app.command()
def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Post six images, print the verdicts and end.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--save", metavar="DIR", help="Write the made-up pictures there as files and end.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Try everything with a made-up catalogue: no token, no download."""
    from bot.cli import demo as demonstration
    from bot.cli import demo_pictures
    from bot.settings import load

    if folder:
        demo_pictures.save(folder, as_json)
        return

    settings = load(**context.obj)
    run_command(demonstration.once(settings, as_json) if once else demonstration.stay(settings))


@app.command()
def doctor(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Re-create the vectors, and hashes that lack.")] = False,
    reembed: Annotated[bool, typer.Option("--reembed", help="Embed all references with the model set now.")] = False,
    as_json: Json = False,
) -> None:
    """Check everything, and mend the vectors if asked to."""
    from bot.cli import doctor as practice
    from bot.settings import load

    if rebuild and reembed:
        raise UsageError("Use either --rebuild or --reembed: the second includes the first.")
    settings = load(**context.obj)
    if reembed:
        run_command(practice.reembed(settings, as_json))
    elif rebuild:
        run_command(practice.rebuild(settings, as_json))
    else:
        run_command(practice.examine(settings, as_json))


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", help="Images, or folders of images.")] = None,
    manifest: Manifest = None,
    collection: Annotated[str, typer.Option("--collection", "-c", help="Where to add.")] = "library",
    title: Annotated[str | None, typer.Option(help="What the image shows.")] = None,
    source_url: Annotated[str | None, typer.Option(help="Where it comes from.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who owns it.")] = None,
    rights: Annotated[str | None, typer.Option(help="Under what terms it may be used.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let another picture take the place of the one that has its key.")
    ] = False,
    rekey: Annotated[
        bool, typer.Option("--rekey", help="Give files of folders that older versions added the keys of today.")
    ] = False,
    encoding: Encoding = "",
    unchecked: Annotated[
        bool,
        typer.Option("--no-check", help="Tell of damaged files only, not of copies of known images, screenshots, ..."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Add reference images. The same key with the same bytes changes words only; another picture needs --replace."""
    from bot.cli import commands
    from bot.cli.batch import How
    from bot.files.manifest import add_rows, read_add
    from bot.settings import load

    _one_source(paths, manifest)
    words = {"title": title, "source_url": source_url, "owner": owner, "rights": rights}
    rows = read_add(manifest, collection, encoding) if manifest else add_rows(paths or [], collection, words)
    how = How(check=not unchecked, replacing=replace, rekey=rekey)
    run_command(commands.add(load(**context.obj), rows, as_json, how))


@app.command()
def remove(
    context: typer.Context,
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys of the references to remove.")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="Their collection.")] = "library",
    as_json: Json = False,
) -> None:
    """Remove references from a collection."""
    from bot.cli import commands
    from bot.settings import load

    run_command(commands.remove(load(**context.obj), collection, keys, as_json))


@app.command()
def search(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", help="Images, or folders of images.")] = None,
    manifest: Manifest = None,
    encoding: Encoding = "",
    collection: Names = None,
    top: Annotated[int, typer.Option(min=1, max=50, help="Most matches an image.")] = 5,
    all_candidates: Annotated[
        bool, typer.Option("--all-candidates", help="Also those below every threshold, with their scores.")
    ] = False,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", metavar="DIR", help="Write a picture of each best match there.")
    ] = None,
    similar: Annotated[
        bool, typer.Option("--similar", help="What looks like it, copy or not (needs RESIGHT_SEMANTIC_MODEL).")
    ] = False,
    text: Annotated[
        str | None, typer.Option("--text", metavar="WORDS", help="References that show what the words say.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Look images up. With --manifest, --json or into a pipe: JSON Lines, one object an image, in input order."""
    from bot.cli import commands, similar_command
    from bot.files.manifest import read_search, search_rows
    from bot.settings import load

    lines = as_json or manifest is not None or not sys.stdout.isatty()
    alike = similar_command.Asked(collections=collection, top=top, lines=lines)
    if text is not None:
        if paths or manifest:
            raise UsageError("Say either --text or which images to look up.")
        run_command(similar_command.by_words(load(**context.obj), text, alike))
        return
    _one_source(paths, manifest)
    rows = read_search(manifest, encoding) if manifest else search_rows(paths or [])
    if similar:
        run_command(similar_command.like(load(**context.obj), rows, alike))
        return
    asked = commands.Asked(
        collections=collection, top=top, all_candidates=all_candidates, lines=lines, evidence=evidence
    )
    run_command(commands.search(load(**context.obj), rows, asked))


@app.command()
def scorecard(
    context: typer.Context,
    collection: Names = None,
    report: Annotated[Path | None, typer.Option(metavar="DIR", help="Write scorecard.html and scorecard.json.")] = None,
    references: Annotated[int, typer.Option(min=1, max=100_000, help="Most references to measure with.")] = 60,
    edits: Annotated[str, typer.Option(metavar="A,B", help="Only these edits.")] = "",
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", help="Which references are drawn, and how edits fall out.")
    ] = 0,
    quick: Annotated[
        bool, typer.Option("--quick", help="12 references under 15 edits, unless said otherwise.")
    ] = False,
    language: Annotated[str, typer.Option(metavar="en/zh", help="Language of table and report.")] = "",
    as_json: Json = False,
) -> None:
    """Measure on your own references which copies are found, how sure that is, and what to trust. Stores nothing."""
    from bot.cli import scorecard as card
    from bot.settings import load

    asked = card.Asked(
        collections=collection or [],
        edits=card.edits_of(edits, quick),
        references=min(references, card.QUICK_REFERENCES) if quick else references,
        seed=seed,
        language=card.language_of(language),
        folder=report,
        json=as_json,
    )
    run_command(card.run(load(**context.obj), asked))


@app.command()
def duplicates(context: typer.Context, collection: Names = None, as_json: Json = False) -> None:
    """Which references are copies of one another; nothing is changed."""
    from bot.cli import duplicates as twins
    from bot.settings import load

    run_command(twins.run(load(**context.obj), collection or [], as_json))


@app.command("export")
def export_catalogue(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write: a ZIP file, or with --hashes a list.")],
    hashes: Annotated[bool, typer.Option("--hashes", help="Only hashes and words: .csv, .json or .jsonl.")] = False,
    collection: Names = None,
    as_json: Json = False,
) -> None:
    """Write collections with their references, pictures and vectors to a ZIP file, or their PDQ hashes to a list."""
    from bot.cli import exchange, hash_exchange
    from bot.settings import load

    export = hash_exchange.export if hashes else exchange.export
    run_command(export(load(**context.obj), file, collection, as_json))


@app.command("import")
def import_catalogue(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="A ZIP file of `resight export`, a list of PDQ hashes, or a folder of class folders.")
    ],
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="Where a list is to go.")] = None,
    labelled: Annotated[
        bool, typer.Option("--csv", help="The file lists pictures with labels: id,path,label.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="What a ZIP file says goes before what is known under the same key.")
    ] = False,
    trusting: Annotated[
        bool,
        typer.Option(
            "--trust",
            help="Don't embed the pictures of a ZIP file again. Only for files of your own: vectors that are not of "
            "their picture hide it, or take others for it.",
        ),
    ] = False,
    encoding: Encoding = "",
    as_json: Json = False,
) -> None:
    """Add what a ZIP file of `resight export` or a list of hashes holds, or labelled pictures; labels become titles."""
    from bot.cli import commands, exchange, hash_exchange
    from bot.cli.batch import How
    from bot.files.manifest import class_rows, read_labelled
    from bot.settings import load

    if labelled or file.is_dir():
        place = collection or "library"
        rows = read_labelled(file, place, encoding) if labelled else class_rows(file, place)
        how = How(check=False)  # pictures of one label may be alike
        run_command(commands.add(load(**context.obj), rows, as_json, how))
    elif form := hash_exchange.form_of(file):
        run_command(hash_exchange.bring_in(load(**context.obj), file, form, collection, as_json))
    elif collection:
        raise UsageError("--collection is for lists of hashes: a ZIP file says itself where everything goes.")
    else:
        run_command(exchange.bring_in(load(**context.obj), file, replace=replace, trusting=trusting, as_json=as_json))


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The ZIP file to write.")],
    as_json: Json = False,
) -> None:
    """Write everything that is remembered to a ZIP file; the bot may go on running."""
    from bot.cli import backup as copies
    from bot.settings import load

    run_command(copies.backup(load(**context.obj), file, as_json))


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A ZIP file of `resight backup`.")],
    as_json: Json = False,
) -> None:
    """Fill an empty data folder from a backup, write the vectors again, and compare."""
    from bot.cli import backup as copies
    from bot.settings import load

    run_command(copies.restore(load(**context.obj), file, as_json))


@app.command()
def forget(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="Their number on the platform, or the name they post or decide under.")],
    platform: Annotated[
        Platform | None, typer.Option(help="Only there; names that don't say where, as in the audit log, stay.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Forget a person: name, numbers and traces of what they posted, asked, reported or decided. The bot may go on."""
    from bot.cli import forget as privacy
    from bot.settings import load

    run_command(privacy.forget(load(**context.obj), person, platform, as_json))


@app.command()
def openapi(as_json: Json = True) -> None:
    """Print the API's OpenAPI description."""
    del as_json  # it is JSON in any case; the option is there because every command has it
    import json

    from bot.version import VERSION
    from web.openapi import spec

    typer.echo(json.dumps(spec(VERSION), indent=2, ensure_ascii=False))


def _one_source(paths: list[Path] | None, manifest: Path | None) -> None:
    if bool(paths) == (manifest is not None):
        raise UsageError("Give either paths or --manifest CSV.")
