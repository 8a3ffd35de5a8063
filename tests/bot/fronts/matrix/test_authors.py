"""What is done to authors on Matrix, where a homeserver refuses a part: it is told as it is, and can be undone."""

from datetime import timedelta
from typing import Any

import pytest

from bot.fronts.matrix.authors import ADMINISTRATOR, BANNED_BEFORE, REDACT, Authors
from bot.fronts.matrix.wire import Json, NotGiven, Wire
from core.chat import Carried, Said
from core.chat_port import Measure
from core.types import Act, ActState, ImageEvent, Platform, Space
from tests.bot.fronts.matrix.test_rooms import ANN, BOT, MO, levels, room, rooms, state

POST = ImageEvent(
    space=Space(platform=Platform.MATRIX, community="!s", channel="!a"), message="$1", image="$1", author=ANN
)


class Server(Wire):
    """Knows who is in which room, and who has put them out; refuses what `refuses` begins with."""

    def __init__(self, **members: tuple[str, str]) -> None:
        super().__init__("http://127.0.0.1:1")
        self.members = {f"!{name}": member for name, member in members.items()}
        self.refuses, self.asked = "nothing", list[str]()

    async def ask(self, method: str, path: str, *_: Any, **__: Any) -> Json:
        path = path.replace("%21", "!")
        if f"{method} {path}".startswith(self.refuses):
            raise NotGiven(403, "M_FORBIDDEN", "ordered by the test")
        where, what = path.split("/")[2:4]
        if what == "state":
            membership, sender = self.members[where]
            return {"content": {"membership": membership}, "sender": sender}
        if what == "messages":
            return {"chunk": [{"event_id": "$9", "origin_server_ts": 2**60, "content": {"body": "x"}}]}
        self.asked.append(f"{what} {where}")
        self.members |= {where: ("ban" if what == "ban" else "leave", BOT)} if method == "POST" else {}
        return {}


def authors(server: Server, **more: Any) -> Authors:
    """A space with two rooms, all of which the bot moderates."""
    ours = levels(users={BOT: 50, MO: 100, **more})
    parts = [state("m.space.child", {"via": ["x.org"]}, key=f"!{name}") for name in "ab"]
    space = room("!s", ours, *parts)
    space["!s"]["state"]["events"][0]["content"]["type"] = "m.space"
    parent = state("m.space.parent", {"via": ["x.org"], "canonical": True}, key="!s")
    return Authors(server, rooms(room("!a", ours, parent), room("!b", ours, parent), space))


def measure(act: Act, tries: int = 1, **more: Any) -> Measure:
    return Measure(
        act=act, reason=Said(key="done.reason-copy", values={"number": 1}), language="en", tries=tries, **more
    )


async def test_a_room_that_refuses_is_left_out() -> None:
    """The ban holds where it could be done, and the undo lifts it just there."""
    server = Server(a=("join", ANN), b=("join", ANN), s=("leave", ANN))
    server.refuses = "POST /rooms/!b/ban"
    done = await authors(server).take(POST, measure(Act.BAN))
    await authors(server).take(POST, measure(Act.UNBAN, before=done.receipt))

    assert (done.state, done.receipt) == (ActState.DONE, f"{ANN} !a")
    assert server.asked == ["ban !a", "unban !a"]


async def test_a_second_try_knows_what_the_first_has_done() -> None:
    """Rooms in which the bot banned them before it was cut off are lifted, too; a ban of somebody else is not."""
    server = Server(a=("join", ANN), b=("ban", BOT), s=("ban", MO))
    done = await authors(server).take(POST, measure(Act.BAN, tries=2))

    assert done.receipt == f"{ANN} !a !b"


@pytest.mark.parametrize("tries", [1, 2])
async def test_who_was_banned_before_stays_so(tries: int) -> None:
    """Nothing of ours is there to be lifted."""
    assert await authors(Server(a=("ban", MO))).take(POST, measure(Act.BAN, tries=tries)) == BANNED_BEFORE


async def test_a_purge_that_is_refused_is_told() -> None:
    """The ban stands, and its receipt is kept."""
    server = Server(a=("join", ANN), b=("leave", ANN), s=("leave", ANN))
    server.refuses = "PUT /rooms/!a/redact"
    done = await authors(server).take(POST, measure(Act.BAN, purge=timedelta(hours=1)))

    assert done == Carried(state=ActState.DONE, sentence=f"not-purged|{REDACT}", receipt=f"{ANN} !a")


@pytest.mark.parametrize("act", [Act.BAN, Act.KICK])
async def test_staff_is_not_put_out(act: Act) -> None:
    """Also below the bot's own level."""
    server = Server(a=("join", ANN))

    assert await authors(server, **{ANN: 50, BOT: 75}).take(POST, measure(act)) == ADMINISTRATOR
    assert server.asked == []
