"""What `resight doctor` says of Telegram: each thing that lacks, and where to click."""

import pytest

from bot.fronts.telegram.front import Telegram
from bot.services import Services
from core.chat import Community
from core.types import Platform
from embed.runner import Runner
from store.sql.db import Database
from tests.bot.fronts.telegram.kit import WORDS, services_for, settings_for
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Chat


@pytest.fixture
async def services(telegram: TelegramServer, db: Database, toy_runner: Runner) -> Services:
    return await services_for(Telegram(settings_for(telegram)), db, toy_runner)


async def examined(telegram: TelegramServer, services: Services) -> dict[str, list[tuple[str, str]]]:
    """What it says, by name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, state, sentence in await Telegram(settings_for(telegram)).doctor(services):
        found.setdefault(name, []).append((state, sentence))
    return found


async def known(services: Services, chat: Chat, log: Chat | None) -> None:
    """A community that was set up."""
    where = str(log.id) if log else ""
    one = Community(platform=Platform.TELEGRAM, id=str(chat.id), name=chat.title, log=where)
    await services.communities.put(one, "mo")


async def test_all_is_well(telegram: TelegramServer, services: Services) -> None:
    """Connected, privacy mode off, every right there."""
    group, mods = telegram.group("Pictures", admin=True), telegram.group("Moderators")
    await known(services, group, mods)

    assert await examined(telegram, services) == {
        "telegram": [("ok", WORDS("telegram.doctor.connected", name="resight_test_bot"))],
        "telegram privacy": [("ok", WORDS("telegram.doctor.open"))],
        "telegram Pictures": [("ok", WORDS("telegram.doctor.fine"))],
    }


async def test_nothing_is_set_up_yet(telegram: TelegramServer, services: Services) -> None:
    """The link to begin with is named; so is privacy mode, and the setting that ends it."""
    telegram.privacy = True
    found = await examined(telegram, services)

    assert "startgroup=setup" in found["telegram"][1][1]
    assert found["telegram privacy"][0][0] == "warning"
    assert "/setprivacy" in found["telegram privacy"][0][1]


async def test_each_right_that_lacks_is_named(telegram: TelegramServer, services: Services) -> None:
    """No administrator, an administrator without a right, and a bot that was thrown out."""
    member, weak, gone = telegram.group("Member"), telegram.group("Weak"), telegram.group("Gone")
    telegram.make_admin(weak, telegram.me, can_delete_messages=True)
    telegram.kick_bot(gone)
    for group in (member, weak, gone):
        await known(services, group, group if group is not gone else None)
    found = await examined(telegram, services)

    assert found["telegram Member"] == [
        ("warning", WORDS("telegram.doctor.member", rights="“Delete messages”, “Ban users”"))
    ]
    assert found["telegram Weak"] == [("warning", WORDS("telegram.doctor.lacking", rights="“Ban users”"))]
    assert [state for state, _ in found["telegram Gone"]] == ["bad", "warning"]


async def test_a_place_for_cards_that_is_gone_is_told(telegram: TelegramServer, services: Services) -> None:
    """The moderators would hear nothing."""
    group, mods = telegram.group("Pictures", admin=True), telegram.group("Moderators")
    telegram.kick_bot(mods)
    await known(services, group, mods)
    found = await examined(telegram, services)

    assert ("bad", WORDS("telegram.doctor.log", chat=mods.id)) in found["telegram Pictures"]


@pytest.mark.parametrize(("code", "key"), [(401, "token"), (502, "silent")])
async def test_a_wrong_token_and_silence_are_told_apart(
    telegram: TelegramServer, services: Services, code: int, key: str
) -> None:
    """Each with its way out."""
    telegram.fail("getMe", code=code, description="Unauthorized")

    assert await examined(telegram, services) == {"telegram": [("bad", WORDS(f"telegram.doctor.{key}"))]}


async def test_the_invitation_asks_for_the_rights(telegram: TelegramServer) -> None:
    """Whoever opens it gives the two rights at once."""
    connector = Telegram(settings_for(telegram))
    link = await connector.invite_link()

    assert link == "https://t.me/resight_test_bot?startgroup=setup&admin=delete_messages+restrict_members"
