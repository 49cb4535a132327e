"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from fieldcrm.base.canonical import compact


class Instant(TypeDecorator[datetime]):
    """An instant; aware UTC in Python on every dialect (SQLite gives naive values back)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_UNKEPT = re.compile("[\0\ud800-\udfff]")


def words(value: str) -> str:
    """Text as columns keep it: NFC, without NUL (no PostgreSQL text has it), half surrogates replaced."""
    if value.isascii():
        return value.replace("\0", "") if "\0" in value else value
    value = unicodedata.normalize("NFC", value)
    return _UNKEPT.sub(lambda found: "" if found[0] == "\0" else "\ufffd", value) if _UNKEPT.search(value) else value


class Words(TypeDecorator[str]):
    """Text, kept as `words` says."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else words(value)


def json_text(value: Any) -> str:
    """Compact JSON text with sorted keys, half surrogates replaced; equal values give equal text."""
    text = compact(value)
    return text if text.isascii() else _UNKEPT.sub("\ufffd", text)


class Json(TypeDecorator[Any]):
    """A JSON value as compact text with sorted keys, so that equal values are equal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)
