"""The suite of look-alikes: families of which a fit may see every drawing, and families that it must not see.

    SEEN, UNSEEN: name -> Family --twins(number, seed)--> Twins(reference, query)
    negatives(family, number, seed) -> the twins' query as it is and under the five EDITS: other content, no copy
    positives(family, number, seed) -> the twins' reference under the HARD edits: a true copy

Figures are told for the unseen families: they were drawn without the reading of what differs in view.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from PIL import Image, ImageChops

from lab.edits.suite import apply
from lab.families.kit import Family, Twins
from lab.families.seen import (
    colours,
    colours_arms,
    colours_photos,
    colours_screens,
    colours_seats,
    colours_shades,
    creatures,
    creatures_avatars,
    creatures_emotes,
    creatures_stickers,
    figures_animals,
    figures_houses,
    figures_monsters,
    figures_moods,
    figures_robots,
    figures_sets,
    figures_shoes,
    figures_vehicles,
    frames,
    frames_code,
    frames_labels,
    frames_press,
    frames_screens,
    games,
    money,
    papers,
    pieces,
    pieces_dials,
    pieces_forms,
    pieces_plans,
    pieces_scores,
    products,
    products_shelf,
    screens,
    series,
    series_flags,
    series_photos,
)
from lab.families.unseen import (
    appliances,
    boards,
    crafts,
    data,
    goods,
    heroes,
    jerseys,
    mascots,
    metro,
    museum,
    outdoors,
    pins,
    scams,
    signs,
    stories,
    tickets,
    wardrobe,
)
from lab.families.unseen import screens as other_screens
from lab.trial import UNEDITED

EDITS = ("recompress", "resize", "crop_75", "gallery", "photo_of_screen")
"""What every pair goes through: JPEG, another size, a crop, a screenshot, a photograph of a screen."""

HARD = ("stickers", "caption_above", "emoji", "redaction", "watermark", "recompress", "crop_75")
"""What true copies go through, as hard positives."""

CROPS = frozenset(("crop_75",))
KEPT = 0.5
"""A crop of the query must show this share of what differs, or else it would be a true copy of a part."""

TRIES = 12
STRONG = 24
"""Of 255 levels: a pixel that differs by more is another one."""


def _named(*modules: Sequence[Family]) -> Mapping[str, Family]:
    return {family.name: family for families in modules for family in families}


SEEN: Mapping[str, Family] = _named(
    *(products.FAMILIES, products_shelf.FAMILIES, series.FAMILIES, series_flags.FAMILIES, series_photos.FAMILIES),
    *(creatures.FAMILIES, creatures_avatars.FAMILIES, creatures_emotes.FAMILIES, creatures_stickers.FAMILIES),
    *(figures_animals.FAMILIES, figures_houses.FAMILIES, figures_monsters.FAMILIES, figures_moods.FAMILIES),
    *(figures_robots.FAMILIES, figures_sets.FAMILIES, figures_shoes.FAMILIES, figures_vehicles.FAMILIES),
    *(papers.FAMILIES, money.FAMILIES, screens.FAMILIES, games.FAMILIES),
    *(frames.FAMILIES, frames_code.FAMILIES, frames_labels.FAMILIES, frames_press.FAMILIES, frames_screens.FAMILIES),
    *(colours.FAMILIES, colours_arms.FAMILIES, colours_photos.FAMILIES, colours_screens.FAMILIES),
    *(colours_seats.FAMILIES, colours_shades.FAMILIES),
    *(pieces.FAMILIES, pieces_dials.FAMILIES, pieces_forms.FAMILIES, pieces_plans.FAMILIES, pieces_scores.FAMILIES),
)
UNSEEN: Mapping[str, Family] = _named(
    *(boards.FAMILIES, data.FAMILIES, metro.FAMILIES, goods.FAMILIES),
    *(other_screens.FAMILIES, stories.FAMILIES, tickets.FAMILIES),
    *(crafts.FAMILIES, jerseys.FAMILIES, mascots.FAMILIES, museum.FAMILIES, outdoors.FAMILIES, scams.FAMILIES),
    *(wardrobe.FAMILIES, appliances.FAMILIES, heroes.FAMILIES, pins.FAMILIES, signs.FAMILIES),
)
SEEN_PAIRS, UNSEEN_PAIRS = 12, 30
"""How many pairs of each family are measured."""


def family_of(name: str) -> Family:
    """The family of that name; KeyError: there is none."""
    return SEEN[name] if name in SEEN else UNSEEN[name]


@lru_cache(maxsize=16)
def twins(family: Family, number: int, seed: int = 0) -> Twins:
    """The twins of that number, drawn once for all their edits; nobody may draw on them."""
    return family.twins(number, seed)


def negatives(
    family: Family, number: int, seed: int = 0, edits: Sequence[str] = (UNEDITED, *EDITS)
) -> Iterator[tuple[str, Image.Image]]:
    """Names of these edits, each with the query of the twins under it; a crop still shows what differs."""
    both = twins(family, number, seed)
    for edit in edits:
        yield edit, both.query.copy() if edit == UNEDITED else _other(both, edit, f"{family.name}/{number}", seed)


def positives(
    family: Family, number: int, seed: int = 0, edits: Sequence[str] = HARD
) -> Iterator[tuple[str, Image.Image]]:
    """Names of these edits, each with the reference of the twins under it."""
    reference = twins(family, number, seed).reference
    for edit in edits:
        yield edit, apply(edit, reference, f"{family.name}/{number}/copy", seed)


def _other(both: Twins, edit: str, key: str, seed: int) -> Image.Image:
    """The query under an edit; of several crops the first that keeps enough of what differs, else the best."""
    shares = dict[float, Image.Image]()
    for turn in range(TRIES if edit in CROPS else 1):
        made = apply(edit, both.query, f"{key}/{turn}" if turn else key, seed)
        if edit not in CROPS:
            return made
        other = apply(edit, both.reference, f"{key}/{turn}" if turn else key, seed)
        share = different(other, made) / different(both.reference, both.query) if other.size == made.size else 0.0
        shares[share if share <= 1 else 0.0] = made
        if KEPT <= share <= 1:
            break
    return shares[max(shares)]


def different(one: Image.Image, other: Image.Image) -> int:
    """In how many pixels two pictures of the same size differ strongly in a colour, 1 at least."""
    red, green, blue = ImageChops.difference(one, other).split()
    apart = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return max(1, sum(apart.histogram()[STRONG + 1 :]))
