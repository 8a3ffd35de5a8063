"""What differs between two aligned pictures, in numbers; plain records that `embed.pairs.regions` fills and
`core.content` judges."""

from dataclasses import dataclass

from core.types import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A connected part of the reference's frame in which the query differs; shares are 0..1 and of the region's cells.

    box        what surrounds it, in shares of the reference's sides
    area       its share of the reference
    cells      how many windows of the grid it has
    mass       its share of all that is distinctive in the reference
    unlike, removed, added, recoloured, own, free   what its windows say (`embed.pairs.cells`)
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
    spill      of how far the colours are apart in it, how far they are just outside
    foreign_ours, foreign_theirs where the colour is none that the whole of the other picture has
    palette    what the two have in common of their colours, wherever in the region they stand
    """

    box: Box
    area: float
    cells: int
    mass: float
    unlike: float = 0.0
    removed: float = 0.0
    added: float = 0.0
    recoloured: float = 0.0
    own: float = 0.0
    free: float = 0.0
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
    spill: float = 0.0
    foreign_ours: float = 0.0
    foreign_theirs: float = 0.0
    palette: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What differs between two aligned pictures; shares are 0..1, those of `weight` of what is distinctive.

    plain, known         of the reference's frame: plain in the reference; shown by the query
    contrast             the query's, as a share of the reference's
    weight_unlike, weight_agrees, weight_alike     of what is distinctive: another structure; the same; the same in
                         any colour
    vivid_kept           of the vivid cells, those that agree
    recoloured, own_colour, free_colour   of the frame: recoloured; as no filter, as no linear change explains
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
    free_colour: float = 0.0
    recoloured: float = 0.0
    removed: int = 0
    added: int = 0
    typical: float = 1.0
    scattered: float = 0.0
    differing: float = 0.0
    blurred: float = 0.0
