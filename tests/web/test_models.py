"""What is said to the API is what its models hold: everything else is told in one sentence."""

import io

import pytest
from aiohttp import FormData

from tests.web.conftest import KNOWN
from tests.web.fakes import Desk, picture
from tests.web.test_api import REFERENCES, call

URL = "https://example.org/known.png"


def form(*fields: tuple[str, str], image: bytes = KNOWN) -> FormData:
    """A form with an image and the fields."""
    made = FormData()
    for name, value in fields:
        made.add_field(name, value, content_type="text/plain")
    made.add_field("image", io.BytesIO(image), filename="x.png")
    return made


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("POST", "/api/search", {"url": URL, "colour": "red"}),
        ("POST", "/api/similar", {"url": URL, "title": "x"}),
        ("POST", "/api/posts", {"url": URL, "file_name": "x"}),
        ("POST", f"{REFERENCES}?key=x", {"url": URL, "titel": "x"}),
        ("PATCH", f"{REFERENCES}/logo", {"key": "x"}),
        ("POST", "/api/collections", {"name": "x", "size": "3"}),
    ],
)
async def test_an_unknown_field_is_told(front: Desk, method: str, path: str, said: dict[str, str]) -> None:
    """Of JSON and of a form: a slip of the pen must not go unseen."""
    wrong = list(said)[-1]
    as_json = await call(front, method, path, 400, json=said)

    assert as_json["error"]["message"].startswith(f"There is no '{wrong}' here; there is ")
    if method == "POST" and "url" in said:
        as_form = await call(front, method, path, 400, data=form((wrong, "x")))
        assert f"'{wrong}'" in as_form["error"]["message"]


@pytest.mark.parametrize("value", [5, None, ["x"], {"x": 1}, True])
async def test_a_text_is_a_text(front: Desk, value: object) -> None:
    """Nothing is made one that is none."""
    said = await call(front, "PATCH", f"{REFERENCES}/logo", 400, json={"title": value})

    assert said["error"]["message"] == "'title' must be a string."


async def test_what_is_given_twice_is_told(front: Desk) -> None:
    """Which of the two was meant is not guessed at; collections may be several."""
    in_query = await call(front, "POST", "/api/search?top=1&top=2", 400, data=KNOWN)
    in_form = await call(front, "POST", REFERENCES, 400, data=form(("key", "a"), ("key", "b")))
    in_pairs = await call(front, "POST", "/api/search", 400, data=[("url", URL), ("url", "https://example.org/")])

    assert in_query["error"]["message"] == "'top' is given twice."
    assert in_form["error"]["message"] == "'key' is given twice."
    assert in_pairs["error"]["message"] == "'url' is given twice."
    assert (await call(front, "POST", "/api/search?collection=library&collection=library", data=KNOWN))["matches"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("top=0", "'top' must be a whole number from 1 to 50."),
        ("top=51", "'top' must be a whole number from 1 to 50."),
        ("top=1.0", "'top' must be a whole number from 1 to 50."),
        ("top=%2B5", "'top' must be a whole number from 1 to 50."),
        ("top=1_0", "'top' must be a whole number from 1 to 50."),
        ("top=٣", "'top' must be a whole number from 1 to 50."),
        (f"top={'9' * 5000}", "'top' must be a whole number from 1 to 50."),
        ("evidence=2", "'evidence' must be true or false."),
        ("all_candidates=null", "'all_candidates' must be true or false."),
    ],
)
async def test_a_wrong_query_is_told_in_a_sentence(front: Desk, query: str, sentence: str) -> None:
    """It names the field and what it may be."""
    assert (await call(front, "POST", f"/api/search?{query}", 400, data=KNOWN))["error"]["message"] == sentence


async def test_a_name_that_others_add_is_no_mistake(front: Desk) -> None:
    """What stands between may add its own names to a query."""
    assert (await call(front, "POST", "/api/search?utm_source=x", data=KNOWN))["verdict"] == "match"


async def test_what_a_form_says_goes_before_the_query(front: Desk) -> None:
    """Field by field, and an empty field is said, too."""
    await call(front, "POST", f"{REFERENCES}?key=q&title=Q&owner=Ann&replace=true", 201, data=form(image=picture(9)))
    sent = form(("key", "q"), ("title", "F"), ("rights", ""), ("replace", "false"), image=picture(9))
    await call(front, "POST", f"{REFERENCES}?key=other&title=Q&rights=all&replace=true", data=sent)
    kept = await call(front, "GET", f"{REFERENCES}/q")
    refused = form(("key", "q"), ("replace", "false"), image=picture(10))

    assert (kept["title"], kept["owner"], kept["rights"]) == ("F", "Ann", "")
    await call(front, "POST", f"{REFERENCES}?replace=true", 409, data=refused)
    assert (await call(front, "POST", REFERENCES, json={"url": URL, "key": "q", "replace": True}))[
        "result"
    ] == "replaced"
