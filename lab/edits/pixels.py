"""Edits of the file and of the pixels: the frame stays, everything in it changes."""

from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageEnhance, ImageFilter, ImageOps

from lab.drawings.demo import jpeg
from lab.edits.kit import Dice, Floats, floats, limited, picture, scaled


def encoded(image: Image.Image, quality: int) -> Image.Image:
    """As the JPEG of this quality shows it."""
    return Image.open(BytesIO(jpeg(image, quality))).convert("RGB")


def recompress(image: Image.Image, dice: Dice) -> Image.Image:
    """Saved as a JPEG of quality 20 to 50."""
    return encoded(image, dice.randint(20, 50))


def generations(image: Image.Image, dice: Dice) -> Image.Image:
    """Saved four times, each time a little smaller and at quality 10 to 30."""
    for _ in range(4):
        share = dice.uniform(0.82, 0.97)
        image = encoded(scaled(image, image.width * share, image.height * share), dice.randint(10, 30))
    return image


def resize(image: Image.Image, dice: Dice) -> Image.Image:
    """30 to 60 % as wide and high."""
    share = dice.uniform(0.3, 0.6)
    return scaled(image, image.width * share, image.height * share)


def thumbnail(image: Image.Image, dice: Dice) -> Image.Image:
    """160 pixels on the longer side, saved at quality 60 to 80."""
    share = 160 / max(image.size)
    return encoded(scaled(image, image.width * share, image.height * share), dice.randint(60, 80))


def enlarge(image: Image.Image, dice: Dice) -> Image.Image:
    """Shrunk to 30 to 50 % and blown up again to the size it had."""
    share = dice.uniform(0.3, 0.5)
    return scaled(scaled(image, image.width * share, image.height * share), image.width, image.height)


def palette(image: Image.Image, dice: Dice) -> Image.Image:
    """A GIF: 16 to 64 colours, dithered."""
    colours = limited(image, 20_000).quantize(dice.randint(16, 64), method=Image.Quantize.MEDIANCUT)
    return image.quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG).convert("RGB")


def grayscale(image: Image.Image, dice: Dice) -> Image.Image:
    """Without colour, with a little more or less contrast."""
    return ImageEnhance.Contrast(ImageOps.grayscale(image).convert("RGB")).enhance(dice.uniform(0.85, 1.25))


def sepia(image: Image.Image, dice: Dice) -> Image.Image:
    """Brown as an old photograph."""
    brown = ImageOps.colorize(
        ImageOps.grayscale(image), "#1c0f04", "#fff3d6", mid=f"hsl({dice.randint(24, 40)},35%,48%)"
    )
    return Image.blend(image, brown, dice.uniform(0.75, 1))


def duotone(image: Image.Image, dice: Dice) -> Image.Image:
    """Dark and light replaced by two colours of a poster."""
    hue = dice.randrange(360)
    dark, light = f"hsl({hue},80%,22%)", f"hsl({(hue + dice.randint(90, 270)) % 360},90%,72%)"
    return ImageOps.colorize(ImageOps.autocontrast(ImageOps.grayscale(image), cutoff=1), dark, light)


def hue_shift(image: Image.Image, dice: Dice) -> Image.Image:
    """All colours moved round the wheel by 40 to 320 degrees."""
    bands = np.array(image.convert("HSV"))
    bands[..., 0] += np.uint8(dice.randint(28, 227))
    return Image.fromarray(bands, "HSV").convert("RGB")


def saturation(image: Image.Image, dice: Dice) -> Image.Image:
    """Colours nearly gone, or two to three times as strong."""
    return ImageEnhance.Color(image).enhance(dice.choice((dice.uniform(0.15, 0.5), dice.uniform(1.8, 3))))


def brightness(image: Image.Image, dice: Dice) -> Image.Image:
    """Much darker or so bright that areas burn out."""
    return ImageEnhance.Brightness(image).enhance(dice.choice((dice.uniform(0.4, 0.7), dice.uniform(1.35, 1.9))))


def contrast(image: Image.Image, dice: Dice) -> Image.Image:
    """Flat as in fog, or harsh."""
    return ImageEnhance.Contrast(image).enhance(dice.choice((dice.uniform(0.35, 0.65), dice.uniform(1.5, 2.3))))


def gamma(image: Image.Image, dice: Dice) -> Image.Image:
    """Middle tones lifted or pressed: gamma 0.4 to 0.7 or 1.5 to 2.4."""
    return _curve(image, dice.choice((dice.uniform(0.4, 0.7), dice.uniform(1.5, 2.4))))


def _curve(image: Image.Image, power: float) -> Image.Image:
    return image.point([round(255 * (level / 255) ** power) for level in range(256)] * 3)


def photo_filter(image: Image.Image, dice: Dice) -> Image.Image:
    """The filter of a photo app: tinted lights and shadows, lifted blacks, contrast, dark corners, grain."""
    tint = ImageColor.getrgb(f"hsl({dice.randrange(360)},70%,45%)")
    toned = ImageEnhance.Color(_curve(image, dice.uniform(0.75, 1.3))).enhance(dice.uniform(0.5, 1.7))
    values = floats(ImageEnhance.Contrast(toned).enhance(dice.uniform(1.05, 1.45)))
    lights = values / 255
    tinted = values * (1 - 0.18 * lights) + 0.18 * lights * (255 - np.array(tint[:3], np.float32)) + 18 * (1 - lights)
    shaded = tinted * vignette(image.size, dice.uniform(0.25, 0.55))
    return picture(shaded + dice.noise().standard_normal((*shaded.shape[:2], 1), np.float32) * 4)


def vignette(size: tuple[int, int], strength: float) -> Floats:
    """A factor for every pixel, shape [height, width, 1]: 1 in the middle, 1 - strength in the corners."""
    across, down = (np.linspace(-1, 1, length, dtype=np.float32) ** 2 for length in size)
    far = across[None, :, None] + down[:, None, None]
    return (1 - strength * far / 2).astype(np.float32)


def invert(image: Image.Image, dice: Dice) -> Image.Image:
    """A negative, at 92 to 100 % strength."""
    return Image.blend(image, ImageOps.invert(image), dice.uniform(0.92, 1))


def posterise(image: Image.Image, dice: Dice) -> Image.Image:
    """Two or three bits a colour."""
    return ImageOps.posterize(image, dice.choice((2, 3)))


def blur(image: Image.Image, dice: Dice) -> Image.Image:
    """Out of focus by 0.3 to 0.6 % of the longer side."""
    return image.filter(ImageFilter.GaussianBlur(max(image.size) * dice.uniform(0.003, 0.006)))


def blur_hard(image: Image.Image, dice: Dice) -> Image.Image:
    """Moved while the shutter was open: a streak of 2 to 3.5 % of the longer side."""
    length = max(3, round(max(image.size) * dice.uniform(0.02, 0.035)))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), dice.uniform(0, 180), 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length)).astype(np.float32)
    return Image.fromarray(cv2.filter2D(np.asarray(image), -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE))


def sharpen(image: Image.Image, dice: Dice) -> Image.Image:
    """Sharpened until edges have halos."""
    return image.filter(ImageFilter.UnsharpMask(dice.uniform(1.5, 3), dice.randint(150, 350), 2))


def noise(image: Image.Image, dice: Dice) -> Image.Image:
    """Sensor noise with a deviation of 12 to 30 of 255."""
    grain = dice.noise().standard_normal((image.height, image.width, 3), np.float32)
    return picture(floats(image) + grain * dice.uniform(12, 30))


def salt_pepper(image: Image.Image, dice: Dice) -> Image.Image:
    """3 to 8 % of the pixels white or black."""
    share, values = dice.uniform(0.03, 0.08), np.array(image)
    hit = dice.noise().random((image.height, image.width), np.float32)
    values[hit < share / 2], values[hit > 1 - share / 2] = 0, 255
    return Image.fromarray(values)


def pixelate(image: Image.Image, dice: Dice) -> Image.Image:
    """Squares: 70 to 120 of them along the longer side."""
    share = min(1.0, dice.randint(70, 120) / max(image.size))
    small = image.resize(
        (max(1, round(image.width * share)), max(1, round(image.height * share))), Image.Resampling.BOX
    )
    return small.resize(image.size, Image.Resampling.NEAREST)


def dither(image: Image.Image, dice: Dice) -> Image.Image:
    """Two inks, the grey between them made of scattered dots (Floyd-Steinberg)."""
    small = limited(image, 160_000)
    dots = ImageEnhance.Contrast(ImageOps.grayscale(small)).enhance(dice.uniform(1, 1.4)).convert("1").convert("L")
    inks = ImageOps.colorize(dots, f"hsl({dice.randrange(360)},60%,12%)", f"hsl({dice.randrange(360)},50%,93%)")
    return inks.resize(image.size, Image.Resampling.NEAREST)


def halftone(image: Image.Image, dice: Dice) -> Image.Image:
    """Printed with a screen of round dots, 90 to 150 along the longer side, in black or in four inks."""
    pitch = max(3.0, max(image.size) / dice.randint(90, 150))
    if dice.random() < 0.5:
        return picture(_dots(floats(image.convert("L")), pitch, dice.uniform(15, 75))).convert("RGB")
    plates = (_dots(floats(band), pitch, turn) for band, turn in zip(image.split(), (15, 75, 45), strict=True))
    return picture(np.stack(tuple(plates), axis=2))


def _dots(values: Floats, pitch: float, degrees: float) -> Floats:
    """A clustered-dot screen: each pixel is compared with a rotated egg-box of cosines."""
    down, across = np.mgrid[: values.shape[0], : values.shape[1]].astype(np.float32)
    c, s = np.cos(np.radians(degrees)) * 2 * np.pi / pitch, np.sin(np.radians(degrees)) * 2 * np.pi / pitch
    box = (np.cos(across * c + down * s) + np.cos(across * -s + down * c)) / 4 + 0.5
    grey = cv2.GaussianBlur(values, (0, 0), pitch / 4) / 255
    dots: Floats = np.clip((grey - box) * 6 + 0.5, 0, 1) * 255
    return dots
