"""Images that posts on Telegram link to: off by default, looked at where the operator says so (`RESIGHT_FOLLOW_LINKS`).

    text or caption --links_of--> addresses that end like an image --shown_behind--> hint "link:URL" --fetched--> bytes

Telegram shows such an image below the post and gives bots none of it. Its bytes come from a stranger's server, which
learns the bot's address thereby: so they come through the one guarded downloader, and only if the operator says so.
"""

from collections.abc import Iterator
from hashlib import sha256

from telegram import Message, MessageEntity
from yarl import URL

from bot.fronts.telegram.pictures import LINK
from core.errors import Refused, Unscannable
from core.messages import Shown
from core.ports import Fetcher

MOST = 4
"""Links of one message that are followed."""

LONGEST = 2_000
ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff")
REASONS = {"not-a-picture": "not-an-image", "too-large": "too-large", "status": "gone"}
"""What a refused download means for the image; everything else is "download"."""


def links_of(message: Message) -> list[str]:
    """Addresses in a message's words that end like an image's, each once."""
    found = (one for one in _addresses(message) if len(one) <= LONGEST and _is_image(one))
    return list(dict.fromkeys(found))[:MOST]


def shown_behind(message: Message) -> list[Shown]:
    """What is behind its links, each told apart by its address."""
    return [
        Shown(image=f"link-{sha256(url.encode()).hexdigest()[:16]}", hint=LINK + url, file_name=URL(url).name[:200])
        for url in links_of(message)
    ]


async def fetched(fetcher: Fetcher, url: str) -> bytes:
    """The bytes; raises Unscannable or RetryLater."""
    try:
        return await fetcher.fetch(url)
    except Refused as error:
        raise Unscannable(REASONS.get(error.reason, "download"), str(error)) from error


def _addresses(message: Message) -> Iterator[str]:
    kinds: list[str | None] = [MessageEntity.URL, MessageEntity.TEXT_LINK]
    for entity, text in {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}.items():
        address = entity.url or text
        yield address if "://" in address else f"https://{address}"


def _is_image(address: str) -> bool:
    try:
        url = URL(address)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and bool(url.host) and url.path.lower().endswith(ENDINGS)
