"""The tables of the matching benchmark: figures with their targets, and recall edit by edit. Pure; Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.matching_figures import Method, calibration_error, called_match, reaching
from bench.matching_pictures import HARDER, SAME
from bench.matching_run import Answer
from core.thresholds import threshold_for
from lab.edits.suite import SUITE
from lab.figures import rule_of_three, wilson
from lab.hard_negatives import HARD_NEGATIVES

RATE = 1e-4
LOOK_ALIKES = (
    ("same meme, other words: called exact or edited", "same_template", 0.05),
    ("same app or chat, other content: called a copy", "same_ui", 0.01),
    ("same scene, another shot: called a copy", "near_scene", 0.05),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: Resight's, its target, and that of each peer. `note` says what to know about it."""

    what: str
    ours: float | None
    target: float
    at_least: bool = True
    peers: Sequence[float | None] = ()
    digits: int = 3
    note: str = ""

    @property
    def reached(self) -> str:
        """ "yes", "NO", or "" where it could not be measured."""
        if self.ours is None or self.ours != self.ours:
            return ""
        kept = self.ours >= self.target if self.at_least else self.ours <= self.target
        return "yes" if kept else "**NO**"

    def line(self) -> str:
        """A row of the table."""
        sign = ">=" if self.at_least else "<="
        cells = (told(one, self.digits) for one in self.peers)
        note = f" ({self.note})" if self.note else ""
        mine = told(self.ours, self.digits)
        return f"| {self.what}{note} | {mine} | {sign} {self.target:g} | {self.reached} | {' | '.join(cells)} |"


def told(value: float | None, digits: int = 3) -> str:
    """A number, or a dash where there is none."""
    return "-" if value is None or value != value else f"{value:.{digits}f}"


def figures(answers: Sequence[Answer], mine: Method, peers: Sequence[Method]) -> Iterator[Figure]:
    """What our issue asks of the matching, row by row."""
    everyone = (mine, *peers)
    yield _figure("micro average precision", [one.uap() for one in everyone], 0.99)
    yield _at_rate(1_000, 0.985, mine, peers)
    yield _at_rate(10_000, 0.975, mine, peers)
    chains = [one.chains().recall for one in everyone]
    yield _figure("independent chains: recall at pair precision 99.9 %", chains, 0.95)
    for what, edits in SAME.items():
        yield _figure(f"found: {what}", [one.found(edits) for one in everyone], 0.98)
    for (what, edits), target in zip(HARDER.items(), (0.90, 0.80), strict=True):
        yield _figure(f"found: {what}", [one.found(edits) for one in everyone], target)
    for what, kind, most in LOOK_ALIKES:
        yield _figure(what, [one.look_alikes(kind) for one in everyone], most, at_least=False)
    yield from _alarms(answers, mine, peers)
    error = [calibration_error(answers), *(None for _ in peers)]
    yield _figure("expected calibration error", error, 0.005, at_least=False, digits=4)


def _figure(
    what: str, values: Sequence[float | None], target: float, *, at_least: bool = True, digits: int = 3, note: str = ""
) -> Figure:
    """Resight's value is the first, the peers' follow."""
    return Figure(
        what=what, ours=values[0], target=target, at_least=at_least, peers=values[1:], digits=digits, note=note
    )


def _at_rate(strangers: int, target: float, mine: Method, peers: Sequence[Method]) -> Figure:
    got = [one.at_rate(1 / strangers) for one in (mine, *peers)]
    note = "extrapolated" if got[0] and got[0].extrapolated else ""
    what = f"recall at 1 false alarm in {strangers:,} strangers, mean over edits"
    return _figure(what, [one.recall if one else None for one in got], target, note=note)


def _alarms(answers: Sequence[Answer], mine: Method, peers: Sequence[Method]) -> Iterator[Figure]:
    total = len(mine.strangers)
    alarmed = [called_match(answers), *(sum(one.alarmed for one in peer.strangers) for peer in peers)]
    note = f"none proves a rate below {100 * rule_of_three(total):.2f} %"
    yield _figure(f"strangers called `match`, of {total}", alarmed, 0, at_least=False, digits=0, note=note)
    cut = threshold_for(RATE)
    reached = [reaching(answers, cut), *(None for _ in peers)]
    what = f"strangers called a match at the threshold for 1 in {1 / RATE:,.0f} ({cut:g})"
    yield _figure(what, reached, total * RATE, at_least=False, digits=0)
    mistaken = [sum(one.mistaken for one in each.copies) for each in (mine, *peers)]
    what = f"copies whose surest copy is a wrong reference, of {len(mine.copies)}"
    yield _figure(what, mistaken, 0, at_least=False, digits=0)


def figure_table(rows: Sequence[Figure], peers: Sequence[Method]) -> str:
    """Figures with targets, the peers beside them."""
    names = [one.name for one in peers]
    head = ["figure", "Resight", "target", "reached", *names]
    return "\n".join((f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(one.line() for one in rows)))


def edit_table(methods: Sequence[Method]) -> str:
    """Per cent found, edit by edit; then how many look-alikes and strangers are called copies."""
    head = ["edit", "searched", *(one.name for one in methods)]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for edit in [name for name in SUITE if any(one.query.edit == name for one in methods[0].copies)]:
        asked = sum(one.query.edit == edit for one in methods[0].copies)
        lines.append(_line(f"`{edit}`", asked, [one.found([edit]) for one in methods]))
    for kind in HARD_NEGATIVES:
        asked = sum(one.query.edit == kind for one in methods[0].judged)
        if asked:
            lines.append(_line(f"look-alike: `{kind}`", asked, [one.look_alikes(kind) for one in methods]))
    shares = [sum(each.alarmed for each in one.strangers) / max(len(one.strangers), 1) for one in methods]
    return "\n".join((*lines, _line("strangers", len(methods[0].strangers), shares)))


def _line(name: str, asked: int, shares: Sequence[float]) -> str:
    return f"| {name} | {asked} | {' | '.join(told(100 * share, 0) for share in shares)} |"


def certainty(mine: Method) -> str:
    """How sure the share of all copies is."""
    found = sum(one.found for one in mine.copies)
    sure = wilson(found, len(mine.copies))
    share = 100 * found / max(len(mine.copies), 1)
    between = f"{100 * sure.low:.1f} to {100 * sure.high:.1f}"
    return f"Of all {len(mine.copies)} copies {share:.1f} % are found (95 %: {between})."
