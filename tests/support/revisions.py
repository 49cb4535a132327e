"""A schema revision of the tests' own, after the newest one: what a later version of the program would bring."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from alembic.config import Config
from sqlalchemy import Engine

from fieldcrm.base.data import migrate

NUMBER = f"{int(migrate.HEAD) + 1:04}"
_HEAD = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = {NUMBER!r}, {migrate.HEAD!r}, None, None


def upgrade():
"""


def add(patch: Callable[[object, str, object], None], folder: Path, body: str) -> None:
    """Let the program know a next revision whose `upgrade` is `body`; `patch` is `monkeypatch.setattr` or `setattr`."""
    folder.mkdir(exist_ok=True)
    (folder / f"{NUMBER}_next.py").write_text(_HEAD + "".join(f"    {line}\n" for line in body.splitlines()))
    config = migrate.alembic_config

    def with_next(engine: Engine) -> Config:
        made = config(engine)
        ours = Path(made.get_main_option("script_location") or "") / "versions"
        made.set_main_option("path_separator", "os")
        made.set_main_option("version_locations", os.pathsep.join(map(str, (ours, folder))))
        return made

    patch(migrate, "alembic_config", with_next)
    patch(migrate, "HEAD", NUMBER)
