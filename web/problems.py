"""Every error as one clear sentence: JSON for the API, a fragment for a script, a page for a person.

ResightError        400 UsageError, 404 NotFound, 409 Conflict, 422 other DataError,
                    503 RetryLater and DiskFull (with Retry-After), 500 EnvironmentTrouble
                    of a server elsewhere: 422 no such name, 502 it failed, 504 it was too slow
web.HTTPException   its own status
anything else       500, logged; the traceback stays in the log
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from core.errors import (
    Busy,
    Conflict,
    DataError,
    DiskFull,
    EnvironmentTrouble,
    Fault,
    NotFound,
    Refused,
    ResightError,
    RetryLater,
    StoreDown,
    Unreachable,
    Unscannable,
    UsageError,
)
from core.wording import Words
from web import pages
from web.context import is_api, is_fragment, services

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

RETRY_AFTER = "2"
ROOM_AFTER = "30"
"""Seconds after which there may be room on the disk."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong: `reason` is a stable word; `sentence` is the English text where no words are kept for it."""

    status: int
    reason: str
    sentence: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def said(self, words: Words) -> str:
        """Return the sentence in the person's language; the exact one says more, but is English."""
        if self.sentence and self.status == 422 and words.language == "en":
            return self.sentence
        for key in (f"problem.{self.reason}", f"reason.{self.reason}"):
            if words.has(key):
                return words(key, **self.values)
        return self.sentence

    def told(self) -> str:
        """Return the most exact sentence, for a program."""
        return self.sentence or self.said(Words.of("en"))


class Failed(web.HTTPException):
    """A problem that the web part itself finds; `errors` answers it."""

    def __init__(self, problem: Problem) -> None:
        self.status_code = problem.status
        super().__init__()
        self.problem = problem


BY_KIND: tuple[tuple[type[ResightError], int, str], ...] = (
    (NotFound, 404, "not-found"),
    (Conflict, 409, "conflict"),
    (DataError, 422, "data"),
    (UsageError, 400, "usage"),
    (StoreDown, 503, "store-down"),
    (Busy, 503, "busy"),
    (RetryLater, 503, "try-again"),
    (DiskFull, 503, "disk-full"),
    (EnvironmentTrouble, 500, "environment"),
)


ELSEWHERE = {Fault.UNKNOWN: 422, Fault.FAILED: 502, Fault.LATE: 504}
"""Statuses for faults of other servers: 503 would make callers and monitoring believe it is ours."""


def of_error(error: ResightError) -> Problem:
    """Return the problem that one of our errors is."""
    if isinstance(error, Unscannable):
        return Problem(status=422, reason=error.reason, sentence=str(error))
    if isinstance(error, Refused):
        return Problem(status=422, reason="refused", sentence=str(error))
    if isinstance(error, Unreachable):
        return Problem(status=ELSEWHERE[error.fault], reason="unreachable", sentence=str(error))
    headers = {"Retry-After": RETRY_AFTER} if isinstance(error, RetryLater) else {}
    headers |= {"Retry-After": ROOM_AFTER} if isinstance(error, DiskFull) else {}
    for kind, status, reason in BY_KIND:
        if isinstance(error, kind):
            return Problem(status=status, reason=reason, sentence=str(error), headers=headers)
    return Problem(status=500, reason="internal")


def _of_http(request: web.Request, error: web.HTTPException) -> Problem:
    if isinstance(error, Failed):
        return error.problem
    if error.status == 413:
        return Problem(
            status=413, reason="body-too-large", values={"megabytes": services(request).max_image_bytes >> 20}
        )
    reasons = {404: "not-found", 405: "method"}
    allowed = {"Allow": error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else {}
    return Problem(
        status=error.status, reason=reasons.get(error.status, "http"), sentence=error.reason, headers=allowed
    )


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every exception of a handler with a problem."""
    try:
        return await handler(request)
    except ResightError as error:
        problem = of_error(error)
        if problem.status == 500:
            log.error("%s %s: %s", request.method, request.path, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        problem = _of_http(request, error)
    except Exception:  # a bug: the log gets the traceback, the person a sentence
        log.exception("%s %s failed", request.method, request.path)
        problem = Problem(status=500, reason="internal")
    return answer(request, problem)


def answer(request: web.Request, problem: Problem) -> web.Response:
    """Return the problem in the form that the asker understands."""
    if is_api(request):
        response = web.json_response({"error": as_json(problem)}, status=problem.status)
    else:
        name = "_problem.html" if is_fragment(request) else "problem.html"
        response = pages.render(request, name, status=problem.status, problem=problem.said(pages.words_of(request)))
    response.headers.update(problem.headers)
    return response


def as_json(problem: Problem) -> dict[str, str]:
    """Return the problem as an answer of the API: `reason` and `message`."""
    return {"reason": problem.reason, "message": problem.told()}
