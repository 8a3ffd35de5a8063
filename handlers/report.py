"""Reports: a person shows the moderators a post. Who reported is counted, never shown in public.

    report -> ignored? -> too many this hour? -> counted -> enough people? -> inbox (or the case's card is renewed)

Three brakes, all the community's own settings: distinct reporters needed, reports an hour, ignored reporters.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from core.chat import Community, Said
from core.types import Act, ImageEvent
from handlers.intake import IntakeNeeds, accept
from handlers.needs import HasCases, HasClock, HasOutboxBell, HasReports

HOUR = timedelta(hours=1)


class FiledNeeds(HasReports, HasClock, Protocol):
    """What counts the reports of a person."""


class ShowNeeds(IntakeNeeds, HasCases, HasOutboxBell, Protocol):
    """What shows a reported post to moderators."""


class ReportNeeds(IntakeNeeds, HasCases, HasReports, HasClock, HasOutboxBell, Protocol):
    """What takes a report."""


async def report(services: ReportNeeds, events: Sequence[ImageEvent], reporter: str) -> Said:
    """Take a report of a message's pictures (`Intent.REPORTED`); return what to tell the reporter, in private."""
    if not events:
        return Said(key="said.no-image")
    space = events[0].space
    community = await services.communities.get(space.platform, space.community)
    if not community.log:
        return Said(key="said.report-nowhere")
    if reporter in community.ignored_reporters:
        return Said(key="said.report-thanks")
    if wait := await _too_many(services, community, reporter):
        return Said(key="said.report-too-many", values={"minutes": 1 + int(wait.total_seconds() // 60)})
    is_first, people = await services.reports.file(space, events[0].message, reporter)
    if is_first and people >= community.reporters_needed:
        await _show(services, events, people)
    return Said(key="said.report-thanks" if is_first else "said.report-again")


async def _too_many(services: FiledNeeds, community: Community, reporter: str) -> timedelta | None:
    """Return the time until this person may report again, None if they may now."""
    now, most = services.clock(), community.reports_an_hour
    filed = await services.reports.filed_since(community.platform, reporter, now - HOUR)
    return filed[-most] + HOUR - now if len(filed) >= most else None


async def _show(services: ShowNeeds, events: Sequence[ImageEvent], people: int) -> None:
    """Show the report to the moderators: on the card of the message's case, else by screening its pictures."""
    space = events[0].space
    case_numbers: set[int] = set()
    for message in dict.fromkeys(event.message for event in events):
        case_numbers |= {case.id for case in await services.cases.of_message(space.platform, space.channel, message)}
    for case in sorted(case_numbers):
        await services.cases.ask(case, f"report-{events[0].message}-{people}", [Act.CARD])
    if case_numbers:
        services.outbox_bell.ring()
    else:
        await accept(services, events)
