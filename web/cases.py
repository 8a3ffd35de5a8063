"""A case and the moderator's word on it; the same card stands in the channel and on the case's own page.

GET  /case/{id}            the page, or with ?seen= the card (204 while nothing changed)
POST /case/{id}/decision   violation, allowed, not_a_match, unsure, abuse
POST /case/{id}/undo       take the decision in force back
POST /case/{id}/release    let go of the brake that held the bot back
POST /case/{id}/variants   act on variants of what it is about, or leave them alone again
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiohttp import hdrs, web

from core.cases import Case
from core.decided_images import case_of
from core.errors import Conflict, NotFound, UsageError
from core.messages import Line
from core.telling import said
from core.types import Decision
from handlers import background, braking, choices, review
from handlers.chat import twice
from handlers.chat.card_burst import how_many
from handlers.chat.card_text import comma
from handlers.chat.card_who import who_lines
from web import pages
from web.context import is_fragment, number_of, services
from web.security import form_of
from web.views import KEYS, CaseView, case_view, differs_of, may_choose

STANDING_STILL = "asking"
"""Mark of a card that asks once more: it stays as it is until that is answered, however the case grows meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A decision that is asked for once more; `mark` is what the second press has to agree to."""

    question: str
    mark: str
    decision: Decision
    agree: str


async def show(request: web.Request) -> web.Response:
    """GET /case/{id}"""
    case = await services(request).cases.get(number_of(request))
    if is_fragment(request) and request.query.get("seen") in (STANDING_STILL, (await _view(request, case)).mark):
        return web.Response(status=204, headers={hdrs.CACHE_CONTROL: "no-store"})
    return await _card(request, case)


async def decide(request: web.Request) -> web.Response:
    """POST /case/{id}/decision"""
    number, decision = number_of(request), decision_of(form_of(request)["decision"])
    found = await services(request).cases.get(number)
    asking = await _asking(request, found, decision)
    if asking and form_of(request)["sure"] != asking.mark:
        return await _card(request, found, asking=asking)
    try:
        case = await review.decide(services(request), number, decision, moderator(request))
    except Conflict:
        return await _too_late(request, number, "case.conflict")
    return await _done(request, case)


async def undo(request: web.Request) -> web.Response:
    """POST /case/{id}/undo"""
    number = number_of(request)
    try:
        case = await review.undo(services(request), number, moderator(request))
    except Conflict:
        return await _too_late(request, number, "case.nothing_to_undo")
    return await _done(request, case)


async def release(request: web.Request) -> web.Response:
    """POST /case/{id}/release"""
    number = number_of(request)
    try:
        case = await braking.release(services(request), number, moderator(request))
    except Conflict:
        return await _too_late(request, number, "brake.off")
    return await _done(request, case)


async def variants(request: web.Request) -> web.Response:
    """POST /case/{id}/variants"""
    wanted = form_of(request)["variants"]
    if wanted not in ("on", "off"):
        raise UsageError("Variants must be on or off.")
    case = await services(request).cases.get(number_of(request))
    best = case.verdict.best
    if best is None or not may_choose(case):
        raise NotFound("This case is not about a template.")
    space, by = case.event.space, moderator(request)
    try:
        await choices.act_on_variants(services(request), space, best.reference.id, wanted == "on", by)
    except NotFound:
        return await _too_late(request, case.id, "case.variants_gone")
    return await _done(request, case)


def decision_of(name: str) -> Decision:
    """Return the decision of this name; raises UsageError for an unknown one."""
    if name not in set(Decision):
        raise UsageError("The decision must be violation, allowed, not_a_match, unsure or abuse.")
    return Decision(name)


def moderator(request: web.Request) -> str:
    """Return who decides; the access token is shared, so people say what they are called."""
    return pages.name_of(request) or pages.words_of(request)("case.anonymous")


async def _asking(request: web.Request, case: Case, decision: Decision) -> Asking | None:
    """Return what is asked before a decision; None where one press does."""
    words = pages.words_of(request)
    if decision is Decision.ABUSE:
        posts = case.burst.posts if case.burst else 1
        question = words("abuse.ask" if posts == 1 else "abuse.ask-many", posts=posts)
        return Asking(question=question, mark="yes", decision=decision, agree=words("abuse.sure"))
    if decision is not Decision.VIOLATION or not (out := await review.puts_out(services(request), case)):
        return None
    question = said(words, twice.of_violation(case, out))
    return Asking(question=question, mark=out.mark, decision=decision, agree=words("twice.sure"))


async def _too_late(request: web.Request, number: int, key: str) -> web.Response:
    """Return the card with a sentence that somebody decided before."""
    case = await services(request).cases.get(number)
    return await _card(request, case, status=409, problem=pages.words_of(request)(key))


async def _done(request: web.Request, case: Case) -> web.Response:
    if is_fragment(request):
        return await _card(request, case)
    return web.Response(status=303, headers={hdrs.LOCATION: f"/case/{case.id}"})


async def _view(request: web.Request, case: Case) -> CaseView:
    chosen = await choices.about(services(request), [case])
    view = case_view(pages.words_of(request), case, chosen.get(case.id))
    return await _with_basis(request, view) if view.best and case.verdict.may_be_kept else view


async def _with_basis(request: web.Request, view: CaseView) -> CaseView:
    """Return the card with the picture of the case that it follows, as long as that is kept."""
    number = case_of(view.case.verdict.matches[0].reference)
    if number is None or view.best is None or await services(request).decided.picture(number) is None:
        return view
    differs = differs_of(view.case) if view.best.outline else ""
    return replace(view, best=replace(view.best, picture=f"/case/{number}/picture.jpg"), differs=differs)


async def _card(
    request: web.Request, case: Case, *, status: int = 200, problem: str = "", asking: Asking | None = None
) -> web.Response:
    view = await _view(request, case)
    name = "_case.html" if is_fragment(request) else "case.html"
    keep = services(request).keep_evidence.days
    about = () if is_fragment(request) else await _about(request, case)
    shown = {"card": view, "problem": problem, "keys": KEYS, "keep": keep, "about": about}
    shown |= {"asking": asking, "standing_still": STANDING_STILL, "counter": _counter(request, case)}
    return pages.render(request, name, status=status, **shown)


def _counter(request: web.Request, case: Case) -> str:
    """Return how many posts, people and channels a burst has so far; "" without one."""
    words = pages.words_of(request)
    return comma(words, how_many(words, case.burst)) if case.burst else ""


async def _about(request: web.Request, case: Case) -> Sequence[Line]:
    """Who posted it, where, with which words, and how often it was posted before."""
    known, space = services(request), case.event.space
    community = await known.communities.get(space.platform, space.community)
    lines = who_lines(pages.words_of(request), case, community, await background.of(known, case))
    return [line for line in lines if line.text]
