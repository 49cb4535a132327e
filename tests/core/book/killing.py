"""The process that `test_kills.py` kills: `killing.py SCENARIO FOLDER` does one thing to a whole book for ever and
says on stdout what was acknowledged."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from fieldcrm.base.sheets.reader import read
from fieldcrm.core import book as books
from fieldcrm.core import imports, sync
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.policies.tables import Policy
from support import revisions

PASSWORD = "correct horse 9"
ROWS = 60  # of a list; each a client and a policy
REBUILT = """\
with op.batch_alter_table("client", recreate="always") as batch:
    batch.add_column(sa.Column("added", sa.Integer))
op.execute("UPDATE client SET added = length(name)")
"""


def say(*words: object) -> None:
    print(*words, flush=True)


@contextmanager
def opened(folder: Path) -> Iterator[books.Book]:
    book = books.unlock(folder, password=PASSWORD)
    try:
        yield book
    finally:
        book.close()


def make(root: Path) -> None:
    """A manager's book with one list in it, an office that knows the manager, and the manager's package."""
    manager = books.found(root / "manager", name="林晓", unit="待登记", role="manager", password=PASSWORD).book
    office = books.found(root / "office", name="陈敏", unit="福州", role="office", password=PASSWORD).book
    sync.request(manager, root / "request.xlsx")
    sync.grant(office, root / "request.xlsx", root / "grant.xlsx")
    sync.accept(manager, root / "grant.xlsx")
    bring(manager, root, 0)
    sync.export_package(manager, root / "package.xlsx")
    manager.close()
    office.close()
    shutil.copytree(root / "manager", root / "older")


def bring(book: books.Book, root: Path, number: int) -> None:
    """Import a list of its own numbers."""
    sheet = root / "list.csv"
    lines = [f"L{number}N{n},王{number}号{n},1380591{n:04},1000" for n in range(ROWS)]
    sheet.write_text("\n".join(["保单号,投保人,联系电话,保费", *lines]), encoding="utf-8")
    plan = book.store.read(imports.prepare, read(sheet))
    book.store.change(imports.apply_plan, plan)


def counts(session: Session) -> tuple[int, int]:
    """Clients and policies that stand."""
    found = [session.scalar(select(func.count()).where(t.deleted_at.is_(None), t.id != "")) for t in (Client, Policy)]
    return found[0] or 0, found[1] or 0


def added(session: Session) -> int:
    """Clients with the right value in the column that the newer revision brings."""
    return session.scalar(text("SELECT count(*) FROM client WHERE added = length(name)")) or 0


def list_import(root: Path) -> None:
    with opened(root / "manager") as book:
        done = book.store.read(counts)[1] // ROWS
        for n in itertools.count(done):
            bring(book, root, n)
            say(n + 1)


def package_import(root: Path) -> None:
    with opened(root / "office") as book:
        if book.store.read(counts) != (0, 0):
            book.store.undo()
        for n in itertools.count():
            sync.import_packages(book, [root / "package.xlsx"])
            say("in", n)
            book.store.undo()
            say("out", n)


def undo_redo(root: Path) -> None:
    with opened(root / "manager") as book:
        if book.store.read(counts) != (ROWS, ROWS):
            book.store.redo()
        for n in itertools.count():
            book.store.undo()
            say("out", n)
            book.store.redo()
            say("in", n)


def migration(root: Path) -> None:
    """An older book, put in its place whole each time, is opened by a newer program."""
    revisions.add(setattr, root / "versions", REBUILT)
    for n in itertools.count():
        shutil.rmtree(root / "next", ignore_errors=True)
        shutil.copytree(root / "older", root / "next")
        shutil.rmtree(root / "manager", ignore_errors=True)
        (root / "next").rename(root / "manager")
        with opened(root / "manager"):
            say(n)


SCENARIOS = {
    "list_import": list_import,
    "package_import": package_import,
    "undo_redo": undo_redo,
    "migration": migration,
}

if __name__ == "__main__":
    SCENARIOS[sys.argv[1]](Path(sys.argv[2]))
