"""Qdrant's engine behind the part of Qdrant's REST interface that we use, on a unix socket, in its own process.

    AsyncQdrantClient --JSON--> aiohttp --rest.py--> engine.py --> one shard per collection

Its own process because every engine call holds the GIL, and because a full disk kills the process (SIGBUS).

    200 done    400 wrong input    404 no such collection    409 exists already    500 the engine failed
    501 not implemented here (never ignored)                 507 disk nearly full
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import qdrant_edge as edge
from aiohttp import web

from store.vectors.stored import rest
from store.vectors.stored.engine import Engine, end_on_panic
from store.vectors.stored.rest import Body, Refused

FLUSH_EVERY = 5.0
MAX_BODY = 64 << 20
WRONG_INPUT = (ValueError, TypeError, KeyError, AttributeError, OverflowError)
NEUTRAL_OPTIONS = {"wait", "timeout"}  # every call is done when it is answered

type Action = Callable[[web.Request, Body], Any]

FIXED_CONFIG = {  # what the client insists on finding in the description of a collection
    "hnsw_config": {"m": 0, "ef_construct": 100, "full_scan_threshold": 10_000},
    "optimizer_config": {
        "deleted_threshold": 0.2,
        "vacuum_min_vector_number": 1000,
        "default_segment_number": 1,
        "flush_interval_sec": int(FLUSH_EVERY),
    },
    "wal_config": {"wal_capacity_mb": 32, "wal_segments_ahead": 0},
}
COMPLETED = {"operation_id": 0, "status": "completed"}


def scored(points: list[edge.ScoredPoint]) -> Body:
    """Return scored points as JSON."""
    fields = ("id", "version", "score", "payload", "vector")
    return {"points": [{name: getattr(point, name) for name in fields} for point in points]}


class Api:
    """One method a route: (request, body) -> the `result` of the reply."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def list(self, _: web.Request, __: Body) -> Body:
        """Answer with the names of all collections."""
        return {"collections": [{"name": name} for name in self.engine.held]}

    def exists(self, request: web.Request, _: Body) -> Body:
        """Answer whether there is a collection of this name."""
        return {"exists": request.match_info["name"] in self.engine.held}

    def create(self, request: web.Request, body: Body) -> bool:
        """Make a collection."""
        self.engine.need_space()
        self.engine.create(request.match_info["name"], rest.layout_of(body))
        return True

    def drop(self, request: web.Request, _: Body) -> bool:
        """Delete a collection."""
        return self.engine.drop(request.match_info["name"])

    def describe(self, request: web.Request, _: Body) -> Body:
        """Answer with a collection's layout and number of points."""
        held = self.engine.get(request.match_info["name"])
        info = held.shard.info()
        params = {"vectors": held.layout.plain(), "shard_number": 1, "replication_factor": 1}
        return {
            "status": "green",
            "optimizer_status": "ok",
            "segments_count": info.segments_count,
            "points_count": info.points_count,
            "indexed_vectors_count": info.indexed_vectors_count,
            "payload_schema": {
                key: {"data_type": "keyword", "points": index.points} for key, index in info.payload_schema.items()
            },
            "config": {"params": {**params, "write_consistency_factor": 1, "on_disk_payload": True}, **FIXED_CONFIG},
        }

    def index(self, request: web.Request, body: Body) -> Body:
        """Make an index of a payload field."""
        self.engine.get(request.match_info["name"]).update(rest.index_of(body))
        return COMPLETED

    def upsert(self, request: web.Request, body: Body) -> Body:
        """Insert or replace points, if the disk has room."""
        held = self.engine.get(request.match_info["name"])
        points = rest.points_of(body, held.layout)
        self.engine.need_space()
        held.upsert(points)
        return COMPLETED

    def delete(self, request: web.Request, body: Body) -> Body:
        """Delete points."""
        self.engine.get(request.match_info["name"]).update(rest.deletion_of(body))
        return COMPLETED

    def query(self, request: web.Request, body: Body) -> Body:
        """Answer one search."""
        held = self.engine.get(request.match_info["name"])
        return scored(held.shard.query(rest.query_of(body, held.layout, held.narrowed)))

    def query_batch(self, request: web.Request, body: Body) -> Any:
        """Answer several searches of one request, in their order."""
        held = self.engine.get(request.match_info["name"])
        asked = [
            rest.query_of(search, held.layout, held.narrowed) for search in rest.only(body, {"searches"})["searches"]
        ]
        return [scored(points) for points in held.shard.query_batch(edge.QueryBatchRequest(asked))]

    def count(self, request: web.Request, body: Body) -> Body:
        """Answer with the number of points."""
        return {"count": self.engine.get(request.match_info["name"]).shard.count(rest.count_of(body))}

    def scroll(self, request: web.Request, body: Body) -> Body:
        """Answer with one page of points."""
        points, offset = self.engine.get(request.match_info["name"]).shard.scroll(rest.scroll_of(body))
        listed = [{"id": point.id, "payload": point.payload, "vector": point.vector} for point in points]
        return {"points": listed, "next_page_offset": offset}


def reply(status: int, started: float, result: Any, error: str = "") -> web.Response:
    """Return an answer in Qdrant's envelope: result, status and seconds."""
    body = {"result": result, "status": {"error": error} if error else "ok", "time": time.perf_counter() - started}
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


def answering(action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of a route: it parses the JSON, acts, and answers failures with a status and a sentence."""

    async def handler(request: web.Request) -> web.Response:
        data, started = await request.read(), time.perf_counter()
        try:
            rest.only(request.query, NEUTRAL_OPTIONS)
            return reply(200, started, action(request, orjson.loads(data or b"{}")))
        except Refused as refused:
            return reply(refused.status, started, None, str(refused))
        except WRONG_INPUT as error:
            return reply(400, started, None, f"Wrong input: {error}")
        except Exception as error:  # the engine raises plain Exception for everything
            return reply(500, started, None, f"The vector engine failed: {error}")
        except BaseException as error:
            end_on_panic(error)

    return handler


async def banner(_: web.Request) -> web.Response:
    """Answer who is here, as Qdrant's own server does."""
    return web.json_response({"title": "qdrant - vector search engine", "version": "1.20.0", "commit": "stored"})


async def not_implemented(request: web.Request) -> web.Response:
    """Answer 501: a path of Qdrant's API that nobody here needs."""
    return reply(501, time.perf_counter(), None, f"Not implemented here: {request.method} {request.path}")


def application(engine: Engine) -> web.Application:
    """Return the HTTP application that serves an engine."""
    api, collection = Api(engine), "/collections/{name:[A-Za-z0-9_-]{1,200}}"
    routes: list[tuple[str, str, Action]] = [
        ("GET", "/collections", api.list),
        ("GET", collection, api.describe),
        ("PUT", collection, api.create),
        ("DELETE", collection, api.drop),
        ("GET", collection + "/exists", api.exists),
        ("PUT", collection + "/index", api.index),
        ("PUT", collection + "/points", api.upsert),
        ("POST", collection + "/points/delete", api.delete),
        ("POST", collection + "/points/query", api.query),
        ("POST", collection + "/points/query/batch", api.query_batch),
        ("POST", collection + "/points/count", api.count),
        ("POST", collection + "/points/scroll", api.scroll),
    ]
    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_get("/", banner)
    for method, path, action in routes:
        app.router.add_route(method, path, answering(action))
    app.router.add_route("*", "/{anything:.*}", not_implemented)
    return app


def watch_lifeline(stop: asyncio.Event) -> asyncio.Event:
    """Set `stop` when stdin ends, whose other end the parent holds: then the parent is gone."""
    lost = asyncio.Event()

    def readable() -> None:
        if not os.read(0, 4096):
            asyncio.get_running_loop().remove_reader(0)
            lost.set()
            stop.set()

    with contextlib.suppress(PermissionError):  # a file or /dev/null: then only a changed parent id tells
        asyncio.get_running_loop().add_reader(0, readable)
    return lost


def flush_or_say(engine: Engine) -> None:
    """Flush; a failure is printed, and the next flush tries again."""
    try:
        engine.flush()
    except Exception as error:
        print(f"Flushing failed, the next one tries again: {error}", file=sys.stderr, flush=True)  # noqa: T201
    except BaseException as error:
        end_on_panic(error)


async def flush_until(stop: asyncio.Event, engine: Engine) -> None:
    """Flush regularly until stopped, or until the parent process is gone."""
    parent = os.getppid()
    while not stop.is_set() and os.getppid() == parent:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), FLUSH_EVERY)
        flush_or_say(engine)


async def serve(engine: Engine, socket: Path) -> bool:
    """Serve until SIGTERM, SIGINT or the parent's end; print `ready` on stdout once requests are taken.

    Return whether it was the parent's end.
    """
    stop, loop, parent = asyncio.Event(), asyncio.get_running_loop(), os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    lost = watch_lifeline(stop)
    runner = web.AppRunner(application(engine), access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.UnixSite(runner, str(socket)).start()
        print("ready", flush=True)  # noqa: T201
        await flush_until(stop, engine)
        return lost.is_set() or os.getppid() != parent
    finally:
        await runner.cleanup()
