"""The error tree: complete, documented as it is, and known to the shell."""

import inspect
import re

import pytest

from core import errors
from core.errors import ResightError

TREE = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, ResightError)]


@pytest.mark.parametrize("error", TREE)
def test_every_error_has_an_exit_code(error: type[ResightError]) -> None:
    """The shell is told who can help: 1 to 5, and nothing but the root says 1."""
    assert error.exit_code in (range(1, 2) if error is ResightError else range(2, 6))


def test_the_documented_tree_is_the_tree() -> None:
    """Each class stands in the module's drawing, below its base and with the exit code it inherits."""
    drawn, path = {}, [ResightError]
    for indent, name, code in re.findall(r"^ {4}((?:\|   )*)\+-- (\w+) +(\d?)", errors.__doc__ or "", re.MULTILINE):
        depth = len(indent) // 4 + 1
        path = [*path[:depth], getattr(errors, name)]
        drawn[path[-1]] = (path[-2], int(code) if code else path[-2].exit_code)

    assert drawn == {one: (one.__base__, one.exit_code) for one in TREE if one is not ResightError}


@pytest.mark.parametrize("error", [errors.Unscannable, errors.Refused])
def test_reasons_ride_along(error: type[errors.Unscannable] | type[errors.Refused]) -> None:
    """The stable word is for programs, the sentence for people."""
    raised = error("too-large", "The file is too large.")

    assert (raised.reason, str(raised)) == ("too-large", "The file is too large.")
