"""Why a post was treated as it was, as a card for the staff. Pure."""

from core.chat import Explanation, Gate, Judged
from core.messages import Card, Line
from core.telling import differing, overturned, percent, reason_words, sureness
from core.wording import Words
from handlers.chat.card_history import TONES, based_on
from handlers.chat.card_text import comma, filled, title_of

YES_OR_NO = frozenset({"copy", "variant", "content", "confirmed"})


def why_card(words: Words, explanation: Explanation) -> Card:
    """Why a post was treated as it was, and what each of the nearest references lacked."""
    policy, verdict = explanation.policy, explanation.finding.verdict
    limits = {name: f"{100 * getattr(policy.thresholds, name):.4g}" for name in ("match", "review")}
    result = {"verdict": words(f"verdict.{verdict.outcome}"), "reason": reason_words(words, verdict)}
    lines = [
        Line(text=words(f"why.{explanation.standing}")),
        Line(label=words("why.mode"), text=words(f"mode.{policy.mode}")),
        Line(label=words("why.thresholds"), text=words("why.limits", **limits)),
        Line(label=words("why.result"), text=words("why.result-line", **result).strip()),
        Line(text=based_on(words, explanation.based_on)),
        *(_judged(words, one) for one in explanation.nearest[:5]),
    ]
    return Card(title=words("why.title"), tone=TONES[verdict.outcome], lines=filled(lines), colon=words("card.colon"))


def _judged(words: Words, judged: Judged) -> Line:
    match = judged.match
    how = comma(words, [words(f"kind.{match.kind}"), sureness(words, match.confidence)])
    past = overturned(words, judged.experience, match)
    is_sure = all(gate.passed for gate in judged.gates if gate.name == "match")
    content = differing(words, match, is_sure=is_sure, for_staff=True)
    rows = [how, *filter(None, [content]), *(_gate(words, gate) for gate in judged.gates), *filter(None, [past])]
    return Line(label=title_of(match.reference), text="\n".join(rows))


def _gate(words: Words, gate: Gate) -> str:
    mark = "✓" if gate.passed else "✗"
    name = words(f"why.{gate.name}") if words.has(f"why.{gate.name}") else gate.name
    if gate.name in YES_OR_NO:
        return words("why.answered", mark=mark, name=name, answer=words("why.yes" if gate.passed else "why.no"))
    value, limit = percent(max(0.0, gate.value)), round(gate.limit * 100)
    return words("why.measured", mark=mark, name=name, value=value, limit=limit)
