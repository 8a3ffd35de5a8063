"""The vocabulary of everything else, as plain frozen records; nothing here does I/O.

    types     who posted what, what is known          looks    a decoded picture and what the model saw in it
    matches   candidate, evidence, match, verdict     cases    policy, case, actions, decisions

ImageEvent --fetch--> bytes --decode--> Picture --views, embed--> Look --search--> Candidate
                                              Candidate + Evidence --> Match --policy--> Verdict --> Case
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, UUID, uuid5

from core.metrics import Metric

if TYPE_CHECKING:  # the aliases below are evaluated lazily, and `resight --help` must not wait for numpy
    import numpy as np

type Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]
"""RGB, shape [height, width, 3], values 0..255."""

type Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""One embedding a row, shape [n, dim], each of length 1."""

type Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
"""One embedding, shape [dim]."""

type Box = tuple[float, float, float, float]
"""left, top, right, bottom as shares (0..1) of the picture's width and height."""

type Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""The four corners of a reference image as it lies in the query image, as shares of its width and height."""

NAMESPACE = uuid5(NAMESPACE_URL, "resight:reference")


class Platform(StrEnum):
    """Where an image was posted."""

    DISCORD = "discord"
    TELEGRAM = "telegram"
    WEB = "web"
    MATRIX = "matrix"
    TERMINAL = "terminal"


class Purpose(StrEnum):
    """What a collection is for; `allowlist` entries excuse an image instead of accusing it.

    `illegal` is what nobody may keep: such references are known by their hashes only, and no picture of
    a match is kept.
    """

    BRAND = "brand"
    COPYRIGHT = "copyright"
    BLOCKLIST = "blocklist"
    ALLOWLIST = "allowlist"
    LIBRARY = "library"
    ILLEGAL = "illegal"


OF_PICTURES = [one for one in Purpose if one is not Purpose.ILLEGAL]
"""What a collection may be for that pictures are added to."""


class Damage(StrEnum):
    """What of a stored reference can't be read back.

    picture, vectors   it is set aside: only its hashes still find it; what its vectors are near to is for people to see
    features           they are found anew by each search
    logo               it is looked for as a picture only
    """

    NONE = ""
    PICTURE = "picture"
    VECTORS = "vectors"
    FEATURES = "features"
    LOGO = "logo"


class Kind(StrEnum):
    """How a query image relates to a matched reference image."""

    EXACT = "exact"
    EDITED = "edited"
    CONTAINED = "contained"
    TEMPLATE = "template"
    SIMILAR = "similar"


class Content(StrEnum):
    """Whether a query image shows the same content as a reference image whose frame it shares.

    unsettled: what differs is too small or too blurred to be told, or nothing was compared. That may be a match for
    a person; nobody is acted against because of it.
    """

    SAME = "same"
    UNSETTLED = "unsettled"
    OTHER = "other"


class What(StrEnum):
    """What differs between a query image and a reference image, in one region."""

    WORDS = "words"
    PICTURE = "picture"
    COLOUR = "colour"
    CODE = "code"
    LAYOUT = "layout"


class How(StrEnum):
    """How a region of the query image differs from the same region of the reference image.

    added      the reference is plain there: a caption, a watermark
    covered    something foreign lies over what the reference shows: a sticker, a bar, a hand
    removed    the query is plain there
    exchanged  both show something, and another thing in the same slot
    """

    ADDED = "added"
    COVERED = "covered"
    REMOVED = "removed"
    EXCHANGED = "exchanged"


class Outcome(StrEnum):
    """The one outcome of a query image."""

    MATCH = "match"
    REVIEW = "review"
    CLEAN = "clean"
    UNSCANNABLE = "unscannable"


class Mode(StrEnum):
    """How far a community lets the bot go; a new one starts in `dry_run`."""

    OFF = "off"
    DRY_RUN = "dry_run"
    FLAG = "flag"
    ENFORCE = "enforce"


class Intent(StrEnum):
    """Why an image is looked at: somebody posted it, asked about it, or reported it to the moderators."""

    POSTED = "posted"
    QUERY = "query"
    REPORTED = "reported"


class Act(StrEnum):
    """What a front can be asked to do about a case.

    flag        mark the post (a reaction)            restore       take flag and reply back, repost
    reply       answer it in public                   remove        delete the post
    tell        tell its author why                   kick          put its author out; who may come back
    timeout     bar its author from posting a while   release       lift the timeout
    quarantine  leave its author where no harm is     unquarantine  lift that
                done: a role, or no right to write
    ban         bar its author for good, and delete   unban         lift the ban; what was deleted stays deleted
                what they wrote in the last hours
    card        make the moderators' card show the case as it now stands
    answer      tell the one who asked (`Intent.QUERY`)
    """

    FLAG = "flag"
    REPLY = "reply"
    REMOVE = "remove"
    TIMEOUT = "timeout"
    RESTORE = "restore"
    RELEASE = "release"
    CARD = "card"
    ANSWER = "answer"
    TELL = "tell"
    QUARANTINE = "quarantine"
    UNQUARANTINE = "unquarantine"
    KICK = "kick"
    BAN = "ban"
    UNBAN = "unban"


class ActState(StrEnum):
    """How an asked action stands; all but `waiting` are final.

    `stays` is a restore that changed nothing, because another case of the same message wants it as it is.
    """

    WAITING = "waiting"
    DONE = "done"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"
    STAYS = "stays"


class Decision(StrEnum):
    """A moderator's decision on a case; after `abuse` (suspected child abuse) no picture of it is kept or shown."""

    VIOLATION = "violation"
    ALLOWED = "allowed"
    NOT_A_MATCH = "not_a_match"
    UNSURE = "unsure"
    ABUSE = "abuse"


GUILTY = frozenset({Decision.VIOLATION, Decision.ABUSE})
"""Decisions that accuse: they hold for copies that follow, and moderators may act on the author by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A channel of a community on a platform: what a policy is for."""

    platform: Platform
    community: str
    channel: str

    @property
    def home(self) -> str:
        """The community as PLATFORM:ID, because two platforms may give the same number."""
        return f"{self.platform}:{self.community}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageEvent:
    """One posted image, before a byte of it is downloaded.

    `image` is the front's own name of the image within the message (attachment id, file id, ...);
    (platform, channel, message, image, revision, intent) is what makes two events the same.

    group     the album it belongs to, "" for a picture of its own
    thread    where in the channel it was posted, if the platform has threads
    hint      the front's short cut to the bytes (a URL that expires, a file id); never the only way
    answer_to where a query is answered: the front's own word (an interaction token, "" = reply to the message)
    language  of the one who asks, "" = the community's
    roles, by_staff, by_bot   of the author, for exemptions; they are not kept
    text      what the author wrote with it: for moderators, and for an undo that posts it again
    """

    space: Space
    message: str
    image: str
    author: str
    author_name: str = ""
    file_name: str = ""
    group: str = ""
    link: str = ""
    revision: int = 0
    intent: Intent = Intent.POSTED
    thread: str = ""
    hint: str = ""
    answer_to: str = ""
    language: str = ""
    roles: tuple[str, ...] = field(default=(), compare=False)
    by_staff: bool = field(default=False, compare=False)
    by_bot: bool = field(default=False, compare=False)
    text: str = field(default="", compare=False, repr=False)

    @property
    def dedupe_key(self) -> str:
        """The key under which an image is stored once, however often the platform delivers it."""
        parts = [self.space.platform, self.space.channel, self.message, self.image, str(self.revision)]
        parts += [] if self.intent is Intent.POSTED else [self.intent]
        return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A named set of reference images; `owner` is a community (PLATFORM:ID), or "" for shared with all.

    metric       how its semantic vectors are compared: of unit vectors all but manhattan rank alike
    similar_at   score of that metric from which a reference is called similar; None = that of the settings
    """

    name: str
    purpose: Purpose = Purpose.LIBRARY
    owner: str = ""
    size: int = 0
    metric: Metric = Metric.COSINE
    similar_at: float | None = None


ADDED_BY = "added by "
"""How the note of a reference that was added in a chat begins; the name of who added it follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A known image. `key` is the operator's stable name for it within its collection.

    One that came from a hash list is known by its hash only: it has no picture, hence no size, and no vectors.
    `damaged` is what of it can't be read back ("" = nothing).
    """

    key: str
    collection: str
    purpose: Purpose = Purpose.LIBRARY
    title: str = ""
    source_url: str = ""
    owner: str = ""
    rights: str = ""
    note: str = ""
    sha256: str = ""
    pixel_hash: str = ""
    width: int = 0
    height: int = 0
    added_at: datetime | None = None
    damaged: Damage = Damage.NONE

    @property
    def id(self) -> UUID:
        """The reference's id, which follows from its collection and its key."""
        return reference_id(self.collection, self.key)

    @property
    def is_hash_only(self) -> bool:
        """Whether only a hash of the reference is kept, no picture."""
        return not self.width

    @property
    def is_set_aside(self) -> bool:
        """Whether only its hashes can still find it."""
        return self.damaged in (Damage.PICTURE, Damage.VECTORS)


def reference_id(collection: str, key: str) -> UUID:
    """Return the id of a key in a collection: the same on every machine and after every crash."""
    return uuid5(NAMESPACE, f"{collection}\n{key}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One vector of a reference in the vector store; an animation has one a distinct frame."""

    reference: UUID
    collection: str
    part: int
    vector: Vector

    @property
    def id(self) -> UUID:
        """The point's id, which follows from its reference and its part."""
        return uuid5(self.reference, str(self.part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What SQL holds and the vector store has not confirmed yet.

    `buried` references were removed; `shrunk` ones were replaced and had more frames before.
    Revisions tell which state of each reference is meant, so that a change in the meantime is not overlooked.
    """

    points: tuple[Point, ...] = ()
    buried: Mapping[UUID, int] = field(default_factory=dict)
    shrunk: tuple[UUID, ...] = ()
    revisions: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def gone(self) -> tuple[UUID, ...]:
        """References whose points must be deleted before the new ones are stored."""
        return (*self.buried, *self.shrunk)

    def __bool__(self) -> bool:
        return bool(self.points or self.gone)
