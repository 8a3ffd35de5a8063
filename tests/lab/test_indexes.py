"""Indexes on real faiss: exact search is right, the others are what they are, and too few embeddings are told."""

import numpy as np
import pytest

from core.errors import DataError
from lab.indexes import LEAST, checked, exact_neighbours, faiss_contenders, filled, measured, queries_of


async def test_every_index_is_measured() -> None:
    """Exact search finds everything; each other finds most of what was moved, and the compressed ones are smaller."""
    vectors = filled(np.empty((0, 32), np.float32), 600, 32)
    queries, right = queries_of(vectors, 50)
    exact = exact_neighbours(vectors, queries)
    rows = {
        row.name: row for row in [await measured(make(), queries, right, exact) for make in faiss_contenders(vectors)]
    }

    assert len(rows) == 5
    assert (rows["exact"].recall_1, rows["exact"].recall_10) == (1, 1)
    assert min(row.recall_1 for row in rows.values()) > 0.4
    assert rows["IVF-PQ"].megabytes < rows["exact"].megabytes < rows["HNSW"].megabytes


def test_filled_up_embeddings_keep_the_real_ones() -> None:
    """Made embeddings stand behind, have length 1, and are the same every time."""
    real = filled(np.empty((0, 16), np.float32), 20, 16)
    more = filled(real, 60, 16)

    assert np.array_equal(more[:20], real)
    assert np.linalg.norm(more, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(more, filled(real, 60, 16))
    with pytest.raises(DataError, match=f"from {LEAST} on"):
        checked(more)
