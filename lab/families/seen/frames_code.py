"""A program on a screen.

code_window   a figure, a name or a text in a program, or in the log of one   small
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from PIL import Image

from lab.drawings.kit import mix
from lab.families.kit import Family, Twins
from lab.families.seen.frames_kit import Fact, became, blank, facts
from lab.families.seen.papers_kit import Page, length, twins_of, two
from lab.families.seen.papers_words import BULLETS
from lab.families.seen.products_pens import coined, ink_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of an editor."""

    ground: str
    ink: str
    faint: str
    key: str
    text: str
    figure: str


THEMES = (
    Theme(ground="#1e1f29", ink="#e6e6ea", faint="#6a7086", key="#ff79b0", text="#b8e986", figure="#c39bff"),
    Theme(ground="#ffffff", ink="#222222", faint="#9a9a9a", key="#0033b3", text="#067d17", figure="#b45309"),
    Theme(ground="#fdf6e3", ink="#50646c", faint="#a3b0b0", key="#859900", text="#2aa198", figure="#d33682"),
    Theme(ground="#002b36", ink="#a8b8ba", faint="#586e75", key="#cb9b16", text="#2aa198", figure="#d75f5f"),
    Theme(ground="#0b0b0c", ink="#d7d7d7", faint="#5c5c5c", key="#5fb3ff", text="#e0a96d", figure="#9fe29f"),
)
KEYS = frozenset(
    "def return if for in while class import from const let function else not await async fn pub mut".split()  # noqa: SIM905
)
PROGRAMS = (
    """def settle(orders, rate={0}):
    total = 0
    for order in orders:
        if order.is_paid:
            continue
        total += order.price * {1}
        log("{2}", order.number)
    return round(total, 2)

class {3}:
    def __init__(self, name):
        self.name = name
        self.limit = {4}""",
    """const {3} = require('./shop')

async function load(page) {{
  const limit = {1}
  let left = {4}
  while (left > 0) {{
    const got = await fetch('/{2}?page=' + page)
    if (got.status !== 200) return {0}
    left -= limit
  }}
  return left
}}""",
    """pub fn {2}(input: &str) -> u32 {{
    let mut sum = {1};
    for line in input.lines() {{
        let parts = line.split(',');
        if parts.count() < {4} {{
            continue;
        }}
        sum += {0};
    }}
    {3}::new(sum)
}}""",
    """from shapes import {3}

WIDTH = {1}
HEIGHT = {4}
TITLE = "{2}"

def draw(canvas, scale={0}):
    for row in range(HEIGHT):
        canvas.line(0, row, WIDTH * scale, row)
    if not canvas.is_empty:
        canvas.write(TITLE)
    return {3}(canvas)""",
)
LOG = """$ {2} --verbose
reading settings of {3}
found {1} files
[ok] lint
[ok] types
[ok] {4} tests in {0} s
uploading ...
done: {3} is live
$ _"""
PARTS = ("factor", "count", "text", "name", "limit")


def code_window(dice: Random) -> Twins:
    """A program in an editor or a log in a terminal, with another figure, name or text in it."""
    program, at = dice.choice((*PROGRAMS, *PROGRAMS, LOG)), dice.randrange(len(PARTS))
    words = [_part(one, dice) for one in range(len(PARTS))]
    both = facts(*two(dice, partial(_part, at)))
    words[at] = "{}"
    lines = program.format(*words).split("\n")
    lines += [_remark(dice) for _ in range(dice.randint(2, 6))] if program is not LOG else []
    return twins_of(dice, partial(_window, lines, program is LOG), both, became(f"{PARTS[at]} in the program", both))


def _part(at: int, dice: Random) -> str:
    """A factor, a count, a text, a name, a limit."""
    if at == 0:
        return dice.choice(("{:.2f}", "{:.3f}")).format(dice.uniform(0.01, 9))
    if at in {1, 4}:
        return str(dice.choice((dice.randint(2, 99), dice.randint(100, 5000))))
    return coined(dice).lower() if at == 2 else coined(dice)


def _remark(dice: Random) -> str:
    return f"# {dice.choice(BULLETS).lower()}"


def _window(lines: Sequence[str], is_log: bool, dice: Random, fact: Fact) -> Image.Image:
    """A window with its bar, tabs or none, numbers of the lines, and colours."""
    theme, font_size, lead = dice.choice(THEMES), dice.randint(21, 26), dice.uniform(1.4, 1.75)
    wide = max(length(one.replace("{}", fact.longer("mono", font_size)), "mono", font_size) for one in lines)
    size = (round(max(620, min(1080, wide + 150))), round(max(420, len(lines) * font_size * lead + 120)))
    page, bar = blank(size, theme.ground), dice.choice((34, 44))
    page.box(0, 0, size[0], bar, mix(theme.ground, theme.ink, 0.14))
    for at, fill in enumerate(dice.choice((("#ff5f57", "#febc2e", "#28c840"), ("#8a8a8a",) * 3))):
        page.circle(24 + at * 24, bar / 2, 7, fill)
    page.write(
        size[0] / 2, bar / 2, f"{coined(dice).lower()}.{'log' if is_log else 'src'}", "sans", 15, theme.faint, "mm"
    )
    left, first = (24, 1) if is_log else (78, dice.randint(1, 300))
    for at, one in enumerate(lines):
        y = bar + 26 + at * font_size * lead
        if not is_log:
            page.write(56, y, str(first + at), "mono", font_size - 4, theme.faint, "rm")
        _coloured(page, left, y, one.replace("{}", fact.shown), font_size, theme)
    page.box(0, size[1] - 28, size[0], 28, theme.key)
    page.write(16, size[1] - 14, f"main   UTF-8   Ln {first + len(lines) // 2}", "sans", 13, ink_on(theme.key), "lm")
    return page.image


def _coloured(page: Page, x: float, y: float, text: str, size: int, theme: Theme) -> None:
    """A line of a program, word by word in its colour."""
    if text.lstrip().startswith(("#", "$")):
        page.write(x, y, text, "mono", size, theme.faint if text.lstrip()[0] == "#" else theme.text, "lm")
        return
    step = length("0", "mono", size)
    at = 0
    for word in text.split(" "):
        bare = word.strip("(){}:;,=")
        fill = theme.key if bare in KEYS else theme.figure if bare[:1].isdigit() else theme.ink
        page.write(x + at * step, y, word, "mono", size, theme.text if "'" in word or '"' in word else fill, "lm")
        at += len(word) + 1


FAMILIES: Sequence[Family] = (Family(name="code_window", draw=code_window),)
