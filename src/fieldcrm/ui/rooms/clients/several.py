"""What is done with several clients at once: plan, grade, tag, make one of them, delete; each one operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QPoint

from fieldcrm.base import forms, text
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.core import clients, visits
from fieldcrm.ui.kit.asking import ask_choice, ask_day, ask_line
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.page import Page

MOST_MERGED = 10

_QUESTION = 190  # px that a question takes


class Several:
    """Asks what is still to be asked at the foot of the list, writes, and says it with Undo."""

    def __init__(self, page: Page, side_by_side: Callable[[list[str]], None]) -> None:
        self._page, self._desk, self._side_by_side = page, page.desk, side_by_side
        self.list: ListPane | None = None

    def _place(self) -> QPoint:
        """Where a question about the selection opens: at the foot of the list, above what is done with several."""
        over = self._page if self.list is None else self.list.table.viewport()
        return over.mapToGlobal(QPoint(160, max(8, over.height() - _QUESTION)))

    def plan(self, ids: list[str], place: QPoint | None = None) -> None:
        def planned(day: date) -> None:
            def told(done: visits.Planned) -> None:
                words = ngettext("{n} visit planned for {day}", "{n} visits planned for {day}", done.planned)
                words = words.format(n=done.planned, day=text.short_date(day))
                if done.left_out:
                    words += " · " + _("{n} without consent left out").format(n=done.left_out)
                if done.planned:
                    self._desk.done(words)
                else:
                    self._desk.say("info", words, seconds=8)

            self._desk.runner.change(visits.plan_visits, ids, day, then=told, owner=self._page)

        ask_day(self._page, place or self._place(), planned)

    def grade(self, ids: list[str]) -> None:
        choices: list[tuple[str | None, str]] = [(c.code, c.label) for c in forms.get("client")["grade"].choices]
        choices.append((None, _("No grade")))

        def chosen(grade: str | None) -> None:
            self._desk.runner.change(
                clients.grade_clients, ids, grade, then=self._told(_("Grade set")), owner=self._page
            )

        ask_choice(self._page, self._place(), choices, chosen)

    def tag(self, ids: list[str]) -> None:
        def typed(tag: str) -> None:
            words = _("Tagged {tag}").format(tag=tag)
            self._desk.runner.change(clients.tag_clients, ids, tag, then=self._told(words), owner=self._page)

        ask_line(self._page, self._place(), _("Tag for the selected clients"), typed)

    def merge(self, ids: list[str]) -> None:
        """Put the selected clients side by side, to make one of them."""
        if 1 < len(ids) <= MOST_MERGED:
            self._side_by_side(ids)
        else:
            self._desk.say("info", _("Select two to {n} clients to make one of them.").format(n=MOST_MERGED), seconds=8)

    def look_for_same(self, client_id: str, ask: bool = True) -> None:
        """Clients that may be the same one: asked for, or told of after one was added."""

        def found(same: list[str]) -> None:
            several = [client_id, *same][:MOST_MERGED]
            if not same:
                if ask:
                    self._desk.say("done", _("Nobody else looks like this client."), seconds=6)
            elif ask:
                self.merge(several)
            else:
                words = _("There is already a client who may be the same.")
                self._desk.say("warning", words, [(_("Merge…"), lambda: self.merge(several))])

        self._desk.runner.read(clients.find_same, client_id, then=found, key="clients.same", owner=self._page)

    def delete(self, ids: list[str]) -> None:
        self._desk.runner.change(
            clients.delete_clients, ids, then=self._told(_("Moved to the recycle bin")), owner=self._page
        )

    def _told(self, what: str) -> Callable[[int], None]:
        def told(count: int) -> None:
            n = ngettext("{n} client", "{n} clients", count).format(n=f"{count:,}")
            self._desk.done(f"{what} · {n}")

        return told
