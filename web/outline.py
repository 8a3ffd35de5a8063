"""The outline of a found reference as an SVG polygon, cut off at the picture's edges. Pure.

Where the query is a crop, the reference reaches beyond it; only the part inside the picture can be drawn.
"""

from collections.abc import Callable, Sequence

from core.types import Quad

type Point = tuple[float, float]

SIDES: tuple[Callable[[Point], float], ...] = (
    lambda point: point[0],
    lambda point: 1 - point[0],
    lambda point: point[1],
    lambda point: 1 - point[1],
)
"""How far a point lies inside of each edge of the picture; negative = outside."""


def outline(quad: Quad | None) -> str:
    """The points in a box of 100 x 100; "" where there is nothing to draw."""
    points: Sequence[Point] = quad or ()
    for inside in SIDES:
        points = _cut(points, inside)
    return " ".join(f"{x * 100:.1f},{y * 100:.1f}" for x, y in points)


def _cut(points: Sequence[Point], inside: Callable[[Point], float]) -> Sequence[Point]:
    """The polygon without what lies beyond one edge (Sutherland-Hodgman)."""
    kept: list[Point] = []
    for before, point in zip([*points[-1:], *points[:-1]], points, strict=True):
        if (inside(before) < 0) != (inside(point) < 0):
            kept.append(_between(before, point, inside(before) / (inside(before) - inside(point))))
        if inside(point) >= 0:
            kept.append(point)
    return kept


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
