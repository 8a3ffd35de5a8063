"""The JSON API: search, posts, cases. Collections are in web/catalogue.py, the description in web/openapi.py.

Every answer is JSON; every failure is {"error": {"reason", "message"}} with a fitting status (web/problems.py).
"""

import base64

import orjson
from aiohttp import hdrs, web

from core.matches import Finding
from handlers import braking, evidence, intake, review, similar
from handlers.needs import PictureNeeds
from handlers.search import search
from handlers.search_json import as_json
from web import answers, bodies, pages, queries, reach
from web.answers import Answer
from web.bodies import By, Decided
from web.context import CHANNEL, services, settings
from web.openapi import spec
from web.reading import query, read, upload
from web.scopes import holder
from web.shapes import case_of, post_of, similar_of

MODERATOR = "api"
LONGEST_TEXT = 500


def answer(model: Answer, status: int = 200) -> web.Response:
    """Return a model as JSON, without fields that were not asked for."""
    return _json(model.model_dump_json(exclude_unset=True).encode(), status)


def _json(body: bytes, status: int = 200) -> web.Response:
    """Return JSON that no cache keeps."""
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


async def page(request: web.Request) -> web.Response:
    """GET /api"""
    return pages.render(request, "api.html", spec=spec(settings(request).version), origin=request.url.origin())


async def openapi(request: web.Request) -> web.Response:
    """GET /api/openapi.json"""
    return _json(orjson.dumps(spec(settings(request).version)))


async def health(request: web.Request) -> web.Response:
    """GET /api/health: StoreDown becomes 503 like everywhere."""
    await services(request).catalogue.ping()
    return answer(answers.Health(status="ok"))


async def search_image(request: web.Request) -> web.Response:
    """POST /api/search: with `evidence`, the picture is in the answer, because nothing of a search is kept."""
    asked = query(request, queries.Searching)
    every, names = asked.all_candidates, await reach.names(request, asked.collection)
    sent = await upload(request, bodies.IMAGE)
    finding = await search(services(request), sent.image, collections=names, all_candidates=every)
    result = as_json(finding, top=asked.top, all_candidates=every)
    shown = await _evidence(services(request), finding, every) if asked.evidence else {}
    return answer(answers.Finding.model_validate(result | shown))


async def _evidence(ours: PictureNeeds, finding: Finding, every: bool) -> dict[str, str | None]:
    """Return a JPEG in Base64, null where there is nothing to show."""
    best = evidence.worth_showing(finding, all_candidates=every)
    picture = await evidence.of_finding(ours, finding, best) if best else None
    return {"evidence": base64.b64encode(picture).decode() if picture else None}


async def similar_image(request: web.Request) -> web.Response:
    """POST /api/similar"""
    asked = query(request, queries.Alike)
    names = await reach.names(request, asked.collection)
    sent = await upload(request, bodies.IMAGE)
    return answer(similar_of(await similar.similar(services(request), sent.image, names, asked.top)))


async def by_words(request: web.Request) -> web.Response:
    """GET /api/similar?text="""
    asked = query(request, queries.ByWords)
    names = await reach.names(request, asked.collection)
    return answer(similar_of(await similar.by_words(services(request), asked.text[:LONGEST_TEXT], names, asked.top)))


async def add_post(request: web.Request) -> web.Response:
    """POST /api/posts"""
    asked = query(request, queries.Posting)
    sent = await upload(request, bodies.POST)
    author = (sent.said.author or asked.author)[: pages.LONGEST_NAME]
    name = sent.file_name or asked.file_name[:200]
    post, watched = await intake.post(services(request), CHANNEL, author, name, sent.image)
    return answer(answers.Received(id=post.id, status="waiting" if watched else "not-watched"), 202)


async def get_post(request: web.Request) -> web.Response:
    """GET /api/posts/{id}"""
    return answer(post_of(await services(request).posts.get(request.match_info["id"])))


async def list_cases(request: web.Request) -> web.Response:
    """GET /api/cases: newest first; the last id is the next page's `before`."""
    asked = query(request, queries.CasePage)
    cases = await services(request).cases.newest(home=reach.home_of(request), limit=asked.limit, before=asked.before)
    return answer(answers.Cases(cases=[case_of(case) for case in cases]))


async def get_case(request: web.Request) -> web.Response:
    """GET /api/cases/{id}"""
    return answer(case_of(await reach.case(request)))


async def decide(request: web.Request) -> web.Response:
    """POST /api/cases/{id}/decision"""
    body = await read(request, Decided)
    case = await reach.case(request)
    return answer(case_of(await review.decide(services(request), case.id, body.decision, by_of(request, body.by))))


async def undo(request: web.Request) -> web.Response:
    """POST /api/cases/{id}/undo"""
    by = by_of(request, (await read(request, By)).by)
    case = await reach.case(request)
    return answer(case_of(await review.undo(services(request), case.id, by)))


async def release(request: web.Request) -> web.Response:
    """POST /api/cases/{id}/release"""
    by = by_of(request, (await read(request, By)).by)
    case = await reach.case(request)
    return answer(case_of(await braking.release(services(request), case.id, by)))


def by_of(request: web.Request, given: str) -> str:
    """Return who decides: the name that the program gives, and that of its token, if it has one."""
    name, program = given[: pages.LONGEST_NAME].strip(), holder(request)
    return f"{name} ({program})" if name and program else name or program or MODERATOR
