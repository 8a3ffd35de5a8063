"""Whether the suite presses every button there is."""

from handlers.chat.data import LETTERS
from tests.chat import test_author_acts, test_open_cases  # noqa: F401  they name what they press when they are imported
from tests.chat.test_presses import PRESSED


def test_every_press_is_covered() -> None:
    """A button that no test of this suite presses is none that works everywhere."""
    assert set(LETTERS) == PRESSED
