"""What a token that is limited to one community reaches: its cases, its collections, and to look at, the shared ones.

Everything else is 404, as if it were not there. The operator's own token, and tokens without a community, reach all.
Every handler of the API asks here for what it reads or changes; tests/web/test_reach.py tries all of its calls.
"""

from aiohttp import web

from core.access import home_of as home_of_text
from core.cases import Case
from core.errors import NotFound, UsageError
from core.types import Collection, Space
from handlers.collections import visible, visible_one
from web.context import CHANNEL, number_of, services
from web.problems import Failed, Problem

HOME = web.RequestKey("home", Space)


def home_of(request: web.Request) -> Space | None:
    """Return the community that the request's token is limited to, None = no limit."""
    return request.get(HOME)


def is_channel(home: Space) -> bool:
    """Return whether it is the community of the built-in channel."""
    return _is_same(home, CHANNEL)


def _is_same(space: Space, other: Space) -> bool:
    """Return whether two places are in one community."""
    return (space.platform, space.community) == (other.platform, other.community)


def forbidden(sentence: str) -> Failed:
    """Return the error for a token that may not do this (403, reason "scope")."""
    return Failed(Problem(status=403, reason="scope", sentence=sentence))


async def case(request: web.Request) -> Case:
    """Return the case of the path; raises NotFound."""
    asked, home = await services(request).cases.get(number_of(request)), home_of(request)
    if home and not _is_same(asked.event.space, home):
        raise NotFound(f"There is no case {asked.id}.")
    return asked


async def names(request: web.Request, asked: list[str] | None) -> list[str] | None:
    """Return the collections to search: those that were named, or all in reach (None = all there are)."""
    home = home_of(request)
    if home is None:
        return asked
    if asked is None:
        return await visible(services(request), home.home)
    return [(await visible_one(services(request), home, name)).name for name in asked]


def community(request: web.Request, asked: str) -> Space:
    """Return the community that is named as PLATFORM:ID, or the token's own."""
    home = home_of(request)
    try:
        named = home_of_text(asked) if asked else home
    except ValueError:
        named = None
    if named is None:
        raise UsageError("Say which community: 'community' must be discord:ID, telegram:ID or web:web.")
    if home and not _is_same(named, home):
        raise forbidden("This token is limited to one community, and that is another one.")
    return named


async def collections(request: web.Request) -> list[Collection]:
    """Return all collections in reach."""
    all_collections, home = await services(request).references.collections(), home_of(request)
    return [collection for collection in all_collections if home is None or collection.owner in ("", home.home)]


async def collection(request: web.Request) -> Collection:
    """Return the collection of the path, to look at; raises NotFound."""
    name, home = request.match_info["name"], home_of(request)
    if home is None:
        return await services(request).references.collection(name)
    return await visible_one(services(request), home, name)


async def own_collection(request: web.Request) -> Collection:
    """Return the collection of the path, to change: shared ones are the operator's."""
    asked, home = await collection(request), home_of(request)
    if home and asked.owner != home.home:
        raise forbidden(f"'{asked.name}' is shared: this token may change the collections of its community only.")
    return asked
