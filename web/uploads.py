"""What people and programs send: forms with an image, raw image bodies, addresses. All of it bounded.

Form    fields + at most one image     multipart, urlencoded or (API) JSON
raw     the body is the image          image/*, video/* and application/octet-stream: no parsing at all
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from json import JSONDecodeError, loads
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web

from core.errors import UsageError
from web.context import BODY_SLACK, services, settings
from web.problems import Failed, Problem

MOST_FIELDS = 24
LONGEST_FIELD = 8 << 10
CHUNK = 256 << 10
RAW = ("image/", "video/", "application/octet-stream")
URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent; a field that was not sent is ""."""

    fields: Mapping[str, str] = field(default_factory=dict)
    image: bytes = field(default=b"", repr=False)
    file_name: str = ""

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


async def read_form(request: web.Request, most: int) -> Form:
    """The form of a page; its image may have `most` bytes."""
    if (request.content_length or 0) > most + BODY_SLACK:
        raise _too_large(most)
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request, most)
    if request.content_type == URLENCODED:
        return Form(_pairs(await request.read()))
    return Form()


async def read_upload(request: web.Request) -> Form:
    """What a program sent, with the image's bytes wherever they came from."""
    most = services(request).max_image_bytes
    if request.content_type.startswith(RAW):
        form = Form(image=await request.read())
    elif request.content_type == URLENCODED:
        form = _form_or_image(await request.read())
    elif request.content_type == "application/json":
        form = Form(texts_in(await read_json(request)))
    else:
        form = await read_form(request, most)
    return await with_image(request, form)


async def with_image(request: web.Request, form: Form) -> Form:
    """The form with the image behind its address, if it gives one instead of a file."""
    url = form["url"].strip()
    if form.image:
        return form
    if sample := settings(request).samples.get(form["sample"]):
        return Form(form.fields, sample, f"{form['sample']}.jpg")
    if not url:
        raise UsageError("There was no image: send its bytes, a form field 'image', or an address in 'url'.")
    if not url.startswith(("http://", "https://")):
        raise Failed(Problem(status=400, reason="url"))
    return Form(form.fields, await services(request).fetcher.fetch(url), url.rsplit("/", 1)[-1][:120])


async def read_json(request: web.Request) -> Mapping[str, object]:
    """The JSON object of the body."""
    try:
        said = loads(await request.read())
    except (JSONDecodeError, UnicodeDecodeError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise UsageError("The body must be one JSON object.")
    return said


def texts_in(said: Mapping[str, object]) -> dict[str, str]:
    """The fields of a JSON object; each must be a string."""
    for name, value in said.items():
        if not isinstance(value, str):
            raise UsageError(f"'{name[:40]}' must be a string.")
    return {name: str(value) for name, value in said.items()}


def _form_or_image(body: bytes) -> Form:
    """curl calls everything a form unless it is told otherwise: bytes that are no text are the image."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return Form(image=body)
    return Form(_pairs(body))


def _pairs(body: bytes) -> dict[str, str]:
    try:
        text = body.decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise UsageError("The form can't be read.") from error


async def _read_multipart(request: web.Request, most: int) -> Form:
    fields: dict[str, str] = {}
    image, file_name = b"", ""
    try:
        reader = await request.multipart()
        for _ in range(MOST_FIELDS):
            part = await reader.next()
            if part is None:
                return Form(fields, image, file_name)
            if isinstance(part, MultipartReader):
                break
            if part.filename is None and part.name != "image":
                fields[part.name or ""] = (await _read_part(part, LONGEST_FIELD)).decode(errors="replace")
            elif part.name == "image" and not image:
                image, file_name = await _read_part(part, most), (part.filename or "")[:200]
            else:
                await _read_part(part, LONGEST_FIELD)
    except ValueError as error:
        raise UsageError("The form can't be read.") from error
    raise UsageError(f"The form has more than {MOST_FIELDS} parts.")


async def _read_part(part: BodyPartReader, most: int) -> bytes:
    """The part's bytes; given up at the first byte too many, so a lying client can't fill the memory."""
    read = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        read += chunk
        if len(read) > most:
            raise _too_large(most)
    return bytes(read)


def _too_large(most: int) -> Failed:
    return Failed(Problem(status=413, reason="body-too-large", values={"megabytes": max(1, most >> 20)}))
