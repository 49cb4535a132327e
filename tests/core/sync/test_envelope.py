"""The cells of a package: base64 that a spreadsheet may have cut anywhere gives the same bytes."""

from __future__ import annotations

import base64
import binascii
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.core.sync import envelope


@given(st.binary(max_size=400), st.lists(st.integers(0, 600), max_size=8))
def test_the_bytes_are_the_same_wherever_the_text_was_cut(body: bytes, cuts: list[int]) -> None:
    text = base64.b64encode(body).decode()
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    cells = [text[a:b] for a, b in pairwise(edges)]
    assert envelope._decoded(cells) == body


@pytest.mark.parametrize("cells", [["QUJD", "R"], ["QU!D"], ["QUJD", "RA=x"]])
def test_what_is_cut_short_or_no_base64_is_refused(cells: list[str]) -> None:
    with pytest.raises((binascii.Error, ValueError)):
        envelope._decoded(cells)
