"""Pictures of ours: known images, expiring evidence, and what differs between the two."""

from uuid import UUID

from aiohttp import hdrs, web

from core.cases import Media
from core.errors import NotFound
from handlers import evidence as evidence_of
from web.context import number_of, services, settings
from web.problems import Failed, Problem


async def reference(request: web.Request) -> web.Response:
    """GET /references/{id}.jpg"""
    try:
        number = UUID(request.match_info["id"])
    except ValueError:
        raise NotFound("There is no such reference.") from None
    picture = await services(request).references.picture(number)
    found_references = {} if picture else await services(request).references.get([number])
    if any(stored.is_hash_only for stored in found_references.values()):
        raise Failed(Problem(status=404, reason="hash-only"))
    return _picture(picture, "private, max-age=300")


async def evidence(request: web.Request) -> web.Response:
    """GET /media/{key}"""
    return _picture(await services(request).media.get(request.match_info["key"]), "private, no-store")


async def difference(request: web.Request) -> web.Response:
    """GET /case/{id}/difference.jpg: made anew, so that it goes when the evidence goes."""
    ours = services(request)
    data = await evidence_of.difference(ours, await ours.cases.get(number_of(request)))
    return _picture(Media(key="", mime="image/jpeg", data=data) if data else None, "private, no-store")


async def decided(request: web.Request) -> web.Response:
    """GET /case/{id}/picture.jpg: what is kept of an image, for the cards of its copies; gone with the evidence."""
    data = await services(request).decided.picture(number_of(request))
    return _picture(Media(key="", mime="image/jpeg", data=data) if data else None, "private, no-store")


async def sample(request: web.Request) -> web.Response:
    """GET /samples/{name}.jpg"""
    data = settings(request).samples.get(request.match_info["name"])
    sample_picture = Media(key="", mime="image/jpeg", data=data) if data else None
    return _picture(sample_picture, "private, max-age=300")


def _picture(media: Media | None, keep: str) -> web.Response:
    if media is None:
        raise NotFound("The picture is no longer kept.")
    return web.Response(body=media.data, content_type=media.mime, headers={hdrs.CACHE_CONTROL: keep})
