"""What discord.py can't read costs that thing alone: not the connection, and not what came with it.

    an event                    is passed over, and told
    a server with a bad part    is taken in without that channel, role, thread, ...
    a message of the history    is passed over (`pages`), and told

Left alone, discord.py ends the whole client for each of them, and meets the same server again after each login.
"""

import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import discord
from discord.state import ConnectionState

NEEDED = frozenset({"READY", "RESUMED"})
"""Without these there is no connection, so they may end it."""

LONGEST = 100
"""Messages of a page of the history; Discord gives no more."""

type Json = dict[str, Any]
log = logging.getLogger(__name__)


def guard(state: ConnectionState[Any]) -> None:
    """Put a wall around the parser of each event."""
    for name, parse in state.parsers.items():
        if name not in NEEDED:
            state.parsers[name] = partial(_parsed, state, name, parse)


def _parsed(state: ConnectionState[Any], name: str, parse: Callable[[Json], None], data: Json) -> None:
    try:
        parse(data)
    except Exception:  # a library meets what it did not expect: one event is lost, not the connection
        log.exception("Discord: %s could not be read (%s).", name, _numbers(data))
        if name == "GUILD_CREATE":
            _again(state, parse, data)


def _again(state: ConnectionState[Any], parse: Callable[[Json], None], data: Json) -> None:
    """The server without its parts that can't be read: without the server nothing posted there would be seen."""
    try:
        parse(_readable(state, data))
    except Exception:  # what is left of the server meets the same bug: only this server is lost
        log.exception("Discord: the server %s is not looked at.", data.get("id"))


def _readable(state: ConnectionState[Any], data: Json) -> Json:
    """Each part of each of its lists is tried alone, in an otherwise empty server."""
    lists = {key: value for key, value in data.items() if isinstance(value, list) and any(map(_is_object, value))}
    bare = data | {key: [] for key in lists}

    def is_good(key: str, part: Json) -> bool:
        try:
            discord.Guild(data=bare | {key: [part]}, state=state)  # type: ignore[arg-type]
        except Exception as error:
            log.warning("Discord: one of the %s of server %s is left out: %r", key, data.get("id"), error)
            return False
        return True

    return data | {key: [part for part in parts if is_good(key, part)] for key, parts in lists.items()}


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _numbers(data: object) -> str:
    """Which server, channel and message it was about: nothing that people wrote."""
    fields = data if isinstance(data, dict) else {}
    return ", ".join(f"{key} {fields[key]}" for key in ("guild_id", "channel_id", "id") if key in fields)


async def pages(channel: discord.abc.Messageable, start: int) -> AsyncIterator[tuple[int, list[discord.Message]]]:
    """The messages after one, oldest first, page by page, each with the number of its last message."""
    state = channel._state
    place = await channel._get_channel()
    while raw := await state.http.logs_from(place.id, LONGEST, after=start):
        page = sorted(raw, key=lambda message: int(message["id"]))
        start = int(page[-1]["id"])
        yield start, [message for part in page if (message := _message(state, place, part))]
        if len(raw) < LONGEST:
            return


def _message(state: ConnectionState[Any], channel: Any, raw: Any) -> discord.Message | None:
    try:
        return state.create_message(channel=channel, data=raw)
    except Exception:  # the same for one message of a history: the others are still read
        log.exception("Discord: a message could not be read (%s).", _numbers(raw))
        return None
