"""The preview of a PDF: pages drawn when seen, zoomed, saved and printed by real clicks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data import audit
from fieldcrm.base.data.store import Store
from fieldcrm.base.paper.preview import Pages
from fieldcrm.core.visits import DayPaper, PlanPaper, StopPaper, visit_plan_bytes
from fieldcrm.ui.kit.paper_view import PaperPreview
from fieldcrm.ui.kit.runner import Runner

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def content() -> bytes:
    stop = StopPaper("10:00", 60, "王淑珍", navigate_to="福州市台江区工业路211号")
    return visit_plan_bytes(PlanPaper(tuple(DayPaper(MONDAY + timedelta(n), (stop,) * 3) for n in range(5))))


@pytest.fixture
def preview(qtbot: QtBot, content: bytes, book: Store) -> Iterator[PaperPreview]:
    runner = Runner(book)
    widget = PaperPreview(runner)
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    widget.show()
    qtbot.waitExposed(widget)
    widget.open(content, "visit-plan.pdf", "visit_plan")
    yield widget
    widget.shut()
    runner.close()


def test_pages_are_drawn_when_they_come_into_sight(qtbot: QtBot, preview: PaperPreview) -> None:
    view = preview.view
    assert view.count == 5
    assert preview.count.text() == "Page 1 of 5"
    qtbot.waitUntil(lambda: bool(view._drawn))
    shown = view.viewport().grab().toImage()
    grey = {shown.pixelColor(x, 200).lightness() for x in range(0, shown.width(), 3)}
    assert min(grey) < 120 < 250 < max(grey)  # ink on white paper
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert preview.count.text() == "Page 5 of 5"
    qtbot.waitUntil(lambda: any(number == 4 for number, _scale in view._drawn))


def test_zoom_keeps_the_page(qtbot: QtBot, preview: PaperPreview) -> None:
    view = preview.view
    view.go(3)
    before = view.scale
    qtbot.mouseClick(preview.larger, Qt.MouseButton.LeftButton)
    assert view.scale > before
    assert view.page == 3
    qtbot.mouseClick(preview.fit, Qt.MouseButton.LeftButton)
    assert view.scale == before


def noted(session: Session) -> list[tuple[str, dict[str, str]]]:
    return [(entry.what, entry.codes) for entry in session.scalars(select(audit.Audit))]


def test_saving(qtbot: QtBot, preview: PaperPreview, content: bytes, tmp_path: Path, book: Store) -> None:
    with qtbot.waitSignal(preview.saved):
        preview.save_to(tmp_path / "plan.pdf")
    assert (tmp_path / "plan.pdf").read_bytes() == content
    assert book.read(noted) == [("print", {"paper": "visit_plan", "how": "file"})]


def test_printing(qtbot: QtBot, preview: PaperPreview, tmp_path: Path, book: Store) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setFromTo(2, 4)
    printed: list[bool] = []
    preview.print_on(printer, then=lambda: printed.append(True))
    qtbot.waitUntil(lambda: bool(printed), timeout=20_000)
    assert book.read(noted) == [("print", {"paper": "visit_plan", "how": "printer"})]
    with Pages((tmp_path / "printed.pdf").read_bytes()) as pages:
        assert len(pages) == 3
        assert pages.size(0) == pytest.approx((595, 842), abs=2)
