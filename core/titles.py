"""What a picture that somebody posted may be called, if nobody gives it a title. Pure.

    "FREE NITRO for @everyone\\nhttps://..."   --of_text--> "FREE NITRO for"     the first line that says anything
    "elon-giveaway_2024.png"                  --of_file--> "elon giveaway 2024"
    "IMG_1234.HEIC", "image0.png"             --of_file--> ""                   names that cameras and apps give

Links, addresses and names of people are left out: a title is read by others, and stays when the post is gone.
"""

import re
from itertools import pairwise
from pathlib import PurePosixPath

from core.telling import one_line

LONGEST = 80
"""Characters of a title that is made; a moderator's own may be longer."""

LEFT_OUT = re.compile(
    r"\w+://\S+|(?<![a-z0-9-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#:]\S*)?|<[@#:/a][^>]*>|\S*@\S+|[*_~`|]{2,}|^[#>\s-]+",
    re.IGNORECASE,
)
"""Links, Discord's mentions and emoji, names and mail addresses, and marks of bold text, quotations and headings."""

NAMED_BY_APPS = re.compile(
    r"(?:spoiler_)?(?:screen[ _-]?(?:shot|recording|capture)|bildschirmfoto|capture|captura|schermata|whatsapp|telegram"
    r"|discord|signal|snapchat|facebook|fb_img|img|dsc[nf]?|pxl|mvimg|mmexport|wx_camera|received|qq|image[-_ ]?\d*$"
    r"|屏幕|截屏|截图|微信|企业微信|图片|照片|相机|スクリーンショット)",
    re.IGNORECASE,
)
"""How names begin that say with which app or camera a picture was made, not what it shows."""

SAY_NOTHING = frozenset(
    {
        "image",
        "images",
        "img",
        "photo",
        "photos",
        "picture",
        "pictures",
        "pic",
        "pics",
        "file",
        "files",
        "unknown",
        "untitled",
        "unnamed",
        "download",
        "downloads",
        "document",
        "scan",
        "scanned",
        "copy",
        "edited",
        "cropped",
        "attachment",
        "sticker",
        "stickers",
        "thumb",
        "thumbnail",
        "preview",
        "media",
        "video",
        "frame",
        "upload",
        "uploaded",
        "new",
        "tmp",
        "temp",
        "test",
        "clipboard",
        "paste",
        "pasted",
        "original",
        "resized",
        "compressed",
        "final",
        "large",
        "small",
        "spoiler",
        "下载",
        "未命名",
        "无标题",
        "新建",
        "副本",
        "画像",
        "写真",
    }
)
WORD = re.compile(r"[^\W\d_]+")


def of_text(text: str) -> str:
    """Return the first line of a post that says anything, without links and names of people; "" for none."""
    lines = (_told(line) for line in text.split("\n") if not line.lstrip().startswith("/"))
    return next((line for line in lines if sum(map(str.isalnum, line)) > 1), "")


def of_file(name: str) -> str:
    """Return what the name of a file says about the picture; "" for one that a camera or an app gave."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    parts = re.split(r"[\W_]+", stem)
    if NAMED_BY_APPS.match(stem.strip()) or any(map(_is_random, parts)) or not any(map(_says_something, parts)):
        return ""
    return one_line(re.sub(r"[\s_+-]+", " ", stem).strip(), LONGEST)


def _told(line: str) -> str:
    return one_line(LEFT_OUT.sub(" ", line), LONGEST)


def _says_something(part: str) -> bool:
    words = [word for word in WORD.findall(part) if word.lower() not in SAY_NOTHING]
    return any(len(word) > 2 or not word.isascii() for word in words)


def _is_random(part: str) -> bool:
    """Whether a part of a name was drawn by chance or counted: a number of an app, a hash."""
    if len(part) < 8 or not part.isascii():
        return False
    changes = sum(one.isdigit() != other.isdigit() for one, other in pairwise(part))
    humps = sum(one.islower() and other.isupper() for one, other in pairwise(part))
    return changes > 2 or humps > 2 or (len(part) > 15 and part.isdigit())
