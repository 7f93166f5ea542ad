"""The data dictionary of an export, generated from its tables: every column with its type, unit, meaning, values, what
an empty field means and where it comes from. As CSV for programs and as Markdown for people, beside the files.

A column that nobody described is a fault of this program: KeyError, never a row without a meaning.
"""

import csv
import io
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from talus.wire.kinds import BY_NAME, CODES, count_of
from talus_host import tables
from talus_host.export.meanings import EVERYWHERE, OF, Meaning

# Table -> the kind of record its rows are, where they are one brace's record each
RECORDS = {"strides": "stride", "minutes": "minute", "walks": "walk", "stumbles": "stumble", "exercises": "exercise"}
TOLD = (
    *("person", "prescriptions", "diary", "timed_walks", "told", "notes", "fittings", "exercise_plans"),
    *("thresholds", "visits", "headlines", "consents", "pauses"),
)
# Source -> (what it is, what an empty field means)
SOURCES = {
    "record": ("as the brace recorded it", "the brace did not know"),
    "view": ("computed from the records", "not measured: not_measured says why; on a paused day withheld"),
    "told": ("entered by a person", "not given"),
}
# Ending of a column's name -> UCUM unit; the longest that fits is taken
UNITS = {f"_{suffix}": unit for unit, suffix in tables.UNIT_SUFFIX.items() if unit not in ("degC",)}
UNITS |= {"_h": "h", "_spm": "{steps}/min", "_mps": "m/s", "_nm_deg": "N.m/deg", "_kg": "kg", "_degc": "Cel"}
UCUM = {"degC": "Cel", "kPa.h": "kPa.h"}


class Row(NamedTuple):
    """One column. csv: its name in a CSV file, where moments are told on the person's own wall."""

    table: str
    column: str
    csv: str
    type: str
    unit: str
    meaning: str
    values: str
    null: str
    source: str


def rows(frames: Mapping[str, pd.DataFrame]) -> list[Row]:
    """A row for each column of each table, in their order. The tables may be empty."""
    return [_row(table, name, frame[name]) for table, frame in frames.items() for name in frame.columns]


def meaning_of(table: str, column: str) -> Meaning:
    """Raises KeyError where nobody said."""
    if column in OF[table]:
        return OF[table][column]
    fields = _fields(table)
    return fields[column] if column in fields else EVERYWHERE[column]


def _fields(table: str) -> dict[str, Meaning]:
    """Columns of a record's own fields, as the brace's language has them."""
    if table not in RECORDS:
        return {}
    kind = BY_NAME[RECORDS[table]]
    found = {}
    for field, code, per, unit, meaning in kind.fields:
        name = tables.column(field, unit)
        values = "; ".join(tables.WORDS[unit]) if unit in tables.WORDS else ""
        if table == "minutes" and field == "worn":
            values = "0 not worn; 1 worn"  # tables.minutes tells it as a number
        elif not values and unit not in tables.BITS and code != "*" and count_of(code) == 1:
            _, low, high, _ = CODES[code]
            values = f"{low / per:g} to {high / per:g}"
        plain = "" if unit in tables.WORDS or unit in tables.BITS else unit
        found[name] = Meaning(meaning, UCUM.get(plain, plain), values)
    return found


def _row(table: str, column: str, values: pd.Series) -> Row:
    told = meaning_of(table, column)
    source = "record" if table in RECORDS else "told" if table in TOLD else "view"
    unit = told.unit or _unit(column)
    kind = _type(values, bool(unit))
    if kind in ("moment", "date", "yes or no", "text") and not told.unit:
        unit = ""
    null = told.null or ("never empty" if kind == "yes or no" else SOURCES[source][1])
    return Row(table, column, column.removesuffix("_utc"), kind, unit, told.meaning, told.values, null, source)


def _unit(column: str) -> str:
    fitting = [ending for ending in UNITS if column.endswith(ending)]
    return UNITS[max(fitting, key=len)] if fitting else ""


def _type(values: pd.Series, has_unit: bool) -> str:
    dtype = values.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "moment"
    if pd.api.types.is_datetime64_dtype(dtype):
        return "date"
    if pd.api.types.is_bool_dtype(dtype):
        return "yes or no"
    if isinstance(dtype, pd.UInt32Dtype):
        return "bits"
    # An empty column of objects does not tell what it would hold; only a number has a unit.
    return "number" if pd.api.types.is_numeric_dtype(dtype) or has_unit else "text"


def as_csv(found: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(found)
    return text.getvalue()


HEAD = """# What is in this folder

One file a table. CSV is UTF-8; a moment is ISO 8601 with the offset of the person's own clock (in Parquet UTC, its
column ending in `_utc`), a date is a civil day of the person's calendar. Units are in the names of the columns and,
as UCUM codes, below. An empty field (null in Parquet) is never 0. What a pause withholds is in no table.

| source | | empty |
|---|---|---|
"""


def as_markdown(found: list[Row]) -> str:
    lines = [HEAD + "\n".join(f"| {name} | {what} | {null} |" for name, (what, null) in SOURCES.items())]
    for table in dict.fromkeys(row.table for row in found):
        mine = [row for row in found if row.table == table]
        lines.append(f"\n## {table} ({mine[0].source})\n\n| column | type | unit | meaning | values | empty |")
        lines.append("|---|---|---|---|---|---|")
        usual = SOURCES[mine[0].source][1]
        lines += [
            f"| {r.csv} | {r.type} | {r.unit} | {r.meaning} | {r.values} | {'' if r.null == usual else r.null} |"
            for r in mine
        ]
    return "\n".join(lines) + "\n"
