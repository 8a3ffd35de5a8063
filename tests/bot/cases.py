"""Cases as the stores would hand them out, for whatever shows them.

case(...) and its parts     a match in a dry run, unless a test says otherwise
CASES, ANSWERS              by name, one of each situation that a card must tell
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.bursts import Author, Burst, Place, Tally
from core.cases import ActionRecord, Background, Case, DecisionRecord, Earlier, Policy, Profile
from core.chat import Alert, Community, Explanation, Gate, Judged, Subscription
from core.matches import Difference, Experience, Finding, Match, Verdict
from core.policy import COPIES
from core.types import (
    Act,
    ActState,
    Content,
    Decision,
    How,
    ImageEvent,
    Intent,
    Kind,
    Mode,
    Outcome,
    Platform,
    Purpose,
    Reference,
    Space,
    What,
)

NOON = datetime(2026, 5, 1, 12, 3, tzinfo=UTC)
KEPT_UNTIL = NOON + timedelta(days=7)
SPACE = Space(platform=Platform.DISCORD, community="4100", channel="4200")
COMMUNITY = Community(platform=Platform.DISCORD, id="4100", name="Picture club", log="4300")
LINK = "https://discord.com/channels/4100/4200/4400"
BACKGROUND = Background(
    earlier=Earlier(cases=3, violations=2, posts=4),
    profile=Profile(made_at=NOON - timedelta(days=3, hours=1), joined_at=NOON - timedelta(minutes=40)),
)
HOSTILE = (
    "**Eve** <b>&amp; @everyone <@123456789012345678>\n# [x](https://evil.example) \u202egnp.\u2066exe `_|~ "
    "@eve_bot /start <t:1:R> </a>"
)
"""A name with markup of all platforms, mentions, links, line ends and direction marks."""

KOI = Reference(
    key="five-koi",
    collection="artworks",
    purpose=Purpose.COPYRIGHT,
    title="Five koi",
    source_url="https://example.org/koi_five",
    owner="Sen Arabuki-Lund",
    rights="All rights reserved",
    width=800,
    height=600,
)
RIDGES = Reference(key="six-ridges", collection="discord-4100.ours", title="Six ridges", owner="Ilva Thornquill")
COINS = Reference(key="zorbacoin", collection="scams", purpose=Purpose.BLOCKLIST, title="Free coins")


def reference(title: str, **values: Any) -> Reference:
    return replace(KOI, title=title, key=title[:20] or "key", **values)


def match(of: Reference = KOI, kind: Kind = Kind.EDITED, confidence: float = 0.972, area: float = 0.61) -> Match:
    quad = None if kind is Kind.SIMILAR else ((0.1, 0.2), (0.9, 0.2), (0.9, 0.95), (0.1, 0.95))
    content = Content.SAME if kind in COPIES else Content.UNSETTLED
    plain = Match(reference=of, kind=kind, confidence=confidence, cosine=0.83, inliers=48, area=area, quad=quad)
    return replace(plain, content=content)


def differs(before: str, after: str, what: What = What.WORDS, how: How = How.EXCHANGED) -> Difference:
    return Difference(what=what, how=how, area=0.1, box=(0.1, 0.1, 0.4, 0.2), before=before, after=after)


def template(*what: Difference, confidence: float = 0.85) -> Match:
    """The layout of the coins with other content: these differences, unless said otherwise an amount."""
    found = match(COINS, Kind.TEMPLATE, confidence, area=1.0)
    return replace(found, content=Content.OTHER, differs=what or (differs("$500", "$900"),))


def verdict(*matches: Match, outcome: Outcome = Outcome.MATCH, reason: str = "copy", partial: str = "") -> Verdict:
    return Verdict(outcome=outcome, reason=reason, matches=matches or (match(),), partial=partial)


def without(outcome: Outcome, reason: str, partial: str = "") -> Verdict:
    """A verdict without any match."""
    return Verdict(outcome=outcome, reason=reason, partial=partial)


def event(**values: Any) -> ImageEvent:
    said = {"space": SPACE, "message": "4400", "image": "1", "author": "4500", "author_name": "Bo", "link": LINK}
    return ImageEvent(**{**said, **values})


def case(found: Verdict | None = None, **values: Any) -> Case:
    """Case 12: a match in a dry run that would have flagged it."""
    said: dict[str, Any] = {"event": event(), "mode": Mode.DRY_RUN, "would_have": (Act.FLAG,), "thumbnail": "kept"}
    of = {"verdict": found or verdict(), "id": 12, "sha256": "ff" * 32, "opened_at": NOON}
    return Case(**{**of, **said, **values})


def action(number: int, act: Act, state: ActState = ActState.DONE, detail: str = "", **values: Any) -> ActionRecord:
    return ActionRecord(
        **{"id": number, "case": 12, "key": f"12:{number}", **values}, act=act, state=state, detail=detail
    )


def decision(number: int, said: Decision = Decision.VIOLATION, by: str = "ann", undone_by: str = "") -> DecisionRecord:
    undone_at = NOON if undone_by else None
    return DecisionRecord(id=number, case=12, decision=said, by=by, at=NOON, undone_by=undone_by, undone_at=undone_at)


def enforced(*actions: ActionRecord, **values: Any) -> Case:
    """A case in a channel that enforces, with these actions."""
    return case(mode=Mode.ENFORCE, would_have=(), actions=actions, **values)


def query(found: Verdict) -> Case:
    return case(found, event=event(intent=Intent.QUERY), mode=Mode.OFF, would_have=())


REMOVED = action(1, Act.REMOVE)
REFUSED = action(1, Act.REMOVE, ActState.FORBIDDEN, "no-permission|Manage Messages")
BY_ANN = decision(5)
UNDONE = decision(5, undone_by="bob")
REMOVED_BY_ANN = action(2, Act.REMOVE, decision=5)
RESTORED = action(3, Act.RESTORE, decision=5)


def album() -> Case:
    """Three pictures in three messages that match, one of which nobody could remove, and one to look at."""
    second = case(verdict(match(RIDGES)), id=13, would_have=(), actions=(replace(REMOVED, id=2, case=13),))
    third = case(verdict(match(COINS)), id=14, would_have=(), actions=(replace(REFUSED, id=3, case=14),))
    fourth = case(verdict(match(RIDGES, confidence=0.6), outcome=Outcome.REVIEW, reason="unsure"), id=15, would_have=())
    return enforced(REMOVED, further=(second, third, fourth))


def reported(found: Verdict, people: int) -> Case:
    return case(found, event=event(intent=Intent.REPORTED), would_have=(), reports=people)


def tally(number: int, act: Act, count: int, state: ActState = ActState.DONE, detail: str = "", by: int = 5) -> Tally:
    return Tally(act=act, state=state, detail=detail, decision=by, count=count, first=number)


AFTER_VIOLATION = (
    tally(2, Act.REMOVE, 198),
    tally(3, Act.REMOVE, 2, ActState.FORBIDDEN, "no-permission|Manage Messages"),
    tally(4, Act.TELL, 20),
    tally(5, Act.BAN, 1, detail="purged|14"),
)
AFTER_UNDO = (*AFTER_VIOLATION, tally(6, Act.UNBAN, 1), tally(7, Act.RESTORE, 200))


def burst(*tallies: Tally, **values: Any) -> Burst:
    """200 posts by twenty people in twelve channels; all were flagged."""
    places = [
        Place(
            space=replace(SPACE, channel=str(4200 + one)),
            posts=30 - one,
            newest=event(message=f"44{one}"),
            number=12 + one,
        )
        for one in range(10)
    ]
    authors = [Author(id=str(4500 + one), name=name, posts=12 - one) for one, name in enumerate(("Bo", "Kim", "Lea"))]
    flagged = Tally(act=Act.FLAG, state=ActState.DONE, detail="", decision=None, count=200, first=1)
    said: dict[str, Any] = {"posts": 200, "people": 20, "channels": 12, "newest": 220, "last_at": NOON}
    return Burst(**{**said, **values}, places=tuple(places), authors=tuple(authors), tallies=(flagged, *tallies))


LOWERED = replace(match(confidence=0.71), claimed=0.972)

MUCH = template(
    differs("", "", What.COLOUR),
    differs("", "", What.PICTURE),
    differs("DAD", "MOM"),
    differs("Anna Thornquill, Springfield", "Bo\n\u202eLee"),
    differs("1", "2"),
    differs("https://example.org/a", "https://example.org/b", What.CODE),
    differs("", "sale", how=How.ADDED),
)
"""Other words, another picture and colour, another code, and a caption that is not worth a word."""

SIMILAR = match(COINS, Kind.SIMILAR, 0.52, area=0.0)

CASES: Mapping[str, Case] = {
    "match-dry-run": case(),
    "match-dry-run-confirmed": case(would_have=(Act.REMOVE,)),
    "match-flagged": case(mode=Mode.FLAG, would_have=(), actions=(action(1, Act.FLAG),)),
    "match-enforced": enforced(REMOVED),
    "match-waiting": enforced(replace(REMOVED, state=ActState.WAITING, detail="not-running")),
    "match-gone": enforced(replace(REMOVED, state=ActState.GONE, detail="gone")),
    "forbidden": enforced(REFUSED),
    "decided": case(decisions=(BY_ANN,), actions=(REMOVED_BY_ANN,)),
    "undone": case(decisions=(UNDONE,), actions=(REMOVED_BY_ANN, RESTORED)),
    "review": case(verdict(match(confidence=0.6), outcome=Outcome.REVIEW, reason="unsure"), would_have=()),
    "review-look-alike": case(verdict(SIMILAR, outcome=Outcome.REVIEW, reason="look-alike"), would_have=()),
    "reported-clean": reported(without(Outcome.CLEAN, "nothing-known"), 3),
    "reported-unscannable": reported(without(Outcome.UNSCANNABLE, "corrupt"), 1),
    "album": album(),
    "with-words": case(
        event=event(text="Free coins\n\nAsk **@everyone**\u202e at https://evil.example\n1\n2\n3", thread="4201")
    ),
    "review-template": case(verdict(template(), outcome=Outcome.REVIEW, reason="look-alike"), would_have=()),
    "review-template-much": case(verdict(MUCH, outcome=Outcome.REVIEW, reason="look-alike"), would_have=()),
    "match-variant": enforced(REMOVED, verdict=verdict(template(confidence=0.992), reason="variant")),
    "match-unsettled": enforced(action(1, Act.FLAG), verdict=verdict(replace(match(), content=Content.UNSETTLED))),
    "experienced": case(experience=Experience(right=82, wrong=2)),
    "braked": case(mode=Mode.ENFORCE, would_have=(), brake="flood", actions=(action(1, Act.FLAG),)),
    "burst": case(burst=burst(), mode=Mode.FLAG, would_have=(), actions=(action(1, Act.FLAG),)),
    "burst-decided": case(
        burst=burst(*AFTER_VIOLATION, late=3, held=1), mode=Mode.FLAG, would_have=(), decisions=(BY_ANN,)
    ),
    "burst-undone": case(burst=burst(*AFTER_UNDO), mode=Mode.FLAG, would_have=(), decisions=(UNDONE,)),
    "suspected": case(decisions=(replace(BY_ANN, decision=Decision.ABUSE),), actions=(REMOVED_BY_ANN,), thumbnail=""),
    "lowered": case(
        verdict(LOWERED, outcome=Outcome.REVIEW, reason="unsure"),
        would_have=(),
        experience=Experience(right=19, wrong=8),
    ),
}

ANSWERS: Mapping[str, Case] = {
    "known": query(verdict(match(), match(RIDGES, Kind.CONTAINED, 0.91, 0.08), SIMILAR, partial="memory")),
    "known-same": query(verdict(match(kind=Kind.EXACT, confidence=1.0, area=1.0))),
    "allowlisted": query(verdict(match(), outcome=Outcome.CLEAN, reason="allowlisted")),
    "perhaps": query(verdict(match(confidence=0.6), outcome=Outcome.REVIEW, reason="unsure")),
    "alike": query(verdict(SIMILAR, outcome=Outcome.REVIEW, reason="look-alike")),
    "template": query(verdict(template(), outcome=Outcome.REVIEW, reason="look-alike")),
    "listed": query(verdict(replace(match(replace(KOI, width=0)), content=Content.UNSETTLED))),
    "unsettled": query(verdict(replace(match(), content=Content.UNSETTLED))),
    "unknown": query(without(Outcome.CLEAN, "nothing-known")),
    "unknown-part": query(without(Outcome.REVIEW, "partial-memory", "memory")),
    "unscannable": query(without(Outcome.UNSCANNABLE, "too-large")),
}


def alert(count: int = 1, of: Reference = KOI, last_at: datetime = NOON) -> Alert:
    subscription = Subscription(collection=of.collection, platform=Platform.TELEGRAM, channel="-100700", language="en")
    return Alert(id=3, subscription=subscription, reference=of, case=12, count=count, first_at=NOON, last_at=last_at)


def gates(cosine: float, is_copy: bool, confidence: float, is_confirmed: bool, copy: str = "copy") -> tuple[Gate, ...]:
    values = {
        "closeness": (cosine, 0.5),
        copy: (float(is_copy), 1.0),
        "review": (confidence, 0.5),
        "match": (confidence, 0.9),
        "content": (float(is_copy), 1.0),
        "confirmed": (float(is_confirmed), 1.0),
    }
    return tuple(Gate(name=name, value=one, limit=limit, passed=one >= limit) for name, (one, limit) in values.items())


def chosen() -> Explanation:
    """A template on whose variants the moderators act."""
    found = explanation(
        nearest=[Judged(match=template(confidence=0.992), gates=gates(0.83, True, 0.992, True, "variant"))]
    )
    return replace(found, finding=replace(found.finding, verdict=verdict(template(), reason="variant")))


def unsettled() -> Explanation:
    """A copy that may show something else."""
    *passed, content, confirmed = gates(0.83, True, 0.972, True)
    doubtful = replace(match(), content=Content.UNSETTLED)
    failed = replace(content, value=0.0, passed=False)
    return explanation(nearest=[Judged(match=doubtful, gates=(*passed, failed, confirmed))])


def explanation(standing: str = "watched", nearest: Sequence[Judged] | None = None) -> Explanation:
    """The koi passed every gate but the last, the coins only look alike."""
    koi = Judged(match=match(), gates=gates(0.83, True, 0.972, False), experience=Experience(right=83, wrong=1))
    coins = Judged(match=SIMILAR, gates=gates(0.41, False, 0.52, False))
    return Explanation(
        standing=standing,
        policy=Policy(mode=Mode.OFF if standing == "unwatched" else Mode.ENFORCE),
        finding=Finding(sha256="ff" * 32, verdict=verdict()),
        nearest=(koi, coins) if nearest is None else tuple(nearest),
    )
