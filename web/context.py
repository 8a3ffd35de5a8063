"""What every page and API handler can reach, by typed keys; nothing of it is global.

app[SERVICES]   what handlers need        handlers/needs.py
app[SETTINGS]   token, host, version      below
app[SESSIONS]   who is signed in          web/signin.py
app[ATTEMPTS]   wrong tokens              web/attempts.py
app[GATE]       bytes that are being sent web/body_memory.py
app[CONNECTIONS]   the silent ones        web/connections.py
app[STATICS]    our scripts and styles    web/statics.py
app[TEMPLATES]  Jinja                     web/pages.py
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

from aiohttp import web

from core.errors import NotFound
from core.types import Platform, Space
from handlers.background import BackgroundNeeds
from handlers.braking import ReleaseNeeds
from handlers.choices import ChoicesNeeds
from handlers.evidence import EvidenceNeeds
from handlers.health import HealthNeeds
from handlers.intake import PostNeeds
from handlers.needs import HasEvidenceTime, HasFetcher, HasTokens
from handlers.references import AddNeeds
from handlers.review import DecideNeeds
from handlers.search import SearchNeeds
from handlers.sightings import RecallNeeds
from handlers.similar import SimilarNeeds

BODY_SLACK = 1 << 20
"""Bytes that a form may have around its image."""

CHANNEL = Space(platform=Platform.WEB, community="web", channel="channel")
"""The built-in channel, whose policy the channel page sets."""

METRICS = "/metrics"
PROBES = frozenset({"/healthz", "/readyz", METRICS})


class WebNeeds(
    AddNeeds,
    SearchNeeds,
    RecallNeeds,
    SimilarNeeds,
    PostNeeds,
    DecideNeeds,
    ReleaseNeeds,
    ChoicesNeeds,
    EvidenceNeeds,
    HealthNeeds,
    BackgroundNeeds,
    HasTokens,
    HasFetcher,
    HasEvidenceTime,
    Protocol,
):
    """What all pages and the API need together."""


SERVICES: web.AppKey[WebNeeds] = web.AppKey("services")


@dataclass(frozen=True)
class WebSettings:
    """How the web part is run. `open_pages` = no sign-in, which is meant for loopback only.

    `samples` are JPEGs that the chat offers to a person who has no image at hand; a name is a key of the words.
    `proxies` are the addresses of proxies whose word on who asks is believed; where there are any, all sign in.
    `exposition` gives Prometheus' text, None = nothing is measured.
    """

    token: str = field(repr=False)
    host: str
    open_pages: bool
    version: str
    language: str = ""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    samples: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    exposition: Callable[[], Awaitable[bytes]] | None = field(default=None, repr=False)


SETTINGS = web.AppKey("settings", WebSettings)


def services(request: web.Request) -> WebNeeds:
    """Return the services that the application was built with."""
    return request.app[SERVICES]


def settings(request: web.Request) -> WebSettings:
    """Return the settings that the application was built with."""
    return request.app[SETTINGS]


def as_text(text: str) -> str:
    """Return the text with a mark for each byte that was none: we neither store nor answer half a character."""
    return text.encode("utf-8", "replace").decode()


def number_of(request: web.Request) -> int:
    """Return the case number in the path."""
    digits = request.match_info["id"]
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise NotFound("There is no such case.")
    return int(digits)


def is_api(request: web.Request) -> bool:
    """Return whether a program is answered; `/api` itself is a page."""
    return request.path.startswith("/api/") or request.path in PROBES


def is_fragment(request: web.Request) -> bool:
    """Return whether a script asks, which wants only a part of the page."""
    return request.headers.get("HX-Request") == "true"
