"""The SQL of one window of a long list: walked along the index from the nearest known place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, literal, or_, select, tuple_

from fieldcrm.base import clock
from fieldcrm.base.data.listing import Anchor, Asked, Between, Column, Contains, Filter, ListSpec, OneOf
from fieldcrm.base.data.types import Instant, Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Found = list[tuple[str, Any]]  # (id, value of the sorted column)


def sorted_by(spec: ListSpec, asked: Asked) -> Any:
    """The expression of the sorted column."""
    return spec[spec.order(asked).key].expression


def order(spec: ListSpec, asked: Asked, *, backwards: bool = False, empty: bool = False) -> list[Any]:
    """ORDER BY within the filled values (or the empty ones), the id as the tie-breaker."""
    keys = [spec.id] if empty else [sorted_by(spec, asked), spec.id]
    return [key.desc() if spec.order(asked).descending != backwards else key.asc() for key in keys]


def where(spec: ListSpec, asked: Asked, *columns: Any, tally: bool = False) -> Select[Any]:
    """SELECT columns under the list's own conditions and the asked filters; `tally`: only to count, in no order."""
    query = select(*columns).select_from(spec.source).where(*spec.where)
    for key, wanted in asked.filters:
        query = query.where(_condition(spec[key], wanted, tally))
    return query


def first_with(session: Session, spec: ListSpec, asked: Asked, words: Any, typed: str) -> tuple[str, Any] | None:
    """(id, sort value) of the first row whose `words` begin with what was typed."""
    expression = sorted_by(spec, asked)
    if words is not expression:
        # few matches are found by their own index; a walk along the order would read every row to find none
        matches = select(spec.id, expression).select_from(spec.source).where(_begins(session, words, typed))
        found = [(i, v) for i, v in session.execute(matches.limit(_FEW))]
        if len(found) < _FEW:
            return _first_listed(session, spec, asked, found)
    query = where(spec, asked, spec.id, expression).where(_begins(session, words, typed))
    row = session.execute(query.order_by(*order(spec, asked)).limit(1)).first()
    return None if row is None else (row[0], row[1])


_FEW = 300


def _first_listed(session: Session, spec: ListSpec, asked: Asked, found: Found) -> tuple[str, Any] | None:
    descending = spec.order(asked).descending
    filled = sorted((f for f in found if f[1] is not None), key=lambda f: (f[1], f[0]), reverse=descending)
    empty = sorted((f for f in found if f[1] is None), key=lambda f: f[0], reverse=descending)
    for row_id, value in filled + empty:
        if session.execute(where(spec, asked, spec.id).where(spec.id == row_id)).first() is not None:
            return row_id, value
    return None


def _begins(session: Session, words: Any, typed: str) -> Any:
    """Text that begins with what was typed; on SQLite a range, which walks an index where LIKE reads every row."""
    if isinstance(words.type, String | Words) and session.get_bind().dialect.name == "sqlite":
        return and_(words >= typed, words < typed + "\U0010ffff")
    return cast(words, String).startswith(typed, autoescape=True)


def before(session: Session, spec: ListSpec, asked: Asked, value: Any, row_id: str) -> int:
    """How many rows stand before a row."""
    ahead = _beyond(spec, asked, Anchor(0, value, row_id), after=False)
    if not spec[spec.order(asked).key].nullable:
        return _count(session, spec, asked, ahead)
    expression = sorted_by(spec, asked)
    if value is not None:
        return _count(session, spec, asked, expression.is_not(None), ahead)
    filled = _count(session, spec, asked, expression.is_not(None))
    return filled + _count(session, spec, asked, expression.is_(None), ahead)


def window(
    session: Session,
    spec: ListSpec,
    asked: Asked,
    offset: int,
    limit: int,
    near: Anchor | None = None,
    total: int | None = None,
) -> Found:
    """Rows offset … offset + limit: the filled values first, then the empty ones, each along its index."""
    if not spec[spec.order(asked).key].nullable:
        return _segment(session, spec, asked, None, offset, limit, near, total)
    expression = sorted_by(spec, asked)
    filled = None if near is None else near.filled
    if filled is None and total is not None and offset > total // 2:  # the end is in sight: where do empty ones begin
        filled = total - _count(session, spec, asked, expression.is_(None))
    found: Found = []
    if filled is None or offset < filled:
        anchor = near if near is not None and near.value is not None else None
        found = _segment(session, spec, asked, expression.is_not(None), offset, limit, anchor, filled)
    if len(found) < limit:
        filled = _count(session, spec, asked, expression.is_not(None)) if filled is None else filled
        start = max(0, offset - filled)
        anchor = None
        if near is not None and near.value is None:
            anchor = replace(near, offset=near.offset - filled)
        rest = None if total is None else total - filled
        found += _segment(
            session, spec, asked, expression.is_(None), start, limit - len(found), anchor, rest, empty=True
        )
    return found


def marks(session: Session, spec: ListSpec, asked: Asked, step: int) -> tuple[Anchor, ...]:
    """Every `step`-th row of each segment, with how many the first one has."""
    found: list[Anchor] = []
    ends: list[int] = []
    expression = sorted_by(spec, asked)
    nullable = spec[spec.order(asked).key].nullable
    for part in (expression.is_not(None), expression.is_(None)) if nullable else (None,):
        begin = ends[-1] if ends else 0
        empty = bool(ends)
        query = where(spec, asked, spec.id, expression).order_by(*order(spec, asked, empty=empty)).limit(1)
        if part is not None:
            query = query.where(part)
        row = session.execute(query).first()
        place = begin
        while row is not None:
            here = Anchor(place, row[1], row[0])
            found.append(here)
            place += step
            row = session.execute(query.where(_beyond(spec, asked, here, after=True)).offset(step - 1)).first()
        rest = (part,) if part is not None else ()
        if place > begin:
            ends.append(
                1 + found[-1].offset + _count(session, spec, asked, *rest, _beyond(spec, asked, found[-1], after=True))
            )
        else:
            ends.append(begin)
    return tuple(replace(anchor, filled=ends[0]) for anchor in found)


def _segment(
    session: Session,
    spec: ListSpec,
    asked: Asked,
    part: ColumnElement[bool] | None,
    offset: int,
    limit: int,
    near: Anchor | None,
    total: int | None,
    *,
    empty: bool = False,
) -> Found:
    """Rows of one segment, read from the start, the anchor or the end: whichever has the fewest rows to pass."""
    cut = 0 if near is None else near.offset - offset
    if near is not None and 0 < cut < limit:  # the anchor lies inside: up from it, and on from it
        above = _segment(session, spec, asked, part, offset, cut, near, total, empty=empty)
        return above + _segment(session, spec, asked, part, near.offset, limit - cut, near, total, empty=empty)
    skip, backwards, start = offset, False, None
    if total is not None and total - offset - limit < skip:
        limit = min(limit, total - offset)
        skip, backwards = total - offset - limit, True
    if near is not None:
        behind = near.offset - offset - limit  # rows to pass walking up from the anchor
        ahead = offset - near.offset  # walking down, the anchor itself is passed too
        if 0 <= ahead < skip:
            skip, backwards, start = ahead, False, near
        elif 0 <= behind < skip:
            skip, backwards, start = behind, True, near
    if limit <= 0:
        return []
    query = where(spec, asked, spec.id, sorted_by(spec, asked))
    if part is not None:
        query = query.where(part)
    if start is not None:
        query = query.where(_beyond(spec, asked, start, after=not backwards, itself=not backwards))
    query = query.order_by(*order(spec, asked, backwards=backwards, empty=empty)).limit(limit).offset(skip)
    found = [(row_id, value) for row_id, value in session.execute(query)]
    return found[::-1] if backwards else found


def _beyond(spec: ListSpec, asked: Asked, place: Anchor, *, after: bool, itself: bool = False) -> Any:
    """Rows after (or before) a place, within the filled values or within the empty ones; `itself`: that row too."""
    onwards = after != spec.order(asked).descending
    expression: Any = sorted_by(spec, asked)
    identity: Any = spec.id
    here: Any = identity
    there: Any = literal(place.id, identity.type)
    if place.value is not None:
        here = tuple_(expression, identity)
        there = tuple_(literal(place.value, expression.type), there)
    if itself:
        return here >= there if onwards else here <= there
    return here > there if onwards else here < there


def _count(session: Session, spec: ListSpec, asked: Asked, *conditions: Any) -> int:
    return int(session.execute(where(spec, asked, func.count()).where(*conditions)).scalar_one())


def _condition(column: Column, wanted: Filter, tally: bool) -> Any:
    if column.narrow is not None and not (tally and column.tallied):
        return column.narrow(wanted)
    expression: Any = column.expression
    match wanted:
        case Contains(text):
            return cast(expression, String).icontains(text.strip(), autoescape=True)
        case OneOf(values):
            some = [v for v in values if v is not None]
            parts = [expression.in_(some)] if some else []
            return or_(false(), *parts, *([expression.is_(None)] if None in values else []))
        case Between(low, high):
            return _between(expression, low, high)


def _between(expression: Any, low: Any, high: Any) -> Any:
    parts = [expression.is_not(None)]
    if isinstance(expression.type, Instant):  # a range of instants is given in Shanghai days
        parts += [expression >= clock.day_bounds(_day(low))[0]] if low is not None else []
        parts += [expression < clock.day_bounds(_day(high))[1]] if high is not None else []
    else:
        parts += [expression >= low] if low is not None else []
        parts += [expression <= high] if high is not None else []
    return and_(*parts)


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("a range of instants is given in days")
    return value
