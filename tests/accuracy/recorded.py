"""Every walking recording through chips, drivers and firmware, as `talus replay` does, against its own reference."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from accuracy import score
from accuracy.play import Events, strides_of

from talus_host.verbs.replay import conclude
from talus_twin.body import reference

# What each reference is, and how far it can be trusted (the recordings' own README).
SLACK_S = 0.25
UNITS = {"acc": "mps2", "gyro": "dps"}
SOURCES = {
    "gaitmap": "optical; 20 to 40 ms before the impact",
    "gaitprint": "contact channel of a foot IMU; some 25 ms behind the kinematics",
    "fsr": "foot switches logged apart, good to about 100 ms",
    "btk": "force plate and markers",
    "opensim": "force plate, 20 N",
}


@dataclass(frozen=True)
class Recorded:
    """One recording: its name, what its reference is, our events and the reference's, and what drove the brace."""

    name: str
    source: str
    found: Events
    true: Events
    said: tuple[str, ...]

    @property
    def scored(self) -> score.Walk:
        return score.walk(self.found, self.true)


def recordings(folder: Path) -> list[Path]:
    """Files with a reference beside them, by name."""
    return [path for path in sorted(folder.glob("*.csv")) if reference.events_path(path).exists()]


def source_of(name: str) -> str:
    return next((said for start, said in SOURCES.items() if name.startswith(start)), "its own labels")


def reference_of(path: Path) -> Events | None:
    """Contacts, toe offs and strides of the labels HS and TO; None where a file has none."""
    labels = reference.load_events(reference.events_path(path))
    contacts, offs = labels.get("HS", np.empty(0)), labels.get("TO", np.empty(0))
    return Events(contacts, offs, strides_of(contacts, offs)) if len(contacts) else None


@dataclass(frozen=True)
class Labelled:
    """Where a reference labelled every step: turns and ends it left out are nobody's mistake. spans: rows of s."""

    spans: np.ndarray

    @classmethod
    def of(cls, true: Events) -> "Labelled":
        spans = reference.walking_of(reference.strides_of(true.contacts))
        offs = true.toe_offs[(true.toe_offs > true.contacts[0] - 1.5) & (true.toe_offs < true.contacts[0])]
        first = offs[0] if len(offs) else true.contacts[0]
        if len(spans):
            spans[0, 0] = min(spans[0, 0], first)
            spans[-1, 1] = max(spans[-1, 1], true.toe_offs.max(initial=spans[-1, 1]))
        return cls(spans)

    def inside(self, at: np.ndarray) -> np.ndarray:
        near = (at[:, None] >= self.spans[:, 0] - SLACK_S) & (at[:, None] <= self.spans[:, 1] + SLACK_S)
        return at[near.any(axis=1)] if len(at) else at

    def cut(self, found: Events) -> Events:
        return Events(self.inside(found.contacts), self.inside(found.toe_offs), found.strides)


def foot_imu(path: Path) -> dict[str, np.ndarray] | None:
    """acc (m/s2) and gyro (deg/s) of a recording with a foot IMU's own axes, as gaitmap takes them; else None."""
    with path.open() as file:
        header = file.readline().strip().split(",")
    columns = {kind: [f"foot_{kind}_{axis}_{unit}" for axis in "xyz"] for kind, unit in UNITS.items()}
    if not all(name in header for names in columns.values() for name in names):
        return None
    table = pd.read_csv(path)
    return {kind: table[names].to_numpy(float) for kind, names in columns.items()}


def recorded(path: Path) -> Recorded | None:
    """None for a recording without initial contacts, or with nothing a brace could feel."""
    true = reference_of(path)
    if true is None:
        return None
    told = conclude(path, "cpython")
    labelled = Labelled.of(true)
    events, valid = told.events, told.strides[told.strides["valid"]]
    found = Events(
        events.loc[events["event"] == "HS", "time_s"].to_numpy(),
        events.loc[events["event"] == "TO", "time_s"].to_numpy(),
        valid[["start_s", "toe_off_s", "end_s"]].to_numpy(float),
    )
    return Recorded(path.stem, source_of(path.stem), labelled.cut(found), true, told.said)
