"""What the JSON bodies of the API may hold: the one source of validation and of the description of the requests.

A field that is not known is told instead of ignored; a text is a text, and no longer than what it is for.
"""

from typing import Annotated, ClassVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import UsageError
from core.types import Decision, Purpose
from web.uploads import LONGEST_TEXT_BODY, read_body

type Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
NAME = r"^[\w.-]{1,64}$"
"""Of a collection; `handlers.references.create_collection` is stricter about letters."""


class Body(BaseModel):
    """A JSON object."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class By(Body):
    """Who acts, as the program calls them."""

    by: Text = ""


class Decided(By):
    """A decision about a case."""

    decision: Decision


class NewCollection(Body):
    """A collection to be made; `owner` is the community that it belongs to, as PLATFORM:ID, "" = all."""

    name: Annotated[str, Field(min_length=1, max_length=64, pattern=NAME)]
    purpose: Purpose = Purpose.LIBRARY
    owner: Text = ""


async def read[B: Body](request: web.Request, kind: type[B]) -> B:
    """The body as such a one; none at all is an empty one. Raises UsageError that names the field."""
    said = await read_body(request, LONGEST_TEXT_BODY) if request.can_read_body else b""
    try:
        return kind.model_validate_json(said or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(one) for one in first["loc"])[:40]
        if not field:
            raise UsageError("The body must be one JSON object.") from None
        raise UsageError(f"'{field}' is not usable: {first['msg']}.") from None
