# /// script
# requires-python = ">=3.12"
# dependencies = ["gradio>=6.31,<7", "resight", "imagehash", "pywavelets", "scikit-image"]
#
# [tool.uv.sources]
# resight = { path = "..", editable = true }
# ///
"""The page of the reverse-image-search tutorials in Gradio: `uv run lab/playground.py`, then http://127.0.0.1:7860.

A script with its own dependencies: Gradio wants an older Pillow than the one that the bot decodes hostile pictures
with. It reads the references of RESIGHT_HOME once. Gradio's history, statistics and links to its API are off, and the
copies that it makes of uploads are deleted after a minute.
"""

import os
import sys

import gradio as gr

from bot.cli.lab import playground
from bot.settings import load
from core.errors import ResightError

HINT = "Put a picture in to see the references nearest to it. Nothing is verified here: near is not the same."


def page(shelf: playground.Playground) -> gr.Blocks:
    """A picture, two choosers, and a gallery with scores."""

    def ranked(picture, model, metric):  # type: ignore[no-untyped-def]  # Gradio asks with whatever it was given
        nearest = shelf.nearest(picture, model, metric) if picture is not None else []
        return [(neighbour.pixels, neighbour.caption) for neighbour in nearest]

    with gr.Blocks(title="Resight playground", analytics_enabled=False, delete_cache=(60, 60)) as made:
        gr.Markdown(f"# Resight playground\n{HINT}")
        with gr.Row():
            with gr.Column(scale=1):
                picture = gr.Image(type="numpy", image_mode="RGB", label="Query image", buttons=[])
                model = gr.Dropdown(shelf.models, value=shelf.models[0], label="Embedding")
                metric = gr.Radio(playground.METRICS, value="cosine", label="Metric")
            gallery = gr.Gallery(label="References, the closest first", columns=4, buttons=[], scale=3)
        asked = [picture, model, metric]
        gr.on([control.change for control in asked], ranked, asked, gallery, api_visibility="private")
    return made


def main() -> int:
    """Serve until it is stopped."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    try:
        shelf = playground.opened(load())
    except ResightError as error:
        sys.stderr.write(f"resight: {error}\n")
        return error.exit_code
    port = int(os.environ.get("GRADIO_SERVER_PORT", "7860"))
    page(shelf).launch(server_name="127.0.0.1", server_port=port, run_history=False, footer_links=[], quiet=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
