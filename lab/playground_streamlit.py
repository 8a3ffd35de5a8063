# /// script
# requires-python = ">=3.12"
# dependencies = ["streamlit>=1.67,<2", "resight", "imagehash", "pywavelets", "scikit-image"]
#
# [tool.uv.sources]
# resight = { path = "..", editable = true }
# ///
"""The same page in Streamlit: `uv run lab/playground_streamlit.py`, then http://127.0.0.1:8501."""

import os
import sys

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.web import cli

from bot.cli.lab import playground
from bot.settings import load
from core.errors import ResightError

shelf_of = st.cache_resource(playground.opened, show_spinner="Reading the references")


def show() -> None:
    """A picture, two choosers, and a gallery with scores."""
    st.set_page_config(page_title="Resight playground", layout="wide")
    st.title("Resight playground")
    try:
        shelf = shelf_of(load())
    except ResightError as error:
        st.error(str(error))
        return
    aside, gallery = st.columns([1, 3])
    posted = aside.file_uploader("Query image", ["jpg", "jpeg", "png", "webp", "gif", "bmp"])
    model = aside.selectbox("Embedding", shelf.models)
    metric = aside.radio("Metric", playground.METRICS, horizontal=True)
    if posted is None:
        gallery.write("Put a picture in to see the references nearest to it. Nothing is verified here.")
        return
    nearest = shelf.nearest(np.asarray(Image.open(posted).convert("RGB")), model, metric)
    gallery.image([neighbour.pixels for neighbour in nearest], [neighbour.caption for neighbour in nearest], width=220)


if st.runtime.exists():
    show()
elif __name__ == "__main__":
    os.environ |= {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}
    sys.argv = ["streamlit", "run", __file__, "--server.headless=true"]
    sys.exit(cli.main())
