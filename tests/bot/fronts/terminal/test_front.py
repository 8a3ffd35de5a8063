"""What a line typed into `resight chat` does: every way in which it can be wrong is one sentence."""

from pathlib import Path

import pytest

from bot.fronts.terminal.front import AHEAD, Terminal
from bot.services import Services
from core.cases import Policy
from core.types import Mode
from embed.runner import Runner
from store.sql.db import Database
from tests.small import assemble, drawn, saved

HERE = "[1] you in #general:"


@pytest.fixture
async def services(db: Database, toy_runner: Runner) -> Services:
    return await assemble(db, toy_runner, fronts={}, default=Policy(mode=Mode.OFF))


async def typed(services: Services, *lines: str) -> list[str]:
    """What a new chat shows after these lines."""
    shown: list[str] = []
    terminal = Terminal(services, shown.append)
    await terminal.begin()
    for line in lines:
        await terminal.said(line)
    return shown


def bytes_of_database(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("resight.db*"))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/foo", "There is no command '/foo': /help lists those that there are."),
        ("!3", "There is no button 1 below message 3."),
        ("!3 2", "There is no button 2 below message 3."),
        (">3 hello", "There is no message 3."),
        ("#nowhere", "There is no channel #nowhere: #general, #mod-log, or # for a chat with the bot alone."),
        ("=)", "')' can't be a name: letters, digits and _ only, such as =ann."),
        ("+1", "There is no file '1'."),
        ("+~nobody-is-called-so/x.png", "There is no file '~nobody-is-called-so/x.png'."),
        ("+" + 300 * "x", f"'{300 * 'x'}' can't be read: File name too long."),
        ("+a\0b", "'a%00b' can't be read: embedded null byte."),
        ("+\udcff.png", "There is no file '%FF.png'."),
        ("+/dev/zero", "The file is larger than 2 MB."),
        ("+.", "'.' is a folder."),
    ],
)
async def test_what_makes_no_sense_is_told(services: Services, line: str, sentence: str) -> None:
    assert sentence in await typed(services, line)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("!!!", "!!!"),
        ("!1 99999999999999999999", "!1 99999999999999999999"),
        (">99999999999999999999 hello", ">99999999999999999999 hello"),
        ("+", "+"),
        ("red \x1b[31m\x07", "red %1B[31m%07"),
        ("\udcff\udcfe", "%FF%FE"),
        ("你好", "你好"),
    ],
)
async def test_everything_else_is_written(services: Services, line: str, text: str) -> None:
    assert await typed(services, line) == [f"{HERE} {text}"]


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("+{0}/my picture.png", ""),
        ('+"{0}/my picture.png" look', " look"),
        ("+'{0}/my picture.png'  don't", " don't"),
        ("+{0}/图.png 你好", " 你好"),
        ("+ {0}/图.png", ""),
    ],
)
async def test_a_file_may_be_called_as_it_likes(services: Services, tmp_path: Path, line: str, rest: str) -> None:
    for name in ("my picture.png", "图.png"):
        (tmp_path / name).write_bytes(b"a picture")
    (shown,) = await typed(services, line.format(tmp_path))

    assert shown.startswith(f"{HERE}{rest}\n    picture: ")


async def test_one_message_may_have_several_pictures(services: Services, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.png").write_bytes(folder.encode())
    (shown,) = await typed(services, f"+{tmp_path}/a/x.png +{tmp_path}/b/x.png both")

    assert shown == f"{HERE} both\n    picture: x.png\n    picture: 2-x.png"


async def test_it_says_who_writes_where(services: Services) -> None:
    """Also in a chat with the bot alone, which is another one for each person."""
    shown = await typed(services, "=ann", "#mod-log", "#", "=bo", "#general", "=")

    assert shown == [
        "You write as ann in #general.",
        "You write as ann in #mod-log.",
        "You write as ann in a chat with the bot alone.",
        "You write as bo in a chat with the bot alone.",
        "You write as bo in #general.",
        "You write as you in #general.",
    ]


async def test_a_message_is_none_of_a_former_chat(services: Services, tmp_path: Path) -> None:
    """Numbers go on: a post is new to the bot, and an act of a former chat meets no other message.

    That holds for a chat that was killed, too.
    """
    picture = tmp_path / "x.png"
    picture.write_bytes(saved(drawn("river-city")))
    await typed(services, "/watch flag")
    looked_at = []
    for _ in range(3):
        await typed(services, "=ann", f"+{picture}")
        looked_at.append(await services.inbox.depth())

    assert looked_at == [1, 2, 3]


async def test_a_chat_that_ended_leaves_no_gap(services: Services) -> None:
    first = Terminal(services, lambda _line: None)
    await first.begin()
    for line in ("one", "two"):
        await first.said(line)
    await first.keep()

    assert await typed(services, "three") == ["[3] you in #general: three"]
    assert await typed(services, "four") == [f"[{2 + AHEAD + 1}] you in #general: four"]


async def test_what_is_written_is_in_memory_only(services: Services, tmp_path: Path) -> None:
    """What nothing was made of ends with the chat."""
    picture = tmp_path / "a-quiet-name.png"
    picture.write_bytes(saved(drawn("river-city")))
    await typed(services, "/watch flag channel=#mod-log", "=ann", "a-quiet-word", f"+{picture} a-quiet-word")
    kept = bytes_of_database(tmp_path)

    assert b"mod-log" in kept
    assert b"a-quiet" not in kept
