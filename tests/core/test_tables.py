"""The tables stand on a real SQLite file, say what they are, and use the indexes that lists rely on."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import String, create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from fieldcrm.base import clock, forms
from fieldcrm.base.data.schema import Base, Child, record_tables
from fieldcrm.base.data.types import Instant, Json, Words
from fieldcrm.base.forms import Kind
from fieldcrm.core import tables
from fieldcrm.core.clients.tables import Client

KINDS = set(record_tables())


def test_kinds_and_rooms() -> None:
    assert {"person", "unit", "client", "policy", "contact", "task", "visit", "callback", "complaint"} <= KINDS
    assert {"diary", "channel", "channel_score", "target", "goal", "handout"} <= KINDS
    rooms = {path.parent.name for path in Path(tables.__file__).parent.glob("*/tables.py")}
    assert set(tables.__all__) == rooms


def test_no_foreign_keys_between_records() -> None:
    for kind, cls in record_tables().items():
        assert not Base.metadata.tables[kind].foreign_keys, cls


def test_children_name_their_parent_kind() -> None:
    for kind, cls in record_tables().items():
        if issubclass(cls, Child):
            assert any(kind.startswith(parent + "_") for parent in KINDS), kind


def test_create_and_write_on_sqlite(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    Base.metadata.create_all(engine)
    assert set(inspect(engine).get_table_names()) >= KINDS
    now = clock.now()
    with Session(engine) as session, session.begin():
        session.add(Client(name="㛃䶮𠮷", clock="x", created_at=now, changed_at=now, tags=["养老"]))
    with Session(engine) as session:
        row = session.query(Client).one()
        assert (row.name, row.type, row.tags, len(row.id)) == ("㛃䶮𠮷", "person", ["养老"], 32)
    engine.dispose()


def test_ddl_for_postgresql() -> None:
    for kind in KINDS:
        assert str(CreateTable(Base.metadata.tables[kind]).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT id FROM client WHERE deleted_at IS NULL ORDER BY name_key, id LIMIT 100", "ix_client_list"),
        (
            "SELECT id FROM client WHERE deleted_at IS NULL AND due_on IS NOT NULL ORDER BY due_on, id LIMIT 100",
            "ix_client_due_on",
        ),
        ("SELECT id FROM policy WHERE deleted_at IS NULL ORDER BY matures_on, id LIMIT 100", "ix_policy_matures_on"),
        ("SELECT id FROM policy WHERE applicant_id = 'a' AND deleted_at IS NULL", "ix_policy_applicant_id"),
        ("SELECT id FROM client WHERE id_number = :n", "ix_client_id_number"),
        ("SELECT id FROM client WHERE credit_code IN (:n, :m)", "ix_client_credit_code"),
        ("SELECT max(started_at) FROM contact WHERE client_id = 'a'", "ix_contact_client_id"),
        ("SELECT id FROM task WHERE deleted_at IS NULL AND status = 'open' ORDER BY due_on, id", "ix_task_status"),
        ("SELECT id FROM visit WHERE deleted_at IS NULL AND planned_on = '2026-11-26'", "ix_visit_planned_on"),
        ("SELECT id FROM callback WHERE deleted_at IS NULL AND called_at > '2026'", "ix_callback_called_at"),
    ],
)
def test_lists_use_their_index(tmp_path: Path, sql: str, index: str) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        plan = " ".join(
            str(row)
            for row in connection.execute(text("EXPLAIN QUERY PLAN " + sql), {n: "1" for n in "nm" if f":{n}" in sql})
        )
    engine.dispose()
    assert index in plan
    assert "TEMP B-TREE" not in plan


def columns(kind: str) -> set[str]:
    return {c.name for c in Base.metadata.tables[kind].columns}


PYTHON_TYPES = {
    Kind.DATE: date,
    Kind.INSTANT: datetime,
    Kind.INTEGER: int,
    Kind.MONEY: int,
    Kind.YES_NO: bool,
    Kind.CHOICES: list,
    Kind.TAGS: list,
}


@pytest.mark.parametrize("kind", sorted(forms.all_forms()))
def test_every_field_has_a_column_or_a_child_table(kind: str) -> None:
    form = forms.get(kind)
    pairs = [(form, f) for f in form.fields if f.form is None]
    for f in form.fields:
        if f.form is not None:
            child = record_tables()[f.form.kind]
            assert issubclass(child, Child), f.name
            pairs += [(f.form, c) for c in f.form.fields]
    for owner, f in pairs:
        assert f.name in columns(owner.kind), (owner.kind, f.name)
        column = Base.metadata.tables[owner.kind].columns[f.name]
        if f.kind in PYTHON_TYPES:
            if f.kind in (Kind.CHOICES, Kind.TAGS):
                assert isinstance(column.type, Json), f.name
            elif f.kind is Kind.INSTANT:
                assert isinstance(column.type, Instant), f.name
            else:
                assert column.type.python_type is PYTHON_TYPES[f.kind], f.name
        else:
            assert isinstance(column.type, Words | String), f.name
        if f.kind is Kind.RECORD:
            assert f.of in KINDS
        if not column.nullable and f.default is None and column.default is None:
            assert f.required or f.readonly, (owner.kind, f.name)


def test_columns_of_a_form_that_no_field_fills_are_known() -> None:
    """What a form leaves out is filled by the program; the list is short and said here."""
    filled = {
        "callback": {"contact_id", "next_step_id"},
        "channel": {"name_key"},
        "client": {"name_key", "due_on", "due_until", "contacted_at"},
        "diary": {"figures"},
        "person": {"name_key"},
        "task": {"made_by_id", "closed_by_kind", "closed_by_id"},
    }
    base = {"id", "owner_id", "deleted_at", "extra", "clock", "created_at", "changed_at"}
    for kind, form in forms.all_forms().items():
        rest = columns(kind) - base - {f.name for f in form.fields}
        assert rest == filled.get(kind, set()), kind
