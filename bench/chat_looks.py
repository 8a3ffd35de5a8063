"""Messages of the bot as pages that look like the chats: `page_of`. What each chat is sent comes from its own module.

    Answer --bot/fronts/discord/render.py--> embeds, view       --bot/fronts/telegram/render.py--> HTML, keyboard
           --bot/fronts/matrix/render.py--> formatted body      --bot/fronts/terminal/front.py--> lines

The page only imitates how a chat lays a message out: every word and every button is from what is sent.
"""

import base64
import html
import re
from collections.abc import Iterator, Sequence
from itertools import batched, groupby
from typing import Any

import discord

from bench.chat_platforms import CHANNELS, Cast
from bench.chat_stories import Scene
from bot.fronts.discord.render import message_of
from bot.fronts.matrix.render import content_of, with_picture
from bot.fronts.telegram.render import CAPTION, TEXT, html_of, keyboard_of
from bot.fronts.terminal.front import block_of
from bot.fronts.terminal.shown import lines_of
from bot.fronts.terminal.world import BOT, Message
from core.messages import Answer
from core.types import Platform

STYLES = {1: "#5865f2", 2: "#4e5058", 3: "#248046", 4: "#da373c", 5: "#4e5058"}
MARKS = re.compile(
    r"\\(?P<plain>.)|<(?P<sort>[@#])&?(?P<number>\d+)>|\[(?P<text>(?:[^\]\\]|\\.)+)\]\(<?[^)>]+>?\)"
    r"|\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|</(?P<command>[^:>]+):\d+>|<(?P<link>https?://[^>]+)>",
    re.DOTALL,
)
A_ROW = 3
SIGNS = {"🔴": "#d33", "🟡": "#e3b341", "⚪": "#ccc", "🔵": "#38d", "🟢": "#3a5", "🟠": "#e8792b"}
KEY = re.compile("([0-9])\ufe0f?\u20e3|🔟|([\U0001f1e6-\U0001f1ff])")

PAGE = """<!doctype html><meta charset="utf-8"><style>
* {{ box-sizing: border-box }}
body {{ margin: 0; padding: 20px; background: #d5d9de; display: inline-flex; gap: 20px; align-items: flex-start;
        font: 15px/1.4 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif }}
figure {{ margin: 0; width: {width}px }} figcaption {{ color: #333; margin-bottom: 8px; font-weight: 600 }}
img {{ width: 100%; border-radius: 4px; display: block; {picture} }} p {{ margin: 0 0 6px }}
a {{ color: inherit }} code {{ font: 13px ui-monospace, "DejaVu Sans Mono", monospace }}
.message + .message {{ margin-top: 12px }}
.dot {{ display: inline-block; width: 12px; height: 12px; border-radius: 6px }}
.matrix blockquote {{ margin: 2px 0; padding-left: 8px; border-left: 3px solid #d6dbe1 }}
.discord .message {{ background: #313338; color: #dbdee1; padding: 14px; border-radius: 8px; white-space: pre-line }}
.discord a, .discord .at {{ color: #a9b6ff; text-decoration: none }}
.discord code {{ background: #1e1f22; padding: 0 4px }}
.embed {{ background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 10px 14px }}
.embed h3 {{ margin: 0 0 6px; font-size: 16px; color: #fff }} .embed img {{ margin: 10px 0 }}
.fields {{ display: grid; grid-template-columns: repeat(12, 1fr); gap: 8px 12px; font-size: 14px }}
.fields b {{ display: block; color: #f2f3f5 }}
.quote {{ border-left: 3px solid #4e5058; padding-left: 8px; display: block }} .embed small {{ color: #b5bac1 }}
.row {{ display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; white-space: normal }}
.row span {{ color: #fff; padding: 6px 14px; border-radius: 4px; font-size: 14px }}
.bubble {{ background: #fff; color: #111; border-radius: 14px; padding: 10px 14px; white-space: pre-line }}
.telegram a {{ color: #2678b6; text-decoration: none }} .telegram img {{ margin-bottom: 8px }}
.telegram blockquote {{ margin: 2px 0; padding-left: 8px; border-left: 3px solid #7da0c4 }}
.keys {{ display: flex; gap: 4px; margin-top: 4px }}
.keys span {{ flex: 1; background: #7da0c4; color: #fff; text-align: center; padding: 7px; border-radius: 8px;
              font-size: 14px }}
.matrix .message {{ background: #fff; color: #17191c; border-radius: 8px; padding: 10px 14px }}
.matrix .message b.who {{ color: #368bd6; display: block }} .matrix a {{ color: #0467dd; text-decoration: none }}
.matrix img {{ margin: 4px 0 8px }}
.matrix .row > span {{ color: #17191c; background: #f0f2f5; border: 1px solid #d6dbe1;
              border-radius: 12px; padding: 2px 8px }}
.box {{ display: inline-block; background: #4a90d9; color: #fff; border-radius: 3px; font: 700 11px/16px sans-serif;
        width: 16px; text-align: center }}
.terminal .message {{ background: #1b1d21; color: #d7dae0; border-radius: 8px; padding: 12px; white-space: pre-wrap;
        overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace }}
</style><body>{figures}"""


def page_of(columns: Sequence[tuple[str, Cast, Scene]], width: int, high: int = 0) -> str:
    """The scenes side by side, each under its title; evidence pictures are cut to a height, 0 = whole."""
    picture = f"height: {high}px; object-fit: cover; object-position: top" if high else ""
    figures = "".join(_figure(*column) for column in columns)
    return PAGE.format(width=width, picture=picture, figures=figures)


def _figure(title: str, cast: Cast, scene: Scene) -> str:
    messages = "".join(f'<div class="message">{LOOKS[cast.platform](cast, one)}</div>' for one in scene.shown)
    return f'<figure class="{cast.platform}"><figcaption>{html.escape(title)}</figcaption>{messages}</figure>'


def _source(answer: Answer) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(answer.picture or b"").decode()


def _on_discord(cast: Cast, answer: Answer) -> str:
    sent = message_of(answer)
    embeds = "".join(_embed(cast, embed.to_dict(), _source(answer)) for embed in sent["embeds"])
    view = sent.get("view")
    return f"{_marked(cast, sent['content'])}{embeds}{_row(view) if view else ''}"


def _row(view: discord.ui.View) -> str:
    parts = [part for row in view.to_components() for part in row["components"]]
    shown = [f'<span style="background:{STYLES[part["style"]]}">{html.escape(part["label"])}</span>' for part in parts]
    return f'<div class="row">{"".join(shown)}</div>'


def _embed(cast: Cast, embed: Any, source: str) -> str:
    fields = "".join(
        f'<div style="grid-column: span {span}"><b>{_marked(cast, one["name"])}</b>{_marked(cast, one["value"])}</div>'
        for one, span in _spans(embed.get("fields", []))
    )
    colour, foot = f"#{embed.get('color', 0):06x}", embed.get("footer", {}).get("text", "")
    return (
        f'<div class="embed" style="border-color:{colour}"><h3>{_marked(cast, embed.get("title", ""))}</h3>'
        f'<p>{_marked(cast, embed.get("description", ""))}</p><div class="fields">{fields}</div>'
        f"{f'<img src={source!r}>' if 'image' in embed else ''}<small>{html.escape(foot)}</small></div>"
    )


def _spans(fields: Sequence[Any]) -> Iterator[tuple[Any, int]]:
    """Twelfths of the width: short fields that follow one another share a row, at most three."""
    for is_inline, those in groupby(fields, lambda one: bool(one.get("inline"))):
        for row in batched(those, A_ROW if is_inline else 1):
            yield from ((one, 12 // len(row)) for one in row)


def _marked(cast: Cast, text: str) -> str:
    """Discord's markup as it is read: escapes are not shown, mentions are names, quotations have a line."""
    rows = text.split("\n")
    if rows[0].startswith("> "):
        return f'<span class="quote">{_inline(cast, chr(10).join(row.removeprefix("> ") for row in rows))}</span>'
    return _inline(cast, text)


def _inline(cast: Cast, text: str) -> str:
    shown, end = [], 0
    for found in MARKS.finditer(text):
        shown += [html.escape(text[end : found.start()]), _mark(cast, found)]
        end = found.end()
    return "".join([*shown, html.escape(text[end:])])


def _mark(cast: Cast, found: re.Match[str]) -> str:
    match found.lastgroup:
        case "plain":
            return html.escape(found["plain"])
        case "number":
            return f'<span class="at">{html.escape(found["sort"] + _known(cast, found["number"]))}</span>'
        case "text":
            return f"<a>{_inline(cast, found['text'])}</a>"
        case "bold":
            return f"<b>{_inline(cast, found['bold'])}</b>"
        case "command":
            return f'<span class="at">/{html.escape(found["command"])}</span>'
        case "link":
            return f"<a>{html.escape(found['link'])}</a>"
    return f"<code>{html.escape(found['code'])}</code>"


def _known(cast: Cast, number: str) -> str:
    """What Discord's app writes for a number."""
    names = {known: name for name, known in cast.channels.items()} | {one.id: one.name for one in cast.people()}
    return names.get(number, CHANNELS[0])


def _on_telegram(cast: Cast, answer: Answer) -> str:
    words = html_of(answer, CAPTION if answer.picture else TEXT, chat=int(cast.channels["mod-log"]))
    words = words.replace("\n<blockquote>", "<blockquote>").replace("</blockquote>\n", "</blockquote>")
    keyboard = keyboard_of(answer)
    rows = keyboard.inline_keyboard if keyboard else ()
    keys = "".join(
        f'<div class="keys">{"".join(f"<span>{html.escape(key.text)}</span>" for key in row)}</div>' for row in rows
    )
    return f'<div class="bubble">{_picture(answer)}{_dots(words)}</div>{keys}'


def _picture(answer: Answer) -> str:
    return f'<img src="{_source(answer)}">' if answer.picture else ""


def _dots(shown: str) -> str:
    """Coloured dots, and keys, as drawings: not every machine has a font for them."""
    for sign, colour in SIGNS.items():
        shown = shown.replace(sign, f'<span class="dot" style="background:{colour}"></span>')
    return KEY.sub(lambda found: f'<span class="box">{_letter(found)}</span>', shown)


def _letter(found: re.Match[str]) -> str:
    if found[2]:
        return chr(ord("A") + ord(found[2]) - 0x1F1E6)
    return found[1] or "10"


def _on_matrix(_cast: Cast, answer: Answer) -> str:
    content = content_of(answer)
    if answer.picture:
        content = with_picture(content, {})
    keys = content.get("org.resight.buttons", {})
    seeds = "".join(f"<span>{_dots(key)} 1</span>" for key in keys) if isinstance(keys, dict) else ""
    return (
        f'<b class="who">Resight</b>{_picture(answer)}{_dots(str(content["formatted_body"]))}'
        f"{f'<div class=row>{seeds}</div>' if seeds else ''}"
    )


def _on_terminal(cast: Cast, answer: Answer) -> str:
    buttons = (*answer.buttons, *(button for card in answer.cards for button in card.buttons))
    return html.escape(block_of(Message(7, cast.space("mod-log"), BOT, lines=lines_of(answer), buttons=buttons)))


LOOKS = {
    Platform.DISCORD: _on_discord,
    Platform.TELEGRAM: _on_telegram,
    Platform.MATRIX: _on_matrix,
    Platform.TERMINAL: _on_terminal,
}
