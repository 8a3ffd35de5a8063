"""A case, or why a post was treated as it was, as the staff of its server see it."""

from typing import Any

from bot.fronts.discord.cards import EVIDENCE, embed_of
from bot.fronts.discord.desk import Desk
from bot.fronts.discord.hands import evidence as as_files
from bot.fronts.discord.posts import quiet_buttons
from core.cases import Case
from core.chat import Explanation, Judged
from core.errors import NotFound, Unscannable
from core.matches import Finding
from core.messages import Card
from core.types import ImageEvent, Mode, Platform
from core.wording import Words
from handlers import evidence
from handlers.chat.cards import case_card, kept_until
from handlers.chat.why_card import why_card
from handlers.experience import experience_of
from handlers.services import Services
from handlers.why import explain


async def case_here(desk: Desk, number: int) -> Case:
    """A case of this server; there are no others for those who ask here. Raises NotFound."""
    case = await desk.services.cases.get(number)
    space = case.event.space
    if space.platform is not Platform.DISCORD or space.community != str(desk.guild.id):
        raise NotFound(f"There is no case {number}.")
    return case


async def card_of(desk: Desk, case: Case) -> Card:
    words, community = await desk.words(), await desk.community()
    until = kept_until(case, desk.services.keep_evidence, desk.services.clock())
    return case_card(words, case, community, until)


async def show(desk: Desk, case: Case) -> dict[str, Any]:
    """The card with its buttons and its picture, as a message."""
    card, picture = await card_of(desk, case), await evidence.picture(desk.services, case)
    view = quiet_buttons(card, case.id)
    return {"embed": embed_of(card, has_picture=bool(picture)), "files": as_files(picture, card), "view": view}


async def renew(desk: Desk, case: Case) -> None:
    """Bring the message that was pressed up to date, where the outbox does not: it is not the moderators' card."""
    message = desk.interaction.message
    if message and message.flags.ephemeral:
        card = await card_of(desk, case)
        has_picture = any(file.filename == EVIDENCE for file in message.attachments)
        await desk.interaction.edit_original_response(
            embed=embed_of(card, has_picture=has_picture), view=quiet_buttons(card, case.id)
        )


async def why_of(services: Services, words: Words, about: ImageEvent | Case) -> Card:
    """By looking again; of a picture that is gone, what its case tells. Raises Unscannable, RetryLater."""
    event = about.event if isinstance(about, Case) else about
    try:
        explanation = await explain(services, event)
    except Unscannable:
        case = about if isinstance(about, Case) else await _known(services, event)
        if case is None:
            raise
        explanation = await _remembered(services, case)
    return why_card(words, explanation)


async def _known(services: Services, event: ImageEvent) -> Case | None:
    cases = await services.cases.of_message(event.space.platform, event.space.channel, event.message)
    return next((case for case in cases if case.event.image == event.image), None)


async def _remembered(services: Services, case: Case) -> Explanation:
    """Without the tests that each candidate passed: they can't be made again."""
    policy, community = await services.policies.for_space(case.event.space), case.event.space.home
    nearest = [
        Judged(match=match, gates=(), experience=await experience_of(services, community, match))
        for match in case.verdict.matches
    ]
    return Explanation(
        standing="unwatched" if policy.mode is Mode.OFF else "watched",
        policy=policy,
        finding=Finding(sha256=case.sha256, verdict=case.verdict, candidates=case.verdict.matches),
        nearest=tuple(nearest),
    )
