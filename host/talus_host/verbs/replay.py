"""A recording through chips, drivers and firmware: what the brace concluded, on the recording's own clock."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from talus.wire import kinds
from talus_host import tables
from talus_host.errors import InputError
from talus_host.export import atomic
from talus_host.export.csv import write_csv
from talus_host.session import Session
from talus_host.verbs.rim import aside, number, print_json, print_table, progress

EVENT_SOURCE = "talus"
EVENTS = (("initial_contact", "HS"), ("toe_off", "TO"))


@dataclass(frozen=True)
class Concluded:
    """strides: a row each, units in the names; events: time_s, event (HS or TO), source; said: what drove what."""

    strides: pd.DataFrame
    events: pd.DataFrame
    said: tuple[str, ...]


def conclude(path: Path, interpreter: str) -> Concluded:
    """Let a brace wear one recording. Raises InputError naming the file, the column and the value."""
    from talus_twin.board.interpreter import InterpreterMissing
    from talus_twin.body import recording
    from talus_twin.body.errors import BodyError
    from talus_twin.worn import PLAYED_FROM_MS, wear_recording

    try:
        played = recording.load(path)
        stream = wear_recording(played, interpreter)
    except BodyError as error:
        raise InputError(str(error)) from None
    except InterpreterMissing as error:
        raise InputError(str(error)) from None
    session = Session(0)
    records = session.feed(stream) + session.finish()
    own = np.array([played.own_s(record.at_ms - PLAYED_FROM_MS) for record in records])
    inside = np.array([played.within(time) for time in own], dtype=bool)
    return Concluded(_strides(records, own, inside), _events(records, own, inside), played.provenance)


def _of_kind(name: str, records: list[Any], inside: np.ndarray) -> np.ndarray:
    wanted = kinds.BY_NAME[name].number
    return np.array([i for i, record in enumerate(records) if record.kind == wanted and inside[i]], dtype=int)


def _strides(records: list[Any], own: np.ndarray, inside: np.ndarray) -> pd.DataFrame:
    at = _of_kind("stride", records, inside)
    found = tables.strides([records[i].payload for i in at])
    found.insert(0, "start_s", np.round(own[at], 3))
    found.insert(1, "end_s", np.round(own[at] + found["duration_s"].to_numpy(), 3))
    found.insert(2, "toe_off_s", np.round(own[at] + found["stance_s"].to_numpy(), 3))
    return found.sort_values("start_s", ignore_index=True)


def _events(records: list[Any], own: np.ndarray, inside: np.ndarray) -> pd.DataFrame:
    at = _of_kind("phase", records, inside)
    phase = tables.table("phase", [records[i].payload for i in at])["phase"]
    found = pd.DataFrame({"time_s": np.round(own[at], 3), "event": phase.astype(object), "source": EVENT_SOURCE})
    found["event"] = found["event"].map(dict(EVENTS))
    return found.dropna(subset=["event"]).sort_values("time_s", ignore_index=True)


def replay_one(path: Path, strides: Path | None, events: Path | None, interpreter: str, as_json: bool) -> None:
    """`talus replay FILE`: write what was asked for, say what was found."""
    for target in (strides, events):
        if target is not None:
            atomic.check(target)
    with progress(f"{path.name} on {interpreter}", "") as step:
        step(0, None)
        concluded = conclude(path, interpreter)
    for table, target in ((concluded.strides, strides), (concluded.events, events)):
        if target is not None:
            write_csv(table, target)
    valid = concluded.strides[concluded.strides["valid"]]
    cadence = 120.0 / float(valid["duration_s"].mean()) if len(valid) else None
    summary = {
        "file": path.name,
        "interpreter": interpreter,
        "strides": len(valid),
        "strides_invalid": len(concluded.strides) - len(valid),
        "heel_strikes": int((concluded.events["event"] == "HS").sum()),
        "toe_offs": int((concluded.events["event"] == "TO").sum()),
        "cadence_steps_per_min": cadence,
        "driven_by": list(concluded.said),
    }
    if as_json:
        print_json(summary)
        return
    header = ("file", "strides", "not valid", "heel strikes", "toe offs", "steps/min")
    row = [path.name, *(str(summary[k]) for k in ("strides", "strides_invalid", "heel_strikes", "toe_offs"))]
    aside.print("\n".join(concluded.said), highlight=False)
    print_table("", header, [[*row, number(cadence)]])


def replay_table(folder: Path, interpreter: str, as_json: bool) -> None:
    """`talus replay --table FOLDER`: every walking recording against its reference, one table."""
    from talus_twin.body import reference

    rows = []
    files = [path for path in sorted(folder.glob("*.csv")) if reference.events_path(path).exists() and _walks(path)]
    if not files:
        raise InputError(f"{folder}: no recording with reference events (NAME.csv beside NAME_events.csv)")
    with progress(f"recordings on {interpreter}", "files") as step:
        for done, path in enumerate(files):
            step(done, len(files))
            found = conclude(path, interpreter)
            valid = found.strides[found.strides["valid"]]
            toe_offs = found.events.loc[found.events["event"] == "TO", "time_s"].to_numpy()
            against = reference.compare(
                valid[["start_s", "end_s"]].to_numpy(), toe_offs, reference.load_events(reference.events_path(path))
            )
            rows.append({"file": path.stem, **vars(against)})
    if as_json:
        print_json([{key: None if value != value else value for key, value in row.items()} for row in rows])
        return
    strides = ("found", "inside", "ref.", "match")
    header = ("recording", *strides, "HS\nms", "bias", "TO\nms", "bias", "steps\n/min", "ref.")
    title = (
        f"Strides found against reference, on {interpreter}: all found, those inside the reference's walking, the "
        "reference's, matched;\nmedian absolute error and bias of HS and TO in ms; cadence in steps/min."
    )
    print_table(title, header, [_row(row) for row in rows])


def _row(row: dict[str, Any]) -> list[str]:
    counts = ("strides_found", "strides_covered", "strides_reference", "strides_matched")
    times = ("hs_median_abs_ms", "hs_bias_ms", "to_median_abs_ms", "to_bias_ms")
    return [
        row["file"],
        *(str(row[key]) for key in counts),
        *(number(row[key], 0) for key in times),
        number(row["cadence_found"]),
        number(row["cadence_reference"]),
    ]


def _walks(path: Path) -> bool:
    """Whether a brace could measure anything in this file: a force plate alone is no brace."""
    from talus_twin.body import columns

    with path.open(encoding="utf-8-sig") as file:
        header = [name.strip() for name in file.readline().split(",")]
    return any(name in columns.BY_NAME for name in header)
