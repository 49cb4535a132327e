"""From first start to the office: the whole chain by clicks and keys; what each job took stands in daily-use.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import resources
from fieldcrm.core import book
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.diary.tables import Diary
from fieldcrm.core.visits.tables import Visit
from fieldcrm.ui.shell.code_page import RecoveryCodePage
from fieldcrm.ui.shell.firststart import FirstStartPage
from fieldcrm.ui.shell.unlock import UnlockPage
from support import core_lists
from support.clocks import MovingClock
from support.hands import Hands, OpenSeat, Seat
from support.postgres import PostgresServer

K = Qt.Key
PASSWORD = "a short sentence"
NEW_ADDRESS = "工业路 211 号 3 栋 502"


def live(session: Session, kind: Any) -> list[Any]:
    return list(session.scalars(select(kind).where(kind.deleted_at.is_(None)).order_by(kind.id)))


@dataclass
class Story:
    """The people of the chain, each at a window of their own."""

    hands: Hands
    manager: Seat
    folder: Path
    name: str = ""
    client_id: str = ""

    def held(self, seat: Seat, kind: Any) -> list[Any]:
        return seat.bench.runner.store.read(live, kind)


def first_start(hands: Hands, seat: Seat, name: str, unit: str, office: bool = False) -> None:
    page = seat.until(FirstStartPage)
    hands.click(page.name)
    hands.type(name)
    hands.press(K.Key_Tab)
    hands.type(unit)
    hands.press(K.Key_Tab)
    if office:
        hands.press(K.Key_2)
    hands.press(K.Key_Tab)
    hands.type(PASSWORD)
    hands.press(K.Key_Tab)
    hands.type(PASSWORD)
    hands.press(K.Key_Return)
    code = seat.until(RecoveryCodePage)
    assert len(code.code) > 20
    hands.click(code.done)
    seat.work()


def import_list(story: Story) -> None:
    hands, seat = story.hands, story.manager
    sample = core_lists.make(500, seed=11)
    path = core_lists.write_xlsx(story.folder / "满期客户清单.xlsx", sample)
    hands.files = [path]
    with hands.job("Import a list of 500 rows"):
        hands.control(K.Key_I)
        page = seat.page("imports")
        hands.wait(lambda: page.work.phase == "preview")
        assert page.preview.tiles["failed"].figure() == str(len(sample.spoilt))
        hands.control(K.Key_Return)
        hands.wait(lambda: page.work.phase == "done")
    assert len(story.held(seat, Client)) > 300
    seat.settle()


def initials(name: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(part[0] for part in lazy_pinyin(name, style=Style.FIRST_LETTER))


def find_and_log(story: Story) -> None:
    hands, seat = story.hands, story.manager
    bench = seat.bench
    plain = [c for c in story.held(seat, Client) if len(c.name) == 3 and not set(c.name) & set("㛃䶮")]
    story.name, story.client_id = plain[0].name, plain[0].id
    typed = initials(story.name)
    with hands.job("Find a client by initials"):
        hands.control(K.Key_K)
        hands.type(typed)
        hands.wait(lambda: any(h.record_id == story.client_id for h in bench.finder.list.hits()))
        while bench.finder.list.current().record_id != story.client_id:
            hands.press(K.Key_Down)
        hands.press(K.Key_Return)
        hands.wait(lambda: bench.current == "clients" and seat.page("clients").card.record_id == story.client_id)
    seat.settle()
    with hands.job("Log a call with its next step"):
        hands.control(K.Key_N)
        log = bench.log_panel
        hands.type(typed)
        hands.wait(lambda: any(h.record_id == story.client_id for h in log.list.hits()))
        while log.list.current().record_id != story.client_id:
            hands.press(K.Key_Down)
        hands.press(K.Key_Return)
        hands.press(K.Key_1, K.Key_Return)
        hands.type("同意看年金方案")
        hands.press(K.Key_Return)
        hands.type("送计划书")
        hands.press(K.Key_Return)
        hands.type("周五下午")
        hands.press(K.Key_Return)
        hands.wait(lambda: not log.isVisible())
    seat.settle()
    (contact,) = story.held(seat, Contact)
    assert (contact.client_id, contact.result) == (story.client_id, "reached")


def undo_and_redo(story: Story) -> None:
    hands, seat = story.hands, story.manager
    with hands.job("Undo"):
        hands.control(K.Key_Z)
    hands.wait(lambda: not story.held(seat, Contact))
    with hands.job("Redo"):
        hands.control(K.Key_Y)
    hands.wait(lambda: len(story.held(seat, Contact)) == 1)
    seat.settle()


def three_callbacks(story: Story) -> None:
    hands, seat = story.hands, story.manager
    page = seat.go("callbacks")
    sprint = page.sprint
    hands.wait(lambda: sprint.card is not None)
    with hands.job("Three callbacks in the sprint"):
        for done in range(1, 4):
            shown = sprint.card.client_id
            hands.press(K.Key_1, K.Key_Return, K.Key_1, K.Key_Return, K.Key_Return, K.Key_1)
            hands.control(K.Key_Return)
            hands.wait(lambda done=done: len(story.held(seat, Callback)) == done)  # type: ignore[misc]
            hands.wait(lambda shown=shown: sprint.card is not None and sprint.card.client_id != shown)  # type: ignore[misc]
    assert all(call.valid for call in story.held(seat, Callback))
    seat.settle()


def plan_and_print(story: Story) -> None:
    hands, seat = story.hands, story.manager
    page = seat.go("visits")
    hands.wait(lambda: len(page.candidates.rows()) >= 2)
    page.candidates.setFocus()
    with hands.job("Plan two visits"):
        for done in (1, 2):
            hands.press(K.Key_Return)
            hands.wait(lambda: page.panel.plan_form.when.hasFocus())
            hands.press(K.Key_Return)
            hands.wait(lambda done=done: len(story.held(seat, Visit)) == done)  # type: ignore[misc]
            seat.settle()
    pdf = story.folder / "计划.pdf"
    hands.files = [pdf]
    with hands.job("Print the week's plan to a PDF"):
        hands.control(K.Key_P)
        hands.wait(lambda: page.stack.currentIndex() == 1)
        hands.control(K.Key_S)
    hands.wait(pdf.exists)
    seat.settle()
    names = {c.id: c.name for c in story.held(seat, Client)}
    text = words_of(pdf)
    assert all(names[visit.client_id] in text for visit in story.held(seat, Visit))


def save_the_diary(story: Story) -> None:
    hands, seat = story.hands, story.manager
    with hands.job("Save the day's diary"):
        hands.control(K.Key_J)
        seat.settle()
        page = seat.page("diary")
        hands.wait(lambda: page.writing.isAncestorOf(seat.window.focusWidget()))
        hands.control(K.Key_Return)
    hands.wait(lambda: len(story.held(seat, Diary)) == 1)
    seat.settle()


def words_of(pdf: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def enrol(story: Story, office: Seat) -> None:
    hands, manager = story.hands, story.manager
    request, grant = story.folder / "request.xlsx", story.folder / "grant.xlsx"
    manager.sit()
    page = manager.go("sync")
    hands.files = [request]
    with hands.job("Enrol: write the request"):
        hands.click(page.enrol.request_button)
    hands.wait(lambda: request.exists() and manager.bench.runner.quiet)
    digits = page.enrol.own.digits.text()
    office.sit()
    people = office.go("people")
    hands.files = [request, grant]
    with hands.job("Office: grant an enrolment"):
        hands.click(people.grant.open_button)
        hands.wait(people.grant.other.isVisible)
        assert people.grant.other.digits.text() == digits
        hands.click(people.grant.other.match_button)
    hands.wait(lambda: grant.exists() and people.table.rows.rowCount() == 1)
    office.settle()
    manager.sit()
    hands.files = [grant]
    with hands.job("Enrol: accept the grant"):
        hands.click(page.enrol.accept_button)
        hands.wait(page.enrol.other.isVisible)
        hands.click(page.enrol.other.match_button)
    hands.wait(page.out.isVisible)
    manager.settle()


def export(story: Story, name: str) -> Path:
    hands, manager = story.hands, story.manager
    path = story.folder / name
    manager.sit()
    page = manager.go("sync")
    hands.wait(page.export_button.isVisible)
    hands.files = [path]
    with hands.job("Export a sealed package"):
        hands.control(K.Key_E)
    hands.wait(lambda: path.exists() and manager.bench.runner.quiet)
    manager.settle()
    return path


def merge(story: Story, office: Seat, path: Path) -> str:
    """Look at a package in the inbox and merge it; gives the state it was shown in."""
    hands = story.hands
    office.sit()
    page = office.go("inbox")
    hands.files = [path]
    with hands.job("Office: look at a package and merge it"):
        hands.click(page.files_button)
        hands.wait(lambda: path in page.waiting)
        office.settle()
        state = str(page.waiting[path].received.state)
        if state == "ready":
            assert page.preview.isVisible()
            hands.click(page.merge_button)
            hands.wait(lambda: path not in page.waiting)
    office.settle()
    return state


def change_client(story: Story) -> None:
    hands, manager = story.hands, story.manager
    manager.sit()
    page = manager.go("clients")
    page.go_to(story.client_id)
    manager.settle()
    with hands.job("Change a client's address"):
        hands.click(page.card.edit_button)
        hands.wait(lambda: page.side.currentWidget() is page.editor)
        field = page.editor.editor.entry("address").stops()[0]
        hands.click(field)
        hands.control(K.Key_A)
        hands.type(NEW_ADDRESS)
        hands.control(K.Key_Return)
    hands.wait(lambda: story.client_id in [c.id for c in story.held(manager, Client) if c.address == NEW_ADDRESS])
    manager.settle()


def a_day(story: Story) -> None:
    with story.hands.job("First start"):
        first_start(story.hands, story.manager, "林晓", "福州支公司")
    import_list(story)
    find_and_log(story)
    undo_and_redo(story)
    three_callbacks(story)
    plan_and_print(story)
    save_the_diary(story)


def to_the_office(story: Story, office: Seat) -> None:
    enrol(story, office)
    first = export(story, "1.xlsx")
    assert merge(story, office, first) == "ready"
    for kind in (Client, Callback, Visit, Contact, Diary):
        ids = [record.id for record in story.held(story.manager, kind)]
        assert [record.id for record in story.held(office, kind)] == ids
    before = office.bench.runner.store.read(lambda s: s.scalar(select(func.count()).select_from(Client)))
    assert merge(story, office, first) == "repeated"
    assert office.bench.runner.store.read(lambda s: s.scalar(select(func.count()).select_from(Client))) == before
    change_client(story)
    assert merge(story, office, export(story, "2.xlsx")) == "ready"
    arrived = {c.id: c.address for c in story.held(office, Client)}
    assert arrived[story.client_id] == NEW_ADDRESS


def test_from_first_start_to_the_office(
    hands: Hands, open_seat: OpenSeat, tmp_path: Path, moving_clock: MovingClock
) -> None:
    story = Story(hands, open_seat(tmp_path / "manager"), tmp_path)
    a_day(story)
    office = open_seat(tmp_path / "office")
    with hands.job("Office: first start"):
        first_start(hands, office, "陈敏", "福州支公司", office=True)
    to_the_office(story, office)
    table = "\n".join(f"| {job} | {e.clicks} | {e.keys} |" for job, e in hands.efforts.items())
    known = (resources.root() / "docs" / "daily-use.md").read_text("utf-8")
    assert table in known, f"docs/daily-use.md should say\n{table}"


@pytest.mark.postgres
def test_the_office_on_a_server(
    hands: Hands, open_seat: OpenSeat, tmp_path: Path, moving_clock: MovingClock, postgres_server: PostgresServer
) -> None:
    """The same with the office's data on PostgreSQL, founded from the command line."""
    folder = tmp_path / "office"
    url = postgres_server.url(postgres_server.create())
    made = book.found(folder, name="陈敏", unit="福州支公司", role="office", password=PASSWORD, database=url)
    made.book.close()
    story = Story(hands, open_seat(tmp_path / "manager"), tmp_path)
    a_day(story)
    office = open_seat(folder)
    page = office.until(UnlockPage)
    hands.click(page.password)
    hands.type(PASSWORD)
    hands.press(K.Key_Return)
    office.work()
    to_the_office(story, office)
