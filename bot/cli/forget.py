"""`resight forget`: what is known of a person goes, also from the files on the disk."""

import asyncio
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Annotated

import typer

from bot.cli.base import Json, group, run_command
from bot.cli.opening import opened_database
from bot.cli.output import out, print_json
from bot.clock import now
from bot.fronts.matrix import folder
from bot.settings import Settings, load
from core.errors import UsageError
from core.types import Platform
from store.sql.privacy import SqlPrivacy

app = group()


@app.command("forget")
def forget_person(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="Their number on the platform, or the name they post or decide under.")],
    platform: Annotated[
        Platform | None, typer.Option(help="Only there; names that don't say where, as in the audit log, stay.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Forget a person: name, numbers and traces of what they posted, asked, reported or decided. The bot may go on."""
    run_command(forget(load(**context.obj), person, platform, as_json))


async def forget(settings: Settings, person: str, platform: Platform | None, as_json: bool) -> int:
    """It needs the database only, so the bot may run."""
    if not person.strip():
        raise UsageError("Say whom to forget: an empty name would mean everybody who has none.")
    async with opened_database(settings, alone=False) as db:
        privacy = SqlPrivacy(db, now, timedelta(days=settings.keep_days))
        found = await privacy.forget(person, platform.value if platform else "", "operator")
        if platform in (None, Platform.MATRIX):
            are_keys_clean = await asyncio.to_thread(folder.forget_person, settings.home, person)
            found = replace(found, clean=found.clean and are_keys_clean)
    if as_json:
        print_json(asdict(found))
        return 0
    told = {name: count for name, count in asdict(found).items() if name not in ("waiting", "clean")}
    out().print(", ".join(f"{count} {name}" for name, count in told.items()))
    if found.waiting:
        out().print(f"{found.waiting} images wait for verdict or answer: run it again once they have it.")
    if not found.clean:
        out().print("The file could not be written anew (disk space, a long read): traces may be left; run it again.")
    return 0
