"""The body of a package, piece by piece: the same as by one call, whatever it holds; damage is noticed."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.core.sync import body

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=40,
)


@given(VALUES)
def test_there_and_back(value: object) -> None:
    packed = body.pack(value)
    assert json.loads(zlib.decompress(packed)) == value
    assert body.unpack(packed, 1_000_000) == value


@given(VALUES)
def test_other_spellings_are_read(value: object) -> None:
    assert body.unpack(zlib.compress(json.dumps(value, indent=1).encode()), 1_000_000) == value


def test_large_and_deep() -> None:
    edits = [["client", f"{n:032x}", "c", '{"name":"王淑珍𠮷"}', None, "s"] for n in range(20_000)]
    value = {"chains": [{"device": "d", "base": [0, ""], "operations": [["id", 1, edits]]}], "holds": {}}
    packed = body.pack(value)
    assert body.unpack(packed, 10_000_000) == value
    with pytest.raises(ValueError, match="too large"):
        body.unpack(packed, 100_000)


@pytest.mark.parametrize(
    "text", ["", "[1,2", "[1,]", "[,1]", '{"a":}', '{"a" 1}', "[1]x", "{1:2}", '{"a":1,}', "[[[[[[[[", "nonsense"]
)
def test_damage_is_noticed(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them
        body.unpack(zlib.compress(text.encode()), 1_000)


def test_cut_short_is_noticed() -> None:
    packed = body.pack({"chains": list(range(5_000))})
    for length in (0, 1, 10, len(packed) // 2, len(packed) - 1):
        with pytest.raises(ValueError):  # noqa: PT011
            body.unpack(packed[:length], 1_000_000)
    with pytest.raises(ValueError):  # noqa: PT011
        body.unpack(b"x" + packed, 1_000_000)
