"""Pictures of the moderators' card as chats show it: `python -m bench.cards [FOLDER]`, by default docs/images/.

    drawings -> pair check -> evidence picture --+
    tests/bot/cases.py -> handlers/chat/cards.py ---+-> payloads as they are sent -> a page like the chat's -> chromium

The page only imitates how Discord and Telegram lay a message out; every word and every button is from the payload.
Needs chromium on PATH.
"""

import asyncio
import base64
import html
import re
import shutil
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import ViewportSize, async_playwright

from bench.screenshots import ARGUMENTS, FOLDER, shrink
from bot.fronts.discord.render import buttons_of, embed_of
from bot.fronts.telegram.render import card_html, keyboard_of
from core.cases import UNTOLD, Case
from core.looks import Picture, View
from core.matches import Evidence
from core.messages import Answer, Card
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

WIDE, HIGH = 1240, 760
NUMBER = 12
WORDS = "My newest drawing\nwhat do you think?"
MENTIONED, LINKED = re.compile(r"<([@#])\d+>"), re.compile(r"\[([^\]]+)\]\(<[^>]+>\)")
STYLES = {1: "#5865f2", 2: "#4e5058", 3: "#248046", 4: "#da373c", 5: "#4e5058"}
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; display: flex; gap: 24px; padding: 24px; background: #d5d9de;
        font: 15px/1.4 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; align-items: flex-start }}
figure {{ margin: 0; flex: 1 }} figcaption {{ color: #333; margin-bottom: 8px; font-weight: 600 }}
.discord {{ background: #313338; color: #dbdee1; padding: 16px; border-radius: 8px }}
.embed {{ background: #2b2d31; border-left: 4px solid {colour}; border-radius: 4px; padding: 12px 16px }}
.embed h3 {{ margin: 0 0 6px; font-size: 16px; color: #fff }} .embed p {{ margin: 0 0 8px }}
.fields {{ display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px 12px; font-size: 14px }}
.wide {{ grid-column: 1 / -1 }} .fields b {{ display: block; color: #f2f3f5 }} .fields span {{ white-space: pre-line }}
img {{ width: 100%; border-radius: 4px; margin: 10px 0; display: block }}
small {{ color: #b5bac1 }} .row {{ display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px }}
.row span {{ color: #fff; padding: 6px 14px; border-radius: 4px; font-size: 14px }}
.telegram {{ background: #fff; color: #111; border-radius: 14px; padding: 10px 14px; white-space: pre-line }}
blockquote {{ margin: 2px 0; padding-left: 8px; border-left: 3px solid #7da0c4 }}
.telegram img {{ margin: 0 0 8px }}
.dot {{ display: inline-block; width: 12px; height: 12px; border-radius: 6px; background: #d33 }}
.keys {{ display: grid; grid-template-columns: 1fr 1fr; gap: 4px; margin-top: 6px }}
.keys span {{ background: #7da0c4; color: #fff; text-align: center; padding: 8px; border-radius: 8px; font-size: 14px }}
</style><body>
<figure><figcaption>Discord</figcaption><div class="discord"><div class="embed">{embed}</div>{buttons}</div></figure>
<figure><figcaption>Telegram</figcaption><div class="telegram"><img src="{picture}">{caption}</div>{keys}</figure>"""


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


def cards_of(words: Words, case: Case) -> tuple[Card, Card]:
    """The same case on Discord, and on Telegram, which has no channels and tells nothing about accounts."""
    place = replace(cases.SPACE, platform=Platform.TELEGRAM, channel=cases.SPACE.community)
    there = replace(case, event=replace(case.event, space=place))
    known = cases.BACKGROUND
    shown = partial(case_card, words, community=cases.COMMUNITY, kept_until=cases.KEPT_UNTIL)
    return shown(case=case, background=known), shown(case=there, background=replace(known, profile=UNTOLD))


def page_of(card: Card, on_telegram: Card, picture: bytes) -> str:
    """Both messages side by side."""
    source = "data:image/jpeg;base64," + base64.b64encode(picture).decode()
    embed = embed_of(card, has_picture=True).to_dict()
    keyboard = keyboard_of(Answer(cards=(on_telegram,)))
    keys = [button for row in keyboard.inline_keyboard for button in row] if keyboard else []
    return PAGE.format(
        colour=f"#{embed.get('color', 0):06x}",
        embed=embed_html(dict(embed), source),
        buttons=buttons_html(card),
        picture=source,
        caption=caption_html(on_telegram),
        keys="<div class=keys>" + "".join(f"<span>{html.escape(key.text)}</span>" for key in keys) + "</div>",
    )


def embed_html(embed: dict[str, Any], source: str) -> str:
    fields = "".join(
        f'<div class="{"" if field.get("inline") else "wide"}"><b>{plain(field["name"])}</b>'
        f"<span>{plain(field['value'])}</span></div>"
        for field in embed.get("fields", [])
    )
    return (
        f"<h3>{plain(embed['title'])}</h3><p>{plain(embed['description'])}</p><div class=fields>{fields}</div>"
        f'<img src="{source}"><small>{plain(embed.get("footer", {}).get("text", ""))}</small>'
    )


def plain(text: str) -> str:
    """Discord's markup as it is read: escapes and addresses of links are not shown, mentions are names."""
    text = "\n".join(row.removeprefix("> ") for row in text.split("\n"))
    read = MENTIONED.sub(lambda found: "@Bo" if found[1] == "@" else "#general", text.replace("\\", ""))
    return html.escape(LINKED.sub(r"\1", read).strip("<>"))


def caption_html(card: Card) -> str:
    """Telegram's markup as it is read: a quotation ends its line itself."""
    shown = card_html(card).replace("🔴", "<span class=dot></span>")
    return shown.replace("\n<blockquote>", "<blockquote>").replace("</blockquote>\n", "</blockquote>")


def buttons_html(card: Card) -> str:
    parts = [part for row in buttons_of(card).to_components() for part in row["components"]]
    shown = [f'<span style="background:{STYLES[part["style"]]}">{html.escape(part["label"])}</span>' for part in parts]
    return f"<div class=row>{''.join(shown)}</div>"


async def main(folder: Path) -> None:
    """The card in both languages."""
    picture, case = evidence()
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for language, name in (("en", "chat-cards.png"), ("zh", "chat-cards-zh.png")):
            page = await browser.new_page(viewport=ViewportSize(width=WIDE, height=HIGH), device_scale_factor=1)
            with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
                file.write(page_of(*cards_of(Words.of(language), case), picture))
                file.flush()
                await page.goto(f"file://{file.name}")
                await page.screenshot(path=folder / name, full_page=True)
            shrink(folder / name)
        await browser.close()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
