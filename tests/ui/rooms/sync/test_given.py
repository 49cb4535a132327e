"""Short tables of given rows: sorted by a click on the head, jumped to by typing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.rooms.sync.given import GivenTable


@dataclass(frozen=True)
class Row:
    name: str
    count: int | None


ROWS = [Row("Lin", 3), Row("Chen", None), Row("Wu", 12)]


def table(qtbot: QtBot) -> GivenTable:
    columns = [
        ListColumn("name", lambda: "Name", lambda r: r.name),
        ListColumn("count", lambda: "Count", lambda r: str(r.count), Look.NUMBER),
        ListColumn("note", lambda: "Note", lambda r: ""),
    ]
    made = GivenTable("t", columns, lambda r: r.name, {"name": lambda r: r.name, "count": lambda r: r.count})
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    made.show_rows(ROWS)
    return made


def click_head(qtbot: QtBot, made: GivenTable, column: int) -> None:
    at = QPoint(made.head.sectionViewportPosition(column) + 20, made.head.height() // 2)
    qtbot.mouseClick(made.head.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_click_sorts_what_is_empty_comes_last_and_new_rows_keep_the_order(qtbot: QtBot) -> None:
    made = table(qtbot)
    assert [r.name for r in made.given.rows] == ["Lin", "Chen", "Wu"], "as given"
    click_head(qtbot, made, 1)
    assert [r.name for r in made.given.rows] == ["Lin", "Wu", "Chen"]
    click_head(qtbot, made, 1)
    assert [r.name for r in made.given.rows] == ["Wu", "Lin", "Chen"]
    made.show_rows([*ROWS, Row("Zhao", 7)])
    assert [r.name for r in made.given.rows] == ["Wu", "Zhao", "Lin", "Chen"]
    click_head(qtbot, made, 2)
    assert made.given.rows[0].name == "Wu", "a column that says nothing to sort by"


def test_typing_jumps_to_a_row(qtbot: QtBot) -> None:
    made = table(qtbot)
    made.setFocus()
    qtbot.keyClicks(made, "wu")
    assert made.current_row() == ROWS[2]
