"""Exactly once: in any order, any repeats, any pieces; nothing stored ever changes; views as a rebuild makes them."""

import math
import shutil
import sqlite3
import struct
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.made_records import Brace
from host.stores import NOON, RECEIVED, filed, records, two_days, views
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talus.wire import frame, record
from talus_host.errors import InputError
from talus_host.session import Session
from talus_host.store import Store

ALL = two_days().records


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    order=st.permutations(range(len(ALL))),
    again=st.lists(st.integers(0, len(ALL) - 1), max_size=30),
    cuts=st.lists(st.integers(1, len(ALL) + 29), max_size=4),
)
def test_any_order_any_repeats_any_pieces_give_the_same_store(
    empty: Path, tmp_path: Path, order: list[int], again: list[int], cuts: list[int]
) -> None:
    whole, torn = tmp_path / "whole.db", tmp_path / "torn.db"
    for path in (whole, torn):
        path.unlink(missing_ok=True)
        shutil.copy(empty, path)
    brace = two_days()
    with Store(whole) as store:
        filed(store, brace)
    with Store(torn) as store:
        store.assign(brace.device, "1", "left")
        sent = [ALL[i] for i in [*order, *again]]
        edges = [0, *sorted(cuts), len(sent)]
        added = 0
        for begin, end in pairwise(edges):
            added += store.put(brace.info(), sent[begin:end], RECEIVED).added
        assert added == len(ALL)
    assert records(torn) == records(whole)
    made = views(torn)
    assert made == views(whole)
    with Store(torn) as store:
        store.rebuild()
    assert views(torn) == made


def test_records_never_change(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 5, 1)
    filed(store, brace)
    path = Path(str(store.engine.url.database))
    before = records(path)
    with sqlite3.connect(path) as connection:
        for statement in ("UPDATE record SET kind = 9", "DELETE FROM record"):
            with pytest.raises(sqlite3.IntegrityError, match="record"):
                connection.execute(statement)
    connection.close()
    changed = [brace.records[1]._replace(payload=b"\x00"), brace.records[2]._replace(at_ms=7)]
    put = store.put(brace.info(), changed, RECEIVED + 1)
    assert (put.added, put.conflicts) == (0, 2)
    assert records(path) == before
    doubt = store.quality("1").set_index("what").loc["conflict"]
    assert doubt["count"] == 2


def test_one_of_two_that_differ_in_one_put_is_kept(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    first = brace.add("minute", NOON, worn=1)
    put = store.put(brace.info(), [first, first, first._replace(payload=b"\x00")], RECEIVED)
    assert (put.received, put.added, put.conflicts) == (3, 1, 1)


def test_where_a_sync_goes_on(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.minutes(NOON, 30, 1)
    loss = brace.add("loss", NOON, first=10, count=5, cause=1)  # sequence 30
    key = (brace.device, brace.journal)
    assert store.first_missing(*key) == 0
    assert store.first_missing(*key, 7) == 7
    store.put(brace.info(), brace.records[2:10] + brace.records[15:25], RECEIVED)
    assert store.first_missing(*key) == 0
    assert store.first_missing(*key, 2) == 10
    store.put(brace.info(), [loss], RECEIVED)
    assert store.first_missing(*key, 2) == 25
    store.put(brace.info(), brace.records[25:30], RECEIVED)
    assert store.first_missing(*key, 2) == 31
    gaps = store.quality(store.braces()["person_id"].iloc[0])
    told = gaps[gaps["what"] == "sequence_gap"]
    assert told["count"].tolist() == [5] and "damaged" in told["detail"].iloc[0]


def test_what_a_brace_tells_overwritten_and_still_keeps_is_fetched(store: Store) -> None:
    """It tells before it releases, and the release may have failed."""
    brace = Brace(boot_utc_ms=NOON)
    brace.minutes(NOON, 30, 1)
    brace.add("loss", NOON, first=10, count=5, cause=0)
    key = (brace.device, brace.journal)
    store.put(brace.info(), brace.records[15:], RECEIVED)
    assert store.first_missing(*key, 15) == 31
    assert store.first_missing(*key, 12) == 12
    store.put(brace.info(), [brace.add("loss", NOON, first=32, count=5, cause=0)], RECEIVED)
    assert store.first_missing(*key, 15) == 32


def test_syncs_in_pieces_are_one_sync(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 30, 1)
    store.assign(brace.device, "1", "left")
    assert pd.isna(store.braces("1")["last_sync_utc"].iloc[0])
    for piece in (brace.records[:10], brace.records[10:]):
        store.put(brace.info(battery=61), piece, RECEIVED)
    row = store.braces("1").iloc[0]
    assert row["last_sync_utc"] == pd.Timestamp(RECEIVED, unit="ms", tz="UTC")
    assert (row["battery_pct"], row["records"], row["added_last"]) == (61, 31, 31)
    store.put(brace.info(battery=255), [], RECEIVED + 5000)
    assert math.isnan(store.braces("1")["battery_pct"].iloc[0])


def test_the_worst_part_of_the_last_sync_is_named_and_an_unknown_one_is_not_none(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.minutes(NOON, 1, 1)
    store.assign(brace.device, "1", "left")
    assert pd.isna(store.braces("1")["fault_part"].iloc[0]), "nothing was ever heard"
    for second, (fault, part) in enumerate(((0, ""), (1, "encoder"), (200, "unknown"))):
        store.put(brace.info(fault=fault), brace.records, RECEIVED + second * 5000)
        assert store.braces("1")["fault_part"].iloc[0] == part


def test_a_record_kind_of_a_newer_brace_is_kept(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    newer = brace.clock(NOON)._replace(kind=250, payload=b"what is this")
    assert store.put(brace.info(), [newer], RECEIVED).added == 1
    assert records(Path(str(store.engine.url.database)))[0][5:] == (250, b"what is this")


def test_several_threads_read_while_one_writes(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 600, 1)
    store.assign(brace.device, "1", "left")
    seen: list[float] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                seen.extend(store.days("1")["worn_h"].tolist())
        except BaseException as error:
            failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for begin in range(0, len(brace.records), 100):
        store.put(brace.info(), brace.records[begin : begin + 100], RECEIVED)
    done.set()
    for reader in readers:
        reader.join()
    assert failed == []
    whole = {round(n / 60, 6) for n in [*range(99, 601, 100), 600]}
    assert {round(h, 6) for h in seen if not np.isnan(h)} <= whole  # never half a put


def test_the_largest_numbers_a_frame_can_carry_are_kept(store: Store) -> None:
    """One brace gone mad must not end every sync of it; beyond that, a value is named and nothing is kept."""
    brace = two_days()
    last = Session(brace.journal).feed(largest())
    assert store.put(brace.info(), last, RECEIVED).added == 1
    with pytest.raises(InputError, match=r"at_ms \d+ is not from 0 to"):
        store.put(brace.info(), [replace(last[0], sequence=7, at_ms=last[0].at_ms + 1)], RECEIVED)
    assert store.first_missing(brace.device, brace.journal) == 0


def largest() -> bytes:
    """A frame of one record, every number of its head at its largest."""
    body = struct.pack("<BBH", 255, 0, record.OFFSET_MAX_MS)
    buffer = bytearray(bytes(frame.HEADER) + body + bytes(frame.TRAILER))
    frame.seal(buffer, len(body), 0xFFFF, 0xFFFFFFFF, frame.BASE_MAX_MS)
    return bytes(buffer)
