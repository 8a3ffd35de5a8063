"""Whether two aligned pictures show the same content: from what differs to same, unsettled or other. Pure.

    Reading: regions that differ --region_witnesses--> is this region other content? --+--pair_witnesses--> log-odds
             numbers of the pair -----------------------------------------------------+        --> Content

The coefficients are fitted by `python -m bench.fit_content` on families of look-alikes and on edited copies, and kept
in `core.calibration_content`. Two limits: from `OTHER` on the pair shows other content; below `SAME` it shows the same;
between them lies what a person should look at before anybody is acted against.
"""

from dataclasses import dataclass
from math import log, log1p

from core.types import Box, How, What

MOST_REGIONS = 12
"""Regions that are scored, the largest first: more of them are noise of an edit."""

SLOT_GROUND, SLOT_CALM, SLOT_EDGES, SLOT_RING = 0.12, 0.5, 0.6, 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A connected part of the reference's frame in which the query differs; shares are 0..1 and of the region's cells.

    box        what surrounds it, in shares of the reference's sides
    cells      how many windows of the grid it has
    mass       its share of all that is distinctive in the reference
    unlike, removed, added, recoloured, own    what its windows say (`embed.pairs.cells`)
    calm       of the cells around it, how many are plain and agree
    ring       of the cells around it, how many agree
    ground_ours, ground_theirs   where the colour is that of the plain ground around it, in the query, the reference
    same       where the two have the same colour
    fill       of its box
    met_ours, met_theirs         of the strong edges of one, those that the other has within three pixels
    edges_ours, edges_theirs     of its pixels, those that are strong edges
    outline_new, outline_lost    of its outline, where only the query, only the reference has a strong edge
    flat_ours, flat_theirs       where the colour is the region's median colour
    strokes_ours, strokes_theirs where there are thin strokes, as of letters
    """

    box: Box
    cells: int
    mass: float
    unlike: float = 0.0
    removed: float = 0.0
    added: float = 0.0
    recoloured: float = 0.0
    own: float = 0.0
    calm: float = 0.0
    ring: float = 0.0
    ground_ours: float = 0.0
    ground_theirs: float = 0.0
    same: float = 0.0
    fill: float = 0.0
    met_ours: float = 0.0
    met_theirs: float = 0.0
    outline_new: float = 0.0
    outline_lost: float = 0.0
    flat_ours: float = 0.0
    flat_theirs: float = 0.0
    edges_ours: float = 0.0
    edges_theirs: float = 0.0
    strokes_ours: float = 0.0
    strokes_theirs: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What differs between two aligned pictures; shares are 0..1, those of `weight` of what is distinctive.

    plain, known         of the reference's frame: plain in the reference; shown by the query
    contrast             the query's, as a share of the reference's
    weight_unlike, weight_agrees, weight_alike     of what is distinctive: another structure; the same; the same in
                         any colour
    vivid_kept           of the vivid cells, those that agree
    own_colour           of the frame: recoloured as no linear change of colours explains
    removed, added       cells
    typical              median correlation of windows in which both show structure
    differing, scattered cells that differ; those of them that belong to none of the regions
    blurred              pixels by which the reference was blurred to be as soft as the query
    """

    regions: tuple[Region, ...] = ()
    plain: float = 0.0
    known: float = 1.0
    contrast: float = 1.0
    weight_unlike: float = 0.0
    weight_agrees: float = 1.0
    weight_alike: float = 1.0
    vivid_kept: float = 1.0
    own_colour: float = 0.0
    removed: int = 0
    added: int = 0
    typical: float = 1.0
    scattered: float = 0.0
    differing: float = 0.0
    blurred: float = 0.0


def how_of(one: Region) -> How:
    """Return how the region differs; recoloured counts as exchanged."""
    slot = (
        min(one.ground_ours, one.ground_theirs) > SLOT_GROUND
        or one.calm > SLOT_CALM
        or (min(one.met_ours, one.met_theirs) > SLOT_EDGES and one.ring > SLOT_RING)
    )
    main = max(one.unlike, one.removed, one.added, one.recoloured)
    if one.ground_theirs > 0.6 and one.ground_ours < 0.5 and one.unlike < main:
        return How.ADDED
    if main in (one.unlike, one.recoloured) or one.unlike + min(one.removed, one.added) > 0.3:
        return How.EXCHANGED if slot else How.COVERED
    if main == one.removed:
        return How.REMOVED if one.ground_ours > 0.5 else How.COVERED
    return How.ADDED if one.calm > 0.2 else How.COVERED


def what_of(one: Region) -> What:
    """Return what kind of thing differs in the region."""
    if one.recoloured >= max(one.unlike, one.removed, one.added):
        return What.COLOUR
    return What.WORDS if min(one.strokes_ours, one.strokes_theirs) > 0.12 else What.PICTURE


def region_witnesses(one: Region, reading: Reading) -> tuple[float, ...]:
    """The numbers from which a region's log-odds are weighed."""
    plain, size = reading.plain, log1p(one.cells)
    u, rm, ad, rc = one.unlike, one.removed, one.added, one.recoloured
    both, strokes = min(one.ground_ours, one.ground_theirs), min(one.strokes_ours, one.strokes_theirs)
    return (
        *(u, rm, ad, rc, size, log(one.mass + 1e-3), one.calm, one.ring, one.ground_ours, one.ground_theirs),
        *(one.same, one.met_ours, one.met_theirs, one.fill, plain, u * plain, rm * plain, ad * plain, rc * plain),
        *(size * plain, u * one.met_ours, u * one.met_theirs, u * one.calm, rm * one.ground_ours, ad * one.calm),
        *(u * both, reading.contrast, rc * one.own, rc * reading.vivid_kept, size * both, both),
        *(one.outline_new, one.outline_lost, one.outline_new * plain, u * one.outline_new),
        *(one.flat_ours, one.flat_theirs, one.flat_ours * (1 - one.ground_ours), one.flat_theirs * one.ground_ours),
        *(one.strokes_ours, one.strokes_theirs, strokes, strokes * both, strokes * plain),
        *(min(rm, ad), min(rm, ad) * plain, min(rm + u, ad + u) * one.calm, both * one.calm),
    )
