"""How a post stands after what was done to it."""

from collections.abc import Sequence

import pytest

from core.cases import ActionRecord
from core.types import Act, ActState
from handlers.post_state import PostState, state_of


def done(*acts: tuple[Act, str]) -> Sequence[ActionRecord]:
    """Actions that were carried out, each with its receipt."""
    return [
        ActionRecord(id=number, case=1, act=act, key=str(number), state=ActState.DONE, receipt=receipt)
        for number, (act, receipt) in enumerate(acts)
    ]


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], PostState(messages=("57",))),
        ([(Act.FLAG, "")], PostState(messages=("57",), flagged=True)),
        ([(Act.FLAG, "58")], PostState(messages=("57",), flagged=True, reply="58")),
        ([(Act.FLAG, ""), (Act.REPLY, "58")], PostState(messages=("57",), flagged=True, reply="58")),
        ([(Act.FLAG, ""), (Act.REMOVE, "")], PostState(messages=("57",), removed=True)),
        ([(Act.REPLY, "58"), (Act.REMOVE, "")], PostState(messages=("57",), reply="58", removed=True)),
        ([(Act.FLAG, ""), (Act.RESTORE, "")], PostState(messages=("57",))),
        ([(Act.REMOVE, ""), (Act.RESTORE, "60")], PostState(messages=("60",))),
        ([(Act.REMOVE, ""), (Act.RESTORE, "60+61")], PostState(messages=("60", "61"))),
        ([(Act.REMOVE, ""), (Act.RESTORE, "60"), (Act.REMOVE, "")], PostState(messages=("60",), removed=True)),
        ([(Act.TIMEOUT, "9"), (Act.RELEASE, ""), (Act.CARD, "c")], PostState(messages=("57",))),
    ],
)
def test_a_post_after_what_was_done(acts: Sequence[tuple[Act, str]], state: PostState) -> None:
    """The newest message that stands for it, and what is on it."""
    assert state_of("57", done(*acts)) == state
