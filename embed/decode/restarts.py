"""What is missing between two restart markers of a JPEG: decoders paint it gray, and say nothing.

The first scan that holds all colours shows the whole picture, of a progressive file too. How many markers it needs
follows from the size of the picture; each one that is not there takes a stretch of blocks with it.
"""

import re
from dataclasses import dataclass

from embed.decode.sniff import FRAMES_OF_JPEG, segments_of

RESTART = re.compile(rb"\xff+[\xd0-\xd7]")
BEHIND_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


@dataclass(slots=True)
class Scan:
    """What the segments before a scan say about it."""

    blocks: int = 0
    colours: int = 0
    stretch: int = 0

    def share(self, markers: int) -> float:
        """Return how much of the scan is there with so many restart markers."""
        if not self.stretch or not self.blocks:
            return 1.0
        missing = (self.blocks - 1) // self.stretch - markers
        return max(0.0, 1 - missing * self.stretch / self.blocks) if missing > 0 else 1.0


def share_restarted(data: bytes) -> float:
    """Return how much (0..1) of a JPEG is not lost with a missing restart marker."""
    scan = Scan()
    for marker, start, end in segments_of(data, 2):
        body = data[start + 4 : end]
        if marker in FRAMES_OF_JPEG and len(body) > 8:
            scan.blocks, scan.colours = _blocks(body), body[5]
        elif marker == 0xDD:
            scan.stretch = int.from_bytes(body[:2], "big")
        elif marker == 0xDA and body and body[0] == scan.colours:
            behind = BEHIND_SCAN.search(data, end)
            return scan.share(len(RESTART.findall(data, end, behind.start() if behind else len(data))))
    return 1.0


def _blocks(body: bytes) -> int:
    """Return the number of units of a scan of all colours; a scan of one colour is not interleaved."""
    high, wide = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    sampled = list(body[7 : 6 + 3 * body[5] : 3]) if body[5] > 1 else [0x11]
    across, down = 8 * max(sampling >> 4 for sampling in sampled), 8 * max(sampling & 15 for sampling in sampled)
    return -(-wide // across) * -(-high // down) if across and down else 0
