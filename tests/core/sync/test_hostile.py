"""What a program changed by its owner may send: signed by its own key, enrolled, and saying whatever it likes."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from core.sync.test_packages import Books, add_client, change_client, clients, enrol, tampered
from core.sync.test_values import _link
from fieldcrm.base import clock
from fieldcrm.core import history, sync
from fieldcrm.core.book import Book, unlock
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.sync import body, envelope, outgoing
from fieldcrm.core.sync.queries import office_status
from support.books import PASSWORD, FoundBook
from support.office import Office

Says = Callable[[dict[str, Any], dict[str, Any]], None]
HUGE, HASH = 10**30, "a" * 64


def crafted(manager: Book, path: Path, says: Says) -> Path:
    """A package of the manager of which header and body say something else; hashes and signature fit."""
    made = manager.store.read(outgoing._gather, manager.device, None)
    inside, header = body.unpack(made.body, body.LARGEST), made.header | {"sealed": False, "id": "e" * 32, "number": 1}
    says(inside, header)
    envelope.write(path, envelope.make(header, body.pack(inside), manager.vault.device.sign), [], [], title="x")
    return path


def hold(number: Any, hash_: Any = HASH, device: str = "") -> Says:
    return lambda inside, header: inside["holds"].update({device or header["to"]: [number, hash_]})


def operation(at: int, value: Any) -> Says:
    """A part of the last operation's head says this; linked anew where that is possible."""

    def says(inside: dict[str, Any], header: dict[str, Any]) -> None:
        inside["chains"][0]["operations"][-1][at] = value
        with contextlib.suppress(OverflowError):
            _link(inside["chains"][0])

    return says


def stamp(head: str) -> Says:
    def says(inside: dict[str, Any], header: dict[str, Any]) -> None:
        edit = inside["chains"][0]["operations"][-1][10][-1]
        edit[2] = head + edit[2][len(head) :]
        _link(inside["chains"][0])

    return says


def chained(**parts: Any) -> Says:
    return lambda inside, header: inside["chains"][0].update(operations=[], **parts)


def headed(**parts: Any) -> Says:
    return lambda inside, header: header.update(parts)


HOSTILE: dict[str, Says] = {
    "holds more than a number can say": hold(HUGE),
    "holds less than nothing": hold(-1),
    "holds a hash of a megabyte": hold(1, "a" * 1_000_000),
    "holds of a device with a name of a megabyte": hold(1, HASH, "d" * 1_000_000),
    "a base beyond all numbers": chained(base=[HUGE, HASH]),
    "a base below nothing": chained(base=[-1, HASH]),
    "a base of two texts": chained(base=["1", HASH]),
    "a base without a hash": chained(base=[1, None]),
    "a chain of a list": chained(device=["x"]),
    "a chain of a long name": chained(device="d" * 100_000),
    "an operation before the first day": operation(6, "0001-01-01T00:00:00+14:00"),
    "an operation after the last day": operation(6, "9999-12-31T23:59:59-14:00"),
    "an action of a megabyte": operation(3, "a" * 1_000_000),
    "an action that is a list": operation(3, ["x"]),
    "a stamp beyond the calendar": stamp("f" * 12),
    "a package before the first day": headed(at="0001-01-01T00:00:00+14:00"),
    "a package after the last day": headed(at="9999-12-31T23:59:59-14:00"),
    "an audit log beyond all numbers": headed(audit=[HUGE, HASH]),
    "chains that are a number": lambda inside, header: inside.update(chains=7),
    "the same chain twice": lambda inside, header: inside["chains"].append(inside["chains"][0]),
    "an audit trail that is a list": lambda inside, header: inside.update(audit=[["1"]]),
    "counts of anything": headed(counts={"client": HUGE, "x": "y"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_it_says_the_office_goes_on(enrolled: Books, tmp_path: Path, name: str) -> None:
    """Refused, held or harmless: no fault of ours, and afterwards every page and package works as before."""
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍", city="福州")
    bad = crafted(manager, tmp_path / "bad.xlsx", HOSTILE[name])
    sync.export_package(manager, tmp_path / "sound.xlsx")
    [looked] = sync.look_into(office, [bad])
    assert looked.received.state in ("refused", "ready", "held")
    [found] = sync.import_packages(office, [bad])
    assert found.state in ("refused", "merged", "held")
    office.store.change(add_client, "机构自建", owner_id=manager.store.author.person_id)
    assert office.store.read(office_status, office.device).received == 1
    office.store.read(sync.list_packages, own=office.device)
    office.store.read(history.list_operations)
    sync.export_package(office, tmp_path / "down.xlsx")
    assert sync.import_packages(manager, [tmp_path / "down.xlsx"])[0].state == "merged"
    [sound] = sync.import_packages(office, [tmp_path / "sound.xlsx"])
    assert sound.state in ("merged", "repeated")
    assert clients(office) == clients(manager)
    assert [f.name for f in office.store.read(history.check_book) if f.broken] == []


def test_a_counter_at_its_end_stops_nobody_s_clock(enrolled: Books, tmp_path: Path) -> None:
    """A stamp that is allowed, 40 hours ahead, with the greatest counter: the office goes on writing sound stamps."""
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    head = f"{int((clock.now() + timedelta(hours=40)).timestamp() * 1000):012x}ffffffff"
    [found] = sync.import_packages(office, [crafted(manager, tmp_path / "bad.xlsx", stamp(head))])
    assert found.state in ("merged", "refused")
    for name in ("陈国强", "李红"):
        office.store.change(add_client, name, owner_id=manager.store.author.person_id)
    sync.export_package(office, tmp_path / "down.xlsx")
    assert [f.name for f in office.store.read(history.check_book) if f.broken] == []
    assert {len(c) for c in office.store.read(lambda s: list(s.scalars(select(Client.clock))))} == {36}


def test_a_package_for_another_office_is_refused(enrolled: Books, found_book: FoundBook, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    elsewhere = found_book("何静", "厦门支公司", role="office")
    enrol(found_book("王强", "x"), elsewhere, tmp_path)
    sync.export_package(manager, tmp_path / "1.xlsx")
    assert sync.import_packages(elsewhere, [tmp_path / "1.xlsx"])[0].code == "package.unknown_sender"
    turned = crafted(manager, tmp_path / "2.xlsx", headed(to=elsewhere.device))
    assert sync.import_packages(office, [turned])[0].code == "package.not_for_us"
    assert clients(elsewhere) == clients(office) == []


def test_parts_of_two_packages_do_not_fit(enrolled: Books, tmp_path: Path) -> None:
    """Body, header or signature of one under those of another; whole packages in the wrong order come in."""
    manager, office = enrolled
    files = []
    for name in ("王淑珍", "陈国强"):
        manager.store.change(add_client, name)
        files.append(tmp_path / f"{name}.xlsx")
        sync.export_package(manager, files[-1])
    first, second = (envelope.read(file)[0] for file in files)
    swapped = {
        "body": envelope.Envelope(first.header, first.header_bytes, first.signature, second.body),
        "signature": envelope.Envelope(first.header, first.header_bytes, second.signature, first.body),
        "header": envelope.Envelope(second.header, second.header_bytes, first.signature, first.body),
    }
    for part, whole in swapped.items():
        bad = tampered(files[0], tmp_path / f"{part}.xlsx", lambda _, whole=whole: whole)
        assert sync.import_packages(office, [bad])[0].state == "refused", part
    assert clients(office) == []
    found = [sync.import_packages(office, [file])[0].state for file in reversed(files)]
    assert found == ["merged", "repeated"]
    assert clients(office) == clients(manager)


def test_cells_edited_by_hand_change_nothing(enrolled: Books, tmp_path: Path) -> None:
    """Of a readable package: the visible cells count for nothing, of the hidden ones every sign does."""
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍", city="福州")
    plain = crafted(manager, tmp_path / "1.xlsx", lambda inside, header: None)
    book = openpyxl.load_workbook(plain)
    book.worksheets[0]["A1"] = "城市：北京"
    book.worksheets[0].insert_rows(1, 3)
    book.create_sheet("我的表")["A1"] = "客户"
    book.save(tmp_path / "edited.xlsx")
    hidden = next(sheet for sheet in book.worksheets if sheet.title == "fieldcrm")
    for row in hidden.iter_rows():
        if row[0].value == "body":
            row[1].value = row[1].value[:-8] + "AAAA" + row[1].value[-4:]
    book.save(tmp_path / "forged.xlsx")
    assert sync.import_packages(office, [tmp_path / "forged.xlsx"])[0].state == "refused"
    assert sync.import_packages(office, [tmp_path / "edited.xlsx"])[0].state == "merged"
    assert clients(office) == [("王淑珍", "福州")]


def test_a_formula_in_a_package_is_refused(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    sync.export_package(manager, tmp_path / "1.xlsx")
    book = openpyxl.load_workbook(tmp_path / "1.xlsx")
    book.worksheets[0]["H1"] = "=1+1"
    book.save(tmp_path / "formula.xlsx")
    [found] = sync.import_packages(office, [tmp_path / "formula.xlsx"])
    assert (found.state, found.code) == ("refused", "sheet.formulas")
    assert clients(office) == []


def test_two_copies_of_a_book_both_arrive(enrolled: Books, tmp_path: Path) -> None:
    """A laptop's folder copied to another: both write, both send a package of the same number, in one import."""
    manager, office = enrolled
    id, _ = manager.store.change(add_client, "王淑珍", city="福州")
    sync.export_package(manager, tmp_path / "0.xlsx")
    sync.import_packages(office, [tmp_path / "0.xlsx"])
    manager.store.close()
    shutil.copytree(manager.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("*.lock"))
    manager.close()
    twins = [unlock(folder, password=PASSWORD) for folder in (manager.folder, tmp_path / "copy")]
    try:
        for twin, city in zip(twins, ("厦门", "泉州"), strict=True):
            twin.store.change(change_client, id, city=city)
            twin.store.change(add_client, f"客户{city}")
            sync.export_package(twin, tmp_path / f"{city}.xlsx")
        found = sync.import_packages(office, [tmp_path / "厦门.xlsx", tmp_path / "泉州.xlsx"])
        assert sorted(r.state for r in found) == ["held", "merged"]
        for _ in range(2):
            for n, twin in enumerate(twins):
                sync.export_package(twin, tmp_path / f"up{n}.xlsx")  # first, as the message of `package.own_gap` says
                sync.import_packages(office, [tmp_path / f"up{n}.xlsx"])
                sync.export_package(office, tmp_path / f"down{n}.xlsx")
                sync.import_packages(twin, [tmp_path / f"down{n}.xlsx"])
        assert sorted(n for n, _ in clients(office)) == ["客户厦门", "客户泉州", "王淑珍"]
        [conflict] = office.store.read(sync.list_conflicts)
        assert {side.text for side in conflict.sides} == {"厦门", "泉州"}
    finally:
        for twin in twins:
            twin.close()


@pytest.mark.parametrize("ways", [("ods", "xls", "xlsx"), ("xls", "ods", "xlsx"), ("xls", "xlsx", "ods", "xlsx")])
def test_saved_again_by_libreoffice_in_any_form(
    enrolled: Books, tmp_path: Path, request: pytest.FixtureRequest, ways: tuple[str, ...]
) -> None:
    manager, office = enrolled
    for number in range(400):  # a body of several chunks
        manager.store.change(add_client, f"客户{number}", remark=f"=SUM(A{number})", id_number="350102197403160000")
    file = tmp_path / "1.xlsx"
    sync.export_package(manager, file)
    libreoffice: Office = request.getfixturevalue("office")
    for number, way in enumerate(ways):
        file = libreoffice.convert(file, way, tmp_path / f"saved{number}")
    [received] = sync.import_packages(office, [file])
    assert received.state == "merged"
    assert len(clients(office)) == 400
    assert clients(office) == clients(manager)
