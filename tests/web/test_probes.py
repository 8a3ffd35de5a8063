"""What orchestrators and monitoring systems ask, and what they are told when the bot can't do its work."""

from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Meters
from bot.services import Services
from core.errors import EnvironmentTrouble
from core.types import Act, ActState, Outcome
from handlers import health
from store.vectors.exact import ExactCatalogue
from tests.small import event
from tests.web.fakes import BEARER, Desk, desk


async def test_the_process_is_alive(front: Desk) -> None:
    """Nothing is looked at for that, and nobody has to sign in."""
    async with front.client.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_it_is_ready(front: Desk) -> None:
    """With the number of images that wait."""
    async with front.client.get("/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok", "problems": [], "waiting": 0})


async def test_probes_need_no_token_and_metrics_do(home: Path) -> None:
    """Beyond loopback a stranger learns that the bot lives, and nothing else."""
    async with desk(home, host="0.0.0.0", open_pages=False) as front:
        asked = ("/healthz", "/readyz", "/metrics")
        bare = [(await front.client.get(path)).status for path in asked]
        with_token = (await front.client.get("/metrics", headers=BEARER)).status

    assert (bare, with_token) == ([200, 200, 401], 404), "these pages measure nothing"


class Down(ExactCatalogue):
    is_up = False


class Broken:
    """A database that does not answer, of which the disk is full, too."""

    is_open = False

    async def letters(self, **_: object) -> list[object]:
        raise EnvironmentTrouble("The disk is full.")


async def test_what_is_wrong_is_named(services: Services) -> None:
    """Each problem by its word, whatever else is wrong."""
    assert (await health.look(services)).problems == ()
    down = replace(services, catalogue=Down())
    assert (await health.look(down)).problems == ("store",)
    broken = replace(services, inbox=Broken())  # type: ignore[arg-type]
    assert (await health.look(broken)).problems == ("database", "disk")


async def curves(meters: Meters, services: Services) -> dict[str, float]:
    """Each sample by its name and labels."""
    text = (await meters.exposition(services)).decode()
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_what_happens_is_counted(services: Services) -> None:
    """Verdicts, stages, actions and queues, as Prometheus reads them."""
    meters = Meters("1.0")
    meters.verdict("web", Outcome.MATCH, "copy", {"decode": 20.0})
    meters.action(Act.REMOVE, ActState.DONE)
    meters.retry("image")
    await services.inbox.accept([event("a"), event("b")])
    found = await curves(meters, services)

    assert found["resight_verdicts_total[('outcome', 'match'), ('platform', 'web'), ('reason', 'copy')]"] == 1
    assert found["resight_stage_seconds_sum[('stage', 'decode')]"] == pytest.approx(0.02)
    assert found["resight_actions_total[('act', 'remove'), ('state', 'done')]"] == 1
    assert found["resight_retries_total[('what', 'image')]"] == 1
    assert (found["resight_inbox_waiting[]"], found["resight_vector_store_up[]"]) == (2, 1)


async def test_fronts_and_restarts_have_curves(services: Services) -> None:
    """One for each front, whether it is connected, and one for each part, how often it ended."""
    services.parts.begins("discord", is_front=True)
    services.parts.begins("telegram", is_front=True)
    services.parts.works("telegram")
    services.parts.restarts("discord")
    services.parts.restarts("discord")
    found = await curves(Meters("1.0"), services)

    assert [found[f"resight_front_up[('front', '{name}')]"] for name in ("discord", "telegram")] == [0, 1]
    assert found["resight_part_restarts[('part', 'discord')]"] == 2
