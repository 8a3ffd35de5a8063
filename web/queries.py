"""What the queries of the API's calls may hold.

A name that is not known is ignored, because what stands between may add its own; one that is given twice is told.
"""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from core.types import Platform
from web.bodies import Described
from web.models import DIGITS, Strict, YesNo

LAST_CASE = 1 << 53
"""Largest number that is exact wherever JSON is read."""

Names = Annotated[list[str], Field(description="Look only in this collection; may be repeated.")]


class Query(Strict):
    """The names of a query; those of `several` may stand more than once."""

    several: ClassVar[frozenset[str]] = frozenset({"collection"})


class Searching(Query):
    """A search for copies."""

    top: Annotated[int, Field(ge=1, le=50, description="Most matches to answer."), DIGITS] = 5
    all_candidates: Annotated[YesNo, Field(description="Also pairs below every threshold.")] = False
    evidence: Annotated[YesNo, Field(description="Also a picture of the best match.")] = False
    collection: Names | None = None


class Alike(Query):
    """A search for what looks alike."""

    top: Annotated[int, Field(ge=1, le=50, description="Most references to answer."), DIGITS] = 10
    collection: Names | None = None


class ByWords(Alike):
    """The same, by words; without any, how to say them is told."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra={"required": ["text"]})
    text: Annotated[str, Field(description="What to look for, in words.")] = ""


class Posting(Query):
    """A post in the built-in channel."""

    author: Annotated[str, Field(description="Who posted it; also as a form field.")] = ""
    file_name: Annotated[str, Field(description="Its file name.")] = ""


class CasePage(Query):
    """Which cases."""

    limit: Annotated[int, Field(ge=1, le=200, description="Most cases to answer."), DIGITS] = 50
    before: Annotated[int | None, Field(ge=1, le=LAST_CASE, description="Only cases with a smaller id."), DIGITS] = None


class ReferencePage(Query):
    """Which references."""

    limit: Annotated[int, Field(ge=1, le=1000, description="Most references to answer."), DIGITS] = 100
    after: Annotated[str, Field(description="Only keys past this one.")] = ""


class Adding(Query, Described):
    """What is said of a reference image; the same field of a form goes before."""


class InCommunity(Query):
    """Whose choice it is; only a token that is limited to one community may leave it out."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra={"required": ["community"]})
    community: Annotated[
        str,
        Field(
            description="PLATFORM:ID; a token that is limited to one community may leave it out.",
            json_schema_extra={"pattern": f"^({'|'.join(Platform)}):[!-~]+$"},
        ),
    ] = ""
