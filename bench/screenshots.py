"""Pictures of the pages for the documents: `python -m bench.screenshots [FOLDER]`, by default docs/images/.

    demo catalogue (lab/drawings/demo.py) -> the assembled bot -> chromium -> one PNG a shot

Needs chromium on PATH. Nothing is downloaded; the pictures shown are drawn by lab/drawings/demo.py.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageColor
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.cli.demo import fill, samples
from bot.serve import serving
from bot.settings import load
from lab.drawings.demo import DemoImage, demo_set, jpeg, strangers
from lab.edits import first as edits

FOLDER = Path("docs/images")
DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
KNOWN, SECOND = "river-city", "quillbird"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

type Edit = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True)
class Shot:
    """One picture of one scene."""

    scene: str
    phone: bool = False
    scheme: str = "light"
    locale: str = "en-GB"

    @property
    def name(self) -> str:
        size = "-phone" if self.phone else ""
        language = "-zh" if self.locale.startswith("zh") else ""
        return f"{self.scene}{size}-{self.scheme}{language}.png"


SHOTS = (
    Shot("hello"),
    Shot("chat"),
    Shot("chat", scheme="dark"),
    Shot("chat", phone=True),
    Shot("chat", locale="zh-CN"),
    Shot("nothing-known", phone=True, scheme="dark"),
    Shot("card"),
    Shot("card", scheme="dark"),
    Shot("card", locale="zh-CN"),
    Shot("api"),
)


def drawn(images: Iterable[DemoImage], key: str, edit: Edit) -> bytes:
    """One of the demo pictures as somebody would repost it."""
    return jpeg(edit(next(image for image in images if image.key == key).draw()))


async def pick(page: Page, data: bytes, name: str) -> None:
    await page.set_input_files("#image", {"name": name, "mimeType": "image/jpeg", "buffer": data})


async def play(page: Page, url: str, scene: str) -> None:
    """Bring the page to where the shot is taken."""
    await page.goto(url + {"card": "/channel", "api": "/api"}.get(scene, "/"))
    if scene == "chat":
        await pick(page, drawn(demo_set(), KNOWN, edits.screenshot), "found-online.jpg")
        await page.locator(".answer.match").wait_for()
    elif scene == "nothing-known":
        await pick(page, jpeg(next(iter(strangers())).draw()), "doughnuts.jpg")
        await page.locator(".answer.clean").wait_for()
    elif scene == "card" and not await page.locator("[data-card]").count():
        await page.fill("[name=name]", "Ada")
        await pick(page, drawn(demo_set(), SECOND, edits.crop_75), "advert.jpg")
        await page.locator("[data-card]").wait_for()
    await page.wait_for_function("[...document.images].every(image => image.complete)")
    await page.evaluate("document.activeElement.blur()")


async def take(browser: Browser, url: str, shot: Shot, folder: Path) -> None:
    """One shot in a browser profile of its own."""
    context = await browser.new_context(
        viewport=PHONE if shot.phone else DESKTOP,
        color_scheme="dark" if shot.scheme == "dark" else "light",
        locale=shot.locale,
        reduced_motion="reduce",
        bypass_csp=True,  # Playwright waits by evaluating text
    )
    page = await context.new_page()
    await play(page, url, shot.scene)
    await page.screenshot(path=folder / shot.name, full_page=shot.scene == "card")
    await context.close()
    shrink(folder / shot.name)


def shrink(path: Path, keep: Sequence[str] = ()) -> None:
    """256 colours are enough for a page, at a third of the size; `keep` are colours of small things that stay."""
    with Image.open(path) as picture:
        whole = picture.convert("RGB")
    small = whole.quantize(256 - len(keep))
    if keep:
        kept = (part for name in keep for part in ImageColor.getrgb(name))
        small.putpalette([*(small.getpalette() or ()), *kept])
        small = whole.quantize(palette=small, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(path)


def shots() -> list[Shot]:
    """Every shot that this machine can draw: without a Chinese font there would be boxes for letters."""
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
    if not fonts:
        print("No Chinese font here: the Chinese pages are left out.")
    return [shot for shot in SHOTS if fonts or not shot.locale.startswith("zh")]


async def main(folder: Path) -> None:
    """Every shot of the list."""
    with tempfile.TemporaryDirectory() as home:
        async with (
            serving(load(home=Path(home), port=0, min_free_mb=0), samples()) as bot,
            async_playwright() as player,
        ):
            await fill(bot.services, 2)
            browser = await player.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            for shot in shots():
                await take(browser, bot.url, shot, folder)
            await browser.close()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
