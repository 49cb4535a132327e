"""Writes the next schema revision from the tables: `.venv/bin/python packaging/revision.py "what changes"`.

Read what it wrote before committing it: data moves are never guessed. Then set HEAD in base/data/migrate.py.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))


def main(message: str) -> None:
    from alembic import command

    from fieldcrm.base.data import migrate, sqlcipher
    from fieldcrm.core import tables as _tables  # noqa: F401 - fills the metadata

    versions = ROOT / "src/fieldcrm/base/data/migrations/versions"
    versions.mkdir(exist_ok=True)
    number = f"{len(list(versions.glob('[0-9]*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        path, key = Path(folder) / "book.db", bytes(32)
        sqlcipher.create(path, key)
        engine = sqlcipher.engine(path, key)
        config = migrate.alembic_config(engine)
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        command.upgrade(config, "head")
        command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
