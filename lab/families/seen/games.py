"""Boards and memes: the same board or picture with another position or other words.

chess_board    one to three moves later           small
word_tiles     the letters on coloured tiles      middling to large
meme_latin     the words over a photograph        large
meme_cjk       Chinese words over a photograph    large
"""

from collections.abc import Sequence
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import mix
from lab.families.kit import Family, Twins
from lab.families.seen.games_chess import START, Board, Move, Square, named, one_move, piece, played, turned_round
from lab.families.seen.games_memes import meme_cjk, meme_latin
from lab.families.seen.papers_kit import (
    SCREEN_FACES,
    Look,
    Page,
    any_size,
    backdrop,
    hsl,
    palette,
    twins_of,
)
from lab.families.seen.papers_words import FIRST, listed

SQUARES = (
    *(("#f0d9b5", "#b58863"), ("#eeeed2", "#769656"), ("#dee3e6", "#8ca2ad"), ("#e8e0f0", "#8877b7")),
    *(("#ffffff", "#c0c0c0"), ("#e7c9a0", "#6b4226"), ("#c8c8d0", "#4a4e69"), ("#f6d6d0", "#b8584f")),
)
FIVE = listed(
    "CRANE,PLUMB,OTTER,LIGHT,BRICK,GHOST,MANGO,QUIET,STORM,VIVID,JELLY,KNOCK,HOUSE,PIANO,WALTZ,FROST,DRINK,SUGAR,"
    "THUMB,BLAZE,CHESS,EAGLE,FJORD,GRAPE,HONEY,IVORY,LEMON,NIGHT,OCEAN,PEARL,ROBIN,SHEEP,TULIP,UNCLE,WHEAT,YACHT"
)
PUZZLES = ("LEXLE", "Wordling", "TILETALK", "Five & Go", "Letterbox", "QUIBBLE", "Spellwell")
GUESSES = (
    *(("#6aaa64", "#c9b458", "#787c7e"), ("#3f9e7b", "#e0a030", "#55586a"), ("#4d7bd6", "#e57f3c", "#8a8fa0")),
    *(("#8e4ec6", "#e0b83a", "#4a4458"), ("#d6455d", "#f0a63c", "#6c6f7a")),
)
VALUES = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 3, 3, 2, 1, 4, 2, 4, 1, 8, 5, 1, 3, 1, 1, 3, 9, 1, 1, 1, 1, 4, 4, 8, 4, 9),
        strict=True,
    )
)
KEYS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")

type Position = tuple[Board, Move]


def chess_board(dice: Random) -> Twins:
    """The same game one to three moves later."""
    game = _game(dice, dice.randint(5, 46))
    later = dice.randint(1, 3)
    says = f"the position: after {' '.join(named(move) for _, move in game[-later:])}"
    return twins_of(dice, _chess, (game[-1 - later], game[-1]), says, What.PICTURE)


def _game(dice: Random, most: int) -> Sequence[Position]:
    """The positions of a game, each with the move that led to it; a mate ends it early, never before four moves."""
    game: list[Position] = []
    board, is_white = START, True
    for _ in range(most):
        move = one_move(dice, board, is_white)
        if move is None:
            break
        board, is_white = played(board, move), not is_white
        game.append((board, move))
    return game


def _chess(dice: Random, position: Position) -> Image.Image:
    look, light_dark = palette(dice, 0.6, SCREEN_FACES), dice.choice(SQUARES)
    kind, square = dice.choice(("app", "app", "bare", "book")), dice.randint(66, 104)
    rim, side = dice.choice((0, 18, 34)), square * 8
    bar = 84 if kind == "app" else 0
    size = (side + 2 * rim, side + 2 * rim + 2 * bar)
    page = backdrop(dice, size, look.ground, mix(look.ground, look.accent, 0.3))
    if kind == "book":
        page.box(0, 0, *size, "#f7f3e8")
        light_dark = dice.choice((("#f7f3e8", "#b9b2a0"), ("#ffffff", "#a8a8a8")))
    if bar:
        _players(page, dice, look, bar)
    has_marks, is_turned = kind != "book" and dice.random() < 0.6, dice.random() < 0.25
    board, move = _turned(position) if is_turned else position
    _squares(page, dice, (rim, rim + bar, square), light_dark, move if has_marks else (), is_turned)
    _men(page, dice, (rim, rim + bar, square), board)
    if kind != "app":
        page.frame(rim, rim, side, side, "#2a2018", 3)
        page.grain(dice, dice.uniform(0, 6))
    return page.image


def _turned(position: Position) -> Position:
    """As Black sees it."""
    board, move = position
    men = {turned_round(spot): man for spot, man in board.items()}
    return men, (turned_round(move[0]), turned_round(move[1]))


def _players(page: Page, dice: Random, look: Look, bar: int) -> None:
    width, high = page.image.size
    for y, name in ((bar / 2, dice.choice(FIRST)), (high - bar / 2, dice.choice(FIRST))):
        page.shade(18, y - 24, 48, 48, 8, look.accent, look.second)
        page.write(42, y, name[0], "bold", 26, "#ffffff", "mm")
        page.write(82, y, f"{name} ({dice.randint(800, 2700)})", look.bold, 25, look.ink, "lm")
        page.box(width - 128, y - 22, 106, 44, mix(look.card, look.faint, 0.25), 8)
        page.write(width - 75, y, dice.choice(("rapid", "daily", "casual")), look.face, 22, look.ink, "mm")


def _squares(
    page: Page,
    dice: Random,
    at: tuple[int, int, int],
    colours: tuple[str, str],
    marked: Sequence[Square],
    is_turned: bool,
) -> None:
    (left, top, square), has_names = at, dice.random() < 0.6
    names = ("hgfedcba", "12345678") if is_turned else ("abcdefgh", "87654321")
    for row in range(8):
        for column in range(8):
            fill, ink = colours[(row + column) % 2], colours[(row + column + 1) % 2]
            if (column, row) in marked:
                fill = mix(fill, "#f2e23a", 0.5)
            x, y = left + column * square, top + row * square
            page.box(x, y, square, square, fill)
            if has_names and row == 7:
                page.write(x + square - 4, y + square - 4, names[0][column], "bold", square // 5, ink, "rs")
            if has_names and column == 0:
                page.write(x + 4, y + 4, names[1][row], "bold", square // 5, ink, "lt")


def _men(page: Page, dice: Random, at: tuple[int, int, int], board: Board) -> None:
    (left, top, square), style = at, dice.randrange(4)
    white, black = dice.choice((("#ffffff", "#1b1b1b"), ("#fbf0d9", "#3a2416"), ("#f4f4f8", "#30343f")))
    for (column, row), man in board.items():
        fill, edge = (white, black) if man.isupper() else (black, white)
        piece(page, (left + (column + 0.5) * square, top + (row + 0.5) * square, square), man, (fill, edge), style)


def word_tiles(dice: Random) -> Twins:
    """A puzzle of letters in coloured tiles in which some words, or all letters, are others."""
    kind = dice.choice(("guesses", "guesses", "cells", "wood"))
    if kind == "cells":
        side = dice.randint(4, 7)
        one, new = (tuple(_letters(dice, side) for _ in range(side)) for _ in range(2))
        kept = dice.choice((0, 0, 1, side - 1))
        other = one[:kept] + new[kept:]
    else:
        count = dice.randint(3, 6)
        words = dice.sample(FIVE, 2 * count)
        one, changed = tuple(words[:count]), dice.sample(range(count), dice.randint(1, count))
        other = tuple(words[count + at] if at in changed else word for at, word in enumerate(one))
    draw = {"guesses": _guesses, "cells": _cells, "wood": _wood}[kind]
    seeds = dice.getrandbits(30), dice.getrandbits(30)
    is_recoloured = kind == "guesses" and dice.random() < 0.4
    colours = seeds if is_recoloured else (seeds[0], seeds[0])
    says = f"the letters: {' '.join(one)} became {' '.join(other)}"
    return twins_of(dice, draw, ((one, colours[0]), (other, colours[1])), says)


type Words = tuple[tuple[str, ...], int]


def _letters(dice: Random, count: int) -> str:
    return "".join(dice.choice("EEAAIOUTNRSLDGCMPHBFWVYKXJQZ") for _ in range(count))


def _ground(dice: Random, look: Look) -> tuple[Page, float]:
    """The puzzle's screen with its name; gives the y below that."""
    width, high = any_size(dice)
    high = max(high, round(width * 0.8))
    page = backdrop(dice, (width, high), look.ground, mix(look.ground, look.accent, dice.choice((0, 0.1, 0.4))))
    name = dice.choice(PUZZLES)
    page.write(width / 2, high * 0.06, name, look.bold, round(high * 0.055), look.ink, "mm")
    page.box(width * 0.06, high * 0.105, width * 0.88, 2, mix(look.ground, look.faint, 0.5))
    return page, high * 0.13


def _guesses(dice: Random, words: Words) -> Image.Image:
    look, (said, seed) = palette(dice, 0.5, SCREEN_FACES), words
    page, top = _ground(dice, look)
    (width, high), has_keys, colours = page.image.size, dice.random() < 0.6, dice.choice(GUESSES)
    rows, pen = max(len(said), dice.choice((5, 6))), Random(seed)
    tile = min(width * 0.16, (high * (0.6 if has_keys else 0.84)) / rows)
    left, radius, gap = (width - 5 * tile) / 2, dice.choice((0, 6, 14)), dice.randint(4, 9)
    for row in range(rows):
        for column in range(5):
            x, y = left + column * tile, top + row * tile
            if row >= len(said):
                page.frame(x, y, tile - gap, tile - gap, mix(look.ground, look.faint, 0.6), 2, radius)
                continue
            page.box(x, y, tile - gap, tile - gap, pen.choice(colours), radius)
            middle = (x + (tile - gap) / 2, y + (tile - gap) / 2)
            page.write(*middle, said[row][column], look.bold, round(tile * 0.55), "#ffffff", "mm")
    if has_keys:
        _keys(page, look, top + rows * tile + high * 0.02)
    return page.image


def _keys(page: Page, look: Look, top: float) -> None:
    width, high = page.image.size
    wide, tall = min(width * 0.092, 74), (high - top - 16) / 3
    for row, keys in enumerate(KEYS):
        x = (width - len(keys) * wide) / 2
        for at, key in enumerate(keys):
            page.box(x + at * wide, top + row * tall, wide - 6, tall - 6, mix(look.card, look.faint, 0.35), 6)
            spot = (x + at * wide + wide / 2 - 3, top + row * tall + tall / 2 - 3)
            page.write(*spot, key, look.face, round(min(wide, tall) * 0.45), look.ink, "mm")


def _cells(dice: Random, words: Words) -> Image.Image:
    """A square of letters, all tiles in a few colours."""
    look, (said, seed) = palette(dice, 0.4), words
    page, top = _ground(dice, look)
    (width, high), pen, hue = page.image.size, Random(seed), dice.random()
    tile = min(width * 0.92, high * 0.84) / len(said)
    left, gap, radius = (width - tile * len(said)) / 2, dice.randint(3, 10), dice.uniform(0, 0.5)
    colours = [hsl(hue + shift, 0.6, dice.uniform(0.35, 0.75)) for shift in (0, 0.08, dice.random())]
    for row, line in enumerate(said):
        for column, letter in enumerate(line):
            x, y, fill = left + column * tile, top + row * tile, pen.choice(colours)
            page.shade(x, y, tile - gap, tile - gap, radius * tile, mix(fill, "#ffffff", 0.2), fill)
            middle = (x + (tile - gap) / 2, y + (tile - gap) / 2)
            page.write(*middle, letter, look.bold, round(tile * 0.55), "#ffffff", "mm", 2, mix(fill, "#000000", 0.5))
    return page.image


def _wood(dice: Random, words: Words) -> Image.Image:
    """Wooden tiles with the letters' values on a board."""
    look, said = palette(dice, 0.5), words[0]
    page, top = _ground(dice, look)
    (width, high), count = page.image.size, len(said)
    tile, wood = min(width * 0.175, high * 0.84 / count), hsl(dice.uniform(0.05, 0.14), 0.5, dice.uniform(0.55, 0.8))
    shifts, face = (
        [dice.uniform(0, width - 5 * tile) for _ in said],
        dice.choice(("bold", "serif-bold", "plain", "cjk")),
    )
    for row, (word, left) in enumerate(zip(said, shifts, strict=True)):
        for column, letter in enumerate(word):
            x, y = left + column * tile, top + row * tile + dice.uniform(-3, 3)
            page.shadow(x + 3, y + 3, tile - 8, tile - 8, 5, 0.5)
            page.shade(x, y, tile - 5, tile - 5, tile * 0.1, mix(wood, "#ffffff", 0.3), wood)
            page.write(x + tile * 0.46, y + tile * 0.46, letter, face, round(tile * 0.56), "#2a1a0c", "mm")
            value = str(VALUES[letter])
            page.write(x + tile * 0.87, y + tile * 0.88, value, face, round(tile * 0.2), "#2a1a0c", "rs")
    page.grain(dice, dice.uniform(0, 4))
    return page.image


FAMILIES: Sequence[Family] = (
    Family(name="chess_board", draw=chess_board),
    Family(name="word_tiles", draw=word_tiles),
    Family(name="meme_latin", draw=meme_latin, is_photographic=True),
    Family(name="meme_cjk", draw=meme_cjk, is_photographic=True),
)
