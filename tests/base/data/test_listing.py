"""Windows of long lists: order, deep pages, filters, places; on real SQLite and PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Date, Index, MetaData, String, Table, create_engine, event, insert, text
from sqlalchemy.orm import Session

from fieldcrm.base.data import listing
from fieldcrm.base.data.listing import Anchor, Asked, Between, Contains, FilterKind, ListSpec, OneOf, Sort
from fieldcrm.base.data.types import Instant, Words

META = MetaData()
CLIENT = Table(
    "listed_client",
    META,
    Column("id", String(32), primary_key=True),
    Column("name", Words, nullable=False),
    Column("initials", Words),
    Column("grade", Words),
    Column("due_on", Date),
    Column("premium_fen", BigInteger),
    Column("seen_at", Instant),
    Column("deleted_at", Instant),
)
Index(
    "ix_listed_client_due",
    CLIENT.c.due_on,
    CLIENT.c.id,
    CLIENT.c.deleted_at,
    sqlite_where=CLIENT.c.deleted_at.is_(None),
)
SPEC = ListSpec(
    name="listed",
    source=CLIENT,
    id=CLIENT.c.id,
    where=(CLIENT.c.deleted_at.is_(None),),
    sort=Sort("name"),
    columns=(
        listing.Column("name", CLIENT.c.name, FilterKind.TEXT, nullable=False, jump=CLIENT.c.initials),
        listing.Column("grade", CLIENT.c.grade, FilterKind.CHOICE),
        listing.Column("due_on", CLIENT.c.due_on, FilterKind.DATE),
        listing.Column("premium_fen", CLIENT.c.premium_fen, FilterKind.MONEY),
        listing.Column("seen_at", CLIENT.c.seen_at, FilterKind.DATE),
    ),
)
SIZE = 500


def _sample() -> list[dict[str, Any]]:
    chance = random.Random(7)
    rows: list[dict[str, Any]] = [
        {
            "id": f"{n:032x}",
            "name": f"王{chance.randrange(90):02d}",
            "initials": "w",
            "grade": chance.choice(["A", "B", "C", None]),
            "due_on": chance.choice([None, date(2026, 12, 1 + chance.randrange(28))]),
            "premium_fen": chance.choice([None, chance.randrange(10) * 100]),
            "seen_at": chance.choice([None, datetime(2026, 11, 20, 15 + chance.randrange(3), 30, tzinfo=UTC)]),
            "deleted_at": None,
        }
        for n in range(SIZE)
    ]
    rows[3] |= {"name": "陈100%_", "initials": "cb"}
    rows[4] |= {"deleted_at": datetime(2026, 1, 1, tzinfo=UTC)}
    return rows


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    if request.param == "sqlite":
        engine = create_engine("sqlite://")
    else:
        server = request.getfixturevalue("postgres_server")
        engine = create_engine(server.url(server.create()))
    META.create_all(engine)
    with Session(engine) as opened:
        opened.execute(insert(CLIENT), _sample())
        opened.flush()
        yield opened
    engine.dispose()


def _expected(sort: Sort) -> list[str]:
    rows = [r for r in _sample() if r["deleted_at"] is None]
    filled = [r for r in rows if r[sort.key] is not None]
    filled.sort(key=lambda r: (r[sort.key], r["id"]), reverse=sort.descending)
    empty = sorted((r["id"] for r in rows if r[sort.key] is None), reverse=sort.descending)
    return [r["id"] for r in filled] + empty


sorts = st.builds(Sort, st.sampled_from(["name", "grade", "due_on", "premium_fen", "seen_at"]), st.booleans())


@given(
    sort=sorts,
    offset=st.integers(0, SIZE),
    limit=st.integers(1, 90),
    hint=st.integers(0, SIZE - 2),
    known=st.booleans(),
)
def test_any_window_from_any_anchor_is_the_same_slice(
    session: Session, sort: Sort, offset: int, limit: int, hint: int, known: bool
) -> None:
    asked = Asked(sort=sort)
    whole = _expected(sort)
    value = {r["id"]: r[sort.key] for r in _sample()}[whole[hint]]
    near = Anchor(hint, value, whole[hint])
    page = SPEC.page(session, asked, offset, limit, near, len(whole) if known else None)
    assert list(page.ids) == whole[offset : offset + limit]
    assert [row["id"] for row in page.rows] == list(page.ids)
    if page.ids:
        assert page.first is not None
        assert page.last is not None
        assert (page.first.offset, page.last.offset) == (offset, offset + len(page.ids) - 1)


@given(sort=sorts, step=st.sampled_from([1, 7, 100, SIZE]), offset=st.integers(0, SIZE), known=st.booleans())
def test_any_window_from_any_mark_is_the_same_slice(
    session: Session, sort: Sort, step: int, offset: int, known: bool
) -> None:
    asked = Asked(sort=sort)
    whole = _expected(sort)
    value = {r["id"]: r[sort.key] for r in _sample()}
    marks = SPEC.marks(session, asked, step)
    assert [(value[mark.id], mark.id) for mark in marks] == [(mark.value, whole[mark.offset]) for mark in marks]
    assert {mark.filled for mark in marks} == {sum(value[id] is not None for id in whole)}
    places = sorted({0, *(mark.offset for mark in marks), len(whole)})
    assert max(after - before for before, after in pairwise(places)) <= step
    near = min(marks, key=lambda mark: abs(mark.offset - offset))
    page = SPEC.page(session, asked, offset, 40, near, len(whole) if known else None)
    assert list(page.ids) == whole[offset : offset + 40]


def test_a_jump_from_a_mark_passes_only_the_rows_between(session: Session) -> None:
    asked = Asked(sort=Sort("due_on"))
    marks = SPEC.marks(session, asked, 40)
    offsets: list[int] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: offsets.append(max(_numbers(a[3]), default=0)))
    for place in range(0, SIZE - 60, 20):  # on a mark too
        near = min(marks, key=lambda mark: abs(mark.offset - place))
        SPEC.page(session, asked, place, 20, near, SIZE - 1)
    assert max(offsets) <= 40


def _numbers(parameters: Any) -> list[int]:
    values = parameters.values() if isinstance(parameters, dict) else parameters
    return [value for value in values if isinstance(value, int)]


def test_a_list_without_rows_has_no_marks(session: Session) -> None:
    assert SPEC.marks(session, Asked().narrowed("name", Contains("nobody")), 10) == ()


@given(sort=sorts, place=st.integers(0, SIZE - 2))
def test_position_is_the_place_in_the_order(session: Session, sort: Sort, place: int) -> None:
    whole = _expected(sort)
    assert SPEC.position(session, Asked(sort=sort), whole[place]) == place


def test_position_of_what_is_not_listed(session: Session) -> None:
    assert SPEC.position(session, Asked(), f"{4:032x}") is None


@pytest.mark.parametrize(
    ("key", "wanted", "holds"),
    [
        ("name", Contains(" 100%_ "), lambda r: r["name"] == "陈100%_"),
        ("grade", OneOf(("A", None)), lambda r: r["grade"] in ("A", None)),
        ("grade", OneOf(()), lambda r: False),
        ("due_on", Between(date(2026, 12, 3), date(2026, 12, 9)), lambda r: r["due_on"] and 3 <= r["due_on"].day <= 9),
        ("premium_fen", Between(low=500), lambda r: r["premium_fen"] is not None and r["premium_fen"] >= 500),
        # 15:30 UTC is 23:30 of the 20th in Shanghai, 16:30 UTC is 00:30 of the 21st
        ("seen_at", Between(high=date(2026, 11, 20)), lambda r: r["seen_at"] and r["seen_at"].hour == 15),
    ],
)
def test_filters(session: Session, key: str, wanted: listing.Filter, holds: Any) -> None:
    asked = Asked().narrowed(key, wanted)
    want = {r["id"] for r in _sample() if r["deleted_at"] is None and holds(r)}
    assert SPEC.count(session, asked) == len(want)
    assert set(SPEC.ids(session, asked, 0, SIZE)) == want


def test_facets_leave_their_own_filter_out(session: Session) -> None:
    asked = Asked().narrowed("grade", OneOf(("A",)))
    facets = dict(SPEC.facets(session, asked, "grade"))
    assert set(facets) == {"A", "B", "C", None}
    assert sum(facets.values()) == SIZE - 1


def test_chip_counts(session: Session) -> None:
    counts = SPEC.counts(session, {"all": Asked(), "a": Asked().narrowed("grade", OneOf(("A",)))})
    assert counts["all"] == SIZE - 1
    assert 0 < counts["a"] < counts["all"]


def test_find_jumps_by_text_and_by_initials(session: Session) -> None:
    whole = _expected(Sort("name"))
    place = SPEC.find(session, Asked(), "陈")
    assert place is not None
    assert whole[place] == f"{3:032x}"
    assert SPEC.find(session, Asked(), "cb") == place
    assert SPEC.find(session, Asked(), "zz") is None


def test_a_question_is_narrowed_one_column_at_a_time() -> None:
    asked = Asked().narrowed("name", Contains("王")).narrowed("name", Contains("李"))
    assert asked.filters == (("name", Contains("李")),)
    assert asked.narrowed("name", None) == Asked()


def test_sorting_walks_the_index_and_sorts_nothing(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the plan is SQLite's; PostgreSQL sorts a table this small whatever the index")
    seen: list[tuple[str, Any]] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: seen.append((a[2], a[3])))
    SPEC.page(session, Asked(sort=Sort("due_on", True)), 0, 50)
    statement, parameters = seen[0]
    plan = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters).all()
    told = " ".join(str(row[-1]) for row in plan)
    assert "ix_listed_client_due" in told
    assert "TEMP B-TREE" not in told
    assert session.execute(text("select 1")).scalar_one() == 1
