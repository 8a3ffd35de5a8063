"""What stands between a request and its handler, outermost first.

headers   CSP, nosniff, referrer policy, on every answer; the browser's cookie on pages
errors    web/problems.py
host      on loopback only loopback names are served, so no foreign name can be rebound to us
doors     /api: bearer token and its scopes (web/scopes.py)
          pages: sign-in, and for every non-GET: Origin and the form's token
"""

import hmac
from urllib.parse import quote, urlsplit

from aiohttp import hdrs, web

from core.access import Scope, Token
from web import attempts, sessions
from web.body_memory import admitted
from web.context import METRICS, is_api, is_fragment, services, settings
from web.problems import Failed, Handler, Problem
from web.proxies import client_of, host_of, is_loopback
from web.reach import HOME, forbidden, is_channel
from web.scopes import CHANNELS_OWN, HELD, IN_REACH, NEEDED
from web.uploads import Form, read_form

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FORM = web.RequestKey("form", Form)

SAFE = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
OPEN_API = frozenset({"/api", "/api/health", "/api/openapi.json", "/healthz", "/readyz"})
OPEN_PAGES = frozenset({"/sign-in", *OPEN_API})
WITH_IMAGE = frozenset({"/", "/channel"})
"""Forms that may carry a file."""


def form_of(request: web.Request) -> Form:
    """Return the form that `doors` has read and found genuine."""
    return request[FORM]


@web.middleware
async def headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Set the same strict headers on every answer."""
    try:
        response = await handler(request)
    except web.HTTPException as redirect:
        redirect.headers.update(HEADERS)
        raise
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.content_type == "text/html" and sessions.COOKIE not in {*request.cookies, *response.cookies}:
        sessions.give_cookie(request, response, sessions.browser_of(request))
    return response


@web.middleware
async def host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign host names on loopback: that is how DNS rebinding would look."""
    if is_loopback(settings(request).host) and not settings(request).proxies and not is_loopback(_host_name(request)):
        raise Failed(Problem(status=421, reason="host"))
    return await handler(request)


@web.middleware
async def doors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Check who asks and that they asked for it themselves, before their body is read."""
    async with admitted(request, client_of(request)):
        await _check(request)
        return await handler(request)


async def _check(request: web.Request) -> None:
    if isinstance(request.match_info.http_exception, web.HTTPMethodNotAllowed):
        raise request.match_info.http_exception  # whoever asks: nothing is behind it, and 403 would be a riddle
    if is_api(request):
        await _check_bearer(request)
    elif not request.path.startswith("/static/"):
        if request.method not in SAFE:
            _check_origin(request)
        _check_sign_in(request)
        if request.method not in SAFE:
            await _check_form(request)


def _host_name(request: web.Request) -> str:
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""


async def _check_bearer(request: web.Request) -> None:
    """Check the token: the operator's own may do all, another one what its scopes say."""
    if request.path in OPEN_API or (request.path == METRICS and sessions.is_open(request)):
        return
    scheme, _, credentials = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    given = credentials.strip()
    if scheme.lower() != "bearer" or not given:
        raise _unauthorized()
    if is_token(request, given):
        return
    token = await services(request).tokens.find(given) if given.isascii() else None
    if token is None:
        attempts.count(request)
        raise _unauthorized()
    resource = request.match_info.route.resource
    method = hdrs.METH_GET if request.method == hdrs.METH_HEAD else request.method
    call = method, resource.canonical if resource else ""
    needed = NEEDED.get(call, Scope.ADMIN)
    if not token.allows(needed):
        raise forbidden(f"This token lacks the scope '{needed}'.")
    _check_reach(token, call)
    request[HELD] = token
    if token.home:
        request[HOME] = token.home


def _check_reach(token: Token, call: tuple[str, str]) -> None:
    """Check that a token of one community may make this call."""
    if token.home and call not in (IN_REACH | CHANNELS_OWN if is_channel(token.home) else IN_REACH):
        raise forbidden("This token is limited to one community, and this call is not.")


def _unauthorized() -> Failed:
    return Failed(
        Problem(
            status=401,
            reason="unauthorized",
            sentence="Send the access token as 'Authorization: Bearer TOKEN'.",
            headers={hdrs.WWW_AUTHENTICATE: 'Bearer realm="resight"'},
        )
    )


def is_token(request: web.Request, given: str) -> bool:
    """Return whether this is the operator's token, in constant time; never where none is set."""
    token = settings(request).token
    return bool(token) and is_same(given, token)


def is_same(given: str, wanted: str) -> bool:
    """Return whether two texts are equal, in constant time; a header may hold bytes that are no text."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def _check_origin(request: web.Request) -> None:
    origin = request.headers.get(hdrs.ORIGIN)
    foreign = origin is not None and origin.partition("://")[2] != host_of(request)
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Failed(Problem(status=403, reason="foreign"))


async def _check_form(request: web.Request) -> None:
    """Read the form, bounded; one without the token of our own pages is not read."""

    def check(given: str) -> None:
        if not is_same(given, sessions.csrf_of(request)):
            raise Failed(Problem(status=403, reason="stale"))

    in_head = request.headers.get("X-CSRF-Token")
    if in_head:
        check(in_head)
    most = services(request).max_image_bytes if request.path in WITH_IMAGE else 0
    request[FORM] = await read_form(request, most, None if in_head else check)


def _check_sign_in(request: web.Request) -> None:
    if request.path in OPEN_PAGES or sessions.is_signed_in(request):
        return
    if (
        request.method == hdrs.METH_GET
        and not is_fragment(request)
        and "text/html" in request.headers.get("Accept", "")
    ):
        raise web.HTTPSeeOther(f"/sign-in?next={quote(request.path_qs)}")
    raise Failed(Problem(status=401, reason="sign-in"))
