"""Erasing one person: nothing of them is left in any byte, nothing of anybody else is touched, all of it or nothing."""

import contextlib
import os
import signal
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from host.made_records import Brace
from host.stores import NOON, RECEIVED, ZONE, two_days
from sqlalchemy import insert

from talus_host.errors import ErasedError, InputError
from talus_host.store import Store, erasing, schema, schema_pages
from talus_host.store.attempts import key_of

LABEL, FIGURE = "zq-kestrel-0417", 71234.567890123
PAYLOAD = bytes(range(0xA0, 0xB4)) * 3
TRACES = {
    "label": LABEL.encode(),
    "words": b"wolverine of zq-",
    "figure": struct.pack(">d", FIGURE),  # as SQLite keeps a REAL
    "payload": PAYLOAD,
    "account": b"$argon2id$zq-",
}
LATER = RECEIVED + 86_400_000


def brace(device: int, journal: int = 0xB2) -> Brace:
    made = two_days()
    made.device, made.journal = device, journal
    return made


def marked(made: Brace) -> Brace:
    for at in range(300):  # enough to fill pages of their own
        one = made.add("raw", made.boot_utc_ms + 60_000 * at)
        made.records[-1] = one._replace(payload=PAYLOAD)
    return made


def entries(person: int, account: int, mark: str, figure: float) -> list[tuple[Any, dict[str, Any]]]:
    """A row in every table people's doings are kept in."""
    p, s, own = schema, schema_pages, {"person": person}
    when = {"entered_ms": NOON}
    return [
        (
            s.account,
            {"id": account, "name": mark, "role": "patient", "password": f"$argon2id${mark}", "made_ms": 1} | own,
        ),
        (s.web_session, {"token": mark.encode(), "account": account, "made_ms": 1, "seen_ms": 1, "until_ms": 2}),
        (s.attempt, {"name": key_of(mark), "failures": 1, "last_ms": 1, "until_ms": 1}),
        (s.invitation, {"token": mark.encode(), "account": account, "until_ms": 2}),
        (s.care, {"account": account, "from_ms": 1} | own),
        (s.consent, {"purpose": "care", "from_ms": 1, "version": mark} | own | when),
        (s.pause, {"from_ms": 1, "until_ms": 2} | own | when),
        (s.told, {"at_ms": 1, "what": mark, "side": "", "value": figure, "told_by": "self"} | own | when),
        (s.note, {"first_day": mark, "last_day": mark, "text": f"wolverine of {mark}"} | own | when),
        (s.threshold, {"name": mark, "value": figure} | own | when),
        (s.exercise_plan, {"exercise": mark, "side": "left", "from_day": "2026-05-05"} | own | when | PLAN),
        (s.fitting, {"side": "left", "began_ms": 1, "step": mark, "outcome": "done", "figures": mark} | own | when),
        (s.visit, {"day": mark} | own | when),
        (p.timed_walk, {"at_ms": 1, "distance_m": figure, "seconds": 9.0, "brace_on": 1} | own | when),
        (p.prescription, {"side": "left", "from_day": "2026-05-05", "kind": mark, "hours": figure} | own | when),
        (p.brace_change, {"side": "left", "at_ms": 1, "what": mark} | own | when),
        (p.headline, {"measure": mark, "better": "up"} | own | when),
    ]


PLAN = {"sets_a_day": 1, "repetitions": 2, "days_a_week": 3}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two people with the same life, an orthotist who sees both; the first one's rows carry the marks."""
    where = tmp_path / "talus.db"
    with Store(where) as store:
        for number, label, device in ((1, LABEL, 0xA1), (2, "other", 0xA2)):
            store.add_person(label, ZONE, FIGURE / 10_000 if number == 1 else 8)
            store.assign(device, str(number), "left")
            made = marked(brace(device)) if number == 1 else brace(device)
            store.put(made.info(), made.records, RECEIVED)
        with store.engine.begin() as connection:
            orthotist = {"id": 9, "name": "desk", "role": "orthotist", "made_ms": 1, "everybody": 1}
            connection.execute(insert(schema_pages.account).values(**orthotist))
            for table, row in [*entries(1, 11, LABEL, FIGURE), *entries(2, 12, "other", 5.5)]:
                given = row | {"everybody": 1} if table is schema_pages.account else row
                connection.execute(insert(table).values(**given))
            for number in (1, 2):
                connection.execute(insert(schema_pages.care).values(account=9, person=number, from_ms=1))
            foreign = {
                "person": 2,
                "first_day": "2026-05-05",
                "last_day": "2026-05-05",
                "text": "by the first's account",
            }
            connection.execute(insert(schema_pages.note).values(**foreign, account=11, entered_ms=2))
    return where


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with sqlite3.connect(path) as connection:
        names = [table.name for table in schema.metadata.sorted_tables]
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
    connection.close()
    return found


def traces(path: Path) -> set[str]:
    """Which marks are in any file the database has."""
    files = [one.read_bytes() for one in path.parent.iterdir() if one.name.startswith(path.name)]
    return {name for name, mark in TRACES.items() if any(mark in content for content in files)}


def test_no_byte_is_left_and_every_other_row_is_as_it_was(path: Path) -> None:
    before = rows(path)
    assert traces(path) == set(TRACES)
    with Store(path) as store:
        receipt = store.erase_person("1", LATER)
        assert traces(path) == set()  # while it is open, so the log and its index count
        assert store.people()["label"].tolist() == ["other"]
    after = rows(path)
    assert receipt.cleaned and receipt.braces == ["00000000000000a1"]
    ours = {name: [row for row in before[name] if row not in after[name]] for name in before}
    for name, table in schema.metadata.tables.items():
        assert all(row in before[name] for row in after[name]) or name in erasing.KEPT, name
        assert len(ours[name]) == receipt.rows.get(name, 0), name
        for column, number in (("person", 1), ("device", 0xA1)):
            if column in table.c and name not in erasing.KEPT:
                at = list(table.c.keys()).index(column)
                kept = [row for row in before[name] if row[at] != number]
                assert kept == after[name], name
    assert {name for name in before if before[name]} - set(receipt.rows) == set()  # every table had rows to lose
    assert [row[0] for row in after["attempt"]] == [key_of("other")]  # nobody else's wait begins anew
    assert len(after["account"]) == 2 and len(after["care"]) == 2 and len(after["note"]) == 2
    assert after["erased"] == [(0xA1, 0xB2, LATER)]
    (told,) = after["audit"]
    assert told[1:6] == (LATER, None, "desk", "erase", 1) and told[6] == f"{sum(receipt.rows.values())} rows"


def test_what_was_deleted_long_before_leaves_no_byte_either(path: Path) -> None:
    """An entry taken back once, by a SQLite that does not wipe what it frees: its pages lie free in the file."""
    old = b"lynx of " + LABEL.encode()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        row = (1, "2026-05-05", "2026-05-05", old.decode() * 2000, 3)
        insert_note = "INSERT INTO note (person, first_day, last_day, text, entered_ms) VALUES (?, ?, ?, ?, ?)"
        connection.execute(insert_note, row)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("DELETE FROM note WHERE entered_ms = 3")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert old in path.read_bytes()
    with Store(path) as store:
        store.erase_person("1", LATER)
        assert traces(path) == set() and old not in path.read_bytes()


def test_a_late_sync_brings_nothing_back_and_is_told_why(path: Path) -> None:
    late = brace(0xA1)
    with Store(path) as store:
        store.erase_person("1", LATER)
        before = rows(path)
        with pytest.raises(ErasedError, match=r"brace 00000000000000a1: holds records of a person who was erased"):
            store.put(late.info(), late.records, LATER + 1)
        with pytest.raises(ErasedError, match=r"none was fetched or acknowledged. `talus erase`") as refused:
            store.first_missing(0xA1, 0xB2)
        assert rows(path) == before and refused.value.exit_code == 77


def test_the_brace_serves_the_next_wearer_with_a_journal_of_its_own(path: Path) -> None:
    emptied = brace(0xA1, journal=0xB3)
    with Store(path) as store:
        store.erase_person("1", LATER)
        next_one = store.add_person("next", ZONE)
        assert next_one == "3"  # the number of who was erased is nobody else's
        store.assign(0xA1, next_one, "right")
        assert store.put(emptied.info(), emptied.records, LATER).added == len(emptied.records)
        assert store.first_missing(0xA1, 0xB3) == emptied.sequence
        assert len(store.days(next_one)) == 2


def test_the_number_of_the_newest_person_is_not_given_away(path: Path) -> None:
    with Store(path) as store:
        store.erase_person("2", LATER)
        assert store.add_person("next", ZONE) == "3"


def test_the_trail_of_hashes_hangs_together(path: Path) -> None:
    with Store(path) as store:
        store.erase_person("1", LATER)
        store.erase_person("2", LATER + 1)
    first, second = rows(path)["audit"]
    assert len(first[7]) == 32 and first[7] != second[7]
    with pytest.raises(InputError, match="person 1"), Store(path) as store:
        store.erase_person("1", LATER)


DIES = """
import os, signal, sys
from sqlalchemy import event
from talus_host.store import Store, erasing
where, at = sys.argv[1], sys.argv[2]
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
with Store(where) as store:
    if at == "cleaning":
        erasing.clean = die
    else:
        @event.listens_for(store.engine, "after_cursor_execute")
        def count(connection, cursor, statement, *_, seen=[]):
            if statement.startswith("DELETE"):
                seen.append(statement)
                if len(seen) == int(at):
                    die()
    store.erase_person("1", 5)
"""


def killed(path: Path, at: str) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(path), at], env=os.environ | {"PYTHONPATH": PATH})
    assert done.returncode == -signal.SIGKILL


PATH = os.pathsep.join(str(Path(__file__).parents[2] / room) for room in ("firmware", "host"))


@pytest.mark.parametrize("at", ["1", "12", "25"])
def test_killed_while_deleting_everything_is_as_it_was(path: Path, at: str) -> None:
    before = rows(path)
    killed(path, at)
    with Store(path) as store:
        assert store.person_id(LABEL) == "1"
    assert rows(path) == before


def test_killed_before_the_files_are_clean_the_next_to_open_cleans_them(path: Path) -> None:
    killed(path, "cleaning")
    assert traces(path)
    with Store(path) as store:
        assert traces(path) == set()
        assert store.people()["label"].tolist() == ["other"]


def test_a_reader_in_the_way_is_said_and_the_rows_are_gone(path: Path) -> None:
    reader = sqlite3.connect(path, isolation_level=None)
    with Store(path) as store:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM person").fetchone() == (2,)
        receipt = erasing.erase(store.engine, 1, LATER, wait_ms=50)
        assert not receipt.cleaned and store.people()["label"].tolist() == ["other"]
        assert reader.execute("SELECT count(*) FROM person").fetchone() == (2,)
        reader.close()
        assert erasing.finish(store.engine) and traces(path) == set()


def test_every_table_is_owned_or_kept_by_name() -> None:
    """A table that comes later cannot be forgotten: each has an owner, or is named as kept."""
    for table in schema.metadata.sorted_tables:
        owned = dict(erasing.owned_by(table, 1, [2], [3], [b"4"]))
        assert owned or table.name in erasing.KEPT, table.name
