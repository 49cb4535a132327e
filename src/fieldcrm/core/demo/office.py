"""The office of the demo: enrols account managers, takes their packages in, answers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.jobs import Progress
from fieldcrm.core import book as books
from fieldcrm.core import sync
from fieldcrm.core.book import Book
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.demo.filling import BEGUN, fill

OFFICE_PASSWORD = "fieldcrm demo"  # noqa: S105 - public: everything behind it is invented
UNIT, HEAD = "金诚 · 福州支公司", "陈敏"
MANAGERS = ("林晓", "王海涛", "郑燕")
_ANSWERED, _SENT = 8, 2  # days ago: a package that was acknowledged, and the last one


class Office:
    """An office's book in a folder; `answered` and `sent` are working days on which packages go."""

    def __init__(
        self, folder: Path, password: str = OFFICE_PASSWORD, what: str = "command", book_id: str | None = None
    ) -> None:
        self.book = books.found(
            folder, name=HEAD, unit=UNIT, role="office", password=password, what=what, book_id=book_id
        ).book
        self._done: set[int] = set()
        self._today = clock.today() + timedelta(days=BEGUN)  # made at the beginning of the demo's weeks

    def take_in(self, manager: Book) -> None:
        """Enrolment, all three steps."""
        with TemporaryDirectory(prefix="fieldcrm-demo-") as away:
            asked, granted = Path(away) / "request.xlsx", Path(away) / "grant.xlsx"
            sync.request(manager, asked)
            sync.grant(self.book, asked, granted)
            sync.accept(manager, granted)

    def exchange(self, manager: Book, *, answer: bool) -> None:
        """A package comes in; with `answer` one goes back and acknowledges it."""
        with TemporaryDirectory(prefix="fieldcrm-demo-") as away:
            out, back = Path(away) / "out.xlsx", Path(away) / "back.xlsx"
            sync.export_package(manager, out)
            sync.import_packages(self.book, [out])
            if answer:
                sync.export_package(self.book, back, to=manager.store.author.device)
                sync.import_packages(manager, [back])

    def evening(self, manager: Book, day: date) -> None:
        """What leaves at the end of a day of the last two weeks."""
        ago = (self._today - day).days
        for days, answer in ((_ANSWERED, True), (_SENT, False)):
            if ago <= days and days not in self._done:
                self._done.add(days)
                self.exchange(manager, answer=answer)

    def gather(self, clients: int, seed: int, progress: Progress | None) -> None:
        """Three account managers with their own books, sent in; the first disagrees with the office once."""
        begun = clock.instant(clock.today() - timedelta(days=BEGUN), 8, 30)
        for place, name in enumerate(MANAGERS):
            with TemporaryDirectory(prefix="fieldcrm-demo-") as away:
                with clock.at(begun):
                    manager = books.found(
                        Path(away), name=name, unit=UNIT, role="manager", password=OFFICE_PASSWORD
                    ).book
                    self.take_in(manager)
                try:
                    fill(manager.store, clients // len(MANAGERS), seed + place, progress, place=place)
                    self.exchange(manager, answer=False)
                    if place == 0:
                        self._disagree(manager)
                finally:
                    manager.close()

    def _disagree(self, manager: Book) -> None:
        """Both change the grade of the same clients before they hear of each other."""
        for book, grade in ((self.book, "A"), (manager, "B")):
            book.store.change(grade_clients, grade)
        self.exchange(manager, answer=False)


def grade_clients(session: Session, grade: str) -> None:
    """Another grade for the first few clients."""
    for client in session.scalars(select(Client).where(Client.grade == "C").order_by(Client.id).limit(2)):
        client.grade = grade
