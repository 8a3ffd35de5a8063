"""Fills up WebP files that are cut, so that a decoder that wants whole files reads what is there.

RIFF size "WEBP"  chunk ... chunk     the last chunk is cut: that of a still is filled, a frame of an animation goes
"""

MOST_FILLED = 25_000_000
"""Bytes that are filled up, at most: what is announced may be a lie."""

FIRST, HEAD, SPARE = 12, 8, 1 << 16
STILLS = (b"VP8 ", b"VP8L")
HAS_FRAMES = 2


def is_film(data: bytes) -> bool:
    """Return whether the file says that it is an animation."""
    return data[FIRST : FIRST + 4] == b"VP8X" and len(data) > FIRST + HEAD and bool(data[FIRST + HEAD] & HAS_FRAMES)


def webp_filled(data: bytes, filler: bytes) -> bytes:
    """Return the file with its whole chunks and the last one filled up; its sizes are those of what is there."""
    at, end = _last_whole(data)
    body = data[:at]
    if data[at : at + 4] in STILLS and len(data) > at + HEAD:
        missing = min(4 * (end - len(data)) + SPARE, MOST_FILLED)  # some fillers are read faster than a picture
        chunk = data[at + HEAD :] + (filler * (missing // len(filler) + 1))[:missing]
        body += data[at : at + 4] + len(chunk).to_bytes(4, "little") + chunk + bytes(len(chunk) % 2)
    return body[:4] + (len(body) - HEAD).to_bytes(4, "little") + body[HEAD:]


def _last_whole(data: bytes) -> tuple[int, int]:
    """Return where the whole chunks end, and where the next one should."""
    at = FIRST
    while True:
        size = int.from_bytes(data[at + 4 : at + HEAD], "little")
        end = at + HEAD + size + size % 2
        if at + HEAD > len(data) or end > len(data):
            return at, end
        at = end
