"""`resight openapi`: the description of the API."""

import json

import typer

from bot.cli.base import Json, group
from bot.version import VERSION
from web.openapi import spec

app = group()


@app.command("openapi")
def openapi(as_json: Json = True) -> None:
    """Print the API's OpenAPI description."""
    del as_json  # it is JSON in any case; the option is there because every command has it
    typer.echo(json.dumps(spec(VERSION), indent=2, ensure_ascii=False))
