"""Answers and cards as lines of a terminal. Pure: what strangers wrote is one line, and no control character stays."""

from collections.abc import Iterator

from core.messages import Answer, Card, Row
from core.telling import said
from core.wording import Words


def lines_of(answer: Answer) -> tuple[str, ...]:
    """The lines of an answer, without its buttons."""
    lines = said(Words.of(answer.language), answer.said).split("\n") if answer.said else []
    lines += [_row(row) for row in answer.rows]
    for card in answer.cards:
        lines += _card(card)
    return tuple(lines)


def _row(row: Row) -> str:
    parts = (row.code, row.text, row.note, f"<{row.url}>" if row.url else "")
    return "  " + "  ".join(part for part in parts if part)


def _card(card: Card) -> Iterator[str]:
    """Without the legend of the evidence picture, which a terminal does not show."""
    yield f"== {card.title} =="
    for line in card.lines:
        rows = line.plain.split("\n")
        label = f"{line.label}{card.colon}" if line.label else ""
        if len(rows) == 1:
            yield f"{label}{line.plain}" + (f" <{line.url}>" if line.url else "")
        elif not label:
            yield from rows
        else:
            yield label.rstrip()
            yield from (f"    {row}" for row in rows)
    yield from (text for text in (card.footer, card.link) if text)
