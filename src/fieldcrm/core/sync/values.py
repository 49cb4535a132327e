"""Whether what a package says can stand here: kinds and fields that are known, values of their type and size."""

from __future__ import annotations

import re
import types
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Date, Integer, String, inspect

from fieldcrm.base.data import codec, merge, wire
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

_IDS, _STAMPS = (re.compile(rf"[0-9a-f]{{{n}}}(?:\n[0-9a-f]{{{n}}})*") for n in (32, 36))
_DEVICE = 16  # digits at the end of a stamp
_SOME = 2_000  # edits looked at in one call


@dataclass(frozen=True)
class _Takes:
    """What the fields of a class take: the JSON type of each, a closer look for some, and which may not be empty."""

    types: Mapping[str, type]
    closer: Mapping[str, Callable[[Any], bool]]
    wanted: frozenset[str]


def check(chains: Sequence[SentChain], newer: bool) -> None:
    """`Refused` when an edit cannot be taken; of a `newer` program's package, that it is one."""
    tables = record_tables()
    for sent in chains:
        edits = [e for o in sent.operations for e in o.edits]
        for at in range(0, len(edits), _SOME):
            some = edits[at : at + _SOME]
            for edit in some:
                if not isinstance(edit.kind, str) or edit.kind not in tables:
                    raise Refused(NEWER) if newer else Refused(UNKNOWN_KIND, kind=str(edit.kind)[:40])
            _check_frames(some, sent.device)
            alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
            for edit in some:
                alike[edit.kind, *edit.values].append(tuple(edit.values.values()))
            for (kind, *names), rows in alike.items():
                columns = dict(zip(names, zip(*rows, strict=True), strict=True))
                _check_columns(kind, columns, _takes(tables[kind]), newer)


def check_whole(created: Iterable[merge.State]) -> None:
    """`Refused` when a record would begin without a field that every record of its kind has."""
    for state in created:
        for name in _takes(state.cls).wanted:
            if state.values.get(name) is None:
                raise _refused(INCOMPLETE, state.cls.__tablename__, name)


def _check_frames(edits: Sequence[SentEdit], device: str) -> None:
    """The ids, the stamps and the heads named are such; the stamps are of the chain's own device."""
    try:
        sound = _all(_IDS, [e.record_id for e in edits]) and _all(_STAMPS, [e.clock for e in edits])
        sound = sound and {e.clock[-_DEVICE:] for e in edits} == {device}
        sound = sound and all(type(e.salt) is str and len(e.salt) <= 32 for e in edits)
        sound = sound and all(type(e.values) is dict for e in edits)
        sound = sound and all(_are_heads(e) for e in edits if e.parents is not None)
    except (TypeError, ValueError, RecursionError) as error:
        raise Refused(wire.BROKEN) from error
    if not sound:
        raise Refused(wire.BROKEN)


def _all(lines: re.Pattern[str], texts: Sequence[str]) -> bool:
    """Whether each text is what a line of the pattern is: asked at once."""
    joined = "\n".join(texts)
    return lines.fullmatch(joined) is not None and joined.count("\n") == len(texts) - 1


def _are_heads(edit: SentEdit) -> bool:
    heads = edit.heads
    return (
        type(edit.parents) is str and edit.parents != "" and type(heads) is dict
        and all(_STAMPS.fullmatch(stamp) and "\n" not in stamp for stamp in heads)
        and all(type(names) is list and all(type(n) is str for n in names) for names in heads.values())
    )  # fmt: skip


def _check_columns(kind: str, columns: Mapping[str, Sequence[Any]], takes: _Takes, newer: bool) -> None:
    """Values of edits that name the same fields: each type once a column, each spelling once."""
    for name, values in columns.items():
        if name not in takes.types:
            raise Refused(NEWER) if newer else _refused(UNKNOWN_FIELD, kind, name[:64])
        types_ = set(map(type, values))
        if type(None) in types_:
            types_.remove(type(None))
            if name in takes.wanted:
                raise _refused(BAD_VALUE, kind, name)
        if not types_ <= {takes.types[name]}:
            raise _refused(BAD_VALUE, kind, name)
        closer = takes.closer.get(name)
        if closer is not None and not all(map(closer, _each(values))):
            raise _refused(BAD_VALUE, kind, name)


def _each(values: Sequence[Any]) -> Iterable[Any]:
    """Those that are something, each once where that can be told."""
    some = (value for value in values if value is not None)
    return some if any(isinstance(value, list) for value in values) else set(some)


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
        elif plain[name] is list:
            closer[name] = _are_texts
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


def _are_texts(value: list[Any]) -> bool:
    return all(type(text) is str for text in value)


def _is_small(value: int) -> bool:
    return -(2**31) <= value < 2**31


def _is_large(value: int) -> bool:
    return -(2**63) <= value < 2**63


def _shorter(length: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= length and "\0" not in value
