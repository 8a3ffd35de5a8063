"""What a bot may do with messages at the Telegram peer: send, copy, forward, edit, delete, react.

SENDING    the methods by name; each takes the world and the call, and gives the result or raises a `Refusal`
SENT_BY    how many messages a call makes, for the flood limits
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.peers.telegram_people import People
from tests.peers.telegram_text import CAPTION_LIMIT, REACTIONS, TEXT_LIMIT, Json, Words, bad, checked_keyboard, names
from tests.peers.telegram_world import Ask, Chat, Message

DELETABLE_S = 48 * 3600
ALBUM_LIMIT = 10
DELETE_LIMIT = 100
ACTIONS = names(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)

type Method = Callable[[People, Ask], Any]


# --- what is sent


def text_of(ask: Ask) -> Words:
    words = Words.sent(ask.text("text"), ask.text("parse_mode"), ask.params.get("entities"))
    if not words.text.strip():
        raise bad("message text is empty")
    return words.within(TEXT_LIMIT, "message is too long")


def caption_of(said: Json) -> Words:
    """The caption of a call, or of one medium of an album."""
    words = Words.sent(str(said.get("caption", "")), str(said.get("parse_mode", "")), said.get("caption_entities"))
    return words.within(CAPTION_LIMIT, "message caption is too long")


def file_of(world: People, ask: Ask, kind: str, given: str) -> Json:
    """What the message will say of an upload, wherever the client put it, or of a file_id."""
    upload = ask.files.get(given.removeprefix("attach://") or kind)
    if upload:
        return world.files.content(kind, upload)
    if given.startswith("attach://") or not given:
        raise bad(f"there is no {kind} in the request")
    if given.startswith("http"):
        raise bad("failed to get HTTP URL content")  # nothing leaves the machine
    return world.files.again(kind, given)


def replied(world: People, chat: Chat, ask: Ask) -> Message | None:
    wanted = ask.params.get("reply_parameters")
    if not wanted:
        return None
    there = world.readable(wanted["chat_id"]) if wanted.get("chat_id") else chat
    found = there.messages.get(int(wanted["message_id"]))
    if found and not found.deleted:
        return found
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")


def thread_of(chat: Chat, ask: Ask) -> int:
    thread = ask.number("message_thread_id")
    if thread and (not chat.forum or thread not in chat.messages):
        raise bad("message thread not found")
    return thread


def sent(world: People, ask: Ask, words: Words, content: Json, album: str = "") -> Message:
    """The bot's new message, if it may write it there."""
    chat = world.writable(ask.text("chat_id"), content)
    return world.write(
        chat,
        world.me,
        words=words,
        content=content,
        album=album,
        reply_to=replied(world, chat, ask),
        thread=thread_of(chat, ask),
        markup=checked_keyboard(ask.params.get("reply_markup")),
    )


def send_message(world: People, ask: Ask) -> Json:
    return sent(world, ask, text_of(ask), {}).json()


def send_file(kind: str) -> Method:
    def send(world: People, ask: Ask) -> Json:
        world.writable(ask.text("chat_id"), {kind: {}})  # before the upload is looked at, as Telegram does
        return sent(world, ask, caption_of(ask.params), file_of(world, ask, kind, ask.text(kind))).json()

    return send


def send_album(world: People, ask: Ask) -> list[Json]:
    media: list[Json] = ask.params.get("media") or []
    if not media:
        raise bad("there are no messages to send")
    if len(media) > ALBUM_LIMIT:
        raise bad("too many messages to send as an album")
    contents = [file_of(world, ask, one["type"], one["media"]) for one in media]
    album = str(14_000_000_000_000_000 + world.new_id())
    return [
        sent(world, ask, caption_of(one), content, album).json() for one, content in zip(media, contents, strict=True)
    ]


def send_action(world: People, ask: Ask) -> bool:
    world.writable(ask.text("chat_id"), {})
    if ask.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


# --- copies


def source_of(world: People, ask: Ask, called: str) -> Message:
    message = world.message(world.readable(ask.text("from_chat_id")), ask.number("message_id"), called)
    if message.service:
        raise bad(f"message can't be {'copied' if 'copy' in called else 'forwarded'}")
    return message


def copy_message(world: People, ask: Ask) -> Json:
    source = source_of(world, ask, "message to copy")
    words = caption_of(ask.params) if source.content and "caption" in ask.params else source.words
    return {"message_id": sent(world, ask, words, world.files.renewed(source.content)).id}


def forward_message(world: People, ask: Ask) -> Json:
    source = source_of(world, ask, "message to forward")
    message = sent(world, ask, source.words, world.files.renewed(source.content))
    message.origin = source.as_origin()
    return message.json()


# --- edits


def own(world: People, ask: Ask) -> Message:
    """The message that the bot may edit."""
    message = world.message(world.readable(ask.text("chat_id")), ask.number("message_id"), "message to edit")
    if message.sender is not world.me:
        raise bad("message can't be edited")
    return message


def changed(world: People, ask: Ask, message: Message, words: Words, content: Json) -> Json:
    """Put in what is new; without a keyboard in the call the message has none any more."""
    markup = checked_keyboard(ask.params.get("reply_markup"))
    new = replace(message, words=words, content=content, markup=markup)
    if (new.words, new.unique, new.markup) == (message.words, message.unique, message.markup):
        raise bad(NOT_MODIFIED)
    message.words, message.content, message.markup, message.edited = words, content, markup, world.now()
    return message.json()


def edit_text(world: People, ask: Ask) -> Json:
    message = own(world, ask)
    if message.content:
        raise bad("there is no text in the message to edit")
    return changed(world, ask, message, text_of(ask), {})


def edit_caption(world: People, ask: Ask) -> Json:
    message = own(world, ask)
    if not message.content:
        raise bad("there is no caption in the message to edit")
    return changed(world, ask, message, caption_of(ask.params), message.content)


def edit_media(world: People, ask: Ask) -> Json:
    message = own(world, ask)
    media: Json = ask.params.get("media") or {}
    if not media:
        raise bad("input media is not specified")
    content = file_of(world, ask, media["type"], media["media"])
    return changed(world, ask, message, caption_of(media), content)


def edit_markup(world: People, ask: Ask) -> Json:
    message = own(world, ask)
    return changed(world, ask, message, message.words, message.content)


# --- deleting, reacting


def delete(world: People, chat: Chat, message: Message) -> bool:
    mine = message.sender is world.me or chat.kind == "private"
    fresh = world.now() - message.date < DELETABLE_S
    if message.service or not fresh or not (mine or world.may(chat, world.me, "can_delete_messages")):
        raise bad("message can't be deleted")
    message.deleted = True
    return True


def delete_message(world: People, ask: Ask) -> bool:
    chat = world.readable(ask.text("chat_id"))
    return delete(world, chat, world.message(chat, ask.number("message_id"), "message to delete"))


def delete_messages(world: People, ask: Ask) -> bool:
    """Those that are not there are skipped."""
    chat = world.readable(ask.text("chat_id"))
    wanted = ask.params.get("message_ids") or []
    if not 1 <= len(wanted) <= DELETE_LIMIT:
        raise bad("message identifiers are not specified" if not wanted else "too many messages to delete")
    standing = [chat.messages[one] for one in wanted if one in chat.messages and not chat.messages[one].deleted]
    for message in standing:
        delete(world, chat, message)
    return True


def react(world: People, ask: Ask) -> bool:
    message = world.message(world.readable(ask.text("chat_id")), ask.number("message_id"), "message to react")
    emoji = tuple(str(one.get("emoji", "")).removesuffix("\ufe0f") for one in ask.params.get("reaction") or [])
    if len(emoji) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if set(emoji) - REACTIONS:
        raise bad("REACTION_INVALID")
    message.marks[world.me] = emoji
    return True


SENDING: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_file("photo"),
    "sendDocument": send_file("document"),
    "sendAnimation": send_file("animation"),
    "sendSticker": send_file("sticker"),
    "sendVideo": send_file("video"),
    "sendVideoNote": send_file("video_note"),
    "sendMediaGroup": send_album,
    "sendChatAction": send_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "setMessageReaction": react,
}


def sent_by(ask: Ask) -> int:
    """How many messages a call makes."""
    if ask.method == "sendMediaGroup":
        return len(ask.params.get("media") or [])
    return int(ask.method.startswith(("send", "copy", "forward")) and ask.method != "sendChatAction")
