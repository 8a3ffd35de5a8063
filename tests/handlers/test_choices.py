"""Acting on variants of one reference: chosen by a community's own moderators, for that community, and taken back."""

from dataclasses import replace
from functools import cache

import pytest

from bot.services import Services
from core.cases import Policy
from core.errors import DataError, NotFound
from core.matches import Verdict
from core.trust import LEAST_DECIDED
from core.types import Act, Collection, Content, Decision, Intent, Kind, Mode, Outcome, Purpose, Space, reference_id
from handlers import choices, intake, references, review
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from handlers.why import explain
from lab.hard_negatives import Pair, make
from tests.small import SPACE, FakeFront, event, saved

NEXT_DOOR = replace(SPACE, community="next", channel="next door")
PAGE = reference_id("scams", "page")


@cache
def pair() -> Pair:
    """A meme, and the same meme with other words."""
    return make("same_template", [], 1, 1)[0]


@pytest.fixture
async def watched(services: Services, front: FakeFront) -> Services:
    """Two communities that enforce, and a page that the moderators of the first have called a violation."""
    known = saved(pair().reference)
    await services.references.create_collection(Collection(name="scams", purpose=Purpose.BLOCKLIST))
    await references.add(services, Entry(key="page", collection="scams"), known)
    front.images["known"] = known
    front.images |= {f"variant-{one}": saved(pair().query, "JPEG", quality=80 + one) for one in range(5)}
    for space in (SPACE, NEXT_DOOR):
        await services.policies.set(space, Policy(mode=Mode.ENFORCE), "ann")
        await posted(services, "known", space)
        (case,) = await services.cases.newest(space, limit=1)
        await review.decide(services, case.id, Decision.VIOLATION, "ann")
    return services


async def posted(services: Services, image: str, space: Space = SPACE, intent: Intent = Intent.POSTED) -> Verdict:
    await intake.accept(services, [event(image, space, intent=intent)])
    (waiting,) = await services.inbox.claim(1, LEASE)
    verdict = await screen(services, waiting)
    assert verdict
    return verdict


async def acts(services: Services, space: Space = SPACE) -> tuple[Act, ...]:
    """What was asked for on the newest case of a space."""
    (case,) = await services.cases.newest(space, limit=1)
    return tuple(action.act for action in case.actions)


async def test_a_variant_is_acted_on_once_the_moderators_chose_so(watched: Services) -> None:
    """Before, and after they took it back, it is a review that nothing is done about; the kind is told as it is."""
    before = await posted(watched, "variant-0")
    untouched = await acts(watched)
    await choices.act_on_variants(watched, SPACE, PAGE, True, "ann")
    chosen = await posted(watched, "variant-1")
    acted = await acts(watched)
    await choices.act_on_variants(watched, SPACE, PAGE, False, "bob")
    after = await posted(watched, "variant-2")

    assert [(one.outcome, one.reason) for one in (before, after)] == [(Outcome.REVIEW, "look-alike")] * 2
    assert (untouched, await acts(watched)) == ((), ())
    assert (chosen.outcome, chosen.reason, acted) == (Outcome.MATCH, "variant", (Act.REMOVE,))
    assert chosen.best
    assert (chosen.best.kind, chosen.best.content) == (Kind.TEMPLATE, Content.OTHER)
    assert chosen.best.confidence > 0.99


async def test_another_community_is_not_affected(watched: Services) -> None:
    """There the same post is a review, and so it is for who asks."""
    await choices.act_on_variants(watched, SPACE, PAGE, True, "ann")

    assert (await posted(watched, "variant-0", NEXT_DOOR)).outcome is Outcome.REVIEW
    assert (await posted(watched, "variant-1", intent=Intent.QUERY)).outcome is Outcome.REVIEW
    assert (await posted(watched, "variant-2", intent=Intent.REPORTED)).outcome is Outcome.MATCH


async def test_a_choice_does_not_confirm(watched: Services) -> None:
    """Without the moderators' word that the reference is a violation, a variant is flagged like any match."""
    (case,) = await watched.cases.newest(SPACE, limit=1)
    await review.undo(watched, case.id, "ann")
    await choices.act_on_variants(watched, SPACE, PAGE, True, "ann")

    assert (await posted(watched, "variant-0")).reason == "variant"
    assert await acts(watched) == (Act.FLAG,)


async def test_variants_that_were_overturned_ask_a_person(watched: Services) -> None:
    """The choice does not outweigh what the moderators have said of such matches, in other images, since."""
    await choices.act_on_variants(watched, SPACE, PAGE, True, "ann")
    variant = await posted(watched, "variant-0")
    for one in range(LEAST_DECIDED):
        await intake.accept(watched, [event(f"other-{one}", message=f"other-{one}")])
        (waiting,) = await watched.inbox.claim(1, LEASE)
        case = await watched.cases.conclude(waiting, f"sha-{one}", variant, Mode.ENFORCE)
        assert case
        await review.decide(watched, case, Decision.NOT_A_MATCH, "ann")
    verdict = await posted(watched, "variant-4")

    assert (verdict.outcome, verdict.reason) == (Outcome.REVIEW, "look-alike")
    assert verdict.best
    assert (verdict.best.claimed or 0) > 0.99
    assert await acts(watched) == ()


async def test_why_tells_of_the_choice(watched: Services) -> None:
    """The gates of a variant say that it was chosen; before, those of a copy say what it lacks."""
    plain = {gate.name: gate.passed for gate in (await explain(watched, event("variant-0"))).nearest[0].gates}
    await choices.act_on_variants(watched, SPACE, PAGE, True, "ann")
    found = await explain(watched, event("variant-0"))
    chosen = {gate.name: gate.passed for gate in found.nearest[0].gates}

    assert (plain["copy"], plain["content"], plain["match"]) == (False, False, False)
    assert (chosen["variant"], chosen["content"], chosen["match"]) == (True, True, True)
    assert found.finding.verdict.reason == "variant"


async def test_only_what_is_there_can_be_chosen(watched: Services) -> None:
    """Neither what was removed, nor what another community owns, nor what excuses."""
    theirs, allowed = (
        Collection(name="theirs", owner=NEXT_DOOR.home),
        Collection(name="fine", purpose=Purpose.ALLOWLIST),
    )
    for one in (theirs, allowed):
        await watched.references.create_collection(one)
        await references.add(watched, Entry(key="page", collection=one.name), saved(pair().reference))

    for collection in ("theirs", "nowhere"):
        with pytest.raises(NotFound):
            await choices.act_on_variants(watched, SPACE, reference_id(collection, "page"), True, "ann")
    with pytest.raises(DataError, match="allowlist"):
        await choices.act_on_variants(watched, SPACE, reference_id("fine", "page"), True, "ann")
    assert (await choices.act_on_variants(watched, NEXT_DOOR, reference_id("theirs", "page"), True, "bob")).variants


async def test_what_was_chosen_is_told_case_by_case(watched: Services) -> None:
    """For cases whose best match is a template, with who chose and when."""
    await posted(watched, "variant-0")
    cases = await watched.cases.newest()
    assert await choices.about(watched, cases) == {}
    made = await choices.act_on_variants(watched, SPACE, PAGE, True, "ann")

    assert await choices.about(watched, cases) == {cases[0].id: made}
