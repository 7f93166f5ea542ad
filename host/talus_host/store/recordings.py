"""Recordings beside the database: every sample of a session, as Parquet. Each says in its own notes which brace it is
of; one that does not is nobody's to remove but a person's who looks."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

DEVICE = b"talus.device"  # 16 hex digits
TABLE = b"talus.table"  # of an export, which is no recording


def of(folder: Path, devices: list[str]) -> tuple[list[Path], list[Path]]:
    """(recordings of these braces, recordings that do not say of which) anywhere in a data folder."""
    theirs, unsure = [], []
    for path in sorted(folder.rglob("*.parquet")):
        notes = _notes(path)
        if TABLE in notes:
            continue
        if DEVICE not in notes:
            unsure.append(path)
        elif notes[DEVICE].decode(errors="replace") in devices:
            theirs.append(path)
    return theirs, unsure


def _notes(path: Path) -> dict[bytes, bytes]:
    try:
        return dict(pq.read_schema(path).metadata or {})
    except (pa.ArrowException, OSError):
        return {}
