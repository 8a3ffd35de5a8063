"""What people do to a picture before they post it again.

EDITS: name -> function of the picture alone; the 17 of the demo and of many tests, without dice
SUITE: name -> Edit with family and strength; strengths, places, words and colours are rolled

    apply(name, image, key, seed, others) -> edited picture, the same for the same arguments

    first     EDITS
    pixels    file and pixels      frame    crops, turns, borders
    overlay   words and stickers   company  paste-ins, collages
    phones    phone screenshots    screens  web page, desktop, video player
    camera    photographs of screens and prints
    chains    several of them      kit, words, themes   what they share
"""

from collections.abc import Mapping, Sequence

from PIL import Image

from lab.edits import camera, company, first, frame, overlay, phones, pixels, screens
from lab.edits.chains import chains
from lab.edits.first import Plain
from lab.edits.kit import Change, Company, Dice, Drawn, Edit, limited

EDITS: Mapping[str, Plain] = {
    edit.__name__: edit
    for edit in (
        *(first.recompress, first.half_size, first.half_recompressed),
        *(first.grayscale, first.brighter, first.blur),
        *(first.crop_75, first.crop_60, first.mirror, first.rotate_5, first.border),
        *(first.caption_bar, first.screenshot, first.screenshot_dark, first.story, first.paste_half, first.collage),
    )
}

FAMILIES: Mapping[str, Sequence[Change]] = {
    "file": (
        *(pixels.recompress, pixels.generations, pixels.resize, pixels.thumbnail, pixels.enlarge, pixels.palette),
    ),
    "pixels": (
        *(pixels.grayscale, pixels.sepia, pixels.duotone, pixels.hue_shift, pixels.saturation),
        *(pixels.brightness, pixels.contrast, pixels.gamma, pixels.photo_filter, pixels.invert, pixels.posterise),
        *(pixels.blur, pixels.blur_hard, pixels.sharpen, pixels.noise, pixels.salt_pepper),
        *(pixels.pixelate, pixels.dither, pixels.halftone),
    ),
    "frame": (
        *(frame.stretch, frame.crop_75, frame.crop_50, frame.crop_30, frame.crop_centre, frame.crop_square),
        *(frame.mirror, frame.flip, frame.mirror_crop, frame.rotate_5, frame.rotate_15, frame.rotate_45),
        *(frame.rotate_90, frame.rotate_180, frame.rotate_270, frame.perspective, frame.skew, frame.wave),
        *(frame.border, frame.letterbox_blurred, frame.pad_square),
    ),
    "overlay": (
        *(overlay.caption_above, overlay.caption_both, overlay.meme_text, overlay.subtitle, overlay.text_anywhere),
        *(overlay.emoji, overlay.stickers, overlay.watermark, overlay.watermark_tiled, overlay.overlay, overlay.haze),
        *(overlay.scribble, overlay.redaction, overlay.stripes),
    ),
    "company": (
        *(company.paste_50, company.paste_30, company.paste_20, company.paste_cut),
        *(company.collage_2, company.collage_4, company.collage_9, company.collage_mixed),
    ),
    "screen": (
        *(phones.chat_light, phones.chat_dark, phones.social_post, phones.story, phones.gallery),
        *(screens.web_page, screens.desktop, screens.video_player),
    ),
    "camera": (camera.photo_of_screen, camera.photo_of_screen_hard, camera.photo_of_print),
}
HARD = frozenset(
    (
        *(
            "generations",
            "thumbnail",
            "duotone",
            "photo_filter",
            "invert",
            "blur_hard",
            "pixelate",
            "dither",
            "halftone",
        ),
        *("crop_30", "mirror_crop", "rotate_45", "perspective", "meme_text", "stickers", "watermark_tiled", "overlay"),
        *("redaction", "paste_30", "paste_20", "paste_cut", "collage_4", "collage_9", "chat_light", "chat_dark"),
        *("web_page", "desktop", "photo_of_screen_hard", "photo_of_print", "three_any", "hard_chain_4", "augly_like"),
    )
)


def _named(family: str, changes: Sequence[Change]) -> dict[str, Edit]:
    return {
        one.__name__: Edit(name=one.__name__, family=family, function=one, hard=one.__name__ in HARD) for one in changes
    }


SINGLES: Mapping[str, Edit] = {
    name: edit for family, changes in FAMILIES.items() for name, edit in _named(family, changes).items()
}
SUITE: Mapping[str, Edit] = {**SINGLES, **_named("chain", tuple(chains(SINGLES).values()))}


def apply(
    name: str, image: Image.Image, key: str, seed: int = 0, others: Sequence[Image.Image] | None = None
) -> Image.Image:
    """The picture after an edit of the SUITE: RGB, at most a megapixel, always the same for the same arguments.

    `key` names the picture, so that each rolls its own dice. `others` are pictures for company, the drawn strangers
    if it is None; they may include the picture itself, which is passed over, and are only looked at when needed.
    A picture of more than a megapixel is shrunk to one first. KeyError: no edit has this name.
    """
    edit, before = SUITE[name], limited(image.convert("RGB"))
    dice = Dice(f"{seed}/{name}/{key}", Company(Drawn() if others is None else others, before))
    return limited(edit.function(before, dice))
