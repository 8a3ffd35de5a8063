"""The chat: a person shows an image, the bot answers in the conversation.

POST / --form--> bytes --search--> Finding --> Answer --> a turn of the conversation (or, without scripts, the page)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import web

from core.errors import ResightError, RetryLater, Unscannable
from core.matches import Finding
from core.telling import differing, partial_words, reason_words
from core.types import Outcome
from core.wording import Words
from handlers import evidence, similar
from handlers.evidence import EvidenceNeeds
from handlers.needs import HasMedia
from handlers.search import search
from handlers.similar import SimilarNeeds
from web import pages
from web.context import is_fragment, services, settings
from web.problems import Failed, Problem, of_error
from web.security import form_of
from web.uploads import Form, with_image
from web.views import MatchView, SimilarView, match_view, picture_of, similar_view

KEEP = timedelta(hours=1)
SHOWN, ALIKE = 10, 8
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bot says about one image: `posted` is the picture to show as the one sent, `differs` what differs.

    `content` is the sentence on that. `alike` is what looks like it, told only where nothing is known of it.
    """

    outcome: str
    reason: str
    best: MatchView | None = None
    content: str = ""
    further: tuple[MatchView, ...] = ()
    posted: str = ""
    identical: bool = False
    differs: str = ""
    partial: str = ""
    took: int = 0
    alike: tuple[SimilarView, ...] = ()


async def show(request: web.Request) -> web.Response:
    """GET /"""
    return await _page(request)


async def ask(request: web.Request) -> web.Response:
    """POST /"""
    form = form_of(request)
    try:
        if not (form.image or form["url"].strip() or form["sample"]):
            raise Failed(Problem(status=400, reason="nothing-sent"))
        if similar.knows_words(services(request)) and _is_words(form):
            return await _by_words(request, form["url"].strip()[:LONGEST_TEXT])
        form = await with_image(request, form)
        answer = await _answer(request, form.image)
    except Failed as error:
        return await _say(request, error.problem)
    except ResightError as error:
        return await _say(request, of_error(error))
    if is_fragment(request):
        return pages.render(request, "_answer.html", answer=answer)
    return await _page(request, answer=answer, sent=form.file_name)


def _is_words(form: Form) -> bool:
    """Return whether the line says what to look for instead of where an image is."""
    line = form["url"].strip()
    return bool(line) and not form.image and not form["sample"] and "://" not in line


async def _by_words(request: web.Request, text: str) -> web.Response:
    alike = [
        similar_view(similar_reference)
        for similar_reference in await similar.by_words(services(request), text, None, ALIKE)
    ]
    if is_fragment(request):
        return pages.render(request, "_similar.html", text=text, found=alike)
    return await _page(request, found=alike, text=text)


async def _say(request: web.Request, problem: Problem) -> web.Response:
    """Return a problem as an answer in the conversation."""
    sentence = problem.said(pages.words_of(request))
    if is_fragment(request):
        response = pages.render(request, "_problem.html", status=problem.status, problem=sentence)
    else:
        response = await _page(request, status=problem.status, problem=sentence)
    response.headers.update(problem.headers)
    return response


async def _page(
    request: web.Request,
    *,
    status: int = 200,
    answer: Answer | None = None,
    problem: str = "",
    sent: str = "",
    found: Sequence[SimilarView] | None = None,
    text: str = "",
) -> web.Response:
    count, _ = await services(request).references.totals()
    return pages.render(
        request,
        "chat.html",
        status=status,
        count=f"{count:,}",
        answer=answer,
        problem=problem,
        sent=sent,
        found=found,
        text=text,
        by_words=similar.knows_words(services(request)),
        samples=list(settings(request).samples),
    )


async def _answer(request: web.Request, data: bytes) -> Answer:
    finding = await search(services(request), data)
    posted, differs = await _pictures(services(request), finding)
    answer = answer_of(pages.words_of(request), finding, posted, differs)
    return answer if answer.best else replace(answer, alike=await _alike(services(request), data))


async def _alike(ours: SimilarNeeds, data: bytes) -> tuple[SimilarView, ...]:
    """Return similar references; none where no second model is set or ready."""
    if ours.semantics is None or ours.semantics.serving is None:
        return ()
    try:
        return tuple(
            similar_view(similar_reference) for similar_reference in await similar.similar(ours, data, None, ALIKE)
        )
    except (Unscannable, RetryLater):
        return ()


async def _pictures(ours: EvidenceNeeds, finding: Finding) -> tuple[str, str]:
    """Keep the sent picture and the one of what differs for an hour; return their addresses.

    For known bytes the picture is the reference's own, and nothing differs.
    """
    best = evidence.worth_showing(finding)
    if best is None or not finding.verdict.may_be_kept:
        return "", ""
    if finding.look is None:
        return picture_of(best.reference), ""
    sent = await ours.runner.thumbnail(finding.look, best.frame)
    part = await evidence.of_match(ours, best, sent)
    return await _kept(ours, sent), await _kept(ours, part) if part else ""


async def _kept(ours: HasMedia, picture: bytes) -> str:
    return f"/media/{await ours.media.put(picture, 'image/jpeg', KEEP)}"


def answer_of(words: Words, finding: Finding, posted: str, differs: str = "") -> Answer:
    """Return the finding in words."""
    matches, best = [match_view(words, match) for match in finding.verdict.matches[:SHOWN]], finding.verdict.best
    return Answer(
        outcome=finding.verdict.outcome.value,
        reason=(words.language == "en" and finding.sentence) or reason_words(words, finding.verdict),
        best=matches[0] if matches else None,
        content=differing(words, best, is_sure=finding.verdict.outcome is Outcome.MATCH) if best else "",
        further=tuple(matches[1:]),
        posted=posted,
        identical=finding.look is None and bool(matches),
        differs=differs,
        partial=partial_words(words, finding.verdict) if finding.verdict.partial else "",
        took=round(finding.timings_ms.get("total", 0)),
    )
