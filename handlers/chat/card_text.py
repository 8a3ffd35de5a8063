"""What all parts of a card are made with: short texts, and words for one or many. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.bursts import Tally
from core.cases import ActionRecord, Case
from core.messages import Line
from core.policy import MESSAGES
from core.telling import one_line
from core.types import Act, ActState, Reference
from core.wording import Words

TITLE = 120
"""Characters shown of a title."""


def title_of(reference: Reference) -> str:
    """What a reference is called, as one short line."""
    return one_line(reference.title, TITLE) or one_line(reference.key, TITLE)


def filled(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.text)


def comma(words: Words, parts: Iterable[str]) -> str:
    return words("card.comma").join(part for part in parts if part)


def rows(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def counted(words: Words, key: str, count: int, **values: object) -> str:
    """One or many; "" for none."""
    return words(f"{key}-{'one' if count == 1 else 'many'}", count=count, **values) if count else ""


def actions_of(case: Case) -> list[ActionRecord]:
    """What was asked for on all pictures, oldest first, but for the cards and answers themselves."""
    asked = [action for one in case.pictures for action in one.actions if action.act not in MESSAGES]
    return sorted(asked, key=lambda action: action.id)


def tallies_of(case: Case) -> Sequence[Tally]:
    """The same with what ended alike in one, however many posts the case stands for."""
    if case.burst:
        return case.burst.tallies
    alike: dict[tuple[Act, ActState, str, int | None], list[int]] = defaultdict(list)
    for action in actions_of(case):
        alike[action.act, action.state, action.detail, action.decision].append(action.id)
    return [
        Tally(act=act, state=state, detail=detail, decision=decision, count=len(ids), first=ids[0])
        for (act, state, detail, decision), ids in alike.items()
    ]


def would_have(case: Case) -> Iterable[Act]:
    """What a dry run did not do to any of the pictures."""
    return dict.fromkeys(act for one in case.pictures for act in one.would_have)
