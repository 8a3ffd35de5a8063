"""How the bot logs: words for a terminal, or a JSON object a line (`RESIGHT_LOG=json`); never a secret.

    set_up(level)              at the start of every command
    tell(settings, token)      once the settings are known: their form, and the values that must never be written

Query strings of addresses are cut off (platforms sign theirs), tokens inside paths too, and what strangers wrote can't
begin a line of its own.
"""

import logging
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `resight --help` must not wait for the settings, nor for pydantic
    from bot.settings import Settings

QUERY = re.compile(r"(\bhttps?://[^\s\"'<>?#]+)[?#][^\s\"'<>]*")
USER = re.compile(r"(\bhttps?://)[^\s/@\"'<>]+@")
BOT = re.compile(r"/bot\d+:[\w-]+")
"""The token in the addresses of Telegram's API."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
HIDDEN = "…"
SHORTEST = 8
"""A value that is shorter is found in ordinary words."""


class Hiding(logging.Formatter):
    """Formats with another formatter and takes out what must not be written."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._inner = inner
        longest_first = sorted((one for one in secrets if len(one) >= SHORTEST), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def format(self, record: logging.LogRecord) -> str:
        text = self._inner.format(record)
        text = self._secrets.sub(HIDDEN, text) if self._secrets else text
        return USER.sub(rf"\1{HIDDEN}@", QUERY.sub(rf"\1?{HIDDEN}", BOT.sub(f"/bot{HIDDEN}", text)))


class OneLine(logging.Formatter):
    """The words of a record in one line; a traceback has its own below."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name is logging's
        record.message = CONTROL.sub(" ", record.message)
        return super().formatMessage(record)


def set_up(level: int) -> None:
    """Words on stderr."""
    logging.basicConfig(level=level, stream=sys.stderr)
    _use(Hiding(OneLine("resight: %(message)s")))
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # tracebacks of what `store.vectors.milvus` tells in words


def tell(settings: "Settings", *more: str) -> None:
    """The form that the operator chose, without the values that are secret (`more` are those not in the settings)."""
    from pydantic import SecretStr

    values = (getattr(settings, name) for name in type(settings).model_fields)
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    inner = _as_json() if settings.log == "json" else OneLine("resight: %(message)s")
    _use(Hiding(inner, [*secrets, *more]))


def _use(formatter: logging.Formatter) -> None:
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter)


def _as_json() -> logging.Formatter:
    import structlog

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
