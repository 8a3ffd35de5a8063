"""What a community's staff chose about one reference. The case page, the API and the command line all end here.

    act_on_variants   templates of it are acted on in this community, too, or no longer: `core.policy` says how
    about             what was chosen here about the best matches of cases, for whoever shows them

It needs no more than two stores, so the command line can ask while the bot runs.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from core.cases import Case
from core.chat import Choice
from core.errors import DataError, NotFound
from core.types import Kind, Purpose, Reference, Space
from handlers.needs import HasChoices, HasReferences


class ChoicesNeeds(HasReferences, HasChoices, Protocol):
    """What stores a choice, if the reference is one that the community sees."""


async def act_on_variants(services: ChoicesNeeds, space: Space, reference: UUID, on: bool, by: str) -> Choice:
    """Store the choice for the community of this space; raises NotFound, or DataError for an allowlist."""
    stored = (await services.references.get([reference])).get(reference)
    if stored is None or not await _is_seen(services, space, stored):
        raise NotFound("There is no such reference.")
    if on and stored.purpose is Purpose.ALLOWLIST:
        raise DataError(f"'{stored.key}' is on an allowlist, which accuses nobody: there is nothing to act on.")
    return await services.choices.act_on_variants(space, reference, on, by)


async def _is_seen(services: HasReferences, space: Space, reference: Reference) -> bool:
    """Return whether posts of this community are compared with the reference."""
    return (await services.references.collection(reference.collection)).owner in ("", space.home)


async def about(services: HasChoices, cases: Iterable[Case]) -> Mapping[int, Choice]:
    """Return what was chosen about the best matches of cases, by the case's number; one query a community."""
    best = [
        (case, match.reference.id) for case in cases if (match := case.verdict.best) and match.kind is Kind.TEMPLATE
    ]
    homes = {(case.event.space.platform, case.event.space.community): case.event.space for case, _ in best}
    chosen_by_home = {
        home: await services.choices.of(space, {reference for _, reference in best}) for home, space in homes.items()
    }
    chosen = (
        (case.id, chosen_by_home[case.event.space.platform, case.event.space.community].get(reference))
        for case, reference in best
    )
    return {number: choice for number, choice in chosen if choice}
