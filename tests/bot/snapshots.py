"""The cards in words, as files to read: tests/bot/snapshots/en/*.txt and zh/*.txt.

python -m tests.bot.snapshots    writes them again; read what changed before you keep it
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from core.messages import Card
from core.wording import LANGUAGES, Words
from handlers.chat.cards import alert_card, answer_card, case_card
from handlers.chat.why_card import why_card
from tests.bot.cases import (
    ANSWERS,
    BACKGROUND,
    CASES,
    COINS,
    COMMUNITY,
    KEPT_UNTIL,
    alert,
    case,
    chosen,
    explanation,
    unsettled,
)

FOLDER = Path(__file__).parent / "snapshots"

type Show = Callable[[Words], Card]


def cards() -> Mapping[str, Show]:
    """Every card by the name of its file."""
    return {
        "alert": lambda words: alert_card(words, alert(), case()),
        "alert-burst": lambda words: alert_card(words, alert(14), case()),
        "why": lambda words: why_card(words, explanation()),
        "why-variant": lambda words: why_card(words, chosen()),
        "why-unsettled": lambda words: why_card(words, unsettled()),
        "alert-variant": lambda words: alert_card(words, alert(of=COINS), CASES["match-variant"]),
        "why-unwatched": lambda words: why_card(words, explanation("unwatched", ())),
        **{f"case-{name}": partial(_case, name) for name in CASES},
        **{f"answer-{name}": partial(_answer, name) for name in ANSWERS},
    }


def _case(name: str, words: Words) -> Card:
    return case_card(words, CASES[name], COMMUNITY, KEPT_UNTIL, background=BACKGROUND)


def _answer(name: str, words: Words) -> Card:
    return answer_card(words, ANSWERS[name])


def written(card: Card) -> str:
    """A card as a person would copy it down."""
    lines = [f"{card.title}   ({card.tone})", ""]
    for line in card.lines:
        label = f"{line.label}{card.colon}" if line.label else ""
        shown = f"{line.plain} <{line.url}>" if line.url else line.plain
        rows = "\n".join(f"    {row}" for row in shown.split("\n"))
        lines.append(f"{label.rstrip()}\n{rows}" if "\n" in shown else f"{label}{shown}")
    buttons = [f"[{button.label}]  {button.data}, {button.style}" for button in card.buttons]
    link = [f"[{card.link_label}]  {card.link}"] if card.link else []
    blocks = ["\n".join(lines), "\n".join([*buttons, *link]), "\n".join(filter(None, (card.legend, card.footer)))]
    return "\n\n".join(block for block in blocks if block) + "\n"


def snapshots() -> Mapping[Path, str]:
    """What each file should hold."""
    return {
        FOLDER / language / f"{name}.txt": written(show(Words.of(language)))
        for language in LANGUAGES
        for name, show in cards().items()
    }


def write() -> None:
    for path in FOLDER.glob("*/*.txt"):
        path.unlink()
    for path, text in snapshots().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
