"""Images behind links: off unless the operator wants it, and then screened like any other."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from telegram import Message

from bot.fronts.telegram.pictures import MOST, links_of, read_hint
from embed.decode.picture import is_decodable
from embed.runner import Runner
from handlers.fetch import SafeFetcher
from store.sql.db import Database
from store.sql.tables.judged import inbox
from tests.bot.fronts.telegram.kit import KNOWN, TITLE, town_on
from tests.bot.fronts.telegram.test_received import message, understood
from tests.peers.telegram_server import TelegramServer
from tests.web.fakes import Larder

GOOD, TEXT, SECRET = (f"https://pictures.example/{name}.jpg" for name in ("known", "text", "secret"))
LARDER = {GOOD: KNOWN, TEXT: b"<html>no picture</html>"}


def words(text: str, field: str = "text", **entity: Any) -> Message:
    """A message with one entity over all of its words."""
    said = {"offset": 0, "length": len(text.encode("utf-16-le")) // 2, **({"type": "url"} | entity)}
    return message(**{field: text, "entities" if field == "text" else "caption_entities": [said]})


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (words(GOOD), [GOOD]),
        (words(GOOD, "caption"), [GOOD]),
        (words("pictures.example/a.PNG"), ["https://pictures.example/a.PNG"]),
        (words("look", type="text_link", url=GOOD), [GOOD]),
        (words("https://pictures.example/a.webp?size=9#x"), ["https://pictures.example/a.webp?size=9#x"]),
        (words("https://pictures.example/page"), []),
        (words("https://pictures.example/?a=b.jpg"), []),
        (words("ftp://pictures.example/a.jpg"), []),
        (words("look", type="text_link", url="https://[broken/a.jpg"), []),
        (words("https://pictures.example/" + "a" * 2_000 + ".jpg"), []),
        (words(GOOD, type="bold"), []),
        (message(text=GOOD), []),
    ],
)
def test_what_ends_like_an_image_is_one(shown: Message, found: list[str]) -> None:
    """By its path alone, over http or https, in words and captions, however it is hidden behind a word."""
    assert links_of(shown) == found


def test_a_few_links_of_a_message_are_enough() -> None:
    """Each once, and no more than `MOST`: a post must not make us visit the world."""
    urls = [f"https://pictures.example/{number}.jpg" for number in (1, 1, 2, 3, 4, 5, 6)]
    text, entities = " ".join(urls), []
    for at, url in enumerate(urls):
        entities.append({"type": "url", "offset": sum(len(one) + 1 for one in urls[:at]), "length": len(url)})
    found = links_of(message(text=text, entities=entities))

    assert found == [f"https://pictures.example/{number}.jpg" for number in range(1, MOST + 1)]


def test_a_link_is_an_image_of_its_message() -> None:
    """Told apart by its address, beside the picture that the post shows; it can't be posted again."""
    (one,) = understood(words(GOOD), follow_links=True).pictures

    assert (one.file_name, one.image[:5]) == ("known.jpg", "link-")
    assert (read_hint(one.hint).kind, read_hint(one.hint).seen, read_hint(one.hint).whole) == ("link", GOOD, "")


async def outcomes(db: Database) -> dict[str, tuple[str | None, str]]:
    """Verdict and reason by the name of the file."""
    async with db.read() as connection:
        rows = await connection.execute(select(inbox))
        return {row.file_name: (row.outcome, row.reason) for row in rows}


async def test_links_are_followed_where_the_operator_says_so(
    telegram: TelegramServer, db: Database, toy_runner: Runner
) -> None:
    """A copy behind a link has its card; what is no picture, or nothing that may be visited, is never called clean."""
    async with town_on(telegram, db, toy_runner, fetcher=Larder(LARDER), follow_links=True) as town:
        await town.set_up()
        for url in (TEXT, SECRET, "https://pictures.example/page", GOOD):
            telegram.post(town.group, town.alice, text=f"look: {url} !")
        await town.card(TITLE)
        await town.bot.idle()

    assert await outcomes(db) == {
        "known.jpg": ("match", "copy"),
        "text.jpg": ("unscannable", "not-an-image"),
        "secret.jpg": ("unscannable", "download"),
    }


async def test_links_are_not_followed_by_default(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """Nobody's server is visited because somebody posted its address."""
    async with town_on(telegram, db, toy_runner, fetcher=Larder(LARDER)) as town:
        await town.set_up()
        telegram.post(town.group, town.alice, text=GOOD)
        await town.bot.idle()

    assert await outcomes(db) == {}


async def test_no_link_leads_into_the_own_network(telegram: TelegramServer, db: Database, toy_runner: Runner) -> None:
    """The guarded downloader connects to no private address, by number or by name: nobody there hears of it."""
    visits = list[str]()

    async def visited(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append("visited")
        writer.close()

    async with SafeFetcher(is_decodable) as fetcher, await asyncio.start_server(visited, "127.0.0.1", 0) as inner:
        port = inner.sockets[0].getsockname()[1]
        async with town_on(telegram, db, toy_runner, fetcher=fetcher, follow_links=True) as town:
            await town.set_up()
            for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "169.254.169.254", "127.1"):
                url = f"http://{host}/{len(host)}.jpg"
                link = {"type": "text_link", "url": url, "offset": 0, "length": 4}
                telegram.post(town.group, town.alice, text="look", more={"entities": [link]})
            await town.bot.idle()

    assert set((await outcomes(db)).values()) == {("unscannable", "download")}
    assert visits == []
