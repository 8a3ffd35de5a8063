"""What a message asks, before any platform is asked."""

import pytest

from core.messages import Incoming, Person, Shown
from handlers.chat.incoming import asked_by
from tests.small import SPACE


@pytest.mark.parametrize(("message", "number", "told"), [("17", 0, 17), ("$8Qw:example.org", 1764472000, 1764472000)])
def test_every_asking_is_one_of_its_own(message: str, number: int, told: int) -> None:
    """Asked twice about one picture, it is answered twice, also where messages are named by more than a number."""
    shown = Incoming(space=SPACE, message="$picture", author=Person(id="bo"), pictures=(Shown(image="one"),))
    asked = asked_by(Incoming(space=SPACE, message=message, number=number, author=Person(id="ann"), replied_to=shown))
    (question,) = asked.questions(shown, "en")

    assert (asked.number, question.revision, question.author) == (told, told, "ann")
