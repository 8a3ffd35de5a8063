"""Signing in with the access token, where the pages can be reached from outside."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from web import pages, signs
from web.context import services
from web.problems import Failed, Problem
from web.security import form_of, is_token

WINDOW = timedelta(minutes=15)
AT_MOST = 20
MOST_ADDRESSES = 10_000


@dataclass(slots=True)
class Attempts:
    """Failed sign-ins of the last 15 minutes by address."""

    failed: dict[str, list[datetime]] = field(default_factory=dict)

    def wait(self, address: str, now: datetime) -> timedelta:
        """How long the address must wait; zero if it may try."""
        recent = [at for at in self.failed.get(address, []) if now - at < WINDOW]
        return recent[-AT_MOST] + WINDOW - now if len(recent) >= AT_MOST else timedelta()

    def note(self, address: str, now: datetime) -> None:
        if len(self.failed) >= MOST_ADDRESSES:  # a flood of addresses must not fill the memory
            self.failed = {one: times for one, times in self.failed.items() if now - times[-1] < WINDOW}
        self.failed[address] = [*self.failed.get(address, [])[1 - AT_MOST :], now]

    def forget(self, address: str) -> None:
        self.failed.pop(address, None)


ATTEMPTS = web.AppKey("attempts", Attempts)


async def show(request: web.Request) -> web.StreamResponse:
    """GET /sign-in"""
    if signs.is_signed_in(request):
        raise web.HTTPSeeOther(_next(request))
    return pages.render(request, "sign_in.html", wrong=False, next=_next(request))


async def submit(request: web.Request) -> web.StreamResponse:
    """POST /sign-in"""
    address, now = request.remote or "", services(request).clock()
    attempts = request.app[ATTEMPTS]
    _refuse_too_many(attempts.wait(address, now))
    if not is_token(request, form_of(request)["token"].strip()):
        attempts.note(address, now)
        return pages.render(request, "sign_in.html", status=401, wrong=True, next=_next(request))
    attempts.forget(address)
    response = web.HTTPSeeOther(_next(request))
    signs.give_cookie(request, response, request.app[signs.SESSIONS].open(now))
    raise response


async def leave(request: web.Request) -> web.StreamResponse:
    """POST /sign-out"""
    request.app[signs.SESSIONS].close(signs.browser_of(request))
    response = web.HTTPSeeOther("/sign-in")
    response.del_cookie(signs.COOKIE)
    raise response


def _refuse_too_many(wait: timedelta) -> None:
    seconds = int(wait.total_seconds())
    if seconds > 0:
        values = {"minutes": seconds // 60 + 1}
        headers = {"Retry-After": str(seconds)}
        raise Failed(Problem(status=429, reason="attempts", values=values, headers=headers))


def _next(request: web.Request) -> str:
    """Where to go after signing in; only to a page of ours."""
    wanted = request.query.get("next", "/")
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else "/"
