"""Ctrl+K: what the search box of the header finds and does."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from fieldcrm.base.i18n import _
from fieldcrm.ui.shell import finding
from fieldcrm.ui.shell.finding import VERB_WORDS, Found
from fieldcrm.ui.shell.header import SearchBox
from fieldcrm.ui.shell.hits import HitList

_KEY = "palette"


class Palette(QObject):
    """Joins the search box, the query and the list; carries out what is chosen at the desk."""

    def __init__(self, box: SearchBox, bench: Any) -> None:
        super().__init__(bench)
        self.box, self.bench = box, bench
        self.list = HitList(box, bench)
        self._verb = ""
        box.textEdited.connect(self.ask)
        self.list.chosen.connect(self.carry_out)
        self.list.dismissed.connect(self.leave)

    def open(self) -> None:
        """Put the cursor in the box and say what it understands."""
        self.box.setFocus()
        self.box.selectAll()
        self.ask(self.box.text())

    def ask(self, text: str) -> None:
        self._verb, rest = finding.split(text)
        if not rest:
            self.bench.runner.drop(_KEY)
            self.list.show_hits([], _("Name, pinyin initials, last four digits; or: log zs, visit zs, callback zs"))
            return
        self.bench.runner.read(finding.find, rest, bool(self._verb), then=self._show, key=_KEY)

    def _show(self, found: list[Found]) -> None:
        if self.box is not self.box.window().focusWidget():
            return
        pages = [] if self._verb else self._pages(self.box.text().strip().lower())
        hits = [*found, *pages]
        lead = _(VERB_WORDS[self._verb]) if self._verb else ""
        self.list.show_hits(hits, "" if hits else _("Nothing found"), lead)

    def _pages(self, text: str) -> list[Found]:
        return [
            Found("page", entry.key, _(entry.label), "", entry.icon)
            for entry in self.bench.entries
            if text and text in _(entry.label).lower()
        ][:3]

    def carry_out(self, found: Found) -> None:
        self.box.clear()
        self.box.clearFocus()
        if found.kind == "page":
            self.bench.go(found.record_id)
        elif self._verb == "log":
            self.bench.quick_log(found.record_id)
        elif self._verb:
            self.bench.go(self._verb, client_id=found.record_id, new=True)
        elif found.kind == "policy":
            self.bench.go("policies", policy_id=found.record_id)
        else:
            self.bench.go("clients", client_id=found.record_id)

    def leave(self) -> None:
        self.bench.runner.drop(_KEY)
        self.box.clear()
        self.bench.give_keyboard_back()
