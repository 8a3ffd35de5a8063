"""Which scope each call of the API needs, and which are open to a token of one community.

A test compares both with the routes.
"""

from collections.abc import Mapping

from core.access import Scope

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
"""All but what is about the whole installation, or about its built-in channel; web/reach.py says what they reach."""
