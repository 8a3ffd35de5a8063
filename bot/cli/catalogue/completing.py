"""Second vectors before an answer: what has none yet is embedded, with progress, so that the answer is about all."""

from bot.cli.output import progress
from bot.services import Services
from handlers import similar


async def completed(services: Services) -> None:
    """Embed what has no second vector yet; raises DataError where no second model is set."""
    semantics = similar.enabled(services)
    states = [await semantics.vectors.progress(side.space) for side in semantics.sides]
    with progress("Embedding", sum(one.total - one.done for one in states)) as step:

        def stepped(count: int) -> None:
            for _ in range(count):
                step()

        await similar.catch_up(services, stepped)
