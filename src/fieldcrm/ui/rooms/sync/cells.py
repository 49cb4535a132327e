"""The preview of an import: what each package brings, every changed cell old and new, then one button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text
from fieldcrm.core.sync import KEEP, TAKE, CellRow, Looked
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.kit.text import soft
from fieldcrm.ui.rooms.sync.given import GivenTable, SortKey
from fieldcrm.ui.rooms.sync.words import state_words

Decided = dict[tuple[str, str, str], str]


def cell_columns(decided: Decided) -> list[ListColumn]:
    """Record, field, old, new, what was decided, who and when."""
    return [
        ListColumn("title", lambda: _("Record"), lambda r: r.title, Look.PLAIN, 180, tip=_title, ends=True),
        ListColumn("label", lambda: _("Field"), lambda r: r.label, Look.SECONDARY, 110),
        ListColumn("old", lambda: _("Here now"), lambda r: r.old, Look.SECONDARY, 210,
                   tip=lambda r: r.old),
        ListColumn("new", lambda: _("In the package"), lambda r: r.new, width=210,
                   tip=lambda r: r.new),
        ListColumn("decided", lambda: _("Decision"), lambda r: _decision(decided, r)[0], Look.CHIP, 110,
                   lambda r: _decision(decided, r)[1], tip=_why),
        ListColumn("person", lambda: _("Changed by"), lambda r: r.person, width=104),
        ListColumn("at", lambda: _("When"), lambda r: instant_text(r.at), Look.SECONDARY, 110),
    ]  # fmt: skip


SORTS: dict[str, SortKey] = {
    "title": lambda r: (r.title, r.label),
    "label": lambda r: (r.label, r.title),
    "person": lambda r: r.person,
    "at": lambda r: r.at,
}


def _title(row: CellRow) -> str:
    return row.title


def _decision(decided: Decided, row: CellRow) -> tuple[str, str]:
    word = decided.get(row.cell)
    if row.conflict:
        known = {TAKE: (_("Take theirs"), "green"), KEEP: (_("Keep mine"), "blue")}
        return known.get(word or "", (_("Decide later"), "amber"))
    return (_("Refuse"), "red") if word == KEEP else (_("Accept"), "green")


def _why(row: CellRow) -> str:
    if row.conflict:
        return _("Both sides changed it. Until somebody decides, both values are kept and the later one is shown.")
    return "" if row.refusable else _("The office decides this; it cannot be refused here.")


class PreviewCard(Card):
    """Shows packages that were looked into. `wanted(list[Looked], password)` to merge, `left()`; `unlock(password)`.

    Enter, Space or the buttons say of each changed cell whether it is accepted; `decided` holds what was said.
    """

    wanted = Signal(list, str)
    left = Signal()
    unlock = Signal(list, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", padded=False, parent=parent)
        self.looked: list[Looked] = []
        self.password = ""
        self.merge_button = Button(_("Merge"), kind="primary", small=True)
        self.leave_button = Button(_("Not now"), small=True)
        self.password_field = QLineEdit()
        self.password_field.setEchoMode(QLineEdit.EchoMode.Password)
        self.password_field.setPlaceholderText(_("Password of the file"))
        self.password_field.setAccessibleName(_("Password of the file"))
        self.password_field.setMaximumWidth(180)
        self.decided: Decided = {}
        self.take_button = Button(_("Accept"), icon="check", small=True)
        self.keep_button = Button(_("Refuse"), icon="x", small=True, hint="Space")
        self.table = GivenTable(
            "sync.cells", cell_columns(self.decided), lambda r: f"{r.record_id}.{r.field}.{r.at}", SORTS
        )
        self.note = soft("", wrap=True)
        for widget in (
            self.take_button, self.keep_button, self.password_field, self.leave_button, self.merge_button
        ):  # fmt: skip
            self.add_button(widget)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(14, 8, 14, 8)
        row.addWidget(self.note)
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._note_holder = holder
        self.body.addWidget(holder)
        self.body.addWidget(self.table, 1)
        self._rest = QWidget()
        self.body.addWidget(self._rest, 1)
        self.merge_button.clicked.connect(self._merge)
        self.leave_button.clicked.connect(self.left)
        self.password_field.returnPressed.connect(self._try_password)
        self.take_button.clicked.connect(lambda: self.decide(TAKE))
        self.keep_button.clicked.connect(lambda: self.decide(KEEP))
        self.table.opened.connect(lambda _id: self.turn())
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self.table)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self.turn)
        self.table.menu_wanted.connect(self._menu)
        self.table.current_changed.connect(lambda _id: self._show_words())

    def decide(self, word: str) -> None:
        """Accept or refuse the selected cells; what only the office may say stays accepted."""
        for row in self._selected():
            if word == KEEP and not row.refusable:
                continue
            if word == TAKE and not row.conflict:
                self.decided.pop(row.cell, None)
            else:
                self.decided[row.cell] = word
        self.table.viewport().update()
        self._show_words()

    def turn(self) -> None:
        """The other way round for the selected cells."""
        row = self.table.current_row()
        if row is not None:
            self.decide(TAKE if self.decided.get(row.cell) == KEEP else KEEP)

    def _selected(self) -> list[CellRow]:
        rows = self.table.given.rows
        return [row for first, last in self.table.selected_ranges() for row in rows[first : last + 1]]

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button, word in ((self.take_button, TAKE), (self.keep_button, KEEP)):
            action = menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(lambda _checked=False, word=word: self.decide(word))
        menu.popup(at)

    def _show_words(self) -> None:
        row = self.table.current_row()
        clash = row is not None and row.conflict
        self.take_button.setText(_("Take theirs") if clash else _("Accept"))
        self.keep_button.setText(_("Keep mine") if clash else _("Refuse"))
        self.keep_button.setEnabled(row is None or row.refusable)
        ready = [x for x in self.looked if x.received.state == "ready"]
        kept = sum(self.decided.get(cell.cell) == KEEP for x in ready for cell in x.cells)
        words = _("Merge") if len(ready) < 2 else _("Merge {n} packages").format(n=len(ready))
        if self.looked and not ready:
            words = _("Keep until it fits")
        self.leave_button.setText(_("Not now") if not self.merge_button.isHidden() else _("Close"))
        self.merge_button.setText(words + (" · " + _("{n} kept").format(n=kept) if kept else ""))

    def show_looked(self, looked: Sequence[Looked], password: str = "") -> None:
        """Show what these packages would change."""
        self.looked, self.password = list(looked), password
        ready = [x for x in self.looked if x.received.state == "ready"]
        locked = [x for x in self.looked if x.locked]
        cells = [cell for x in ready for cell in x.cells]
        self.set_title(self._heading())
        self.set_subtitle(self._counts(ready))
        self.note.setText(self._note(ready, cells))
        self._note_holder.setVisible(bool(self.note.text()))
        self.table.setVisible(bool(cells))
        self._rest.setVisible(not cells)
        self.setMaximumHeight(16_777_215 if cells else tokens.CARD_HEAD + 34 + 18 * len(self.note.text().splitlines()))
        self.table.show_rows(cells)
        self.password_field.setVisible(bool(locked))
        self.password_field.clear()
        waits = any(x.received.state == "held" for x in self.looked)
        self.merge_button.setVisible(bool(ready) or waits)
        for button in (self.take_button, self.keep_button):
            button.setVisible(bool(cells))
        self._show_words()
        (self.password_field if locked else self.merge_button if ready else self.leave_button).setFocus()

    def _heading(self) -> str:
        if len(self.looked) == 1:
            one = self.looked[0].received
            if one.number:
                sender = one.sender.rpartition(" · ")[2]  # the unit stands in the list; the counts need the room
                return _("Package {n} from {sender}").format(n=one.number, sender=sender)
            return self.looked[0].path.name
        return ngettext("{n} package", "{n} packages", len(self.looked)).format(n=len(self.looked))

    def _counts(self, ready: Sequence[Looked]) -> str:
        if not ready:
            return state_words(self.looked[0].received.state)[0] if len(self.looked) == 1 else ""
        new, changed = (sum(getattr(x.received, n) for x in ready) for n in ("new", "changed"))
        cells, conflicts = sum(x.cell_count for x in ready), sum(x.received.conflicts for x in ready)
        parts = [_("{n} new").format(n=f"{new:,}")] if new else []
        if cells:
            parts.append(ngettext("{n} record changed", "{n} records changed", changed).format(n=f"{changed:,}"))
            parts.append(ngettext("{n} cell", "{n} cells", cells).format(n=f"{cells:,}"))
        if conflicts:
            parts.append(ngettext("{n} conflict to decide", "{n} conflicts to decide", conflicts).format(n=conflicts))
        return " · ".join(parts)

    def _note(self, ready: Sequence[Looked], cells: Sequence[CellRow]) -> str:
        lines = []
        for x in self.looked:
            if x.received.state in ("refused", "held"):
                lines.append(f"{x.path.name}: {x.received.reason}" if len(self.looked) > 1 else x.received.reason)
            elif x.received.state == "repeated" and len(self.looked) == 1:
                lines.append(_("Everything in it is here already; merging it changes nothing."))
        total = sum(x.cell_count for x in ready)
        if ready and not total:
            lines.append(_("It changes no cell of a record that is here; it only brings new ones."))
        if total > len(cells):
            lines.append(_("The first {n} changed cells are shown.").format(n=f"{len(cells):,}"))
        return "\n".join(lines)

    def _merge(self) -> None:
        self.wanted.emit([x for x in self.looked if x.received.state in ("ready", "held")], self.password)

    def _try_password(self) -> None:
        if self.password_field.text():
            self.unlock.emit(self.looked, self.password_field.text())
