"""What the fuzzer sends as pictures and as addresses; loaded by tests/fuzz/schemathesis.toml."""

from typing import Any
from urllib.parse import urlencode

import schemathesis
from hypothesis import strategies

from tests.web.fakes import copy_of, picture

PICTURES = [picture(1), copy_of(picture(1)), picture(2, (90, 70)), picture(3, (64, 64), "GIF"), picture(4, form="WEBP")]


@strategies.composite
def cut(draw: strategies.DrawFn) -> bytes:
    """A picture that breaks off."""
    whole = draw(strategies.sampled_from(PICTURES))
    return whole[: draw(strategies.integers(1, len(whole)))]


FILES = strategies.sampled_from(PICTURES) | cut() | strategies.binary(min_size=1, max_size=2000)
for kind in ("image/png", "image/jpeg", "video/mp4", "application/octet-stream"):
    schemathesis.openapi.media_type(kind, FILES)

HOSTS = ("pictures.example", "nowhere.example", "127.0.0.1", "10.0.0.1", "[::1]", "2130706433", "x.invalid")
schemathesis.openapi.format(
    "uri",
    strategies.builds(
        "{}://{}{}/{}".format,
        strategies.sampled_from(("http", "https")),
        strategies.sampled_from(HOSTS),
        strategies.sampled_from(("", ":80", ":1", ":443")),
        strategies.sampled_from(("", "known.png", "broken.png", "%00", "?x=%ff#y")),
    ),
)

LONGEST_LINE = 7000
"""Of the 8,190 bytes of a request's first line that are read, with room for the path; no schema can say that."""


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:  # noqa: ARG001
    """Whether a line of HTTP can hold the query."""
    return len(urlencode(case.query or {}, doseq=True, errors="replace")) < LONGEST_LINE
