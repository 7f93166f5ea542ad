"""The trail: what is done is told, and what is told cannot be changed unseen."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from host.stores import NOON
from sqlalchemy.exc import DBAPIError

from talus_host.errors import StoreError
from talus_host.store import Store
from talus_host.store.engine import writing


@pytest.fixture
def told(store: Store) -> Store:
    """Six rows."""
    for number in range(6):
        store.add_trail(NOON + number, "orthotist", 7, "look", "1" if number % 2 else None, f"page {number}")
    return store


@contextmanager
def forger(store: Store) -> Iterator[sqlite3.Connection]:
    """Somebody with the file and a tool, who takes the guards off first."""
    connection = sqlite3.connect(store.engine.url.database or "")
    with connection:
        connection.executescript("DROP TRIGGER audit_never_update; DROP TRIGGER audit_never_delete")
        yield connection
    connection.close()


def test_rows_are_told_newest_first_and_of_one_person(told: Store) -> None:
    assert told.trail()["what"].tolist() == [f"page {number}" for number in range(5, -1, -1)]
    mine = told.trail("1", last=2)
    assert mine["what"].tolist() == ["page 5", "page 3"] and mine["at_utc"].iloc[0].timestamp() * 1000 == NOON + 5
    assert mine["account"].tolist() == [7, 7]


def test_the_chain_is_what_its_head_says(told: Store) -> None:
    """SHA-256 over the hash before and the row as JSON, worked out here anew."""
    end = b""
    for number in range(6):
        row = {
            "id": number + 1, "at_ms": NOON + number, "account": 7, "role": "orthotist", "action": "look",
            "person": 1 if number % 2 else None, "what": f"page {number}",
        }  # fmt: skip
        end = hashlib.sha256(end + json.dumps(row, sort_keys=True).encode()).digest()
    chain = told.verify_trail()
    assert (chain.rows, chain.broken, chain.end) == (6, 0, end.hex())


@pytest.mark.parametrize(
    ("forgery", "broken"),
    [
        ("UPDATE audit SET what = 'page 9' WHERE id = 3", 3),
        ("UPDATE audit SET person = NULL WHERE id = 2", 2),
        ("UPDATE audit SET account = 8 WHERE id = 1", 1),
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE id = 6", 6),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 4", 4),
        ("DELETE FROM audit WHERE id = 6", 6),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET id = id + 100 WHERE id = 4", 4),
        ("INSERT INTO audit SELECT 7, at_ms, account, role, action, person, what, hash FROM audit WHERE id = 6", 7),
    ],
)
def test_a_row_changed_taken_out_or_put_in_shows(told: Store, forgery: str, broken: int) -> None:
    with forger(told) as connection:
        connection.execute(forgery)
    assert told.verify_trail().broken == broken


def test_the_database_itself_refuses_to_change_the_trail(told: Store) -> None:
    for statement in ("UPDATE audit SET what = ''", "DELETE FROM audit"):
        with pytest.raises((StoreError, DBAPIError), match="the trail is only added to"), writing(told.engine) as db:
            db.exec_driver_sql(statement)
    assert told.verify_trail().broken == 0 and len(told.trail()) == 6


def test_an_empty_trail_is_whole(store: Store) -> None:
    chain = store.verify_trail()
    assert (chain.rows, chain.broken, chain.end) == (0, 0, "")


def test_accounts_leave_a_trail_without_names_or_passwords(store: Store) -> None:
    secret = "seven green chairs"
    store.add_first_account("anna", secret, NOON)
    token = store.log_in("anna", secret, NOON)
    visitor = store.session(token, NOON)
    assert visitor
    store.log_out(visitor, NOON)
    told = store.trail()
    assert told["action"].tolist() == ["log out", "log in", "account"] and set(told["account"]) == {1}
    text = told.to_csv()
    assert "anna" not in text and secret not in text and token not in text and "P1" not in text
