"""What is Milvus' own: its index kinds, its errors, and what a killed server keeps."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import EnvironmentTrouble, StoreDown, UsageError
from core.metrics import Metric
from store.vectors.milvus import INDEXES, METRICS, PRETENDED, MilvusCatalogue, index_kind
from tests.contract.test_catalogue import DIM, NAMES, points, unit
from tests.milvus_lite import MilvusLite, free_port, milvus_lite


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MilvusLite]:
    async with milvus_lite(tmp_path / "milvus") as running:
        yield running


async def test_every_index_and_metric_finds_what_was_stored(server: MilvusLite) -> None:
    """A stored vector is its own nearest, with the score of its metric, whatever the index."""
    held = points(40)
    rows = np.stack([unit(one.vector) for one in held[:5]])
    for index in INDEXES:
        for metric in METRICS:
            async with MilvusCatalogue(server.url, index=index) as catalogue:
                await catalogue.open_space(f"{index}-{metric}", DIM, metric)
                await catalogue.upsert(held)
                floor = 10.0 if metric.is_distance else -1.0
                answers = await catalogue.search(rows, NAMES, limit=1, floor=floor)

            assert [hits[0].reference for hits in answers] == [one.reference for one in held[:5]], (index, metric)
            nearest = 0.0 if metric is Metric.EUCLIDEAN else 1.0
            assert [hits[0].score for hits in answers] == pytest.approx([nearest] * 5, abs=0.05)


async def test_a_killed_server_keeps_what_it_acknowledged(server: MilvusLite) -> None:
    """While it is gone every call is StoreDown, never an empty answer; after a new start all is there."""
    async with MilvusCatalogue(server.url) as catalogue:
        await catalogue.open_space("kept", DIM)
        await catalogue.upsert(points(50))
        await server.kill()
        with pytest.raises(StoreDown):
            await catalogue.search(np.eye(1, DIM, dtype=np.float32), NAMES, limit=1, floor=-1.0)
        with pytest.raises(StoreDown):
            await catalogue.ping()
    await server.start()
    async with MilvusCatalogue(server.url) as again:
        await again.open_space("kept", DIM)
        assert await again.count() == 50


async def test_no_server_is_told() -> None:
    """An address where nobody listens is StoreDown, like any store that does not answer."""
    with pytest.raises(StoreDown):
        async with MilvusCatalogue(f"http://127.0.0.1:{free_port()}") as catalogue:
            await catalogue.open_space("space", DIM)


@pytest.mark.parametrize("name", [*PRETENDED, "FASTEST", ""])
def test_pretended_index_kinds_are_refused(name: str) -> None:
    """What a server may only pretend to have is named, with what there is instead."""
    with pytest.raises(UsageError, match="use FLAT, IVF_FLAT, IVF_SQ8, HNSW"):
        index_kind(name)


@pytest.mark.parametrize("name", ["hnsw", " FLAT ", "Ivf_Sq8"])
def test_an_index_kind_is_known_however_it_is_written(name: str) -> None:
    """Nobody has to know how Milvus spells it."""
    assert index_kind(name) in INDEXES


async def test_a_missing_client_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the sentence says what to install."""
    monkeypatch.setitem(sys.modules, "pymilvus", None)

    with pytest.raises(EnvironmentTrouble, match="pip install 'pymilvus>="):
        async with MilvusCatalogue("http://127.0.0.1:1"):
            pass
