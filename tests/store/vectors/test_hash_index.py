"""The index of hashes in memory, against a comparison bit by bit."""

from uuid import UUID, uuid5

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.vectors.hash_index import CHUNK, FIRST_ROOM, MOST_WITHIN, HashIndex, NearRow

NAMES = ("art", "brands")


def named(number: int) -> UUID:
    return uuid5(UUID(int=0), str(number))


def far(count: int, seed: int = 1) -> list[bytes]:
    """Hashes of strangers: about 128 bits apart."""
    dice = np.random.default_rng(seed)
    return [dice.bytes(32) for _ in range(count)]


def flipped(bits: bytes, *which: int) -> bytes:
    """The hash with these bits the other way round."""
    mask = sum(1 << bit for bit in which)
    return (int.from_bytes(bits) ^ mask).to_bytes(32)


def opposite(bits: bytes) -> bytes:
    return flipped(bits, *range(256))


def filled(hashes: dict[int, tuple[str, list[bytes]]]) -> HashIndex:
    index = HashIndex()
    index.put([(named(number), name, many) for number, (name, many) in hashes.items()])
    return index


def by_hand(
    hashes: dict[int, tuple[str, list[bytes]]], poses: list[bytes], names: set[str], within: int
) -> list[NearRow]:
    """Every pair compared, one after the other."""
    best: dict[int, NearRow] = {}
    for number, (name, many) in hashes.items():
        for part, bits in enumerate(many if name in names else []):
            for pose, asked in enumerate(poses):
                differ = (int.from_bytes(bits) ^ int.from_bytes(asked)).bit_count()
                near = NearRow(min(differ, 256 - differ), pose, differ > within, named(number), part)
                if near.distance <= within:
                    best[number] = min(near, best.get(number, near))
    return sorted(best.values())


@st.composite
def catalogues(draw: st.DrawFn) -> dict[int, tuple[str, list[bytes]]]:
    """A few references around a few hashes and their complements, so that many are near to each other."""
    seeds = far(3)
    bits = st.lists(st.integers(0, 255), max_size=70)
    one = st.builds(
        lambda seed, which, inverted: flipped(opposite(seed) if inverted else seed, *set(which)),
        st.sampled_from(seeds),
        bits,
        st.booleans(),
    )
    many = st.lists(one, min_size=1, max_size=3)
    return draw(st.dictionaries(st.integers(0, 20), st.tuples(st.sampled_from(NAMES), many), max_size=12))


@given(catalogues(), st.integers(0, MOST_WITHIN), st.sets(st.sampled_from([*NAMES, "nobody"])))
def test_it_finds_what_comparing_every_pair_finds(
    hashes: dict[int, tuple[str, list[bytes]]], within: int, names: set[str]
) -> None:
    """The nearest frame and pose of each reference, in the named collections, nearest first."""
    poses = far(3)

    assert filled(hashes).search(poses, names, within, 100) == by_hand(hashes, poses, names, within)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), max_size=30))
def test_after_any_changes_it_is_as_if_made_anew(steps: list[tuple[bool, int, int]]) -> None:
    """Put, replaced with more or fewer frames, removed, put again: only what is there now is found."""
    hashes: dict[int, tuple[str, list[bytes]]] = {}
    index, pool = HashIndex(), far(40)
    for put, number, parts in steps:
        if put:
            hashes[number] = (NAMES[parts % 2], [pool[(number * 7 + parts + part) % 40] for part in range(parts)])
            index.put([(named(number), *hashes[number])])
        else:
            hashes.pop(number, None)
            index.remove([named(number), named(99)])

    assert len(index) == sum(len(many) for _, many in hashes.values())
    assert index.search(pool, set(NAMES), 40, 100) == by_hand(hashes, pool, set(NAMES), 40)


def test_it_grows() -> None:
    """More rows than there is room for at first, and the last of them is found among all."""
    bits = far(2 * FIRST_ROOM + 5)
    index = filled({number: ("art", [one]) for number, one in enumerate(bits)})

    assert len(index) == len(bits)
    for number in (0, FIRST_ROOM, len(bits) - 1):
        (found,) = index.search([flipped(bits[number], 3, 200)], {"art"}, 31, 10)
        assert found == NearRow(2, 0, False, named(number), 0)


def test_the_last_chunk_is_looked_at() -> None:
    """Rows past the first portion are compared like those before."""
    bits = far(CHUNK + 3)
    index = filled({0: ("art", bits)})

    (found,) = index.search([bits[-1]], {"art"}, 0, 10)
    assert (found.distance, found.part) == (0, CHUNK + 2)


def test_a_row_is_used_again() -> None:
    """What was removed makes room, and is found no more."""
    (old, new) = far(2)
    index = filled({1: ("art", [old])})
    index.remove([named(1)])
    index.put([(named(2), "brands", [new])])

    assert len(index) == 1
    assert index.search([old], set(NAMES), 31, 10) == []
    assert [one.reference for one in index.search([new], set(NAMES), 31, 10)] == [named(2)]


def test_a_hash_and_its_complement_are_told_apart() -> None:
    """The colours are inverted, or they are not; no distance counts round."""
    bits = far(1)[0]
    index = filled({1: ("art", [bits]), 2: ("art", [opposite(bits)])})

    assert index.search([bits], {"art"}, 0, 10) == sorted(
        [NearRow(0, 0, False, named(1), 0), NearRow(0, 0, True, named(2), 0)]
    )


def test_no_more_than_asked_for() -> None:
    """The nearest are answered, not the first."""
    bits = far(1)[0]
    index = filled({number: ("art", [flipped(bits, *range(number))]) for number in range(20, -1, -1)})

    assert [one.distance for one in index.search([bits], {"art"}, 31, 3)] == [0, 1, 2]


@pytest.mark.parametrize("within", [-1, MOST_WITHIN + 1])
def test_what_can_t_be_told_is_refused(within: int) -> None:
    """A distance at which a hash and its complement would both be near is a mistake of the caller."""
    with pytest.raises(ValueError, match="within must be"):
        HashIndex().search(far(1), {"art"}, within, 1)


def test_nothing_is_found_in_nothing() -> None:
    """An empty index, no pose and no collection have no answer."""
    index = filled({1: ("art", far(1))})

    assert HashIndex().search(far(1), {"art"}, 31, 10) == []
    assert index.search([], {"art"}, 31, 10) == []
    assert index.search(far(1), set(), 31, 10) == []
