"""Tables as Parquet: moments in UTC with their zone, days as dates, what is unknown null, words as text."""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from talus_host.export import atomic

LAYOUT = "2"  # of the tables of an export: it goes up when a column changes its name, unit or meaning


def write_parquet(
    table: pd.DataFrame, path: Path, *, zone: str = "UTC", notes: Mapping[str, str] | None = None
) -> None:
    """One table to one file; the person's zone, the version of the layout and what else is given are kept in the file's
    own notes."""
    plain = table.copy()
    for name in plain.columns:
        if isinstance(plain[name].dtype, pd.CategoricalDtype):
            plain[name] = plain[name].astype("str")
        elif pd.api.types.is_datetime64_dtype(plain[name]):
            plain[name] = plain[name].dt.date
    arrow = pa.Table.from_pandas(plain, preserve_index=False)
    arrow = arrow.replace_schema_metadata(
        {"talus.zone": zone, "talus.unknown": "null", "talus.layout": LAYOUT} | dict(notes or {})
    )

    def fill(file: BinaryIO) -> None:
        pq.write_table(arrow, file, compression="zstd")

    atomic.write(path, fill)
