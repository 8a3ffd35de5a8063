"""The pages in a real browser, in front of the whole assembled bot: its model, its vector store, its loops.

Skipped only where no chromium is on PATH. Server and browser are started once; each test has its own tab.
"""

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright, expect

from bot.serve import serving
from bot.services import Services
from bot.settings import load
from handlers import references
from handlers.references import Entry
from lab.drawings.demo import DemoImage, demo_set, jpeg, strangers
from lab.edits import first as edits
from web.app import application
from web.context import WebSettings

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 15_000
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH"),
]


@dataclass(frozen=True)
class Stage:
    """The running bot with three known images, and pictures to send."""

    url: str
    guarded: str
    browser: Browser
    known: DemoImage
    copy: bytes
    stranger: bytes


async def stock(services: Services, images: list[DemoImage]) -> None:
    for image in images:
        said = {"title": image.title, "owner": image.owner, "rights": image.rights, "source_url": image.source_url}
        await references.add(services, Entry(key=image.key, **said), jpeg(image.draw()))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Everything real; a second door asks for the token."""
    home, images = tmp_path_factory.mktemp("pages"), list(demo_set())[:3]
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(serving(load(home=home, port=0, min_free_mb=0, language="")))
        await stock(bot.services, images)
        outside = WebSettings(token="secret", host="0.0.0.0", open_pages=False, version="0")
        server = await stack.enter_async_context(TestServer(application(bot.services, outside)))
        player = await stack.enter_async_context(async_playwright())
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        copy, stranger = jpeg(edits.caption_bar(images[0].draw())), jpeg(strangers()[0].draw())
        yield Stage(bot.url, str(server.make_url("")).rstrip("/"), browser, images[0], copy, stranger)
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def context(stage: Stage, request: pytest.FixtureRequest) -> AsyncIterator[BrowserContext]:
    """A browser profile of the test's own; `request.param` are its settings."""
    wanted = {"locale": "en-GB", "reduced_motion": "reduce", **getattr(request, "param", {})}
    made = await stage.browser.new_context(**wanted)
    made.set_default_timeout(PATIENCE_MS)
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A tab in which nothing may be complained about: no script error, no violation of the policy."""
    complaints: list[str] = []
    made = await context.new_page()
    made.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    assert complaints == []


async def hand_over(page: Page, event: str, data: bytes) -> None:
    """Drop or paste a file, as a person's hand does."""
    script = """([event, data]) => {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        const box = new DataTransfer();
        box.items.add(new File([bytes], "handed.jpg", { type: "image/jpeg" }));
        const made = event === "paste"
            ? new ClipboardEvent("paste", { clipboardData: box, bubbles: true, cancelable: true })
            : new DragEvent("drop", { dataTransfer: box, bubbles: true, cancelable: true });
        document.body.dispatchEvent(made);
    }"""
    await page.evaluate(script, [event, base64.b64encode(data).decode()])


async def pick(page: Page, data: bytes) -> None:
    await page.set_input_files("#image", {"name": "picked.jpg", "mimeType": "image/jpeg", "buffer": data})


async def card(page: Page, stage: Stage) -> str:
    """Post a copy in the channel; the id of its card."""
    await page.goto(f"{stage.url}/channel")
    before = await page.locator("article").count()
    await pick(page, stage.copy)
    await expect(page.locator("article")).to_have_count(before + 1, timeout=PATIENCE_MS)
    newest = page.locator("article").first.locator("[data-card]")
    await newest.wait_for()
    return str(await newest.get_attribute("id"))


async def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on the page."""
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("way", ["drop", "paste", "pick"])
async def test_an_image_gets_its_answer(stage: Stage, page: Page, way: str) -> None:
    """Dropped, pasted or picked: the picture shows in the conversation and the answer names the original."""
    await page.goto(stage.url)
    await (pick(page, stage.copy) if way == "pick" else hand_over(page, way, stage.copy))

    answer = page.locator(".turn.bot .answer.match")
    await expect(answer).to_contain_text(stage.known.title, timeout=PATIENCE_MS)
    await expect(answer.locator(".pair img")).to_have_count(3)
    assert (await page.locator(".turn.you img").get_attribute("src") or "").startswith("blob:")
    loaded = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    await page.wait_for_function(f"() => ({loaded})([...document.querySelectorAll('.pair img')])")


async def test_nothing_known_is_said(stage: Stage, page: Page) -> None:
    """A stranger is answered in the same conversation."""
    await page.goto(stage.url)
    await pick(page, stage.stranger)

    await expect(page.locator(".answer.clean")).to_contain_text("Nothing known", timeout=PATIENCE_MS)


async def test_two_images_are_two_turns(stage: Stage, page: Page) -> None:
    """The conversation goes on; nothing is replaced."""
    await page.goto(stage.url)
    await pick(page, stage.copy)
    await page.locator(".answer.match").wait_for()
    await hand_over(page, "paste", stage.stranger)

    await page.locator(".answer.clean").wait_for()
    await expect(page.locator(".turn.you")).to_have_count(2)


async def test_decide_and_undo_by_keyboard(stage: Stage, page: Page) -> None:
    """One key decides, z takes it back; the focus stays with the card."""
    number = await card(page, stage)
    await page.keyboard.press("d")

    await expect(page.locator(f"#{number} .standing")).to_contain_text("Violation", timeout=PATIENCE_MS)
    await expect(page.locator("article").first.locator(".chip")).to_contain_text("Removed", timeout=PATIENCE_MS)
    assert await page.evaluate("document.activeElement.id") == number

    await page.keyboard.press("z")
    await expect(page.locator(f"#{number} .choices button")).to_have_count(4, timeout=PATIENCE_MS)
    await expect(page.locator(f"#{number}")).to_contain_text("Restore", timeout=PATIENCE_MS)
    assert await page.evaluate("document.activeElement.id") == number


async def test_keys_are_letters_while_typing(stage: Stage, page: Page) -> None:
    """Writing one's name decides nothing."""
    number = await card(page, stage)
    await page.locator("[name=name]").press_sequentially("dan")

    await expect(page.locator("[name=name]")).to_have_value("dan")
    await expect(page.locator(f"#{number} .choices button")).to_have_count(4)


async def test_a_failed_post_is_explained_in_place(stage: Stage, context: BrowserContext) -> None:
    """An address that is not visited gets its sentence, and the posts stay as they are."""
    page = await context.new_page()
    await page.goto(f"{stage.url}/channel")
    before = await page.locator("article").count()
    await page.fill("#url", "http://127.0.0.1/x.png")
    await page.click(".go")

    await expect(page.locator("#said [role=alert]")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.locator("article")).to_have_count(before)


async def test_a_second_moderator_sees_the_decision(stage: Stage, page: Page, context: BrowserContext) -> None:
    """What one moderator decides shows up in the other's window by itself."""
    number = await card(page, stage)
    other = await context.new_page()
    await other.goto(f"{stage.url}/case/{number.removeprefix('case-')}")
    await page.locator(f"#{number} [data-key=a]").click()

    await expect(other.locator(".standing")).to_contain_text("Allowed", timeout=PATIENCE_MS)
    await page.locator(f"#{number} [data-key=z]").click()
    await expect(other.locator(".choices button")).to_have_count(4, timeout=PATIENCE_MS)


async def test_modes_are_switched_in_place(stage: Stage, page: Page) -> None:
    """The chosen mode is the pressed button."""
    await page.goto(f"{stage.url}/channel")
    await page.click("#mode-flag")
    await expect(page.locator("#mode-flag")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    await page.click("#mode-dry_run")

    await expect(page.locator("#mode-dry_run")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    await expect(page.locator("#mode-flag")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("context", [{"locale": "zh-CN"}], indirect=True)
async def test_chinese_browsers_are_answered_in_chinese(stage: Stage, page: Page) -> None:
    """Page and answer speak the browser's language."""
    await page.goto(stage.url)
    await pick(page, stage.copy)

    await expect(page.locator(".answer.match")).to_contain_text("匹配", timeout=PATIENCE_MS)
    assert await page.get_attribute("html", "lang") == "zh-Hans"


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
async def test_everything_works_without_scripts(stage: Stage, page: Page) -> None:
    """Asking, deciding and undoing are plain forms, too."""
    await page.goto(stage.url)
    await pick(page, stage.copy)
    await page.click(".go")
    await expect(page.locator("#answer .pair img")).to_have_count(3)

    await page.goto(f"{stage.url}/channel")
    await page.locator("[data-open] [name=decision][value=unsure]").first.click()
    await expect(page.locator(".standing")).to_contain_text("Unsure")
    await page.click("[data-key=z]")
    await expect(page.locator(".choices button")).to_have_count(4)


@pytest.mark.parametrize("context", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
async def test_nothing_shuts_anybody_out(stage: Stage, page: Page) -> None:
    """axe-core finds nothing on any page, in light and in dark."""
    await card(page, stage)
    found = {"card": await violations(page)}
    await page.goto(f"{stage.url}/case/1")
    found["case"] = await violations(page)
    for name in ("", "health", "api", "sign-in"):
        await page.goto(f"{stage.guarded if name == 'sign-in' else stage.url}/{name}")
        found[name] = await violations(page)
    await page.goto(stage.url)
    await pick(page, stage.copy)
    await page.locator(".answer.match").wait_for()
    found["answer"] = await violations(page)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_looking_for_news_dims_no_button(stage: Stage, page: Page) -> None:
    """However long the answer takes: only a button that was pressed shows that it waits."""
    await card(page, stage)
    asked = asyncio.Event()
    await page.route("**/channel/feed**", lambda _route: asked.set())
    await page.goto(f"{stage.url}/channel")
    await asked.wait()

    button = page.locator("[data-open] [name=decision]").first
    await expect(button).to_have_css("opacity", "1")


@pytest.mark.parametrize("path", ["/", "/channel", "/case/1", "/health", "/api"])
async def test_pages_are_light(stage: Stage, page: Page, path: str) -> None:
    """At most four requests and 60 kB, pictures and the later polls aside; nothing from any other server."""
    if path.startswith("/case"):
        await card(page, stage)
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    await page.goto(stage.url + path)
    assert all(request.url.startswith(stage.url) for request in asked)
    polls = (f"{stage.url}/channel/feed", stage.url + path)  # on a slow machine the first one comes before `goto` ends
    parts = [one for one in asked if one.resource_type != "image" and "/icon.svg" not in one.url]
    parts = [one for one in parts if not (one.resource_type in ("fetch", "xhr") and one.url.startswith(polls))]
    sizes = [(await request.sizes())["responseBodySize"] for request in parts]  # `asked` still grows meanwhile

    assert 2 <= len(sizes) <= 4
    assert sum(sizes) <= 60_000


@pytest.mark.parametrize("context", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
async def test_small_phones_need_no_sideways_scrolling(stage: Stage, page: Page) -> None:
    """Every page fits into 360 pixels."""
    await card(page, stage)
    wide: dict[str, int] = {}
    for path in ("/channel", "/", "/case/1", "/health", "/api"):
        await page.goto(stage.url + path)
        wide[path] = await page.evaluate("document.documentElement.scrollWidth")

    assert wide == dict.fromkeys(wide, 360)


async def test_tab_reaches_the_content_first(stage: Stage, page: Page) -> None:
    """The first stop of the keyboard skips the head of the page."""
    await page.goto(stage.url)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    assert await page.evaluate("document.activeElement.id") == "main"


async def test_the_door_leads_back(stage: Stage, page: Page) -> None:
    """After signing in one stands on the page that was asked for."""
    await page.goto(f"{stage.guarded}/channel")
    await page.fill("#token", "secret")
    await page.keyboard.press("Enter")

    await expect(page.locator("h1")).to_have_text("Moderated channel", timeout=PATIENCE_MS)
    assert Path(page.url).name == "channel"
