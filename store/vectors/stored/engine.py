"""The vector folder: one engine shard per Qdrant collection, locked, flushed, checked on opening.

    FOLDER/lock                 flock: one process at a time
    FOLDER/NAME/layout.json     what the collection was created with
    FOLDER/NAME/shard/          the engine's files: log, segments
    FOLDER/NAME.making          a creation that a crash cut short   } swept away at the next start
    FOLDER/NAME.dropped         a deletion that a crash cut short   }

A collection appears and disappears by one rename, so a crash leaves all of it or nothing.
Updates are in the engine's log before they are acknowledged: kill -9 loses none. A power cut may lose what was
not flushed yet (at most `server.FLUSH_EVERY` seconds).
"""

import fcntl
import os
import shutil
import sys
from pathlib import Path
from typing import Any, NoReturn

import orjson
import qdrant_edge as edge

from store.vectors.stored import rest
from store.vectors.stored.rest import Body, Layout, Refused

TENANT = "collection"
PANIC_EXIT = 70


class FolderInUse(Exception):
    """Another process holds the folder."""


class FolderDamaged(Exception):
    """What is on disk can't be read back."""


class OpenCollection:
    """One collection: its layout, its shard, and the tenants that may occur in it.

    `tenants` is never too small (it may name one that was deleted since), so a filter that allows all of them allows
    every point; None stands for points without a tenant.
    """

    def __init__(self, layout: Layout, shard: edge.EdgeShard) -> None:
        self.layout, self.shard = layout, shard
        self.tenants = tenants_in(shard)
        self.unflushed = False

    def update(self, operation: edge.UpdateOperation) -> None:
        """Apply an operation to the shard; it is on disk after the next `flush`."""
        self.unflushed = True
        self.shard.update(operation)

    def upsert(self, points: list[edge.Point]) -> None:
        """Insert or replace points, and note which collections of references they belong to."""
        self.tenants |= {(point.payload or {}).get(TENANT) for point in points}
        self.update(edge.UpdateOperation.upsert_points(points))

    def narrowed(self, body: Body | None) -> Body | None:
        """Leave a filter out where it allows every point: applying it costs three times the scan itself."""
        match body:
            case {"must": [{"key": key, "match": {"any": list(allowed), **more}, **others}], **rest}:
                whole = key == TENANT and not more and not others and not rest
                return None if whole and self.tenants <= set(allowed) else body
        return body

    def flush(self) -> None:
        """Write to disk what was not written yet."""
        if self.unflushed:
            self.shard.flush()
            self.unflushed = False


def tenants_in(shard: edge.EdgeShard) -> set[Any]:
    """Return the collections of references that the shard's points belong to."""
    if TENANT not in shard.info().payload_schema:
        return {None} if shard.info().points_count else set()
    hits = shard.facet(edge.FacetRequest(TENANT, limit=100_000, exact=True)).hits
    complete = sum(hit.count for hit in hits) == shard.count(edge.CountRequest(exact=True))
    return {hit.value for hit in hits} | (set() if complete else {None})


class Engine:
    """Every collection of one folder."""

    def __init__(self, folder: Path, min_free: int) -> None:
        self.folder, self.min_free = folder, min_free
        self.held: dict[str, OpenCollection] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = locked(folder)
        sweep(folder)
        for path in sorted(path for path in folder.iterdir() if path.is_dir()):
            self.held[path.name] = opened(path)
        forget_log_pages(folder)

    def get(self, name: str) -> OpenCollection:
        """Return a collection; raises Refused (404) for an unknown name."""
        if name not in self.held:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
        return self.held[name]

    def create(self, name: str, layout: Layout) -> None:
        """Make a collection, all or nothing; raises Refused (409) for a name that is taken."""
        if name in self.held:
            raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
        making = self.folder / f"{name}.making"
        shutil.rmtree(making, ignore_errors=True)
        write_collection(making, layout)
        self.held[name] = opened(making.rename(self.folder / name))

    def drop(self, name: str) -> bool:
        """Delete a collection; return whether there was one."""
        if name not in self.held:
            return False
        self.held.pop(name).shard.close()
        shutil.rmtree((self.folder / name).rename(self.folder / f"{name}.dropped"))
        return True

    def need_space(self) -> None:
        """Raise Refused (507) on a nearly full disk: on a full one the engine dies of SIGBUS during a write."""
        if shutil.disk_usage(self.folder).free < self.min_free:
            raise Refused(507, f"less than {self.min_free >> 20} MB are free where the vectors are stored")

    def flush(self) -> None:
        """Write every collection to disk that was changed."""
        written = [held for held in self.held.values() if held.unflushed]
        for held in written:
            held.flush()
        if written:
            forget_log_pages(self.folder)

    def close(self) -> None:
        """Write everything to disk and release the folder."""
        self.flush()
        for held in self.held.values():
            held.shard.close()
        self.held.clear()
        os.close(self._lock)


def locked(folder: Path) -> int:
    """Return a locked descriptor for the folder; raises FolderInUse while another process has it."""
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise FolderInUse(f"The vector folder {folder} is in use by another Resight; stop that one first.") from None
    return lock


def sweep(folder: Path) -> None:
    """Delete what a crash left half made or half deleted."""
    for rest_of in (*folder.glob("*.making"), *folder.glob("*.dropped")):
        shutil.rmtree(rest_of)


def write_collection(path: Path, layout: Layout) -> None:
    """Write an empty collection of this layout to a new folder."""
    path.mkdir()
    (path / "layout.json").write_bytes(orjson.dumps(layout.plain()))
    scan_only = edge.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000)
    vectors = {name: vector.params() for name, vector in layout.vectors.items()}
    shard = edge.EdgeShard.create(
        str(path / "shard"), edge.EdgeConfig(vectors=vectors, hnsw_config=scan_only, max_search_threads=1)
    )
    shard.flush()
    shard.close()


def opened(path: Path) -> OpenCollection:
    """Return the collection in a folder; raises FolderDamaged if it can't be read."""
    try:
        layout = rest.layout_of({"vectors": orjson.loads((path / "layout.json").read_bytes())})
        return OpenCollection(layout, edge.EdgeShard.load(str(path / "shard")))
    except (SystemExit, KeyboardInterrupt, PermissionError, MemoryError):
        raise
    except BaseException as error:  # the engine raises plain Exception or, from a Rust panic, a BaseException
        raise FolderDamaged(
            f"The vector folder {path.parent} is damaged ({path.name}); `resight doctor --rebuild` recreates it."
        ) from error


def end_on_panic(error: BaseException) -> NoReturn:
    """End the process after a Rust panic, since nothing in it can be trusted; the supervisor starts a fresh one."""
    if type(error).__name__ == "PanicException":
        print("The vector engine panicked; the process ends.", file=sys.stderr, flush=True)  # noqa: T201
        os._exit(PANIC_EXIT)
    raise error


def forget_log_pages(folder: Path) -> None:
    """Unmap what was read of the engine's logs: they are only read at the next start, yet count as our memory.

    On a shared file mapping MADV_DONTNEED loses nothing: a page comes back from the file's cache when it is touched.
    """
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return
    import ctypes

    advise, ours = ctypes.CDLL(None).madvise, f"{folder.resolve()}/"
    for line in maps.read_text().splitlines():
        span, name = line.partition(" ")[0], line[line.find("/") :]
        if name.startswith(ours) and "/wal/" in name:
            start, end = (int(part, 16) for part in span.split("-"))
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), 4)
