"""What the policy promises, whatever the matches are."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import Policy, Rule, Thresholds
from core.matches import Match, Verdict
from core.odds import log_odds, logistic
from core.policy import COPIES, HARMLESS, ON_THE_POST, VARIANT, judge, plan, shows_the_same
from core.types import Act, Content, Kind, Mode, Outcome, Purpose, Reference

SHARE = st.floats(0, 1)
RISK = {Outcome.CLEAN: 0, Outcome.REVIEW: 1, Outcome.MATCH: 2}
THRESHOLDS = st.tuples(SHARE, SHARE).map(lambda two: Thresholds(match=max(two), review=min(two)))


def reference(key: str, purpose: Purpose = Purpose.BRAND) -> Reference:
    return Reference(key=key, collection=purpose.value, purpose=purpose)


def found(
    kind: Kind = Kind.EDITED,
    confidence: float = 0.95,
    key: str = "logo",
    content: Content = Content.SAME,
    frame: float = 0.5,
    **said: Purpose,
) -> Match:
    """A match; `frame` is how surely the frame alone is the reference's."""
    plain = Match(reference=reference(key, **said), kind=kind, confidence=confidence, cosine=0.9)
    return replace(plain, content=content, score=log_odds(frame))


def template(frame: float = 0.99, key: str = "logo", **said: Purpose) -> Match:
    """The frame of a reference around something else, capped as the pair check does it."""
    return found(Kind.TEMPLATE, min(frame, 0.85), key, Content.OTHER, frame, **said)


MATCH = st.builds(
    found,
    st.sampled_from(Kind),
    SHARE,
    st.sampled_from("abcdef"),
    st.sampled_from(Content),
    SHARE,
    purpose=st.sampled_from(list(Purpose)),
)
CHOSEN = st.frozensets(st.sampled_from([reference(key, purpose).id for key in "abcdef" for purpose in Purpose]))
ACCUSING = MATCH.filter(lambda match: match.reference.purpose is not Purpose.ALLOWLIST)
MATCHES = st.lists(MATCH, max_size=6)
SOME_ACTS = st.lists(st.sampled_from(Act), unique=True).map(tuple)
MODES = st.sampled_from(Mode)
RULES = st.lists(
    st.builds(
        Rule,
        mode=MODES,
        collection=st.sampled_from(["", "brand", "copyright"]),
        kind=st.none() | st.sampled_from(sorted(COPIES)),
    ),
    max_size=5,
).map(tuple)
POLICIES = st.builds(Policy, mode=MODES, rules=RULES, flag=SOME_ACTS, enforce=SOME_ACTS)
VERDICTS = st.builds(judge, MATCHES, THRESHOLDS, st.sampled_from(["", "frames"]), CHOSEN)


@given(MATCHES, THRESHOLDS, st.sampled_from(["", "frames"]))
def test_only_a_sure_copy_makes_a_match(matches: Sequence[Match], thresholds: Thresholds, partial: str) -> None:
    """A match always rests on an exact, edited or contained copy beyond the threshold, and that copy comes first."""
    verdict = judge(matches, thresholds, partial)
    sure = [one for one in matches if one.kind in COPIES and one.confidence >= thresholds.match]

    assert verdict.outcome is not Outcome.MATCH or verdict.best in sure


@given(MATCHES, THRESHOLDS)
def test_an_image_with_a_part_unseen_is_never_clean(matches: Sequence[Match], thresholds: Thresholds) -> None:
    """What was looked at in part only goes at least to review."""
    verdict = judge(matches, thresholds, "frames")

    assert verdict.outcome in (Outcome.REVIEW, Outcome.MATCH)
    assert verdict.partial == "frames"


@given(MATCHES, THRESHOLDS, st.sampled_from(sorted(COPIES - {Kind.CONTAINED})))
def test_the_allowlist_excuses(matches: Sequence[Match], thresholds: Thresholds, kind: Kind) -> None:
    """A sure copy of an allowlisted image is clean, whatever else it looks like."""
    allowed = found(kind, 1.0, purpose=Purpose.ALLOWLIST)
    verdict = judge([*matches, allowed], thresholds)

    assert (verdict.outcome, verdict.reason) == (Outcome.CLEAN, "allowlisted")


def test_an_allowlisted_part_does_not_excuse_the_rest() -> None:
    """A scam beside an allowlisted logo is still a match, and the scam is what it is a match of."""
    logo = found(Kind.CONTAINED, 1.0, purpose=Purpose.ALLOWLIST)
    scam = found(Kind.CONTAINED, 0.95)
    both, alone = judge([logo, scam], Thresholds()), judge([logo], Thresholds())

    assert (both.outcome, both.best) == (Outcome.MATCH, scam)
    assert (alone.outcome, alone.reason) == (Outcome.CLEAN, "allowlisted")


@given(st.sampled_from([Kind.TEMPLATE, Kind.SIMILAR]), SHARE)
def test_a_look_alike_of_the_allowlist_excuses_nothing(kind: Kind, confidence: float) -> None:
    """Only copies of allowlisted images excuse; a look-alike does not."""
    allowed = found(kind, confidence, purpose=Purpose.ALLOWLIST)

    assert judge([allowed, found(Kind.EXACT, 1.0)], Thresholds()).outcome is Outcome.MATCH


@given(st.lists(ACCUSING, min_size=1, max_size=5), THRESHOLDS, st.data())
def test_the_outcome_is_monotone_in_confidence(
    matches: list[Match], thresholds: Thresholds, data: st.DataObject
) -> None:
    """More confidence in any accusing match never makes the outcome milder."""
    at = data.draw(st.integers(0, len(matches) - 1))
    raised = replace(matches[at], confidence=data.draw(st.floats(matches[at].confidence, 1)))
    after = judge([*matches[:at], raised, *matches[at + 1 :]], thresholds)

    assert RISK[after.outcome] >= RISK[judge(matches, thresholds).outcome]


@given(st.lists(MATCH, max_size=4), THRESHOLDS)
def test_the_order_of_matches_does_not_matter(matches: Sequence[Match], thresholds: Thresholds) -> None:
    """The outcome is the same in whatever order the matches come, and none below review is shown."""
    verdicts = [judge(order, thresholds) for order in permutations(matches)]

    assert len({(verdict.outcome, len(verdict.matches)) for verdict in verdicts}) == 1
    assert all(one.confidence >= thresholds.review for one in verdicts[0].matches)


def test_a_sure_copy_goes_before_a_surer_look_alike() -> None:
    """With low thresholds, too, the best match of a match is the copy that made it one."""
    layout, copy = found(Kind.TEMPLATE, 0.85, "layout"), found(Kind.EDITED, 0.7, "copy")

    assert judge([layout, copy], Thresholds(match=0.6, review=0.5)).best == copy


@given(VERDICTS, st.booleans(), st.sampled_from([Mode.OFF, Mode.DRY_RUN]))
def test_off_and_dry_run_never_act(verdict: Verdict, confirmed: bool, mode: Mode) -> None:
    """Neither a switched-off channel nor a dry run touches a post."""
    planned = plan(verdict, Policy(mode=mode), confirmed)

    assert planned.acts == ()
    assert mode is Mode.DRY_RUN or planned.would_have == ()


@given(VERDICTS, st.booleans())
def test_a_dry_run_tells_what_enforce_would_do(verdict: Verdict, confirmed: bool) -> None:
    """What a dry run would have done is exactly what enforce does."""
    dry = plan(verdict, Policy(mode=Mode.DRY_RUN), confirmed)
    done = plan(verdict, Policy(mode=Mode.ENFORCE), confirmed)

    assert done.acts == dry.would_have
    assert done.would_have == dry.acts == ()


@given(VERDICTS, st.booleans(), st.sampled_from(Mode))
def test_only_a_confirmed_match_is_removed(verdict: Verdict, confirmed: bool, mode: Mode) -> None:
    """Removal needs enforce, a settled match and a reference that this community confirmed; then it happens."""
    removed = Act.REMOVE in plan(verdict, Policy(mode=mode), confirmed).acts
    is_match = verdict.outcome is Outcome.MATCH and verdict.best is not None
    is_settled = is_match and (shows_the_same(verdict.matches[0]) or verdict.reason == VARIANT)

    assert removed == (mode is Mode.ENFORCE and confirmed and is_settled)


@given(VERDICTS, POLICIES)
def test_nothing_unconfirmed_is_more_than_marked(verdict: Verdict, policy: Policy) -> None:
    """Without a moderator's word a post is flagged or replied to at most, whatever `flag`, `enforce` and rules say."""
    planned = plan(verdict, policy, confirmed=False)

    assert {*planned.acts, *planned.would_have} <= HARMLESS


@given(VERDICTS, POLICIES)
def test_a_confirmed_match_is_treated_as_the_staff_chose(verdict: Verdict, policy: Policy) -> None:
    """In enforce a confirmed match gets exactly the acts of `enforce`; in flag it gets what any match gets."""
    harmless = tuple(act for act in policy.flag if act in HARMLESS)
    is_settled = bool(verdict.matches) and (shows_the_same(verdict.matches[0]) or verdict.reason == VARIANT)
    for mode, wanted in [(Mode.ENFORCE, policy.enforce if is_settled else harmless), (Mode.FLAG, harmless)]:
        planned = plan(verdict, replace(policy, mode=mode, rules=()), confirmed=True)
        assert planned.acts == (wanted if verdict.outcome is Outcome.MATCH else ())
        assert planned.would_have == ()


@given(VERDICTS, POLICIES, st.booleans())
def test_the_rule_about_the_best_match_is_the_mode(verdict: Verdict, policy: Policy, confirmed: bool) -> None:
    """A policy with rules does what a plain one in the mode for the best match does."""
    if verdict.best is None:
        return
    plain = replace(policy, mode=policy.mode_for(verdict.best), rules=())

    assert plan(verdict, policy, confirmed) == plan(verdict, plain, confirmed)


def test_the_narrowest_rule_wins() -> None:
    """Collection and kind go before the collection alone, that before the kind alone, and that before the channel."""
    rules = (
        Rule(mode=Mode.OFF),
        Rule(mode=Mode.FLAG, kind=Kind.EXACT),
        Rule(mode=Mode.DRY_RUN, collection="brand"),
        Rule(mode=Mode.ENFORCE, collection="brand", kind=Kind.EXACT),
    )
    exact, edited = found(Kind.EXACT), found(Kind.EDITED)
    foreign = {kind: found(kind, purpose=Purpose.COPYRIGHT) for kind in (Kind.EXACT, Kind.EDITED)}
    for shuffled in permutations(rules):
        policy = Policy(mode=Mode.FLAG, rules=shuffled)
        assert policy.mode_for(exact) is Mode.ENFORCE
        assert policy.mode_for(edited) is Mode.DRY_RUN
        assert policy.mode_for(foreign[Kind.EXACT]) is Mode.FLAG
        assert policy.mode_for(foreign[Kind.EDITED]) is Mode.OFF


@given(MATCH, MODES, RULES)
def test_rules_about_something_else_change_nothing(match: Match, mode: Mode, rules: tuple[Rule, ...]) -> None:
    """The mode is the channel's own unless a rule fits, and then it is that of one which does."""
    policy = Policy(mode=mode, rules=rules)
    others = tuple(
        rule
        for rule in rules
        if rule.collection not in ("", match.reference.collection) or rule.kind not in (None, match.kind)
    )
    fitting = {rule.mode for rule in rules if rule not in others}

    assert replace(policy, rules=others).mode_for(match) is mode
    assert policy.mode_for(match) in (fitting or {mode})


def test_removing_is_no_way_to_flag() -> None:
    """A `flag` that asks for everything marks and replies; only `enforce` on a confirmed match does the rest."""
    verdict, policy = judge([found()], Thresholds()), Policy(mode=Mode.ENFORCE, flag=ON_THE_POST, enforce=ON_THE_POST)

    assert plan(verdict, policy, confirmed=False).acts == (Act.FLAG, Act.REPLY)
    assert plan(verdict, policy, confirmed=True).acts == ON_THE_POST


@pytest.mark.parametrize("outcome", [Outcome.REVIEW, Outcome.CLEAN, Outcome.UNSCANNABLE])
@pytest.mark.parametrize("mode", Mode)
def test_without_a_match_nothing_is_planned(outcome: Outcome, mode: Mode) -> None:
    """A doubt is a moderator's to settle: no mode acts on it."""
    planned = plan(Verdict(outcome=outcome), Policy(mode=mode), confirmed=True)

    assert (planned.acts, planned.would_have) == ((), ())


def test_the_reasons_of_each_outcome() -> None:
    """Each outcome carries the word that explains it."""
    cases = {
        "nothing-known": judge([found(confidence=0.2)], Thresholds()),
        "copy": judge([found()], Thresholds()),
        "unsure": judge([found(confidence=0.7)], Thresholds()),
        "look-alike": judge([found(Kind.SIMILAR, 0.6)], Thresholds()),
        "partial-frames": judge([], Thresholds(), "frames"),
    }

    assert {name: verdict.reason for name, verdict in cases.items()} == {name: name for name in cases}


@given(MATCHES, THRESHOLDS, CHOSEN, POLICIES, st.booleans())
def test_nobody_is_barred_for_other_content(
    matches: Sequence[Match], thresholds: Thresholds, chosen: frozenset[UUID], policy: Policy, confirmed: bool
) -> None:
    """No policy, threshold or history acts on a post without same content or the community's word on that reference."""
    verdict = judge(matches, thresholds, variants=chosen)
    planned = plan(verdict, policy, confirmed)
    if HARMLESS.issuperset((*planned.acts, *planned.would_have)):
        return
    assert verdict.best
    was = next(one for one in matches if one.reference == verdict.best.reference and one.kind is verdict.best.kind)

    assert shows_the_same(verdict.best) or (was.kind is Kind.TEMPLATE and was.reference.id in chosen)


@given(MATCHES, THRESHOLDS)
def test_what_nobody_chose_changes_nothing(matches: Sequence[Match], thresholds: Thresholds) -> None:
    """A choice about other references leaves the verdict as it is."""
    assert judge(matches, thresholds, variants={reference("else").id}) == judge(matches, thresholds)


@given(MATCHES, THRESHOLDS)
def test_a_template_is_a_review_at_most(matches: Sequence[Match], thresholds: Thresholds) -> None:
    """However sure the frame is, other content in it makes no match by itself, whatever the kind says."""
    best = judge(matches, thresholds).best
    verdict = judge([one for one in matches if one.kind is Kind.TEMPLATE], thresholds)

    assert verdict.outcome is not Outcome.MATCH
    assert best is None or judge(matches, thresholds).outcome is not Outcome.MATCH or best.kind is not Kind.TEMPLATE
    assert judge([found(content=Content.OTHER)], Thresholds()).outcome is Outcome.REVIEW


@given(SHARE, THRESHOLDS)
def test_a_variant_is_as_sure_as_its_frame(frame: float, thresholds: Thresholds) -> None:
    """Where a community acts on variants, a sure frame makes a match that says why; its kind stays what it is."""
    one = template(frame)
    verdict = judge([one], thresholds, variants={one.reference.id})
    is_sure = logistic(one.score) >= thresholds.match

    assert (verdict.outcome is Outcome.MATCH) == is_sure
    if is_sure:
        assert verdict.best == replace(one, confidence=logistic(one.score))
        assert (verdict.reason, verdict.matches[0].kind) == (VARIANT, Kind.TEMPLATE)
        assert plan(verdict, Policy(mode=Mode.ENFORCE), confirmed=True).acts == (Act.REMOVE,)
        assert plan(verdict, Policy(mode=Mode.ENFORCE), confirmed=False).acts == (Act.FLAG,)


def test_what_experience_lowered_is_no_variant() -> None:
    """Where moderators often called such matches wrong, the choice does not make them sure again."""
    lowered = replace(template(), confidence=0.6, claimed=0.99)

    assert judge([lowered], Thresholds(), variants={lowered.reference.id}).outcome is Outcome.REVIEW


@given(MATCHES, THRESHOLDS)
def test_a_variant_of_the_allowlist_excuses_nothing(matches: Sequence[Match], thresholds: Thresholds) -> None:
    """Neither does it accuse: the frame of an allowlisted picture says nothing of what is in it, whoever chose what."""
    allowed = template(purpose=Purpose.ALLOWLIST)
    chosen = judge([*matches, allowed], thresholds, variants={allowed.reference.id})

    assert chosen == judge([*matches, allowed], thresholds)
    assert RISK[chosen.outcome] == RISK[judge(matches, thresholds).outcome]


def test_what_may_be_acted_on_goes_first() -> None:
    """A surer copy whose content is unsettled does not hide one of the same content, nor a variant."""
    same, unsettled = found(confidence=0.93, key="a"), found(confidence=0.99, key="b", content=Content.UNSETTLED)
    variant = template(0.95, "c")
    doubtful = judge([unsettled], Thresholds())

    assert judge([unsettled, same], Thresholds()).best == same
    assert judge([unsettled, variant], Thresholds(), variants={variant.reference.id}).reason == VARIANT
    assert (doubtful.outcome, doubtful.reason) == (Outcome.MATCH, "copy")
    assert plan(doubtful, Policy(mode=Mode.ENFORCE), confirmed=True).acts == (Act.FLAG,)
    assert plan(doubtful, Policy(mode=Mode.DRY_RUN), confirmed=True).would_have == (Act.FLAG,)


def test_the_same_pixels_need_no_reading() -> None:
    """An exact copy is the same content, whatever nobody read of it."""
    verdict = judge([found(Kind.EXACT, 1.0, content=Content.UNSETTLED)], Thresholds())

    assert plan(verdict, Policy(mode=Mode.ENFORCE), confirmed=True).acts == (Act.REMOVE,)
