"""Rows that pass between the index and the dialects."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A record to be stored; `tokens` blank-separated, `digest` tells whether they changed."""

    kind: str
    record_id: str
    title: str
    text: str
    weight: int
    tokens: str
    digest: int


class Found(NamedTuple):
    """A stored record that met an expression."""

    doc: int
    kind: str
    record_id: str
    title: str
    text: str
    weight: int
