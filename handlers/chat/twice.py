"""What is asked for twice, in words: whom an act hits, and what nothing brings back. Pure.

Case + act --of_act--> "Ban ann (42)? ..."        Case + PutOut --of_violation--> "... ann (42): Ban. ..."

Some platforms show 200 characters of it, so it is short, and the person comes first.
"""

from datetime import timedelta

from core.cases import Case
from core.chat import Said
from core.telling import one_line
from core.types import Act
from handlers.review import PUTS_OUT, PutOut

NAME, NUMBER = 24, 40
"""Characters shown of a name and of a number."""


def of_act(case: Case, act: Act, purge: timedelta) -> Said | None:
    """The question before an act on the author of a case; None for what simply can be taken back."""
    if act not in PUTS_OUT:
        return None
    return Said(key=f"twice.{act}", values={"who": whom(case, case.event.author)}, more=_purge(act, purge))


def of_violation(case: Case, out: PutOut) -> Said:
    """The question before a violation that also puts authors out."""
    is_one, more = len(out.authors) == 1, _purge(Act.BAN, out.purge) if Act.BAN in out.acts else ()
    if is_one:
        values = {"who": whom(case, out.authors[0]), "acts": out.acts}
        return Said(key="twice.violation", values=values, more=more)
    return Said(key="twice.violation-many", values={"people": len(out.authors), "acts": out.acts}, more=more)


def _purge(act: Act, purge: timedelta) -> tuple[Said, ...]:
    """What a ban deletes; a kick deletes nothing."""
    hours = round(purge.total_seconds() / 3600)
    if act is not Act.BAN:
        return ()
    return (Said(key="twice.purge", values={"hours": hours}) if hours else Said(key="twice.no-purge"),)


def whom(case: Case, author: str) -> Said | str:
    """An author of a case by name and number: anybody can take the name of somebody else."""
    name, number = one_line(name_of(case, author), NAME), one_line(author, NUMBER)
    return Said(key="twice.who", values={"name": name, "number": number}) if name not in ("", number) else number


def name_of(case: Case, author: str) -> str:
    """What the author of one of the posts is called; "" where nobody knows."""
    known = {one.id: one.name for one in case.burst.authors} if case.burst else {}
    return case.event.author_name if author == case.event.author else known.get(author, "")
