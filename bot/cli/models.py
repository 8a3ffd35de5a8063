"""The commands `resight models ...`; see `bot.cli.models_command`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import Json

models_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="List, export and compare models.")

Model = Annotated[str, typer.Argument(help="As in RESIGHT_SEMANTIC_MODEL, such as clip:ViT-B-32:/path/weights.pt.")]


@models_app.command("list")
def list_models(context: typer.Context, as_json: Json = False) -> None:
    """Every kind of model, and whether it can be used here."""
    from bot.cli import models_command
    from bot.settings import load

    models_command.list_models(load(**context.obj), as_json)


@models_app.command("export")
def export_model(
    model: Model,
    folder: Annotated[Path, typer.Argument(help="Where to write; use it as onnx:FOLDER.")],
    as_json: Json = False,
) -> None:
    """Write a network on torch as ONNX files, so that serving it needs no torch."""
    from bot.cli import models_command

    models_command.export_model(model, folder, as_json)


@models_app.command("verify")
def verify(
    model: Model,
    other: Annotated[str, typer.Argument(help="The model to compare it with, such as onnx:FOLDER.")],
    within: Annotated[float, typer.Option(help="Largest difference of a number that is still the same.")] = 1e-3,
    as_json: Json = False,
) -> None:
    """Compare two models on the same pictures and words: exit code 3 if they are not the same."""
    from bot.cli import models_command

    models_command.verify(model, other, within, as_json)
