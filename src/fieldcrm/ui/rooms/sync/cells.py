"""The preview of an import: what each package brings, every changed cell old and new, then one button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text
from fieldcrm.core.sync import CellRow, Looked
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.kit.text import soft
from fieldcrm.ui.rooms.sync.given import GivenTable
from fieldcrm.ui.rooms.sync.words import state_words


def cell_columns() -> list[ListColumn]:
    """Record, field, old, new, who and when."""
    return [
        ListColumn("title", lambda: _("Record"), lambda r: r.title, Look.STRONG, 220, sortable=False),
        ListColumn("label", lambda: _("Field"), lambda r: r.label, Look.SECONDARY, 130, sortable=False),
        ListColumn("old", lambda: _("Here now"), lambda r: r.old, Look.SECONDARY, 220, sortable=False),
        ListColumn("new", lambda: _("In the package"), lambda r: r.new, width=220, sortable=False),
        ListColumn("person", lambda: _("Changed by"), lambda r: r.person, width=100, sortable=False),
        ListColumn("at", lambda: _("When"), lambda r: instant_text(r.at), Look.SECONDARY, 120, sortable=False),
    ]


class PreviewCard(Card):
    """Shows packages that were looked into. `wanted(list[Looked], password)` to merge, `left()`; `unlock(password)`."""

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
        self.table = GivenTable("sync.cells", cell_columns(), lambda r: f"{r.record_id}.{r.field}.{r.at}")
        self.note = soft("", wrap=True)
        for widget in (self.password_field, self.leave_button, self.merge_button):
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
        self.merge_button.setVisible(bool(ready))
        count = len(ready)
        self.merge_button.setText(_("Merge") if count < 2 else _("Merge {n} packages").format(n=count))
        (self.password_field if locked else self.merge_button if ready else self.leave_button).setFocus()

    def _heading(self) -> str:
        if len(self.looked) == 1:
            one = self.looked[0].received
            if one.number:
                return _("Package {n} from {sender}").format(n=one.number, sender=one.sender)
            return self.looked[0].path.name
        return ngettext("{n} package", "{n} packages", len(self.looked)).format(n=len(self.looked))

    def _counts(self, ready: Sequence[Looked]) -> str:
        if not ready:
            return state_words(self.looked[0].received.state)[0] if len(self.looked) == 1 else ""
        new, changed = (sum(getattr(x.received, n) for x in ready) for n in ("new", "changed"))
        cells, conflicts = sum(x.cell_count for x in ready), sum(x.received.conflicts for x in ready)
        parts = [_("{n} new").format(n=f"{new:,}")] if new else []
        if cells:
            parts.append(_("{n} records changed in {m} cells").format(n=f"{changed:,}", m=f"{cells:,}"))
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
        self.wanted.emit([x for x in self.looked if x.received.state == "ready"], self.password)

    def _try_password(self) -> None:
        if self.password_field.text():
            self.unlock.emit(self.looked, self.password_field.text())
