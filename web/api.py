"""The JSON API: search, posts, cases. Collections are in web/catalogue.py, the description in web/openapi.py.

Every answer is JSON; every failure is {"error": {"reason", "message"}} with a fitting status (web/problems.py).
"""

import base64
from typing import Any

import orjson
from aiohttp import hdrs, web

from core.errors import UsageError
from core.matches import Finding
from handlers import braking, evidence, intake, review, similar
from handlers.search import as_json, search
from handlers.services import Services
from web import pages, reach
from web.bodies import By, Decided, read
from web.context import CHANNEL, services, settings
from web.openapi import spec
from web.security import HOLDER
from web.shapes import case_json, post_json
from web.uploads import read_upload

MODERATOR = "api"
LONGEST_TEXT = 500


def answer(said: Any, status: int = 200) -> web.Response:
    """JSON, and nothing that a cache would keep."""
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=orjson.dumps(said), status=status, content_type="application/json", headers=headers)


def number_in(request: web.Request, name: str, default: int, most: int) -> int:
    """A whole number of the query, from 1 to `most`."""
    said = request.query.get(name, str(default))
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else 0
    if not 1 <= number <= most:
        raise UsageError(f"'{name}' must be a whole number from 1 to {most}.")
    return number


def flag_in(request: web.Request, name: str) -> bool:
    """A yes or no of the query; `?name` alone means yes."""
    said = request.query.get(name, "false").lower()
    if said not in ("", "1", "true", "yes", "0", "false", "no"):
        raise UsageError(f"'{name}' must be true or false.")
    return said in ("", "1", "true", "yes")


async def page(request: web.Request) -> web.Response:
    """GET /api"""
    return pages.render(request, "api.html", spec=spec(settings(request).version), origin=request.url.origin())


async def openapi(request: web.Request) -> web.Response:
    """GET /api/openapi.json"""
    return answer(spec(settings(request).version))


async def health(request: web.Request) -> web.Response:
    """GET /api/health: StoreDown becomes 503 like everywhere."""
    await services(request).catalogue.ping()
    return answer({"status": "ok"})


async def search_image(request: web.Request) -> web.Response:
    """POST /api/search: with `evidence`, the picture is in the answer, because nothing of a search is kept."""
    top, every = number_in(request, "top", 5, 50), flag_in(request, "all_candidates")
    with_evidence, names = flag_in(request, "evidence"), await reach.names(request)
    upload = await read_upload(request)
    finding = await search(services(request), upload.image, collections=names, all_candidates=every)
    said = as_json(finding, top=top, all_candidates=every)
    return answer(said | await _evidence(services(request), finding, every) if with_evidence else said)


async def _evidence(ours: Services, finding: Finding, every: bool) -> dict[str, str | None]:
    """A JPEG in Base64, null where there is nothing to show."""
    best = evidence.worth_showing(finding, all_candidates=every)
    picture = await evidence.of_finding(ours, finding, best) if best else None
    return {"evidence": base64.b64encode(picture).decode() if picture else None}


async def similar_image(request: web.Request) -> web.Response:
    """POST /api/similar"""
    top, names = number_in(request, "top", 10, 50), await reach.names(request)
    upload = await read_upload(request)
    found = await similar.similar(services(request), upload.image, names, top)
    return answer({"similar": [similar.as_json(one) for one in found]})


async def by_words(request: web.Request) -> web.Response:
    """GET /api/similar?text="""
    top, names = number_in(request, "top", 10, 50), await reach.names(request)
    found = await similar.by_words(services(request), request.query.get("text", "")[:LONGEST_TEXT], names, top)
    return answer({"similar": [similar.as_json(one) for one in found]})


async def add_post(request: web.Request) -> web.Response:
    """POST /api/posts"""
    upload = await read_upload(request)
    author = (upload["author"] or request.query.get("author", ""))[: pages.LONGEST_NAME]
    name = upload.file_name or request.query.get("file_name", "")[:200]
    post, watched = await intake.post(services(request), CHANNEL, author, name, upload.image)
    return answer({"id": post.id, "status": "waiting" if watched else "not-watched"}, 202)


async def get_post(request: web.Request) -> web.Response:
    """GET /api/posts/{id}"""
    return answer(post_json(await services(request).posts.get(request.match_info["id"])))


async def list_cases(request: web.Request) -> web.Response:
    """GET /api/cases: newest first; the last id is the next page's `before`."""
    limit = number_in(request, "limit", 50, 200)
    before = number_in(request, "before", 1, 1 << 40) if "before" in request.query else None
    cases = await services(request).cases.newest(home=reach.home_of(request), limit=limit, before=before)
    return answer({"cases": [case_json(case) for case in cases]})


async def get_case(request: web.Request) -> web.Response:
    """GET /api/cases/{id}"""
    return answer(case_json(await reach.case(request)))


async def decide(request: web.Request) -> web.Response:
    """POST /api/cases/{id}/decision"""
    said = await read(request, Decided)
    case = await reach.case(request)
    return answer(case_json(await review.decide(services(request), case.id, said.decision, by_of(request, said.by))))


async def undo(request: web.Request) -> web.Response:
    """POST /api/cases/{id}/undo"""
    by = by_of(request, (await read(request, By)).by)
    case = await reach.case(request)
    return answer(case_json(await review.undo(services(request), case.id, by)))


async def release(request: web.Request) -> web.Response:
    """POST /api/cases/{id}/release"""
    by = by_of(request, (await read(request, By)).by)
    case = await reach.case(request)
    return answer(case_json(await braking.release(services(request), case.id, by)))


def by_of(request: web.Request, said: str) -> str:
    """Who decides: as the program says it, and the name of its token, if it has one of its own."""
    name, holder = said[: pages.LONGEST_NAME].strip(), request.get(HOLDER, "")
    return f"{name} ({holder})" if name and holder else name or holder or MODERATOR
