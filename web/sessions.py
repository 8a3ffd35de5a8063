"""How a browser is recognised: its cookie, its session, the token in its forms.

cookie `resight_session`   256 random bits; known to `Sessions` once its owner has signed in
csrf token                 HMAC of that cookie: another site can send the cookie, but can't know this
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from web.context import services, settings
from web.proxies import is_passed_on, is_secure

COOKIE = "resight_session"
BROWSER = web.RequestKey("browser", str)
OURS = re.compile(r"[\w-]{43}", re.ASCII)
"""The form of keys that `fresh` makes; any other cookie is not ours."""
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


@dataclass(slots=True)
class Session:
    """A browser whose owner knew the access token."""

    since: datetime
    seen: datetime

    def is_over(self, now: datetime) -> bool:
        """Return whether the session was idle for too long or is too old."""
        return now - self.seen > IDLE or now - self.since > LONGEST


@dataclass(slots=True)
class Sessions:
    """Who is signed in; in memory, so a restart signs everybody out."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    known: dict[str, Session] = field(default_factory=dict, repr=False)

    def open(self, now: datetime) -> str:
        """Open a session and return its id, which is also the cookie: an id from before signing in is worth nothing."""
        self.known = {key: session for key, session in self.known.items() if not session.is_over(now)}
        key = fresh()
        self.known[key] = Session(since=now, seen=now)
        return key

    def is_open(self, key: str, now: datetime) -> bool:
        """Return whether the session of this key goes on; if so, it counts as used now."""
        session = self.known.get(key)
        if session is None or session.is_over(now):
            self.known.pop(key, None)
            return False
        session.seen = now
        return True

    def close(self, key: str) -> None:
        """End the session of this key."""
        self.known.pop(key, None)


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
    return request.app[SESSIONS].is_open(browser_of(request), services(request).clock())


def give_cookie(request: web.Request, response: web.StreamResponse, browser: str) -> None:
    """Give the browser its cookie: HTTP only, same site, over HTTPS alone where the request came by HTTPS."""
    response.set_cookie(COOKIE, browser, httponly=True, samesite="Lax", secure=is_secure(request), path="/")
