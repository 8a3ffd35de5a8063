"""`resight run`: the bot, until it is stopped."""

import typer

from bot import serve
from bot.cli.base import group, run_command
from bot.settings import load

app = group()


@app.command()
def run(context: typer.Context) -> None:
    """Start the bot: the web page, the API and moderation, until it is stopped. SIGHUP reads the settings again."""
    run_command(serve.run(load(**context.obj), context.obj))
