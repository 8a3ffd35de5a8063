"""Which scope each call of the API needs, and which are open to a token of one community.

A test compares both with the routes.
"""

from collections.abc import Mapping

from aiohttp import web

from core.access import Scope, Token

NEEDED: Mapping[tuple[str, str], Scope] = {
    ("GET", "/metrics"): Scope.READ,
    ("POST", "/api/search"): Scope.SEARCH,
    ("GET", "/api/similar"): Scope.SEARCH,
    ("POST", "/api/similar"): Scope.SEARCH,
    ("POST", "/api/posts"): Scope.ADD,
    ("GET", "/api/posts/{id}"): Scope.READ,
    ("GET", "/api/cases"): Scope.READ,
    ("GET", "/api/cases/{id}"): Scope.READ,
    ("POST", "/api/cases/{id}/decision"): Scope.MODERATE,
    ("POST", "/api/cases/{id}/undo"): Scope.MODERATE,
    ("POST", "/api/cases/{id}/release"): Scope.MODERATE,
    ("GET", "/api/collections"): Scope.READ,
    ("POST", "/api/collections"): Scope.ADD,
    ("DELETE", "/api/collections/{name}"): Scope.ADMIN,
    ("GET", "/api/collections/{name}/references"): Scope.READ,
    ("POST", "/api/collections/{name}/references"): Scope.ADD,
    ("GET", "/api/collections/{name}/references/{key}"): Scope.READ,
    ("PATCH", "/api/collections/{name}/references/{key}"): Scope.ADD,
    ("DELETE", "/api/collections/{name}/references/{key}"): Scope.ADMIN,
    ("PUT", "/api/collections/{name}/references/{key}/variants"): Scope.MODERATE,
    ("DELETE", "/api/collections/{name}/references/{key}/variants"): Scope.MODERATE,
}

WHOLE = frozenset({("GET", "/metrics")})
CHANNELS_OWN = frozenset({("POST", "/api/posts"), ("GET", "/api/posts/{id}")})
IN_REACH = frozenset(NEEDED) - WHOLE - CHANNELS_OWN
"""Calls for tokens of one community: all but those about the whole installation; web/reach.py says what they reach."""

REPLACE = Scope.ADMIN
"""Scope needed to replace another picture, which is then gone as if it had been removed."""

HELD = web.RequestKey("held", Token)
"""The token that a program came with; not set for the operator's own."""


def may(request: web.Request, needed: Scope) -> bool:
    """Return whether the asker has the scope; the operator has all."""
    held = request.get(HELD)
    return held is None or held.allows(needed)


def holder(request: web.Request) -> str:
    """Return the name of the program's token; "" for the operator's own."""
    held = request.get(HELD)
    return held.name if held else ""
