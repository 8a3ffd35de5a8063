"""What a platform shows of a video before it is played: its cover, or a small still.

    post --fetch, search--> a match --> that
                            anything else --preview--> the same picture --> what the file itself came to
                                                       another one --search--> a match, or something like one --> that
                                                                               nothing --> what the file itself came to

Of a file that is too large to be had a part was looked at then: that is a review, as of any other image.

People see the cover whatever is in the file, and of a file that can't be had it is all that can be looked at. A picture
that was posted has none where the platform makes it; on Matrix whoever posts it chooses what is seen first.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from core.errors import Unscannable
from core.matches import Finding, Verdict
from core.policy import ONLY_PREVIEW
from core.ports import Front
from core.types import ImageEvent, Outcome
from handlers.needs import HasRunner

type Search = Callable[[bytes, str], Awaitable[Finding]]
"""Searches for an image; the second value is the SHA-256 of the file that it stands for, "" = it stands for itself."""

AS_IT_IS = frozenset({"allowed-before", "allowlisted"})
"""Reasons of what moderators or an allowlist excuse as a whole, whatever picture is in front of it."""

ACCUSING = (Outcome.REVIEW, Outcome.MATCH)


async def of_post(needs: HasRunner, front: Front, event: ImageEvent, search: Search) -> Finding:
    """Return what was found in a post and in its preview; raises Unscannable if it has neither, or RetryLater."""
    try:
        whole = await search(await front.fetch(event), "")
    except Unscannable as error:
        preview = await front.preview(event, is_all=True)
        if preview is None:
            raise
        return joined(Finding(sha256="", verdict=_unscannable(error), sentence=str(error)), await search(preview, ""))
    if whole.verdict.outcome is Outcome.MATCH or whole.verdict.reason in AS_IT_IS:
        return whole
    try:
        preview = await front.preview(event, is_all=whole.verdict.outcome is Outcome.UNSCANNABLE)
    except Unscannable as error:  # people see it all the same
        return whole if whole.verdict.matches else replace(whole, verdict=_unscannable(error))
    if preview is None or (whole.look and await needs.runner.shows(whole.look, preview)):
        return whole
    return joined(whole, await search(preview, whole.sha256))


def _unscannable(error: Unscannable) -> Verdict:
    return Verdict(outcome=Outcome.UNSCANNABLE, reason=error.reason)


def joined(whole: Finding, preview: Finding) -> Finding:
    """Return the worse of both; that of a preview says so, where nothing else could be looked at."""
    is_lost = whole.verdict.outcome is Outcome.UNSCANNABLE
    partial = ONLY_PREVIEW if is_lost else whole.verdict.partial
    sha256 = whole.sha256 or preview.sha256
    if preview.verdict.matches and _gravity(preview.verdict) > _gravity(whole.verdict):
        return replace(preview, sha256=sha256, verdict=replace(preview.verdict, partial=partial))
    if is_lost and whole.verdict.reason == "too-large" and preview.look:
        unseen = Verdict(outcome=Outcome.REVIEW, reason=f"partial-{partial}", partial=partial)
        return replace(preview, sha256=sha256, verdict=unseen)
    if preview.verdict.outcome is Outcome.UNSCANNABLE and whole.verdict.outcome is Outcome.CLEAN:
        return replace(whole, verdict=preview.verdict)
    return preview if is_lost and preview.verdict.reason == "allowed-before" else whole


def _gravity(verdict: Verdict) -> int:
    return 1 + ACCUSING.index(verdict.outcome) if verdict.outcome in ACCUSING and verdict.matches else 0
