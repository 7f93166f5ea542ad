"""Many rows at once, tables in and out: straight to the driver, because one dict per row costs ten times the insert."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, Table
from sqlalchemy.dialects.sqlite import insert


def add(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], *, ignore: bool = False) -> None:
    """Insert rows given in the order of the table's columns; ignore=True leaves rows whose key is known alone."""
    if not rows:
        return
    statement = insert(table).values({column.name: None for column in table.columns})
    if ignore:
        statement = statement.on_conflict_do_nothing()
    connection.exec_driver_sql(str(statement.compile(dialect=connection.dialect)), list(rows))


def add_table(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Insert a DataFrame that has the table's columns; NaN becomes NULL."""
    if len(frame):
        add(connection, table, rows_of(frame[[column.name for column in table.columns]]))


def rows_of(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Rows as tuples of plain Python values, NaN as None."""
    return list(zip(*(_plain(frame[name]) for name in frame.columns), strict=True))


def _plain(column: pd.Series) -> list[Any]:
    values = column.to_numpy()
    if values.dtype.kind == "f":
        return [None if value != value else value for value in values.tolist()]
    return values.tolist()


def tuples(
    connection: Connection, query: Select[Any], values: Mapping[str, object] | None = None
) -> list[tuple[Any, ...]]:
    """The answer's rows as the driver gives them: a library's row objects cost several times the reading."""
    answer = connection.execute(query, values)
    assert answer.cursor is not None
    rows: list[Any] = list(answer.cursor.fetchall())
    answer.close()
    return rows


def fetch(connection: Connection, query: Select[Any]) -> pd.DataFrame:
    """The answer as a table with the query's column names, also where it has no rows."""
    names = [column.name for column in query.selected_columns]
    return pd.DataFrame.from_records(tuples(connection, query), columns=names)


def numbers(frame: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The named columns as float64, NULL as NaN."""
    wrong = [name for name in names if frame[name].dtype != np.float64]
    return frame.astype(dict.fromkeys(wrong, np.float64)) if wrong else frame
