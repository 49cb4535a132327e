"""What to do first, pure: the one sentence a manager reads in the morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fieldcrm.base import text
from fieldcrm.base.i18n import _

SOON_MINUTES = 90


@dataclass(frozen=True)
class Need:
    """One thing that needs the person: `what` in words, `when` as it is said, `due_on` to sort by.

    `record` names what is behind it as (kind, id).
    """

    kind: str
    tone: str
    client_id: str | None
    name: str
    what: str
    when: str
    due_on: date
    record: tuple[str, str]
    due_time: str = ""

    @property
    def within(self) -> str:
        """`when` inside a sentence."""
        return text.within(self.when)

    @property
    def line(self) -> str:
        return " • ".join(filter(None, (self.name, self.what)))


def first_sentence(
    needs: Sequence[Need],
    next_stop: tuple[str, str, str] | None,
    minute: int,
    on: date,
    calls_left: int,
    no_clients: bool = False,
) -> tuple[str, Need | None]:
    """The sentence, and the need it speaks of when it does.

    `next_stop` is (slot, name, purpose); `minute` the minutes after midnight now. In this order: a complaint
    overdue or due by tomorrow, the next stop when it is near, a next step overdue or due, a client maturing within
    7 days, the next stop of later, the first list of a new book, callbacks to the day's goal.
    """
    complaint = _first(needs, "complaint")
    if complaint is not None and complaint.due_on <= on + timedelta(days=1):
        words = _("Answer the complaint of {name} by {when}")
        if complaint.due_on < on:
            words = _("The complaint of {name} is overdue since {when}: answer it now")
        return words.format(name=complaint.line, when=complaint.within), complaint
    if next_stop is not None and _minutes(next_stop[0]) - minute <= SOON_MINUTES:
        return _stop_words(next_stop), None
    step = _first([row for row in needs if row.due_on <= on], "step")
    if step is not None:
        return _("{what}, due {when}").format(what=step.line, when=step.within), step
    maturing = _first(needs, "maturing")
    if maturing is not None:
        return _("Call {name}: matures {when}").format(name=maturing.name, when=maturing.within), maturing
    if next_stop is not None:
        return _stop_words(next_stop), None
    if no_clients:
        return _("Import the core system's list: it fills callbacks, maturities and the plan"), None
    if calls_left > 0:
        return _("{n} valid callbacks to go to reach today's goal").format(n=calls_left), None
    return _("Everything due is done. Plan tomorrow's visits."), None


def _first(needs: Sequence[Need], kind: str) -> Need | None:
    return next((row for row in needs if row.kind == kind), None)


def _minutes(slot: str) -> int:
    return int(slot[:2]) * 60 + int(slot[3:]) if slot else 24 * 60


def _stop_words(stop: tuple[str, str, str]) -> str:
    return " • ".join(filter(None, (_("Next stop {time} {name}").format(time=stop[0], name=stop[1]).strip(), stop[2])))
