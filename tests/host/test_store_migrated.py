"""A database of an earlier Talus opens with every record it had, and its views are those of a new one."""

import sqlite3
from pathlib import Path

import pytest
from host.stores import ZONE, filed, records, two_days, views
from sqlalchemy import create_engine

from talus_host.store import Store, engine

OF_0001 = ("person", "person_zone", "brace", "sync", "record")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """What version 0001 left behind: its tables, its records, and views it made in its own way."""
    with Store(tmp_path / "new.db") as store:
        store.add_person("P1", ZONE)
        filed(store, two_days())
    path = tmp_path / "old.db"
    before = create_engine(f"sqlite:///{path}")
    engine.migrate(before, "0001")
    before.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("ATTACH ? AS new", (str(tmp_path / "new.db"),))
        for table in OF_0001:
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        connection.execute("INSERT INTO hour VALUES (1, 'left', '2020-01-01', 3, 60, 0, 0, 12)")
    connection.close()
    return path


def test_what_was_kept_stays_and_every_view_is_made_anew(old: Path, tmp_path: Path) -> None:
    kept = records(old)
    assert kept
    Store(old, create=False).close()
    assert records(old) == kept
    assert views(old) == views(tmp_path / "new.db")


def test_a_migration_cut_off_leaves_the_old_database(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("talus_host.store.rebuild.rebuild", killed)
    with pytest.raises(KeyboardInterrupt):
        Store(old, create=False)
    monkeypatch.undo()
    with sqlite3.connect(old) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert connection.execute("SELECT count(*) FROM hour").fetchone() == (1,)
    connection.close()
    Store(old, create=False).close()
