"""Looking at a PDF before it is printed or saved: pages below each other, drawn when they come into sight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Progress
from fieldcrm.base.paper.place import put
from fieldcrm.base.paper.preview import Bitmap, Pages
from fieldcrm.ui.kit import choosing, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.theme import colors

_GAP = 16
_KEPT = 12  # drawn pages that are kept
_MOST_DPI = 300  # finer than a printed page can show; a full bitmap of 600 dpi is 140 MB
_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)


def _image(bitmap: Bitmap) -> QImage:
    image = QImage(bitmap.pixels, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32)
    return image.copy()  # Qt does not keep the bytes alive


class PaperView(QAbstractScrollArea):
    """The pages of one PDF, scrolled. `zoom` is pixels per 1/96 inch; None fits the width."""

    page_changed = Signal(int, int)  # page in sight (from 1), pages

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: Pages | None = None
        self._sizes: list[tuple[float, float]] = []
        self._tops: list[float] = []
        self._drawn: dict[tuple[int, int], QImage] = {}
        self.zoom: float | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._draw_next)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Pages"))
        self.verticalScrollBar().valueChanged.connect(self._tell)

    def open(self, content: bytes) -> None:
        """Show a PDF from its first page."""
        self.shut()
        self._pages = Pages(content)
        self._sizes = [self._pages.size(number) for number in range(len(self._pages))]
        self._place()
        self.verticalScrollBar().setValue(0)
        self._tell()

    def shut(self) -> None:
        """Let go of the PDF."""
        self._timer.stop()
        if self._pages is not None:
            self._pages.close()
        self._pages, self._sizes, self._tops = None, [], []
        self._drawn.clear()
        self.viewport().update()

    @property
    def count(self) -> int:
        return len(self._sizes)

    @property
    def page(self) -> int:
        """The page in sight, from 1; 0 without a PDF."""
        middle = self.verticalScrollBar().value() + self.viewport().height() / 3
        return sum(top <= middle for top in self._tops)

    def go(self, page: int) -> None:
        """Scroll to a page, from 1."""
        if self._tops:
            self.verticalScrollBar().setValue(round(self._tops[min(max(page, 1), self.count) - 1]) - _GAP // 2)

    def set_zoom(self, zoom: float | None) -> None:
        """Pixels per 1/96 inch; None fits the width."""
        page = self.page
        self.zoom = zoom
        self._place()
        self.go(page)

    def step_zoom(self, steps: int) -> None:
        """Larger (1) or smaller (-1)."""
        now = self.scale * 72 / 96
        larger = [zoom for zoom in _ZOOMS if zoom > now + 0.01] or [_ZOOMS[-1]]
        smaller = [zoom for zoom in _ZOOMS if zoom < now - 0.01] or [_ZOOMS[0]]
        self.set_zoom(larger[0] if steps > 0 else smaller[-1])

    @property
    def scale(self) -> float:
        """Pixels per point."""
        if self.zoom is not None:
            return self.zoom * 96 / 72
        widest = max((width for width, _height in self._sizes), default=595.0)
        return max(0.2, min(2.4, (self.viewport().width() - 2 * _GAP) / widest))

    def _place(self) -> None:
        scale, top = self.scale, float(_GAP)
        self._tops = []
        for _width, height in self._sizes:
            self._tops.append(top)
            top += height * scale + _GAP
        vertical, horizontal, port = self.verticalScrollBar(), self.horizontalScrollBar(), self.viewport()
        vertical.setRange(0, max(0, round(top) - port.height()))
        vertical.setPageStep(port.height())
        vertical.setSingleStep(48)
        widest = max((width for width, _height in self._sizes), default=0.0) * scale + 2 * _GAP
        horizontal.setRange(0, max(0, round(widest) - port.width()))
        horizontal.setPageStep(port.width())
        port.update()

    def _key(self, number: int) -> tuple[int, int]:
        return number, round(self.scale * self.devicePixelRatioF() * 1000)

    def _in_sight(self) -> list[tuple[int, QRectF]]:
        scale, port = self.scale, self.viewport()
        found = []
        for number, (top, (width, height)) in enumerate(zip(self._tops, self._sizes, strict=True)):
            y = top - self.verticalScrollBar().value()
            if y < port.height() and y + height * scale > 0:
                x = max(_GAP, (port.width() - width * scale) / 2) - self.horizontalScrollBar().value()
                found.append((number, QRectF(x, y, width * scale, height * scale)))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(colors().window))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, box in self._in_sight():
            image = self._drawn.get(self._key(number))
            if image is None:
                painter.fillRect(box, QColor("#FFFFFF"))
                self._timer.start(0)
            else:
                painter.drawImage(box, image)
            painter.setPen(QColor(colors().line))
            painter.drawRect(box)
        painter.end()

    def _draw_next(self) -> None:
        """Draw one page that is in sight; the next one after the window had its turn."""
        waiting = [number for number, _box in self._in_sight() if self._key(number) not in self._drawn]
        if not waiting or self._pages is None:
            return
        bitmap = self._pages.draw_now(waiting[0], self.scale * self.devicePixelRatioF())
        if bitmap is None:  # the printer's thread is drawing
            self._timer.start(30)
            return
        while len(self._drawn) >= _KEPT:
            self._drawn.pop(next(iter(self._drawn)))
        self._drawn[self._key(waiting[0])] = _image(bitmap)
        self.viewport().update()
        if len(waiting) > 1:
            self._timer.start(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Home: lambda: self.go(1),
            Qt.Key.Key_End: lambda: self.go(self.count),
            Qt.Key.Key_Plus: lambda: self.step_zoom(1),
            Qt.Key.Key_Equal: lambda: self.step_zoom(1),
            Qt.Key.Key_Minus: lambda: self.step_zoom(-1),
            Qt.Key.Key_0: lambda: self.set_zoom(None),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            move()

    def _tell(self) -> None:
        self.page_changed.emit(self.page, self.count)


class PaperPreview(QWidget):
    """A preview with its bar: page count, zoom, save, print. Save and print run as jobs."""

    saved = Signal(str)

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._content = b""
        self._name = self._paper = ""
        self.view = PaperView()
        self.count = QLabel()
        self.smaller = Button("−", kind="quiet", small=True)
        self.larger = Button("+", kind="quiet", small=True)
        self.fit = Button(_("Fit width"), kind="quiet", small=True)
        self.save = Button(_("Save as PDF"), icon="download", hint="Ctrl S")
        self.print = Button(_("Print"), kind="primary", icon="printer")
        self.smaller.setAccessibleName(_("Smaller"))
        self.larger.setAccessibleName(_("Larger"))
        bar = QHBoxLayout()
        bar.setContentsMargins(tokens.PAD, 8, tokens.PAD, 8)
        bar.setSpacing(8)
        for widget in (self.count, self.smaller, self.larger, self.fit):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.save)
        bar.addWidget(self.print)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(bar)
        box.addWidget(self.view, 1)
        self.view.page_changed.connect(self._count)
        self.smaller.clicked.connect(lambda: self.view.step_zoom(-1))
        self.larger.clicked.connect(lambda: self.view.step_zoom(1))
        self.fit.clicked.connect(lambda: self.view.set_zoom(None))
        self.save.clicked.connect(self._ask_where)
        self.print.clicked.connect(self._ask_printer)
        save = QShortcut(QKeySequence("Ctrl+S"), self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self._ask_where)

    def open(self, content: bytes, name: str, paper: str = "paper") -> None:
        """Show a PDF; `name` is the file name offered when it is saved (no personal data in it).

        `paper` is its code in the audit log, which notes what is saved or printed.
        """
        self._content, self._name, self._paper = content, name, paper
        self.view.open(content)
        self.view.setFocus()

    def shut(self) -> None:
        """Let go of the PDF."""
        self._content = b""
        self.view.shut()

    def _count(self, page: int, count: int) -> None:
        self.count.setText(_("Page {number} of {total}").format(number=page, total=count))

    def _ask_where(self) -> None:
        path = choosing.save_file(self, _("Save as PDF"), self._name, "PDF (*.pdf)")
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the PDF there; `saved` tells when it is done."""
        content, noted = self._content, self._noted("file")

        def write(progress: Progress) -> None:
            put(path, content)
            noted()

        self._runner.job(_("Saving the PDF"), write, then=lambda _done: self.saved.emit(str(path)), owner=self)

    def _noted(self, how: str) -> Callable[[], object]:
        """What notes this paper in the audit log, for a job's thread."""
        from fieldcrm.base.data import audit

        store, paper = self._runner.store, self._paper
        return lambda: store.change(audit.note, "print", paper=paper, how=how)

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # slow to load, needed seldom

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, max(1, self.view.count))
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer: Any, then: Callable[[], None] | None = None) -> None:
        """Send the pages (all, or those chosen in the dialog) to a QPrinter, as a job that can be cancelled."""
        content, noted = self._content, self._noted("printer")

        def work(progress: Progress) -> None:
            print_pages(content, printer, progress)
            noted()

        self._runner.job(
            _("Printing"),
            work,
            then=lambda _done: then() if then else None,
            owner=self,
        )


def print_pages(content: bytes, printer: Any, progress: Progress) -> None:
    """Draw the PDF's pages on a QPrinter, each on a sheet of its own, turned as the page is."""
    from PySide6.QtGui import QPageLayout, QPageSize

    with Pages(content) as pages:
        first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
        chosen = range(first - 1, min(last, len(pages)))
        progress.begin(_("Printing"), len(chosen))
        printer.setFullPage(True)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        painter: QPainter | None = None
        for done, number in enumerate(chosen):
            width, height = pages.size(number)
            turned = width > height
            printer.setPageOrientation(
                QPageLayout.Orientation.Landscape if turned else QPageLayout.Orientation.Portrait
            )
            if painter is None:
                painter = QPainter(printer)
            else:
                printer.newPage()
            scale = min(printer.resolution(), _MOST_DPI) / 72
            sheet = printer.pageLayout().fullRectPixels(printer.resolution())
            painter.drawImage(QRectF(sheet), _image(pages.draw(number, scale)))
            progress.step(done + 1)
        if painter is not None:
            painter.end()
