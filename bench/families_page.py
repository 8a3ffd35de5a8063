"""docs/families.md, as it follows from the code and from the sheets that are there: `make docs` writes it.

lab.families.suite      -> the table of families and the edits
docs/images/families    -> the sheets shown (`bench.family_sheets`)
"""

from collections.abc import Mapping
from pathlib import Path

from lab.edits.suite import SUITE
from lab.families import suite
from lab.families.fragments import FRAGMENTS
from lab.families.kit import Family

SHEETS = Path(__file__).parent.parent / "docs" / "images" / "families"
ERRORS = {
    "errors-match": "Look-alikes that are called a match, the surest first",
    "errors-acted": "Look-alikes that could be acted on without a moderator",
    "errors-shared": "Pictures that share a fragment, a meme, an app or a place, and are called copies",
    "errors-lost": "True copies that are no match, the least sure first",
}

PAGE = """# Families of look-alikes

Written by `make docs` from lab/families and docs/images/families; change those instead.

A match means the same content. So we draw pictures that have everything in common but that: the same frame with another
thing in it. A *family* is one kind of them. Its *twins*, reference and query, share layout, ground and ornaments pixel
by pixel; the style is rolled anew for each pair. {families} families, {photographic} of them over photographs,
{pairs:,} pairs; the same number gives the same pixels:

```python
from lab.families.suite import UNSEEN, negatives, positives

twins = UNSEEN["scoreboard"].twins(7)
others = dict(negatives(UNSEEN["scoreboard"], 7))  # the query as it is, and under five edits: never a copy
copies = dict(positives(UNSEEN["scoreboard"], 7))  # the reference under seven edits: always a copy
```

- Every query is asked as it is and under {edits}.
  A crop still shows at least half of what differs: or else it would be a true copy of a part.
- Beside them the references go through {hard},
  as true copies that must not be lost.
- A fit may look at the *seen* families. The *unseen* ones were drawn without the matching in view, and nothing is tuned
  on them: figures are told for these.
- `python -m bench.bench_families` measures ([benchmarks.md](benchmarks.md#look-alikes)): each pair under some of the
  edits, with `--all` under all of them.
- The families need `matplotlib` and `scikit-image` (extra `lab`) for typefaces and photographs, and
  `cvttf-notosanscjk-regular` for Chinese letters. Brands and people in them are made up; so are the faces.

## Seen: {seen} families, {seen_pairs} pairs each

{seen_table}

## Unseen: {unseen} families, {unseen_pairs} pairs each

{unseen_table}

## Fragments

Two *unrelated* pictures that share a strip are no copies of each other either; each pair has its own strip.

{fragments}

## What they look like

`python -m bench.family_sheets` draws number 0 of each family: reference, query, and the third panel of the evidence
picture, orange where the two are taken not to be the same. Boxes show where the two drawings really differ.

{sheets}
{errors}"""

WRONG = """
## The worst errors

Of the run whose figures are in [benchmarks.md](benchmarks.md#look-alikes): at most ten of each sort, one of a family
while there are others. `python -m bench.bench_families --report DIR`, then
`python -m bench.family_sheets --errors DIR/families.json`.

{sheets}
"""


def page() -> str:
    """docs/families.md"""
    every = [*suite.SEEN.values(), *suite.UNSEEN.values()]
    return PAGE.format(
        families=len(every),
        photographic=sum(family.is_photographic for family in every),
        pairs=len(suite.SEEN) * suite.SEEN_PAIRS + len(suite.UNSEEN) * suite.UNSEEN_PAIRS,
        edits=_listed(suite.EDITS),
        hard=_listed(suite.HARD),
        seen=len(suite.SEEN),
        seen_pairs=suite.SEEN_PAIRS,
        seen_table=_table(suite.SEEN),
        unseen=len(suite.UNSEEN),
        unseen_pairs=suite.UNSEEN_PAIRS,
        unseen_table=_table(suite.UNSEEN),
        fragments=_table(FRAGMENTS),
        sheets=_sheets(),
        errors=_errors(),
    )


def _listed(edits: tuple[str, ...]) -> str:
    names = [f"`{SUITE[edit].name}`" for edit in edits]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _table(families: Mapping[str, Family]) -> str:
    rows = [f"| `{one.name}` | {one.says} | {'yes' if one.is_photographic else ''} |" for one in families.values()]
    return "\n".join(("| family | what differs | photographs |", "|---|---|---|", *rows))


def _sheets() -> str:
    names = sorted(path.stem for path in SHEETS.glob("*.jpg") if path.stem not in ERRORS)
    said = [f"Families {name.replace('-', ', sheet ')}" for name in names]
    return "\n\n".join(f"![{title}](images/families/{name}.jpg)" for name, title in zip(names, said, strict=True))


def _errors() -> str:
    there = {name: title for name, title in ERRORS.items() if (SHEETS / f"{name}.jpg").exists()}
    shown = [f"{title}:\n\n![{title}](images/families/{name}.jpg)" for name, title in there.items()]
    return WRONG.format(sheets="\n\n".join(shown)) if shown else ""
