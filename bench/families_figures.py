"""What the benchmark of look-alikes tells: counts by family and edit, and the figures with their targets. Pure.

answers --by family, by edit--> Tally --> Markdown tables
        --figures--> what is to be reached, the peers beside it
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.families_pictures import APART, APPS, MEMES, SCENES, SEEN, UNSEEN
from bench.families_run import Answer
from bench.matching_table import Figure, told
from core.policy import COPIES
from core.types import Kind, Outcome
from lab.families.fragments import FRAGMENTS
from lab.figures import ece

CLAIMED = 0.5
"""A pair is called a copy from this confidence on, as everywhere in the benchmarks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Some answers counted."""

    name: str
    answers: Sequence[Answer]

    @property
    def asked(self) -> int:
        return len(self.answers)

    def share(self, what: Callable[[Answer], bool]) -> float:
        """Of all that were asked; not a number where nothing was."""
        return sum(map(what, self.answers)) / self.asked if self.asked else float("nan")

    def called(self, *outcomes: Outcome) -> float:
        return self.share(lambda one: one.called in outcomes)

    @property
    def acted(self) -> float:
        return self.share(lambda one: one.could_act)

    def peer(self, name: str) -> float:
        return self.share(lambda one: one.peers[name])


def peer_names(answers: Sequence[Answer]) -> list[str]:
    """Of the methods measured beside."""
    return list(answers[0].peers) if answers else []


def by_family(answers: Sequence[Answer], is_copy: bool) -> list[Tally]:
    """All together, and then each family, the worst first."""
    some = [one for one in answers if one.question.is_copy is is_copy]
    return [Tally(name="all", answers=some), *_grouped(some, lambda one: one.question.family, is_copy)]


def by_edit(answers: Sequence[Answer], is_copy: bool) -> list[Tally]:
    """Each edit, the worst first."""
    some = [one for one in answers if one.question.is_copy is is_copy]
    return _grouped(some, lambda one: one.question.edit, is_copy)


def _grouped(answers: Sequence[Answer], name_of: Callable[[Answer], str], is_copy: bool) -> list[Tally]:
    names = Counter(map(name_of, answers))
    tallies = [Tally(name=name, answers=[one for one in answers if name_of(one) == name]) for name in names]
    return sorted(tallies, key=lambda one: one.called(Outcome.MATCH) * (1 if is_copy else -1))


def look_alike_table(tallies: Sequence[Tally], head: str) -> str:
    """What look-alikes are called, per cent."""
    names = peer_names(tallies[0].answers) if tallies else []
    rows = [
        (
            *(one.name, str(one.asked), _cent(one.called(Outcome.MATCH)), _cent(one.called(Outcome.REVIEW))),
            *(_cent(one.called(Outcome.CLEAN)), _cent(one.acted), *(_cent(one.peer(name)) for name in names)),
        )
        for one in tallies
    ]
    return _table((head, "look-alikes", "match", "review", "clean", "could be acted on", *names), rows)


def copy_table(tallies: Sequence[Tally], head: str) -> str:
    """How many true copies are found, per cent."""
    names = peer_names(tallies[0].answers) if tallies else []
    found = (Outcome.MATCH, Outcome.REVIEW)
    rows = [
        (
            *(one.name, str(one.asked), _cent(one.called(Outcome.MATCH)), _cent(one.called(*found))),
            *(_cent(one.acted), *(_cent(one.peer(name)) for name in names)),
        )
        for one in tallies
    ]
    return _table((head, "copies", "match", "match or review", "could be acted on", *names), rows)


def _cent(share: float) -> str:
    return told(100 * share, 1)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join((*lines, *(f"| {' | '.join(row)} |" for row in rows)))


def tables(answers: Sequence[Answer]) -> Iterator[tuple[str, str]]:
    """Titles and tables of a run: unseen, seen, and what shares only a part, an app or a place."""
    for group in (UNSEEN, SEEN):
        some = [one for one in answers if one.question.group == group]
        if some:
            yield f"Families {group}: look-alikes", look_alike_table(by_family(some, False), "family")
            yield f"Families {group}: look-alikes by edit", look_alike_table(by_edit(some, False), "edit")
            yield f"Families {group}: true copies", copy_table(by_family(some, True), "family")
            yield f"Families {group}: true copies by edit", copy_table(by_edit(some, True), "edit")
    apart = [one for one in answers if one.question.group == APART]
    if apart:
        yield "Not the same frame", look_alike_table(by_family(apart, False)[1:], "what is shared")


def is_called_copy(answer: Answer) -> bool:
    """Whether a look-alike is called a copy; what shares a meme's picture may be called contained."""
    wrong = COPIES - {Kind.CONTAINED} if answer.question.family == MEMES else COPIES
    return answer.kind in wrong and answer.confidence >= CLAIMED


def figure_table(answers: Sequence[Answer]) -> str:
    """What is to be reached, and what was; figures of families are those of the unseen ones."""
    head = ("figure", "Resight", "target", "reached", *peer_names(answers))
    lines = [row.line() for row in figures(answers) if row.ours == row.ours]  # what was not asked is not a number
    return "\n".join((f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines))


def figures(answers: Sequence[Answer]) -> Iterator[Figure]:
    """Each figure with its target, the peers beside it."""
    unseen = [one for one in answers if one.question.group == UNSEEN]
    yield from _of_look_alikes(unseen, peer_names(answers))
    yield from _of_copies(unseen, peer_names(answers))
    shared = (("a caption strip, a watermark bar or a footer", tuple(FRAGMENTS)), ("a meme or an app", (MEMES, APPS)))
    for what, kinds in (*shared, ("a place, from another standpoint", (SCENES,))):
        some = [one for one in answers if one.question.family in kinds]
        if some:
            yield _counted(what, Tally(name="", answers=some), peer_names(answers))


def _of_look_alikes(unseen: Sequence[Answer], names: Sequence[str]) -> Iterator[Figure]:
    alike, *families = by_family(unseen, False)
    said, beside = alike.called(Outcome.MATCH), [alike.peer(name) for name in names]
    yield Figure(what="same frame, other content: match", ours=said, target=0.05, at_least=False, peers=beside)
    worst = max((one.called(Outcome.MATCH) for one in families), default=float("nan"))
    beside = [max((one.peer(name) for one in families), default=float("nan")) for name in names]
    yield Figure(what="the same in the worst family", ours=worst, target=0.25, at_least=False, peers=beside)
    what = "the same, acted on without a moderator in `enforce`"
    yield Figure(what=what, ours=alike.acted, target=0.01, at_least=False, peers=[None] * len(names))


def _of_copies(unseen: Sequence[Answer], names: Sequence[str]) -> Iterator[Figure]:
    copies = by_family(unseen, True)[0]
    found, beside = copies.called(Outcome.MATCH, Outcome.REVIEW), [copies.peer(name) for name in names]
    yield Figure(what="true copies of the same drawings: match or review", ours=found, target=0.97, peers=beside)
    said = copies.called(Outcome.MATCH)
    yield Figure(what="true copies of the same drawings: match", ours=said, target=0.85, peers=beside)
    error, nothing = calibration_error(unseen), [None] * len(names)
    yield Figure(what="calibration error", ours=error, target=0.01, at_least=False, digits=4, peers=nothing)


def _counted(what: str, tally: Tally, names: Sequence[str]) -> Figure:
    """How many of these look-alikes are called copies."""
    peers = [sum(one.peers[name] for one in tally.answers) for name in names]
    target = 2 if tally.answers and tally.answers[0].question.family == SCENES else 0
    ours, said = sum(map(is_called_copy, tally.answers)), f"two that share {what}: called a copy, of {tally.asked}"
    return Figure(what=said, ours=ours, target=target, at_least=False, peers=peers, digits=0)


def calibration_error(answers: Sequence[Answer]) -> float:
    """Of what is called a copy: how far the confidence is from how often that is right."""
    said = [one for one in answers if one.kind in COPIES]
    return ece([one.confidence for one in said], [one.question.is_copy for one in said]) if said else float("nan")
