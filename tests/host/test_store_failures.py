"""What goes wrong with a database: killed writers, full disks, newer versions, files that are something else."""

import contextlib
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from host.a_writer import PIECE, RECEIVED, a_brace, write
from sqlalchemy import create_engine, event

from talus_host.errors import (
    InputError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreNewerError,
    StoreReadOnlyError,
    TalusError,
)
from talus_host.store import Store, engine, schema


def dump(path: Path) -> list[str]:
    """The whole database as SQL, but for how often people were put up for judging: once a put, whatever it holds."""
    connection = sqlite3.connect(path)
    found = [line for line in connection.iterdump() if not line.startswith('INSERT INTO "judged"')]
    connection.close()
    return found


def test_a_writer_killed_in_the_middle_leaves_whole_puts_and_loses_none(tmp_path: Path) -> None:
    """Killed again and again at other moments; each next one goes on where the store says. Nothing committed is lost,
    nothing is there twice or in half, and the end is what one undisturbed writer makes."""
    brace = a_brace()
    path, other = tmp_path / "talus.db", tmp_path / "undisturbed.db"
    for each in (path, other):
        with Store(each) as store:
            store.add_person("P1", "Europe/Berlin")
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["host.a_writer"])
    committed = 0
    killed_in_a_put = 0
    while committed < len(brace.records):
        here, there = processes.Pipe(duplex=False)
        writer = processes.Process(target=write, args=(path, there))
        writer.start()
        there.close()
        last = here.recv() if here.poll(60) else ("", 0)
        time.sleep(0.006 * (killed_in_a_put % 20))  # from a put's first moments to behind its commit
        if killed_in_a_put < KILLS:
            os.kill(writer.pid or 0, signal.SIGKILL)
        with contextlib.suppress(EOFError, ConnectionResetError):
            while True:
                last = here.recv()
                committed = max(committed, last[1]) if last[0] == "committed" else committed
        writer.join()
        here.close()
        killed_in_a_put += writer.exitcode == -signal.SIGKILL and last[0] == "putting"
        held = check_whole(path)
        assert held >= committed
        assert held % PIECE == 0 or held == len(brace.records)
        committed = held
    assert killed_in_a_put >= KILLS
    with Store(other) as store:
        store.assign(brace.device, "1", "left")
        store.put(brace.info(), brace.records, RECEIVED)
    assert dump(path) == dump(other)


KILLS = 8


def check_whole(path: Path) -> int:
    """The file is sound, records have no hole, views know exactly the records there are; returns how many."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    count, high = connection.execute("SELECT count(*), ifnull(max(sequence), -1) FROM record").fetchone()
    counted = connection.execute("SELECT ifnull(sum(records), 0) FROM boot_kind").fetchone()[0]
    strides = connection.execute("SELECT ifnull(sum(strides), 0) FROM day").fetchone()[0]
    kept = connection.execute("SELECT count(*) FROM record WHERE kind = 5").fetchone()[0]
    connection.close()
    assert high + 1 == count == counted
    assert strides == kept
    return int(count)


def test_a_full_disk_keeps_nothing_of_the_put(tmp_path: Path) -> None:
    brace = a_brace()
    with Store(tmp_path / "talus.db") as store:
        store.put(brace.info(), brace.records[:100], RECEIVED)
        before = dump(tmp_path / "talus.db")
        with store.engine.connect() as connection:
            limit = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 3

        @event.listens_for(store.engine, "begin")
        def fill(connection: object) -> None:  # the disk has room for three pages more
            connection.exec_driver_sql(f"PRAGMA max_page_count = {limit}")  # type: ignore[attr-defined]

        with pytest.raises(StoreFullError, match=r"talus\.db: no room left on the disk"):
            store.put(brace.info(), brace.records, RECEIVED)
        assert dump(tmp_path / "talus.db") == before
    with Store(tmp_path / "talus.db") as store:  # room was made
        assert store.put(brace.info(), brace.records, RECEIVED).added == len(brace.records) - 100


def test_a_database_gone_read_only_is_not_changed(tmp_path: Path) -> None:
    brace = a_brace(2)
    with Store(tmp_path / "talus.db") as store:
        store.put(brace.info(), brace.records[:50], RECEIVED)
        before = dump(tmp_path / "talus.db")

        @event.listens_for(store.engine, "begin")
        def lock(connection: object) -> None:
            connection.exec_driver_sql("PRAGMA query_only = 1")  # type: ignore[attr-defined]

        with pytest.raises(StoreReadOnlyError, match="may be read but not written"):
            store.put(brace.info(), brace.records, RECEIVED)
        assert len(store.people()) == 1  # reading goes on
    assert dump(tmp_path / "talus.db") == before


def test_a_database_is_its_owners_alone_to_read(tmp_path: Path) -> None:
    path = tmp_path / "talus.db"
    with Store(path) as store:
        store.add_person("P1", "UTC")
        assert {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == dict.fromkeys(
            ("talus.db", "talus.db-wal", "talus.db-shm"), 0o600
        )
    path.chmod(0o644)  # as a copy from elsewhere may be
    Store(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "talus.db"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.commit()
    connection.close()
    before = dump(path)
    with pytest.raises(StoreNewerError, match=r"newer Talus \(version 0999, this one knows 0004\)") as refused:
        Store(path)
    assert "\n" not in str(refused.value)
    assert dump(path) == before


@pytest.mark.parametrize("version", [None, "0000abc", "1975ea83b712"])
def test_somebody_elses_database_keeps_every_byte(tmp_path: Path, version: str | None) -> None:
    """Also one that Alembic keeps, whatever its version is called, and in the journal mode it had."""
    path = tmp_path / "photos.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photo (name TEXT)")
        if version:
            connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
            connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))
        connection.commit()
    path.chmod(0o640)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"photos\.db: holds tables that are not Talus's"):
        Store(path)
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("this is no database, and long enough to look like one " * 20)
    before = text.read_bytes()
    with pytest.raises(StoreError, match="is not a database"):
        Store(text)
    assert text.read_bytes() == before
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE recipes (name)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="not Talus's"):
        Store(other)
    assert [line for line in dump(other) if "record" in line] == []


def test_where_no_database_can_be(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(tmp_path / "nowhere" / "talus.db")
    with pytest.raises(InputError, match="no such file"):
        Store(tmp_path / "talus.db", create=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="only sqlite"):
        Store("postgresql://localhost/talus")


def test_a_database_another_program_keeps_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    path = tmp_path / "talus.db"
    brace = a_brace(1)
    with Store(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="another program keeps it locked"):
            store.put(brace.info(), brace.records, RECEIVED)
        assert len(store.people()) == 0  # a reader does not wait
        other.execute("ROLLBACK")
        other.close()
        assert store.put(brace.info(), brace.records, RECEIVED).added == len(brace.records)


def test_a_damaged_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "talus.db"
    brace = a_brace()
    with Store(path) as store:
        store.put(brace.info(), brace.records, RECEIVED)
    data = bytearray(path.read_bytes())
    data[4096 * 3 :] = b"\xa5" * (len(data) - 4096 * 3)
    path.write_bytes(data)
    with pytest.raises(TalusError, match=r"talus\.db"), Store(path) as store:
        store.rebuild()


def test_migrations_lead_to_the_tables_of_the_code(tmp_path: Path) -> None:
    """Made by the migrations or by the code: the same SQL; and the newest migration is the one the code names."""
    Store(tmp_path / "walked.db").close()
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    schema.metadata.create_all(made)
    made.dispose()

    def tables(name: str) -> dict[str, str]:
        connection = sqlite3.connect(tmp_path / name)
        query = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        found = {n: " ".join(s.split()) for n, s in connection.execute(query) if n != "alembic_version"}
        connection.close()
        return found

    assert tables("walked.db") == tables("made.db")
    config = Config()
    config.set_main_option("script_location", str(engine.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]
    walked = create_engine(f"sqlite:///{tmp_path / 'walked.db'}")
    with walked.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    walked.dispose()


def test_a_torn_migration_leaves_nothing(tmp_path: Path) -> None:
    """Killed while the tables are made: the file is as empty as before, and the next start makes them."""
    script = textwrap.dedent(
        f"""
        import os, signal
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
        from talus_host.store import Store

        @event.listens_for(Engine, "before_cursor_execute")
        def kill(connection, cursor, statement, *rest):
            if "CREATE TABLE wear_bout" in statement:
                os.kill(os.getpid(), signal.SIGKILL)

        Store({str(tmp_path / "talus.db")!r})
        """
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    connection = sqlite3.connect(tmp_path / "talus.db")
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    with Store(tmp_path / "talus.db") as store:
        assert store.people().empty


def test_every_commit_is_on_the_disk(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store, store.engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
