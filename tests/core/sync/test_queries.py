"""What the Sync and Inbox pages read: pending by kind, the register, figures, previews in words, peers, conflicts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.sync.test_packages import add_client, add_diary, change_client
from fieldcrm.base import clock
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import ChangedElsewhere
from fieldcrm.core import sync
from fieldcrm.core.book import Book
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.sync.queries import office_status
from support.books import FoundBook

Books = tuple[Book, Book]


def outgoing(book: Book) -> sync.Outgoing:
    return book.store.read(sync.read_outgoing, book.store.author.device)


def test_what_waits_is_told_by_kind_until_the_office_confirms(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    for name in ("甲", "乙"):
        manager.store.change(add_client, name)
    manager.store.change(add_diary)
    before = outgoing(manager)
    assert before.office == "福州支公司 · 陈敏"
    assert {k.kind: k.count for k in before.kinds} == {"client": 2, "diary": 1, "person": 1}
    manager.store.undo()
    manager.store.redo()
    again = outgoing(manager)
    assert again.total == again.status.unsent == before.total  # the rail and the status bar say the same
    sync.export_package(manager, tmp_path / "1.xlsx")
    assert outgoing(manager).total == before.total
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    sync.export_package(office, tmp_path / "down.xlsx")
    sync.import_packages(manager, [tmp_path / "down.xlsx"])
    after = outgoing(manager)
    assert (after.total, after.status.confirmed_number) == (0, 1)


def test_what_waits_is_counted_on_from_the_last_count(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    device = manager.store.author.device

    def same() -> int:
        waiting = manager.store.read(sync.pending, device)
        assert waiting == sum(k.count for k in outgoing(manager).kinds)
        return waiting

    first = same()
    ids = [manager.store.change(add_client, name)[0] for name in "甲乙丙"]
    assert same() == first + 3
    manager.store.change(change_client, ids[0], grade="A")
    assert same() == first + 3, "it waited already"
    manager.store.undo()
    manager.store.undo()
    assert same() == first + 3, "what was taken back is told, too"
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    sync.export_package(office, tmp_path / "down.xlsx")
    sync.import_packages(manager, [tmp_path / "down.xlsx"])
    assert same() == 0
    manager.store.change(change_client, ids[1], grade="A")
    assert same() == 1
    asked: list[str] = []
    event.listen(manager.store.readers, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert manager.store.read(sync.pending, device) == 1
    assert not [statement for statement in asked if "edit" in statement], "nothing came, nothing is counted"


def test_what_came_since_is_counted_record_by_record(book: Store) -> None:
    """Two imports of 36,823 rows: beginning at their operations would read one whole for each record of the other."""
    device = book.author.device
    book.change(add_client, "甲")
    book.read(sync.pending, device)
    book.change(add_client, "乙")
    asked: list[tuple[str, object]] = []
    event.listen(book.readers, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    assert book.read(sync.pending, device) == 2
    [(counting, values)] = [(sql, values) for sql, values in asked if "edit" in sql]

    def plan(session: Session) -> list[str]:
        told = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {counting}", values)  # type: ignore[arg-type]
        return [row[-1] for row in told]

    steps = book.read(plan)
    earlier = steps[next(n for n, step in enumerate(steps) if "CORRELATED" in step) + 1]
    assert "ix_edit_record_id (record_id=?)" in earlier, steps


def test_a_book_that_is_not_enrolled_says_so(found_book: FoundBook) -> None:
    assert outgoing(found_book("林晓", "x")).office is None


def test_the_register_knows_what_became_of_each_package(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "甲")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    [row] = office.store.read(sync.list_packages)
    assert (row.source, row.number, row.state, row.last_import) == ("福州支公司 · 林晓", 1, "merged", True)
    figures = office.store.read(sync.inbox_figures)
    assert (figures.reported, figures.enrolled, figures.gaps, figures.refused) == (1, 1, 0, 0)
    assert figures.rows_today == row.rows > 0
    office.store.undo()
    [row] = office.store.read(sync.list_packages)
    assert (row.state, row.last_import) == ("taken_back", False)
    assert office.store.read(sync.inbox_figures).rows_today == 0
    [sent] = manager.store.read(sync.list_packages)
    assert (sent.direction, sent.state, sent.source) == ("out", "sent", "福州支公司 · 陈敏")


def test_the_page_and_the_status_bar_count_what_waits_alike(enrolled: Books) -> None:
    manager, _ = enrolled
    id, _ = manager.store.change(add_client, "甲")
    manager.store.change(change_client, id, city="厦门")
    manager.store.change(change_client, id, city="泉州")
    out = outgoing(manager)
    assert out.status.unsent == out.total
    assert {k.kind: k.count for k in out.kinds}["client"] == 1


def test_the_register_says_what_is_inside_and_what_the_office_holds(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    id, _ = manager.store.change(add_client, "甲")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    sync.export_package(office, tmp_path / "down.xlsx")
    sync.import_packages(manager, [tmp_path / "down.xlsx"])
    manager.store.change(change_client, id, grade="A")
    manager.store.change(change_client, id, deleted_at=clock.now())
    sync.export_package(manager, tmp_path / "2.xlsx")
    sync.import_packages(office, [tmp_path / "2.xlsx"])
    own = manager.store.author.device
    sent = {r.number: r for r in manager.store.read(sync.list_packages, ("out",), own=own)}
    assert (sent[1].state, sent[2].state) == ("confirmed", "sent")
    assert ("client", 1) in {(k.kind, k.count) for k in sent[1].kinds}
    came = {r.number: r for r in office.store.read(sync.list_packages, ("in",))}
    assert came[1].kinds == sent[1].kinds
    assert (came[1].deleted, came[2].changed, came[2].deleted) == (0, 1, 1)
    assert [(k.kind, k.count) for k in sent[2].kinds] == [("client", 1)], "changed twice, it is one record"
    assert came[2].kinds == sent[2].kinds
    assert came[2].rows == sent[2].rows == 1


def test_the_office_s_status_knows_the_merge_that_can_be_undone(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    device = office.store.author.device
    before = office.store.read(office_status, device)
    assert (before.merged, before.received, before.undo_at, before.unsent) == (0, 0, None, None)
    manager.store.change(add_client, "甲")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    after = office.store.read(office_status, device)
    assert (after.merged, after.received, after.undo_source, after.undo_number) == (1, 1, "福州支公司 · 林晓", 1)
    office.store.change(add_client, "乙")
    assert office.store.read(office_status, device).undo_at is None, "something else comes first"


def test_a_preview_says_every_changed_cell_in_the_form_s_words(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    id, _ = manager.store.change(add_client, "王淑珍", city="福州")
    sync.export_package(manager, tmp_path / "1.xlsx")
    [fresh] = sync.look_into(office, [tmp_path / "1.xlsx"])
    assert (fresh.received.state, fresh.cells, fresh.received.new) == ("ready", (), 2)
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    manager.store.change(change_client, id, city="厦门", grade="A")
    sync.export_package(manager, tmp_path / "2.xlsx")
    (tmp_path / "3.xlsx").write_bytes(b"no workbook")
    second, third = sync.look_into(office, [tmp_path / "2.xlsx", tmp_path / "3.xlsx"])
    assert {(c.title, c.label, c.old, c.new, c.person) for c in second.cells if c.kind == "client"} == {
        ("王淑珍", "City", "福州", "厦门", "林晓"),
        ("王淑珍", "Grade", "—", "A", "林晓"),
    }
    assert third.received.state == "refused"
    assert third.received.reason


def test_a_locked_package_asks_for_its_password(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    sync.export_package(manager, tmp_path / "r.xlsx", readable=True, password="pass word 7")
    [closed] = sync.look_into(office, [tmp_path / "r.xlsx"])
    assert closed.locked
    [opened] = sync.look_into(office, [tmp_path / "r.xlsx"], password="pass word 7")
    assert (opened.locked, opened.received.state) == (False, "ready")


def test_a_dropped_file_is_told_by_its_content(enrolled: Books, tmp_path: Path) -> None:
    manager, _ = enrolled
    sync.export_package(manager, tmp_path / "p.xlsx")
    (tmp_path / "l.csv").write_text("保单号,姓名\n1,甲\n", "utf-8")
    (tmp_path / "x.docx").write_bytes(b"x")
    sync.export_package(manager, tmp_path / "r.xlsx", readable=True, password="pass word 7")
    kinds = [sync.drop_kind(tmp_path / n) for n in ("p.xlsx", "request.xlsx", "l.csv", "x.docx", "r.xlsx")]
    assert kinds == ["package", "enrolment", "list", "", "locked"]


def test_a_revoked_computer_is_refused_and_stays_in_the_list(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "甲")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    [peer] = office.store.read(sync.list_peers)
    assert (peer.name, peer.clients, peer.last_number) == ("林晓", 1, 1)
    assert office.store.read(sync.peer_fingerprint, peer.device) == manager.vault.device.fingerprint
    assert office.store.change(sync.revoke_peer, peer.device)[0] == "林晓"
    [refused] = sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert refused.code == "package.revoked_sender"
    [peer] = office.store.read(sync.list_peers)
    assert peer.revoked_at is not None


def test_a_request_and_a_grant_can_be_looked_at_before_they_are_trusted(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    asked = sync.look(tmp_path / "request.xlsx", "request")
    assert (asked.person_name, asked.fingerprint) == ("林晓", manager.vault.device.fingerprint)
    granted = sync.look(tmp_path / "grant.xlsx", "grant")
    assert (granted.unit_name, granted.fingerprint) == ("福州支公司", office.vault.device.fingerprint)


def disagree(books: Books, tmp_path: Path) -> str:
    """Manager and office both change the address of a client and its grade without knowing of each other."""
    manager, office = books
    id, _ = manager.store.change(add_client, "王淑珍", address="旧址", grade="C")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    office.store.change(change_client, id, address="工业路 233 号", grade="A")
    manager.store.change(change_client, id, address="工业路 211 号", grade="B")
    sync.export_package(manager, tmp_path / "2.xlsx")
    [received] = sync.import_packages(office, [tmp_path / "2.xlsx"])
    assert received.conflicts == 2
    return id


def test_a_conflict_shows_both_sides_and_one_is_kept(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    id = disagree(enrolled, tmp_path)
    by_field = {c.field: c for c in office.store.read(sync.list_conflicts)}
    address = by_field["address"]
    assert (address.title, address.label) == ("王淑珍", "Address")
    assert [(s.text, s.person, s.ours, s.suggested) for s in address.sides] == [
        ("工业路 211 号", "林晓", False, True),
        ("工业路 233 号", "陈敏", True, False),
    ]
    [top, *_] = office.store.read(sync.list_packages)
    assert (top.conflicts, top.open_conflicts) == (2, 2)
    office.store.change(sync.resolve_conflict, id, "address", address.sides[1].clock)
    assert office.store.read(lambda s: s.get_one(Client, id).address) == "工业路 233 号"
    assert [c.field for c in office.store.read(sync.list_conflicts)] == ["grade"]
    with pytest.raises(ChangedElsewhere):
        office.store.change(sync.resolve_conflict, id, "address", address.sides[0].clock)
    sync.export_package(office, tmp_path / "down.xlsx")
    sync.import_packages(manager, [tmp_path / "down.xlsx"])
    assert manager.store.read(lambda s: s.get_one(Client, id).address) == "工业路 233 号"
    assert [c.field for c in manager.store.read(sync.list_conflicts)] == ["grade"]


def test_all_as_suggested_is_one_operation_that_undo_takes_back(enrolled: Books, tmp_path: Path) -> None:
    _, office = enrolled
    disagree(enrolled, tmp_path)
    assert office.store.change(sync.resolve_as_suggested)[0] == 2
    assert office.store.read(sync.count_conflicts) == 0
    undone, _ = office.store.undo()
    assert undone.action == "resolve_as_suggested"


def told(book: Book) -> list[tuple[str, list[tuple[str, str, bool, bool]]]]:
    rows = book.store.read(sync.list_conflicts)
    return sorted((c.field, [(s.text, s.person, s.ours, s.suggested) for s in c.sides]) for c in rows)


@pytest.mark.parametrize("way", ["suggested", "chosen", "other"])
def test_an_undone_decision_opens_the_conflict_again_and_redo_ends_it(
    enrolled: Books, tmp_path: Path, way: str
) -> None:
    """On both sides, whether they hear of it one by one or at once; who wrote the values stays known."""
    manager, office = enrolled
    id = disagree(enrolled, tmp_path)
    sync.export_package(office, tmp_path / "down.xlsx")
    sync.import_packages(manager, [tmp_path / "down.xlsx"])
    before, address = told(office), office.store.read(lambda s: s.get_one(Client, id).address)
    if way == "suggested":
        office.store.change(sync.resolve_as_suggested)
    else:
        for conflict in office.store.read(sync.list_conflicts):
            side = conflict.sides[0 if way == "chosen" else 1]
            office.store.change(sync.resolve_conflict, id, conflict.field, side.clock)
    decided = office.store.read(lambda s: s.get_one(Client, id).address)
    steps = 1 if way == "suggested" else 2
    assert office.store.read(sync.count_conflicts) == 0
    for again in range(2):
        for _ in range(steps):
            undone, changes = office.store.undo()
            assert (undone.skipped, changes.kinds) == ((), {"client"})
        assert told(office) == before
        assert office.store.read(sync.list_packages, ("in",))[0].open_conflicts == 2
        assert office.store.read(lambda s: s.get_one(Client, id).address) == address
        if again:
            sync.export_package(office, tmp_path / "reopened.xlsx")
            sync.import_packages(manager, [tmp_path / "reopened.xlsx"])
            turned = [(f, [(t, p, not ours, best) for t, p, ours, best in sides]) for f, sides in told(manager)]
            assert turned == before
        for _ in range(steps):
            office.store.redo()
        assert office.store.read(sync.count_conflicts) == 0
        assert office.store.read(lambda s: s.get_one(Client, id).address) == decided
    sync.export_package(office, tmp_path / "ended.xlsx")
    sync.import_packages(manager, [tmp_path / "ended.xlsx"])
    assert manager.store.read(sync.count_conflicts) == 0
    assert manager.store.read(lambda s: s.get_one(Client, id).address) == decided
