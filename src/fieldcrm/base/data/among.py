"""Many values asked for: all in one parameter of one statement (`among`), or some at a time (`parts`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")


def parts(items: Sequence[T], most: int = 500) -> Iterator[Sequence[T]]:
    """Some at a time, for statements that name each of them."""
    return (items[at : at + most] for at in range(0, len(items), most))


def among(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a text column is one of `values`; SQLAlchemy's `in_` costs a millisecond for each 500 of them."""
    return _Among(column, bindparam(None, list(values), type_=_Texts(), unique=True))


class _Texts(TypeDecorator[list[str]]):
    """Texts in one parameter: a JSON list, or an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLAlchemy would write `= 1` behind it, and no index would be used."""
        return self


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({values})"
