# A CSV file -> checked numbers. Nothing is repaired: a cell that is empty, not a number, out of range or out
# of time refuses the whole file with one line that names file, line, column and value. Lines count from 1,
# the header being line 1, as an editor shows them. Cells of reference columns are not read at all.

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from talus_twin.body.columns import BY_NAME, TIME, is_reference, meant
from talus_twin.body.errors import RecordingError

RATE_LOW_HZ = 50
RATE_HIGH_HZ = 500
SHORTEST_S = 1.0
GAP = 1.5  # a step longer than this many usual steps is a gap; less is rounding or jitter of the clock


@dataclass(frozen=True)
class Table:
    """time_s (seconds, float64, rising, near-uniform), the input columns, and the names that were left alone."""

    name: str
    time_s: np.ndarray
    values: dict[str, np.ndarray]
    references: tuple[str, ...]
    strangers: tuple[str, ...]

    @property
    def step_s(self) -> float:
        """Mean seconds per row."""
        return float(self.time_s[-1] - self.time_s[0]) / (len(self.time_s) - 1)


def read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and (line number, cells) of each row. Raises RecordingError for a file that is no CSV."""
    name = path.name
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            header = [cell.strip() for cell in next(reader, [])]
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except FileNotFoundError:
        raise RecordingError(f"{name}: there is no such file") from None
    except OSError as error:
        raise RecordingError(f"{name}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise RecordingError(f"{name}: byte {error.start} is not text in UTF-8") from None
    except csv.Error as error:
        raise RecordingError(f"{name}: not a CSV file ({error})") from None
    if not header:
        raise RecordingError(f"{name}: the file is empty, it has no header")
    if not rows:
        raise RecordingError(f"{name}: zero rows under the header")
    for line, row in rows:
        if len(row) != len(header):
            raise RecordingError(f"{name}, line {line}: {len(row)} cells where the header has {len(header)}")
    return header, rows


def sort_columns(name: str, header: list[str]) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    """(inputs, references, strangers) of a header. A column that looks like a slip of an input is refused."""
    for column in header:
        if header.count(column) > 1:
            raise RecordingError(f"{name}: column '{column}' is there {header.count(column)} times")
    inputs, references, strangers = [], [], []
    for column in header:
        if column == TIME:
            continue
        if column in BY_NAME:
            inputs.append(column)
        elif is_reference(column):
            references.append(column)
        else:
            slip = meant(column)
            if slip is not None and slip not in header:
                raise RecordingError(f"{name}: column '{column}' is unknown; did you mean '{slip}'?")
            strangers.append(column)
    if TIME not in header:
        raise RecordingError(f"{name}: column '{TIME}' is missing")
    if not inputs:
        had = ", ".join(references + strangers) or "nothing"
        raise RecordingError(
            f"{name}: no column a brace could measure (it has {had}; inputs are ankle_angle_deg, "
            "shank_gyro_sag_dps, foot_gyro_sag_dps and their raw axes)"
        )
    return inputs, tuple(references), tuple(strangers)


def number(name: str, line: int, column: str, text: str) -> float:
    """The finite number in one cell. Raises RecordingError naming line, column and value."""
    text = text.strip()
    if not text:
        raise RecordingError(f"{name}, line {line}, {column}: the cell is empty where a number belongs")
    try:
        value = float(text)
    except ValueError:
        raise RecordingError(f"{name}, line {line}, {column}: '{text}' is not a number") from None
    if not math.isfinite(value):
        raise RecordingError(f"{name}, line {line}, {column}: '{text}' is not a finite number")
    return value


def read_column(name: str, header: list[str], rows: list[tuple[int, list[str]]], column: str) -> np.ndarray:
    """One column as float64, each cell a finite number."""
    at = header.index(column)
    return np.array([number(name, line, column, row[at]) for line, row in rows])


def check_range(name: str, lines: list[int], column: str, values: np.ndarray) -> None:
    """Raises RecordingError at the first value outside the column's range: usually another unit."""
    known = BY_NAME[column]
    bad = np.flatnonzero((values < known.low) | (values > known.high))
    if len(bad):
        value = f"{values[bad[0]]:g}"
        raise RecordingError(
            f"{name}, line {lines[bad[0]]}, {column}: {value} is outside {known.low:g} to {known.high:g} {known.unit}"
        )


def check_time(name: str, lines: list[int], time_s: np.ndarray) -> None:
    """Raises RecordingError where time stands still, runs backwards or jumps, and for rates no chip can play."""
    if len(time_s) < 2:
        raise RecordingError(f"{name}: {len(time_s)} row where at least {SHORTEST_S:g} s belong")
    steps = np.diff(time_s)
    for i in np.flatnonzero(steps <= 0)[:1]:
        word = "repeats" if steps[i] == 0 else "runs backwards from"
        raise RecordingError(f"{name}, line {lines[i + 1]}, {TIME}: {time_s[i + 1]:g} {word} {time_s[i]:g}")
    usual = float(np.median(steps))
    for i in np.flatnonzero(steps > GAP * usual + 0.0011)[:1]:  # stamps in whole ms may err by 1 ms
        raise RecordingError(
            f"{name}, line {lines[i + 1]}, {TIME}: {time_s[i + 1]:g} leaves a gap of {steps[i]:.3f} s "
            f"after {time_s[i]:g}, where rows are {usual:.4g} s apart"
        )
    length = float(time_s[-1] - time_s[0])
    rate = (len(time_s) - 1) / length
    if not RATE_LOW_HZ * 0.99 <= rate <= RATE_HIGH_HZ * 1.01:
        raise RecordingError(
            f"{name}, {TIME}: {rate:.4g} rows per second are outside {RATE_LOW_HZ} to {RATE_HIGH_HZ} Hz"
        )
    if length < SHORTEST_S - 1.5 * usual:
        raise RecordingError(f"{name}, {TIME}: {length:.3g} s are too short, at least {SHORTEST_S:g} s belong")


def read_table(path: str | Path) -> Table:
    """Read and check one recording. Raises RecordingError, one line, at the first thing that is wrong."""
    path = Path(path)
    name = path.name
    header, rows = read_rows(path)
    inputs, references, strangers = sort_columns(name, header)
    lines = [line for line, _ in rows]
    time_s = read_column(name, header, rows, TIME)
    check_time(name, lines, time_s)
    values = {}
    for column in inputs:
        values[column] = read_column(name, header, rows, column)
        check_range(name, lines, column, values[column])
    return Table(name, time_s, values, references, strangers)
