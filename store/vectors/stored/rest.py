"""Bodies of Qdrant's REST interface as the engine's own objects; pure, nothing is stored here.

    create     -> Layout                      points  -> [edge.Point]         query, scroll, count -> edge.*Request
    index      -> edge.UpdateOperation        delete  -> edge.UpdateOperation

A word we don't know is refused with 501, never ignored: a search that quietly drops a filter would leak.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import numpy as np
import qdrant_edge as edge

type Body = dict[str, Any]
type Row = Any  # a float32 array; the engine takes it, though its stub does not say so
type Narrow = Callable[[Body | None], Body | None]

DISTANCES = {
    "Cosine": edge.Distance.Cosine,
    "Dot": edge.Distance.Dot,
    "Euclid": edge.Distance.Euclid,
    "Manhattan": edge.Distance.Manhattan,
}
DATATYPES = {"float16": edge.VectorStorageDatatype.Float16, "float32": edge.VectorStorageDatatype.Float32}
MATCHES: dict[str, Callable[[Any], Any]] = {
    "value": edge.MatchValue,
    "any": edge.MatchAny,
    "except": edge.MatchExcept,
}
CLAUSES = {"must", "should", "must_not"}
QUERY = {"query", "using", "filter", "limit", "offset", "params", "score_threshold", "with_payload", "with_vector"}


class Refused(Exception):
    """The request is answered with this HTTP status and this sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class VectorLayout:
    """One named vector of a collection."""

    size: int
    distance: str
    datatype: str = "float32"

    def __post_init__(self) -> None:
        if self.distance not in DISTANCES or self.datatype not in DATATYPES:
            raise Refused(501, f"Not implemented here: {self.distance} on {self.datatype}")
        if not isinstance(self.size, int) or not 1 <= self.size <= 65536:
            raise Refused(400, "Wrong input: a vector has 1 to 65536 numbers")

    def params(self) -> edge.EdgeVectorParams:
        """Return the layout as the engine takes it."""
        # Cold: pages come from the disk cache when asked for, so the process stays small
        return edge.EdgeVectorParams(
            size=self.size,
            distance=DISTANCES[self.distance],
            datatype=DATATYPES[self.datatype],
            memory=edge.Memory.Cold,
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """What a collection was created with; kept as JSON beside its shard."""

    vectors: Mapping[str, VectorLayout]

    def plain(self) -> Body:
        """Return the layout as JSON."""
        return {name: asdict(vector) for name, vector in self.vectors.items()}

    def vector(self, name: str) -> VectorLayout:
        """Return the vector of this name; raises Refused (400) for an unknown one."""
        if name not in self.vectors:
            raise Refused(400, f"Wrong input: Not existing vector name error: {name}")
        return self.vectors[name]


def only(given: Mapping[str, Any], allowed: set[str]) -> Body:
    """Return what was given, without nulls; raises Refused for a name that is not in `allowed`."""
    if not isinstance(given, Mapping):
        raise Refused(400, "Wrong input: an object was expected")
    present = {name: value for name, value in given.items() if value is not None}
    if unknown := present.keys() - allowed:
        raise Refused(501, f"Not implemented here: {', '.join(sorted(unknown))}")
    return present


def layout_of(body: Body) -> Layout:
    """Return the layout that a request asks for; raises Refused for what the engine is not built for."""
    given = only(body, {"vectors", "hnsw_config"})
    if only(given.get("hnsw_config", {}), {"m"}).get("m", 0) != 0:
        raise Refused(501, "Not implemented here: a graph index (m must be 0)")
    vectors = given["vectors"] if "size" not in given["vectors"] else {"": given["vectors"]}
    return Layout(
        {name: VectorLayout(**only(vector, {"size", "distance", "datatype"})) for name, vector in vectors.items()}
    )


def index_of(body: Body) -> edge.UpdateOperation:
    """Return the operation that makes an index of a payload field."""
    given = only(body, {"field_name", "field_schema"})
    schema = given["field_schema"]
    options = only({"type": schema} if isinstance(schema, str) else schema, {"type", "is_tenant"})
    if options["type"] != "keyword":
        raise Refused(501, f"Not implemented here: index {options['type']}")
    kind = edge.KeywordIndexParams(is_tenant=options.get("is_tenant", False))
    return edge.UpdateOperation.create_field_index(given["field_name"], kind)


def point_id(value: int | str) -> int | UUID:
    """Return a point's id as the engine takes it."""
    return value if isinstance(value, int) else UUID(value)


def row_of(vector: list[float], size: int) -> Row:
    """Return a vector, checked: the engine accepts NaN, zero and wrong sizes, which break a batch in its middle."""
    with np.errstate(over="ignore"):
        row = np.asarray(vector, np.float32)
    if row.shape != (size,) or not np.isfinite(row).all() or not row.any():
        raise Refused(400, f"Wrong input: a vector must have {size} finite numbers and not be zero")
    return row


def points_of(body: Body, layout: Layout) -> list[edge.Point]:
    """Return all points of a request, each checked, before the first one is stored."""
    return [point_of(only(given, {"id", "vector", "payload"}), layout) for given in only(body, {"points"})["points"]]


def point_of(given: Body, layout: Layout) -> edge.Point:
    """Return a point of a request; raises Refused if it does not fit the layout."""
    named = given["vector"] if isinstance(given["vector"], dict) else {"": given["vector"]}
    if missing := layout.vectors.keys() - named.keys():
        raise Refused(400, f"Wrong input: a point lacks the vector {', '.join(sorted(missing))}")
    rows = {name: row_of(row, layout.vector(name).size) for name, row in named.items()}
    payload = given.get("payload", {})
    if not all(isinstance(value, str | int) for value in payload.values()):
        raise Refused(501, "Not implemented here: payload that is not a string or an integer")
    return edge.Point(point_id(given["id"]), rows, payload)


def deletion_of(body: Body) -> edge.UpdateOperation:
    """Return the operation that deletes the points a request names, by id or by filter."""
    given = only(body, {"points", "filter"})
    if "points" in given:
        return edge.UpdateOperation.delete_points([point_id(value) for value in given["points"]])
    chosen = filter_of(given["filter"])
    if chosen is None:
        raise Refused(400, "Wrong input: an empty filter would delete everything")
    return edge.UpdateOperation.delete_points_by_filter(chosen)


def condition_of(body: Body) -> edge.FieldCondition:
    """Return one condition of a filter; raises Refused for an unknown kind."""
    given = only(body, {"key", "match"})
    ((kind, value),) = given["match"].items()
    if kind not in MATCHES:
        raise Refused(501, f"Not implemented here: match {kind}")
    return edge.FieldCondition(given["key"], match=MATCHES[kind](value))


def filter_of(body: Body | None) -> edge.Filter | None:
    """Return the filter of a request, None for an empty one."""
    clauses = only(body or {}, CLAUSES)
    if not clauses:
        return None
    listed = {name: value if isinstance(value, list) else [value] for name, value in clauses.items()}
    conditions: dict[str, Any] = {name: [condition_of(item) for item in items] for name, items in listed.items()}
    return edge.Filter(**conditions)


def query_of(body: Body, layout: Layout, narrow: Narrow) -> edge.QueryRequest:
    """Return the search that a request asks for; `narrow` drops conditions that all points meet."""
    given = only(body, QUERY)
    params = only(given.get("params", {}), {"exact", "hnsw_ef"})
    asked, name = given["query"], given.get("using", "")
    vector = only(asked, {"nearest"})["nearest"] if isinstance(asked, dict) else asked
    return edge.QueryRequest(
        limit=given.get("limit", 10),
        offset=given.get("offset", 0),
        query=edge.Query.Nearest(row_of(vector, layout.vector(name).size), using=name),
        filter=filter_of(narrow(given.get("filter"))),
        score_threshold=given.get("score_threshold"),
        with_payload=given.get("with_payload", False),
        with_vector=given.get("with_vector", False),
        params=edge.SearchParams(exact=params.get("exact", False), hnsw_ef=params.get("hnsw_ef")),
    )


def scroll_of(body: Body) -> edge.ScrollRequest:
    """Return the request for one page of points."""
    given = only(body, {"limit", "offset", "filter", "with_payload", "with_vector"})
    return edge.ScrollRequest(
        limit=given.get("limit", 10),
        offset=point_id(given["offset"]) if "offset" in given else None,
        filter=filter_of(given.get("filter")),
        with_payload=given.get("with_payload", True),
        with_vector=given.get("with_vector", False),
    )


def count_of(body: Body) -> edge.CountRequest:
    """Return the request for the exact number of points."""
    return edge.CountRequest(exact=True, filter=filter_of(only(body, {"filter", "exact"}).get("filter")))
