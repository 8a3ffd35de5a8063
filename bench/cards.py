"""Pictures of what moderators read in chats: `python -m bench.cards [FOLDER] [NAME ...]`, by default docs/images/.

    one case             case_card -----------------------------+
    a raid, single posts, /cases, /settings   bench/chat_stories.py --+--> bench/chat_looks.py --> chromium --> PNG

NAME is the beginning of a picture's name, such as chat-burst. Needs chromium on PATH; all pictures take a quarter of an
hour.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, async_playwright

from bench import chat_stories as stories
from bench.chat_looks import SIGNS, page_of
from bench.chat_platforms import CASTS, Cast, with_rooms
from bench.chat_stories import OnceRunner, Scene
from bench.screenshots import ARGUMENTS, FOLDER, shrink
from core.cases import UNTOLD, Case
from core.looks import Picture, View
from core.matches import Evidence
from core.messages import Answer
from core.types import Kind, Platform
from core.wording import Words
from embed.decode.picture import decode
from embed.pairs.evidence import side_by_side
from embed.pairs.pair_image import PairImage
from embed.pairs.verify import check
from embed.pictures import jpeg
from embed.views.regions import crop, parts, to_frame
from handlers.chat.cards import case_card
from lab.drawings.demo import demo_set
from lab.drawings.demo import jpeg as jpeg_of
from lab.edits import first as edits
from tests.bot import cases

WORDS = "My newest drawing\nwhat do you think?"
NARROW, WIDE = 430, 560
PANEL = 150
"""Pixels of an evidence picture's height where many cards stand side by side."""

DISCORD, TELEGRAM, MATRIX, TERMINAL = CASTS
CAPTIONS = {
    "posts 1": ("1 post", "1 条帖子"),
    "posts 7": ("7 posts", "7 条帖子"),
    "posts 200": ("200 posts", "200 条帖子"),
    "violation": ("After “Violation”", "认定违规之后"),
    "ban": ("Three posts later, after a ban by hand", "又有三条帖子、手动封禁之后"),
    "late": ("Three posts later", "又有三条帖子之后"),
    "undo": ("After the undo", "撤销之后"),
    "dry-run": ("In a dry run", "演练模式"),
    "video": ("a video", "视频"),
    "report": ("a report, after “Add as reference”", "举报，添加为已知图片之后"),
    "no-key": ("an encrypted post whose key is missing", "缺少密钥的加密帖子"),
}

type Column = tuple[str, Cast, Scene]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture: columns of messages; evidence pictures cut to `high`, 0 = whole."""

    name: str
    language: str
    columns: Sequence[Column]
    width: int = NARROW
    high: int = PANEL

    @property
    def file_name(self) -> str:
        return f"{self.name}{'-zh' if self.language == 'zh' else ''}.png"


def evidence() -> tuple[bytes, Case]:
    """A repost of a drawing inside a screenshot, with what the pair check really finds in it."""
    image = next(one for one in demo_set() if one.key == "river-city")
    query, known = decode(jpeg_of(edits.screenshot(image.draw()))), decode(jpeg_of(image.draw())).frames[0]
    plate = PairImage.of(known)
    found = max((seen(query, view, plate) for view in parts(query)), key=lambda one: one.agreement * one.inliers)
    reference = cases.reference("River city", collection="artworks", owner="Studio Example")
    match = replace(cases.match(reference, Kind.CONTAINED, area=found.area), quad=found.quad)
    return jpeg(side_by_side(query.frames[0], known, found.quad)), replace(
        cases.case(event=cases.event(text=WORDS)), verdict=cases.verdict(match)
    )


def seen(query: Picture, view: View, plate: PairImage) -> Evidence:
    frame = query.frames[view.frame]
    return check(
        PairImage.of(frame), PairImage.of(crop(frame, view)), to_frame(view, frame.shape[1], frame.shape[0]), plate
    )


def one_case(language: str, cast: Cast, picture: bytes, case: Case) -> Column:
    """The same case on a platform, with what that tells about accounts and places."""
    bo, space, known = cast.somebody("Bo"), cast.space("general"), cases.BACKGROUND
    link = cast.link.format(channel=space.channel, message=case.event.message)
    there = replace(case.event, space=space, author=bo.id, author_name=bo.name, link=link)
    card = case_card(
        Words.of(language),
        replace(case, event=there),
        cases.COMMUNITY,
        cases.KEPT_UNTIL,
        background=known if cast.platform is Platform.DISCORD else replace(known, profile=UNTOLD),
    )
    answer = with_rooms(cast, Answer(cards=(card,), picture=picture, language=language))
    return cast.title, cast, Scene("", [answer])


def caption(scene: Scene, language: str) -> str:
    return CAPTIONS[scene.caption][language == "zh"]


async def cards(_runner: OnceRunner) -> AsyncIterator[Sheet]:
    """One case on all platforms that people write to."""
    found = await asyncio.to_thread(evidence)
    for language in languages():
        columns = [one_case(language, cast, *found) for cast in (DISCORD, TELEGRAM, MATRIX)]
        yield Sheet("chat-cards", language, columns, WIDE, high=0)


async def bursts(runner: OnceRunner) -> AsyncIterator[Sheet]:
    """Draw the card of a raid on each platform: with 1, 7 and 200 posts, decided, undone and in a dry run."""
    for cast in CASTS:
        raid = await stories.raid(runner, cast)
        for language in languages():
            scenes = (*raid[language], *await stories.dry_run(runner, cast, language))
            columns = [(f"{cast.title}: {caption(scene, language)}", cast, scene) for scene in scenes]
            yield Sheet(f"chat-burst-{cast.platform}", language, columns[:3])
            yield Sheet(f"chat-burst-{cast.platform}-after", language, columns[3:])


async def lists(runner: OnceRunner) -> AsyncIterator[Sheet]:
    """/cases and /settings on all platforms."""
    for language in languages():
        columns = []
        for cast in CASTS:
            answers = [one for scene in await stories.listed(runner, cast, language) for one in scene.shown]
            columns.append((f"{cast.title}: /cases, /settings", cast, Scene("", answers)))
        yield Sheet("chat-lists", language, columns)


async def singles(runner: OnceRunner) -> AsyncIterator[Sheet]:
    """A video, a report and an encrypted post, each on a platform that has such."""
    for language in languages():
        columns = []
        for cast, name in ((TELEGRAM, "video"), (DISCORD, "report"), (MATRIX, "no-key"), (TERMINAL, "video")):
            told = await stories.single(runner, cast, language)
            scene = next(one for one in told if one.caption == name)
            columns.append((f"{cast.title}: {caption(scene, language)}", cast, scene))
        yield Sheet("chat-single", language, columns)


SHEETS: dict[str, Callable[[OnceRunner], AsyncIterator[Sheet]]] = {
    "chat-cards": cards,
    "chat-burst": bursts,
    "chat-lists": lists,
    "chat-single": singles,
}


async def take(browser: Browser, sheet: Sheet, path: Path) -> None:
    """The sheet as a PNG."""
    view = ViewportSize(width=20 + len(sheet.columns) * (sheet.width + 20), height=200)
    page = await browser.new_page(viewport=view, device_scale_factor=1)
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(page_of(sheet.columns, sheet.width, sheet.high))
        file.flush()
        await page.goto(f"file://{file.name}")
        await page.screenshot(path=path, full_page=True)
    await page.close()
    shrink(path, list(SIGNS.values()))


def languages() -> Sequence[str]:
    """Those that this machine has letters for."""
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
    return stories.LANGUAGES if fonts else stories.LANGUAGES[:1]


async def main(folder: Path, names: Sequence[str]) -> None:
    """All pictures whose names begin so, in both languages."""
    wanted = [make for name, make in SHEETS.items() if not names or any(map(name.startswith, names))]
    async with async_playwright() as player, OnceRunner() as runner:
        browser = await player.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for make in wanted:
            async for sheet in make(runner):
                await take(browser, sheet, folder / sheet.file_name)
        await browser.close()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target, sys.argv[2:]))
