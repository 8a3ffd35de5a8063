"""What an orchestrator and a monitoring system ask; no cookies, no pages.

GET /healthz   200 while the process answers at all
GET /readyz    200, or 503 with the problems: images would have to wait, all or those of one front
GET /metrics   Prometheus' text; beyond loopback with the access token
"""

import orjson
from aiohttp import hdrs, web

from core.wording import Words
from handlers.health import look
from handlers.parts import Part
from web.context import services, settings
from web.health import sentence


def _json(body: object, status: int) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json", headers=headers)


async def healthz(_: web.Request) -> web.Response:
    """GET /healthz"""
    return _json({"status": "ok"}, 200)


async def readyz(request: web.Request) -> web.Response:
    """GET /readyz"""
    health, words = await look(services(request)), Words.of("en")
    problems = [{"reason": name, "message": words(f"health.{name}")} for name in health.problems]
    problems += [_down(part, words) for part in health.down]
    body = {"status": "waiting" if problems else "ok", "problems": problems, "waiting": health.waiting}
    return _json(body, 503 if problems else 200)


def _down(part: Part, words: Words) -> dict[str, str]:
    """Return which front or loop is down, since when, and why."""
    assert part.why, "it is down"
    about = {"name": part.name, "why": part.why.value, "since": part.since.isoformat(timespec="seconds")}
    return {"reason": "front" if part.is_front else "loop", **about, "message": sentence(part, words)}


async def metrics(request: web.Request) -> web.Response:
    """GET /metrics"""
    exposition = settings(request).exposition
    if exposition is None:
        raise web.HTTPNotFound
    kind = {hdrs.CONTENT_TYPE: "text/plain; version=0.0.4; charset=utf-8", hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=await exposition(), headers=kind)
