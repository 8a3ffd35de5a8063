"""What a comparison of the lab says: a table, a sentence before and one after it, and its chart; as one HTML file.

Sheet --as_html(chart)--> a page that needs nothing else
Sheet --as_json()-------> the rows as plain values
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.report import environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`rows` are shown, one cell a column, the first a name; `values` are the same as numbers, for programs.

    `chart_says` tells in words what the chart shows.
    """

    title: str
    lead: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    values: Sequence[Mapping[str, Any]]
    chart_says: str
    note: str = ""


def as_html(sheet: Sheet, png: bytes) -> str:
    """Return the page; `png` is its chart."""
    chart = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return environment().get_template("sheet.html").render(sheet=sheet, chart=chart)


def as_json(sheet: Sheet) -> Mapping[str, Any]:
    """Return title and rows."""
    return {"title": sheet.title, "lead": sheet.lead, "rows": [dict(row) for row in sheet.values]}
