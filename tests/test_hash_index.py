"""The map of arrays says what a dictionary says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.hash_index import HashIndex

_KEYS = st.integers(0, 2**64 - 1) | st.integers(0, 50)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sets(_KEYS, max_size=40), max_size=6), st.lists(_KEYS, max_size=40))
def test_keys_have_the_numbers_that_they_were_given(
    parts: list[set[int]], asked: list[int]
) -> None:
    index, known = HashIndex(), dict[int, int]()
    for part in parts:
        new = {key: len(known) + place for place, key in enumerate(sorted(part - set(known)))}
        known |= new
        index.add(np.array(list(new), np.uint64), np.array(list(new.values()), np.int32))
    wanted = [*asked, *known]
    expected = [known.get(key, -1) for key in wanted]
    assert index.find(np.array(wanted, np.uint64)).tolist() == expected
    which, numbers = index.known(np.array(wanted, np.uint64))
    found = [(place, number) for place, number in enumerate(expected) if number >= 0]
    assert list(zip(which.tolist(), numbers.tolist(), strict=True)) == found
    assert len(index) == len(known)


def test_a_map_that_grows_keeps_keys_that_share_slots() -> None:
    # Neighbouring multiples of the inverse factor have the same upper bits, hence one slot.
    inverse = pow(0x9E3779B97F4A7C15, -1, 2**64)
    keys = np.array([n * inverse % 2**64 for n in range(3000)], np.uint64)
    index = HashIndex()
    for first in range(0, len(keys), 100):
        numbers = np.arange(first, first + 100, dtype=np.int32)
        index.add(keys[first : first + 100], numbers)
    assert index.find(keys).tolist() == list(range(3000))
    assert index.find(keys + np.uint64(1)).max() == -1


def test_numbers_may_be_greater_than_the_map_has_slots() -> None:
    index = HashIndex()
    index.add(np.array([3, 4]), np.array([2_000_000, 7], np.int32))
    assert index.find(np.array([4, 3, 5])).tolist() == [7, 2_000_000, -1]
    index.add(np.array([5]), np.array([9_000_000], np.int32))
    assert index.find(np.array([4, 3, 5])).tolist() == [7, 2_000_000, 9_000_000]
