"""What comes together is committed together, and each caller hears of its own item alone."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.event import listen

from core.chat import Carried
from core.matches import Verdict
from core.types import Act, ActState, Mode, Outcome
from store.sql.cases import SqlCases
from store.sql.db import Database
from store.sql.group_commit import GroupCommit
from store.sql.inbox import SqlInbox
from tests.clock import Clock
from tests.small import KEEP, event
from tests.store.sql.test_inbox import LEASE


async def doubled(items: Sequence[int]) -> Sequence[int | Exception]:
    """Odd numbers fail, and a zero fails all."""
    await asyncio.sleep(0.01)
    if 0 in items:
        raise ZeroDivisionError
    return [ValueError(str(item)) if item % 2 else 2 * item for item in items]


async def test_each_hears_of_its_own() -> None:
    """Of items that were committed together some fail and the others do not; what fails as a whole, fails for all."""
    together = GroupCommit(doubled)
    first = await asyncio.gather(*(together.add(item) for item in (2, 3, 4)), return_exceptions=True)
    second = await asyncio.gather(*(together.add(item) for item in (6, 0, 8)), return_exceptions=True)

    assert (first[0], str(first[1]), first[2]) == (4, "3", 8)
    assert second[0] == 12, "it was committed alone, before the others came"
    assert [type(one) for one in second[1:]] == [ZeroDivisionError] * 2


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_whoever_gives_up_takes_nobody_along(which: int) -> None:
    """The one that commits as well as those that wait."""
    together = GroupCommit(doubled)
    tasks = [asyncio.create_task(together.add(item)) for item in (2, 4, 6)]
    await asyncio.sleep(0.002)
    tasks[which].cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)

    assert [one for number, one in enumerate(found) if number != which] == [4 * n for n in (1, 2, 3) if n != which + 1]


async def test_what_others_brought_outlives_the_one_that_commits_it() -> None:
    """Whoever commits for others gives up: theirs goes in with the next commit, before what came later."""
    commits: list[list[int]] = []
    second = asyncio.Event()

    async def commit(items: Sequence[int]) -> Sequence[int | Exception]:
        commits.append(list(items))
        if len(commits) == 2:
            second.set()
        return await doubled(items)

    together = GroupCommit(commit)
    tasks = [asyncio.create_task(together.add(item)) for item in (2, 4, 6)]
    await second.wait()
    later = asyncio.create_task(together.add(8))
    await asyncio.sleep(0)
    tasks[1].cancel()

    assert list(await asyncio.wait_for(asyncio.gather(tasks[2], later), 5)) == [12, 16]
    assert commits == [[2], [4, 6], [4, 6, 8]]


async def test_results_of_actions_are_written_down_together(db: Database, clock: Clock) -> None:
    """Until its result is written down a crash does an action twice, so forty results make few commits."""
    inbox, cases, commits = SqlInbox(db, clock), SqlCases(db, clock, KEEP), list[object]()
    await inbox.accept([event(str(number)) for number in range(40)])
    for waiting in await inbox.claim(40, LEASE):
        await cases.conclude(waiting, "aa", Verdict(outcome=Outcome.REVIEW), Mode.FLAG, (Act.CARD,))
    claimed = await cases.claim_actions(40)
    listen(db.engine, "commit", commits.append)
    await asyncio.gather(*(cases.finish_action(one.id, Carried(state=ActState.DONE)) for one in claimed))

    assert (len(claimed), await cases.waiting_actions()) == (40, 0)
    assert len(commits) <= 3
