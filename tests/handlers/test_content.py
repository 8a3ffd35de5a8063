"""The content filter asks for a person's look, and for nothing else."""

from dataclasses import dataclass, replace

import pytest

from bot.services import Services
from core.looks import Look
from core.types import Collection, Outcome, Purpose
from handlers import references
from handlers.content import gated
from handlers.references import Entry
from handlers.search import search
from tests.small import saved, scribble


@dataclass
class Scores:
    """`core.model_ports.ContentFilter` that always says the same."""

    value: float
    asked: int = 0

    async def score(self, look: Look) -> float:  # noqa: ARG002
        self.asked += 1
        return self.value


def with_filter(services: Services, value: float) -> tuple[Services, Scores]:
    scores = Scores(value)
    return replace(services, content_filter=scores, nsfw_at=0.8), scores


@pytest.mark.parametrize(("value", "outcome"), [(0.79, Outcome.CLEAN), (0.8, Outcome.REVIEW)])
async def test_what_reaches_the_threshold_is_reviewed(services: Services, value: float, outcome: Outcome) -> None:
    """A review says why, has no match, and so no policy does anything to the post."""
    filtered, _ = with_filter(services, value)
    finding = await gated(filtered, await search(filtered, saved(scribble(4))))

    assert finding.verdict.outcome is outcome
    assert finding.verdict.matches == ()
    assert (finding.verdict.reason == "adult") is (outcome is Outcome.REVIEW)


async def test_only_what_is_unknown_is_asked_about(services: Services) -> None:
    """A match, what is allowlisted and a damaged file stay what they are; without a filter everything does."""
    await services.references.create_collection(Collection(name="library"))
    await services.references.create_collection(Collection(name="fine", purpose=Purpose.ALLOWLIST))
    await references.add(services, Entry(key="known"), saved(scribble(1)))
    await references.add(services, Entry(key="allowed", collection="fine"), saved(scribble(2)))
    filtered, scores = with_filter(services, 1.0)
    for data in (saved(scribble(1)), saved(scribble(2)), b"no picture"):
        before = await search(filtered, data)
        assert await gated(filtered, before) == before
    unknown = await search(services, saved(scribble(3)))

    assert scores.asked == 0
    assert await gated(services, unknown) == unknown
