"""What a template needs to know about a match, a case and a post. Pure: records in, plain values out.

Match -> MatchView      Case -> CaseView      Post + Case -> PostView
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.types import ActionRecord, ActState, Case, Decision, DecisionRecord, Kind, Match, Outcome, Post, Verdict
from core.wording import Words
from web.outline import outline

CERTAIN, PROBABLE = 0.90, 0.65
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
    """One match in words."""

    title: str
    kind: str
    sentence: str
    sure: str
    percent: int
    is_copy: bool
    picture: str
    source: str
    owner: str
    rights: str
    note: str
    collection: str
    outline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case as its card shows it."""

    number: int
    case: Case
    verdict: str
    reason: str
    best: MatchView | None
    further: tuple[MatchView, ...]
    posted: str
    link: str
    identical: bool
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


def match_view(words: Words, match: Match) -> MatchView:
    reference = match.reference
    title = reference.title or reference.key
    return MatchView(
        title=title,
        kind=words(f"kind.{match.kind}"),
        sentence=words(f"found.{match.kind}", title=quoted(words, title)),
        sure=sureness(words, match.confidence),
        percent=percent(match.confidence),
        is_copy=match.kind in (Kind.EXACT, Kind.EDITED, Kind.CONTAINED),
        picture=f"/references/{reference.id}.jpg",
        source=safe_link(reference.source_url),
        owner=reference.owner,
        rights=reference.rights,
        note=reference.note,
        collection=reference.collection,
        outline=outline(match.quad),
    )


def quoted(words: Words, title: str) -> str:
    return f"《{title}》" if words.language == "zh" else f"“{title}”"


def sureness(words: Words, confidence: float) -> str:
    """The confidence as people say it; the percentage comes after the word."""
    word = "certain" if confidence >= CERTAIN else "probable" if confidence >= PROBABLE else "possible"
    return words("sure.percent", words=words(f"sure.{word}"), percent=percent(confidence))


def percent(confidence: float) -> int:
    """Rounded down: 100 % is said only of the same image."""
    return int(confidence * 100)


def safe_link(url: str) -> str:
    """The URL if it is a web address: anything else, such as javascript:, is never made a link."""
    return url if url.lower().startswith(("http://", "https://")) else ""


def reason_words(words: Words, verdict: Verdict) -> str:
    """The verdict's reason as a sentence."""
    if verdict.reason.startswith("partial-"):
        return words("reason.partial")
    key = f"reason.{verdict.reason}"
    return words(key) if words.has(key) else words("reason.other") if verdict.reason else ""


def case_view(words: Words, case: Case) -> CaseView:
    matches = [match_view(words, match) for match in case.verdict.matches]
    identical = bool(matches) and not case.thumbnail and case.verdict.matches[0].kind is Kind.EXACT
    return CaseView(
        number=case.id,
        case=case,
        verdict=case.verdict.outcome.value,
        reason=reason_words(words, case.verdict),
        best=matches[0] if matches else None,
        further=tuple(matches[1:]),
        posted=f"/media/{case.thumbnail}" if case.thumbnail else matches[0].picture if identical else "",
        link=safe_link(case.event.link),
        identical=identical,
        standing=case.standing,
        actions=case.actions,
        waits=any(action.state is ActState.WAITING for action in case.actions),
        mark=mark_of(case),
    )


def post_view(words: Words, post: Post, case: Case | None, now: datetime, is_off: bool) -> PostView:
    waits = post.outcome is None and not is_off and now - post.created_at < PATIENCE
    verdict = Verdict(outcome=post.outcome, reason=post.reason) if post.outcome else None
    return PostView(
        post=post,
        author=post.author or words("channel.someone"),
        state=state_of(post, waits),
        reason=reason_words(words, verdict) if verdict else "",
        waits=waits,
        card=case_view(words, case) if case and case.verdict.outcome is not Outcome.CLEAN else None,
    )


def state_of(post: Post, waits: bool) -> str:
    """What stands on the post: what was done to it counts more than what was found."""
    if post.removed:
        return "removed"
    if post.outcome is None:
        return "checking" if waits else "unchecked"
    return "flagged" if post.flagged else post.outcome.value


def mark_of(*records: object) -> str:
    """Changes whenever any of the records does: a page that shows this mark is up to date."""
    return hashlib.sha256(repr(records).encode()).hexdigest()[:16]


def by_number(cases: Sequence[Case]) -> Mapping[int, Case]:
    return {case.id: case for case in cases}
