"""How the bot is, and the images on which it gave up.

GET  /health         what keeps it from working, how much waits, dead letters
POST /health/retry   look again at one (`number`) or at all of them
"""

from aiohttp import hdrs, web

from handlers.health import look
from web import pages
from web.context import services
from web.security import form_of

SHOWN = 50


async def show(request: web.Request) -> web.Response:
    """GET /health"""
    ours = services(request)
    health, dead = await look(ours), await ours.inbox.letters(dead=True, limit=SHOWN)
    minutes = round(health.oldest_s / 60)
    return pages.render(request, "health.html", health=health, dead=dead, minutes=minutes)


async def retry(request: web.Request) -> web.Response:
    """POST /health/retry"""
    said = form_of(request)["number"]
    if said == "all" or (said.isascii() and said.isdigit() and len(said) < 16):
        await services(request).inbox.retry(None if said == "all" else [int(said)])
        services(request).inbox_bell.ring()
    return web.Response(status=303, headers={hdrs.LOCATION: "/health"})
