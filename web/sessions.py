"""How a browser is recognised: its cookie, its session, the token in its forms.

cookie `resight_session`   256 random bits; known to `Sessions` once its owner has signed in
csrf token                 HMAC of that cookie: another site can send the cookie, but can't know this
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from aiohttp import web
from cachetools import TLRUCache

from core.ports import Clock
from web.context import settings
from web.proxies import is_passed_on, is_secure

COOKIE = "resight_session"
BROWSER = web.RequestKey("browser", str)
OURS = re.compile(r"[\w-]{43}", re.ASCII)
"""The form of keys that `fresh` makes; any other cookie is not ours."""
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
MOST = 1000
"""Sessions at once; one more signs out the one that was unused longest."""


class Sessions:
    """Who is signed in, and since when; in memory, so a restart signs everybody out."""

    def __init__(self, clock: Clock) -> None:
        self.secret = secrets.token_bytes(32)
        self._clock = clock
        self._since: TLRUCache[str, datetime, datetime] = TLRUCache(MOST, _end, clock)

    def open(self) -> str:
        """Open a session and return its id, which is also the cookie: an id from before signing in is worth nothing."""
        key = fresh()
        self._since[key] = self._clock()
        return key

    def is_open(self, key: str) -> bool:
        """Return whether the session of this key goes on; if so, it counts as used now."""
        since = self._since.get(key)
        if since is not None:
            self._since[key] = since  # set anew, so that its end is found anew
        return since is not None

    def close(self, key: str) -> None:
        """End the session of this key."""
        self._since.pop(key, None)


def _end(_key: str, since: datetime, now: datetime) -> datetime:
    """Return when a session that is used now ends: idle for too long, or too old."""
    return min(now + IDLE, since + LONGEST)


SESSIONS = web.AppKey("sessions", Sessions)


def fresh() -> str:
    """Return a new random key, safe in URLs."""
    return secrets.token_urlsafe(32)


def browser_of(request: web.Request) -> str:
    """Return the browser's cookie, or the one that this answer will give it."""
    if BROWSER not in request:
        given = request.cookies.get(COOKIE, "")
        request[BROWSER] = given if OURS.fullmatch(given) else fresh()
    return request[BROWSER]


def csrf_of(request: web.Request) -> str:
    """Return the token that our forms carry; it is made with the access token, if any, so forms outlive a restart."""
    key = settings(request).token.encode() or request.app[SESSIONS].secret
    return hmac.new(key, b"csrf:" + browser_of(request).encode(), hashlib.sha256).hexdigest()


def is_open(request: web.Request) -> bool:
    """Return whether the pages need no sign-in: on loopback, unless a proxy brings others there."""
    return settings(request).open_pages and not is_passed_on(request)


def is_signed_in(request: web.Request) -> bool:
    """Return whether the request comes from a signed-in browser, or the console needs no sign-in."""
    if is_open(request):
        return True
    return request.app[SESSIONS].is_open(browser_of(request))


def give_cookie(request: web.Request, response: web.StreamResponse, browser: str) -> None:
    """Give the browser its cookie: HTTP only, same site, over HTTPS alone where the request came by HTTPS."""
    response.set_cookie(COOKIE, browser, httponly=True, samesite="Lax", secure=is_secure(request), path="/")
