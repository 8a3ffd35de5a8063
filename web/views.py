"""What a template needs to know about a match, a case and a post. Pure: records in, plain values out.

Match -> MatchView      Case -> CaseView      Post + Case -> PostView
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.cases import ActionRecord, Case, DecisionRecord, Post
from core.chat import Choice
from core.decided_images import case_of, is_known
from core.matches import Match, Verdict
from core.policy import COPIES, MESSAGES
from core.semantic import Similar
from core.telling import (
    address,
    found,
    host_of,
    is_exchanged,
    of_content,
    overturned,
    percent,
    playtime,
    reason_words,
    safe_link,
    sureness,
    title_of,
)
from core.types import ActState, Decision, Kind, Outcome, Reference
from core.wording import Words
from handlers.braking import may_release
from handlers.chat.card_history import based_on
from web.outline import outline, placed

PATIENCE = timedelta(minutes=15)
"""How long a post without a verdict counts as being checked; after that the page stops asking every second."""

KEYS = (
    (Decision.VIOLATION, "d"),
    (Decision.ALLOWED, "a"),
    (Decision.NOT_A_MATCH, "n"),
    (Decision.UNSURE, "u"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchView:
    """One match in words; `outline` and `exchanged` are polygons in the posted picture, `second` a place in a video.

    `is_of_case`: it is with the image of another case, about which moderators decided.
    """

    title: str
    kind: str
    sentence: str
    sure: str
    percent: int
    is_copy: bool
    picture: str
    source: str
    site: str
    owner: str
    rights: str
    note: str
    collection: str
    outline: str
    exchanged: tuple[str, ...]
    second: str
    is_of_case: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case as its card shows it.

    content      what differs from the best match, in sentences
    may_choose   whether it is about a template, on whose variants moderators may choose to act
    choice       that they did so, who and when
    may_release  whether a brake holds that moderators may let go
    based_on     which decision on another image it follows, whose case is `basis`
    """

    number: int
    case: Case
    may_release: bool
    verdict: str
    reason: str
    best: MatchView | None
    content: tuple[str, ...]
    may_choose: bool
    choice: Choice | None
    past: str
    based_on: str
    basis: int | None
    further: tuple[MatchView, ...]
    posted: str
    link: str
    identical: bool
    differs: str
    standing: DecisionRecord | None
    actions: tuple[ActionRecord, ...]
    waits: bool
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """One post of the channel, with its card if it has one."""

    post: Post
    author: str
    state: str
    reason: str
    waits: bool
    card: CaseView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarView:
    """One reference that looks like the query, and its score under its collection's metric."""

    title: str
    picture: str
    source: str
    score: str
    metric: str


def similar_view(similar: Similar) -> SimilarView:
    """Return a similar reference as the search page shows it."""
    reference = similar.reference
    return SimilarView(
        title=title_of(reference),
        picture=picture_of(reference),
        source=safe_link(reference.source_url),
        score=f"{similar.score:.2f}",
        metric=similar.metric.value,
    )


def picture_of(reference: Reference) -> str:
    """Return the address of the reference's picture, "" if it is known by its hash only, or is the image of a case."""
    return "" if reference.is_hash_only or case_of(reference) is not None else f"/references/{reference.id}.jpg"


def match_view(words: Words, match: Match) -> MatchView:
    """Return a match as pages show it."""
    reference = match.reference
    title = title_of(reference)
    return MatchView(
        title=title,
        kind=words(f"kind.{match.kind}"),
        sentence=found(words, match, title),
        sure=sureness(words, match.confidence),
        percent=percent(match.confidence),
        is_copy=match.kind in COPIES,
        picture=picture_of(reference),
        source=address(reference.source_url),
        site=host_of(address(reference.source_url)),
        owner=reference.owner,
        rights=reference.rights,
        note=reference.note,
        collection=reference.collection,
        outline=outline(match.quad),
        exchanged=tuple(
            filter(
                None, (placed(match.quad, difference.box) for difference in match.differs if is_exchanged(difference))
            )
        ),
        second=playtime(words, match.second),
        is_of_case=case_of(reference) is not None,
    )


def case_view(words: Words, case: Case, choice: Choice | None = None) -> CaseView:
    """Return a case as its card shows it; `choice` is what the community chose about the best match."""
    matches = [match_view(words, match) for match in case.verdict.matches]
    if case.is_suspected:
        matches = [replace(match, picture="", outline="", exchanged=()) for match in matches]
    is_of_case = bool(matches) and case_of(case.verdict.matches[0].reference) is not None
    identical = bool(matches) and not is_of_case and not case.thumbnail and case.verdict.matches[0].kind is Kind.EXACT
    return CaseView(
        number=case.id,
        case=case,
        may_release=may_release(case),
        verdict=case.verdict.outcome.value,
        reason=reason_words(words, case.verdict),
        best=matches[0] if matches else None,
        content=of_content(words, case),
        may_choose=may_choose(case),
        choice=choice if choice and choice.variants else None,
        past=overturned(words, case.experience, case.verdict.matches[0]) if matches else "",
        based_on=based_on(words, case.based_on),
        basis=case.based_on.case if case.based_on else None,
        further=tuple(matches[1:]),
        posted=f"/media/{case.thumbnail}" if case.thumbnail else matches[0].picture if identical else "",
        link=safe_link(case.event.link),
        identical=identical,
        differs=differs_of(case) if matches and matches[0].outline and not is_of_case else "",
        standing=case.standing,
        # that a card was shown elsewhere is told where it went wrong
        actions=tuple(record for record in case.actions if record.act not in MESSAGES or record.detail),
        waits=any(action.state is ActState.WAITING for action in case.actions),
        mark=mark_of(case, choice),
    )


def differs_of(case: Case) -> str:
    """Return the address of the picture of what differs, "" where the posted picture is kept no more."""
    return f"/case/{case.id}/difference.jpg" if case.thumbnail else ""


def may_choose(case: Case) -> bool:
    """Return whether moderators may choose to act on variants of the case's best match."""
    best = case.verdict.best
    if best is None or case.is_suspected:
        return False
    return best.kind is Kind.TEMPLATE and is_known(best.reference)


def post_view(
    words: Words, post: Post, case: Case | None, now: datetime, is_off: bool, choice: Choice | None = None
) -> PostView:
    """Return a post of the built-in channel as its page shows it."""
    waits = post.outcome is None and not is_off and now - post.created_at < PATIENCE
    verdict = Verdict(outcome=post.outcome, reason=post.reason) if post.outcome else None
    return PostView(
        post=post,
        author=post.author or words("channel.someone"),
        state=state_of(post, waits),
        reason=reason_words(words, verdict) if verdict else "",
        waits=waits,
        card=case_view(words, case, choice) if case and case.verdict.outcome is not Outcome.CLEAN else None,
    )


def state_of(post: Post, waits: bool) -> str:
    """Return the state shown on the post: what was done to it counts more than what was found."""
    if post.removed:
        return "removed"
    if post.outcome is None:
        return "checking" if waits else "unchecked"
    return "flagged" if post.flagged else post.outcome.value


def mark_of(*records: object) -> str:
    """Return a mark that changes whenever any of the records does: a page that shows it is up to date."""
    return hashlib.sha256(repr(records).encode()).hexdigest()[:16]


def by_number(cases: Sequence[Case]) -> Mapping[int, Case]:
    """Return the cases by their numbers."""
    return {case.id: case for case in cases}
