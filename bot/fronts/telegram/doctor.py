"""`resight doctor` for Telegram: token, privacy mode, webhook, rights in each community, and where to click.

examined(bot, services, settings) -> [(name, state, sentence)]      link_for(me): where the bot is added to a group
"""

from telegram import ChatMember, ChatMemberAdministrator, User
from telegram.error import InvalidToken, TelegramError

from bot.fronts.telegram.api import Bot, kept, lacking, own_standing
from bot.settings import Settings
from core.chat import Community
from core.errors import RetryLater
from core.types import Platform
from core.wording import Words
from handlers.needs import HasCommunities

type Check = tuple[str, str, str]

NAME = "telegram"
OK, WARNING, BAD = "ok", "warning", "bad"


def link_for(me: User) -> str:
    """It asks for the rights at once, and for /setup in the new group."""
    return f"https://t.me/{me.username}?startgroup=setup&admin=delete_messages+restrict_members"


async def examined(bot: Bot, services: HasCommunities, settings: Settings) -> list[Check]:
    """Everything that can be looked at from here; without an answer, only that."""
    words = Words.of(settings.language)
    try:
        me = await bot.get_me()
        return await _all(bot, services, settings, words, me)
    except InvalidToken:
        return [(NAME, BAD, words("telegram.doctor.token"))]
    except (TelegramError, RetryLater):
        return [(NAME, BAD, words("telegram.doctor.silent"))]


async def _all(bot: Bot, services: HasCommunities, settings: Settings, words: Words, me: User) -> list[Check]:
    checks = [(NAME, OK, words("telegram.doctor.connected", name=me.username)), _privacy(words, me)]
    if settings.telegram_webhook:
        checks.append(await _webhook(bot, words))
    known = await services.communities.all(Platform.TELEGRAM)
    if not known:
        checks.append((NAME, WARNING, words("telegram.doctor.nowhere", link=link_for(me))))
    for one in known:
        checks += await _community(bot, words, me, one)
    return checks


def _privacy(words: Words, me: User) -> Check:
    key = "open" if me.can_read_all_group_messages else "privacy"
    return f"{NAME} privacy", OK if me.can_read_all_group_messages else WARNING, words(f"telegram.doctor.{key}")


async def _webhook(bot: Bot, words: Words) -> Check:
    """What Telegram met when it last called."""
    info = await bot.get_webhook_info()
    if info.last_error_message:
        return f"{NAME} webhook", WARNING, words("telegram.doctor.hook", why=info.last_error_message)
    return f"{NAME} webhook", OK, words("telegram.doctor.hook-fine")


async def _community(bot: Bot, words: Words, me: User, community: Community) -> list[Check]:
    name = community.name or community.id
    label = f"{NAME} {name}"
    found = [(label, *_rights(words, me, await own_standing(bot, int(community.id))))]
    if not community.log:
        return [*found, (label, WARNING, words("telegram.doctor.no-log"))]
    where = int(community.log.partition("/")[0])
    # a private chat that was ended can't be told from here; any other tells what we are in it
    if await (kept(bot.get_chat(where)) if where > 0 else own_standing(bot, where)) is None:
        found.append((label, BAD, words("telegram.doctor.log", chat=where)))
    return found


def _rights(words: Words, me: User, member: ChatMember | None) -> tuple[str, str]:
    """The state and the sentence about what the bot may do there."""
    if member is None:
        return BAD, words("telegram.doctor.left", link=link_for(me))
    if rights := lacking(member):
        is_member = not isinstance(member, ChatMemberAdministrator)
        return WARNING, words("telegram.doctor.member" if is_member else "telegram.doctor.lacking", rights=rights)
    return OK, words("telegram.doctor.fine")
