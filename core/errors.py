"""Every error that Resight raises on purpose, as one tree; who can help decides the branch.

    ResightError                 the sentence is for the person; `exit_code` is for the shell
    +-- UsageError          2    the command or request was wrong: say it differently
    +-- DataError           3    the given data is wrong: mend the file, the row, the key
    |   +-- Unscannable          these bytes never become a picture; `reason` is the stable word for it
    |   +-- NotOfItsPicture      the vectors or features in a file are not those of the picture beside them
    |   +-- NotFound             there is no such collection, reference, case or post
    |   +-- Conflict             it exists already, or somebody else decided first
    |   |   +-- Overtaken            what was seen a moment ago is no longer so: look again
    |   +-- Refused              a download was given up on purpose; see `handlers.fetch`
    +-- EnvironmentTrouble  4    the machine or a service is wrong: tell the operator
    |   +-- DiskFull             no room for more; it goes on by itself once there is
    |   +-- CouldNotLook      5  a fault of ours kept an image from being looked at; nothing is said of the image
    |   +-- OurFault             a platform refused what we sent it: logged where that was met, told as our fault
    |   +-- WrongSpace           the catalogue was embedded with another model
    |   +-- DamagedStore         what is on disk can't be trusted
    |   |   +-- DamagedVectors       the vectors; a rebuild from the database is the way out
    +-- RetryLater          4    nothing is wrong with the image: try again later
    |   +-- Unreachable          the server behind an address failed, was too slow, or is not known
    |   +-- StoreDown            the vector store did not answer; that is never "no match"
    |   +-- Busy                 the queue is full

A foreign library's exceptions are translated in the one module that calls it.
"""

from enum import StrEnum


class ResightError(Exception):
    """Root of the tree. `str(error)` is one clear sentence that may be shown to anybody."""

    exit_code = 1


class UsageError(ResightError):
    """The command line or the request can't be carried out as written."""

    exit_code = 2


class DataError(ResightError):
    """What was given to work on is wrong."""

    exit_code = 3


class Unscannable(DataError):
    """The bytes are not a picture that Resight looks at; never to be taken for `clean`.

    `reason` is one of the stable words of `core.words` (`reason.*`): empty, not-an-image, type-not-allowed,
    too-large, too-many-pixels, too-many-scans, too-many-frames, corrupt, unsupported (sound, of an allowed type, and
    read by no decoder here), memory, blank, plain, gone, download, video (without the extra that looks at videos),
    timeout, crash (of the process that decodes), no-key (encrypted, and its key has not come),
    no-access (the bot may not see the post, which may be there).
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class NotOfItsPicture(DataError):
    """The vectors or features in a file are not those of the picture beside them."""


class NotFound(DataError):
    """There is nothing of that name or number."""


class Conflict(DataError):
    """It exists already, or its state changed in the meantime."""


class Overtaken(Conflict):
    """Somebody else changed it between reading and writing: nothing was written; read it again."""


class EnvironmentTrouble(ResightError):
    """The machine, the configuration or a service is not as it must be."""

    exit_code = 4


class DiskFull(EnvironmentTrouble):
    """There is no room for more; what is there is safe, and it goes on by itself once there is."""


class CouldNotLook(EnvironmentTrouble):
    """Our own fault, such as a missing module, kept the image from being looked at: tried again, never told as a
    damaged file.

    `cause` is for the log.
    """

    exit_code = 5
    reason = "could-not-look"

    def __init__(self, cause: Exception | str) -> None:
        super().__init__("This image could not be looked at: the fault is ours, and the log tells it.")
        self.cause = cause if isinstance(cause, str) else f"{type(cause).__name__}: {cause}"


class OurFault(EnvironmentTrouble):
    """A platform refused what we sent for what it is.

    Whoever raises it has logged it; people read that it is our fault, never that it is theirs.
    """


class WrongSpace(EnvironmentTrouble):
    """The catalogue's vectors come from another model than the one that is set."""


class DamagedStore(EnvironmentTrouble):
    """Stored data can't be read back."""


class DamagedVectors(DamagedStore):
    """The vector store's files can't be read, or vectors are missing; the database can re-create them."""


class RetryLater(ResightError):
    """Temporary: the same request may succeed later.

    `after` is for how many seconds a server asked us to wait, 0 where it said nothing of it.
    """

    exit_code = 4

    def __init__(self, sentence: str, after: float = 0.0) -> None:
        super().__init__(sentence)
        self.after = after


class Fault(StrEnum):
    """Why a server that was asked for an image gave none; `UNKNOWN` = nobody knows its name."""

    UNKNOWN = "unknown"
    FAILED = "failed"
    LATE = "late"


class Unreachable(RetryLater):
    """The server behind an address gave nothing this time."""

    def __init__(self, fault: Fault, sentence: str, after: float = 0.0) -> None:
        super().__init__(sentence, after)
        self.fault = fault


class StoreDown(RetryLater):
    """The vector store gave no answer."""


class Busy(RetryLater):
    """More work is waiting than may wait."""


class Refused(DataError):
    """A download was given up on purpose: a private address, too many bytes, not a picture.

    `reason` is a stable word for logs and tests.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason

    @property
    def of_image(self) -> Unscannable:
        """Return what it means for an image that its download was given up."""
        reasons = {"not-a-picture": "not-an-image", "too-large": "too-large", "status": "gone"}
        return Unscannable(reasons.get(self.reason, "download"), str(self))
