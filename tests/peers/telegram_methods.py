"""The rest of the Bot API at the Telegram peer: chats, members, buttons, menus, files and updates.

METHODS    every method that the peer knows, with those of telegram_sending
"""

import json
import re
from collections.abc import Awaitable
from typing import Any

from tests.peers.telegram_people import People, Told
from tests.peers.telegram_sending import SENDING, Method
from tests.peers.telegram_text import Json, bad, names
from tests.peers.telegram_updates import Hook
from tests.peers.telegram_world import PERMISSIONS, PRESENT, Ask, Chat, User

TOLD_LIMIT = 200
SHORTEST_S, LONGEST_S = 30, 366 * 86_400  # restrictions outside of it are forever
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_me(world: People, _: Ask) -> Json:
    said = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy, "supports_inline_queries": False}
    return world.me.json() | said


# --- updates


def get_updates(world: People, ask: Ask) -> Awaitable[list[Json]]:
    if not world.updates.hook:
        world.updates.allow(ask.params.get("allowed_updates"))
    return world.updates.poll(ask.number("offset"), ask.number("limit", 100), ask.number("timeout"))


def set_webhook(world: People, ask: Ask) -> bool:
    secret = ask.text("secret_token")
    if not re.fullmatch(r"[\w-]{0,256}", secret, re.ASCII):
        raise bad("secret token contains unallowed characters")
    if ask.flag("drop_pending_updates"):
        world.updates.drop_pending()
    world.updates.allow(ask.params.get("allowed_updates"))
    url = ask.text("url")
    world.updates.hook_up(Hook(url, secret, ask.number("max_connections", 40)) if url else None)
    return True


def delete_webhook(world: People, ask: Ask) -> bool:
    if ask.flag("drop_pending_updates"):
        world.updates.drop_pending()
    world.updates.hook_up(None)
    return True


def get_webhook_info(world: People, _: Ask) -> Json:
    updates = world.updates
    said: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(updates.pending)}
    if updates.hook:
        said |= {"url": updates.hook.url, "max_connections": updates.hook.max_connections}
    if updates.hook_error:
        message, date = updates.hook_error
        said |= {"last_error_message": message, "last_error_date": date}
    return said | ({"allowed_updates": updates.allowed} if updates.allowed else {})


# --- chats and members


def get_chat(world: People, ask: Ask) -> Json:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    said: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    chat = world.readable(ask.text("chat_id"))
    if chat.kind in ("group", "supergroup"):
        said["permissions"] = dict.fromkeys(PERMISSIONS, True)
    return chat.json() | said | ({"linked_chat_id": chat.linked} if chat.linked else {})


def person(world: People, ask: Ask) -> User:
    if ask.number("user_id") <= 0:
        raise bad("invalid user_id specified")
    user = world.users.get(ask.number("user_id"))
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return user


def get_chat_member(world: People, ask: Ask) -> Json:
    chat = world.readable(ask.text("chat_id"))
    return world.member(chat, person(world, ask)).json()


def get_chat_administrators(world: People, ask: Ask) -> list[Json]:
    chat = world.readable(ask.text("chat_id"))
    if chat.kind == "private":
        raise bad("there are no administrators in the private chat")
    return [one.json() for one in chat.members.values() if one.status in ("creator", "administrator")]


def get_chat_member_count(world: People, ask: Ask) -> int:
    chat = world.readable(ask.text("chat_id"))
    return 2 if chat.kind == "private" else sum(one.status in PRESENT for one in chat.members.values())


def leave_chat(world: People, ask: Ask) -> bool:
    chat = world.readable(ask.text("chat_id"))
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    world.set_member(chat, world.me, world.me, "left")
    return True


def judged(world: People, ask: Ask) -> tuple[Chat, User]:
    """Whom the bot may restrict, ban or forgive, and where."""
    chat = world.readable(ask.text("chat_id"))
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    user = person(world, ask)
    if user is world.me:
        raise bad("can't restrict self")
    if not world.may(chat, world.me, "can_restrict_members"):
        raise bad("not enough rights to restrict/unrestrict chat member")
    if world.member(chat, user).status == "creator":
        raise bad("can't remove chat owner")
    if world.is_admin(chat, user):
        raise bad("user is an administrator of the chat")
    return chat, user


def until(world: People, ask: Ask) -> int:
    date = ask.number("until_date")
    return date if SHORTEST_S <= date - world.now() <= LONGEST_S else 0


def restrict(world: People, ask: Ask) -> bool:
    if world.readable(ask.text("chat_id")).kind != "supergroup":
        raise bad("method is available only for supergroups")
    chat, user = judged(world, ask)
    given: Json = ask.params.get("permissions") or {}
    left = {name for name in PERMISSIONS if given.get(name)}
    if left == PERMISSIONS:
        world.set_member(chat, user, world.me, "member")
    else:
        world.set_member(chat, user, world.me, "restricted", permissions=left, until=until(world, ask))
    return True


def ban(world: People, ask: Ask) -> bool:
    chat, user = judged(world, ask)
    world.set_member(chat, user, world.me, "kicked", until=until(world, ask))
    return True


def unban(world: People, ask: Ask) -> bool:
    chat, user = judged(world, ask)
    if world.member(chat, user).status == "kicked" or not ask.flag("only_if_banned"):
        world.set_member(chat, user, world.me, "left")
    return True


def bar_channel(world: People, ask: Ask) -> bool:
    """Nobody may write there in the name of that channel any more, or again."""
    chat = world.readable(ask.text("chat_id"))
    if chat.kind == "private" or ask.number("sender_chat_id") >= 0:
        raise bad("PARTICIPANT_ID_INVALID")
    if not world.may(chat, world.me, "can_restrict_members"):
        raise bad("not enough rights to restrict/unrestrict chat member")
    (chat.barred.add if ask.method == "banChatSenderChat" else chat.barred.discard)(ask.number("sender_chat_id"))
    return True


# --- buttons, menus, files


def answer_press(world: People, ask: Ask) -> bool:
    press = world.presses.get(ask.text("callback_query_id"))
    if press is None or press.expired or press.told.done():
        raise bad(TOO_OLD)
    if len(ask.text("text")) > TOLD_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    press.told.set_result(Told(ask.text("text"), ask.flag("show_alert")))
    return True


def menu_key(ask: Ask) -> tuple[str, str]:
    """Commands belong to a scope and a language; "default" or "chat:-100123" names the scope."""
    scope: Json = dict(ask.params.get("scope") or {"type": "default"})
    return ":".join(str(part) for part in scope.values()), ask.text("language_code")


def set_commands(world: People, ask: Ask) -> bool:
    commands: list[Json] = ask.params.get("commands") or []
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.menus[menu_key(ask)] = commands
    return True


def get_commands(world: People, ask: Ask) -> list[Json]:
    return world.menus.get(menu_key(ask), [])


def delete_commands(world: People, ask: Ask) -> bool:
    world.menus.pop(menu_key(ask), None)
    return True


def get_file(world: People, ask: Ask) -> Json:
    return world.files.link(ask.text("file_id"))


def agree(_: People, __: Ask) -> bool:
    return True


METHODS: dict[str, Method] = SENDING | {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "restrictChatMember": restrict,
    "banChatMember": ban,
    "unbanChatMember": unban,
    "banChatSenderChat": bar_channel,
    "unbanChatSenderChat": bar_channel,
    "answerCallbackQuery": answer_press,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyDescription": agree,
    "setMyShortDescription": agree,
    "getFile": get_file,
}
BY_NAME = {name.lower(): name for name in METHODS}  # Telegram takes any case
DECODED = names(  # what clients send as JSON inside a form
    "allowed_updates reply_markup reply_parameters link_preview_options media permissions commands scope reaction "
    "entities caption_entities message_ids"
)


def understood(params: Json) -> Json:
    """The parameters with their JSON read."""
    return {name: _read(name, value) for name, value in params.items() if value is not None}


def _read(name: str, value: Any) -> Any:
    if name not in DECODED or not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None
