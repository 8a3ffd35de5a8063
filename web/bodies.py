"""What the bodies of the API's calls may hold: JSON, and the fields of forms.

By, Decided, NewCollection, Words   JSON alone
IMAGE, POST, REFERENCE              an image with what is said of it: in a form, or as JSON with its address

The rules for words are those of `handlers.references.check`, which holds from wherever they come; here they are told.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Field

from core.types import Decision, Purpose
from handlers.references import LONGEST, WORDS
from web.models import Strict, TrueFalse
from web.problems import Failed, Problem

Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
NAME = r"^[\w.-]{1,64}$"
"""Name of a collection; `handlers.collections.create_collection` is stricter about letters."""

LINK, LINK_OR_NONE = r"^[ \t\r\n]*https?://", r"^([ \t\r\n]*https?://|$)"
"""An address, without blanks: each is listed, because regular expressions disagree about what a blank is."""

SOURCE = "^(https?://|$)"


class Body(Strict):
    """A JSON object, or the fields of a form."""


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


def _told(name: str, **more: Any) -> Any:
    """Return a field for a word about a reference, with its rules in the description."""
    return Field(default="", json_schema_extra={"maxLength": LONGEST[name], **more})


class Words(Body):
    """What is said of a reference; what is left out stays as it is."""

    title: str = _told("title")
    source_url: str = _told("source_url", pattern=SOURCE)
    owner: str = _told("owner")
    rights: str = _told("rights")
    note: str = _told("note")

    @property
    def given(self) -> Mapping[str, str]:
        """The words that were given."""
        return self.model_dump(include=self.model_fields_set & {*WORDS})


class Author(Body):
    """Who posted an image."""

    author: str = ""


class Described(Words):
    """A reference image; `replace` has another picture under its key give way, which needs the scope `admin`."""

    key: str = _told("key")
    replace: TrueFalse = False


def _address(text: str, pattern: str) -> str:
    """Return the address without surrounding blanks; raises Failed."""
    if not re.match(pattern, text):
        raise Failed(Problem(status=400, reason="url"))
    return text.strip()


class Linked(Body):
    """An image by its address."""

    url: Annotated[
        str,
        AfterValidator(lambda said: _address(said, LINK)),
        Field(json_schema_extra={"format": "uri", "pattern": LINK}),
    ]


class Filled(Body):
    """A form with an image, or with its address."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["image"]}, {"required": ["url"], "properties": {"url": {"pattern": LINK}}}]
        }
    )
    image: Annotated[bytes, Field(min_length=1, description="The image, or a video.")] = b""
    url: Annotated[
        str,
        AfterValidator(lambda said: _address(said, LINK_OR_NONE)),
        Field(json_schema_extra={"pattern": LINK_OR_NONE}),
    ] = ""


class LinkedPost(Linked, Author):
    """An image to be posted, by its address."""


class PostForm(Filled, Author):
    """A form with an image to be posted."""


class LinkedReference(Linked, Described):
    """A reference image by its address."""


class ReferenceForm(Filled, Described):
    """A form with a reference image."""


@dataclass(frozen=True, slots=True)
class Upload[B: Body]:
    """How an image may come: raw, with nothing said; as JSON; as a form."""

    raw: type[B]
    linked: type[B]
    form: type[B]


IMAGE: Upload[Body] = Upload(Body, Linked, Filled)
POST: Upload[Author] = Upload(Author, LinkedPost, PostForm)
REFERENCE: Upload[Described] = Upload(Described, LinkedReference, ReferenceForm)
