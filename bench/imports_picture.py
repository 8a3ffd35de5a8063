"""How the modules of bot/ import each other, before and after: `python -m bench.imports_picture OTHER_TREE [FILE]`.

A dot is a module, a line an import at module level; a module stands one floor above the highest one that it imports.
The longest chain is drawn thick. By default docs/images/imports.svg.
"""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.root import ROOT

WIDE, FLOOR, TOP, GAP = 480, 34, 56, 20
ROOMS = {"discord": "#5865f2", "telegram": "#2aa1da", "terminal": "#2da44e", "web": "#bf8700", "cli": "#8250df"}
OTHER = "#6e7781"
type Graph = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class House:
    """The modules of a tree, each with what it imports, its floor, and the longest chain."""

    title: str
    graph: Graph
    floors: Mapping[str, int]
    chain: Sequence[str]


def graph_of(tree: Path) -> Graph:
    """Return what each module of bot/ imports of bot/ when it is loaded."""
    paths = {".".join(one.relative_to(tree).with_suffix("").parts): one for one in (tree / "bot").rglob("*.py")}
    modules = {name: path for name, path in paths.items() if not name.endswith("__init__")}
    return {name: frozenset(_imports(path)) & modules.keys() - {name} for name, path in modules.items()}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


def house_of(tree: Path, title: str) -> House:
    """Return the house of a tree, whose modules import each other in no circle."""
    graph, chains = graph_of(tree), dict[str, Sequence[str]]()

    def chain(name: str) -> Sequence[str]:
        if name not in chains:
            chains[name] = (name, *max((chain(one) for one in sorted(graph[name])), key=len, default=()))
        return chains[name]

    longest = max((chain(name) for name in sorted(graph)), key=len)
    counted = f"{title}: {len(graph)} modules, {len(longest)} floors"
    return House(counted, graph, {name: len(chain(name)) for name in graph}, longest)


def room_of(name: str) -> str:
    """Return the colour of the platform or program that a module belongs to."""
    return next((colour for room, colour in ROOMS.items() if room in name), OTHER)


def places(house: House, left: int, bottom: int) -> dict[str, tuple[int, int]]:
    """Return where each module stands: by its floor, and beside those of its room."""
    found = {}
    for floor in range(1, max(house.floors.values()) + 1):
        there = sorted((room_of(name), name) for name, at in house.floors.items() if at == floor)
        for number, (_, name) in enumerate(there):
            found[name] = (left + round((number + 0.5) * WIDE / len(there)), bottom - floor * FLOOR)
    return found


def drawn(house: House, left: int, bottom: int) -> Iterator[str]:
    """Yield the parts of one half of the picture."""
    at = places(house, left, bottom)

    def line(one: str, two: str) -> str:
        return "M{},{}L{},{}".format(*at[one], *at[two])

    every = "".join(line(name, other) for name, those in sorted(house.graph.items()) for other in sorted(those))
    chain = "".join(line(one, two) for one, two in zip(house.chain, house.chain[1:], strict=False))
    yield f'<text x="{left + WIDE // 2}" y="24" text-anchor="middle" font-weight="600">{house.title}</text>'
    yield f'<path d="{every}" stroke="#8c959f" stroke-opacity=".3" fill="none"/>'
    yield f'<path d="{chain}" stroke="#cf222e" stroke-width="2" fill="none"/>'
    for name, (x, y) in at.items():
        yield f'<circle cx="{x}" cy="{y}" r="4" fill="{room_of(name)}"><title>{name}</title></circle>'


def picture(before: House, after: House) -> str:
    """Return the picture, both halves on one ground."""
    bottom = TOP + FLOOR * max(*before.floors.values(), *after.floors.values())
    wide, high = 2 * WIDE + GAP, bottom + 30
    parts = [*drawn(before, 0, bottom), *drawn(after, WIDE + GAP, bottom)]
    for number, (room, colour) in enumerate([*ROOMS.items(), ("other", OTHER)]):
        x = 20 + number * 100
        parts.append(f'<circle cx="{x}" cy="{high - 14}" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{x + 9}" y="{high - 10}">{room}</text>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="13">'
    )
    return "\n".join([head, f'<rect width="{wide}" height="{high}" fill="#fff"/>', *parts, "</svg>\n"])


if __name__ == "__main__":
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs" / "images" / "imports.svg"
    target.write_text(picture(house_of(Path(sys.argv[1]), "Before"), house_of(ROOT, "Now")), encoding="utf-8")
