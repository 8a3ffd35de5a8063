"""The buttons below the card of a case: what a moderator can do now. Pure."""

from collections.abc import Collection as Group
from collections.abc import Set

from core.cases import Case
from core.chat import Choice
from core.decided_images import is_known
from core.messages import Button, Style
from core.telling import one_line
from core.types import Act, Decision, Kind
from core.wording import Words
from handlers.braking import may_release
from handlers.chat import data
from handlers.chat.card_acts import offered
from handlers.chat.card_adding import may_be_added
from handlers.chat.card_text import would_have
from handlers.chat.twice import NAME, name_of


def buttons_of_case(
    words: Words, case: Case, variants: Choice | None, does: Set[Act], enforce: Group[Act] = (Act.REMOVE,)
) -> tuple[Button, ...]:
    """Decide while nobody has, else undo, and act on the author by hand.

    `variants` is what staff chose about variants of the best match, `does` are the acts on authors that there are,
    `enforce` is what a violation does to a post here. The buttons of a burst say for how many posts they are.
    """
    further = (
        *([_button(words("brake.release"), case, "release")] if may_release(case) else []),
        *([_of_variants(words, case, variants)] if is_template(case) else []),
        *([_button(words("card.add"), case, "add")] if may_be_added(case) else []),
    )
    further += _undo_earlier(words, case)
    why = _button(words("card.why"), case, "why")
    if case.standing:
        by_hand = (_button(_on_author(words, case, act), case, act.value) for act in offered(case, does))
        return _button(_undo(words, case), case, "undo"), *by_hand, *further, why
    no_match = _button(words("decision.not_a_match"), case, "not_a_match")
    return (
        _button(_violation(words, case, enforce), case, "violation", "danger"),
        _button(words("decision.allowed"), case, "allowed", "success"),
        *((no_match,) if case.verdict.best else ()),
        *further,
        _button(words("decision.abuse"), case, "abuse"),
        why,
    )


def _undo_earlier(words: Words, case: Case) -> tuple[Button, ...]:
    """Take back what was decided about the image of which this one is a copy."""
    record = case.based_on
    if record is None or record.undone_at is not None or record.decision is Decision.UNSURE:
        return ()
    label = words("card.undo-earlier", number=record.case)
    return (Button(label=label, data=data.of_case(record.case, "undo")),)


def is_template(case: Case) -> bool:
    """Whether its best match is a frame on whose variants staff may choose to act: an allowlist accuses nobody."""
    best = case.verdict.best
    return best is not None and best.kind is Kind.TEMPLATE and is_known(best.reference)


def _button(label: str, case: Case, action: str, style: Style = "plain") -> Button:
    return Button(label=label, data=data.of_case(case.id, action, _posts(case)), style=style)


def _posts(case: Case) -> int:
    return case.burst.posts if case.burst else 1


def _of_variants(words: Words, case: Case, chosen: Choice | None) -> Button:
    """Each button says and means one thing: of two who press the same, the second must not take back the first."""
    is_chosen = bool(chosen and chosen.variants)
    label = words("case.leave_variants" if is_chosen else "case.act_on_variants")
    return _button(label, case, "leave" if is_chosen else "variants")


def _on_author(words: Words, case: Case, act: Act) -> str:
    """Of several who posted the same, whom it is about; of one alone the card says all."""
    act_word = words(f"act.{act}")
    if case.burst is None or case.burst.people <= 1:
        return act_word
    author = case.event.author
    name = one_line(name_of(case, author), NAME) or one_line(author, NAME)
    return words("twice.act-on", act=act_word, name=name)


def _undo(words: Words, case: Case) -> str:
    posts = _posts(case)
    return words("decision.undo") if posts == 1 else words("burst.undo", count=posts)


def _violation(words: Words, case: Case, enforce: Group[Act]) -> str:
    """Where a dry run held the removal back, or many posts go at once, the button says so."""
    if (posts := _posts(case)) > 1:
        return words("burst.violation-remove" if Act.REMOVE in enforce else "burst.violation", count=posts)
    return words(_of_one(case))


def _of_one(case: Case) -> str:
    return "card.violation-remove" if Act.REMOVE in would_have(case) else "decision.violation"
