"""The chain of a field office told on the command line: a book, a list, the day's plan, the office, and back."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from msoffcrypto import OfficeFile
from python_calamine import CalamineWorkbook

from fieldcrm.base import clock
from fieldcrm.base.errors import Environment
from fieldcrm.base.sheets.reader import read
from fieldcrm.core import visits
from fieldcrm.core.book import unlock
from support import core_lists
from support.postgres import PostgresServer
from support.program import PASSWORD, Answer, in_process

ROWS, SPOILT = 75, 3


class Person:
    """Somebody at their own computer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str | Path, **options: Any) -> Answer:
        return in_process(*words, "--data", self.folder, **options)

    def done(self, *words: str | Path) -> dict[str, Any]:
        """The JSON of a command that must succeed."""
        answer = self(*words, "--json")
        assert answer.code == 0, answer.out + answer.err
        return answer.json


@pytest.fixture
def manager(tmp_path: Path) -> Person:
    return Person(tmp_path / "manager")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Person:
    person = Person(tmp_path / "office")
    words: list[str | Path] = ["init", "--role", "office", "--name", "陈敏", "--unit", "福州支公司"]
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        words += ["--database", server.url(server.create())]
    person.done(*words)
    return person


def test_from_an_empty_computer_to_the_office(manager: Person, office: Person, tmp_path: Path) -> None:
    # a manager's book
    made = manager.done("init", "--name", "林晓", "--unit", "待登记")
    assert set(made) == {"data", "person_id", "unit_id", "recovery_code"}
    assert Path(made["data"]) == manager.folder

    # real input
    sheet = core_lists.write_xlsx(tmp_path / "list.xlsx", core_lists.make(ROWS))
    dry = manager.done("import", sheet, "--dry-run")
    assert manager.done("show", "clients")["total"] == 0
    errors = tmp_path / "errors.xlsx"
    first = manager.done("import", sheet, "--errors", errors)
    assert {k: v for k, v in first.items() if k != "errors"} == {k: v for k, v in dry.items() if k != "errors"}
    assert (first["read"], first["failed"], first["new"]) == (ROWS, SPOILT, ROWS - SPOILT)
    assert first["policies"]["new"] == ROWS - SPOILT
    assert len(first["problems"]) >= SPOILT
    assert set(first["problems"][0]) == {"sheet", "cell", "code", "message"}
    assert not errors.read_bytes().startswith(b"PK")  # the password of the book opens it, nothing else
    with pytest.raises(Environment) as closed:
        read(errors)
    assert closed.value.code == "sheet.password-needed"
    assert read(errors, password=PASSWORD).sheets
    assert manager.done("import", errors, "--dry-run")["read"] == SPOILT  # given back, it is opened by the same
    again = manager.done("import", sheet)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, ROWS - SPOILT)

    # found and shown
    clients = manager.done("show", "clients", "--limit", "5")
    assert (clients["total"], len(clients["rows"])) == (first["clients"]["new"], 5)
    name = clients["rows"][0]["name"]
    found = manager.done("search", name)
    assert name in [row["name"] for row in found["rows"]]
    assert found["total"] >= 1
    policy = manager.done("show", "policy", "--limit", "1")["rows"][0]
    assert manager.done("show", "policies", "--where", f"number={policy['number']}")["total"] == 1

    # undo, redo, history, check
    assert manager.done("undo")["action"] == "apply_plan"
    assert manager.done("show", "clients")["total"] == 0
    assert manager.done("redo")["rows"] > ROWS
    told = manager.done("history", "--limit", "3")
    assert [row["mode"] for row in told["rows"]] == ["redo", "undo", "do"]
    assert manager.done("check")["ok"]

    # the plan on paper
    _plan(manager, clients["rows"][0]["id"])
    pdf = tmp_path / "plan.pdf"
    printed = manager.done("print", "visit-plan", "--out", pdf)
    assert (printed["pages"], printed["visits"]) == (1, 1)
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert name in text

    # blank forms, for where the laptop stays behind
    for kind, words in (("callback", "有效回访统计表"), ("client", "客户")):
        assert manager.done("print", "form", kind, "--out", pdf, "--lang", "zh")["form"] == kind
        text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
        assert words in text

    # the office
    request, grant = tmp_path / "request.xlsx", tmp_path / "grant.xlsx"
    asked = manager.done("enrol", "request", "--out", request)
    granted = office.done("enrol", "grant", request, "--out", grant)
    assert granted["fingerprint"] == asked["fingerprint"]
    accepted = manager.done("enrol", "accept", grant)
    assert accepted["unit_name"] == "福州支公司"
    package = tmp_path / "1.xlsx"
    exported = manager.done("package", "export", "--out", package)
    assert exported["kinds"]["client"] >= clients["total"]
    header = office.done("package", "inspect", package)
    assert (header["signature"], header["number"]) == ("valid", 1)
    received = office.done("package", "import", package)
    assert (received["merged"], received["refused"]) == (1, 0)
    assert office.done("show", "clients")["total"] == clients["total"]
    assert office.done("show", "visits")["total"] == 1

    # twice changes nothing; one that is refused is told
    assert office.done("package", "import", package)["repeated"] == 1
    mixed = office("package", "import", package, sheet, "--json")
    assert mixed.code == 1
    assert [p["state"] for p in mixed.json["packages"]] == ["repeated", "refused"]
    assert mixed.json["packages"][1]["message"] in mixed.err

    # a changed client goes out and arrives
    _rename(manager, clients["rows"][0]["id"], "王淑珍")
    package = tmp_path / "2.xlsx"
    manager.done("package", "export", "--out", package)
    office.done("package", "import", package)
    assert office.done("show", "clients", "--where", "name=王淑珍")["total"] == 1
    assert office.done("check")["ok"]

    # undoing the import takes it back
    assert office.done("undo")["action"] == "import_packages"
    assert office.done("show", "clients", "--where", "name=王淑珍")["total"] == 0


def test_a_readable_package_under_a_password(manager: Person, office: Person, tmp_path: Path) -> None:
    manager.done("init", "--name", "林晓", "--unit", "待登记")
    sheet = core_lists.write_csv(tmp_path / "list.csv", core_lists.make(10, spoil=False))
    manager.done("import", sheet)
    request, grant, package = tmp_path / "request.xlsx", tmp_path / "grant.xlsx", tmp_path / "readable.xlsx"
    manager.done("enrol", "request", "--out", request)
    office.done("enrol", "grant", request, "--out", grant)
    manager.done("enrol", "accept", grant)

    # no password, no file; a sealed one has none
    export = ["package", "export", "--out", package]
    assert manager(*export, "--readable").code == 2
    assert manager(*export, "--package-password-stdin", stdin="x\n").code == 2
    assert not package.exists()
    # both passwords from stdin, the book's first
    given = {"password": None, "stdin": f"{PASSWORD}\nrain 7 wind\n"}
    answer = manager(*export, "--readable", "--password-stdin", "--package-password-stdin", "--json", **given)
    assert answer.code == 0, answer.err
    assert answer.json["kinds"]["policy"] == 10

    # any office program opens it with the password, and it was not changed on the way
    with package.open("rb") as file:
        protected = OfficeFile(file)
        protected.load_key(password="rain 7 wind", verify_password=True)
        clear = io.BytesIO()
        protected.decrypt(clear, verify_integrity=True)
    clear.seek(0)
    sheets = CalamineWorkbook.from_filelike(clear).sheet_names
    assert {"Client", "Policy"} <= set(sheets), sheets

    locked = office("package", "import", package, "--json")
    assert (locked.code, locked.json["packages"][0]["error"]) == (1, "sheet.password-needed")
    words = office("package", "inspect", package, "--package-password-stdin", stdin="rain 7 wind\n")
    assert words.code == 0, words.err
    assert re.search(r"^  Policy: 10$", words.out, re.MULTILINE), words.out
    assert "Signature: valid" in words.out
    taken = office("package", "import", package, "--package-password-stdin", "--json", stdin="rain 7 wind\n")
    assert (taken.code, taken.json["merged"]) == (0, 1)


def _plan(manager: Person, client_id: str) -> None:
    """What the window does when a client is put into the plan."""
    book = unlock(manager.folder, password=PASSWORD)
    book.store.change(visits.plan_visit, planned_on=clock.today(), client_id=client_id, slot="09:30")
    book.close()


def _rename(manager: Person, client_id: str, name: str) -> None:
    from sqlalchemy.orm import Session

    from fieldcrm.core.clients.tables import Client

    def change_client(session: Session) -> None:
        session.get_one(Client, client_id).name = name

    book = unlock(manager.folder, password=PASSWORD)
    book.store.change(change_client)
    book.close()


def test_backup_and_restore(manager: Person, tmp_path: Path) -> None:
    made = manager.done("init", "--name", "林晓", "--unit", "福州支公司")
    saved = manager.done("backup")
    sheet = core_lists.write_csv(tmp_path / "list.csv", core_lists.make(10, spoil=False))
    assert manager.done("import", sheet)["new"] == 10
    restored = manager.done("restore", saved["file"])
    assert Path(restored["kept"]).exists()
    assert manager.done("show", "policies")["total"] == 0
    assert manager.done("check")["ok"]

    # on a new computer, with the recovery code
    other = Person(tmp_path / "other")
    assert other("restore", saved["file"], password="not this one").code == 1
    code = other("restore", saved["file"], "--recovery", "--password-stdin", stdin=made["recovery_code"], password=None)
    assert code.code == 0, code.err
    assert other.done("show", "people")["rows"][0]["name"] == "林晓"
    assert other("restore", sheet, "--json").json["error"] == "backup_not_one"
