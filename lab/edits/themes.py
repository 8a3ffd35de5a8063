"""Made-up apps: their colours, icons and the parts that every screen has.

Theme     one app: two screens of the same Theme differ in what people said and showed, and in nothing else
"""

from dataclasses import dataclass

from lab.drawings.kit import mix, smooth, star, turned
from lab.edits.kit import Canvas, Dice, readable
from lab.edits.words import APPS, clock, name

PHONE = (720, 1280)
ACCENTS = ("#e0245e", "#1d9bf0", "#00a884", "#7c4dff", "#ff7043", "#0a84ff", "#2e7d32", "#c2185b", "#f9a825")
LIGHTS = ("#ffffff", "#f7f7f5", "#eef1f5", "#efe7dd", "#f3eefb")
DARKS = ("#101216", "#000000", "#17212b", "#1e1b24", "#0b141a")
ICONS = ("ring", "house", "lens", "heart", "bubble", "plus", "star", "person", "arrow", "dots", "bars")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours as `#rrggbb`, icons as names of ICONS, lengths in pixels of a screen 720 wide."""

    app: str
    ground: str
    card: str
    ink: str
    faint: str
    line: str
    accent: str
    icons: tuple[str, ...]
    radius: int
    margin: int
    type_size: int


def theme(dice: Dice, dark: bool | None = None) -> Theme:
    """A light or a dark app; which, the dice say unless it is given."""
    night = dice.random() < 0.5 if dark is None else dark
    ground = dice.choice(DARKS if night else LIGHTS)
    ink = "#f2f4f8" if night else "#14171c"
    return Theme(
        app=dice.choice(APPS),
        ground=ground,
        card=mix(ground, ink, 0.11 if night else 0.07),
        ink=ink,
        faint=mix(ground, ink, 0.5),
        line=mix(ground, ink, 0.14),
        accent=dice.choice(ACCENTS),
        icons=tuple(dice.sample(ICONS, 9)),
        radius=dice.choice((4, 14, 22, 28)),
        margin=dice.choice((0, 18, 36)),
        type_size=dice.choice((22, 24, 26)),
    )


def avatar(page: Canvas, x: float, y: float, r: float, dice: Dice) -> None:
    """A round face in two colours, or an initial."""
    back = dice.choice(ACCENTS)
    page.circle(x, y, r, back)
    if dice.random() < 0.5:
        page.text(x, y, name(dice)[0], max(7, round(r)), readable(back), "mm", 0.5)
    else:
        face = dice.choice(("#ffd166", "#fff1d6", "#e8b48c", "#8d5a3c"))
        page.circle(x, y - r * 0.2, r * 0.42, face)
        page.pen.pieslice((x - r * 0.7, y + r * 0.2, x + r * 0.7, y + r * 1.5), 200, 340, fill=face)


def icon(page: Canvas, kind: str, x: float, y: float, r: float, ink: str) -> None:
    """One of ICONS, about 2 r wide."""
    pen = max(2, round(r * 0.17))
    if kind == "ring":
        page.pen.circle((x, y), r * 0.9, outline=ink, width=pen)
    elif kind == "lens":
        page.pen.circle((x - r * 0.2, y - r * 0.2), r * 0.65, outline=ink, width=pen)
        page.line([(x + r * 0.3, y + r * 0.3), (x + r, y + r)], ink, pen)
    elif kind == "plus":
        page.pen.rounded_rectangle((x - r, y - r, x + r, y + r), r * 0.4, outline=ink, width=pen)
        page.line([(x - r / 2, y), (x + r / 2, y)], ink, pen)
        page.line([(x, y - r / 2), (x, y + r / 2)], ink, pen)
    elif kind == "bubble":
        page.pen.circle((x, y), r * 0.85, outline=ink, width=pen)
        page.pen.polygon([(x - r * 0.7, y + r * 0.4), (x - r, y + r), (x - r * 0.1, y + r * 0.8)], fill=ink)
    elif kind == "person":
        page.pen.circle((x, y - r * 0.4), r * 0.42, fill=ink)
        page.pen.pieslice((x - r * 0.8, y + r * 0.1, x + r * 0.8, y + r * 1.7), 180, 360, fill=ink)
    elif kind in ("dots", "bars"):
        for step in (-1, 0, 1):
            if kind == "dots":
                page.pen.circle((x + step * r * 0.7, y), r * 0.2, fill=ink)
            else:
                page.line([(x - r, y + step * r * 0.6), (x + r, y + step * r * 0.6)], ink, pen)
    else:
        page.pen.polygon(turned(OUTLINES[kind], x, y, 0, r), fill=ink)


OUTLINES = {
    "house": [(0, -1), (1, -0.1), (0.75, -0.1), (0.75, 0.9), (-0.75, 0.9), (-0.75, -0.1), (-1, -0.1)],
    "heart": smooth(
        [(0, 0.9), (-0.95, -0.15), (-0.8, -0.75), (-0.4, -0.85), (0, -0.45), (0.4, -0.85), (0.8, -0.75), (0.95, -0.15)],
        closed=True,
        steps=4,
    ),
    "star": star(0, 0, 1, 0.45, 5),
    "arrow": [(-0.9, -0.7), (1, 0), (-0.9, 0.8), (-0.5, 0.05)],
}


def status_bar(page: Canvas, look: Theme, dice: Dice) -> None:
    """The strip above every app: time, signal, battery."""
    page.text(36, 26, clock(dice), 22, look.ink, "lm", 0.4)
    for step in range(dice.randint(2, 4)):
        page.box(574 + step * 9, 33 - step * 4, 6, 4 + step * 4, look.ink)
    page.text(648, 26, dice.choice(("5G", "4G", "LTE", "H+")), 16, look.ink, "rm")
    page.box(656, 16, 42, 20, look.faint, 6)
    page.box(656, 16, dice.randint(12, 42), 20, look.ink, 6)


def app_bar(page: Canvas, look: Theme) -> None:
    """The app's name and two icons, above."""
    page.text(36, 86, look.app, 36, look.ink, "lm", 1)
    for at, kind in enumerate(look.icons[:2]):
        icon(page, kind, 672 - at * 64, 86, 16, look.ink)
    page.line([(0, 122), (720, 122)], look.line)


def tab_bar(page: Canvas, look: Theme) -> None:
    """Five icons below, one of them in the app's colour."""
    page.box(0, 1196, 720, 84, look.ground)
    page.line([(0, 1196), (720, 1196)], look.line)
    for at, kind in enumerate(look.icons[2:7]):
        icon(page, kind, 72 + at * 144, 1232, 18, look.accent if at == len(look.app) % 5 else look.faint)
    page.box(260, 1266, 200, 6, look.ink, 3)
