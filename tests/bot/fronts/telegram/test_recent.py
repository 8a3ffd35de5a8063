"""What is remembered of what Telegram told lately."""

from datetime import timedelta

from bot.fronts.telegram.recent import MOST_WRITTEN, Written
from core.messages import Incoming, Person
from core.types import Platform, Space

HOUR = timedelta(hours=1)


def written(number: int, author: str = "7", chat: str = "-100") -> Incoming:
    space = Space(platform=Platform.TELEGRAM, community=chat, channel=chat)
    return Incoming(space=space, message=str(number), author=Person(id=author), text="a secret")


def test_who_wrote_what_is_in_memory_for_a_while() -> None:
    """Numbers alone, of one author in one chat, of the last hours, and never more than so many."""
    now = [0.0]
    memory = Written(lambda: now[0])
    for message in (written(1), written(2, author="8"), written(3, chat="-200")):
        memory.note(message)
    now[0] = 3 * 3600
    memory.note(written(4))
    memory.note(written(4))

    assert memory.by(-100, 7, HOUR) == [4]
    assert memory.by(-100, 7, 4 * HOUR) == [1, 4]
    assert all(isinstance(value, int | float) for one in memory._newest for value in one)
    now[0] = 48 * 3600
    memory.note(written(5))
    assert memory.by(-100, 7, 100 * HOUR) == [4, 5]
    now[0] = 98 * 3600
    memory.note(written(6))
    assert [one[3] for one in memory._newest] == [6]
    for number in range(MOST_WRITTEN + 5):
        memory.note(written(number))
    assert len(memory._newest) == MOST_WRITTEN


def test_what_is_written_in_private_is_not_remembered() -> None:
    """Nobody is banned from a chat with the bot."""
    memory = Written()
    memory.note(
        Incoming(space=Space(platform=Platform.TELEGRAM, community="", channel="7"), message="1", author=Person(id="7"))
    )

    assert not memory._newest
