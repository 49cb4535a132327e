"""What a look at every page found, as rules: nothing is cut that says something, what is done stays in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.core import clients, complaints, demo, policies, tasks
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.chips import Chip
from fieldcrm.ui.kit.table import TableView
from fieldcrm.ui.kit.text import elided_pair
from fieldcrm.ui.kit.theme import theme
from support.clocks import MovingClock
from support.desks import OpenDesk, page_of, settle

LAPTOP, SMALLEST, NARROW = (1366, 768), (1280, 720), (1093, 614)
SCALED = (911, 512)  # a laptop of 1366 px at 150 %
LONG = ("欧阳上官司马诸葛㛃䶮𠮷" * 4)[:40]


def fill(session: Session) -> str:
    """One client with a long name, forty tags, a policy to call about and a complaint; gives the id."""
    client = clients.add_client(
        session,
        {"type": "person", "name": LONG, "phones": [{"number": "13805910032"}], "consent": True, "grade": "A",
         "tags": [f"养老规划黄金期{n:02}" for n in range(40)]},
    )  # fmt: skip
    policies.add_policy(
        session,
        {"number": "202135019900002217", "product_name": "千里马两全（分红）", "applicant_id": client,
         "line": "participating", "premium_fen": 12_000_000, "principal_fen": 12_000_000,
         "matures_on": clock.today().replace(day=28), "status": "in_force", "pay_mode": "single"},
    )  # fmt: skip
    complaints.register_complaint(session, client_id=client, received_at=clock.now(), source="client", point="收益低")
    for n in range(30):
        tasks.add_step(session, client_id=client, what=f"再次致电并说明差额 {n}", due_on=clock.today())
    return client


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> str:
    i18n.use(str(request.param))
    return str(request.param)


def place(widget: QWidget, within: QWidget) -> QPoint:
    return widget.mapTo(within, QPoint(0, 0))


def test_a_long_name_leaves_the_phone_of_a_call_in_sight(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk
) -> None:
    book.change(fill)
    page = page_of(open_desk(book, "callbacks", LAPTOP), "callbacks")
    who = page.sprint.who
    assert who.name.text().endswith("…")
    assert who.name.toolTip() == LONG
    assert place(who.name, who).x() >= 0
    assert who.name.geometry().right() <= who.phone.geometry().left() + 14
    assert who.name.width() >= who.name.sizeHint().width()


def test_saving_a_call_is_always_in_sight(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    """With every field of a call shown and a bar below the page; what scrolls is the fields."""
    demo.fill(book, 60, 1)
    bench = open_desk(book, "callbacks", SMALLEST)
    bench.undo_bar.offer_undo("…", lambda: None)
    page = page_of(bench, "callbacks")
    form = page.sprint.form
    form.editor.entry("result").set_value("reached")
    form.editor.entry("result").changed.emit()
    form.editor.entry("intention").set_value("refused")
    form.editor.entry("intention").changed.emit()
    settle(qtbot, bench)
    low = place(form.save_button, form).y() + form.save_button.height()
    assert low <= form.height()
    assert form.save_button.visibleRegion().boundingRect().size() == form.save_button.size()


def test_the_script_of_a_call_comes_before_what_was(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    demo.fill(book, 60, 1)
    bench = open_desk(book, "callbacks", LAPTOP)
    page = page_of(bench, "callbacks")
    page.resize(page.width(), page.height() - 46)  # the bar below the page after each call
    assert not page.sprint.script._scroll.verticalScrollBar().isVisible()


def test_many_tags_do_not_push_the_lines_of_a_client_away(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk
) -> None:
    book.change(fill)
    page = page_of(open_desk(book, "clients", LAPTOP), "clients")
    chips = [chip for chip in page.card.head._line.findChildren(Chip) if chip.isVisible()]
    assert chips[-1].text() == "+35"
    assert chips[-1].toolTip().startswith("养老规划黄金期05")
    assert page.card.lines.height() >= 5 * tokens.ROW


def test_the_buttons_of_a_complaint_stand_in_one_row(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    book.change(fill)
    case = page_of(open_desk(book, "complaints", SMALLEST), "complaints").case
    shown = [button for n in range(case.buttons.count()) if (button := case.buttons.itemAt(n).widget()).isVisible()]
    assert len(shown) == 5
    assert len({button.y() for button in shown}) == 1


def test_the_draft_on_today_ends_with_a_whole_line(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    book.change(fill)
    demo.fill(book, 60, 1)
    for size in (LAPTOP, SMALLEST, NARROW):
        bench = open_desk(book, "today", size)
        diary = page_of(bench, "today").diary
        line = diary.words.fontMetrics().lineSpacing()
        for said in ("第一行\n" * 30, "14 callbacks, 13 valid: Interested 4, Considering 4, Keeps it 2; " * 3):
            diary.words.setText(said)
            diary.tomorrow.setText("Suggested first tomorrow: 刘建平 (complaint due); 刘德福, 倪玉珠, 王强 " * 20)
            diary._fit()
            qtbot.waitUntil(lambda diary=diary: diary._scroll.height() <= diary.height())
            settle(qtbot, bench)
            shown = diary._scroll.height()
            below = diary.tomorrow.y() if shown > diary.tomorrow.y() else 0
            whole = not diary._scroll.verticalScrollBar().isVisible()
            assert whole or (shown - below) % line == 0, (size, said[:3])


def test_a_name_and_what_is_said_of_it_are_both_said() -> None:
    """Of what needs a person, and of a conflict: the field is not lost behind a long name."""
    metrics = QFontMetrics(fonts.font())
    said = elided_pair(LONG, " • 送计划书", metrics, 280)
    assert said.startswith("欧阳上官")
    assert said.endswith("… • 送计划书")
    assert metrics.horizontalAdvance(said) <= 280
    assert elided_pair("王淑珍", " • 送计划书", metrics, 280) == "王淑珍 • 送计划书"
    assert metrics.horizontalAdvance(elided_pair("王淑珍", " • 送计划书", metrics, 60)) <= 60


def test_the_figures_of_today_are_whole(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    def dear(session: Session) -> None:
        client = clients.add_client(session, {"type": "person", "name": "王淑珍", "consent": True})
        for n in range(234):
            policies.add_policy(
                session,
                {"number": f"{n:08}", "applicant_id": client, "line": "participating", "premium_fen": 12_345_678_912,
                 "matures_on": clock.today(), "status": "in_force"},
            )  # fmt: skip

    book.change(dear)
    page = page_of(open_desk(book, "today", LAPTOP), "today")
    for key, tile in page.tiles.items():
        assert not tile.shortened, key


def test_nothing_scrolls_sideways_at_125_percent(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    """A laptop of 1366 × 768 at 125 %: the list of clients leaves out what the pane says, the diary fits."""
    demo.fill(book, 60, 1)
    bench = open_desk(book, "clients", NARROW)
    for key in ("clients", "policies", "complaints"):
        bench.go(key)
        settle(qtbot, bench)
        assert not page_of(bench, key).findChild(TableView).horizontalScrollBar().isVisible(), key
    bench.go("clients")
    table = page_of(bench, "clients").findChild(TableView)
    assert {"name", "grade", "policy", "due_on"} <= {c.key for c in table.columns.shown()}
    bench.go("diary")
    settle(qtbot, bench)
    for area in bench.findChildren(QScrollArea):
        assert not (area.isVisible() and area.horizontalScrollBar().isVisible())
    bench.resize(*LAPTOP)
    bench.go("clients")
    settle(qtbot, bench)
    assert "contacted_on" in [c.key for c in table.columns.shown()]
    bench.resize(*NARROW)
    settle(qtbot, bench)
    table.columns.show("contacted_on", True)  # asked for: it stays
    assert "contacted_on" in [c.key for c in table.columns.shown()]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_a_field_wants_can_be_read_before_it_is_filled(qtbot: QtBot, mode: str) -> None:
    theme.apply(mode)
    line = QLineEdit()
    qtbot.addWidget(line)
    theme.dress(line)
    line.setPlaceholderText("姓名、拼音首字母或尾号四位")
    line.resize(300, 30)
    picture = line.grab().toImage()
    lights = [luminance(picture.pixelColor(x, y).name()) for x in range(10, 200) for y in range(6, 24)]
    low, high = min(lights), max(lights)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def luminance(color: str) -> float:
    parts = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_no_page_widens_a_small_window_while_it_takes_the_place_of_another(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    bench = open_desk(book, "visits", SCALED)
    for key in ("callbacks", "visits", "sync", "diary", "visits", "complaints", "sync", "callbacks", "diary", "today"):
        bench.go(key)
        settle(qtbot, bench)
        assert bench.width() == SCALED[0], key


def test_a_call_is_read_whole_in_a_small_window(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    """The advice is as high as its words, and no column of the policies begins left of the card."""
    demo.fill(book, 60, 1)
    bench = open_desk(book, "callbacks", SCALED)
    sprint = page_of(bench, "callbacks").sprint
    settle(qtbot, bench)
    assert sprint.advice.height() >= sprint.advice.heightForWidth(sprint.advice.width())
    for panel in (sprint.advice.panels.itemAt(n).widget() for n in range(sprint.advice.panels.count())):
        assert panel.height() >= panel.heightForWidth(panel.width())
    assert sprint.who.table.policies
    assert all(left >= 10 for left, _right in sprint.who.table._edges())
