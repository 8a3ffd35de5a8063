"""What the API's calls are told, read and checked by the models of web/queries.py and web/bodies.py.

query     the names of the query
read      a JSON object
upload    an image, with what is said of it: raw, in a form, or as JSON with its address
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from core.errors import UsageError
from web.bodies import Body, Filled, Linked, Upload
from web.context import services
from web.models import checked
from web.queries import Query
from web.uploads import LONGEST_TEXT_BODY, NO_IMAGE, URLENCODED, Form, form_in, name_in, read_body, read_form

RAW = ("image/", "video/", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Sent[B: Body]:
    """An image, and what was said about it."""

    said: B
    image: bytes = field(repr=False)
    file_name: str = ""


def query[Q: Query](request: web.Request, kind: type[Q]) -> Q:
    """Return the known names of the query; raises UsageError."""
    given = [name for name in kind.model_fields if name in request.query]
    return checked(kind, {name: _value(request, kind, name) for name in given})


def _value(request: web.Request, kind: type[Query], name: str) -> object:
    """Return one text, or all of them where there may be several."""
    texts = request.query.getall(name)
    if name in kind.several:
        return texts
    if len(texts) > 1:
        raise _twice(name)
    return texts[0]


async def read[B: Body](request: web.Request, kind: type[B]) -> B:
    """Return the JSON object of the body; none at all is an empty one. Raises UsageError."""
    body = await read_body(request, LONGEST_TEXT_BODY) if request.can_read_body else b""
    return checked(kind, body or b"{}")


async def upload[B: Body](request: web.Request, kinds: Upload[B]) -> Sent[B]:
    """Return the image wherever it comes from; raises UsageError, Refused, Unreachable or Failed."""
    most = services(request).max_image_bytes
    if request.content_type.startswith(RAW):
        return _raw(kinds, await read_body(request, most))
    if request.content_type == "application/json":
        return await _linked(request, checked(kinds.linked, await read_body(request, LONGEST_TEXT_BODY)))
    if request.content_type == URLENCODED:
        return await _urlencoded(request, kinds, await read_body(request, most))
    return await _form(request, kinds, await read_form(request, most))


async def _urlencoded[B: Body](request: web.Request, kinds: Upload[B], body: bytes) -> Sent[B]:
    """Return a form, or the body as an image if it is no text: curl calls everything a form."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return _raw(kinds, body)
    return await _form(request, kinds, form_in(body))


async def _form[B: Body](request: web.Request, kinds: Upload[B], form: Form) -> Sent[B]:
    if form.twice:
        raise _twice(form.twice)
    image: Mapping[str, object] = {"image": form.image} if form.image else {}
    body = checked(kinds.form, {**form.fields, **image})
    if form.image:
        return Sent(body, form.image, form.file_name)
    return await _linked(request, body)


async def _linked[B: Body](request: web.Request, body: B) -> Sent[B]:
    """Return the image behind the address."""
    url = body.url if isinstance(body, Linked | Filled) else ""
    if not url:
        raise UsageError(NO_IMAGE)
    return Sent(body, await services(request).fetcher.fetch(url), name_in(url))


def _raw[B: Body](kinds: Upload[B], image: bytes) -> Sent[B]:
    if not image:
        raise UsageError(NO_IMAGE)
    return Sent(kinds.raw(), image)


def _twice(name: str) -> UsageError:
    return UsageError(f"'{name[:40]}' is given twice.")
