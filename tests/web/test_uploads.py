"""Whoever sends a picture as the description says gets an answer, and whoever sends it another way reads how."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import FormData

from core.types import Purpose
from handlers.collections import create_collection
from tests.web.conftest import KNOWN
from tests.web.fakes import BEARER, Desk, copy_of
from web.openapi import spec

SPEC = spec("0.0.0")
LARGE = KNOWN + bytes(5 << 18)
"""Above the 1 MB that the words of a form may have."""


def resolved(said: Any) -> Any:
    return SPEC["components"]["schemas"][said["$ref"].rpartition("/")[2]] if "$ref" in said else said


def uploads() -> Iterator[tuple[str, str, str, Any]]:
    """Every kind of body that brings a picture: method, path, type of the body and its schema."""
    for path, calls in SPEC["paths"].items():
        for method, call in calls.items():
            for kind, body in call.get("requestBody", {}).get("content", {}).items():
                if "json" not in kind and "urlencoded" not in kind:
                    yield method, path, kind, resolved(body["schema"])


def test_pictures_are_described_as_files() -> None:
    """Generated clients take a field for a file by `format: binary` alone; there is one of each call that takes any."""
    found = list(uploads())
    files = [schema["properties"]["image"] if "form" in kind else schema for _, _, kind, schema in found]

    assert {path for _, path, _, _ in found} == {
        "/api/search",
        "/api/similar",
        "/api/posts",
        "/api/collections/{name}/references",
    }
    assert [(resolved(one).get("type"), resolved(one).get("format")) for one in files] == [
        ("string", "binary") for _ in found
    ]


@pytest.mark.parametrize(("method", "path", "kind"), [one[:3] for one in uploads()])
async def test_a_client_made_from_the_description_uploads(front: Desk, method: str, path: str, kind: str) -> None:
    """Each call, with each kind of body that it describes."""
    await create_collection(front.services, "new", Purpose.LIBRARY)
    data: Any = FormData() if "form" in kind else copy_of(KNOWN)
    if isinstance(data, FormData):
        data.add_field("image", copy_of(KNOWN), filename="a.jpg", content_type="image/jpeg")
    path = path.replace("{name}", "new") + ("?key=a" if "references" in path else "")
    headers = BEARER if "form" in kind else BEARER | {"Content-Type": "image/jpeg"}
    async with front.client.request(method, path, data=data, headers=headers) as answer:
        text = await answer.text()

    assert answer.status in (200, 201, 202) or (path == "/api/similar" and "still being embedded" in text), text


@pytest.mark.parametrize("names", [("picture",), ("image", "image"), ("image", "file"), ("file", "image")])
@pytest.mark.parametrize("data", [KNOWN, LARGE], ids=["small", "large"])
async def test_a_picture_elsewhere_is_told_where_it_belongs(front: Desk, names: tuple[str, ...], data: bytes) -> None:
    """Under another name, or a second one, however large: the sentence names the field, not some other limit."""
    form = FormData()
    for name in names:
        form.add_field(name, io.BytesIO(data), filename="a.png", content_type="image/png")
    async with front.client.post("/api/search", data=form, headers=BEARER) as answer:
        told = await answer.json()

    assert (answer.status, told["error"]["reason"]) == (400, "usage")
    assert "one image, in the field 'image'" in told["error"]["message"]
