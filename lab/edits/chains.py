"""Edits on edits: what a picture has gone through after a few reposts.

They draw from a book of single edits that is given to them, in the order in which people do such things: first the
frame and the pixels, then what is laid over, then the company or the screen, and the file last.
"""

from collections.abc import Callable, Mapping, Sequence

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from lab.edits import company, frame, overlay, pixels
from lab.edits.kit import Change, Dice, Edit, corners, filled, inside, jittered, limited, scaled, warped

ORDER = ("frame", "pixels", "overlay", "company", "screen", "camera", "file")
HOPELESS = frozenset(("paste_20", "collage_9", "thumbnail"))
"""Nobody recognises what is left after these and another hard edit, so they end no chain."""


def several(book: Sequence[Edit], count: int, name: str, says: str) -> Change:
    """So many edits of the book after each other, each of another family where there are enough."""

    def change(image: Image.Image, dice: Dice) -> Image.Image:
        for edit in _rolled(book, count, dice):
            image = limited(edit.function(image, dice))
        return image

    change.__name__, change.__doc__ = name, says
    return change


def _rolled(book: Sequence[Edit], count: int, dice: Dice) -> list[Edit]:
    """One edit each of so many families, in the order of a repost."""
    families = dice.sample(sorted({edit.family for edit in book}, key=ORDER.index), count)
    chosen = [dice.choice([edit for edit in book if edit.family == family]) for family in families]
    return sorted(chosen, key=lambda edit: ORDER.index(edit.family))


def chains(singles: Mapping[str, Edit]) -> Mapping[str, Change]:
    """The chains over these single edits, by name."""
    usable = [edit for edit in singles.values() if edit.name not in HOPELESS]
    easy, hard = [edit for edit in usable if not edit.hard], [edit for edit in usable if edit.hard]
    made = (
        several(easy, 2, "two_edits", "Two easy edits of different families."),
        several(easy, 3, "three_edits", "Three easy edits of different families."),
        several(usable, 3, "three_any", "Three edits of different families, hard ones among them."),
        several(hard, 4, "hard_chain_4", "Four hard edits of different families."),
        augly_like,
    )
    return {change.__name__: change for change in made}


def augly_like(image: Image.Image, dice: Dice) -> Image.Image:
    """One to four steps of a second generator, in the manner of augmentation libraries, any strength."""
    for step in dice.sample(STEPS, dice.randint(1, 4)):
        image = limited(step(image, dice))
    return image


def _opacity(image: Image.Image, dice: Dice) -> Image.Image:
    return Image.blend(Image.new("RGB", image.size, "#ffffff"), image, dice.uniform(0.3, 0.9))


def _encode(image: Image.Image, dice: Dice) -> Image.Image:
    return pixels.encoded(image, dice.randint(5, 60))


def _aspect(image: Image.Image, dice: Dice) -> Image.Image:
    factor = dice.uniform(0.5, 2) ** 0.5
    return scaled(image, image.width * factor, image.height / factor)


def _pixelise(image: Image.Image, dice: Dice) -> Image.Image:
    share = dice.uniform(0.15, 0.6)
    return scaled(image, image.width * share, image.height * share).resize(image.size, Image.Resampling.NEAREST)


def _pad(image: Image.Image, dice: Dice) -> Image.Image:
    across, down = (round(side * dice.uniform(0.05, 0.35)) for side in image.size)
    frame_ = Image.new("RGB", (image.width + 2 * across, image.height + 2 * down), dice.colour())
    frame_.paste(image, (across, down))
    return frame_


def _corners(image: Image.Image, dice: Dice) -> Image.Image:
    """A perspective that keeps the frame's size, black behind."""
    reach = dice.uniform(0.04, 0.16)
    to = jittered(corners(image.width, image.height), dice, image.width * reach, image.height * reach)
    return warped(image, to, Image.new("RGB", image.size))


def _turned(image: Image.Image, dice: Dice) -> Image.Image:
    return image.rotate(dice.uniform(-180, 180), Image.Resampling.BILINEAR, expand=dice.random() < 0.7)


def _jitter(image: Image.Image, dice: Dice) -> Image.Image:
    for enhancer in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhancer(image).enhance(dice.uniform(0.5, 1.8))
    return image


def _blurred(image: Image.Image, dice: Dice) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(dice.uniform(1, max(1.5, max(image.size) / 120))))


def _shuffled(image: Image.Image, dice: Dice) -> Image.Image:
    """A tenth or so of the pixels swapped for some of the neighbourhood."""
    return image.effect_spread(dice.randint(1, max(2, max(image.size) // 150)))


def _part(image: Image.Image, dice: Dice) -> Image.Image:
    width, height = (max(8, round(side * dice.uniform(0.5, 0.9))) for side in image.size)
    x, y = (round(dice.random() * max(0, side - part)) for side, part in zip(image.size, (width, height), strict=True))
    return image.crop((x, y, min(image.width, x + width), min(image.height, y + height)))


def _background(image: Image.Image, dice: Dice) -> Image.Image:
    """Over another picture, slightly transparent."""
    back = filled(dice.others(1)[0], image.width, image.height)
    front = inside(image, back.width * dice.uniform(0.4, 0.85), back.height * 0.9)
    spot = tuple(round(dice.random() * max(0, b - f)) for b, f in zip(back.size, front.size, strict=True))
    back.paste(front, (spot[0], spot[1]), Image.new("L", front.size, dice.randint(190, 255)))
    return back


def _flipped(image: Image.Image, dice: Dice) -> Image.Image:
    return dice.choice((ImageOps.mirror, ImageOps.mirror, ImageOps.flip))(image)


STEPS: tuple[Callable[[Image.Image, Dice], Image.Image], ...] = (
    *(_opacity, _encode, _aspect, _pixelise, _pad, _corners, _turned, _jitter, _blurred, _shuffled, _part),
    *(_background, _flipped, frame.pad_square, frame.skew, pixels.grayscale, pixels.sharpen, pixels.noise),
    *(pixels.resize, overlay.emoji, overlay.stickers, overlay.text_anywhere, overlay.stripes, overlay.caption_above),
    *(overlay.meme_text, company.paste_cut),
)
