"""The status bar: always honest about saved, encrypted, not yet sent, confirmed, backed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text, within
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.text import Elided
from fieldcrm.ui.kit.theme import colors

_LEAST = 120  # px of the right words


@dataclass(frozen=True)
class Facts:
    """What is known of the book's safety; None: not known (nothing is said)."""

    encrypted: bool = False
    server: bool = False  # the data lies on a database server, not in a local file
    unsent: int | None = None  # changes that no package has carried yet
    sent_at: datetime | None = None
    sent_number: int | None = None
    confirmed_number: int | None = None
    backup_at: datetime | None = None
    connected: bool = True  # the database answered when it was asked last
    office: Any = None  # core.sync.OfficeStatus at an office


class StatusBar(QWidget):
    """`show_facts(facts)`, `set_saving(bool)`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(tokens.STATUS)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.EDGE + 11, 1, tokens.EDGE, 0)
        row.setSpacing(18)
        self.left = Elided(size=tokens.SMALL, token="soft")  # noqa: S106
        self.right = Elided(size=tokens.SMALL, token="soft", align=Qt.AlignmentFlag.AlignRight)  # noqa: S106
        row.addWidget(self.left, 1)
        row.addWidget(self.right)
        self.facts = Facts()
        self._saving = False
        self._write()

    def show_facts(self, facts: Facts) -> None:
        self.facts = facts
        self._write()

    def set_saving(self, saving: bool) -> None:
        self._saving = saving
        self._write()

    def _write(self) -> None:
        self.left.setText("　".join(self._parts()))
        self.right.setText(self._right())
        self._share()
        self.update()

    def _share(self) -> None:
        """Where both do not fit, the right one is cut: what is not safe yet stands at the left."""
        margins, gap = self.layout().contentsMargins(), self.layout().spacing()  # type: ignore[union-attr]
        room = self.width() - margins.left() - margins.right() - gap
        self.right.setMaximumWidth(max(_LEAST, min(self.right.sizeHint().width(), room - self.left.sizeHint().width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _right(self) -> str:
        office, at = self.facts.office, self.facts.backup_at
        if office is None and self.facts.unsent is None:
            return ""  # a moment after the unlock nothing is known yet
        if office is None or office.undo_at is None:
            return _backup_words(at, self.facts.server)
        if office.undo_count > 1:
            what = ngettext("{n} package", "{n} packages", office.undo_count).format(n=office.undo_count)
        else:
            what = " · ".join(p for p in (office.undo_source, _("package {n}").format(n=office.undo_number)) if p)
        return _("Can be undone: last merge ({when} {what})").format(
            when=within(instant_text(office.undo_at)), what=what
        )

    def _parts(self) -> list[str]:
        facts = self.facts
        saved = _("Saving…") if self._saving else _("Saved")
        server = _("Database PostgreSQL · connected") if facts.connected else _("Database PostgreSQL · no answer")
        where = server if facts.server else _("Data encrypted") if facts.encrypted else ""
        parts = [" · ".join(p for p in (saved, where) if p)]
        if facts.office is not None:
            if facts.office.received:
                merged = _("Merged today {n} of {m}")
                parts.append(merged.format(n=f"{facts.office.merged:,}", m=f"{facts.office.received:,}"))
            if facts.office.undo_at is not None and (kept := _backup_words(facts.backup_at, facts.server)):
                parts.append(kept)
        if facts.unsent is not None:
            n = facts.unsent
            parts.append(ngettext("{n} change not sent yet", "{n} changes not sent yet", n).format(n=f"{n:,}"))
        if facts.sent_at is not None:
            words = [_("Last sent {when}").format(when=within(instant_text(facts.sent_at)))]
            if facts.sent_number is not None:
                words.append(_("package {n}").format(n=facts.sent_number))
            if facts.confirmed_number is not None:
                words.append(_("head office confirmed up to {n}").format(n=facts.confirmed_number))
            parts.append(" · ".join(words))
        return parts

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.card))
        painter.fillRect(QRectF(0, 0, self.width(), 1), QColor(c.line))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        tone = c.red if not self.facts.connected else c.amber if self._saving else c.green
        painter.setBrush(QColor(tone.fill))
        painter.drawEllipse(QRectF(tokens.EDGE, self.height() / 2 - 3, 7, 7))


def _backup_words(at: datetime | None, server: bool) -> str:
    """The last backup; a database server keeps its own."""
    if server:
        return ""
    return _("Last backup {when}").format(when=within(instant_text(at))) if at else _("No backup yet")
