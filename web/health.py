"""How the bot is, and the images on which it gave up.

GET  /health         what keeps it from working, how much waits, dead letters
POST /health/retry   look again at one (`number`) or at all of them
"""

from aiohttp import hdrs, web

from core.wording import Words
from handlers.health import look
from handlers.parts import Part
from web import pages
from web.context import services
from web.security import form_of

SHOWN = 50


def sentence(part: Part, words: Words) -> str:
    """Return what it means that a front or a loop is down."""
    name = words(f"card.platform.{part.name}") if part.is_front else words(f"health.part.{part.name}")
    return words("health.front" if part.is_front else "health.loop", name=name, why=words(f"health.why.{part.why}"))


async def show(request: web.Request) -> web.Response:
    """GET /health"""
    ours = services(request)
    health, dead = await look(ours), await ours.inbox.letters(dead=True, limit=SHOWN)
    minutes = round(health.oldest_s / 60)
    down = [(part, sentence(part, pages.words_of(request))) for part in health.down]
    return pages.render(request, "health.html", health=health, down=down, dead=dead, minutes=minutes)


async def retry(request: web.Request) -> web.Response:
    """POST /health/retry"""
    chosen = form_of(request)["number"]
    if chosen == "all" or (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
        await services(request).inbox.retry(None if chosen == "all" else [int(chosen)])
        services(request).inbox_bell.ring()
    return web.Response(status=303, headers={hdrs.LOCATION: "/health"})
