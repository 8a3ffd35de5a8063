"""The API's description as OpenAPI 3.1: `spec(version)` is served as JSON and rendered as a page.

A test compares it with the routes of web/app.py, and real answers with its schemas (web/schemas.py).
"""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from web.bodies import By, Decided, NewCollection
from web.schemas import COMPONENTS

type Node = dict[str, Any]

IMAGE: Node = {
    "type": "string",
    "format": "binary",
    "contentMediaType": "image/*",
    "description": "The image, or a video.",
}
WORDS = ("title", "source_url", "owner", "rights", "note")
TEXT: Node = {"type": "string"}
REF = "#/components/schemas/"
BODIES = (By, Decided, NewCollection)


def spec(version: str) -> Node:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Resight",
            "version": version,
            "summary": "Recognises images it has seen before, wherever they are reposted.",
            "description": 'Every failure is one sentence: {"error": {"reason", "message"}}.',
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in ("search", "posts", "cases", "catalogue", "service")],
        "paths": {**_search(), **_posts(), **_cases(), **_collections(), **_references(), **_service()},
        "components": {
            "schemas": COMPONENTS | _bodies(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "The access token."}},
        },
    }


def _bodies() -> Node:
    """The bodies of requests, as web/bodies.py reads them."""
    made = models_json_schema([(one, "validation") for one in BODIES], ref_template="#/components/schemas/{model}")
    schemas: Node = made[1]["$defs"]
    words = {f"{REF}{name}": f"{REF}{name}Word" for name, one in schemas.items() if "enum" in one}
    return {f"{name}Word" if "enum" in one else name: _renamed(one, words) for name, one in schemas.items()}


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    """The schema with other names for what it refers to: answers have a `Decision` of their own."""
    if isinstance(node, dict):
        return {key: names.get(one, one) if key == "$ref" else _renamed(one, names) for key, one in node.items()}
    return node


def _ref(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Node) -> Node:
    return {"application/json": {"schema": schema}}


def _path(name: str, kind: str = "string") -> Node:
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def _query(name: str, schema: Node, about: str) -> Node:
    return {"name": name, "in": "query", "schema": schema, "description": about}


def _body(content: Node) -> Node:
    return {"required": True, "content": content}


def _upload(fields: tuple[str, ...] = ()) -> Node:
    """An image as raw bytes (fastest), as a form field, or by its address."""
    texts = dict.fromkeys(fields, TEXT)
    form = {"type": "object", "properties": {"image": IMAGE, "url": TEXT, **texts}}
    said = {"type": "object", "properties": {"url": {"type": "string", "format": "uri"}, **texts}, "required": ["url"]}
    raw = {"image/*": {"schema": IMAGE}, "video/*": {"schema": IMAGE}, "application/octet-stream": {"schema": IMAGE}}
    return _body({**raw, "multipart/form-data": {"schema": form}, "application/json": {"schema": said}})


def _operation(tag: str, name: str, about: str, answers: dict[int, tuple[str, str]], **more: Any) -> Node:
    """One operation: its good answers by status, and the one shape of every failure."""
    good = {
        str(status): {"description": said, "content": _json(_ref(shape))} for status, (said, shape) in answers.items()
    }
    bad = {"description": "What went wrong, in one sentence.", "content": _json(_ref("Error"))}
    return {"tags": [tag], "operationId": name, "summary": about, "responses": {**good, "default": bad}, **more}


def _search() -> Node:
    parameters = [
        _query("top", {"type": "integer", "minimum": 1, "maximum": 50, "default": 5}, "Most matches to answer."),
        _query("all_candidates", {"type": "boolean", "default": False}, "Also pairs below every threshold."),
        _query("evidence", {"type": "boolean", "default": False}, "Also a picture of the best match."),
        _query("collection", {"type": "array", "items": TEXT}, "Look only in this collection; may be repeated."),
    ]
    found = {200: ("The verdict and its matches.", "Finding")}
    post = _operation("search", "search", "Look an image up.", found, parameters=parameters, requestBody=_upload())
    return {"/api/search": {"post": post}, **_similar()}


def _similar() -> Node:
    parameters = [
        _query("top", {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}, "Most references to answer."),
        _query("collection", {"type": "array", "items": TEXT}, "Look only in this collection; may be repeated."),
    ]
    words = _query("text", TEXT, "What to look for, in words.") | {"required": True}
    found = {200: ("The nearest first.", "SimilarReferences")}
    about = "What looks like an image, copy or not; needs a second model."
    post = _operation("search", "similar", about, found, parameters=parameters, requestBody=_upload())
    get = _operation("search", "byWords", "What shows what words say.", found, parameters=[words, *parameters])
    return {"/api/similar": {"get": get, "post": post}}


def _posts() -> Node:
    parameters = [_query("author", TEXT, "Who posted it."), _query("file_name", TEXT, "Its file name.")]
    taken = {202: ("Received; the verdict follows.", "Received")}
    about = "Post an image to the built-in channel."
    add = _operation("posts", "addPost", about, taken, parameters=parameters, requestBody=_upload(("author",)))
    get = _operation(
        "posts", "getPost", "A post and its verdict.", {200: ("The post.", "Post")}, parameters=[_path("id")]
    )
    return {"/api/posts": {"post": add}, "/api/posts/{id}": {"get": get}}


def _cases() -> Node:
    number, one = [_path("id", "integer")], {200: ("The case.", "Case")}
    parameters = [
        _query("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, "Most cases to answer."),
        _query("before", {"type": "integer", "minimum": 1}, "Only cases with a smaller id."),
    ]
    listed = {200: ("Newest first.", "Cases")}
    by = {"required": False, "content": _json(_ref("By"))}
    decide = _operation(
        "cases", "decide", "Decide a case.", one, parameters=number, requestBody=_body(_json(_ref("Decided")))
    )
    undo = _operation("cases", "undo", "Take the decision in force back.", one, parameters=number, requestBody=by)
    release = _operation("cases", "release", "Let go of the brake that held.", one, parameters=number, requestBody=by)
    return {
        "/api/cases": {"get": _operation("cases", "listCases", "Cases.", listed, parameters=parameters)},
        "/api/cases/{id}": {"get": _operation("cases", "getCase", "One case.", one, parameters=number)},
        "/api/cases/{id}/decision": {"post": decide},
        "/api/cases/{id}/undo": {"post": undo},
        "/api/cases/{id}/release": {"post": release},
    }


def _collections() -> Node:
    listed, made = {200: ("All collections.", "Collections")}, {201: ("Made.", "Collection")}
    gone = {200: ("Deleted with its references.", "Deleted")}
    create = _operation(
        "catalogue", "createCollection", "Make a collection.", made, requestBody=_body(_json(_ref("NewCollection")))
    )
    delete = _operation("catalogue", "deleteCollection", "Delete a collection.", gone, parameters=[_path("name")])
    return {
        "/api/collections": {
            "get": _operation("catalogue", "listCollections", "Collections.", listed),
            "post": create,
        },
        "/api/collections/{name}": {"delete": delete},
    }


def _references() -> Node:
    name, words = _path("name"), ("key", *WORDS)
    paging = [
        _query(
            "limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "Most references to answer."
        ),
        _query("after", TEXT, "Only keys past this one."),
    ]
    listed = {200: ("By key.", "References")}
    added = {200: ("Replaced, changed or unchanged.", "AddedReference"), 201: ("Added.", "AddedReference")}
    said = [name, *(_query(word, TEXT, "What is said of the image; also as a form field.") for word in words)]
    said.append(_query("replace", {"type": "boolean", "default": False}, "Whether another picture gives way."))
    about = "Add a reference image; fields that are left out keep their value."
    sent = _upload((*words, "replace"))
    change = _body(_json({"type": "object", "properties": dict.fromkeys(WORDS, TEXT), "additionalProperties": False}))
    stands = {200: ("The reference.", "Reference")}
    removed = {200: ("Removed.", "Removed")}
    both = [name, _path("key")]
    return {
        "/api/collections/{name}/references": {
            "get": _operation("catalogue", "listReferences", "References.", listed, parameters=[name, *paging]),
            "post": _operation("catalogue", "addReference", about, added, parameters=said, requestBody=sent),
        },
        "/api/collections/{name}/references/{key}": {
            "get": _operation("catalogue", "getReference", "One reference.", stands, parameters=both),
            "patch": _operation(
                "catalogue", "changeReference", "Change its words.", stands, parameters=both, requestBody=change
            ),
            "delete": _operation("catalogue", "removeReference", "Remove a reference.", removed, parameters=both),
        },
        "/api/collections/{name}/references/{key}/variants": _variants(both),
    }


def _variants(both: list[Node]) -> Node:
    community = _query("community", TEXT, "PLATFORM:ID; without it that of the token, if it is limited to one.")
    by = {"required": False, "content": _json(_ref("By"))}
    chosen, more = {200: ("How it stands.", "Choice")}, {"parameters": [*both, community], "requestBody": by}
    on, off = "Act on variants of a reference in one community, too.", "Leave variants of it alone again."
    return {
        "put": _operation("catalogue", "actOnVariants", on, chosen, **more),
        "delete": _operation("catalogue", "leaveVariants", off, chosen, **more),
    }


def _service() -> Node:
    up = {200: ("The image store answers.", "Health")}
    page = {"description": "A page for people.", "content": {"text/html": {"schema": TEXT}}}
    described = {"description": "OpenAPI 3.1.", "content": _json({"type": "object"})}
    plain: Node = {"tags": ["service"], "security": []}
    return {
        "/api": {"get": {**plain, "operationId": "page", "summary": "This page.", "responses": {"200": page}}},
        "/api/openapi.json": {
            "get": {**plain, "operationId": "openapi", "summary": "This description.", "responses": {"200": described}}
        },
        "/api/health": {"get": _operation("service", "health", "Whether it works.", up, security=[])},
    }
