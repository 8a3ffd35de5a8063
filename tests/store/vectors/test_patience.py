"""A vector store that is started again is soon reached: calls whose connection breaks are made again, for a while."""

from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest
from pymilvus.exceptions import MilvusException
from qdrant_client.http.exceptions import ResponseHandlingException

from core.errors import StoreDown
from store.vectors import catalogue, milvus

type Patiently = Callable[[Callable[[], Awaitable[str]], float], Awaitable[str]]

STORES = [
    (catalogue.patiently, ResponseHandlingException(httpx.ConnectError("down"))),
    (milvus.patiently, MilvusException(code=milvus.NO_CONNECTION, message="down")),
]
OTHERS = [
    (catalogue.patiently, ResponseHandlingException(httpx.ReadTimeout("slow"))),
    (milvus.patiently, MilvusException(code=milvus.NO_COLLECTION, message="lost")),
]


class Store:
    """Fails as often as it is told to, then answers."""

    def __init__(self, times: int, error: Exception) -> None:
        self.calls = 0
        self._errors: Iterator[Exception] = iter([error] * times)

    async def ask(self) -> str:
        self.calls += 1
        for error in self._errors:
            raise error
        return "answer"


@pytest.mark.parametrize(("patiently", "error"), STORES, ids=["qdrant", "milvus"])
async def test_a_store_that_comes_back_is_waited_for(patiently: Patiently, error: Exception) -> None:
    """Two calls find nobody, the third one is answered."""
    store = Store(2, error)

    assert await patiently(store.ask, 30.0) == "answer"
    assert store.calls == 3


@pytest.mark.parametrize(("patiently", "error"), STORES, ids=["qdrant", "milvus"])
async def test_patience_ends(patiently: Patiently, error: Exception) -> None:
    """Whoever has none calls once; whoever has a little does not call for ever."""
    for patience, most in ((0.0, 1), (0.3, 9)):
        store = Store(1000, error)
        with pytest.raises(type(error)):
            await patiently(store.ask, patience)
        assert 1 <= store.calls <= most


@pytest.mark.parametrize(("patiently", "error"), OTHERS, ids=["qdrant", "milvus"])
async def test_other_faults_are_told_at_once(patiently: Patiently, error: Exception) -> None:
    """A store that answers, or that is slow, is not asked the same again."""
    store = Store(1, error)
    with pytest.raises(type(error)):
        await patiently(store.ask, 30.0)

    assert store.calls == 1


async def test_a_call_is_repeated_unless_it_asks_not_to_be() -> None:
    """By default a call has patience; the question whether the store is up has none."""
    down = STORES[0][1]
    asked, pinged = Store(2, down), Store(2, down)
    with pytest.raises(StoreDown):
        await catalogue.insist(pinged.ask, retry_for=0.0)

    assert await catalogue.insist(asked.ask) == "answer"
    assert (asked.calls, pinged.calls) == (3, 1)
