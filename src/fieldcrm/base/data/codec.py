"""Field values as JSON and back, by column; the one spelling that the journal hashes and packages carry."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Column, Date, inspect

from fieldcrm.base.canonical import compact
from fieldcrm.base.data.schema import Record, is_field
from fieldcrm.base.data.types import Instant, Json, Words, json_text, words

T = TypeVar("T")


def per_class(make: Callable[[type[Record]], T]) -> Callable[[type[Record]], T]:
    """Made once for each record class."""
    made: dict[type[Record], T] = {}

    def known(cls: type[Record]) -> T:
        if cls not in made:
            made[cls] = make(cls)
        return made[cls]

    return known


def canonical(value: Any) -> str:
    """Compact JSON text with sorted keys; equal values give equal text."""
    return compact(value)


@lru_cache(maxsize=1_000)
def instant_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _copied(value: Any) -> Any:
    """A JSON value of its own, as the column will hold it: what the record's list becomes later is not noted here."""
    return json.loads(json_text(value))


def _encoder(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, Instant):
        return instant_text
    if isinstance(column.type, Date):
        return date.isoformat
    if isinstance(column.type, Words):
        return words
    if isinstance(column.type, Json):
        return _copied
    return None


def _decoder(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, Instant):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    return None


@per_class
def columns(cls: type[Record]) -> dict[str, Column[Any]]:
    """The journalled columns of a record class, by field name."""
    return {c.key: c for c in inspect(cls).columns if is_field(c)}


@per_class
def encoders(cls: type[Record]) -> dict[str, Callable[[Any], Any] | None]:
    return {name: _encoder(c) for name, c in columns(cls).items()}


@per_class
def decoders(cls: type[Record]) -> dict[str, Callable[[Any], Any] | None]:
    return {name: _decoder(c) for name, c in columns(cls).items()}


def encode(cls: type[Record], field: str, value: Any) -> Any:
    """A column value as JSON; instants to the microsecond in UTC, dates ISO, text NFC."""
    convert = encoders(cls)[field]
    return value if value is None or convert is None else convert(value)


def decode(cls: type[Record], field: str, value: Any) -> Any:
    """The column value of a JSON spelling."""
    convert = decoders(cls)[field]
    return value if value is None or convert is None else convert(value)
