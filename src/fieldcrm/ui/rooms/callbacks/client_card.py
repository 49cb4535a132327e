"""The middle of the sprint: who is called with the policies, what to suggest and why, what to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base import forms
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import age_words, capital, day_text, money
from fieldcrm.core.timeline import Entry
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, Panel
from fieldcrm.ui.kit.chips import Chip, chip_width, paint_chip
from fieldcrm.ui.kit.lines import Lines, time_lines
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.kit.text import Label, soft
from fieldcrm.ui.kit.theme import colors

_TOLD = 60  # px in which a policy is told by its last digits
_NAMED = 120  # pixels below which the product goes without the policy's last digits
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"


class PolicyTable(QWidget):
    """The client's policies, painted; the one the call is about is marked, a click or arrow keys choose another."""

    chosen = Signal(str)
    SHOWN = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.policies: tuple[Any, ...] = ()
        self.chosen_id: str | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Policies"))

    def show_policies(self, policies: tuple[Any, ...], chosen_id: str | None) -> None:
        self.policies, self.chosen_id = policies, chosen_id
        several = len(policies) > 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if several else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if several else Qt.CursorShape.ArrowCursor)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, 32 + tokens.ROW * max(1, len(self.policies)))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def _edges(self) -> list[tuple[int, int]]:
        """Left and right of the five columns: the figures take what they need, the product has the rest.

        On a narrow card the premium gives way (an empty column), being neither paid out nor compared; where even the
        day would be cut, both sums.
        """
        figures = QFontMetrics(fonts.figures())
        heads = [_("Premium"), _("Pays out"), _("As deposit")]
        sums = [[p.premium_fen for p in self.policies], [p.benefit_fen for p in self.policies],
                [p.deposit_fen for p in self.policies]]  # fmt: skip
        widths = [
            max(figures.horizontalAdvance(w) for w in (head, *(money(v) for v in values))) + 14
            for head, values in zip(heads, sums, strict=True)
        ]
        day = max((self._day_width(p) for p in self.policies), default=70)
        if self.width() - 28 - sum(widths) - day < _TOLD:
            widths[0] = 0
        if self.width() - 28 - sum(widths) - day < 0:
            widths = [0, 0, 0]
        right = self.width() - 10
        edges: list[tuple[int, int]] = []
        for width in widths[::-1]:
            edges.insert(0, (right - max(0, width - 12), right))
            right -= width
        return [(10, right - day - 8), (right - day, right), *edges]

    def _day_width(self, policy: Any) -> int:
        words = QFontMetrics(fonts.figures()).horizontalAdvance(day_of(policy)) if day_of(policy) else 0
        return max(48, words + 4 + chip_width(left_words(policy)))

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        edges = self._edges()
        painter.fillRect(QRect(0, 0, self.width(), 31), QColor(c.head))
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(0, 31, self.width(), 31)
        heads = [_("Policy"), _("Matures"), _("Premium"), _("Pays out"), _("As deposit")]
        painter.setFont(fonts.font(tokens.FONT))
        painter.setPen(QColor(c.soft))
        for number, (head, (left, right)) in enumerate(zip(heads, edges, strict=True)):
            if right > left:
                _put(painter, left, right, 15, head, number >= 2)
        for number, policy in enumerate(self.policies):
            self._row(painter, edges, 32 + number * tokens.ROW, policy)
        if not self.policies:
            painter.setPen(QColor(c.soft))
            _put(painter, 10, self.width() - 10, 32 + tokens.ROW // 2, _("No policy in force"), False)

    def _row(self, painter: QPainter, edges: list[tuple[int, int]], top: int, policy: Any) -> None:
        c = colors()
        middle = top + tokens.ROW // 2
        if len(self.policies) > 1 and policy.id == self.chosen_id:
            painter.fillRect(QRect(0, top, self.width(), tokens.ROW), QColor(c.selection))
        painter.setPen(QColor(c.line_soft))
        if policy is not self.policies[-1]:
            painter.drawLine(0, top + tokens.ROW - 1, self.width(), top + tokens.ROW - 1)
        painter.setFont(fonts.font(tokens.FONT))
        painter.setPen(QColor(c.text))
        words = f"••{policy.tail} {policy.product}"
        room = edges[0][1] - edges[0][0]
        narrow = painter.fontMetrics().horizontalAdvance(words) > room < _NAMED
        _put(painter, *edges[0], middle, policy.product if narrow else words, False)
        painter.setFont(fonts.figures())
        left, right = edges[1]
        day = day_of(policy)
        if day:
            _put(painter, left, right, middle, day, False)
            left += painter.fontMetrics().horizontalAdvance(day) + 4
        if words := left_words(policy):
            paint_chip(painter, left, middle, words, policy.tone, right - left)
        painter.setFont(fonts.figures())
        compared = c.red.text if policy.deposit_higher else c.text
        sums = (policy.premium_fen, c.text), (policy.benefit_fen, c.text), (policy.deposit_fen, compared)
        for edge, (fen, shade) in zip(edges[2:], sums, strict=True):
            painter.setPen(QColor(shade))
            if edge[1] > edge[0]:
                _put(painter, *edge, middle, money(fen), True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = (int(event.position().y()) - 32) // tokens.ROW
        if 0 <= at < len(self.policies) and len(self.policies) > 1:
            self._choose(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = next((n for n, p in enumerate(self.policies) if p.id == self.chosen_id), 0)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= here + step < len(self.policies):
            self._choose(here + step)
        else:
            super().keyPressEvent(event)

    def _choose(self, at: int) -> None:
        self.chosen_id = self.policies[at].id
        self.update()
        self.chosen.emit(self.chosen_id)


def day_of(policy: Any) -> str:
    """`12-03`; empty when the policy does not mature."""
    return "" if policy.matures_on is None else day_text(policy.matures_on)


def left_words(policy: Any) -> str:
    """`13 天`, `已满期`, `终身`; empty when nothing is known."""
    if policy.whole_life:
        return capital(_("for life"))
    if policy.days_left is None:
        return ""
    if policy.days_left < 0:
        return capital(_("matured"))
    if policy.days_left == 0:
        return capital(_("today"))
    return ngettext("{n} day", "{n} days", policy.days_left).format(n=policy.days_left)


def _put(painter: QPainter, left: int, right: int, middle: int, text: str, at_right: bool) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, right - left + 2))
    side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(left, middle - 13, right - left + 2, 26, side | Qt.AlignmentFlag.AlignVCenter, shown)


class WhoCard(Card):
    """Name, age, stage of life, outlet, phone (masked; a click shows it and says so), and the policies."""

    reveal_wanted = Signal()
    policy_chosen = Signal(str)
    client_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        self._called = ""
        head = QWidget()
        head.setFixedHeight(tokens.CARD_HEAD)
        head.setMinimumWidth(240)  # chips that find no room go
        row = QHBoxLayout(head)
        row.setContentsMargins(tokens.PAD, 0, tokens.PAD, 0)
        row.setSpacing(8)
        self.name = Button("", kind="quiet")
        self.name.token = "text"  # noqa: S105 a colour's name
        self.name.setFont(fonts.font(tokens.LARGE + 1, True))
        self.name.clicked.connect(self.client_wanted)
        self.about, self.stage, self.outlet = Chip(), Chip(), Chip()
        self.phone = Button("", icon="phone", small=True)
        self.phone.setToolTip(_("Show the whole number (this is logged)"))
        self.phone.clicked.connect(self.reveal_wanted)
        row.addSpacing(-14)
        row.addWidget(self.name)
        row.addSpacing(-14)
        for chip in (self.about, self.stage, self.outlet):
            row.addWidget(chip)
        row.addStretch()
        row.addWidget(self.phone)
        self.table = PolicyTable()
        self.table.chosen.connect(self.policy_chosen)
        self.body.addWidget(head)
        self._area = scrolled(self.table)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self._area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_card(self, card: Any) -> None:
        self._called = card.name
        self.about.set(capital(" · ".join(filter(None, (age_words(card.age), card.sex)))), "blue")
        self.stage.set(card.stage, "amber")
        self.outlet.set(card.outlet, "grey")
        self.phone.setText(card.phone)
        self.phone.setVisible(bool(card.phone))
        self.phone.updateGeometry()
        self.table.show_policies(card.policies, card.policy_id)
        shown = min(len(card.policies), PolicyTable.SHOWN)
        self._area.setFixedHeight(32 + tokens.ROW * max(1, shown))
        self._fit()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Chips that find no room go, the last one first; a name longer than what is left then ends in …."""
        room = self.width() - 2 * tokens.PAD
        room -= self.phone.sizeHint().width() + 16 if self.phone.text() else 0
        metrics = QFontMetrics(self.name.font())
        shown = metrics.elidedText(self._called, Qt.TextElideMode.ElideRight, room)
        self.name.setText(shown)
        self.name.setToolTip(_("Open the client") if shown == self._called else self._called)
        self.name.updateGeometry()
        room -= self.name.sizeHint().width() - 28
        for chip in (self.about, self.stage, self.outlet):
            room -= chip_width(chip.text()) + 8 if chip.text() else 0
            chip.setVisible(bool(chip.text()) and room >= 0)


class AdviceCard(Card):
    """What to offer, by which rule, and why; a click takes an offer into the form."""

    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Suggestion"), parent=parent)
        self.set_compact()
        self.panels = QGridLayout()
        self.panels.setSpacing(12)
        self.notes = soft("", wrap=True)
        self.body.addLayout(self.panels)
        self.body.addWidget(self.notes)
        self.body.setContentsMargins(tokens.PAD, 11, tokens.PAD, 13)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_advice(self, advice: Any) -> None:
        self.set_subtitle(_("Rules: {version} · {reason}").format(
            version=version_words(advice.version), reason=advice.reason))  # fmt: skip
        while (item := self.panels.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, offer in enumerate(advice.offers):
            panel = Panel("blue" if number == 0 else "grey", clickable=True)
            panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            panel.setToolTip(_("Take it into the form"))
            panel.body.addWidget(Label(offer.what, bold=True, wrap=True))
            panel.body.addWidget(soft(offer.terms, wrap=True))
            panel.clicked.connect(lambda offer=offer: self.taken.emit(offer.what))
            self.panels.addWidget(panel, 0, number)
            panel.show()  # what is not shown yet takes no room in the measure below
        self.notes.setText(" ".join(advice.notes))
        self.notes.setVisible(bool(advice.notes))
        self.panels.invalidate()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as its words are at this width: a hint knows only one."""
        self.setFixedHeight(max(tokens.CARD_HEAD, self.heightForWidth(self.width())))


def version_words(version: str) -> str:
    """`默认版 1` for the rules that came with the program, else head office's own name of them."""
    plain = version.removeprefix("default-")
    return _("default version {n}").format(n=plain) if plain != version else version


class ScriptCard(Card):
    """The script for the objection chosen (the opening until then)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Script and objections"), parent=parent)
        self.set_compact()
        self.scripts: dict[str, tuple[str, ...]] = {}
        self.expected: str | None = None
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)
        self.steps = QVBoxLayout()
        self.steps.setSpacing(7)
        self.column.addLayout(self.steps)
        self.column.addStretch()
        self._scroll = scrolled(inner)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setMinimumHeight(54)
        self.body.addWidget(self._scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """No higher than what is said: the contacts below take the rest."""
        said = max(54, self.column.heightForWidth(self.width() - 2 * tokens.PAD - 2))
        margins = self.body.contentsMargins()
        self.setMaximumHeight(40 + said + margins.top() + margins.bottom() + 2)

    def show_card(self, card: Any) -> None:
        self.scripts, self.expected = card.scripts, card.objection
        self.show_objection(None)

    def show_objection(self, code: str | None) -> None:
        """The steps for an objection; None: the one to expect."""
        expected = code is None
        code = code or self.expected or ""
        choice = forms.get("callback")["objection"].choice(code) if code else None
        words = choice.label if choice else _("Opening")
        if expected and choice is not None:
            words = _("{objection} (to be expected)").format(objection=words)
        self.set_subtitle(words)
        while (item := self.steps.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for mark, sentence in zip(_CIRCLED, self.scripts.get(code, ()), strict=False):
            step = _Step(mark, sentence)
            self.steps.addWidget(step)
            step.show()  # what is not shown yet takes no room in the measure below
        self._fit()

    def sentences(self) -> list[str]:
        """What is shown now."""
        found = (self.steps.itemAt(n) for n in range(self.steps.count()))
        return [w.words for item in found if item is not None and isinstance(w := item.widget(), _Step)]


class RecentCard(Card):
    """What happened with the client lately; `opened(kind, record id)` of a line."""

    opened = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Lately"), padded=False, parent=parent)
        self.set_compact()
        self.lines = Lines(84)
        self.lines.empty = _("Nothing yet: this is the first contact.")
        self.lines.opened.connect(lambda key: self.opened.emit(*key.split(":", 1)))
        self.body.addWidget(self.lines)
        self.setMinimumHeight(40 + tokens.ROW)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        self.lines.show_lines(time_lines(entries))


class _Step(QWidget):
    def __init__(self, mark: str, words: str) -> None:
        super().__init__()
        self.words = words
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Label(mark, token="accent_text"), 0, Qt.AlignmentFlag.AlignTop)  # noqa: S106 a colour's name
        row.addWidget(Label(words, wrap=True), 1)
