"""The API's description as OpenAPI 3.1: `spec(version)` is served as JSON and rendered as a page.

All that is told of fields, limits and words is made from the models of the calls (web/calls.py). A fuzzer asks the
running API whatever the description allows, and what it does not: tests/fuzz.
"""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from web import answers
from web.bodies import Body, Upload
from web.calls import CALLS, Call
from web.queries import Query
from web.uploads import URLENCODED

type Node = dict[str, Any]

REF = "#/components/schemas/"
JSON = "application/json"
IMAGE: Node = {"type": "string", "format": "binary", "minLength": 1, "description": "The image, or a video."}
RAW = ("image/*", "video/*", "application/octet-stream")
EXAMPLES = {"name": "library", "key": "logo"}


class Schemas(GenerateJsonSchema):
    """Makes schemas without titles that repeat a name and without empty defaults."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Return False: titles that only repeat the field's name are left out."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema of a field with a default value, without a default that is empty."""
        described = super().default_schema(schema)
        return {name: value for name, value in described.items() if name != "default" or value not in ("", None)}


def spec(version: str) -> Node:
    """Return the whole description."""
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
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "The access token."}},
        },
    }


def _paths() -> Node:
    """Return the pages, then each call under its path."""
    paths = _pages()
    for call in CALLS:
        verb, _, path = call.way.partition(" ")
        paths.setdefault(path, {})[verb.lower()] = _operation(call, path)
    return paths


def _pages() -> Node:
    """Return the paths that are no calls: this description, for people and for programs."""
    page = {"description": "A page for people.", "content": {"text/html": {"schema": {"type": "string"}}}}
    answer = {"description": "OpenAPI 3.1.", "content": _json({"type": "object"})}
    plain: Node = {"tags": ["service"], "security": []}
    return {
        "/api": {"get": {**plain, "operationId": "page", "summary": "This page.", "responses": {"200": page}}},
        "/api/openapi.json": {
            "get": {**plain, "operationId": "openapi", "summary": "This description.", "responses": {"200": answer}}
        },
    }


def _operation(call: Call, path: str) -> Node:
    """Return one operation; failures have one shape, and those that may go better later say when."""
    good = {
        str(status): {"description": meaning, "content": _of(kind)} for status, (meaning, kind) in call.answers.items()
    }
    bad: Node = {"description": "What went wrong, in one sentence.", "content": _of(answers.Error)}
    after = {"Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "integer"}}}
    later = {**bad, "description": "Not now: too many wrong tokens (429), no answer from the store, or no room (503)."}
    responses = {**good, "429": {**later, "headers": after}, "503": {**later, "headers": after}, "default": bad}
    parameters = [*_in_path(path), *(_in_query(call.query) if call.query else [])]
    return {
        "tags": [call.tag],
        "operationId": call.name,
        "summary": call.about,
        "responses": responses,
        **({"security": []} if call.is_open else {}),
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": _body(call.body)} if call.body else {}),
    }


def _of(kind: type[BaseModel]) -> Node:
    return _json({"$ref": REF + kind.__name__})


def _json(schema: Node) -> Node:
    return {JSON: {"schema": schema}}


def _in_path(path: str) -> list[Node]:
    """Return the parameters in the path's braces; numbers are those of cases."""
    return [_in_path_one(name, path) for name in re.findall(r"{(\w+)}", path)]


def _in_path_one(name: str, path: str) -> Node:
    kind = "integer" if path.startswith("/api/cases") else "string"
    example = {"example": EXAMPLES[name]} if name in EXAMPLES else {}
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}, **example}


def _in_query(kind: type[Query]) -> list[Node]:
    """Return a parameter for each field of the model."""
    model = kind.model_json_schema(schema_generator=Schemas)
    required = model.get("required", [])
    return [
        _parameter(name, _sendable(property_schema), name in required)
        for name, property_schema in model["properties"].items()
    ]


def _parameter(name: str, schema: Node, required: bool) -> Node:
    about = {"description": schema.pop("description")} if "description" in schema else {}
    return {"name": name, "in": "query", **({"required": True} if required else {}), "schema": schema, **about}


def _sendable(schema: Node) -> Node:
    """Return the schema without null, which a query can't say: it leaves the name out."""
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    some = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    return rest | some[0] if len(some) == 1 else schema


def _body(body: type[Body] | Upload[Any]) -> Node:
    """Return the body: JSON, or an image in any form; it may be left out if none of its fields is required."""
    if isinstance(body, Upload):
        return {"required": True, "content": _upload(body)}
    return {"required": any(field.is_required() for field in body.model_fields.values()), "content": _of(body)}


def _upload(body: Upload[Any]) -> Node:
    """Return the ways to send an image: raw bytes (fastest), a form, its address."""
    form = {"schema": {"$ref": REF + body.form.__name__}}
    parts = {"encoding": {"image": {"contentType": ", ".join(RAW)}}}
    linked = {"schema": {"$ref": REF + body.linked.__name__}}
    raw = {kind: {"schema": IMAGE} for kind in RAW}
    return {**raw, "multipart/form-data": {**form, **parts}, URLENCODED: linked, JSON: linked}


def _schemas() -> Node:
    """Return every model by its name; enumerations are inlined."""
    models = {(model, mode): None for call in CALLS for model, mode in call.models} | {
        (answers.Error, "serialization"): None
    }
    made: Node = models_json_schema(list(models), ref_template="{model}", schema_generator=Schemas)[1]["$defs"]
    schemas: Node = _inlined(made, made)
    return {_short(name): schema for name, schema in schemas.items() if "enum" not in schema}


def _inlined(node: Any, made: Node) -> Any:
    """Return the schema with enumerations inlined and references to components."""
    if isinstance(node, list):
        return [_inlined(item, made) for item in node]
    if not isinstance(node, dict):
        return node
    if "enum" in made.get(node.get("$ref", ""), {}):
        rest = {name: value for name, value in node.items() if name != "$ref"}
        return {"type": "string", "enum": made[node["$ref"]]["enum"], **rest}
    return {name: REF + _short(value) if name == "$ref" else _inlined(value, made) for name, value in node.items()}


def _short(name: str) -> str:
    """Return the name of a model without the module that pydantic puts before it."""
    return name.rpartition("__")[2]
