"""The dictionary beside an export describes every column there is and nothing else; what it says fits what is there."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from host.made_records import HOUR_MS
from host.stores import NOON, RECEIVED, ZONE, filed, two_days
from host.ucum import is_ucum
from sqlalchemy import insert

from talus.wire.kinds import BY_NAME
from talus_host.export import dictionary
from talus_host.export.folder import TABLES, export, tables_of
from talus_host.export.meanings import EVERYWHERE, OF
from talus_host.store import Store, schema_pages


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A person with something in most tables."""
    s = schema_pages
    with Store(tmp_path / "talus.db") as opened:
        opened.add_person("P1", ZONE, 8)
        brace = two_days()
        brace.add("exercise", brace.boot_utc_ms + HOUR_MS, exercise=0, repetitions=12)
        brace.add("stumble", brace.boot_utc_ms + HOUR_MS, what=3)
        filed(opened, brace)
        opened.prescribe("1", "left", "2026-05-05", "hours", {"hours": 8.0}, NOON)
        opened.add_brace_change("1", "left", "2026-05-05", "strap", NOON)
        opened.add_timed_walk("1", NOON, "10m", 12.5, True, NOON + HOUR_MS)
        opened.consent("1", "care", "care-1", NOON, NOON)
        opened.pause_days("1", "2026-06-01", None, RECEIVED)
        rows = [
            (s.told, {"at_ms": NOON, "what": "pain", "side": "left", "value": 3, "told_by": "self"}),
            (s.note, {"first_day": "2026-05-05", "last_day": "2026-05-06", "text": "new shoes; ä"}),
            (s.fitting, {"side": "left", "began_ms": NOON, "step": "zero", "outcome": "done", "figures": "{}"}),
            (s.exercise_plan, {"exercise": "hold", "side": "left", "from_day": "2026-05-05", "sets_a_day": 2}),
        ]
        with opened.engine.begin() as connection:
            for table, row in rows:
                more = {"repetitions": 10, "days_a_week": 5} if table is s.exercise_plan else {}
                connection.execute(insert(table).values(person=1, entered_ms=NOON, **row, **more))
        yield opened


def test_every_column_of_every_table_is_described_and_nothing_else(store: Store) -> None:
    frames = tables_of(store, "1")
    found = dictionary.rows(frames)
    assert [(row.table, row.column) for row in found] == [(t, c) for t, frame in frames.items() for c in frame.columns]
    assert set(OF) == set(TABLES)
    said = {(table, column) for table, columns in OF.items() for column in columns}
    there = {(row.table, row.column) for row in found}
    assert said - there == set()  # no meaning of what is not there
    assert set(EVERYWHERE) - {column for _, column in there} == set()
    assert all(row.meaning and row.null and row.source and row.type for row in found)
    own = {(table, dictionary.RECORDS[table]) for table in dictionary.RECORDS}
    for table, kind in own:  # what the brace's language says is said there alone
        fields = {dictionary.tables.column(field, unit) for field, _, _, unit, _ in BY_NAME[kind].fields}
        assert fields & set(OF[table]) == set()


def test_a_column_nobody_described_is_refused(store: Store) -> None:
    with pytest.raises(KeyError, match="mystery"):
        dictionary.rows({"days": pd.DataFrame({"mystery": [1.0]})})


def test_every_unit_is_one_of_ucum_and_every_number_has_one(store: Store) -> None:
    for row in dictionary.rows(tables_of(store, "1")):
        assert row.unit == "" or is_ucum(row.unit), row
        if row.type != "number":
            assert row.unit == "", row


def test_units_by_hand(store: Store) -> None:
    units = {(row.table, row.column): row.unit for row in dictionary.rows(tables_of(store, "1"))}
    expected = {
        ("days", "worn_h"): "h",
        ("days", "low_confidence_h"): "h",
        ("days", "stiffness_nm_deg"): "N.m/deg",
        ("days", "slap_rate_deg_s"): "deg/s",
        ("days", "assist_impulse_nms"): "N.m.s",
        ("days", "heel_first_pct"): "%",
        ("days", "status"): "",
        ("minutes", "liner_degc"): "Cel",
        ("minutes", "pressure_1_kpa"): "kPa",
        ("walks", "climb_m"): "m",
        ("pressure_days", "dose_kpah"): "kPa.h",
        ("timed_walks", "speed_mps"): "m/s",
        ("prescriptions", "hours"): "h/d",
        ("hours", "worn_min"): "min",
        ("person", "mass_kg"): "kg",
    }
    assert {key: units[key] for key in expected} == expected


def test_the_files_hold_what_the_dictionary_says(store: Store, tmp_path: Path) -> None:
    """Headers, types and words of each file against the rows a program reads beside it."""
    export(store, "1", tmp_path / "csv")
    export(store, "1", tmp_path / "parquet", form="parquet")
    with (tmp_path / "csv" / "dictionary.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    filled = set()
    for table in TABLES:
        mine = [row for row in told if row["table"] == table]
        with (tmp_path / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            content = list(reader)
        assert reader.fieldnames == [row["csv"] for row in mine]
        kept = pq.read_table(tmp_path / "parquet" / f"{table}.parquet")
        assert kept.schema.names == [row["column"] for row in mine] and kept.num_rows == len(content)
        assert kept.schema.metadata[b"talus.layout"] == b"2" and kept.schema.metadata[b"talus.table"] == table.encode()
        for row in mine:
            values = {one[row["csv"]] for one in content} - {""}
            filled |= {(table, row["column"])} if values else set()
            assert all(re.fullmatch(FORMS[row["type"]], value) for value in values), (row, values)
            words = row["values"].split("; ")
            if row["type"] == "text" and len(words) > 1:
                assert values <= set(words), (row, values)
    assert len(filled) > 120
    for table in ("told", "notes", "fittings", "exercise_plans", "consents", "pauses", "timed_walks", "hours"):
        assert any(name == table for name, _ in filled), table


MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"
FORMS = {
    "moment": MOMENT,
    "date": r"\d{4}-\d\d-\d\d",
    "yes or no": "True|False",
    "bits": r"\d+",
    "number": r"-?\d+(\.\d+)?(e-?\d+)?",
    "text": r"(?s).+",
}


def test_what_was_entered_is_exported_as_it_was(store: Store, tmp_path: Path) -> None:
    export(store, "1", tmp_path / "out")
    noon = "2026-05-05T12:00:00.000+02:00"

    def rows(table: str) -> list[dict[str, str]]:
        with (tmp_path / "out" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    assert rows("told") == [
        {"at": noon, "what": "pain", "side": "left", "value": "3.0", "told_by": "self", "entered": noon}
    ]
    (note,) = rows("notes")
    assert (note["first_day"], note["last_day"], note["text"]) == ("2026-05-05", "2026-05-06", "new shoes; ä")
    assert note["hidden"] == note["measure"] == "" and "account" not in note
    (pause,) = rows("pauses")
    assert (pause["from"], pause["until"]) == ("2026-06-01T00:00:00.000+02:00", "")
    (walk,) = rows("timed_walks")
    assert (walk["start"], walk["distance_m"], walk["speed_mps"], walk["brace_on"]) == (noon, "10.0", "0.8", "1")
    assert rows("person")[0] == {"person_id": "1", "zone": ZONE, "goal_h": "8.0", "mass_kg": ""}
    assert [row["hour"] for row in rows("hours")] == [str(hour) for hour in range(24)] * 2


def test_a_paused_day_is_in_no_export(store: Store, tmp_path: Path) -> None:
    store.undo_pause("1")
    store.pause_days("1", "2026-05-05", "2026-05-07", RECEIVED)
    export(store, "1", tmp_path / "out")
    for table in ("strides", "minutes", "curves", "pressure_events", "pressure_days", "exercises", "stumbles"):
        assert (tmp_path / "out" / f"{table}.csv").read_text().count("\n") == 1, table
    with (tmp_path / "out" / "days.csv").open(newline="") as file:
        days = list(csv.DictReader(file))
    assert {row["status"] for row in days} == {"paused"} and {row["worn_h"] for row in days} == {""}
