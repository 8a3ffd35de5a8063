"""The buttons of cards and answers. All that they mean is in their custom ids, so they outlive a restart.

case:{number}:{action}                     a decision, its undo, "release" (a brake), or "why"
refs:{channel}:{message}:{collection}      takes back what was added from a message

The moderators' card is renewed by the outbox; whoever presses hears something only if it went otherwise.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

import discord

from bot.fronts.discord.cards import embed_of
from bot.fronts.discord.cases import case_here, renew, why_of
from bot.fronts.discord.desk import Asked, Declined, Desk, apologise, defer, may, plain
from core.cases import Case, DecisionRecord
from core.chat import Said
from core.errors import Conflict
from core.types import Decision, Platform, Space
from core.walls import watched
from core.wording import Words
from handlers import braking, review
from handlers.from_post import take_back

type Pressed = discord.ui.Button[discord.ui.View]
ADDED = ("said.added", "said.added-some")
LONGEST_ID = 100
PATIENCE_S = 1.0
"""Of the three seconds that Discord waits."""


async def carefully(interaction: Asked, answer: Callable[[Desk], Awaitable[None]]) -> None:
    """Check that it is the staff who press, and never leave somebody without a word."""
    desk = Desk(interaction)
    try:
        if not may(interaction, "manage_messages"):
            raise Declined("said.staff-only")
        await answer(desk)
    except Exception as error:  # the last wall before discord.py: the one who pressed gets a sentence
        await apologise(interaction, error)


class CaseButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"case:(?P<case>\d+):(?P<action>violation|allowed|not_a_match|unsure|abuse|undo|release|why)",
):
    """A decision about a case."""

    def __init__(self, button: Pressed, case: int, action: str) -> None:
        super().__init__(button)
        self.case = case
        self.action = action

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        assert isinstance(item, discord.ui.Button)
        return cls(item, int(match["case"]), match["action"])

    async def callback(self, interaction: Asked) -> None:  # type: ignore[override]  # always our own client
        does = {"why": self._why, "release": self._release}
        await carefully(interaction, does.get(self.action, self._decide))

    async def _release(self, desk: Desk) -> None:
        await case_here(desk, self.case)
        try:
            await braking.release(desk.services, self.case, desk.by)
        except Conflict:
            await desk.say(Said(key="brake.off"))
        else:
            await desk.say(Said(key="brake.released"))

    async def _why(self, desk: Desk) -> None:
        if await defer(desk.interaction, thinking=True):
            case = await case_here(desk, self.case)
            await desk.show(embed=embed_of(await why_of(desk.services, await desk.words(), case)))

    async def _decide(self, desk: Desk) -> None:
        """Whoever is too late reads that at once; usually there is nothing to say but that it was received."""
        await case_here(desk, self.case)
        press, now = (Platform.DISCORD, str(desk.interaction.user.id), self.case), desk.services.clock()
        if self.action == Decision.ABUSE and not desk.services.twice.is_sure(press, now):
            await desk.say(Said(key="abuse.again"))
            return
        deciding = watched(asyncio.create_task(_decided(desk, self.case, self.action), name="a decision"))
        await asyncio.wait([deciding], timeout=PATIENCE_S)
        if not deciding.done():
            await defer(desk.interaction, thinking=False)
        case, is_mine = await deciding
        if not is_mine:
            await desk.say(Said(key="said.other-first"), *_who(await desk.words(), case.decisions))
        elif not desk.interaction.response.is_done():
            await defer(desk.interaction, thinking=False)
        await renew(desk, case)


async def _decided(desk: Desk, number: int, action: str) -> tuple[Case, bool]:
    """The case as it then stands, and whether it was this decision that made it so."""
    try:
        if action == "undo":
            return await review.undo(desk.services, number, desk.by), True
        return await review.decide(desk.services, number, Decision(action), desk.by), True
    except Conflict:
        return await case_here(desk, number), False


def _who(words: Words, decisions: Sequence[DecisionRecord]) -> list[str]:
    """Who was first, and with what."""
    if not decisions:
        return []
    last = decisions[-1]
    who, key = (last.undone_by, "case.undone") if last.undone_at else (last.by, "case.decided")
    return [plain(words, Said(key=key, values={"name": who, "decision": words(f"decision.{last.decision}")}))]


class UndoAdding(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"refs:(?P<channel>\d+):(?P<message>\d+):(?P<collection>.+)",
):
    """Takes back what was added from a message."""

    def __init__(self, button: Pressed, channel: str, message: str, collection: str) -> None:
        super().__init__(button)
        self.channel = channel
        self.message = message
        self.collection = collection

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        assert isinstance(item, discord.ui.Button)
        return cls(item, match["channel"], match["message"], match["collection"])

    async def callback(self, interaction: Asked) -> None:  # type: ignore[override]  # always our own client
        await carefully(interaction, self._take_back)

    async def _take_back(self, desk: Desk) -> None:
        """Of this server's own collection only: it is named after the server."""
        await defer(desk.interaction, thinking=False)
        space = Space(platform=Platform.DISCORD, community=str(desk.guild.id), channel=self.channel)
        done = await take_back(desk.services, space, self.message, self.collection)
        await desk.interaction.edit_original_response(content=plain(await desk.words(), done), view=None)


def undo_adding(words: Words, done: Said, space: Space, message: str, collection: str) -> dict[str, Any]:
    """The button below an answer that says what was added; nothing, if nothing was."""
    name = f"refs:{space.channel}:{message}:{collection}"
    if done.key not in ADDED or len(name) > LONGEST_ID:
        return {}
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=words("decision.undo"), custom_id=name))
    view.stop()
    return {"view": view}
