"""The stories of moderators once more, where everything that is written on Matrix is encrypted."""

from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path

import pytest

from core.cases import Policy
from core.types import Mode
from embed.runner import Runner
from store.sql.db import Database
from store.vectors.exact import ExactCatalogue
from tests.chat.conftest import Now, working
from tests.chat.matrix import on_matrix
from tests.chat.stage import Stage
from tests.chat.test_commands import (  # noqa: F401  played here, too
    test_it_is_set_up_by_buttons,
    test_questions_reports_and_cases,
    test_the_first_try_succeeds,
    test_what_was_added_is_taken_back,
)
from tests.chat.test_presses import (  # noqa: F401
    test_a_violation_removes_and_its_undo_restores,
    test_one_who_is_no_longer_staff_decides_nothing,
    test_strangers_decide_nothing,
    test_the_second_is_told_who_was_first,
    test_what_is_no_violation_is_left_alone,
    test_why_is_told,
)
from tests.small import assemble


@pytest.fixture
async def stage(db: Database, toy_runner: Runner, knowing: tuple[Path, ExactCatalogue]) -> AsyncIterator[Stage]:
    services = await assemble(
        db, toy_runner, catalogue=deepcopy(knowing[1]), clock=Now(), fronts={}, default=Policy(mode=Mode.OFF)
    )
    async with on_matrix(services, encrypted=True) as stage, working(services):
        yield stage
