"""A scorecard as one HTML file that needs nothing else: its style, drawings and pictures are inside, scripts are none.

page(services, card, words)    the small pictures, then the page
render(card, words, pictures)  pure
"""

import asyncio
import base64
import io
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from core.wording import Words
from handlers.needs import HasReferences
from lab import plots, saying, suite
from lab.scorecard import Scorecard

FOLDER = Path(__file__).parent / "templates"
THUMB = 96
"""Longer side of a picture in the report, in pixels."""


async def page(services: HasReferences, card: Scorecard, words: Words) -> str:
    """Return the page; pictures of references that were removed meanwhile are left out."""
    pictures: dict[UUID, bytes] = {}
    for identity in shown(card):
        media = await services.references.picture(identity)
        if media is not None:
            pictures[identity] = media.data
    return await asyncio.to_thread(
        lambda: render(card, words, {picture: thumb(data) for picture, data in pictures.items()})
    )


def shown(card: Scorecard) -> set[UUID]:
    """Return every reference of which the page shows a picture."""
    alone = [weak.reference.id for weak in card.weakest] + [attractor.reference.id for attractor in card.attractors]
    both = [source.id for pair in card.twins for source in (pair.one, pair.other.reference)]
    return {*alone, *both, *_made_from(card).values()}


def _made_from(card: Scorecard) -> Mapping[str, UUID]:
    """Return the reference from which each picture was made that came near to another one."""
    named = {copied.query.picture: copied.query.source for copied in card.trial.copies}
    sources = {attractor.picture: named.get(attractor.picture) for attractor in card.attractors}
    return {picture: source.reference.id for picture, source in sources.items() if source}


def thumb(data: bytes) -> str:
    """Return a picture as a data URI, at most 96 px long."""
    with Image.open(io.BytesIO(data)) as stored:
        small = stored.convert("RGB")
    small.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


def render(card: Scorecard, words: Words, pictures: Mapping[UUID, str]) -> str:
    """Return the page; `pictures` are data URIs by reference."""
    return (
        environment()
        .get_template("scorecard.html")
        .render(
            card=card,
            trial=card.trial,
            t=lambda key, **values: words(f"scorecard.{key}", **values),
            kind=lambda match: words(f"kind.{match.kind}"),
            language=words.language,
            words=words,
            say=saying,
            advice=saying.advice(words, card),
            families=[(family, [edit for edit in card.edits if edit.family == family]) for family in suite.FAMILIES],
            plots=plots,
            pictures=pictures,
            made_from=_made_from(card),
        )
    )


def environment() -> Environment:
    """Return the templates of the lab; what is put into them is escaped."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
