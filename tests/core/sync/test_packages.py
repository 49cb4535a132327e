"""Enrolment and packages between whole books, office on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import audit
from fieldcrm.base.errors import FieldcrmError, Refused
from fieldcrm.core import clients as clients_room
from fieldcrm.core import contacts, sync
from fieldcrm.core.book import Book, unlock
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.diary.tables import Diary
from fieldcrm.core.people.tables import Person, Unit
from fieldcrm.core.sync import envelope
from fieldcrm.core.sync.tables import Package, Peer
from support.books import PASSWORD, FoundBook
from support.office import Office

Books = tuple[Book, Book]
DAY = date(2026, 11, 20)


def add_client(session: Session, name: str, **values: Any) -> str:
    client = Client(name=name, **values)
    session.add(client)
    session.flush()
    return client.id


def add_diary(session: Session, **values: Any) -> None:
    session.add(Diary(day=DAY, **values))


def change_client(session: Session, id: str, **values: Any) -> None:
    client = session.get_one(Client, id)
    for name, value in values.items():
        setattr(client, name, value)


def clients(book: Book) -> list[tuple[str, str | None]]:
    query = select(Client.name, Client.city).where(Client.deleted_at.is_(None)).order_by(Client.id)
    return book.store.read(lambda s: [(n, c) for n, c in s.execute(query)])


def enrol(manager: Book, office: Book, folder: Path) -> None:
    sync.request(manager, folder / "r2.xlsx")
    sync.grant(office, folder / "r2.xlsx", folder / "g2.xlsx")
    sync.accept(manager, folder / "g2.xlsx")


def test_enrolment_makes_each_know_the_other(enrolled: Books) -> None:
    manager, office = enrolled
    unit_id = office.store.author.unit_id
    assert (manager.store.author.unit_id, manager.store.author.unit_name) == (unit_id, "福州支公司")
    peer = office.store.read(lambda s: s.scalars(select(Peer)).one())
    assert (peer.person_name, peer.relation, peer.unit_id) == ("林晓", "below", unit_id)
    assert peer.signing == manager.vault.device.signing_public.hex()
    above = manager.store.read(lambda s: s.scalars(select(Peer)).one())
    assert (above.person_name, above.relation) == ("陈敏", "above")
    assert above.sealing == office.vault.device.sealing_public.hex()
    assert [s.kind for s in manager.vault.slots()].count("office") == 1


def test_both_sides_see_the_same_fingerprints(found_book: FoundBook, tmp_path: Path) -> None:
    manager, office = found_book("林晓", "x"), found_book("陈敏", "福州", role="office")
    own = sync.request(manager, tmp_path / "r.xlsx")
    granted = sync.grant(office, tmp_path / "r.xlsx", tmp_path / "g.xlsx")
    assert granted.fingerprint == own
    accepted = sync.accept(manager, tmp_path / "g.xlsx")
    assert accepted.fingerprint == office.vault.device.fingerprint


def test_a_grant_for_another_computer_is_refused(enrolled: Books, found_book: FoundBook, tmp_path: Path) -> None:
    stranger = found_book("王伟", "厦门")
    with pytest.raises(Refused) as refused:
        sync.accept(stranger, tmp_path / "grant.xlsx")
    assert refused.value.code == "enrol.not_for_us"


def test_the_chain_manager_to_office_and_back(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    id, _ = manager.store.change(add_client, "王淑珍", city="福州")
    manager.store.change(add_diary, happened="上午拜访 2 家")
    sent = sync.export_package(manager, tmp_path / "1.xlsx")
    assert (sent.number, sent.kinds["client"], sent.kinds["diary"]) == (1, 1, 1)
    [received] = sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert (received.state, received.conflicts) == ("merged", 0)
    assert clients(office) == [("王淑珍", "福州")]
    assert office.store.read(lambda s: s.scalars(select(Diary.happened)).one()) == "上午拜访 2 家"
    owner = office.store.read(lambda s: s.scalars(select(Client.owner_id)).one())
    assert office.store.read(lambda s: s.get_one(Person, owner).name) == "林晓"

    [again] = sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert (again.state, again.new, again.changed) == ("repeated", 0, 0)
    assert clients(office) == [("王淑珍", "福州")]

    manager.store.change(change_client, id, city="厦门")
    sync.export_package(manager, tmp_path / "2.xlsx")
    _, cells = sync.preview_package(office, tmp_path / "2.xlsx")
    changed = [(c.kind, c.field, c.old, c.new) for c in cells if c.kind == "client"]
    assert changed == [("client", "city", "福州", "厦门")]
    assert clients(office) == [("王淑珍", "福州")]
    [second] = sync.import_packages(office, [tmp_path / "2.xlsx"])
    assert second.state == "merged"
    assert clients(office) == [("王淑珍", "厦门")]

    office.store.change(change_client, id, grade="A")
    back = sync.export_package(office, tmp_path / "down.xlsx")
    assert back.to_name.startswith("林晓")
    [down] = sync.import_packages(manager, [tmp_path / "down.xlsx"])
    assert down.state == "merged"
    assert manager.store.read(lambda s: s.scalars(select(Client.grade)).one()) == "A"
    assert manager.store.read(lambda s: s.scalars(select(Unit.name)).all()) == ["福州支公司"]
    after_ack = sync.export_package(manager, tmp_path / "3.xlsx")
    assert after_ack.operations == 0
    assert manager.store.read(sync.pending, manager.store.author.device) == 0


def test_packages_are_cumulative_so_a_lost_one_does_no_harm(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "甲")
    sync.export_package(manager, tmp_path / "lost.xlsx")
    manager.store.change(add_client, "乙")
    sync.export_package(manager, tmp_path / "2.xlsx")
    sync.import_packages(office, [tmp_path / "2.xlsx"])
    [late] = sync.import_packages(office, [tmp_path / "lost.xlsx"])
    assert late.state == "repeated"
    assert [n for n, _ in clients(office)] == ["甲", "乙"]


def leave_out(manager: Book, office: Book, path: Path) -> sync.Received:
    """A second package of the manager comes to the office, which never got the first."""
    seq, tip = manager.store.read(lambda s: s.execute(select(Package.tip_seq, Package.tip_hash)).one())

    def pretend_acknowledged(session: Session) -> None:
        session.scalars(select(Peer)).one().acked = {manager.store.author.device: [seq, tip]}

    manager.store.change(pretend_acknowledged)
    manager.store.change(add_client, "乙")
    sync.export_package(manager, path)
    [held] = sync.import_packages(office, [path])
    return held


def test_a_package_whose_base_is_unknown_waits_and_the_gap_is_named(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "甲")
    sync.export_package(manager, tmp_path / "1.xlsx")
    held = leave_out(manager, office, tmp_path / "2.xlsx")
    assert held.state == "held"
    assert held.reason == "Package 1 from 福州支公司 · 林晓 is missing; this one waits for it."
    assert [row.reason for row in office.store.read(sync.list_packages, ("in",))] == [held.reason]
    assert clients(office) == []
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert [n for n, _ in clients(office)] == ["甲", "乙"]
    assert office.store.read(lambda s: s.scalars(select(Package.state)).all()) == ["merged", "merged"]


def test_a_waiting_package_of_a_revoked_computer_stops_nobody_elses(
    enrolled: Books, found_book: FoundBook, tmp_path: Path
) -> None:
    manager, office = enrolled
    sync.export_package(manager, tmp_path / "1.xlsx")
    held = leave_out(manager, office, tmp_path / "2.xlsx")
    assert held.state == "held"
    office.store.change(sync.revoke_peer, manager.store.author.device)

    other = found_book("何志远", "待登记")
    sync.request(other, tmp_path / "request-2.xlsx")
    sync.grant(office, tmp_path / "request-2.xlsx", tmp_path / "grant-2.xlsx")
    sync.accept(other, tmp_path / "grant-2.xlsx")
    other.store.change(add_client, "丙")
    sync.export_package(other, tmp_path / "other.xlsx")
    [merged] = sync.import_packages(office, [tmp_path / "other.xlsx"])
    assert merged.state == "merged"
    assert sorted(office.store.read(lambda s: s.scalars(select(Package.state)).all())) == ["merged", "refused"]


def test_undo_takes_the_import_back_and_again_behaves_as_the_first_time(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    sync.export_package(manager, tmp_path / "1.xlsx")
    [first] = sync.import_packages(office, [tmp_path / "1.xlsx"])
    undone, _ = office.store.undo()
    assert undone.action == "import_packages"
    assert clients(office) == []
    [again] = sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert (again.state, again.new, again.rows) == (first.state, first.new, first.rows)


def test_a_readable_package_shows_rows_and_wants_a_password(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍", city="福州")
    with pytest.raises(Refused):
        sync.export_package(manager, tmp_path / "r.xlsx", readable=True)
    sync.export_package(manager, tmp_path / "r.xlsx", readable=True, password="pass word 7")
    assert (tmp_path / "r.xlsx").read_bytes()[:2] != b"PK"
    [received] = sync.import_packages(office, [tmp_path / "r.xlsx"], password="pass word 7")
    assert received.state == "merged"
    [closed] = sync.import_packages(office, [tmp_path / "r.xlsx"])
    assert closed.state == "refused"


def test_a_readable_package_calls_records_by_their_names(enrolled: Books, tmp_path: Path) -> None:
    """People read it: no id of a record, and no second column for what has its number beside it."""
    manager, _ = enrolled
    id = manager.store.change(add_client, "王淑珍")[0]
    manager.store.change(contacts.log_contact, id, kind="phone", result="reached", summary="同意看方案")
    sync.export_package(manager, tmp_path / "r.xlsx", readable=True, password="pass word 7")
    _, book = envelope.read(tmp_path / "r.xlsx", password="pass word 7")
    shown = [str(cell) for sheet in book.sheets if sheet.name != envelope.SHEET for row in sheet.rows for cell in row]
    assert shown.count("王淑珍") > 1, "the client, and the contact with her"
    assert id not in shown


def test_the_readme_is_told_in_both_languages(enrolled: Books, tmp_path: Path) -> None:
    manager, _ = enrolled
    manager.store.change(add_client, "王淑珍")
    sync.export_package(manager, tmp_path / "1.xlsx")
    _, book = envelope.read(tmp_path / "1.xlsx")
    words = [str(row[1]) for row in book.sheets[0].rows if len(row) > 1]
    assert all("\n" not in text for text in words), "a spreadsheet makes no row higher by itself"
    for text in ("次操作，", "operations: ", "导入，或把文件拖进窗口", "Import; or drag the file"):
        assert any(text in line for line in words), (text, words)


def test_a_sealed_package_shows_nothing_of_a_client(enrolled: Books, tmp_path: Path) -> None:
    manager, _ = enrolled
    manager.store.change(add_client, "王淑珍", address="工业路 211 号")
    sync.export_package(manager, tmp_path / "1.xlsx")
    with zipfile.ZipFile(tmp_path / "1.xlsx") as archive:
        everything = b"".join(archive.read(n) for n in archive.namelist())
    assert "王淑珍".encode() not in everything
    assert "工业路".encode() not in everything


@pytest.mark.office
def test_what_is_inside_is_said_in_words(enrolled: Books, tmp_path: Path) -> None:
    """Records, however often each was changed; rows of a list inside one too; no name of a table reaches a person."""
    manager, _ = enrolled
    manager.store.change(clients_room.add_client, {"name": "王淑珍", "phones": [{"number": "13805910032"}]})
    sync.export_package(manager, tmp_path / "s.xlsx")
    rows = python_calamine.load_workbook(tmp_path / "s.xlsx").get_sheet_by_name("数量 Counts").to_python()
    assert dict(rows) == {
        "记录 Record": "行数 Rows", "客户 Client": "1", "人员 Person": "1", "电话 Phone": "1",
    }  # fmt: skip


def test_re_saving_by_an_office_program_does_no_harm(
    enrolled: Books, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍", remark="=SUM(A1)", id_number="350102197403160000")
    sync.export_package(manager, tmp_path / "1.xlsx")
    libreoffice: Office = request.getfixturevalue("office")
    once = libreoffice.convert(tmp_path / "1.xlsx", "ods", tmp_path / "saved")
    twice = libreoffice.convert(once, "xlsx", tmp_path / "saved")
    [received] = sync.import_packages(office, [twice])
    assert received.state == "merged"
    assert office.store.read(lambda s: s.scalars(select(Client.remark)).one()) == "=SUM(A1)"


def tampered(source: Path, target: Path, change: Callable[[envelope.Envelope], envelope.Envelope]) -> Path:
    found, _ = envelope.read(source)
    envelope.write(target, change(found), [("x", "y")], [], title="x")
    return target


def test_forged_and_foreign_packages_change_nothing(enrolled: Books, found_book: FoundBook, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    sound = tmp_path / "1.xlsx"
    sync.export_package(manager, sound)
    stranger = found_book("王伟", "厦门")
    forge = stranger.vault.device.sign
    forged = tampered(sound, tmp_path / "forged.xlsx", lambda e: envelope.make(e.header, e.body, forge))
    cut = tampered(
        sound,
        tmp_path / "cut.xlsx",
        lambda e: envelope.Envelope(e.header, e.header_bytes, e.signature, e.body[:-1]),
    )
    other = tmp_path / "other.xlsx"
    shutil.copyfile(tmp_path / "grant.xlsx", other)
    results = sync.import_packages(office, [forged, cut, other])
    assert [r.code for r in results] == ["package.bad_signature", "package.damaged", "package.not_one"]
    with pytest.raises(FieldcrmError):
        sync.preview_package(stranger, sound)
    assert clients(office) == []


def test_a_manager_cannot_touch_another_s_client(enrolled: Books, found_book: FoundBook, tmp_path: Path) -> None:
    manager, office = enrolled
    other = found_book("何静", "x")
    enrol(other, office, tmp_path)
    id, _ = manager.store.change(add_client, "王淑珍")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    other.store.change(add_client, "偷", id=id)
    sync.export_package(other, tmp_path / "2.xlsx")
    [refused] = sync.import_packages(office, [tmp_path / "2.xlsx"])
    assert (refused.state, refused.code) == ("refused", "package.foreign_record")
    assert [n for n, _ in clients(office)] == ["王淑珍"]


def test_a_manager_cannot_make_a_record_for_another(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "嫁祸", owner_id="f" * 32)
    sync.export_package(manager, tmp_path / "3.xlsx")
    [refused] = sync.import_packages(office, [tmp_path / "3.xlsx"])
    assert refused.code == "package.foreign_record"
    assert clients(office) == []


def test_an_office_only_field_refuses_the_package(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_diary, countersigned_at=clock.now())
    sync.export_package(manager, tmp_path / "1.xlsx")
    [refused] = sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert refused.code == "package.office_only"
    assert "countersigned_at" in refused.reason


def test_managers_never_see_each_other_s_clients(enrolled: Books, found_book: FoundBook, tmp_path: Path) -> None:
    manager, office = enrolled
    other = found_book("何静", "x")
    enrol(other, office, tmp_path)
    ids = []
    for number, book in enumerate((manager, other)):
        id, _ = book.store.change(add_client, f"客户{number}")
        ids.append(id)
        sync.export_package(book, tmp_path / f"up{number}.xlsx")
    sync.import_packages(office, [tmp_path / "up0.xlsx", tmp_path / "up1.xlsx"])
    for id in ids:
        office.store.change(change_client, id, grade="B")
    sync.export_package(office, tmp_path / "down.xlsx", to="何静")
    [down] = sync.import_packages(other, [tmp_path / "down.xlsx"])
    assert down.state == "merged"
    assert [n for n, _ in clients(other)] == ["客户1"]
    assert other.store.read(lambda s: s.scalars(select(Client.grade)).all()) == ["B"]


def test_a_book_reopens_with_all_it_knew(enrolled: Books) -> None:
    manager, _ = enrolled
    id, _ = manager.store.change(add_client, "王淑珍")
    manager.close()
    again = unlock(manager.folder, password=PASSWORD)
    try:
        assert again.store.author.unit_name == "福州支公司"
        again.store.change(change_client, id, city="福州")
        undone, _ = again.store.undo()
        assert undone.action == "change_client"
    finally:
        again.close()


def audit_of(book: Book) -> list[tuple[str, dict[str, Any]]]:
    return book.store.read(
        lambda s: [(e.what, e.codes) for e in s.scalars(select(audit.Audit).order_by(audit.Audit.seq))]
    )


def send(manager: Book, office: Book, path: Path) -> sync.Received:
    sync.export_package(manager, path)
    (received,) = sync.import_packages(office, [path])
    return received


def test_enrolment_export_import_and_revocation_are_in_the_audit_log(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    send(manager, office, tmp_path / "1.xlsx")
    (tmp_path / "torn.xlsx").write_bytes((tmp_path / "1.xlsx").read_bytes()[:5000])
    sync.import_packages(office, [tmp_path / "torn.xlsx", tmp_path / "1.xlsx"])
    office.store.change(sync.revoke_peer, manager.store.author.device)
    assert [(what, codes.get("step", "")) for what, codes in audit_of(manager)] == [
        ("enrol", "request"), ("enrol", "accept"), ("office_slot_added", ""), ("export", ""),
    ]  # fmt: skip
    assert [(what, codes.get("state", "")) for what, codes in audit_of(office)] == [
        ("enrol", ""), ("import", "merged"), ("import", "refused"), ("import", "repeated"), ("revoke", ""),
    ]  # fmt: skip
    assert "王淑珍" not in str(audit_of(manager) + audit_of(office))
    assert all(book.store.read(audit.verify).broken_at is None for book in enrolled)


def _reason(office: Book, number: int) -> str | None:
    rows = office.store.read(sync.list_packages, ("in",))
    return next(row.reason_code for row in rows if row.number == number)


def test_an_audit_log_that_goes_on_is_not_marked(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    for number in range(1, 5):
        manager.store.change(add_client, f"客户{number}")
        if number != 2:
            manager.audit("export", list="clients", rows=number)
        made = sync.export_package(manager, tmp_path / f"{number}.xlsx")
        assert made.number == number
    for number in (1, 4, 3, 4):  # one lost, one late, one twice
        (received,) = sync.import_packages(office, [tmp_path / f"{number}.xlsx"])
        assert (received.state in ("merged", "repeated"), received.code) == (True, "")
    assert {row.reason_code for row in office.store.read(sync.list_packages, ("in",))} == {None}


@pytest.mark.parametrize("again", [0, 5])
def test_an_audit_log_cut_back_is_marked_and_the_package_merged(enrolled: Books, tmp_path: Path, again: int) -> None:
    """Whoever takes entries out of the log (below the triggers, or by an older copy) is seen by the office."""
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    manager.audit("reveal", field="phone")
    assert send(manager, office, tmp_path / "1.xlsx").code == ""
    with manager.store.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE seq > 3")
    for _ in range(again):  # new entries in the place of the old ones
        manager.audit("print", paper="visit_plan")
    manager.store.change(add_client, "陈志强")
    received = send(manager, office, tmp_path / "2.xlsx")
    assert (received.state, received.code) == ("merged", "package.audit_cut")
    assert "林晓" in received.reason
    assert _reason(office, 2) == "package.audit_cut"
    assert [name for name, _ in clients(office)] == ["王淑珍", "陈志强"]
    manager.store.change(add_client, "李红")
    assert send(manager, office, tmp_path / "3.xlsx").code == ""  # told once


def test_refused_files_stand_in_the_register_without_their_names(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    sound = tmp_path / "1.xlsx"
    sync.export_package(manager, sound)
    forged = tampered(
        sound, tmp_path / "王淑珍.xlsx", lambda e: envelope.make(e.header, e.body, office.vault.device.sign)
    )
    torn = tmp_path / "torn 王淑珍.xlsx"
    torn.write_bytes(sound.read_bytes()[:5000])
    plain, missing = tmp_path / "list.xlsx", tmp_path / "none.xlsx"
    shutil.copyfile(tmp_path / "grant.xlsx", plain)
    for _ in range(2):  # again adds no line
        looked = sync.look_into(office, [forged, torn, plain, missing])
        assert [x.received.state for x in looked] == ["refused"] * 4
    sync.import_packages(office, [forged, torn])
    rows = {row.reason_code: row for row in office.store.read(sync.list_packages, ("in",))}
    assert rows.keys() == {"package.bad_signature", "sheet.damaged"}
    assert {(r.state, r.rows) for r in rows.values()} == {("refused", 0)}
    claimed, unknown = rows["package.bad_signature"], rows["sheet.damaged"]
    assert (claimed.source, claimed.number) == ("福州支公司 · 林晓", 1)
    assert (unknown.source, unknown.number) == ("", 0)
    assert "signature" in claimed.reason
    figures = office.store.read(sync.inbox_figures)
    assert (figures.refused, figures.refused_code) in [(2, "package.bad_signature"), (2, "sheet.damaged")]
    kept = office.store.read(lambda s: [str(vars(p)) for p in s.scalars(select(Package))])
    assert "王淑珍" not in str(kept)
    [merged] = sync.import_packages(office, [sound])
    assert merged.state == "merged"


def test_a_file_refused_before_its_sender_was_enrolled_leaves_one_line(found_book: FoundBook, tmp_path: Path) -> None:
    manager, office = found_book("林晓", "x"), found_book("陈敏", "福州", role="office")
    other = found_book("何静", "泉州", role="office")
    enrol(manager, other, tmp_path)
    sync.request(manager, tmp_path / "r.xlsx")
    sync.export_package(manager, tmp_path / "1.xlsx")
    [first] = sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert first.code == "package.unknown_sender"
    sync.grant(office, tmp_path / "r.xlsx", tmp_path / "g.xlsx")
    [second] = sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert second.code == "package.not_for_us"
    [row] = office.store.read(sync.list_packages, ("in",))
    assert (row.state, row.reason_code, row.source) == ("refused", "package.not_for_us", "福州 · 林晓")


def test_each_file_has_its_own_password_and_a_wrong_one_stops_no_other(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    paths = [tmp_path / f"{n}.xlsx" for n in range(4)]
    for n, path in enumerate(paths):
        manager.store.change(add_client, f"客户{n}")
        sync.export_package(manager, path, readable=n < 3, password=f"pass word {n}" if n < 3 else None)
    words = {paths[0]: "pass word 0", paths[1]: "pass word 0"}
    results = sync.import_packages(office, paths, passwords=words)
    assert [(r.state, r.code) for r in results] == [
        ("merged", ""), ("refused", "sheet.wrong-password"), ("refused", "sheet.password-needed"), ("merged", ""),
    ]  # fmt: skip
    assert {row.state for row in office.store.read(sync.list_packages, ("in",))} == {"merged"}


def test_a_package_of_one_s_own_is_told_as_that(enrolled: Books, tmp_path: Path) -> None:
    manager, _ = enrolled
    manager.store.change(add_client, "王淑珍")
    sync.export_package(manager, tmp_path / "mine.xlsx")
    [received] = sync.import_packages(manager, [tmp_path / "mine.xlsx"])
    assert (received.state, received.code) == ("refused", "package.own")
