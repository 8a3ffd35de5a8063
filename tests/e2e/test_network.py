"""A bad network between the bot and a platform: slow, late, reset, cut off, or answering for the platform."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from tests.e2e.world import copy, make_catalogue, stranger, world
from tests.peers.chaos import Chaos, Toxic

TOXICS = {
    "late": Toxic(latency_s=0.2, jitter_s=0.3),
    "slow": Toxic(bytes_a_s=60_000),
    "reset": Toxic(reset=0.4),
    "cut off": Toxic(cut_after=3_000),
    "broken": Toxic(broken=True),
    "gone": Toxic(refuse=True),
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_catalogue(tmp_path_factory.mktemp("network"))


async def test_a_bad_network_loses_and_doubles_nothing(catalogue: Path, tmp_path: Path) -> None:
    """Through each trouble people post; afterwards every image has its one right verdict, and each copy its card."""
    async with world("telegram", catalogue, tmp_path) as here:
        assert here.telegram
        async with (
            Chaos(URL(here.telegram.url).port or 0) as chaos,
            here.bot(RESIGHT_TELEGRAM_URL=f"http://127.0.0.1:{chaos.port}"),
        ):
            await here.stage.set_up()
            posts: list[tuple[Any, str]] = []
            for number, toxic in enumerate(TOXICS.values()):
                chaos.toxic = toxic
                posts += [(here.stage.post(copy()), "match"), (here.stage.post(stranger(number)), "clean")]
                await asyncio.sleep(1.5)
                chaos.toxic = Toxic()
                await asyncio.sleep(0.5)
            await here.until(lambda: here.is_screened(*(post for post, _ in posts)), 120)
            await here.stage.card_says(here.stage.words("burst.posts-many", count=len(TOXICS)))
            await asyncio.sleep(2)

        assert dict(here.verdicts()) == {(str(post.id), outcome): 1 for post, outcome in posts}
        assert len(here.stage.cards()) <= 2, "a card whose answer was lost may stand twice on Telegram"
        assert chaos.spoilt >= 3
