"""The outline of a found reference, and of places in it, as SVG polygons cut off at the picture's edges. Pure.

Where the query is a crop, the reference reaches beyond it; only the part inside the picture can be drawn.
"""

from collections.abc import Callable, Sequence
from math import isfinite

from core.types import Box, Quad

type Point = tuple[float, float]

SIDES: tuple[Callable[[Point], float], ...] = (
    lambda point: point[0],
    lambda point: 1 - point[0],
    lambda point: point[1],
    lambda point: 1 - point[1],
)
"""How far a point lies inside each edge of the picture; negative = outside."""


def outline(quad: Quad | None) -> str:
    """Return the points in a box of 100 x 100; "" where there is nothing to draw."""
    points: Sequence[Point] = quad or ()
    for inside in SIDES:
        points = _cut(points, inside)
    return " ".join(f"{x * 100:.1f},{y * 100:.1f}" for x, y in points)


def placed(quad: Quad | None, box: Box) -> str:
    """Return the outline of a box of the reference, whose corners lie at `quad`; "" for an impossible quad."""
    to_picture = _lay(quad) if quad else None
    if to_picture is None:
        return ""
    left, top, right, bottom = box
    first, second, third, fourth = map(to_picture, ((left, top), (right, top), (right, bottom), (left, bottom)))
    return outline((first, second, third, fourth))


def _lay(quad: Quad) -> Callable[[Point], Point] | None:
    """Return the projection of the unit square on a quad (Heckbert, 1989, "Fundamentals of Texture Mapping", 2.2.3)."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    (a, b), (c, d) = (x1 - x2, y1 - y2), (x3 - x2, y3 - y2)
    sum_x, sum_y, area = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3, a * d - c * b
    if not isfinite(area) or not area:
        return None
    g, h = (sum_x * d - c * sum_y) / area, (a * sum_y - sum_x * b) / area

    def to_picture(point: Point) -> Point:
        u, v = point
        depth = g * u + h * v + 1 or 1e-9
        x = (x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0
        y = (y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0
        return x / depth, y / depth

    return to_picture


def _cut(points: Sequence[Point], inside: Callable[[Point], float]) -> Sequence[Point]:
    """Return the polygon without what lies beyond one edge (Sutherland-Hodgman)."""
    inner: list[Point] = []
    for before, point in zip([*points[-1:], *points[:-1]], points, strict=True):
        if (inside(before) < 0) != (inside(point) < 0):
            inner.append(_between(before, point, inside(before) / (inside(before) - inside(point))))
        if inside(point) >= 0:
            inner.append(point)
    return inner


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
