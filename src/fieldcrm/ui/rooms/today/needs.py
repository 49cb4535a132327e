"""What needs the person, as a list by deadline; one kind at a time when asked."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.core.today import KINDS, Need, Needs
from fieldcrm.ui.kit import fonts
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.row_list import RowList
from fieldcrm.ui.kit.text import elided_pair
from fieldcrm.ui.kit.theme import colors


class NeedsList(RowList):
    """A chip, who and what, when; `chosen(Need)` by click or Enter, `menu_wanted(Need, global point)`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Needs you"), parent)
        self.kind = ""
        self._chips = 0  # pixels of the widest chip: names stand in one column
        self.clicked.connect(lambda index: self.chosen.emit(self.row_at(index)))

    def show_needs(self, rows: tuple[Need, ...], kind: str = "") -> None:
        """Show all rows, or those of a kind; the place in the list stays."""
        self.kind = kind
        shown = [need for need in rows if kind in ("", need.kind)]
        self._chips = max((chip_width(_(KINDS[k])) for k in {need.kind for need in shown}), default=0)
        self.show_rows(shown)

    def words(self, row: Need) -> str:
        return f"{_(KINDS[row.kind])} {row.line} {row.when}"

    def tip(self, row: Need) -> str:
        return row.line if len(row.line) > _LONG else ""

    def paint_row(self, painter: QPainter, box: QRect, row: Need) -> None:
        c = colors()
        paint_chip(painter, box.left() + 10, box.center().y() + 1, _(KINDS[row.kind]), row.tone)
        left = box.left() + 10 + self._chips + 12
        painter.setFont(fonts.figures())
        wide = painter.fontMetrics().horizontalAdvance(row.when)
        painter.setPen(QColor(c.red.text if row.tone == "red" and row.kind in ("step", "complaint") else c.soft))
        painter.drawText(
            QRect(box.right() - 11 - wide, box.top(), wide + 1, box.height()), Qt.AlignmentFlag.AlignVCenter, row.when
        )
        painter.setPen(QColor(c.text))
        painter.setFont(fonts.font())
        room = QRect(left, box.top(), box.right() - 22 - wide - left, box.height())
        rest = " • " + row.what if row.what else ""
        shown = elided_pair(row.name, rest, painter.fontMetrics(), room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


_LONG = 16  # characters of a line that may be shortened


class KindButton(Button):
    """ "All 26": narrows the list to one kind; `picked(kind)`, empty for all."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", kind="quiet", small=True, icon="funnel", parent=parent)
        self._needs = Needs((), {})
        self.kind = ""
        self._chips = 0  # pixels of the widest chip: names stand in one column
        self.clicked.connect(lambda: self.menu().exec(self.mapToGlobal(self.rect().bottomLeft())))

    def show_needs(self, needs: Needs) -> None:
        self._needs = needs
        if self.kind and self.kind not in needs.counts:
            self.kind = ""
        self._tell()

    def menu(self) -> QMenu:
        """The kinds there are, with their counts."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in ("", *self._needs.counts):
            action = menu.addAction(self._words(kind))
            action.setCheckable(True)
            action.setChecked(kind == self.kind)
            action.triggered.connect(lambda _checked=False, kind=kind: self.pick(kind))
        return menu

    def pick(self, kind: str) -> None:
        self.kind = kind
        self._tell()
        self.picked.emit(kind)

    def _tell(self) -> None:
        self.setText(self._words(self.kind))
        self.updateGeometry()

    def _words(self, kind: str) -> str:
        if not kind:
            return _("All {n}").format(n=f"{self._needs.total:,}")
        return f"{_(KINDS[kind])} {self._needs.counts.get(kind, 0):,}"
