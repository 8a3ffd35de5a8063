"""What hides a picture: a grid of lines, a copier's black and white, a lens."""

import cv2
import numpy as np
from PIL import Image


def gridded(image: Image.Image, across: int = 9, thickness: float = 0.12) -> Image.Image:
    """White lines over it, so many fields across."""
    pixels = np.asarray(image.convert("RGB")).copy()
    step = max(image.size) / across
    for number in range(1, across + 1):
        at = round(number * step)
        pixels[:, at : at + max(2, round(step * thickness))] = 255
        pixels[at : at + max(2, round(step * thickness))] = 255
    return Image.fromarray(pixels)


def photocopied(image: Image.Image, around: int = 15) -> Image.Image:
    """Ink where it is darker than what is around, else paper."""
    gray = cv2.GaussianBlur(np.asarray(image.convert("L")), (0, 0), 1.2)
    inked = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, around, 6)
    return Image.fromarray(inked).convert("RGB")


def bulged(image: Image.Image, bend: float) -> Image.Image:
    """As through a lens: bulged in the middle, or pinched where `bend` is negative."""
    pixels = np.asarray(image.convert("RGB"))
    high, wide = pixels.shape[:2]
    down, across = np.indices((high, wide), np.float32) - np.array([high / 2, wide / 2], np.float32)[:, None, None]
    scale = 1 + bend * (across**2 + down**2) / ((wide / 2) ** 2 + (high / 2) ** 2)
    return Image.fromarray(cv2.remap(pixels, across * scale + wide / 2, down * scale + high / 2, cv2.INTER_LINEAR))
