"""Writing next steps: made by an entry, closed by the entry that answers it, snoozed with a reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, text
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, define
from fieldcrm.base.i18n import N_
from fieldcrm.core.tasks.tables import Task

GONE = define("task.gone", N_("This next step is no longer there."))
NO_WHAT = define("task.no_what", N_("Say what is to be done."))
NO_REASON = define("task.no_reason", N_("Say why it is put off."))


def add_step(
    session: Session,
    *,
    client_id: str | None,
    what: str,
    due_on: date | None = None,
    due_time: str | None = None,
    way: str | None = None,
    made_by: tuple[str, str] | None = None,
) -> str:
    """Make a next step; `made_by` is (kind, id) of the entry it comes from. Gives its id; `InvalidField(what)`."""
    words = text.one_line(what)
    if not words:
        raise InvalidField("what", NO_WHAT)
    kind, entry_id = made_by or (None, None)
    task = Task(
        client_id=client_id, what=words, way=way, due_on=due_on, due_time=due_time, status="open",
        made_by_kind=kind, made_by_id=entry_id,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task.id


def close_step(session: Session, task_id: str, by: tuple[str, str] | None = None) -> None:
    """The step is done, by the entry (kind, id) where there is one; a step closed before stays as it was."""
    task = _task(session, task_id)
    if task.status != "open":
        return
    task.status, task.closed_at = "done", clock.now()
    task.closed_by_kind, task.closed_by_id = by or (None, None)


def take_back_entry(session: Session, entry: tuple[str, str], moment: datetime) -> None:
    """An entry (kind, id) leaves: the open step it made goes along at the same moment, steps it answered open again."""
    of_it = select(Task).where(Task.deleted_at.is_(None))
    kind, id = entry
    made = of_it.where(Task.made_by_kind == kind, Task.made_by_id == id, Task.status == "open")
    for task in session.scalars(made):
        task.deleted_at = moment
    for task in session.scalars(of_it.where(Task.closed_by_kind == kind, Task.closed_by_id == id)):
        task.status, task.closed_at, task.closed_by_kind, task.closed_by_id = "open", None, None, None


def snooze_step(session: Session, task_id: str, to: date, reason: str) -> None:
    """Put a step off; its first date stays. `InvalidField(snooze_reason)` without a reason."""
    words = text.one_line(reason)
    if not words:
        raise InvalidField("snooze_reason", NO_REASON)
    task = _task(session, task_id)
    task.snoozed_to, task.snooze_reason = to, words


def answer_steps(session: Session, client_id: str, by: tuple[str, str]) -> int:
    """Close the client's open steps that were due by today: an entry about the client answers them."""
    due = session.scalars(
        select(Task).where(
            Task.client_id == client_id,
            Task.status == "open",
            Task.deleted_at.is_(None),
            Task.due_on.is_not(None),
            Task.due_on <= clock.today(),
        )
    ).all()
    for task in due:
        close_step(session, task.id, by)
    return len(due)


def _task(session: Session, task_id: str) -> Task:
    task = session.get(Task, task_id)
    if task is None or task.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return task
