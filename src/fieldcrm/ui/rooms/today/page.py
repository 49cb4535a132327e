"""Today: what to do first, five tiles, the stops, what needs the person, the diary as it grows."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from fieldcrm.base import clock, text
from fieldcrm.base.i18n import _, is_chinese, ngettext
from fieldcrm.base.lunar import lunar_text
from fieldcrm.core import today
from fieldcrm.core.today import Need, TodayRows
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.kit.text import soft
from fieldcrm.ui.kit.tiles import Tile
from fieldcrm.ui.rooms.tasks import finish_step, put_off_step
from fieldcrm.ui.rooms.today.first import FirstThing
from fieldcrm.ui.rooms.today.growing import GrowingDiary
from fieldcrm.ui.rooms.today.needs import KindButton, NeedsList
from fieldcrm.ui.rooms.today.stops import Stops

_LEAST_STOPS = 4 * tokens.ROW
_UNLIMITED = 16_777_215  # Qt's greatest size


class TodayPage(Page):
    """The page a manager opens in the morning and comes back to all day."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"client", "policy", "contact", "task", "visit", "callback", "complaint", "complaint_pause", "complaint_step",
         "diary", "setting"}
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows: TodayRows | None = None
        self.first = FirstThing()
        self.tiles = {
            "callbacks": Tile(_("Callbacks today")),
            "visits": Tile(_("Visits today")),
            "appointments": Tile(_("Appointment rate")),
            "complaints": Tile(_("Open complaints")),
            "maturing": Tile(_("Maturing in 30 days")),
        }
        self.stops = Stops(desk.runner)
        self.needs = NeedsList()
        self.kind = KindButton()
        self.diary = GrowingDiary()
        self._lay()
        self._connect()
        self._say_day()

    # -- building -------------------------------------------------------------------------------

    def _lay(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 14, tokens.EDGE, 14)
        column.setSpacing(tokens.GAP)
        column.addWidget(self.first)
        tiles = QHBoxLayout()
        tiles.setSpacing(tokens.GAP + 2)
        for tile in self.tiles.values():
            tiles.addWidget(tile, 1)
        column.addLayout(tiles)
        below = QHBoxLayout()
        below.setSpacing(tokens.GAP + 2)
        left = QVBoxLayout()
        left.setSpacing(tokens.GAP)
        self.stops_card = self._stops_card()
        left.addWidget(self.stops_card, 3)
        self.diary_card = self._diary_card()
        left.addWidget(self.diary_card, 2)
        wide = 61 if is_chinese() else 59  # English deadlines take more room
        below.addLayout(left, wide)
        below.addWidget(self._needs_card(), 100 - wide)
        column.addLayout(below, 1)

    def _stops_card(self) -> Card:
        card = Card(_("Today's stops"), padded=False)
        self.print_button = Button(_("Print visit plan"), small=True)
        card.add_button(self.print_button)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.stops)
        box.addStretch()
        scroll = scrolled(inner)
        self.no_stops = EmptyState(
            "map-pin",
            _("No visit is planned for today"),
            _("The visit plan offers clients worth a visit, best first."),
            ((_("Plan visits"), lambda: self.desk.go("visits")),),
        )
        self.no_stops.hide()
        self._stops_scroll = scroll
        card.body.addWidget(scroll, 1)
        card.body.addWidget(self.no_stops, 1)
        return card

    def _diary_card(self) -> Card:
        card = Card(_("Diary draft"))
        self.diary_button = Button(_("Open diary"), small=True, hint="Ctrl J")
        card.add_button(self.diary_button)
        card.body.addWidget(self.diary, 1)
        return card

    def _needs_card(self) -> Card:
        card = Card(_("Needs you"), _("by deadline"), padded=False)
        card.add_button(self.kind)
        self.nothing = soft(_("Nothing is due. Well done."), size=tokens.FONT)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        card.body.addWidget(self.needs, 1)
        card.body.addWidget(self.nothing, 1)
        return card

    def _connect(self) -> None:
        go = self.desk.go
        on = clock.today
        self.tiles["callbacks"].clicked.connect(lambda: go("callbacks", show="today", day=on()))
        self.tiles["visits"].clicked.connect(lambda: go("visits", day=on()))
        self.tiles["appointments"].clicked.connect(lambda: go("diary", day=on()))
        self.tiles["complaints"].clicked.connect(lambda: go("complaints", show="open"))
        self.tiles["maturing"].clicked.connect(lambda: go("policies", view="soon"))
        self.print_button.clicked.connect(lambda: go("visits", day=on(), paper=True))
        self.diary_button.clicked.connect(lambda: go("diary", day=on()))
        self.first.wanted.connect(self._do_first)
        self.stops.resized.connect(self._fit)
        self.stops.finished.connect(self.desk.done)
        self.stops.client_wanted.connect(lambda id: go("clients", client_id=id))
        self.needs.chosen.connect(self.open_need)
        self.needs.menu_wanted.connect(self._need_menu)
        self.kind.picked.connect(lambda kind: self.needs.show_needs(self.rows.needs.rows if self.rows else (), kind))

    # -- showing --------------------------------------------------------------------------------

    def load(self) -> None:
        person = self.desk.me.person_id or None
        self.desk.runner.read(today.today, person, whole_book=True, then=self._show, key="today")

    def open(self, **what: Any) -> None:
        """`log="next"` opens the form of the next stop."""
        if what.get("log") == "next":
            self.stops.log_next()

    def state(self) -> dict[str, Any]:
        return {"kind": self.kind.kind, "typed": self.stops.form.kept()}

    def restore(self, state: dict[str, Any]) -> None:
        self.kind.kind = state["kind"]
        self.stops.form.take(state["typed"])

    def put_away(self) -> None:
        self.stops.form.flush()

    def _say_day(self) -> None:
        on = clock.today()
        week = _("week {n}").format(n=on.isocalendar().week)
        self.set_heading(_("Today"), " • ".join((text.long_date(on), lunar_text(on), week)))

    def _show(self, rows: TodayRows) -> None:
        first_time = self.rows is None
        self.rows = rows
        self._say_day()
        self.first.show_words(rows.first, rows.first_need.tone if rows.first_need else "blue")
        self._show_tiles(rows)
        count = len(rows.stops)
        words = [ngettext("{n} stop", "{n} stops", count).format(n=count)]
        about = ngettext("about {hours} hour", "about {hours} hours", 1 if rows.hours == 1 else 2)
        words += [about.format(hours=f"{rows.hours:g}"), _("by time")]
        self.stops_card.set_subtitle(" • ".join(words) if count else "")
        self.stops.show_rows(rows.stops)
        self._stops_scroll.setVisible(bool(count))
        self.no_stops.setVisible(not count)
        self.kind.show_needs(rows.needs)
        self.kind.setVisible(bool(rows.needs.total))
        self.needs.show_needs(rows.needs.rows, self.kind.kind)
        self.needs.setVisible(bool(rows.needs.total))
        self.nothing.setVisible(not rows.needs.total)
        self.diary_card.set_subtitle(rows.draft.source)
        self.diary.show_draft(rows.draft)
        if first_time and self.hasFocus():
            self._begin()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.rows is not None:
            self._begin()

    def _begin(self) -> None:
        """The keyboard begins at the next stop; without one at what to do first."""
        if not self.stops.focus_next():
            self.first.button.setFocus()

    def _show_tiles(self, rows: TodayRows) -> None:
        tiles, counted = rows.tiles, rows.tiles.figures
        goal = tiles.callbacks_goal
        reached = counted.callbacks_valid >= goal
        self.tiles["callbacks"].set(
            str(counted.callbacks_valid), _("/ {n} valid").format(n=goal),
            counted.callbacks_valid / goal if goal else None, "green" if reached else "blue",
        )  # fmt: skip
        planned = counted.visits_planned
        self.tiles["visits"].set(
            str(counted.visits_done), ngettext("/ {n} stop", "/ {n} stops", planned).format(n=planned),
            counted.visits_done / planned if planned else 0.0,
            "green" if planned and counted.visits_done == planned else "blue",
        )  # fmt: skip
        self.tiles["appointments"].set(
            counted.appointment_rate,
            ngettext("{calls} call • {n} made", "{calls} calls • {n} made", counted.calls).format(
                calls=counted.calls, n=counted.appointments
            ),
            counted.appointments / counted.calls if counted.calls else 0.0, "green",
        )  # fmt: skip
        due = tiles.next_deadline
        self.tiles["complaints"].set(
            str(tiles.open_complaints),
            _("nearest {when}").format(when=text.within(text.instant_text(due))) if due
            else _("paused") if tiles.open_complaints else _("none open"),
            tiles.deadline_used / 100, tiles.deadline_tone,
        )  # fmt: skip
        pieces, sum_ = tiles.maturing, text.wan(tiles.maturing_fen)
        self.tiles["maturing"].set(
            f"{pieces:,}",
            _("premium {sum}").format(sum=sum_),
            tiles.maturing_soon / pieces if pieces else 0.0, "amber",
        )  # fmt: skip
        self.tiles["maturing"].setToolTip(_("{n} of them within 7 days").format(n=tiles.maturing_soon))

    def _fit(self) -> None:
        """The stops take what they need, up to three fifths of what is left below the tiles (see `_lay`)."""
        wanted = self.stops.wanted_height()
        self._stops_scroll.setMinimumHeight(min(wanted, _LEAST_STOPS))
        self._stops_scroll.setMaximumHeight(wanted)
        self.stops_card.setMaximumHeight(wanted + tokens.CARD_HEAD + 6 if self.stops.lines else _UNLIMITED)
        if self.stops.logging():
            QTimer.singleShot(0, self, self._show_form)

    def _show_form(self) -> None:
        self._stops_scroll.ensureWidgetVisible(self.stops.form, 0, tokens.ROW)  # whose form it is stays in sight

    # -- doing ----------------------------------------------------------------------------------

    def _do_first(self) -> None:
        rows = self.rows
        if rows is None:
            return
        if rows.first_need is not None:
            self.open_need(rows.first_need)
        elif any(stop.state == "next" for stop in rows.stops):
            self.stops.log_next()
        elif rows.no_clients:
            self.desk.go("imports")
        elif rows.tiles.figures.callbacks_valid < rows.tiles.callbacks_goal:
            self.desk.go("callbacks")
        else:
            self.desk.go("visits")

    def open_need(self, need: Need) -> None:
        """Go to where a need is dealt with: its complaint, its policy, the log for a next step, else the client."""
        kind, id = need.record
        if kind == "complaint":
            self.desk.go("complaints", complaint_id=id)
        elif need.kind == "maturing" and need.client_id:
            self.desk.go("callbacks", client_id=need.client_id, policy_id=id)
        elif kind == "policy":
            self.desk.go("policies", policy_id=id)
        elif kind == "task" and need.client_id:
            self.desk.quick_log(need.client_id)
        elif need.client_id:
            self.desk.go("clients", client_id=need.client_id)

    def _need_menu(self, need: Need, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Open"), partial(self.open_need, need))
        kind, id = need.record
        if kind == "task":
            menu.addAction(_("Done"), partial(finish_step, self.desk, id))
            menu.addAction(_("Put off…"), partial(put_off_step, self.desk, self, point, id))
        if need.client_id:
            client = need.client_id
            menu.addAction(_("Show client"), lambda: self.desk.go("clients", client_id=client))
            menu.addAction(_("Log a contact"), lambda: self.desk.quick_log(client))
            menu.addAction(_("Plan a visit"), lambda: self.desk.go("visits", plan=client, name=need.name))
        menu.exec(point)
