"""The diary on a real book: counted figures, sentences, one entry a day, the countersign, annotations, the sheet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import InvalidFields, Refused
from fieldcrm.base.paper.preview import Pages
from fieldcrm.core import contacts, diary, visits
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint, ComplaintStep
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.diary.figures import Figures, from_snapshot
from fieldcrm.core.diary.tables import Diary, DiaryNote
from fieldcrm.core.people.tables import Person
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits.tables import Visit
from support.clocks import MovingClock
from support.stores import PERSON, OpenStore

MONDAY = date(2026, 11, 23)


def client(session: Session, name: str, **values: Any) -> str:
    made = Client(name=name, **values)
    session.add(made)
    session.flush()
    return made.id


def a_day(session: Session) -> dict[str, str]:
    """Two visits in the morning, one in the afternoon; four callbacks; a call; a complaint; a policy."""
    ids = {name: client(session, name) for name in ("陈国强", "恒安物流", "黄丽华", "郑美玲", "刘建平")}
    for name, hour, words in (
        ("陈国强", 9, "同意转保「XX 年金」3 万元，约 11-25 双录。"),
        ("恒安物流", 10, "续保报价待总公司核保"),
        ("黄丽华", 14, "资料已送达"),
    ):
        contacts.log_contact(
            session, ids[name], kind="visit", result="reached", summary=words, started_at=clock.instant(MONDAY, hour)
        )
    session.add(Callback(client_id=ids["黄丽华"], called_at=clock.instant(MONDAY, 15), result="no_answer", valid=False))
    for minute, intention in enumerate(("interested", "considering", "considering")):
        session.add(
            Callback(
                client_id=ids["陈国强"], called_at=clock.instant(MONDAY, 16, minute), result="reached",
                maturity_explained=True, intention=intention, valid=True, objection="below_deposit",
            )
        )  # fmt: skip
    contacts.log_contact(session, ids["刘建平"], kind="phone", result="appointment", started_at=clock.now())
    complaint = Complaint(client_id=ids["刘建平"], received_at=clock.instant(MONDAY, 9), status="open")
    session.add(complaint)
    session.flush()
    session.add(ComplaintStep(parent_id=complaint.id, happened_at=clock.instant(MONDAY, 11), what="电话安抚"))
    session.add(Policy(number="P1", applicant_id=ids["陈国强"], effective_on=MONDAY, premium_fen=3_000_000))
    session.add(Policy(number="P2", applicant_id=ids["郑美玲"], matures_on=MONDAY + timedelta(5), status="in_force"))
    return ids


@pytest.fixture
def _evening(moving_clock: MovingClock) -> None:
    moving_clock.set(clock.instant(MONDAY, 18))


@pytest.mark.usefixtures("_evening")
def test_figures_are_counted_from_the_records(store: Store) -> None:
    store.change(a_day)
    found = store.read(diary.figures, MONDAY, PERSON)
    assert (found.calls, found.reached, found.appointments) == (5, 4, 1)
    assert (found.callbacks, found.callbacks_valid, found.callbacks_unreached) == (4, 3, 1)
    assert found.intentions == {"considering": 2, "interested": 1}
    assert found.objections == {"below_deposit": 3}
    assert (found.policies, found.premium_fen) == (1, 3_000_000)
    assert (found.complaints_received, found.complaints_handled, found.complaints_closed) == (1, 1, 0)
    assert found.appointment_rate == "20%"
    assert not found.empty
    assert store.read(diary.figures, MONDAY - timedelta(1), PERSON).empty
    assert store.read(diary.figures, MONDAY, "9" * 32).empty
    assert from_snapshot(found.snapshot() | {"of_a_newer_version": 1}) == found


@pytest.mark.usefixtures("_evening")
def test_a_callback_that_made_a_contact_counts_once(book: Store) -> None:
    def act(session: Session) -> None:
        id = client(session, "王淑珍")
        logged = contacts.log_contact(session, id, kind="phone", result="reached", objection="too_long")
        session.add(
            Callback(
                client_id=id, called_at=clock.now(), result="reached", contact_id=logged.contact_id,
                objection="too_long",
            )
        )  # fmt: skip

    book.change(act)
    found = book.read(diary.figures, MONDAY)
    assert (found.calls, found.reached, found.contacts, found.objections) == (1, 1, 1, {"too_long": 1})


@pytest.mark.usefixtures("_evening")
def test_the_draft_in_chinese(store: Store) -> None:
    i18n.use("zh_CN")
    store.change(a_day)
    found = store.read(diary.draft, MONDAY)
    assert found.source == "已按今天 4 次回访、5 通电话自动汇总"
    assert found.lines == (
        "上午拜访 2 家：陈国强：同意转保「XX 年金」3 万元，约 11-25 双录；恒安物流：续保报价待总公司核保。",
        "下午拜访 1 家：黄丽华：资料已送达。",
        "回访 4 次，有效 3：考虑 2、有意向 1；未接通 1。",
        "其他电话 1 通。",
        "约好见面 1 次。",
        "主要异议：收益低于存款（3 次）。",
        "新增承保 1 件，保费 3.0 万。",
        "投诉：新收 1 件、处理 1 件。",
    )
    assert found.tomorrow == "建议明日优先：郑美玲（7 天内满期）。"


@pytest.mark.usefixtures("_evening")
def test_the_draft_in_english_and_of_an_empty_day(store: Store) -> None:
    found = store.read(diary.draft, MONDAY)
    assert (found.lines, found.tomorrow, found.source) == ((), "", "grows with the records of the day")
    store.change(a_day)
    lines = store.read(diary.draft, MONDAY).lines
    assert lines[2] == "4 callbacks, 3 valid: Considering 2, Interested 1; not reached 1."
    with clock.at(clock.instant(date(2026, 11, 29), 18)):
        due = store.read(diary.draft, date(2026, 11, 29)).tomorrow
    assert due == "Suggested first tomorrow: 刘建平 (complaint due)."


@pytest.mark.usefixtures("_evening")
def test_moved_and_cancelled_visits_are_told(book: Store) -> None:
    ids, _ = book.change(a_day)
    visit, _ = book.change(visits.plan_visit, client_id=ids["郑美玲"], planned_on=MONDAY, slot="10:00")
    book.change(visits.cancel_visit, visit, "客户出差")
    assert "Moved or cancelled: 郑美玲: 客户出差." in book.read(diary.draft, MONDAY).lines


@pytest.mark.usefixtures("_evening")
def test_one_entry_a_day_with_the_figures_of_its_last_save(store: Store) -> None:
    first, changes = store.change(diary.save_diary, MONDAY, happened="上午拜访")
    assert changes.kinds == {"diary"}
    store.change(a_day)
    again, _ = store.change(diary.save_diary, MONDAY, problems="老客户顾虑收益")
    assert first == again
    row = store.read(diary.entry, MONDAY, PERSON)
    assert row is not None
    assert (row.words["happened"], row.words["problems"]) == ("上午拜访", "老客户顾虑收益")
    assert row.figures == store.read(diary.figures, MONDAY)
    store.undo()
    undone = store.read(diary.entry, MONDAY, PERSON)
    assert undone is not None
    assert (undone.words["problems"], undone.figures) == (None, Figures())


@pytest.mark.usefixtures("_evening")
def test_what_cannot_be_saved(book: Store) -> None:
    with pytest.raises(Refused):
        book.change(diary.save_diary, MONDAY + timedelta(1), happened="x")
    with pytest.raises(InvalidFields):
        book.change(diary.save_diary, MONDAY, problems="长" * 2001)
    with pytest.raises(TypeError):
        book.change(diary.save_diary, MONDAY, figures="typed")


@pytest.mark.usefixtures("_evening")
def test_after_the_countersign_edits_become_annotations(open_sqlite: OpenStore) -> None:
    manager = open_sqlite()
    entry_id, _ = manager.change(diary.save_diary, MONDAY, happened="上午拜访", problems="无")
    with pytest.raises(Refused):
        manager.change(diary.countersign, entry_id)

    def sign(session: Session) -> None:  # as it arrives in a package of the office
        row = session.get_one(Diary, entry_id)
        row.countersigned_at, row.countersigned_by_id = clock.now(), "7" * 32

    manager.change(sign)
    manager.change(diary.save_diary, MONDAY, happened="上午拜访，下午回访", problems="无")
    manager.change(diary.save_diary, MONDAY, happened="上午拜访，下午回访", problems="改")
    row = manager.read(diary.entry, MONDAY, PERSON)
    assert row is not None
    assert row.words["happened"] == "上午拜访"
    assert [note.words for note in row.notes] == ["What happened: ，下午回访", "Problems: 改"]
    manager.change(diary.save_diary, MONDAY, evening_notes="长" * 2000)
    words = manager.read(lambda s: s.scalars(select(DiaryNote.words).order_by(DiaryNote.position)).all())
    assert max(map(len, words)) <= 1000


@pytest.mark.usefixtures("_evening")
def test_the_office_checks_and_countersigns(open_sqlite: OpenStore) -> None:
    office = open_sqlite(role="office", person="5" * 32)

    def arrive(session: Session) -> str:
        session.add(Person(id="5" * 32, name="陈敏", role="office"))
        session.add(Person(id=PERSON, name="林晓", role="manager"))
        session.add(Person(id="6" * 32, name="郑川", role="manager"))
        row = Diary(day=MONDAY, owner_id=PERSON, happened="上午拜访", figures={"calls": 3})
        session.add(row)
        session.flush()
        return row.id

    entry_id, _ = office.change(arrive)
    rows = office.read(diary.check_of_day, MONDAY)
    assert [(row.name, row.entry is not None) for row in rows] == [("林晓", True), ("郑川", False)]
    assert rows[0].entry is not None
    assert rows[0].entry.figures == Figures(calls=3)
    office.change(diary.countersign, entry_id, "继续保持")
    with pytest.raises(Refused):
        office.change(diary.countersign, entry_id)
    row = office.read(diary.entry, MONDAY, PERSON)
    assert row is not None
    assert (row.countersigned_by, row.countersign_remark) == ("陈敏", "继续保持")
    assert office.read(diary.month_marks, MONDAY, PERSON) == {MONDAY: diary.Mark(True, True, 0)}
    office.undo()
    assert office.read(diary.month_marks, MONDAY) == {MONDAY: diary.Mark(True, False, 0)}


@pytest.mark.usefixtures("_evening")
def test_the_evening_sheet(book: Store) -> None:
    i18n.use("zh_CN")
    book.change(a_day)
    drafted = diary.evening_sheet_bytes(book.read(diary.evening_paper, MONDAY, PERSON))
    book.change(diary.save_diary, MONDAY, happened="上午拜访㛃", evening_notes="夕会分享")
    saved = diary.evening_sheet_bytes(book.read(diary.evening_paper, MONDAY, PERSON))
    with Pages(drafted) as pages:
        assert "同意转保" in pages.text(0).replace("\n", "")
    with Pages(saved) as pages:
        words = pages.text(0)
        assert len(pages) == 1
        for expected in ("客户经理工作日志", "上午拜访㛃", "夕会分享", "有效回访", "2026-11-23 周一"):
            assert expected in words


def test_no_day_before_the_work_began_is_missing(book: Store) -> None:
    today = clock.today()
    assert book.read(diary.open_day, today, PERSON).since == today
    with clock.at(clock.instant(MONDAY, 9)):
        book.change(
            lambda session: session.add(
                Contact(client_id=client(session, "王淑珍"), kind="phone", started_at=clock.now(), owner_id=PERSON)
            )
        )
    since = book.read(diary.open_day, today, PERSON).since
    assert since == MONDAY
    assert diary.is_missing(MONDAY, MONDAY + timedelta(1), since)
    assert not diary.is_missing(MONDAY - timedelta(3), MONDAY + timedelta(1), since)


@pytest.mark.usefixtures("_evening")
def test_tomorrow_begins_with_what_is_promised(book: Store) -> None:
    def promise(session: Session) -> None:
        on = MONDAY + timedelta(1)
        session.add(
            Task(what="带年金方案", due_on=on, status="open", client_id=client(session, "王淑珍"), owner_id=PERSON)
        )
        session.add(
            Visit(client_id=client(session, "陈国强"), planned_on=on, slot="14:00", status="planned", owner_id=PERSON)
        )

    book.change(promise)
    found = book.read(diary.draft, MONDAY, PERSON).tomorrow
    assert found == "Suggested first tomorrow: 王淑珍 (next step due); 陈国强 (visit planned)."
