"""The first edits: no function rolls dice, so that a test or the demo shows the same each time.

of the file      recompress, half_size, half_recompressed
of the pixels    grayscale, brighter, blur
of the frame     crop_75, crop_60, mirror, rotate_5, border
with company     caption_bar, screenshot, screenshot_dark, story, paste_half, collage
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import sqrt

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from lab.drawings.demo import jpeg, strangers
from lab.drawings.kit import Sheet, ring, star, turned

type Plain = Callable[[Image.Image], Image.Image]

PHONE = (720, 1280)


def recompress(image: Image.Image, quality: int = 40) -> Image.Image:
    """Saved as a JPEG with visible losses."""
    return Image.open(BytesIO(jpeg(image, quality))).convert("RGB")


def half_size(image: Image.Image) -> Image.Image:
    """Half as wide and half as high."""
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def half_recompressed(image: Image.Image) -> Image.Image:
    """What a chat makes of it: half the size, JPEG quality 60."""
    return recompress(half_size(image), 60)


def crop(image: Image.Image, share: float) -> Image.Image:
    """A share of the area, a little left of and above the middle, as a person would cut."""
    width, height = round(image.width * sqrt(share)), round(image.height * sqrt(share))
    left, top = round((image.width - width) * 0.4), round((image.height - height) * 0.4)
    return image.crop((left, top, left + width, top + height))


def crop_60(image: Image.Image) -> Image.Image:
    """60 % of the area."""
    return crop(image, 0.60)


def crop_75(image: Image.Image) -> Image.Image:
    """75 % of the area."""
    return crop(image, 0.75)


def mirror(image: Image.Image) -> Image.Image:
    """Left and right swapped."""
    return ImageOps.mirror(image)


def grayscale(image: Image.Image) -> Image.Image:
    """Without colour, still with three bands."""
    return ImageOps.grayscale(image).convert("RGB")


def brighter(image: Image.Image) -> Image.Image:
    """40 % brighter, with a little more contrast: bright areas burn out."""
    return ImageEnhance.Contrast(ImageEnhance.Brightness(image).enhance(1.4)).enhance(1.1)


def blur(image: Image.Image) -> Image.Image:
    """As if the lens were greasy; in proportion to the size."""
    return image.filter(ImageFilter.GaussianBlur(max(image.size) / 300))


def rotate_5(image: Image.Image) -> Image.Image:
    """Turned by five degrees in a frame of the same size, with white corners."""
    return image.rotate(5, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))


def border(image: Image.Image) -> Image.Image:
    """A plain frame of 6 % of the longer side all around."""
    return ImageOps.expand(image, round(max(image.size) * 0.06), fill=(24, 26, 34))


def caption_bar(image: Image.Image) -> Image.Image:
    """A white bar above it, a fifth of its height, with somebody's joke."""
    bar = round(image.height * 0.2)
    page = Sheet(Image.new("RGB", (image.width, image.height + bar), "white"), seed=0)
    size = round(min(bar * 0.26, image.width * 0.052))
    page.words(image.width * 0.035, bar * 0.32, "nobody:", size, "#111111", "l", bold=0.6)
    page.words(image.width * 0.035, bar * 0.7, "me, at three in the morning:", size, "#111111", "l", bold=0.6)
    captioned = page.finish(grain=0)
    captioned.paste(image, (0, bar))
    return captioned


@dataclass(frozen=True)
class Theme:
    """The colours of a made-up app."""

    ground: str
    ink: str
    faint: str
    line: str
    accent: str


LIGHT = Theme("#ffffff", "#14171c", "#6b7280", "#e5e7eb", "#e0245e")
DARK = Theme("#101216", "#f2f4f8", "#8b93a1", "#262b33", "#ff5c8a")
COMMENTS = (
    ("Ada Quill", "how is this not framed yet", "#2a9d8f"),
    ("Bo", "want one", "#e76f51"),
    ("Sunniva", "the colours though", "#8d5a97"),
    ("Tim T.", "first!", "#f4a261"),
)


def screenshot(image: Image.Image) -> Image.Image:
    """A phone's screenshot of a post that shows the picture across 90 % of the screen."""
    return _phone(image, LIGHT)


def screenshot_dark(image: Image.Image) -> Image.Image:
    """The same on a phone in dark mode."""
    return _phone(image, DARK)


def _phone(image: Image.Image, theme: Theme) -> Image.Image:
    share = min(PHONE[0] * 0.9 / image.width, 800 / image.height)
    shown = image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.LANCZOS)
    page = Sheet(Image.new("RGB", PHONE, theme.ground), seed=0)
    _status_bar(page, theme)
    _post_head(page, theme)
    _post_foot(page, theme, 300 + shown.height)
    _tab_bar(page, theme)
    screen = page.finish(grain=0)
    screen.paste(shown, ((PHONE[0] - shown.width) // 2, 300))
    return screen


def _status_bar(page: Sheet, theme: Theme) -> None:
    page.words(36, 26, "21:47", 22, theme.ink, "l", bold=0.4)
    for step in range(4):
        page.rect(574 + step * 9, 33 - step * 4, 6, 4 + step * 4, theme.ink, 1)
    page.rect(636, 16, 42, 20, theme.ink, 6)
    page.rect(679, 22, 4, 8, theme.ink, 2)
    page.words(36, 86, "Chirpwell", 36, theme.ink, "l", bold=1)
    page.circle(664, 86, 15, None, theme.ink, 3)
    page.line([(675, 97), (687, 109)], theme.ink, 3)
    page.line([(0, 122), (720, 122)], theme.line, 2)


def _post_head(page: Sheet, theme: Theme) -> None:
    _avatar(page, 74, 174, 34, "#5b8def", "#ffd166")
    page.words(124, 162, "Marlo Pindt", 26, theme.ink, "l", bold=0.5)
    page.words(124, 192, "@marlopindt  12 min", 20, theme.faint, "l")
    for step in range(3):
        page.circle(648 + step * 14, 174, 3.5, theme.faint)
    page.words(36, 238, "Look what I made this weekend, it took forever", 24, theme.ink, "l")
    page.words(36, 272, "and I am quite proud of it. Tell me what you think!", 24, theme.ink, "l")


def _avatar(page: Sheet, x: float, y: float, r: float, back: str, face: str) -> None:
    page.circle(x, y, r, back)
    page.polygon([*ring(x, y, r, r, 0, 25, 155)], face)
    page.circle(x, y - r * 0.18, r * 0.4, face)


def _post_foot(page: Sheet, theme: Theme, y: float) -> None:
    """Icons, likes, and as many comments as fit above the tab bar."""
    heart = [(0, 15), (-17, -2), (-15, -13), (-7, -15), (0, -8), (7, -15), (15, -13), (17, -2)]
    page.polygon(turned(heart, 56, y + 38, 0), theme.accent)
    page.circle(122, y + 36, 15, None, theme.ink, 3)
    page.polygon([(112, y + 45), (108, y + 56), (122, y + 51)], theme.ink)
    page.polygon([(172, y + 24), (208, y + 36), (172, y + 50), (180, y + 37)], theme.ink)
    page.polygon(star(664, y + 38, 17, 7, 5), theme.faint)
    page.words(36, y + 82, "1,284 likes", 22, theme.ink, "l", bold=0.5)
    for row, (name, said, colour) in enumerate(COMMENTS):
        top = y + 132 + row * 68
        if top < 1160:
            _avatar(page, 58, top, 22, colour, "#fff1d6")
            page.words(96, top - 12, name, 20, theme.ink, "l", bold=0.4)
            page.words(96, top + 14, said, 20, theme.faint, "l")


def _tab_bar(page: Sheet, theme: Theme) -> None:
    page.rect(0, 1196, 720, 84, theme.ground)
    page.line([(0, 1196), (720, 1196)], theme.line, 2)
    page.polygon([(72, 1214), (94, 1232), (88, 1232), (88, 1250), (56, 1250), (56, 1232), (50, 1232)], theme.ink)
    page.circle(214, 1230, 16, None, theme.faint, 3)
    page.rect(340, 1212, 40, 40, theme.accent, 12)
    page.line([(350, 1232), (370, 1232)], "#ffffff", 4)
    page.line([(360, 1222), (360, 1242)], "#ffffff", 4)
    page.polygon(star(506, 1232, 18, 8, 6), theme.faint)
    page.circle(648, 1232, 18, theme.faint)
    page.rect(260, 1266, 200, 6, theme.ink, 3)


def story(image: Image.Image) -> Image.Image:
    """Upright, across 92 % of the width, on a dim and blurred enlargement of itself."""
    back = ImageOps.fit(image, (PHONE[0] // 8, PHONE[1] // 8)).filter(ImageFilter.GaussianBlur(4))
    page = Sheet(ImageEnhance.Brightness(back.resize(PHONE, Image.Resampling.BICUBIC)).enhance(0.6), seed=0)
    for step in range(3):
        page.rect(24 + step * 226, 24, 218, 6, "#ffffff" if step < 2 else "#ffffff66", 3)
    _avatar(page, 60, 76, 28, "#5b8def", "#ffd166")
    page.words(104, 76, "marlopindt  3 h", 24, "#ffffff", "l", bold=0.4)
    page.rect(36, 1190, 520, 62, "#ffffff33", 31)
    page.words(66, 1221, "Send a message", 22, "#ffffff", "l")
    share = min(PHONE[0] * 0.92 / image.width, 1000 / image.height)
    shown = image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.LANCZOS)
    told = page.finish(grain=0)
    told.paste(shown, ((PHONE[0] - shown.width) // 2, (PHONE[1] - shown.height) // 2))
    return told


@lru_cache(maxsize=6)
def _stranger(key: str) -> Image.Image:
    return next(one for one in strangers() if one.key == key).draw()


def paste_half(image: Image.Image) -> Image.Image:
    """At half its width and height (a quarter of the area) on a drawn background of the same size."""
    pasted = ImageOps.fit(_stranger("balloons"), image.size)
    pasted.paste(half_size(image), (round(image.width * 0.3), round(image.height * 0.34)))
    return pasted


def collage(image: Image.Image) -> Image.Image:
    """The upper right of four fields of equal size; three strangers have the others."""
    gap = max(2, max(image.size) // 120)
    field = ((image.width - 3 * gap) // 2, (image.height - 3 * gap) // 2)
    sheet = Image.new("RGB", image.size, (250, 250, 250))
    for at, one in enumerate((_stranger("birches"), image, _stranger("ringaloo"), _stranger("quilt"))):
        spot = (gap + at % 2 * (field[0] + gap), gap + at // 2 * (field[1] + gap))
        sheet.paste(ImageOps.fit(one, field, Image.Resampling.LANCZOS), spot)
    return sheet
