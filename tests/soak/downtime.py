"""An hour away: what was posted in many channels while the bot was down is read afterwards, each once."""

import time
from dataclasses import dataclass
from pathlib import Path

from core.types import Mode
from tests.e2e.stage import DiscordStage
from tests.e2e.world import stranger, world
from tests.soak.load import seconds

PATIENCE_S = 600.0


@dataclass
class Downtime:
    """What came of it; `seconds` is from the start of the bot to the last verdict."""

    channels: int = 0
    posts: int = 0
    scanned: int = 0
    twice: int = 0
    seconds: float = 0.0

    @property
    def is_right(self) -> bool:
        return self.scanned == self.posts and self.twice == 0


async def downtime(catalogue: Path, folder: Path, posts: int, channels: int = 50) -> Downtime:
    """Post in all channels while the bot is down, and start it again."""
    async with world("discord", catalogue, folder) as here:
        stage = here.stage
        assert isinstance(stage, DiscordStage)
        places = [stage.server.channel(stage.guild, f"channel-{number}") for number in range(channels)]
        async with here.bot() as bot:
            await stage.set_up(Mode.DRY_RUN)
            for place in places:
                await stage.server.slash(place, stage.people["mo"], "watch").answer()
            await bot.kill()
        pictures = [stranger(seed) for seed in range(20)]
        posted = [
            stage.server.post(
                places[number % channels], stage.people["alice"], "", files={"a.png": pictures[number % 20]}
            )
            for number in range(posts)
        ]
        began = time.monotonic()
        async with here.bot():
            await here.until(lambda: sum(len(seconds(here.home, one.id)) for one in places) >= posts, PATIENCE_S)
            found = here.verdicts()
    counts = [sum(count for (message, _), count in found.items() if message == str(post.id)) for post in posted]
    return Downtime(
        channels=channels,
        posts=posts,
        scanned=sum(count >= 1 for count in counts),
        twice=sum(count > 1 for count in counts),
        seconds=round(time.monotonic() - began, 1),
    )
