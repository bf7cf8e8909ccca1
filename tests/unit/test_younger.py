"""Which objects are younger than a mark: those whose addresses were not taken then."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from pdbleak._native.algorithms import not_among, pack_addresses

ADDRESSES = st.lists(st.integers(min_value=0, max_value=2**64 - 1), unique=True, max_size=60).map(sorted)
NEAR = st.lists(st.integers(min_value=0, max_value=900), unique=True, max_size=60).map(sorted)


@given(st.one_of(ADDRESSES, NEAR), st.one_of(ADDRESSES, NEAR))
def test_an_address_is_new_if_it_was_not_there(before, now):
    marks = not_among(pack_addresses(array("Q", before)), array("Q", now))
    assert list(memoryview(marks)) == [address not in before for address in now]


@given(st.one_of(ADDRESSES, NEAR))
def test_nothing_is_new_at_the_same_moment(addresses):
    assert not any(memoryview(not_among(pack_addresses(array("Q", addresses)), array("Q", addresses))))


def test_an_object_takes_about_a_byte():
    addresses = array("Q", range(0x7F00_0000_0000, 0x7F00_0000_0000 + 64 * 100_000, 64))
    assert len(pack_addresses(addresses)) < 1.01 * len(addresses)
