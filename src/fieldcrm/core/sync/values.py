"""Whether what a package says can stand here: kinds and fields that are known, values of their type and size."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Date, Integer, String, inspect

from fieldcrm.base.data import codec, hlc, merge, wire
from fieldcrm.base.data.schema import STAMPS, Record, record_tables
from fieldcrm.base.data.types import Instant
from fieldcrm.base.data.wire import SentChain, SentEdit
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.core import titles
from fieldcrm.core.sync.envelope import NEWER

UNKNOWN_KIND = define(
    "package.unknown_kind", N_("The package holds records of an unknown kind ({kind}); it is refused as a whole.")
)
UNKNOWN_FIELD = define(
    "package.unknown_field",
    N_("The package names a field “{field}” ({kind}) that there is not; it is refused as a whole."),
)
BAD_VALUE = define(
    "package.bad_value",
    N_("The package holds a value that the field “{field}” ({kind}) cannot take; it is refused as a whole."),
)
INCOMPLETE = define(
    "package.incomplete",
    N_("The package brings a record ({kind}) that has no “{field}”; it is refused as a whole."),
)

_ID, _STAMP = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{36}")


@dataclass(frozen=True)
class _Takes:
    """What the fields of a class take: the JSON type of each, a closer look for some, and which may not be empty."""

    types: Mapping[str, type]
    closer: Mapping[str, Callable[[Any], bool]]
    wanted: frozenset[str]


def check(chains: Sequence[SentChain], newer: bool) -> None:
    """`Refused` for the first edit that cannot be taken; of a `newer` program's package, that it is one."""
    tables = record_tables()
    for sent in chains:
        for edit in (e for o in sent.operations for e in o.edits):
            cls = tables.get(edit.kind) if isinstance(edit.kind, str) else None
            if cls is None:
                raise Refused(NEWER) if newer else Refused(UNKNOWN_KIND, kind=str(edit.kind)[:40])
            _check_frame(edit, sent.device)
            _check_values(edit, _takes(cls), newer)


def check_whole(created: Iterable[merge.State]) -> None:
    """`Refused` when a record would begin without a field that every record of its kind has."""
    for state in created:
        for name in _takes(state.cls).wanted:
            if state.values.get(name) is None:
                raise _refused(INCOMPLETE, state.cls.__tablename__, name)


def _check_frame(edit: SentEdit, device: str) -> None:
    """The id, the stamp and the heads named are such; the stamp is of the chain's own device."""
    try:
        sound = _ID.fullmatch(edit.record_id) and _STAMP.fullmatch(edit.clock) and hlc.device_of(edit.clock) == device
        sound = sound and isinstance(edit.salt, str) and len(edit.salt) <= 32 and edit.parents != ""
        sound = sound and (edit.parents is None or isinstance(edit.parents, str))
        values, heads = edit.values, edit.heads
    except (TypeError, ValueError, RecursionError) as error:
        raise Refused(wire.BROKEN) from error
    sound = sound and isinstance(values, dict) and isinstance(heads, dict)
    if not sound or not all(
        _STAMP.fullmatch(stamp) and isinstance(names, list) and all(isinstance(n, str) for n in names)
        for stamp, names in heads.items()
    ):
        raise Refused(wire.BROKEN)


def _check_values(edit: SentEdit, takes: _Takes, newer: bool) -> None:
    known, closer, values = takes.types, takes.closer, edit.values
    for name, value in values.items():
        if name not in known:
            raise Refused(NEWER) if newer else _refused(UNKNOWN_FIELD, edit.kind, name[:64])
        if value is None:
            if name in takes.wanted:
                raise _refused(BAD_VALUE, edit.kind, name)
        elif type(value) is not known[name] or (name in closer and not closer[name](value)):
            raise _refused(BAD_VALUE, edit.kind, name)


def _refused(code: str, kind: str, name: str) -> Refused:
    return Refused(code, field=titles.field_label(kind, name), kind=titles.kind_label(kind))


@codec.per_class
def _takes(cls: type[Record]) -> _Takes:
    hints = get_type_hints(cls)
    plain: dict[str, type] = {}
    closer: dict[str, Callable[[Any], bool]] = {}
    for name, column in codec.columns(cls).items():
        plain[name] = str if isinstance(column.type, Instant | Date) else _python(hints[name])
        if isinstance(column.type, Instant):
            closer[name] = _is_instant
        elif isinstance(column.type, Date):
            closer[name] = _is_date
        elif isinstance(column.type, Integer):
            closer[name] = _is_large if isinstance(column.type, BigInteger) else _is_small
        elif isinstance(column.type, String) and column.type.length:
            closer[name] = _shorter(column.type.length)
    wanted = {c.key for c in inspect(cls).columns if not c.nullable and c.key not in STAMPS}
    return _Takes(plain, closer, frozenset(wanted))


def _python(hint: Any) -> type:
    """`list` of Mapped[list[str] | None]."""
    inner = get_args(hint)[0]
    if get_origin(inner) in (Union, types.UnionType):
        inner = next(a for a in get_args(inner) if a is not type(None))
    found: type = get_origin(inner) or inner
    return found


def _is_date(value: str) -> bool:
    return _spelled(value, lambda: date.fromisoformat(value).isoformat())


def _is_instant(value: str) -> bool:
    return _spelled(value, lambda: codec.instant_text(datetime.fromisoformat(value)))


def _spelled(value: str, read: Callable[[], str]) -> bool:
    try:
        return read() == value
    except (ValueError, OverflowError):
        return False


def _is_small(value: int) -> bool:
    return -(2**31) <= value < 2**31


def _is_large(value: int) -> bool:
    return -(2**63) <= value < 2**63


def _shorter(length: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= length and "\0" not in value
