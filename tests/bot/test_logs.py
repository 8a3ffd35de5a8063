"""What the bot writes into its log: one line a record, JSON if asked for, and never a secret, wherever it stood."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot import logs
from bot.settings import Settings

SECRETS = {
    "token": "api-token-0123456789",
    "discord_token": "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs",
    "telegram_token": "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234",
    "qdrant_api_key": "qdrant-key-abcdef",
    "milvus_token": "root:milvus-password",
}
OWN = "own-token-in-the-data-folder"
SIGNED = "https://cdn.discordapp.com/attachments/1/2/a.png?ex=65f&is=64a&hm=deadbeef"
log = logging.getLogger("tests.logs")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, through a handler like the command line's."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def settings(form: str) -> Settings:
    return Settings(log=form, **{name: SecretStr(value) for name, value in SECRETS.items()})  # type: ignore[arg-type]


def places(secret: str) -> list[tuple[str, tuple[object, ...]]]:
    """Where a secret may turn up in a record."""
    return [
        (f"the token is {secret}", ()),
        ("the token is %s", (secret,)),
        ("%r", ({"headers": {"Authorization": f"Bearer {secret}"}},)),
        ("GET %s failed", (f"https://api.telegram.org/bot{secret}/getUpdates",)),
        ("%s", (f"https://user:{secret}@example.org/",)),
        ("%s", (f"https://example.org/?token={secret}",)),
    ]


def fail(secret: str) -> None:
    """An exception with a cause, both telling it."""
    try:
        raise ValueError(secret)
    except ValueError as error:
        raise RuntimeError(f"failed with {secret}") from error


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("secret", [*SECRETS.values(), OWN])
def test_no_secret_is_written(lines: io.StringIO, form: str, secret: str) -> None:
    """In the message, its arguments, an address, a traceback or a chained exception."""
    logs.tell(settings(form), OWN)
    for message, arguments in places(secret):
        log.warning(message, *arguments)
    try:
        fail(secret)
    except RuntimeError:
        log.exception("it failed: %s", secret)

    assert secret not in lines.getvalue()
    assert lines.getvalue().count(logs.HIDDEN) >= len(places(secret)) + 3


def test_signed_addresses_lose_their_signature(lines: io.StringIO) -> None:
    """The address is still there; what makes it work is not."""
    logs.tell(settings("text"))
    log.warning("%s is gone", SIGNED)

    assert lines.getvalue() == f"resight: {SIGNED.partition('?')[0]}?{logs.HIDDEN} is gone\n"


@pytest.mark.parametrize("evil", ["a\nresight: all is well", "a\r\nb", "\x1b[2Jgone", "a\u2028b", "\x00"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_nobody_forges_a_line(lines: io.StringIO, form: str, evil: str) -> None:
    """A name with line breaks or control characters stays within its line."""
    logs.tell(settings(form))
    log.warning("posted by %s", evil)
    (line,) = lines.getvalue().splitlines()

    assert not any(sign in line for sign in "\x1b\x00\r")


def test_json_is_an_object_a_line(lines: io.StringIO) -> None:
    """With time, level, logger and the words."""
    logs.tell(settings("json"))
    log.warning("河 %d", 1)
    said = json.loads(lines.getvalue())

    assert (said["event"], said["level"], said["logger"]) == ("河 1", "warning", "tests.logs")
    assert said["timestamp"].endswith("Z")
