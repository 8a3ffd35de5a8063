"""The description of the API is the API."""

from typing import Any

from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from handlers import similar
from tests.web.conftest import KNOWN
from tests.web.fakes import Desk, copy_of, picture
from tests.web.test_api import REFERENCES, call
from web.app import API
from web.openapi import spec

SPEC = spec("0.0.0")


def check(name: str, said: Any) -> None:
    """The answer has exactly the documented fields."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}
    errors = [error.message for error in OAS31Validator(schema).iter_errors(said)]

    assert errors == []


def test_the_description_is_valid() -> None:
    """It is OpenAPI 3.1, as tools read it."""
    validate(SPEC)


def test_every_route_is_described_and_every_description_is_a_route() -> None:
    """Nothing is hidden and nothing is made up."""
    described = {(verb.upper(), path) for path, verbs in SPEC["paths"].items() for verb in verbs}

    assert {(route.method, route.path) for route in API} == described


def test_every_operation_has_its_own_name() -> None:
    """Generated clients need a name for each call."""
    names = [one["operationId"] for verbs in SPEC["paths"].values() for one in verbs.values()]

    assert len(names) == len(set(names))


async def test_searches_answer_as_described(front: Desk) -> None:
    """Matches, misses, broken files and errors have the documented fields."""
    check("Finding", await call(front, "POST", "/api/search", data=copy_of(KNOWN)))
    check("Finding", await call(front, "POST", "/api/search", data=KNOWN))
    check("Finding", await call(front, "POST", "/api/search", data=picture(2)))
    check("Finding", await call(front, "POST", "/api/search", data=b"nothing"))
    check("Finding", await call(front, "POST", "/api/search?evidence=1", data=copy_of(KNOWN)))
    check("Finding", await call(front, "POST", "/api/search?evidence=1", data=picture(2)))
    check("Error", await call(front, "POST", "/api/search?top=0", 400, data=b"x"))
    await similar.catch_up(front.services)
    check("SimilarReferences", await call(front, "POST", "/api/similar", data=copy_of(KNOWN)))


async def test_posts_and_cases_answer_as_described(front: Desk) -> None:
    """Before and after the verdict, the decision and the undo."""
    received = await call(front, "POST", "/api/posts", 202, data=copy_of(KNOWN))
    check("Received", received)
    check("Post", await call(front, "GET", f"/api/posts/{received['id']}"))
    await front.settle()
    check("Post", await call(front, "GET", f"/api/posts/{received['id']}"))
    check("Case", await call(front, "POST", "/api/cases/1/decision", json={"decision": "violation"}))
    await front.settle()
    check("Case", await call(front, "POST", "/api/cases/1/undo"))
    check("Cases", await call(front, "GET", "/api/cases"))


async def test_the_catalogue_answers_as_described(front: Desk) -> None:
    """Collections and references from their making to their end."""
    check("Collection", await call(front, "POST", "/api/collections", 201, json={"name": "memes"}))
    check("Collections", await call(front, "GET", "/api/collections"))
    check("AddedReference", await call(front, "POST", f"{REFERENCES}?key=x", 201, data=picture(2)))
    check("References", await call(front, "GET", REFERENCES))
    check("Reference", await call(front, "GET", f"{REFERENCES}/x"))
    check("Reference", await call(front, "PATCH", f"{REFERENCES}/x", json={"title": "X"}))
    check("Removed", await call(front, "DELETE", f"{REFERENCES}/x"))
    check("Deleted", await call(front, "DELETE", "/api/collections/memes"))
    check("Health", await call(front, "GET", "/api/health"))


async def test_the_description_is_served_and_readable(front: Desk) -> None:
    """The JSON and the page need no token, and the page names every route."""
    served = await call(front, "GET", "/api/openapi.json")
    page = await front.page("/api")

    assert served == SPEC
    assert all(f"<code>{path}</code>" in page for path in SPEC["paths"])
