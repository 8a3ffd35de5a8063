"""The rules and the men of `chess_board`: legal moves without castling, en passant and underpromotion.

Board   square -> man: capitals are white, column and row count from the upper left corner (a8)
Move    from a square to a square
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from lab.drawings.kit import Outline, mix, ring, turned
from lab.families.seen.papers_kit import Page

type Square = tuple[int, int]
type Board = Mapping[Square, str]
type Move = tuple[Square, Square]

START: Board = {
    (column, row): man
    for row, men in ((0, "rnbqkbnr"), (1, "pppppppp"), (6, "PPPPPPPP"), (7, "RNBQKBNR"))
    for column, man in enumerate(men)
}
STRAIGHT = ((1, 0), (-1, 0), (0, 1), (0, -1))
SLANTED = ((1, 1), (1, -1), (-1, 1), (-1, -1))
JUMPS = ((1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1))
WAYS = {"r": STRAIGHT, "b": SLANTED, "q": STRAIGHT + SLANTED, "k": STRAIGHT + SLANTED, "n": JUMPS}
WORTH = {"p": 1, "n": 3, "b": 3, "r": 5, "q": 9, "k": 0}
GLYPHS = dict(zip("kqrbnp", "♚♛♜♝♞♟", strict=True))


def one_move(dice: Random, board: Board, is_white: bool) -> Move | None:
    """A legal move that rather takes something or goes to the middle; None where there is none."""
    moves = [*_reachable(board, is_white)]
    dice.shuffle(moves)
    moves.sort(key=lambda move: dice.uniform(0, 7) - _gain(board, move))
    for move in moves:
        later = played(board, move)
        if not any(later.get(to, "").lower() == "k" for _, to in _reachable(later, not is_white)):
            return move
    return None


def _gain(board: Board, move: Move) -> float:
    (x, y), man = move[1], board[move[0]].lower()
    middle = 2 - (abs(x - 3.5) + abs(y - 3.5)) / 2 if man != "k" else -2
    return WORTH[board[move[1]].lower()] + middle if move[1] in board else middle


def played(board: Board, move: Move) -> Board:
    """The board after the move; pawns become queens."""
    later = {square: man for square, man in board.items() if square != move[0]}
    man = board[move[0]]
    is_queened = man.lower() == "p" and move[1][1] in {0, 7}
    later[move[1]] = ("Q" if man.isupper() else "q") if is_queened else man
    return later


def turned_round(square: Square) -> Square:
    """The square seen from the other side of the board."""
    return 7 - square[0], 7 - square[1]


def named(move: Move) -> str:
    """Return a move in the notation "e2-e4"."""
    return "-".join(f"{'abcdefgh'[column]}{8 - row}" for column, row in move)


def _reachable(board: Board, is_white: bool) -> Iterator[Move]:
    for square, man in board.items():
        if man.isupper() == is_white:
            targets = _pawn(board, square, is_white) if man.lower() == "p" else _others(board, square, man)
            yield from ((square, to) for to in targets)


def _pawn(board: Board, square: Square, is_white: bool) -> Iterator[Square]:
    (x, y), step = square, -1 if is_white else 1
    if (x, y + step) not in board and 0 <= y + step < 8:
        yield x, y + step
        if y == (6 if is_white else 1) and (x, y + 2 * step) not in board:
            yield x, y + 2 * step
    for side in (-1, 1):
        man = board.get((x + side, y + step))
        if man and man.isupper() != is_white:
            yield x + side, y + step


def _others(board: Board, square: Square, man: str) -> Iterator[Square]:
    for dx, dy in WAYS[man.lower()]:
        x, y = square
        for _ in range(1 if man.lower() in {"k", "n"} else 7):
            x, y = x + dx, y + dy
            if not (0 <= x < 8 and 0 <= y < 8):
                break
            other = board.get((x, y))
            if other is None or other.isupper() != man.isupper():
                yield x, y
            if other:
                break


def piece(page: Page, at: tuple[float, float, float], man: str, colours: tuple[str, str], style: int) -> None:
    """A man in the middle of its square: the typeface's, a bold one, or a turned one."""
    (x, y, square), (fill, edge), kind = at, colours, man.lower()
    if style < 3:
        size = round(square * (0.86, 0.78, 0.92)[style])
        page.write(x, y, GLYPHS[kind], ("sans", "bold", "sans")[style], size, fill, "mm", square / 40, edge)
        return
    page.glow(x, y + square * 0.34, square * 0.4, square * 0.14, "#000000", 0.5)
    for grow, colour in ((square / 100 * 1.12, edge), (square / 100, fill)):
        for part in _parts(kind):
            page.shape(turned(part, x, y + square * 0.02, 0, grow), colour, mix(colour, "#808080", 0.3))


BASE: Outline = [(-26, 36), (26, 36), (22, 26), (-22, 26)]
BODY: Outline = [(-17, 28), (17, 28), (9, -6), (-9, -6)]
TOWER = ((-20, -8), (-20, -32), (-11, -32), (-11, -24), (-5, -24), (-5, -32))
TOPS: Mapping[str, Sequence[Outline]] = {
    "p": [ring(0, -10, 13, 13)],
    "r": [[*TOWER, *((-x, y) for x, y in reversed(TOWER))]],
    "n": [[(-16, 28), (18, 28), (20, -6), (8, -32), (2, -24), (-22, -6), (-20, 6), (-6, 0)]],
    "b": [ring(0, -18, 12, 18), ring(0, -38, 4, 4)],
    "q": [[(-16, -4), (-26, -30), (-12, -18), (-9, -36), (0, -20), (9, -36), (12, -18), (26, -30), (16, -4)]],
    "k": [
        [(-16, -4), (-22, -26), (22, -26), (16, -4)],
        [(-4, -24), (-4, -42), (4, -42), (4, -24)],
        [(-10, -38), (10, -38), (10, -31), (-10, -31)],
    ],
}
"""What stands on a man's base and body, on a square from -50 to 50."""


def _parts(kind: str) -> Sequence[Outline]:
    """Outlines of a man on that square; a knight has no body."""
    return [BASE, *([] if kind == "n" else [BODY]), *TOPS[kind]]
