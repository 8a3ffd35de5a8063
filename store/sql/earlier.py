"""What a community knew before a case: earlier cases of its author, and posts of the same reference shortly before."""

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, text

from core.cases import RECENT, Case
from core.types import GUILTY, Decision, Outcome
from store.sql.bursts import POST
from store.sql.experience import JUDGED
from store.sql.outbox import shown_case
from store.sql.tables.columns import plain
from store.sql.tables.judged import cases, decisions, inbox, matches

HAS_A_CASE = text("inbox.judged")
"""Condition in the words of the partial index by author."""


def by_author(case: Case) -> Select[int, int]:
    """Return the query for the numbers of the author's earlier cases, and of violations among them."""
    event = case.event
    theirs = inbox.c.author == event.author, inbox.c.platform == str(event.space.platform), HAS_A_CASE
    is_here = cases.c.community.concat("") == event.space.home  # else SQLite may read the whole community by its index
    is_earlier = is_here, shown_case < case.id, JUDGED
    count = func.count(shown_case.distinct())
    asked = select(count.label("cases"), count.filter(_was_called(*GUILTY)).label("violations"))
    return asked.join(inbox, cases.c.inbox == inbox.c.id).where(*theirs, *is_earlier)


def of_reference(case: Case) -> Select[int] | None:
    """Return the query for the number of other posts that showed its best reference; None where it has none."""
    best, space = case.verdict.best, case.event.space
    if best is None:
        return None
    shows_it = matches.c.reference == best.reference.id, matches.c.rank == plain(0)
    is_found = cases.c.outcome == Outcome.MATCH.value, ~_was_called(Decision.NOT_A_MATCH), JUDGED
    is_recent = cases.c.opened_at >= case.opened_at - RECENT, cases.c.id < case.id, cases.c.community == space.home
    is_other = ~and_(inbox.c.channel == space.channel, inbox.c.message == case.event.message)
    posts = select(inbox.c.channel, POST).distinct().select_from(matches)
    posts = posts.join(cases, matches.c.case == cases.c.id).join(inbox, cases.c.inbox == inbox.c.id)
    found = posts.where(*shows_it, *is_found, *is_recent, is_other).subquery()
    return select(func.count()).select_from(found)


def _was_called(*said: Decision) -> ColumnElement[bool]:
    """Return the condition for cases about which such a decision is in force."""
    in_force = decisions.c.case == shown_case, decisions.c.undone_at.is_(None)
    return exists(select(decisions.c.id).where(*in_force, decisions.c.decision.in_([one.value for one in said])))
