"""The office's PostgreSQL database: the SQLAlchemy engine over it, and its errors in our words."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from fieldcrm.base.data.sqlcipher import DISK_FULL
from fieldcrm.base.errors import Environment, define
from fieldcrm.base.i18n import N_

NO_SERVER = define(
    "postgres.no_server", N_("The database server does not answer. Check the network and the database address.")
)

NOT_AN_ADDRESS = define(
    "postgres.not_an_address",
    N_("This is no address of a PostgreSQL database; one looks like postgresql+psycopg://user@server/database."),
)


def engine(url: str, *, readonly: bool = False) -> Engine:
    """An engine for `postgresql+psycopg://…`: one writer connection, or a few readers with one snapshot each.

    `Environment(postgres.not_an_address)` for anything else; `postgresql://…` means the same.
    """
    try:
        address = make_url(url)
    except ArgumentError as problem:
        raise Environment(NOT_AN_ADDRESS) from problem
    if address.get_backend_name() != "postgresql":
        raise Environment(NOT_AN_ADDRESS)
    size = 4 if readonly else 1
    options = {"postgresql_readonly": True} if readonly else {}
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text must not carry what a person typed
        isolation_level="REPEATABLE READ" if readonly else "READ COMMITTED",
        execution_options=options,
    )


def code_of(problem: BaseException) -> str | None:
    """The error code for a driver error about the server; None for any other error."""
    import psycopg

    if not isinstance(problem, psycopg.OperationalError):
        return None
    state = problem.sqlstate
    if state == "53100":
        return DISK_FULL
    # no state: never connected; 08 connection, 53 resources, 57P shut down, 28 and 3D: the address is no longer right
    return NO_SERVER if state is None or state.startswith(("08", "53", "57P", "28", "3D")) else None
