"""Renders templates: the language, the session, and the words that every page needs."""

from pathlib import Path
from urllib.parse import quote, unquote

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.telling import failure, moment, safe_link
from core.wording import LANGUAGES, Words, negotiate
from web import sessions
from web.context import as_text, settings
from web.proxies import is_secure
from web.statics import STATICS

TEMPLATES = web.AppKey("templates", Environment)
FOLDER = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "resight_language"
NAME_COOKIE = "resight_name"
YEAR = 365 * 24 * 3600
LONGEST_NAME = 40


def environment() -> Environment:
    """Return Jinja's environment: everything is escaped, and a missing value is an error."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clock"] = moment
    made.filters["safe_link"] = safe_link
    made.filters["failure"] = lambda detail, words: failure(words, detail)
    return made


def language_of(request: web.Request) -> str:
    """Return the language: just chosen, else chosen before, else the operator's, else the browser's."""
    chosen = (request.query.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, ""), settings(request).language)
    accepted = negotiate(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
    return next((language for language in chosen if language in LANGUAGES), accepted)


def words_of(request: web.Request) -> Words:
    """Return the sentences in the language of the request."""
    return Words.of(language_of(request))


def name_of(request: web.Request) -> str:
    """Return what the visitor calls themselves in the channel; "" until they said it."""
    return as_text(unquote(request.cookies.get(NAME_COOKIE, ""))[:LONGEST_NAME]).strip()


def keep_name(request: web.Request, response: web.StreamResponse, name: str) -> None:
    """Keep the visitor's name in a cookie."""
    _keep(request, response, NAME_COOKIE, quote(name))


def _keep(request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=is_secure(request))


def render(request: web.Request, template: str, *, status: int = 200, **values: object) -> web.Response:
    """Return the page or fragment; private, so never kept by a cache."""
    statics = request.app[STATICS]
    text = (
        request.app[TEMPLATES]
        .get_template(template)
        .render(
            t=words_of(request),
            language=language_of(request),
            languages=[(code, Words.of(code)("language.name")) for code in LANGUAGES],
            path=request.path,
            static=statics.url,
            csrf=sessions.csrf_of(request),
            signed_in=not sessions.is_open(request) and sessions.is_signed_in(request),
            version=settings(request).version,
            name=name_of(request),
            **values,
        )
    )
    response = web.Response(text=text, content_type="text/html", charset="utf-8", status=status)
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    if request.query.get("lang") in LANGUAGES:
        _keep(request, response, LANGUAGE_COOKIE, language_of(request))
    return response
