"""Tables as CSV: UTF-8, units in the column names, moments as ISO 8601 with the offset of the person's own clock.

What is unknown is an empty field, never 0.
"""

from pathlib import Path
from typing import BinaryIO

import pandas as pd

from talus_host.export import atomic


def write_csv(table: pd.DataFrame, path: Path, *, zone: str = "UTC") -> None:
    """One table to one file. Columns `*_utc` are told in `zone` and lose that ending; `day` stays a date."""
    told = local_times(table, zone)

    def fill(file: BinaryIO) -> None:
        told.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")

    atomic.write(path, fill)


def local_times(table: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The table with moments as ISO 8601 text with an offset, and days as ISO dates."""
    told = {}
    for name in table.columns:
        column = table[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            local = column.dt.tz_convert(zone)
            told[name.removesuffix("_utc")] = pd.Series(
                [None if pd.isna(at) else at.isoformat(timespec="milliseconds") for at in local], dtype=object
            )
        elif pd.api.types.is_datetime64_dtype(column):
            told[name] = column.dt.strftime("%Y-%m-%d").reset_index(drop=True)
        else:
            told[name] = column.reset_index(drop=True)
    return pd.DataFrame(told)
