"""What the bot writes: in clear only where that is sure, and gone with all its versions."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.fronts.matrix.acting import MatrixActing
from bot.fronts.matrix.chat import MatrixChat
from bot.fronts.matrix.front import Conversation
from bot.fronts.matrix.shelf import row_of
from bot.fronts.matrix.wire import Json, NotGiven, Wire
from bot.fronts.matrix.writing import Link
from bot.settings import load
from core.cases import Policy
from core.chat import Said
from core.chat_port import Outgoing, Removal
from core.errors import RetryLater
from core.messages import Answer
from core.types import ActState, ImageEvent, Mode, Platform, Space
from embed.runner import Runner
from store.sql.db import Database
from tests.bot.fronts.matrix.test_rooms import ANN, BOT, room, rooms
from tests.bot.fronts.matrix.test_sealed import NO_KEYS
from tests.clock import Clock
from tests.small import assemble

WORD = Outgoing(answer=Answer(said=Said(key="said.staff-only"), language="en"), key="k")
OUT = NotGiven(403, "M_FORBIDDEN", "User not in room")


class Server(Wire):
    """Answers what is ordered, by the end of the path, and notes what is changed."""

    def __init__(self, answers: Mapping[str, Json | Exception]) -> None:
        super().__init__("http://127.0.0.1:1")
        self.answers, self.asked = answers, list[str]()

    async def ask(self, method: str, path: str, *_: Any, **__: Any) -> Json:
        path = path.replace("%24", "$").replace("%21", "!").replace("%40", "@").replace("%3A", ":")
        if method == "PUT":
            self.asked.append("/".join(path.split("/")[2:5]))
        answer = next((answer for part, answer in self.answers.items() if part in path), {})
        if isinstance(answer, Exception):
            raise answer
        return answer


def acting(**answers: Json | Exception) -> tuple[MatrixActing, Server]:
    server, made = Server({part.replace("_", "/"): answer for part, answer in answers.items()}), MatrixActing(1 << 20)
    made.connect(Link(server, NO_KEYS, rooms(room("!r"), room("!secret"))))
    return made, server


async def test_nothing_is_written_into_a_room_that_is_not_known() -> None:
    """It may be encrypted: it waits, unless the homeserver says that we are not there."""
    made, server = acting(member={"membership": "join"})
    with pytest.raises(RetryLater):
        await made.show("!unknown", WORD, "")
    with pytest.raises(RetryLater):
        await made.can_write("!unknown", None)  # type: ignore[arg-type]  # which community it is is asked of nobody

    for member in (OUT, {"membership": "leave"}):
        made, server = acting(member=member)
        assert (await made.show("!unknown", WORD, "")).state is ActState.FORBIDDEN
        assert server.asked == []


async def test_once_encrypted_nothing_is_in_clear() -> None:
    """Whatever the homeserver says of the room today."""
    made, _ = acting()
    there = rooms(room("!secret")).joined["!secret"]

    assert not there.is_encrypted
    assert made.is_encrypted(there)


def change(number: int, **more: Any) -> Json:
    return {"event_id": f"$c{number}", "sender": BOT, "content": {"body": "x"}, **more}


CARD = {"event_id": "$card", "sender": BOT, "type": "m.room.message", "content": {"body": "x", "url": "mxc://x.org/1"}}
CHANGES = {"chunk": [change(1), change(2), {**change(3), "content": {}}]}
GOES = ["!r/redact/$c1", "!r/redact/$c2", "!r/redact/$card"]


async def test_a_card_is_withdrawn_with_all_its_changes() -> None:
    """Each is an event of its own, which a redaction of the first leaves to be read."""
    made, server = acting(relations=CHANGES)

    assert (await made.withdraw("!r/$card")).state is ActState.DONE
    assert server.asked == GOES


async def test_a_card_of_which_nothing_may_stay_is_written_anew() -> None:
    """Without its picture, and without what it said before."""
    made, server = acting(relations=CHANGES, event=CARD, send={"event_id": "$new"})
    carried = await made.show("!r", Outgoing(answer=WORD.answer, key="k", bare=True), "!r/$card")

    assert server.asked == [*GOES, "!r/send/m.room.message"]
    assert carried.receipt == "!r/$new"

    made, server = acting(event={**CARD, "content": {}}, send={"event_id": "$new"})  # a try that was cut off in between
    assert (await made.show("!r", Outgoing(answer=WORD.answer, key="k", bare=True), "!r/$card")).receipt == "!r/$new"


async def test_a_removal_takes_every_version() -> None:
    """On a homeserver that has no list of them the first one goes all the same."""
    post = ImageEvent(
        space=Space(platform=Platform.MATRIX, community="!r", channel="!r"), message="$card", image="$card", author=ANN
    )
    removal = Removal(reason=Said(key="done.reason-copy", values={"number": 1}), language="en")
    made, server = acting(relations=CHANGES, event=CARD)
    assert (await made.delete(post, "$card", removal)).state is ActState.DONE
    assert server.asked == GOES

    made, server = acting(relations=NotGiven(404, "M_UNRECOGNIZED", ""), event=CARD)
    assert (await made.delete(post, "$card", removal)).state is ActState.DONE
    assert server.asked == GOES[-1:]


async def test_a_changed_card_stays_in_its_thread() -> None:
    """A change says nothing of the thread: the message that it changes does."""
    thread = {"rel_type": "m.thread", "event_id": "$root"}
    replaces = {"rel_type": "m.replace", "event_id": "$card"}
    changed = {"event_id": "$c1", "content": {"m.new_content": {"body": "y"}, "m.relates_to": replaces}}
    card = {
        **CARD,
        "content": {"body": "x", "m.relates_to": thread},
        "unsigned": {"m.relations": {"m.replace": changed}},
    }
    made, _ = acting(event=card)

    assert await made.own("!r", "$card") == ({"body": "y", "m.relates_to": thread}, "$c1")


async def test_who_asks_while_the_homeserver_is_away_is_answered_later(db: Database, toy_runner: Runner) -> None:
    """What they answer is asked for first: nothing was done yet, so it is done when the homeserver is there again."""
    services = await assemble(db, toy_runner, clock=Clock(), default=Policy(mode=Mode.OFF))
    made, _ = acting(event=RetryLater("unreachable"))
    conversation = Conversation(made.link, made, MatrixChat(made), services, load())
    reply = {"body": "!search", "msgtype": "m.text", "m.relates_to": {"m.in_reply_to": {"event_id": "$post"}}}
    asked = {"event_id": "$e", "sender": ANN, "type": "m.room.message", "origin_server_ts": 1, "content": reply}

    with pytest.raises(RetryLater):
        await conversation.handle(conversation.understood(1, row_of("!r", asked)))
