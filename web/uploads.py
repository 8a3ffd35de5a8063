"""Reads what people and programs send: forms with an image, bodies, addresses. All of it bounded.

read_form    fields + at most one image, multipart or urlencoded
read_body    bytes; web/reading.py knows what the API's are
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, ClientPayloadError, MultipartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from core.errors import ResightError, UsageError
from web.body_memory import BODY_SHARE, Pace
from web.context import BODY_SLACK, as_text, services, settings
from web.problems import Failed, Problem

MOST_FIELDS = 24
LONGEST_FIELD = 8 << 10
LONGEST_NAME = 200
LONGEST_TEXT_BODY = 256 << 10
"""Bytes of a body that is no image: JSON, and forms without a file."""
CHUNK = 256 << 10
NO_IMAGE = "There was no image: send its bytes, a form field 'image', or an address in 'url'."
URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Form:
    """A form; a field that was not sent is "". `twice` names one that was sent more than once."""

    fields: Mapping[str, str] = field(default_factory=dict)
    image: bytes = field(default=b"", repr=False)
    file_name: str = ""
    twice: str = ""

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


async def read_form(request: web.Request, most: int, check: Callable[[str], None] | None = None) -> Form:
    """Return the form of a page; its image may have `most` bytes, 0 = it has none.

    `check` is given the form's token, "" where there is none, before anything that follows it is read.
    """
    check = check or (lambda _: None)
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request, most, check)
    form = Form()
    if request.content_type == URLENCODED:
        form = form_in(await read_body(request, LONGEST_TEXT_BODY))
    check(form["csrf"])
    return form


async def read_body(request: web.Request, most: int) -> bytes:
    """Return all that was sent, if it is at most `most` bytes and comes at a fair pace."""
    await _hold(request, most)
    pace, read = Pace(), BytesIO()
    with hearing():
        while chunk := await pace.wait(request.content.readany()):
            pace.come += len(chunk)
            read.write(chunk)
            if pace.come > most:
                raise _too_large(most)
    return read.getvalue()  # its own buffer: no second copy


async def _hold(request: web.Request, most: int, slack: int = 0) -> None:
    """Hold room for the body; one without a length may become as large as is allowed."""
    if (request.content_length or 0) > most + slack:
        raise _too_large(most)
    if request.can_read_body:
        is_packed = hdrs.CONTENT_ENCODING in request.headers
        length = None if is_packed else request.content_length
        await request[BODY_SHARE].hold(most + slack if length is None else length)


@contextmanager
def hearing() -> Iterator[None]:
    """Turn errors of senders who hang up or send no body into ours."""
    try:
        yield
    except (ConnectionError, web.RequestPayloadError, ClientPayloadError, HttpProcessingError) as error:
        raise Failed(Problem(status=400, reason="broken-off")) from error


async def with_image(request: web.Request, form: Form) -> Form:
    """Return the form with the image behind its address, if it gives one instead of a file."""
    url = form["url"].strip()
    if form.image:
        return form
    if sample := settings(request).samples.get(form["sample"]):
        return Form(form.fields, sample, f"{form['sample']}.jpg")
    if not url:
        raise UsageError(NO_IMAGE)
    if not url.startswith(("http://", "https://")):
        raise Failed(Problem(status=400, reason="url"))
    return Form(form.fields, await services(request).fetcher.fetch(url), name_in(url))


def name_in(url: str) -> str:
    """Return the name of the file behind an address."""
    return url.rsplit("/", 1)[-1][:120]


def form_in(body: bytes) -> Form:
    """Return the urlencoded form; raises UsageError."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise UsageError("The form can't be read.") from error
    return Form(
        dict(pairs), twice=next((name for name, times in Counter(name for name, _ in pairs).items() if times > 1), "")
    )


async def _read_multipart(request: web.Request, most: int, check: Callable[[str], None]) -> Form:
    """Read the parts one by one; the form's token comes first, so that nothing large is read without it."""
    await _hold(request, most, BODY_SLACK)
    pace, parts = Pace(), _Parts()
    with hearing(), _parsing():
        reader = await request.multipart()
        for number in range(MOST_FIELDS + 1):
            part = await pace.wait(reader.next())
            if number == 0 and not (isinstance(part, BodyPartReader) and part.name == "csrf"):
                check("")
            if part is None:
                return Form(parts.fields, parts.image, parts.file_name, parts.twice)
            if isinstance(part, MultipartReader) or number == MOST_FIELDS:
                break
            await parts.take(part, most, pace)
            if number == 0:
                check(parts.fields.get("csrf", ""))
    raise UsageError(f"The form has more than {MOST_FIELDS} parts, or parts within parts.")


@dataclass(slots=True)
class _Parts:
    """The parts of a form that have come so far."""

    fields: dict[str, str] = field(default_factory=dict)
    image: bytes = b""
    file_name: str = ""
    twice: str = ""

    async def take(self, part: BodyPartReader, most: int, pace: Pace) -> None:
        if part.filename is None and part.name != "image":
            name = (part.name or "")[:LONGEST_NAME]
            self.twice = name if name in self.fields else self.twice
            self.fields[name] = (await _read_part(part, LONGEST_FIELD, pace)).decode(errors="replace")
        elif part.name == "image" and not self.image:
            self.image = await _read_part(part, most, pace)
            self.file_name = as_text(part.filename or "")[:LONGEST_NAME]
        elif part.filename is not None and await _read_part(part, most, pace):
            raise UsageError("A form carries one image, in the field 'image'.")


@contextmanager
def _parsing() -> Iterator[None]:
    """Turn the parser's many errors about a part's head into ours."""
    try:
        yield
    except (ResightError, web.HTTPException, ConnectionError, web.RequestPayloadError, ClientPayloadError):
        raise
    except Exception as error:
        raise UsageError("The form can't be read.") from error


async def _read_part(part: BodyPartReader, most: int, pace: Pace) -> bytes:
    """Return the part's bytes; give up at the first byte too many, so that a client can't lie about the size."""
    read = BytesIO()
    while chunk := await pace.wait(part.read_chunk(CHUNK)):
        pace.come += len(chunk)
        read.write(chunk)
        if read.tell() > most:
            raise _too_large(most)
    return read.getvalue()


def _too_large(most: int) -> Failed:
    values = {"megabytes": f"{max(0.1, most / (1 << 20)):.3g}"}
    return Failed(Problem(status=413, reason="body-too-large", values=values))
