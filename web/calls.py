"""The API's calls: what each takes and answers, as models. web/openapi.py describes them by this table.

A test compares the ways with the routes of web/app.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from web import answers, bodies, queries
from web.answers import Answer
from web.bodies import Body, Upload
from web.queries import Query

PLACE, KEPT = "/api/collections/{name}/references", "/api/collections/{name}/references/{key}"


@dataclass(frozen=True, slots=True)
class Call:
    """One operation: what it takes, and its successful answers by status, each with its meaning."""

    tag: str
    way: str
    name: str
    about: str
    answers: Mapping[int, tuple[str, type[Answer]]]
    query: type[Query] | None = None
    body: type[Body] | Upload[Any] | None = None
    is_open: bool = False
    """Whether it needs no token."""

    @property
    def models(self) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
        """Return all models of the call, and whether each is sent or answered."""
        body = self.body
        sent = (body.linked, body.form) if isinstance(body, Upload) else (body,) if body else ()
        return [
            *((model, "validation") for model in sent),
            *((model, "serialization") for _, model in self.answers.values()),
        ]


FOUND = {200: ("The verdict and its matches.", answers.Finding)}
ALIKE = {200: ("The nearest first.", answers.SimilarReferences)}
TAKEN = {202: ("Received; the verdict follows.", answers.Received)}
CASE = {200: ("The case.", answers.Case)}
ADDED = {
    200: ("Replaced, changed or unchanged.", answers.AddedReference),
    201: ("Added.", answers.AddedReference),
}
STANDS = {200: ("The reference.", answers.Reference)}
CHOSEN = {200: ("How it stands.", answers.Choice)}
ADD = "Add a reference image; fields that are left out keep their value."
LOOKS = "What looks like an image, copy or not; needs a second model."
ON, OFF = "Act on variants of a reference in one community, too.", "Leave variants of it alone again."

CALLS = (
    Call("search", "POST /api/search", "search", "Look an image up.", FOUND, queries.Searching, bodies.IMAGE),
    Call("search", "GET /api/similar", "byWords", "What shows what words say.", ALIKE, queries.ByWords),
    Call("search", "POST /api/similar", "similar", LOOKS, ALIKE, queries.Alike, bodies.IMAGE),
    Call(
        "posts",
        "POST /api/posts",
        "addPost",
        "Post an image to the built-in channel.",
        TAKEN,
        queries.Posting,
        bodies.POST,
    ),
    Call("posts", "GET /api/posts/{id}", "getPost", "A post and its verdict.", {200: ("The post.", answers.Post)}),
    Call("cases", "GET /api/cases", "listCases", "Cases.", {200: ("Newest first.", answers.Cases)}, queries.CasePage),
    Call("cases", "GET /api/cases/{id}", "getCase", "One case.", CASE),
    Call("cases", "POST /api/cases/{id}/decision", "decide", "Decide a case.", CASE, body=bodies.Decided),
    Call("cases", "POST /api/cases/{id}/undo", "undo", "Take the decision in force back.", CASE, body=bodies.By),
    Call("cases", "POST /api/cases/{id}/release", "release", "Let go of the brake that held.", CASE, body=bodies.By),
    Call(
        "catalogue",
        "GET /api/collections",
        "listCollections",
        "Collections.",
        {200: ("All collections.", answers.Collections)},
    ),
    Call(
        "catalogue",
        "POST /api/collections",
        "createCollection",
        "Make a collection.",
        {201: ("Made.", answers.Collection)},
        body=bodies.NewCollection,
    ),
    Call(
        "catalogue",
        "DELETE /api/collections/{name}",
        "deleteCollection",
        "Delete a collection.",
        {200: ("Deleted with its references.", answers.Deleted)},
    ),
    Call(
        "catalogue",
        f"GET {PLACE}",
        "listReferences",
        "References.",
        {200: ("By key.", answers.References)},
        queries.ReferencePage,
    ),
    Call("catalogue", f"POST {PLACE}", "addReference", ADD, ADDED, queries.Adding, bodies.REFERENCE),
    Call("catalogue", f"GET {KEPT}", "getReference", "One reference.", STANDS),
    Call("catalogue", f"PATCH {KEPT}", "changeReference", "Change its words.", STANDS, body=bodies.Words),
    Call(
        "catalogue",
        f"DELETE {KEPT}",
        "removeReference",
        "Remove a reference.",
        {200: ("Removed.", answers.Removed)},
    ),
    Call("catalogue", f"PUT {KEPT}/variants", "actOnVariants", ON, CHOSEN, queries.InCommunity, bodies.By),
    Call("catalogue", f"DELETE {KEPT}/variants", "leaveVariants", OFF, CHOSEN, queries.InCommunity, bodies.By),
    Call(
        "service",
        "GET /api/health",
        "health",
        "Whether it works.",
        {200: ("The image store answers.", answers.Health)},
        is_open=True,
    ),
)
