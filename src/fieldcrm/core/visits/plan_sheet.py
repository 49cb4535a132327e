"""The visit plan as drawn: a card per stop with room to write, the calls of the day, the evening's lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from fieldcrm.base import i18n
from fieldcrm.base.i18n import N_, _, ngettext, pgettext
from fieldcrm.base.paper import fonts, lines
from fieldcrm.base.paper.blocks import Block, Heading, Whole, WriteLines
from fieldcrm.base.paper.pen import Pen
from fieldcrm.base.paper.sheet import Document, Head, Part
from fieldcrm.base.paper.table import Column, Table
from fieldcrm.base.paper.tokens import BORDER, GREY, INK, SOFT, TINT
from fieldcrm.core.visits.paper import CallPaper, DayPaper, PlanPaper, StopPaper, navigation_link
from fieldcrm.core.visits.rules import OUTCOMES

_RAIL = 56.0
_LEFT = 65.0  # where the words of a card begin
_QR = 51.0
_QR_SPACE = 66.0  # kept free on the right for the code and its quiet zone
_NAME, _ABOUT, _BODY, _SMALL = 11.25, 10.5, 9.2, 8.25
_BY_HAND = 3  # cards of a day without stops
_MOST_LINES = 4  # of one part of a card; the rest is in the book


def document(plan: PlanPaper) -> Document:
    """The plan's document; a day without stops gets its page with cards to plan it by hand."""
    parts = [Part(_head(plan, day), _blocks(day)) for day in plan.days]
    return Document(
        title=_title(plan),
        parts=parts,
        author=plan.manager,
        foot=_("Internal • contains personal data of clients, return after use"),
        printed_at=plan.printed_at,
        invariant=plan.invariant,
    )


def _title(plan: PlanPaper) -> str:
    if not plan.days:
        return _("Visit plan")
    first, last = plan.days[0].on, plan.days[-1].on
    span = first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"
    return f"{_('Visit plan')} {span}"


def _head(plan: PlanPaper, day: DayPaper) -> Head:
    weekday = _(_WEEKDAYS[day.on.weekday()])
    who = [f"{day.on.isoformat()} {weekday}", plan.unit]
    if plan.manager:
        who.append(_("Account manager {name}").format(name=plan.manager))
    stops, calls = len(day.stops), len(day.calls)
    right = []
    if stops:
        right.append(ngettext("{n} stop", "{n} stops", stops).format(n=stops))
    if day.minutes:
        right.append(_("about {length}").format(length=length_text(day.minutes)))
    if stops or calls:
        right.append(ngettext("{n} call", "{n} calls", calls).format(n=calls))
    weather = _("Weather and traffic: ______________")
    return Head(_("Visit plan"), " • ".join(filter(None, who)), (" • ".join(right), weather))


_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def length_text(minutes: int) -> str:
    """`2 小时 45 分`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{minutes} min").format(minutes=rest)
    if not rest:
        return _("{hours} h").format(hours=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)


def _blocks(day: DayPaper) -> list[Block]:
    by_hand = StopPaper("", None, "", about="_" * 30)
    blocks: list[Block] = [StopCard(stop=stop) for stop in day.stops or (by_hand,) * _BY_HAND]
    blocks.append(Heading(words=_("Calls along the way")))
    blocks.append(_calls(day.calls))
    evening = Evening()
    blocks.append(evening)
    return blocks


def _calls(calls: tuple[CallPaper, ...]) -> Table:
    columns = (
        Column(_("Time"), 95),
        Column(_("Client"), 201, bold=False),
        Column(_("Reason"), 161),
        Column(_("Phone"), 138),
        Column(_("Result"), 95),
    )
    rows = [[f"□ {call.time or '____'}", call.name, call.reason, call.phone, ""] for call in calls]
    rows += [["□ ____", "", "", "", ""]] * max(0, 3 - len(rows))  # empty rows for calls that turn up
    return Table(columns, rows)


@dataclass(frozen=True)
class Evening(Whole):
    """The evening meeting's lines, never parted from their heading."""

    after: float = 0.0

    def height(self, width: float) -> float:
        return Heading().height(width) + 6 + WriteLines(step=15.5).height(width)

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        heading = Heading(words=_("Evening meeting"))
        heading.draw(pen, x, y, width)
        WriteLines(step=15.5).draw(pen, x, y + heading.height(width) + 3, width)


@dataclass(frozen=True)
class _Labelled:
    """A line of a card: pairs of a bold label and its words, wrapped."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class StopCard(Whole):
    """A stop with its time at the left, the facts, boxes for the result, lines to write on, a code to find the way."""

    after: float = 7.5
    stop: StopPaper | None = None

    def height(self, width: float) -> float:
        return _layout(self._stop, width).height

    @property
    def _stop(self) -> StopPaper:
        if self.stop is None:
            raise ValueError("a card without its stop")
        return self.stop

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        stop, layout = self._stop, _layout(self._stop, width)
        pen.rect(x, y, width, layout.height, edge=BORDER, radius=4.5)
        pen.rect(x + 0.5, y + 0.5, _RAIL, layout.height - 1, ground=TINT, radius=4.2)
        _draw_rail(pen, stop, x, y)
        if stop.navigate_to:
            _draw_code(pen, stop, x + width, y)
        left, room = x + _LEFT, width - _LEFT - _QR_SPACE
        y = _draw_name(pen, stop, layout, left, y, room)
        for line in layout.place:
            pen.text(left, y + 11.2, line, _BODY)
            y += 14.2
        y += 1.4
        for labelled in layout.facts:
            y = _draw_fact(pen, labelled, left, y)
        y = _draw_result(pen, left, y + 2.2, room)
        for number in (0, 1):
            pen.dotted(left, y + 12.8 + number * 14.3, room)


@dataclass(frozen=True)
class _Layout:
    """The broken lines of a card; `about_below`: age and chip go under a name that fills its line."""

    names: tuple[str, ...]
    about_below: bool
    place: tuple[str, ...]
    facts: tuple[_Labelled, ...]
    height: float


def _layout(stop: StopPaper, width: float) -> _Layout:
    return _laid_out(stop, width, i18n.language())


@lru_cache(maxsize=4_000)
def _laid_out(stop: StopPaper, width: float, language: str) -> _Layout:
    """Cached, for height and drawing both ask; the labels are in it, hence the language."""
    room = width - _LEFT - _QR_SPACE
    names = lines.at_most(lines.wrap(stop.name, room, _NAME, True), 2, room, _NAME)
    beside = fonts.width(stop.about, _ABOUT) + fonts.width(stop.chip, 7.9) + 28
    about_below = len(names) > 1 or fonts.width(names[0], _NAME, True) + beside > room
    place = lines.wrap(" • ".join(filter(None, (stop.address, stop.phone))), room, _BODY)
    if len(place) > 3:  # a long address gives way, never the phone
        place = (*lines.at_most(lines.wrap(stop.address, room, _BODY), 2, room, _BODY), stop.phone)
    facts = tuple(_facts(stop, room))
    rows = len(place) * 14.2 + sum(len(fact.lines) for fact in facts) * 15.4
    height = 8.6 + (len(names) + about_below) * 15.4 + rows + 1.4 + 2.2 + 17.8 + 34.6
    if stop.navigate_to:
        height = max(height, _QR + 34)
    return _Layout(names, about_below, place, facts, max(height, 108.0))


def _facts(stop: StopPaper, room: float) -> list[_Labelled]:
    found: list[_Labelled] = []
    purpose, bring = pgettext("visit plan", "Purpose"), pgettext("visit plan", "Bring")
    wide = [fonts.width(label, _SMALL, True) + 3 for label in (purpose, bring)]
    used = wide[0] + wide[1] + 18 + fonts.width(stop.purpose, _SMALL) + fonts.width(stop.bring, _SMALL)
    if stop.purpose and stop.bring and used <= room:
        found.append(_Labelled(f"{purpose}\n{bring}", (f"{stop.purpose}\n{stop.bring}",)))
    else:
        found.append(_wrapped(purpose, stop.purpose or "_" * 30, room))
        if stop.bring:
            found.append(_wrapped(bring, stop.bring, room))
    for label, words in ((_("Policy"), stop.policy), (_("Contacts"), stop.history)):
        if words:
            found.append(_wrapped(label, words, room))
    return found


def _wrapped(label: str, words: str, room: float) -> _Labelled:
    room -= fonts.width(label, _SMALL, True) + 3
    return _Labelled(label, lines.at_most(lines.wrap(words, room, _SMALL), _MOST_LINES, room, _SMALL))


def _draw_rail(pen: Pen, stop: StopPaper, x: float, y: float) -> None:
    middle = x + _RAIL / 2
    pen.text(middle, y + 24, stop.slot or "__:__", 12.75, bold=True, align="centre")
    if stop.minutes:
        pen.text(middle, y + 39.6, _("{minutes} min").format(minutes=stop.minutes), 9, align="centre")


def _draw_code(pen: Pen, stop: StopPaper, right: float, y: float) -> None:
    left = right - _QR - 8
    pen.qr(left, y + 8, _QR, navigation_link(stop.navigate_to))
    pen.text(left + _QR / 2, y + _QR + 18.5, _("Navigate here"), 7.5, colour=GREY, align="centre", room=_QR + 12)


def _draw_name(pen: Pen, stop: StopPaper, layout: _Layout, left: float, y: float, room: float) -> float:
    y += 5.4
    wide = 0.0
    for name in layout.names:
        wide = pen.text(left, y + 14.6, name, _NAME, bold=True) + 4 if name else 0.0
        y += 15.4
    if layout.about_below:
        wide, y = 0.0, y + 15.4
    if stop.about:
        chip = fonts.width(stop.chip, 7.9) + 14 if stop.chip else 0.0
        wide += pen.text(left + wide, y - 1.0, stop.about, _ABOUT, colour=GREY, room=room - wide - chip) + 4
    if stop.chip:
        pen.chip(left + wide, y - 1.8, lines.fit(stop.chip, max(room - wide - 9, 60), 7.9), stop.chip_tone)
    return y + 3.2


def _draw_fact(pen: Pen, fact: _Labelled, left: float, y: float) -> float:
    labels = fact.label.split("\n")
    if len(labels) > 1:
        for label, words in zip(labels, fact.lines[0].split("\n"), strict=True):
            left += pen.text(left, y + 11.4, label, _SMALL, bold=True, colour=SOFT) + 3
            left += pen.text(left, y + 11.4, words, _SMALL, colour=SOFT) + 10
        return y + 15.4
    left += pen.text(left, y + 11.4, fact.label, _SMALL, bold=True, colour=SOFT) + 3
    for line in fact.lines:
        pen.text(left, y + 11.4, line, _SMALL, colour=SOFT)
        y += 15.4
    return y


def _draw_result(pen: Pen, left: float, y: float, room: float) -> float:
    boxes = " ".join(f"□ {_(words)}" for words in OUTCOMES.values())
    line = f"{_('Result')} {boxes}"
    again = _("Next ____/____ at ____")
    wide = fonts.width(line, 9) + fonts.width(again, 9) + 14
    size = max(6.5, min(9.0, 9.0 * room / wide))  # English words are longer; beside them stands the code
    used = pen.text(left, y + 13.2, line, size, colour=INK)
    pen.text(left + used + 14, y + 13.2, again, size)
    return y + 17.8
