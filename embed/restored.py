"""What somebody else's file says was kept of a reference's frames, held against the pictures themselves.

    Material of a file --picture: decoded like any stranger's, and written anew
                       --features, logo: read within limits, and kept only if they are those of the picture
                       --vectors, hashes: finite, of length 1, and near to those that the picture gives
        -> the same as fresh bytes | DataError with one sentence

Whoever could put foreign vectors, features or logos beside a picture could hide known images behind them, or have
strangers' images taken for it. Measured on 39 photographs and drawings, the stored picture against the original: cosine
at least .977 (SSCD) and .969 (hashes), 18 of 256 bits of PDQ at most, half of the features or more; on 60 logos a mean
difference of 4 of 255 at most. Of other pictures 1 % of the features are found.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from core.errors import DamagedStore, DataError, NotOfItsPicture
from core.looks import Material, PdqHash
from core.types import Damage, Pixels, Vectors
from embed.decode.frames import SIDE
from embed.decode.picture import Decoder
from embed.decode.sniff import kind_of
from embed.logos import art
from embed.pairs import features
from embed.pairs.features import Features
from embed.pdq import pdq
from embed.pictures import is_blank, is_plain, pixels_of

LEAST_COSINE = 0.9
LENGTH_OFF = 0.02
"""How much the length of a vector of float16 may differ from 1."""

MOST_BITS, CLEAR = 31, 50
"""PDQ bits that may differ; quality of the picture from which its hash says anything."""

LEAST_FEATURES, NEAR, ALIKE = 0.2, 0.01, 0.8
"""Share of features that are found again: at most so far away, in longer sides, with descriptors at least so alike."""

END_OF_JPEG = b"\xff\xd9"


def damage(material: Material) -> Damage:
    """Return what of a frame in our own store can't be read back; the worst of it."""
    readers: Sequence[tuple[Damage, bytes, Callable[[bytes], object]]] = (
        (Damage.PICTURE, material.picture, pixels_of),
        (Damage.FEATURES, material.features, features.unpack),
        (Damage.LOGO, material.logo, art.unpack),
    )
    for name, data, reader in readers:
        try:
            if data or name is Damage.PICTURE:
                reader(data)
        except DamagedStore:
            return name
    return Damage.NONE


def frame_of(decode: Decoder, picture: bytes) -> Pixels:
    """Return the pixels of a stored picture; raises DataError for whatever we would not have stored."""
    if kind_of(picture) != "JPEG" or not picture.endswith(END_OF_JPEG):
        raise DataError("Its picture is none that `resight export` wrote.")
    decoded = decode(picture, "")
    if decoded.partial or len(decoded.frames) != 1 or max(decoded.width, decoded.height) > SIDE:
        raise DataError("Its picture is none that `resight export` wrote.")
    return decoded.frames[0]


def check_frames(frames: Sequence[Pixels]) -> None:
    """Raises DataError where there is nothing to recognise, as with a picture that is added."""
    if all(is_blank(frame) or is_plain(frame) for frame in frames):
        raise DataError("Its picture is blank or too plain.")


def material_of(decode: Decoder, frame: Pixels, given: Material, made: Material) -> Material:
    """Return what is kept of the frame: `made` from its pixels, or the file's where that is of this picture."""
    if given.features:
        _check_features(given.features, made.features)
    logo = _logo(decode, frame, given.logo) if given.logo else made.logo
    return replace(made, features=given.features or made.features, logo=logo, words=given.words)


def _check_features(given: bytes, made: bytes) -> None:
    try:
        theirs, ours = features.unpack(given), features.unpack(made)
    except DamagedStore:
        raise NotOfItsPicture("Its features can't be read.") from None
    is_odd = len(theirs) > features.MOST_KEPT or (theirs.points[:, 2] > 1).any()
    if is_odd or (given != made and found_again(theirs, ours) < LEAST_FEATURES):
        raise NotOfItsPicture("Its features are not those of its picture.")


def found_again(theirs: Features, ours: Features) -> float:
    """Return the share of features that are at the same place and look alike; 1 where neither picture has any."""
    if not len(theirs):
        return float(not len(ours))
    near = np.linalg.norm(theirs.points[:, None, :2] - ours.points[None, :, :2], axis=2) < NEAR
    return float((near & (theirs.descriptors @ ours.descriptors.T > ALIKE)).any(axis=1).mean())


def _logo(decode: Decoder, frame: Pixels, given: bytes) -> bytes:
    """Return the logo as fresh bytes: it is opened here only after it was decoded where it can do no harm."""
    refused = DataError("Its logo is not that of its picture.")
    if kind_of(given) != "PNG" or len(given) > art.MOST_BYTES:
        raise refused
    decoded = decode(given, "")
    if decoded.partial or decoded.frame_count != 1 or max(decoded.width, decoded.height - 1) > art.LONGEST:
        raise refused
    try:
        drawn = art.unpack(given)
    except DamagedStore:
        raise refused from None
    if not art.is_of(drawn, frame):
        raise refused
    return art.packed(drawn)


def vectors_of(halves: Sequence[bytes], made: Vectors) -> Vectors:
    """Return the file's vectors, completed by those made of the pictures; `said` are halves, in their order."""
    if not halves:
        return made
    theirs = unit_vectors(halves, made.shape[1])
    if ((theirs * made[: len(theirs)]).sum(axis=1) < LEAST_COSINE).any():
        raise NotOfItsPicture("Its vectors are not those of its picture.")
    return np.concatenate([theirs, made[len(theirs) :]])


def unit_vectors(halves: Sequence[bytes], dim: int) -> Vectors:
    """Return halves as vectors of that many numbers; raises DataError for what no model makes."""
    if any(len(half) != 2 * dim for half in halves):
        raise NotOfItsPicture("Its vectors have another length than those of its model.")
    theirs: Vectors = np.stack([np.frombuffer(half, "<f2") for half in halves]).astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        length = np.linalg.norm(theirs, axis=1)
    if not np.isfinite(theirs).all() or (np.abs(length - 1) > LENGTH_OFF).any():
        raise NotOfItsPicture("Its vectors are not finite numbers of length 1.")
    return theirs


def hashes_of(frames: Sequence[Pixels], given: Sequence[PdqHash]) -> tuple[PdqHash, ...]:
    """Return the hashes of the file, which may be of the larger original; none said = those of the frames."""
    made = [pdq(frame) for frame in frames]
    if given and len(given) != len(made):
        raise DataError("It has another number of hashes than of pictures.")
    if any(_is_other(*pair) for pair in zip(given, made, strict=bool(given))):
        raise DataError("Its hashes are not those of its picture.")
    return tuple(given or made)


def _is_other(given: PdqHash, made: PdqHash) -> bool:
    differing = int.from_bytes(given.bits) ^ int.from_bytes(made.bits)
    return made.quality >= CLEAR and differing.bit_count() > MOST_BITS
