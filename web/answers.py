"""The API's answers as pydantic models: they make the JSON, and web/openapi.py describes it by them.

web/shapes.py fills them.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, WithJsonSchema

from core.brakes import Brake
from core.metrics import Metric
from core.types import Act, ActState, Content, How, Kind, Mode, Outcome, Platform, Purpose, What
from core.types import Decision as Word
from handlers.references import Added
from web.models import Strict

Moment = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Share = Annotated[float, Field(ge=0, le=1)]
NoteReason = Literal[
    "same-file",
    "same-image",
    "duplicate",
    "matched",
    "common",
    "screen",
    "frame",
    "damaged",
    "partial",
    "unchecked",
]
"""What may be worth knowing about a reference that was added; see `handlers.add_check`."""


class Answer(Strict):
    """An object that always has exactly these fields, and the optional ones where they were asked for."""


class Failure(Answer):
    """What went wrong: programs read the reason, people the message."""

    reason: str
    message: str


class Error(Answer):
    """The one shape of every failure."""

    error: Failure


class Difference(Answer):
    """One place where the query image differs from the reference."""

    what: What
    how: How
    area: Annotated[Share, Field(description="Share of the reference image.")]
    box: Annotated[
        list[float],
        Field(
            min_length=4,
            max_length=4,
            description="Left, top, right, bottom, as shares of the reference's width and height.",
        ),
    ]
    before: Annotated[str, Field(description="What was read in the reference there.")]
    after: Annotated[
        str,
        Field(description="What was read in the query image there; of a case as long as its picture is kept."),
    ]


class Match(Answer):
    """A reference that the image shows."""

    key: str
    collection: str
    title: str
    source_url: str
    owner: str
    rights: str
    kind: Kind
    confidence: Share
    score: float
    cosine: float
    inliers: int | None
    area: float
    second: float | None
    content: Content
    differs: list[Difference]


class Finding(Answer):
    """The verdict on an image."""

    sha256: str
    verdict: Outcome
    reason: str
    partial: str
    message: str
    matches: list[Match]
    timings_ms: dict[str, float]
    evidence: Annotated[
        str | None,
        Field(
            description="With `evidence`: query image, reference and what differs, side by side; null = no match.",
            json_schema_extra={"contentEncoding": "base64", "contentMediaType": "image/jpeg"},
        ),
    ] = None


class Similar(Answer):
    """A reference that looks alike."""

    key: str
    collection: str
    title: str
    source_url: str
    owner: str
    rights: str
    score: float
    metric: Metric


class SimilarReferences(Answer):
    """The nearest first."""

    similar: list[Similar]


class Received(Answer):
    """A post that was taken."""

    id: str
    status: Literal["waiting", "not-watched"]


class Post(Answer):
    """A message of the built-in channel."""

    id: str
    status: Literal["waiting", "done"]
    author: str
    file_name: str
    created_at: Moment
    verdict: Outcome | None
    reason: str
    case: int | None
    removed: bool
    flagged: bool


class Action(Answer):
    """Something done, or to be done, to a post."""

    act: Act
    state: ActState
    detail: str
    decision: int | None


class Decision(Answer):
    """A moderator's word on a case."""

    id: int
    decision: Word
    by: str
    at: Moment
    undone_by: str
    undone_at: Moment | None


class Experience(Answer):
    """How many such matches moderators called right, and how many not."""

    right: int
    overturned: int


class BurstPlace(Answer):
    """A channel of a burst: how many posts, and the newest."""

    channel: str
    posts: int
    message: str
    link: str


class BurstAuthor(Answer):
    """Somebody who posted in a burst, and how many posts."""

    author: str
    posts: int


class BurstActions(Answer):
    """How many actions on posts of a burst ended alike."""

    act: Act
    state: ActState
    detail: str
    decision: int | None
    count: int


class Burst(Answer):
    """What a case stands for that several posts of one reference have joined.

    `late` posts joined under the decision in force, `held` ones were held back by a brake; `newest` is the highest
    number of the posts' cases, each of which leads here. `places` and `authors` are those with most posts.
    """

    posts: int
    people: int
    channels: int
    late: int
    held: int
    newest: int
    last_at: Moment
    places: list[BurstPlace]
    authors: list[BurstAuthor]
    actions: list[BurstActions]


class Case(Answer):
    """A post with its verdict, what was done, and what was decided; `burst` is null for a post on its own."""

    id: int
    platform: Platform
    community: str
    channel: str
    message: str
    author: str
    link: str
    sha256: str
    verdict: Outcome
    reason: str
    partial: str
    matches: list[Match]
    experience: Experience
    mode: Mode
    brake: Brake | Literal[""]
    would_have: list[Act]
    opened_at: Moment
    actions: list[Action]
    decisions: list[Decision]
    standing: Word | None
    burst: Burst | None = None


class Cases(Answer):
    """Newest first."""

    cases: list[Case]


class Collection(Answer):
    """A collection of references."""

    name: str
    purpose: Purpose
    owner: str
    size: int


class Collections(Answer):
    """All in reach."""

    collections: list[Collection]


class Deleted(Answer):
    """How many references went with their collection."""

    deleted: int


class Reference(Answer):
    """A reference image, and what is said of it."""

    key: str
    collection: str
    id: str
    title: str
    source_url: str
    owner: str
    rights: str
    note: str
    sha256: str
    width: int
    height: int
    hash_only: bool
    added_at: Moment | None


class References(Answer):
    """By key; `next` is the next page's `after`, null on the last page."""

    references: list[Reference]
    next: str | None


class Note(Answer):
    """What is worth knowing about a reference that was added: programs read the reason, people the message."""

    reason: NoteReason
    message: str


class AddedReference(Answer):
    """What adding a reference did."""

    key: str
    collection: str
    result: Added
    notes: list[Note]


class Removed(Answer):
    """The key of the reference that is gone."""

    removed: str


class Choice(Answer):
    """What one community chose about a reference."""

    key: str
    collection: str
    platform: Platform
    community: str
    variants: bool
    by: str
    at: Moment


class Health(Answer):
    """The image store answers."""

    status: Literal["ok"]
