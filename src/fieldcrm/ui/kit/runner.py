"""How a click reaches the book: writes on one writer thread, reads on two readers, answers on the GUI thread.

A later read with the same key supersedes an earlier one, which is interrupted. Errors come here and go
to one place by family; pages hold no `try`.
"""

from __future__ import annotations

import logging
import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from fieldcrm.base import clock, errors
from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Progress, Step

Then = Callable[[Any], object]
Failed = Callable[[Exception], object]

log = logging.getLogger("fieldcrm.ui.runner")

READERS = 2


@dataclass
class _Task:
    """One thing for a thread to do, and who wants the answer."""

    run: Callable[[], Any]
    then: Then | None
    failed: Failed | None
    owner: QObject | None
    name: str
    key: str | None = None
    ticket: Any = None  # base.data.store.Ticket, made by the reader thread
    changes: Any = None  # of a write: told together with its answer
    dropped: threading.Event = field(default_factory=threading.Event)

    def wanted(self) -> bool:
        owners = [self.owner, getattr(self.then, "__self__", None)]
        return not self.dropped.is_set() and all(shiboken6.isValid(o) for o in owners if isinstance(o, QObject))

    def drop(self) -> None:
        self.dropped.set()
        if self.ticket is not None:
            self.ticket.interrupt()


class Job(QObject):
    """Long work that runs; `step` reports on the GUI thread, `cancel` asks it to stop and roll back."""

    step = Signal(object)  # base.jobs.Step
    finished = Signal()

    def __init__(self, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.progress = Progress(self._report)

    def _report(self, step: Step) -> None:
        self.step.emit(step)

    def cancel(self) -> None:
        self.progress.cancel()


class Runner(QObject):
    """Runs actions, queries and jobs on a `Store`.

    Signals, all on the GUI thread: `changed(Changes)` after every write that changed records;
    `undone(Compensated, was_redo)`; `failed(Exception)` for what is refused, changed elsewhere or of the
    environment (and invalid fields nobody took); `crashed(report)` for a bug; `busy(bool)` while a write
    is under way; `job_started(Job)`.
    """

    changed = Signal(object)
    undone = Signal(object, bool)
    failed = Signal(object)
    crashed = Signal(str)
    busy = Signal(bool)
    job_started = Signal(object)
    _deliver = Signal(object)

    def __init__(self, store: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self._writes: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._latest: dict[str, _Task] = {}
        self._running: set[int] = set()
        self._waiting_writes = 0
        self._asked: dict[int, _Task] = {}
        self._closed = False
        self._jobs: list[tuple[Job, threading.Thread]] = []
        # an interrupt that comes as a statement begins is lost, so it is said again until the query ends
        self._again = QTimer(self)
        self._again.setInterval(20)
        self._again.timeout.connect(self._interrupt_again)
        self._deliver.connect(self._on_deliver, Qt.ConnectionType.QueuedConnection)
        self._threads = [threading.Thread(target=self._serve, args=(self._writes,), name="writer")]
        for number in range(READERS):
            self._threads.append(threading.Thread(target=self._serve, args=(self._reads,), name=f"reader-{number}"))
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    # -- asking ---------------------------------------------------------------------------------

    def change(
        self,
        action: Callable[..., Any],
        /,
        *args: Any,
        then: Then | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> None:
        """Run `action(session, *args, **kwargs)` as one operation; `then(result)` after `changed` was told.

        Invalid fields go to `failed` when given; every other error is told to `failed` and shown by the window,
        unless `failed` gives True: then the page has said it.
        """

        task = _Task(lambda: None, then, failed, owner, action.__name__)

        def run() -> Any:
            result, task.changes = self.store.change(action, *args, **kwargs)
            return result

        task.run = run
        self._write(task)

    def read(
        self,
        query: Callable[..., Any],
        /,
        *args: Any,
        then: Then,
        key: str | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> None:
        """Run `query(session, *args, **kwargs)` on a reader; a later read of the same key drops this one."""
        task = _Task(lambda: None, then, failed, owner, query.__name__, key)

        def run() -> Any:
            # here, on the reader: the store brings the database library, which the first paint must not wait for
            from fieldcrm.base.data.store import Ticket

            task.ticket = Ticket()
            if task.dropped.is_set():
                return None
            return self.store.read_with(task.ticket, query, *args, **kwargs)

        task.run = run
        self._ask(task)

    def _ask(self, task: _Task) -> None:
        if task.key is not None:
            self.drop(task.key)
            self._latest[task.key] = task
        self._asked[id(task)] = task
        self._reads.put(task)

    def drop(self, key: str) -> None:
        """Forget the read of this key: it is interrupted and its answer not delivered."""
        earlier = self._latest.pop(key, None)
        if earlier is not None:
            earlier.drop()
            self._again.start()

    def _interrupt_again(self) -> None:
        dropped = [task for task in self._asked.values() if task.dropped.is_set()]
        for task in dropped:
            task.drop()
        if not dropped:
            self._again.stop()

    def undo(self, then: Then | None = None) -> None:
        """Undo the last operation of this person; the window shows progress and Cancel when it takes long."""
        self._back(False, then)

    def redo(self, then: Then | None = None) -> None:
        """Do the last undone operation again."""
        self._back(True, then)

    def _back(self, again: bool, then: Then | None) -> None:
        job = Job(_("Redo") if again else _("Undo"), self)

        def run() -> Any:
            try:
                undone, changes = (self.store.redo if again else self.store.undo)(job.progress)
            finally:
                self._post(lambda: self._job_done(job))
            self.tell(changes)
            self._post(lambda: self.undone.emit(undone, again))
            return undone

        self._write(_Task(run, then, None, None, "redo" if again else "undo"))
        self.job_started.emit(job)

    def background(
        self,
        function: Callable[..., Any],
        /,
        *args: Any,
        then: Then,
        failed: Failed | None = None,
        owner: QObject | None = None,
        key: str | None = None,
    ) -> None:
        """Run a function that needs no book (parse a file, hash a password) on a reader thread."""
        task = _Task(lambda: function(*args), then, failed, owner, function.__name__, key)
        self._ask(task)

    def job(
        self,
        title: str,
        function: Callable[[Progress], Any],
        then: Then | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Long work on a thread of its own: `function(progress)` may call `store.change` itself.

        The window shows its progress and Cancel. What `store.change` gave back, `(result, Changes)`, may be
        returned as it is: the changes are told to all pages and `then` gets the result. Cancelled: nothing.
        """
        job = Job(title, self)
        task = _Task(lambda: None, then, failed, owner, title)

        def run() -> Any:
            result = function(job.progress)
            if isinstance(result, tuple) and len(result) == 2 and hasattr(result[1], "kinds"):
                result, task.changes = result
            return result

        task.run = run

        def work() -> None:
            self._run(task)
            self._post(lambda: self._job_done(job))

        thread = threading.Thread(target=work, name="job", daemon=True)
        self._jobs.append((job, thread))
        thread.start()
        self.job_started.emit(job)
        return job

    def tell(self, changes: Any) -> None:
        """Tell all pages of changes made another way (a job with several steps); from any thread."""
        if changes.kinds:
            self._post(lambda: self.changed.emit(changes))

    @property
    def jobs(self) -> list[Job]:
        """The jobs that run now."""
        return [job for job, _thread in self._jobs]

    @property
    def working(self) -> bool:
        """A write or a job is under way."""
        return self._waiting_writes > 0 or bool(self._jobs)

    @property
    def quiet(self) -> bool:
        """Nothing is asked, written or worked on."""
        return not self.working and not self._asked

    def close(self, timeout: float = 30.0) -> None:
        """Finish queued writes, cancel jobs, drop reads, end all threads; the store stays open."""
        if self._closed:
            return
        self._closed = True
        for job, _thread in self._jobs:
            job.cancel()
        for task in list(self._asked.values()):
            task.drop()
        self._latest.clear()
        self._again.stop()
        self._writes.put(None)
        for _number in range(READERS):
            self._reads.put(None)
        for thread in [*self._threads, *(thread for _job, thread in self._jobs)]:
            self._end(thread, timeout)

    def _end(self, thread: threading.Thread, timeout: float) -> None:
        """Join, interrupting again and again."""
        until = clock.monotonic() + timeout
        while thread.is_alive() and clock.monotonic() < until:
            for task in list(self._asked.values()):
                task.drop()
            thread.join(0.05)

    # -- threads --------------------------------------------------------------------------------

    def _write(self, task: _Task) -> None:
        self._waiting_writes += 1
        self.busy.emit(True)
        self._writes.put(task)

    def _serve(self, tasks: queue.SimpleQueue[_Task | None]) -> None:
        while (task := tasks.get()) is not None:
            if tasks is self._writes:
                self._run(task)
                self._post(self._write_done)
            else:
                if not task.dropped.is_set():
                    self._run(task)
                self._post(partial(self._asked.pop, id(task), None))

    def _run(self, task: _Task) -> None:
        try:
            result = task.run()
        except errors.Cancelled:
            return
        except errors.FieldcrmError as error:
            self._post(lambda e=error: self._refused(task, e))  # type: ignore[misc]
        except Exception as error:
            if task.dropped.is_set():
                return  # interrupted on purpose
            report = report_of(task.name, error)
            log.error("%s", report)  # never the exception itself: its message may hold personal data
            self._post(lambda e=error: self._broke(task, e, report))  # type: ignore[misc]
        else:
            self._post(lambda: self._answer(task, result))

    def _post(self, call: Callable[[], object]) -> None:
        if not (self._closed and not shiboken6.isValid(self)):
            self._deliver.emit(call)

    # -- on the GUI thread ----------------------------------------------------------------------

    @Slot(object)
    def _on_deliver(self, call: Callable[[], object]) -> None:
        call()

    def _write_done(self) -> None:
        self._waiting_writes -= 1
        self.busy.emit(self._waiting_writes > 0)

    def _job_done(self, job: Job) -> None:
        self._jobs = [(j, t) for j, t in self._jobs if j is not job]
        job.finished.emit()
        job.deleteLater()

    def _settle(self, task: _Task) -> None:
        if task.key is not None and self._latest.get(task.key) is task:
            del self._latest[task.key]

    def _answer(self, task: _Task, result: Any) -> None:
        """In one turn of the events: a page that loads anew by what changed finds `then` done."""
        self._settle(task)
        if task.changes is not None and task.changes.kinds:
            self.changed.emit(task.changes)
        if task.then is not None and task.wanted():
            task.then(result)

    def _refused(self, task: _Task, error: errors.FieldcrmError) -> None:
        self._settle(task)
        taken = False
        if task.failed is not None and task.wanted():
            fields = isinstance(error, errors.InvalidField | errors.InvalidFields)
            taken = task.failed(error) is True or fields
        if not taken:
            self.failed.emit(error)

    def _broke(self, task: _Task, error: Exception, report: str) -> None:
        self._settle(task)
        if task.failed is not None and task.wanted():
            task.failed(error)
        self.crashed.emit(report)


def report_of(name: str, error: Exception) -> str:
    """What a person can hand on: where it broke, never a value (messages may hold personal data)."""
    from fieldcrm import __version__

    lines = [f"fieldcrm {__version__} · {name} · {type(error).__name__}"]
    for frame in traceback.extract_tb(error.__traceback__)[-12:]:
        place = frame.filename.replace("\\", "/").rpartition("/fieldcrm/")[2]
        lines.append(f"  {place}:{frame.lineno} {frame.name}")
    return "\n".join(lines)
