"""Whatever goes wrong while somebody asks or presses, as the one sentence that they read.

Unclear         the command can't be understood: its usage is what helps
Refuse          it can't be: the sentence that it holds
ResightError    what went wrong, in words
OurFault        a platform refused what we sent: told as our fault, and logged already
anything else   a fault of ours: told as one, with its traceback in the log
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from core.chat import Said
from core.errors import NotFound, OurFault, ResightError
from core.telling import trouble
from core.wording import Words

OUR_FAULT = Said(key="problem.internal")
log = logging.getLogger(__name__)


class Unclear(Exception):
    """The command can't be understood as it was said; its usage is what helps."""


class Refuse(Exception):
    """What was asked for can't be, or not yet; `said` is the reason, with what follows it."""

    def __init__(self, key: str, *more: Said, **values: object) -> None:
        super().__init__(key)
        self.said = Said(key=key, values=values, more=more)


@contextmanager
def known(key: str) -> Iterator[None]:
    """What is not there is refused with this sentence."""
    try:
        yield
    except NotFound:
        raise Refuse(key) from None


def sentence_of(error: Exception, language: str, what: str) -> Said:
    """The sentence for the person; `what` names the asking in the log."""
    if isinstance(error, Refuse):
        return error.said
    if isinstance(error, OurFault):
        return OUR_FAULT
    if isinstance(error, ResightError):
        return Said(key="said.sorry", values={"why": trouble(Words.of(language), error)})
    log.error("%s failed", what, exc_info=error)
    return OUR_FAULT
