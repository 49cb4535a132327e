"""The runner: answers on the GUI thread, superseded reads stop, errors go to one place, nothing leaks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from fieldcrm.base.data.store import Changes
from fieldcrm.base.errors import InvalidField, Refused, define
from fieldcrm.base.jobs import Progress
from fieldcrm.ui.kit.runner import Job, Runner

WRONG = define("test.wrong", "Wrong.")


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    made = Runner(None)
    yield made
    made.close()


def raising(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_answers_arrive_on_the_gui_thread(runner: Runner, qtbot: QtBot) -> None:
    got: list[tuple[str, threading.Thread]] = []
    runner.background(
        lambda: threading.current_thread().name, then=lambda name: got.append((name, threading.current_thread()))
    )
    qtbot.waitUntil(lambda: bool(got))
    name, where = got[0]
    assert name.startswith("reader")
    assert where is threading.main_thread()


def test_a_later_read_of_the_same_key_drops_the_earlier(runner: Runner, qtbot: QtBot) -> None:
    hold = threading.Event()
    got: list[str] = []

    def slow() -> str:
        hold.wait(10)
        return "slow"

    runner.background(slow, then=got.append, key="page")
    runner.background(lambda: "quick", then=got.append, key="page")
    qtbot.waitUntil(lambda: got == ["quick"])
    hold.set()
    done: list[str] = []
    runner.background(lambda: "a", then=done.append)
    runner.background(lambda: "b", then=done.append)
    qtbot.waitUntil(lambda: len(done) == 2)
    assert got == ["quick"]


def test_invalid_fields_go_to_the_form_and_refusals_to_the_window(runner: Runner, qtbot: QtBot) -> None:
    form: list[Exception] = []
    window: list[Exception] = []
    runner.failed.connect(window.append)
    runner.background(raising(InvalidField("name", WRONG)), then=print, failed=form.append)
    qtbot.waitUntil(lambda: len(form) == 1)
    assert window == []
    runner.background(raising(Refused(WRONG)), then=print, failed=form.append)
    qtbot.waitUntil(lambda: len(form) == 2)
    assert [type(e) for e in window] == [Refused]
    runner.background(raising(InvalidField("name", WRONG)), then=print)
    qtbot.waitUntil(lambda: len(window) == 2)


@pytest.mark.expects_log_warning
def test_a_bug_is_reported_without_its_values(runner: Runner, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with qtbot.waitSignal(runner.crashed) as said:
        runner.background(raising(KeyError("13805910032")), then=print)
    (report,) = said.args
    assert "KeyError" in report
    assert "13805910032" not in report
    assert "KeyError" in caplog.text
    assert "13805910032" not in caplog.text


def test_an_answer_for_a_page_that_is_gone_is_dropped(runner: Runner, qtbot: QtBot) -> None:
    import shiboken6

    page = QObject()
    got: list[int] = []
    hold = threading.Event()
    runner.background(lambda: hold.wait(10), then=lambda _: got.append(1), owner=page)
    shiboken6.delete(page)
    hold.set()
    done: list[int] = []
    runner.background(lambda: 1, then=done.append)
    runner.background(lambda: 2, then=done.append)
    qtbot.waitUntil(lambda: len(done) == 2)
    assert got == []


def test_a_job_reports_and_is_cancelled(runner: Runner, qtbot: QtBot) -> None:
    begun = threading.Event()

    def count(progress: Progress) -> None:
        progress.begin("Counting", 1_000_000)
        begun.set()
        while True:
            progress.step(1)

    job = runner.job("Count", count)
    begun.wait(10)
    assert runner.working
    with qtbot.waitSignal(job.finished):
        job.cancel()
    assert not runner.working


def test_an_undo_is_a_job_that_can_be_cancelled_and_keeps_its_turn(qtbot: QtBot) -> None:
    """It may take back 36,823 rows: the person sees how far it is; what is written meanwhile waits its turn."""
    order: list[str] = []
    begun = threading.Event()

    class Book:
        def undo(self, progress: Progress) -> None:
            progress.begin("Taking it back", 1_000_000)
            begun.set()
            while not progress.cancelled:
                pass
            order.append("undo")
            progress.check()

        def change(self, action: Callable[[], str]) -> tuple[str, Changes]:
            order.append(action())
            return "", Changes(None, frozenset())

    runner, jobs = Runner(Book()), list[Job]()
    runner.job_started.connect(jobs.append)
    runner.undo()
    runner.change(lambda: "note")
    begun.wait(10)
    [job] = jobs
    with qtbot.waitSignal(job.finished):
        job.cancel()
    qtbot.waitUntil(lambda: not runner.working)
    assert order == ["undo", "note"]
    runner.close()


def test_closing_leaves_no_thread(qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    made = Runner(None)
    assert len(set(threading.enumerate()) - before) == 3
    made.close()
    assert set(threading.enumerate()) <= before


def test_what_changed_is_told_in_one_turn_with_the_answer(
    runner: Runner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page loads anew in the turn after `changed`: whoever asked for the write has its answer by then."""
    post, told = runner._post, []

    def late(call: Callable[[], object]) -> None:
        post(call)
        if threading.current_thread() is not threading.main_thread():
            threading.Event().wait(0.05)  # the thread loses the processor right after it said something

    monkeypatch.setattr(runner, "_post", late)
    runner.changed.connect(lambda _changes: told.append("changed"))
    runner.changed.connect(lambda _changes: QTimer.singleShot(0, runner, lambda: told.append("next turn")))
    runner.job("", lambda _progress: (1, Changes("o", frozenset({"visit"}))), then=lambda _one: told.append("then"))
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == ["changed", "then", "next turn"]
