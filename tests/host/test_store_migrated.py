"""A database of an earlier Talus opens with every record it had, and its views are those of a new one."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from host.stores import RECEIVED, ZONE, filed, records, two_days, views
from sqlalchemy import create_engine

from talus_host.store import Store, engine, schema

OF_0001 = ("person", "person_zone", "brace", "sync", "record")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """What version 0001 left behind: its tables, its records, and views it made in its own way."""
    return left_by("0001", tmp_path)


def left_by(revision: str, tmp_path: Path) -> Path:
    with Store(tmp_path / "new.db") as store:
        store.add_person("P1", ZONE)
        filed(store, two_days())
        store.end_sync(two_days().device, RECEIVED, {"took_ms": 1, "octets": 1})
    path = tmp_path / "old.db"
    before = create_engine(f"sqlite:///{path}")
    engine.migrate(before, revision)
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


@pytest.mark.parametrize("revision", ["0001", "0003"])
def test_of_a_sync_kept_before_its_link_was_nothing_is_known(revision: str, tmp_path: Path) -> None:
    path = left_by(revision, tmp_path)
    with Store(path, create=False) as store:
        (one,) = store.device_syncs("00000000000000a1").to_dict("records")
    assert one["records"] == len(two_days().records)
    assert all(np.isnan(one[name]) for name in ("ended", "kept", *schema.LINK))


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
