"""Signing in with the access token, where the pages can be reached from outside."""

from aiohttp import web

from web import attempts, pages, sessions
from web.security import form_of, is_token


async def show(request: web.Request) -> web.StreamResponse:
    """GET /sign-in"""
    if sessions.is_signed_in(request):
        raise web.HTTPSeeOther(_next(request))
    return pages.render(request, "sign_in.html", wrong=False, next=_next(request))


async def submit(request: web.Request) -> web.StreamResponse:
    """POST /sign-in"""
    if not is_token(request, form_of(request)["token"].strip()):
        attempts.count(request)
        return pages.render(request, "sign_in.html", status=401, wrong=True, next=_next(request))
    attempts.forget(request)
    response = web.HTTPSeeOther(_next(request))
    sessions.give_cookie(request, response, request.app[sessions.SESSIONS].open())
    raise response


async def leave(request: web.Request) -> web.StreamResponse:
    """POST /sign-out"""
    request.app[sessions.SESSIONS].close(sessions.browser_of(request))
    response = web.HTTPSeeOther("/sign-in")
    response.del_cookie(sessions.COOKIE)
    raise response


def _next(request: web.Request) -> str:
    """Return where to go after signing in; only to a page of ours."""
    wanted = request.query.get("next", "/")
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else "/"
