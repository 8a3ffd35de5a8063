"""Groups of references that are copies of one another."""

from core.matches import Finding, Match, Verdict
from core.types import Kind, Outcome, Reference
from handlers.duplicates import copies_in, grouped


def reference(key: str, width: int = 100) -> Reference:
    return Reference(key=key, collection="library", width=width, height=100)


def match(one: Reference, confidence: float = 0.99, kind: Kind = Kind.EDITED) -> Match:
    return Match(reference=one, kind=kind, confidence=confidence, cosine=0.9)


def test_what_is_linked_is_one_group_and_the_largest_picture_comes_first() -> None:
    """A and B match, B and C match: one group of three; a pair comes after it; who has no copy is in none."""
    a, b, c, d, e, alone = (reference(key, 100 + 10 * number) for number, key in enumerate("abcdef"))
    groups = grouped([a, b, c, d, e, alone], {a.id: [match(b, 0.95)], c.id: [match(b)], d.id: [match(e)], alone.id: []})

    assert [[one.reference.key for one in group] for group in groups] == [["c", "b", "a"], ["e", "d"]]
    assert [one.match.confidence for one in groups[0]] == [0.99, 0.99, 0.95]
    assert grouped([a, alone], {a.id: []}) == []


def test_only_sure_copies_within_the_scope_count() -> None:
    """A template, an unsure copy and a reference of another collection join nothing."""
    inside, outside = reference("in"), reference("out")
    found = (match(inside), match(inside, 0.5), match(inside, kind=Kind.TEMPLATE), match(outside))
    finding = Finding(sha256="", verdict=Verdict(outcome=Outcome.MATCH), candidates=found)

    assert copies_in(finding, 0.9, {inside.id}) == [found[0]]
