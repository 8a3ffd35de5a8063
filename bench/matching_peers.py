"""What other systems compare pictures by, for the same queries: hashes of the whole picture, one global embedding.

    pHash   64 bits of a cosine transform (`imagehash`), as many Discord bots use it, at distances 4 and 8
    PDQ     256 bits (Meta; `pdqhash`, or else our own `embed.pdq`), at distance 31, as Meta's own software does
    SSCD    the cosine of two embeddings of whole pictures by our own model, at 0.75

`imagehash` comes with the extra `lab`: without it pHash is left out, with a sentence.
Sources: thresholds of Hasher-Matcher-Actioner (PDQ) and of SSCD's README ("90 % precision").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image

from core.extras import pip_install
from core.types import Vector
from embed.pdq import pdq

PHASH_BITS, PDQ_BITS = 64, 256
NO_PHASH = "pHash is left out: run `{install}` to have it measured."

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What peers know of a picture: hashes as arrays of bits and the embedding; None = left out, or no such thing."""

    phash: Array | None
    pdq: Array | None
    vector: Vector | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One method at one threshold: `found_at` is the least similarity (0..1) that it calls a copy."""

    name: str
    attribute: str
    found_at: float


def peers() -> tuple[Sequence[Peer], Sequence[str]]:
    """The peers that can be measured here, and a sentence on each that can't."""
    made = [
        Peer(name="pHash <= 4", attribute="phash", found_at=1 - 4 / PHASH_BITS),
        Peer(name="pHash <= 8", attribute="phash", found_at=1 - 8 / PHASH_BITS),
        Peer(name="PDQ <= 31", attribute="pdq", found_at=1 - 31 / PDQ_BITS),
        Peer(name="SSCD >= 0.75", attribute="vector", found_at=0.75),
    ]
    if is_there("imagehash"):
        return made, []
    return [one for one in made if one.attribute != "phash"], [
        f"pHash is left out: run `{pip_install('lab', 'imagehash')}` to have it measured."
    ]


@cache
def is_there(module: str) -> bool:
    """Whether a module can be imported."""
    return find_spec(module) is not None


def marks_of(image: Image.Image, vector: Vector | None) -> Marks:
    """The peers' view of an RGB picture."""
    return Marks(phash=_phash(image), pdq=_pdq(image), vector=vector)


def _phash(image: Image.Image) -> Array | None:
    if not is_there("imagehash"):
        return None
    bits: Array = import_module("imagehash").phash(image).hash.ravel()
    return bits


def _pdq(image: Image.Image) -> Array:
    if is_there("pdqhash"):
        bits, _ = import_module("pdqhash").compute(np.asarray(image))
        return np.asarray(bits, bool)
    return np.unpackbits(np.frombuffer(pdq(np.asarray(image)).bits, np.uint8)).astype(bool)


def similarities(peer: Peer, mark: Marks, known: Mapping[str, Marks]) -> Array:
    """How like each reference the picture is, 0..1, in the order of `known`; 0 where nothing can be compared."""
    mine = getattr(mark, peer.attribute)
    theirs = [getattr(one, peer.attribute) for one in known.values()]
    if mine is None:
        return np.zeros(len(theirs))
    if peer.attribute == "vector":
        rows = np.stack([one if one is not None else np.zeros_like(mine) for one in theirs])
        cosines: Array = np.clip(rows @ mine, 0.0, 1.0)
        return cosines
    agree: Array = (np.stack(theirs) == mine).mean(axis=1)
    return agree
