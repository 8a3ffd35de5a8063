"""Titles that are made: from what was written with a post, else from a file's name that says anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.titles import LONGEST, of_file, of_text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Elon giveaway", "Elon giveaway"),
        ("\n\n  FREE   NITRO  \nsecond line", "FREE NITRO"),
        ("https://scam.example/x\nDouble your coins", "Double your coins"),
        ("@everyone free nitro https://x.example", "free nitro"),
        ("<@123> look <:kappa:99> here", "look here"),
        ("write to ann@example.org now", "write to now"),
        ("free nitro at discord.gg/abc and www.x.example", "free nitro at and"),
        ("免费领取discord.gg/abc", "免费领取"),
        ("**Bold** claim", "Bold claim"),
        ("# Heading", "Heading"),
        ("> quoted words", "quoted words"),
        ("/add collection=scams\nSeen in the raid", "Seen in the raid"),
        ("/add", ""),
        ("免费领取会员", "免费领取会员"),
        ("!!! ...", ""),
        ("", ""),
    ],
)
def test_the_first_line_that_says_anything_is_the_title(text: str, title: str) -> None:
    """Without links, names of people and marks."""
    assert of_text(text) == title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("elon-giveaway_2024.png", "elon giveaway 2024"),
        ("Five koi.jpg", "Five koi"),
        ("koi.jpg", "koi"),
        ("红色运动鞋.webp", "红色运动鞋"),
        ("C:\\Users\\ann\\cat meme.png", "cat meme"),
    ],
)
def test_a_telling_name_of_a_file_is_the_title(name: str, title: str) -> None:
    """As words, without its ending."""
    assert of_file(name) == title


@pytest.mark.parametrize(
    "name",
    [
        "",
        "image.png",
        "image0.jpg",
        "IMG_1234.HEIC",
        "IMG-20240503-WA0007.jpg",
        "DSC00123.JPG",
        "DSCN1234.JPG",
        "PXL_20240503_101112345.jpg",
        "Screenshot_20240503-101503_Instagram.jpg",
        "Screenshot 2024-05-03 at 10.15.03.png",
        "Screen Shot 2021-01-01 at 1.00.00 PM.png",
        "photo_2024-05-03_10-15-03.jpg",
        "photo.jpg",
        "unknown.png",
        "SPOILER_image0.png",
        "SPOILER_unknown.png",
        "Untitled.png",
        "download (1).jpeg",
        "WhatsApp Image 2024-05-03 at 10.15.03.jpeg",
        "mmexport1714700000000.jpg",
        "微信图片_20240503101503.jpg",
        "屏幕截图 2024-05-03.png",
        "d41d8cd98f00b204e9800998ecf8427e.png",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301.png",
        "FxYz12aQAAE3kLm.jpg",
        "telegram--1001-4-1",
        "12345678.jpg",
        "a.png",
    ],
)
def test_names_that_cameras_and_apps_give_are_no_titles(name: str) -> None:
    """They say nothing about the picture."""
    assert of_file(name) == ""


@given(st.text(max_size=300))
def test_a_made_title_is_one_short_line(text: str) -> None:
    """Whatever strangers write."""
    for title in (of_text(text), of_file(text)):
        assert len(title) <= LONGEST and "\n" not in title and title == title.strip()
