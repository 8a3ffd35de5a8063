"""Videos, however they are posted on each front: a known picture in one second of forty is found, junk never clean."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import cache, partial
from typing import Any

import pytest
from sqlalchemy import func, select

from core.types import Mode, Outcome
from core.wording import Words
from embed.decode import video
from store.sql.inbox import SqlInbox
from store.sql.tables.judged import inbox
from tests.chat.discord import DiscordStage
from tests.chat.stage import GENERAL, LOG, PATIENCE_S, TITLE, Stage, known
from tests.chat.telegram import TelegramStage
from tests.chat.test_presses import label
from tests.embed.decode.films import at_times, restless
from tests.small import saved, scribble

pytest.importorskip("av", reason="videos are an extra")

EN = Words.of("en")
LARGE = 21 << 20
TOO_LARGE = 26 << 20
INNOCENT = saved(scribble(5, 320, 240), "JPEG")

type Post = Callable[[bytes], Awaitable[Any]]

pytestmark = pytest.mark.usefixtures("no_bursts")  # each post is judged by itself here


@cache
def guilty(still_at: float = 31.0, kind: str = "mp4") -> bytes:
    return restless(40, still_at=still_at, still=known(), kind=kind)


def padded(film: bytes, size: int) -> bytes:
    """The same film with a box behind it that says nothing, so that it is as large."""
    rest = size - len(film)
    return film + rest.to_bytes(4, "big") + b"free" + bytes(rest - 8)


def ways(stage: Stage) -> Mapping[str, Post]:
    """How a film is posted there."""
    if isinstance(stage, TelegramStage):
        return {name: partial(on_telegram, stage, name) for name in ("video", "animation", "video_note", "file", "lie")}
    if isinstance(stage, DiscordStage):
        return {name: partial(on_discord, stage, name) for name in ("film.mp4", "film", "film.png", "embed")}
    return {"file": partial(stage.post, "ann")}


async def on_telegram(stage: TelegramStage, name: str, film: bytes, **front: bytes) -> Any:
    chat, ann = stage.chats[GENERAL], stage.people["ann"]
    if name in ("file", "lie"):
        mime = "video/mp4" if name == "file" else "image/png"
        return stage.server.post(chat, ann, document=("film.mp4", film, mime), **front)  # type: ignore[arg-type]
    return stage.server.post(chat, ann, **{name: film}, **front)  # type: ignore[arg-type]


async def on_discord(stage: DiscordStage, name: str, film: bytes) -> Any:
    channel, ann = stage.channels[GENERAL], stage.people["ann"]
    if name != "embed":
        return stage.server.post(channel, ann, files={name: film})
    still, moving = stage.server.host("/still.png", INNOCENT), stage.server.host("/film.mp4", film)
    shown = {"url": "https://a.example/f.mp4", "proxy_url": moving}
    picture = {"url": "https://a.example/f.png", "proxy_url": still}
    return stage.server.post(channel, ann, embeds=[{"type": "gifv", "video": shown, "thumbnail": picture}])


async def verdicts(stage: Stage, post: Any) -> list[tuple[Outcome, str, float | None]]:
    """What was found in a post: outcome, why it is partial, and the second; once everything is looked at."""
    async with asyncio.timeout(PATIENCE_S):
        while not (found := await looked_at(stage, str(getattr(post, "number", None) or post.id))):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found


async def looked_at(stage: Stage, message: str) -> list[tuple[Outcome, str, float | None]]:
    space = stage.space()
    cases = await stage.services.cases.of_message(space.platform, space.channel, message)
    pictures = [one for case in cases for one in case.pictures if one.event.message == message]
    return [
        (one.verdict.outcome, one.verdict.partial, one.verdict.best.second if one.verdict.best else None)
        for one in pictures
    ]


async def ended(stage: Stage, outcome: Outcome, count: int) -> None:
    """Wait until so many posts ended so."""
    assert isinstance(stage.services.inbox, SqlInbox)
    asked = select(func.count()).where(inbox.c.outcome == outcome.value)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with stage.services.inbox._db.read() as connection:
                if await connection.scalar(asked) == count:
                    return
            await asyncio.sleep(0.05)


async def watched(stage: Stage, mode: Mode = Mode.FLAG) -> None:
    await stage.use("mo", "setup", log=stage.channel(LOG), mode=mode.value, language="en")


async def test_one_second_of_forty(stage: Stage) -> None:
    """However the film is posted: a match, and its card says where it is and shows that frame."""
    await watched(stage)
    for post in ways(stage).values():
        found = await verdicts(stage, await post(guilty()))
        seconds = [second for outcome, _, second in found if outcome is Outcome.MATCH]
        assert len(seconds) == 1
        assert seconds[0] and 31 <= seconds[0] < 32
    (card, *_) = await stage.cards(1, saying=TITLE)

    assert EN("card.second-at", time="0:31") in card.text


async def test_a_video_sticker(stage: Stage) -> None:
    """They are WebM, and may be seen through."""
    if not isinstance(stage, TelegramStage):
        pytest.skip("stickers do not move here")
    await watched(stage)
    post = await on_telegram(stage, "sticker", guilty(1.0, "webm"))

    assert [outcome for outcome, _, _ in await verdicts(stage, post)] == [Outcome.MATCH]


@pytest.mark.parametrize("front", ["cover", "thumbnail"])
async def test_what_is_put_in_front_of_a_film(stage: Stage, front: str) -> None:
    """An innocent picture hides nothing, and a known one is seen whatever follows it."""
    if not isinstance(stage, TelegramStage):
        pytest.skip("nobody can choose it here")
    await watched(stage)
    hidden = await on_telegram(stage, "video", guilty(), **{front: INNOCENT})
    shown = await on_telegram(stage, "video", at_times(0, 1, 2), **{front: known()})

    assert [outcome for outcome, _, _ in await verdicts(stage, hidden)] == [Outcome.MATCH]
    assert [outcome for outcome, _, _ in await verdicts(stage, shown)] == [Outcome.MATCH]


async def test_of_a_film_that_is_too_large_its_still_is_looked_at(stage: Stage) -> None:
    """A match in it is a match; without one it is a review, since nobody has seen the film. Neither is clean."""
    if not isinstance(stage, TelegramStage | DiscordStage):
        pytest.skip("there is no still here")
    await watched(stage)
    size = LARGE if isinstance(stage, TelegramStage) else TOO_LARGE
    post = next(iter(ways(stage).values()))
    first = await verdicts(stage, await post(padded(guilty(0.0), size)))
    later = await verdicts(stage, await post(padded(guilty(), size)))

    assert first == [(Outcome.MATCH, "preview", None)]
    assert later == [(Outcome.REVIEW, "preview", None)]


async def test_junk_is_never_clean_and_no_card(stage: Stage) -> None:
    """Nine thousand bytes that call themselves a film, and a film that is cut short."""
    await watched(stage)
    post = ways(stage).get("file") or ways(stage)["film.mp4"]
    for data in (b"\0" * 9_000, guilty()[:9_000], b"\0\0\0\x20ftypisom" + b"\xff" * 9_000):
        await post(data)
    await ended(stage, Outcome.UNSCANNABLE, 3)

    assert await stage.services.inbox.depth() == 0
    assert await stage.services.cases.newest() == []


async def test_a_removed_video_comes_back(stage: Stage) -> None:
    """With an undo, as a video."""
    await watched(stage, Mode.ENFORCE)
    post = await ways(stage)["file" if "file" in ways(stage) else "film.mp4"](guilty())
    (card, *_) = await stage.cards(1, saying=TITLE)
    await stage.press("mo", card, label("violation"))
    gone = (await stage.cards(1, saying=f"{EN('act.remove')}: {EN('act_state.done')}"))[-1]
    assert await stage.stands(post) == "gone"
    await stage.press("mo", gone, EN("decision.undo"))
    await stage.cards(1, saying=f"{EN('act.restore')}: {EN('act_state.done')}")

    assert await stage.reposts() == 1
    if isinstance(stage, DiscordStage):
        (back,) = [one for one in stage.server.messages(stage.channels[GENERAL]) if one.author == stage.server.bot]
        assert back.attachments[0].name.endswith(".mp4")


async def test_settings_say_that_videos_are_not_looked_at(stage: Stage) -> None:
    """Where the extra is not installed; where it is there is nothing to say."""
    await watched(stage)
    with_it = await stage.use("mo", "settings")
    object.__setattr__(stage.services, "sees_videos", False)
    without = await stage.use("mo", "settings")

    assert EN("settings.unseen") not in with_it.text
    assert EN("settings.unseen").replace("`", "") in without.text.replace("`", "").replace("\\", "")


async def test_no_flood_of_cards(stage: Stage) -> None:
    """Films that move all the time, of which only a part could be looked at: none is clean, and none has a card."""
    await watched(stage)
    post = next(iter(ways(stage).values()))
    for seconds in (20, 21, 22):
        await post(restless(seconds))
    await ended(stage, Outcome.REVIEW, 3)
    cases = await stage.services.cases.newest()

    assert [case.verdict.reason for case in cases] == ["partial-frames"] * 3
    assert not any(case.actions for case in cases)


async def test_without_the_extra(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A film is unscannable; a known picture in front of it is a match."""
    await watched(stage)
    monkeypatch.setattr(video, "find_spec", lambda _: None)
    await next(iter(ways(stage).values()))(guilty())
    await ended(stage, Outcome.UNSCANNABLE, 1)
    if isinstance(stage, TelegramStage):
        shown = await on_telegram(stage, "video", at_times(0, 1), thumbnail=known())
        assert [outcome for outcome, _, _ in await verdicts(stage, shown)] == [Outcome.MATCH]

    assert await stage.services.inbox.depth() == 0


async def test_a_question_about_a_film(stage: Stage) -> None:
    """The answer says where in it the known image is."""
    answer = await stage.answer("ann", guilty(), private=True)

    assert EN("answer.known") in answer.text
    assert EN("card.second-at", time="0:31") in answer.text
