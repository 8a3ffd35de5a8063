"""The embedded vector store as a process: killed, locked out, damaged, orphaned, short of disk, asked for nonsense."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID

import httpx
import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qdrant_client import AsyncQdrantClient, models

from core.backoff import LESS, MORE
from core.errors import DamagedStore, DataError, EnvironmentTrouble, ResightError, StoreDown
from core.matches import Hit
from core.root import ROOT
from core.types import Point, Vectors
from store.vectors.catalogue import MOST_ROWS, QdrantCatalogue, RequestBatcher, query_requests
from store.vectors.stored import supervisor
from store.vectors.stored.supervisor import StoreProcess, environment, lines, pauses

DIM = 32


def vectors(count: int, seed: int = 1) -> Vectors:
    rows: Vectors = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    return rows


def points(count: int, seed: int = 1) -> list[Point]:
    rows = vectors(count, seed)
    return [Point(reference=UUID(int=at), collection="art", part=0, vector=row) for at, row in enumerate(rows)]


@contextlib.asynccontextmanager
async def opened(folder: Path, *, min_free_mb: int = 16) -> AsyncIterator[tuple[QdrantCatalogue, StoreProcess]]:
    async with (
        StoreProcess(folder, min_free_mb=min_free_mb) as stored,
        QdrantCatalogue.over_socket(stored.socket) as catalogue,
    ):
        await catalogue.open_space("space", DIM)
        yield catalogue, stored


@contextlib.asynccontextmanager
async def raw(stored: StoreProcess) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(uds=str(stored.socket))
    async with httpx.AsyncClient(transport=transport, base_url="http://stored") as client:
        yield client


async def find(catalogue: QdrantCatalogue, rows: Vectors) -> list[list[Hit]]:
    return await catalogue.search(rows, ["art"], limit=1, floor=0.9)


def found(answers: list[list[Hit]]) -> list[int]:
    return [hits[0].reference.int for hits in answers]


async def gone(pid: int, within: float = 10.0) -> bool:
    """Ended; a zombie that nobody reaped counts."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                await asyncio.sleep(0.05)
                continue
        return True
    return False


async def test_kill_loses_nothing(tmp_path: Path) -> None:
    """kill -9 right after an acknowledged upsert loses no point, and the restarted child answers the same."""
    rows = vectors(3000)
    async with opened(tmp_path / "vectors") as (catalogue, stored):
        for turn in range(3):
            await catalogue.upsert(points(3000)[turn * 1000 : turn * 1000 + 1000])
            os.kill(stored.pid, signal.SIGKILL)
            assert await catalogue.count() == turn * 1000 + 1000

        assert found(await find(catalogue, rows)) == list(range(3000))


async def test_a_clean_end_keeps_everything(tmp_path: Path) -> None:
    """Stopping and starting again finds what was stored, also what was deleted and replaced in between."""
    async with opened(tmp_path / "vectors") as (catalogue, _):
        await catalogue.upsert(points(500))
        await catalogue.delete([UUID(int=3)])
        await catalogue.upsert([Point(reference=UUID(int=4), collection="other", part=0, vector=vectors(5)[4])])

    async with opened(tmp_path / "vectors") as (catalogue, _):
        assert await catalogue.count() == 499
        assert await catalogue.count(["other"]) == 1
        assert await find(catalogue, vectors(5)[3:]) == [[], []]


async def test_searches_survive_a_kill(tmp_path: Path) -> None:
    """While the child is killed and comes back, every search is answered rightly or raises StoreDown, never empty."""
    rows, wrong, right, down = vectors(64), 0, 0, 0
    async with opened(tmp_path / "vectors") as (catalogue, stored):
        await catalogue.upsert(points(64))

        async def search(at: int) -> None:
            nonlocal wrong, right, down
            try:
                answer = found(await find(catalogue, rows[at : at + 1]))
            except StoreDown:
                down += 1
            else:
                right, wrong = right + (answer == [at]), wrong + (answer != [at])

        for turn in range(120):
            if turn % 40 == 20:
                os.kill(stored.pid, signal.SIGKILL)
            await asyncio.gather(*(search((turn + one) % 64) for one in range(16)))
        assert found(await find(catalogue, rows)) == list(range(64))

    assert (wrong, right + down) == (0, 120 * 16)
    assert right > 1800
    assert stored.restarts == 3


async def test_second_opener_is_refused(tmp_path: Path) -> None:
    """Two processes can't have one folder: the second ends with exit code 4 and says why in one sentence."""
    async with opened(tmp_path / "vectors") as (catalogue, _):
        with pytest.raises(EnvironmentTrouble, match="is in use by another Resight") as refused:
            async with StoreProcess(tmp_path / "vectors"):
                pass
        assert not isinstance(refused.value, DamagedStore)
        places = (str(tmp_path / "vectors"), str(tmp_path / "second.sock"))
        command = [sys.executable, "-m", "store.vectors.stored", *places]
        second = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, check=False)
        await catalogue.ping()

    assert (second.returncode, second.stderr.count(b"\n")) == (4, 1)


PARENT = """
import asyncio, sys
from pathlib import Path
from store.vectors.stored.supervisor import StoreProcess

async def main():
    async with StoreProcess(Path(sys.argv[1])) as stored:
        print(stored.pid, stored.socket, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    """A parent that is killed takes the child with it: the folder is free for the next start, nothing stays in /tmp."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path / "vectors"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    pid, socket = (await parent.stdout.readline()).decode().split()

    parent.kill()
    await parent.wait()

    assert await gone(int(pid), within=3.0)  # at once, not at the next look at the parent's id
    assert not Path(socket).parent.exists()
    async with opened(tmp_path / "vectors") as (catalogue, _):
        assert await catalogue.count() == 0


@pytest.mark.parametrize("pattern", ["layout.json", "shard/segments/*/segment.json", "shard/edge_config.json"])
async def test_a_damaged_folder_is_named(tmp_path: Path, pattern: str) -> None:
    """A folder that can't be read back is DamagedStore, with the command that recreates it; nothing is overwritten."""
    async with opened(tmp_path / "vectors") as (catalogue, _):
        await catalogue.upsert(points(50))
    damaged = next((tmp_path / "vectors").glob(f"*/{pattern}"))
    damaged.write_bytes(b"\x00 not what was here")

    with pytest.raises(DamagedStore, match=r"is damaged .*`resight doctor --rebuild`") as told:
        async with StoreProcess(tmp_path / "vectors"):
            pass

    assert "\n" not in str(told.value)
    assert damaged.read_bytes() == b"\x00 not what was here"


async def test_a_missing_part_is_damage_too(tmp_path: Path) -> None:
    """A collection whose points vanished from disk is not opened as an empty one."""
    async with opened(tmp_path / "vectors") as (catalogue, _):
        await catalogue.upsert(points(50))
    shard = next((tmp_path / "vectors").glob("*/shard"))
    shard.rename(tmp_path / "elsewhere")

    with pytest.raises(DamagedStore):
        async with StoreProcess(tmp_path / "vectors"):
            pass


async def test_what_a_crash_left_half_done_is_swept(tmp_path: Path) -> None:
    """A creation or deletion that was cut short leaves no collection and no error."""
    for debris in ("references-new.making", "references-old.dropped"):
        (tmp_path / "vectors" / debris / "shard").mkdir(parents=True)

    async with opened(tmp_path / "vectors") as (catalogue, _):
        assert await catalogue.count() == 0

    assert {path.name for path in (tmp_path / "vectors").iterdir()} == {"lock", "references-space"}


async def test_a_nearly_full_disk(tmp_path: Path) -> None:
    """Short of disk, writing says so in one sentence; searching and deleting still work."""
    async with opened(tmp_path / "vectors") as (catalogue, _):
        await catalogue.upsert(points(20))

    async with opened(tmp_path / "vectors", min_free_mb=1 << 40) as (catalogue, _):
        with pytest.raises(EnvironmentTrouble, match=r"disk is nearly full, so nothing was stored: .*MB are free"):
            await catalogue.upsert(points(30))
        assert await catalogue.count() == 20
        assert found(await find(catalogue, vectors(20))) == list(range(20))
        await catalogue.delete([UUID(int=0)])
        assert await catalogue.count() == 19


ONE = "/collections/references-space"
GOOD = [1.0] * DIM
NONSENSE = [
    ("POST", ONE + "/points/recommend", b"{}", 501),
    ("PATCH", ONE, b"{}", 501),
    ("GET", "/metrics", b"", 501),
    ("POST", ONE + "/points/facet", b'{"key":"collection"}', 501),
    ("POST", ONE + "/points/count?consistency=all", b"{}", 501),
    ("POST", ONE + "/points/count", b'{"filter":{"must":[{"key":"part","range":{"gt":1}}]}}', 501),
    ("POST", ONE + "/points/count", b'{"filter":{"min_should":{}}}', 501),
    ("POST", ONE + "/points/count", b'{"filter":{"must":[{"key":"part","match":{"text":"a"}}]}}', 501),
    ("POST", ONE + "/points/scroll", b'{"order_by":"part"}', 501),
    ("PUT", "/collections/other", b'{"vectors":{"size":4,"distance":"Cosine"},"shard_number":2}', 501),
    ("PUT", "/collections/other", b'{"vectors":{"size":4,"distance":"Hamming"}}', 501),
    ("PUT", "/collections/other", b'{"vectors":{"size":4,"distance":"Cosine"},"hnsw_config":{"m":16}}', 501),
    ("PUT", "/collections/other", b'{"vectors":{"size":0,"distance":"Cosine"}}', 400),
    ("PUT", ONE, b'{"vectors":{"size":4,"distance":"Cosine"}}', 409),
    ("POST", "/collections/nobody/points/count", b"{}", 404),
    ("POST", ONE + "/points/count", b'{"filter":', 400),
    ("POST", ONE + "/points/count", b"[1,2]", 400),
    ("POST", ONE + "/points/query/batch", b'{"searches":[{"query":[NaN]}]}', 400),
    ("POST", ONE + "/points/query", b'{"query":[1,2],"using":"copy"}', 400),
    ("POST", ONE + "/points/query", b'{"query":[1,2],"using":"unknown"}', 400),
    ("POST", ONE + "/points/delete", b'{"filter":{}}', 400),
    ("POST", ONE + "/points/delete", b"{}", 400),
    ("PUT", ONE + "/points", b'{"points":[{"id":1,"vector":[1,2]}]}', 400),
    ("PUT", ONE + "/points", b'{"points":[{"id":1,"vector":{}}]}', 400),
    ("PUT", ONE + "/points", b'{"points":[{"id":"not a uuid","vector":{"copy":[1]}}]}', 400),
]


async def test_nonsense_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    """What is not implemented is 501 and what is wrong is 400, each with a sentence, and the store goes on."""
    async with opened(tmp_path / "vectors") as (catalogue, stored), raw(stored) as client:
        await catalogue.upsert(points(3))
        pid = stored.pid
        for method, path, body, status in NONSENSE:
            answer = await client.request(method, path, content=body)
            assert answer.status_code == status, (method, path, body, answer.text)
            assert answer.json()["status"]["error"]
        assert await catalogue.count() == 3
        assert stored.pid == pid
        assert (await client.get("/collections")).json()["result"] == {"collections": [{"name": "references-space"}]}


BAD_VECTORS: list[object] = [[0.0] * DIM, [1.0] * (DIM - 1), [1e39] * DIM, ["a"] * DIM, [[1.0] * DIM], None, {}]


async def test_the_process_checks_vectors_itself(tmp_path: Path) -> None:
    """Past our client too, a batch with one bad vector is refused as a whole: the engine would store the rest."""
    async with opened(tmp_path / "vectors") as (catalogue, stored), raw(stored) as client:
        for bad in BAD_VECTORS:
            batch = [{"id": at, "vector": {"copy": row}, "payload": {}} for at, row in enumerate([GOOD, bad, GOOD])]
            answer = await client.put(ONE + "/points", json={"points": batch})
            assert (answer.status_code, await catalogue.count()) == (400, 0), bad
        os.kill(stored.pid, signal.SIGKILL)
        assert await catalogue.count() == 0


async def test_the_official_client_understands_every_reply(tmp_path: Path) -> None:
    """qdrant-client's own models parse every reply, and find the indexes that tell tenants apart."""
    async with opened(tmp_path / "vectors") as (catalogue, stored):
        await catalogue.upsert(points(9))
        transport, name = httpx.AsyncHTTPTransport(uds=str(stored.socket)), "references-space"
        client = AsyncQdrantClient(url="http://stored", transport=transport, check_compatibility=False)
        try:
            assert (await client.info()).version
            assert [one.name for one in (await client.get_collections()).collections] == [name]
            info = await client.get_collection(name)
            assert (info.status, info.points_count) == ("green", 9)
            assert {key: one.data_type for key, one in info.payload_schema.items()} == {
                "collection": "keyword",
                "reference": "keyword",
            }
            best = (await client.query_points(name, query=GOOD, using="copy", limit=2, with_payload=True)).points
            assert [set(point.payload or {}) for point in best] == [{"collection", "reference", "part"}] * 2
            page, offset = await client.scroll(name, limit=4, with_vectors=True)
            assert len(page) == 4 and offset is not None
            assert isinstance(page[0].vector, dict)
            assert np.asarray(page[0].vector["copy"]).shape == (DIM,)
            await client.delete(name, models.PointIdsList(points=[page[0].id]))
            assert (await client.count(name)).count == 8
            assert await client.delete_collection(name) and not await client.collection_exists(name)
        finally:
            await client.close()


async def test_a_child_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child has its own session, none of our secrets, private files, and its own code from any directory."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "__init__.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESIGHT_DISCORD_TOKEN", "secret")

    async with opened(Path("vectors")) as (_, stored):
        assert os.getsid(stored.pid) == stored.pid
        assert "secret" not in psutil.Process(stored.pid).environ().values()
        assert stored.socket.parent.stat().st_mode & 0o777 == 0o700
        shared = [path for path in (tmp_path / "vectors").rglob("*") if path.stat().st_mode & 0o077]
        assert shared == []

    assert not stored.socket.parent.exists()
    assert await gone(stored.pid)


async def test_sigterm_is_a_clean_end(tmp_path: Path) -> None:
    """SIGTERM from outside ends the child with exit code 0 after a flush, and it is started again."""
    async with opened(tmp_path / "vectors") as (catalogue, stored):
        await catalogue.upsert(points(10))
        before = stored.pid
        os.kill(before, signal.SIGTERM)
        assert await gone(before)
        assert await catalogue.count() == 10
        assert stored.pid != before


def test_pauses_grow_and_are_forgotten() -> None:
    """Restarts wait 0.1 s or so, doubling up to 5 s, and begin anew after a minute of health."""
    between = pauses()

    waited = [between.after(lived) for lived in (1, 1, 1, 1, 1, 1, 1, 1, 61, 1)]

    for pause, nominal in zip(waited, [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 0.1, 0.2], strict=True):
        assert LESS * nominal <= pause <= MORE * nominal


LOUD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
sys.stdout.write("a native library says hello\\n" * 20_000)
sys.stderr.write("x" * 300_000 + "\\n" + "y" * 300_000)
sys.stderr.buffer.write(bytes([255, 0, 10]))
from store.vectors.stored.__main__ import main
raise SystemExit(main())
"""


@pytest.fixture
def loud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that runs the store, and says more than any pipe or line holds."""
    program = tmp_path / "loud"
    code = LOUD.format(root=str(ROOT))
    program.write_text(f'#!/bin/sh\nshift 3\nexec {sys.executable} -c "$LOUD" "$@"\n')
    program.chmod(0o700)
    monkeypatch.setattr(supervisor, "environment", lambda: environment() | {"LOUD": code})
    monkeypatch.setattr(supervisor.sys, "executable", str(program))  # type: ignore[attr-defined]
    return program


async def test_no_output_ends_the_supervisor(tmp_path: Path, loud: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A child that writes lines of any length, on both of its pipes, serves; and when it dies it is started again."""
    assert loud.parent == tmp_path
    async with opened(tmp_path / "vectors") as (catalogue, stored):
        await catalogue.upsert(points(20))
        os.kill(stored.pid, signal.SIGKILL)
        async with asyncio.timeout(30):
            while not stored.restarts:  # noqa: ASYNC110  a process rings no bell
                await asyncio.sleep(0.05)
        assert await catalogue.count() == 20

    assert "x" * 1000 in caplog.text
    assert "x" * 1001 not in caplog.text


@given(st.lists(st.binary(max_size=40)))
def test_a_childs_words_are_read_whatever_they_are(pieces: list[bytes]) -> None:
    """Line by line, however they arrive."""

    async def read() -> list[str]:
        pipe = asyncio.StreamReader()
        for piece in pieces:
            pipe.feed_data(piece)
        pipe.feed_eof()
        return [line async for line in lines(pipe)]

    said = b"".join(pieces).split(b"\n")
    assert asyncio.run(read()) == [line for one in said if (line := one.decode(errors="replace").strip())]


def test_a_panic_ends_the_process() -> None:
    """A Rust panic of the engine ends the process at once with exit code 70: nothing in it can be trusted."""
    code = "class PanicException(BaseException): pass\nfrom store.vectors.stored.engine import end_on_panic as e\n"
    ended = subprocess.run(
        [sys.executable, "-c", code + "e(PanicException())"], cwd=ROOT, capture_output=True, check=False
    )

    assert (ended.returncode, ended.stderr) == (70, b"The vector engine panicked; the process ends.\n")


async def test_a_store_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that does not answer in time is StoreDown, and works on once it is awake."""
    async with opened(tmp_path / "vectors") as (catalogue, stored):
        await catalogue.upsert(points(5))
        os.kill(stored.pid, signal.SIGSTOP)
        with monkeypatch.context() as quick:
            quick.setattr("store.vectors.catalogue.DEADLINE", 0.3)
            for call in (catalogue.ping(), find(catalogue, vectors(2)), catalogue.upsert(points(5))):
                with pytest.raises(StoreDown):
                    await call
            nothing_to_ask = await catalogue.search(vectors(2), [], limit=1, floor=0.0)
            assert nothing_to_ask == [[], []]
        os.kill(stored.pid, signal.SIGCONT)
        assert found(await find(catalogue, vectors(5))) == [0, 1, 2, 3, 4]


async def test_nobody_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store hangs up, or there is none, a ping fails at once, and other calls after a few tries."""
    monkeypatch.setattr("store.vectors.catalogue.RETRY_FOR", 0.3)
    tried: list[asyncio.StreamWriter] = []

    def hang_up(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        tried.append(out)
        out.close()

    async with (
        await asyncio.start_unix_server(hang_up, tmp_path / "hangs-up.sock"),
        QdrantCatalogue.over_socket(tmp_path / "hangs-up.sock") as catalogue,
        QdrantCatalogue.over_socket(tmp_path / "nothing.sock") as nothing,
    ):
        with pytest.raises(StoreDown):
            await catalogue.ping()
        assert len(tried) == 1
        with pytest.raises(StoreDown):
            await catalogue.open_space("space", DIM)
        assert len(tried) > 2
        for call in (nothing.ping(), nothing.open_space("space", DIM)):
            with pytest.raises(StoreDown):
                await call


class Slow:
    """A store that answers when told to, each row with its own number, and remembers how it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.may_answer = asyncio.Event()

    async def __call__(self, requests: Sequence[models.QueryRequest]) -> list[list[Hit]]:
        self.asked.append(len(requests))
        await self.may_answer.wait()
        return [[Hit(reference=UUID(int=request.limit or 0), part=0, score=1.0)] for request in requests]


def asks(count: int, number: int) -> list[models.QueryRequest]:
    return query_requests([GOOD] * count, models.Filter(), number, 0.0)


async def test_searches_gather_while_one_is_under_way() -> None:
    """One request at a time: the searches that wait share the next ones, at most 64 rows each, in their order."""
    store = Slow()
    gathering = RequestBatcher(store)
    tasks = []
    for number in range(30):
        tasks.append(asyncio.create_task(gathering.answer(asks(5, number))))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert store.asked == [5]
    tasks[1].cancel()
    store.may_answer.set()

    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [len(answer) for answer in answers if isinstance(answer, list)] == [5] * 29
    assert all(hits[0].reference.int == n for n, a in enumerate(answers) if isinstance(a, list) for hits in a)
    assert store.asked == [5, 60, 60, 20]
    assert max(store.asked) <= MOST_ROWS
    await gathering.close()


async def test_closing_leaves_nobody_waiting() -> None:
    """Searches that are under way or wait when the catalogue closes end with StoreDown."""
    gathering = RequestBatcher(Slow())
    tasks = [asyncio.create_task(gathering.answer(asks(60, number))) for number in range(3)]
    await asyncio.sleep(0.01)

    await gathering.close()

    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreDown] * 3


def http(status: str, body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n".encode() + body


ANSWERS: list[tuple[bytes, type[ResightError]]] = [
    (http("503 Busy", b"upstream"), StoreDown),
    (http("500 Oops", b"{}"), StoreDown),
    (http("429 Slow", b"{}"), StoreDown),
    (http("404 Gone", b"{}"), StoreDown),
    (http("200 OK", b"<html>"), StoreDown),
    (http("200 OK", b"{}"), StoreDown),
    (http("200 OK", b'{"result":{"count":"many"}}'), StoreDown),
    (http("200 OK", b'{"result":', length=99), StoreDown),
    (b"", StoreDown),
    (b"nonsense\r\n\r\n", StoreDown),
    (http("400 Bad", b'{"status":{"error":"Wrong input"}}'), DataError),
    (http("400 Bad", b"no json"), DataError),
    (http("401 Who", b"{}"), EnvironmentTrouble),
    (http("501 Not", b'{"status":{"error":"Not implemented here"}}'), EnvironmentTrouble),
    (http("507 Full", b'{"status":{"error":"no room"}}'), EnvironmentTrouble),
]


@pytest.mark.parametrize(("answer", "expected"), ANSWERS, ids=[str(answer[9:60]) for answer, _ in ANSWERS])
async def test_bad_answers_become_our_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, expected: type[ResightError]
) -> None:
    """Whatever a broken store, proxy or server says, the caller sees one of our errors and one sentence."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    monkeypatch.setattr("store.vectors.catalogue.RETRY_FOR", 0.2)
    async with (
        await asyncio.start_unix_server(serve, tmp_path / "s"),
        QdrantCatalogue.over_socket(tmp_path / "s") as catalogue,
    ):
        with pytest.raises(ResightError) as told:
            await catalogue.open_space("space", DIM)
        assert type(told.value) is expected
        assert "\n" not in str(told.value)
