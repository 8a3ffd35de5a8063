"""A case on the Telegram peer, played act by act as the outbox would order them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Update
from telegram import User as TelegramUser

from bot.fronts.telegram.received import Reader
from core.cases import ActionRecord, Case, Policy
from core.chat import Carried, Community, Order
from core.ports import Front
from core.types import Act, ImageEvent, Intent, Platform
from tests.bot import cases
from tests.bot.fronts.telegram.kit import KNOWN, STRANGE
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Chat, Message, User

KEEP = timedelta(days=7)
PICTURE = STRANGE


@dataclass
class Play:
    """A case on the peer, and the acts that were done to it so far."""

    telegram: TelegramServer
    front: Front
    group: Chat
    mods: Chat
    alice: User
    post: Message
    case: Case
    policy: Policy = field(default_factory=Policy)
    attempts: int = 1
    newest: str = ""

    async def do(self, act: Act, picture: bytes | None = None) -> Carried:
        """Order an act as the outbox does; what came of it stands on the case afterwards."""
        number = len(self.case.actions) + 1
        action = ActionRecord(id=number, case=self.case.id, act=act, key=f"k{number}", attempts=self.attempts)
        order = Order(
            action=action,
            case=self.case,
            about=self.case,
            community=Community(
                platform=Platform.TELEGRAM, id=self.case.event.space.community, name="Pictures", log=str(self.mods.id)
            ),
            policy=self.policy,
            picture=picture,
            newest=self.newest,
        )
        carried = await self.front.carry_out(order)
        done = replace(action, state=carried.state, detail=carried.sentence, receipt=carried.receipt)
        self.case = replace(self.case, actions=(*self.case.actions, done))
        return carried


ME = TelegramUser(9, "Resight", is_bot=True, username="resight_test_bot")


def event_of(message: Message, intent: Intent = Intent.POSTED) -> ImageEvent:
    """What the bot makes of a message at the peer."""
    update = Update.de_json({"update_id": 1, "message": message.json()}, None)
    received = Reader(ME, follow_links=False).received(update)
    assert received.message
    (event,) = received.message.events(intent)
    return event


def played(telegram: TelegramServer, front: Front, **what: Any) -> Play:
    """A post in a group, with a match on it."""
    alice = telegram.user("alice")
    group, mods = telegram.group("Pictures", admin=True), telegram.group("Moderators", admin=True)
    post = telegram.post(group, alice, **(what or {"photo": KNOWN}))
    case = cases.case(event=event_of(post), opened_at=datetime.now(UTC), thumbnail="key")
    return Play(telegram, front, group, mods, alice, post, case)
