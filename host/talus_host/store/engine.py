"""Opening the database, and what its refusals mean. One file, WAL, every commit on the disk before it returns.

It is its owner's alone to read. A database of a newer Talus, or of something else, is refused and not touched.
Whatever the driver raises leaves here as one line of `talus_host.errors`.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from talus_host.errors import (
    InputError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreNewerError,
    StoreReadOnlyError,
)
from talus_host.store import schema

BUSY_MS = 15_000
OURS = {"person", "brace", "record"}  # tables every version has
MIGRATIONS = Path(__file__).parent / "migrations"

# (words in SQLite's message, what it is, what we say)
REFUSALS = (
    ("disk is full", StoreFullError, "no room left on the disk; nothing of this step was kept"),
    ("disk I/O error", StoreError, "the disk could not be read or written; nothing of this step was kept"),
    (
        "readonly database",
        StoreReadOnlyError,
        "may be read but not written, which even reading needs; nothing was changed",
    ),
    ("database is locked", StoreBusyError, "another program keeps it locked; nothing was changed"),
    ("unable to open", StoreError, "cannot be opened; does its folder exist and may you write there?"),
    ("not a database", StoreError, "is not a database"),
    ("malformed", StoreError, "is damaged; keep the file and restore a copy"),
)


def url_of(where: str | Path) -> URL:
    """A database's URL; a plain path is an SQLite file."""
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    return make_url(where)


def open_engine(where: str | Path, *, create: bool = True) -> Engine:
    """An engine on a database of this version, made or brought up to date as needed.

    Raises StoreNewerError, StoreError (not ours, damaged, not to be opened), InputError (create=False and no file).
    """
    url = url_of(where)
    path = url.database or ""
    if url.get_backend_name() != "sqlite":
        raise InputError(f"database {url.render_as_string()}: only sqlite is supported")
    is_file = path not in ("", ":memory:") and not path.startswith("file:")
    if is_file and not create and not Path(path).exists():
        raise InputError(f"database {path}: there is no such file")
    if is_file and not Path(path).exists():
        _make_private(Path(path))
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        with plainly(path):
            _bring_up_to_date(engine, path)
        if is_file and Path(path).stat().st_mode & 0o077:
            _close_to_others(Path(path))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def _make_private(path: Path) -> None:
    """An empty file for its owner alone: SQLite gives its -wal and -shm the same rights. What cannot be made is left to
    SQLite to refuse."""
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _close_to_others(path: Path) -> None:
    """Nobody else may read what a body did. Rights that are not ours to change stay as they are."""
    with contextlib.suppress(OSError):
        path.chmod(0o600)


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: two that both read first could each wait for the other.
    writes = connection.get_execution_options().get("talus_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent picture of the database."""
    with plainly(engine.url.database or ""), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it or, on any exception, nothing."""
    with plainly(engine.url.database or ""), engine.connect() as connection:
        connection = connection.execution_options(talus_writes=True)
        with connection.begin():
            yield connection


def check_writing(engine: Engine, wait_s: float) -> None:
    """Take the lock a writer needs and let it go, unused."""
    with plainly(engine.url.database or ""), contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(wait_s * 1000)}")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            cursor.close()


@contextmanager
def plainly(path: str) -> Iterator[None]:
    """The driver's refusals as errors of ours, naming the database."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        said = str(getattr(error, "orig", error))
        for words, kind, meaning in REFUSALS:
            if words in said:
                raise kind(f"database {path}: {meaning}") from error
        raise StoreError(f"database {path}: {said}") from error


def _bring_up_to_date(engine: Engine, path: str) -> None:
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
        version = None
        if "alembic_version" in names:
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if names - {"alembic_version"} and (version is None or not names >= OURS):
        raise StoreError(f"database {path}: holds tables that are not Talus's; name another file")
    if version is not None and version > schema.HEAD:
        raise StoreNewerError(
            f"database {path}: made by a newer Talus (version {version}, this one knows {schema.HEAD}); update Talus"
        )
    _log_ahead(engine)
    if version != schema.HEAD:
        migrate(engine, anew=version is not None)


def _log_ahead(engine: Engine) -> None:
    """WAL, which the file remembers: so only of a database that is ours."""
    with contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()


def migrate(engine: Engine, revision: str = "head", *, anew: bool = False) -> None:
    """Walk the migrations up to `revision` and, with `anew`, make every view again, all in one transaction."""
    from alembic import command
    from alembic.config import Config

    from talus_host.store.rebuild import rebuild

    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if anew:
            rebuild(connection)
