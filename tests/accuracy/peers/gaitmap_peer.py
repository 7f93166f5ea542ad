"""gaitmap 2.6 with gaitmap_mad on foot recordings: a program of its own, in its own environment, never imported.

usage: gaitmap_peer.py IN.npz OUT.json. IN: for each walk `NAME.acc` (n x 3, m/s2) and `NAME.gyro` (n x 3, deg/s) at
100 Hz in the sensor's own axes. OUT: {NAME: {"contacts": [s], "toe_offs": [s], "seconds": s, "said": why nothing}}.
Its documented way: gravity, principal axis and sign of the heading; Barth's DTW finds strides; then the events of
Herzer 2021 (its newest) or Rampp 2015, each with the library's own settings.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from gaitmap.event_detection import HerzerEventDetection, RamppEventDetection
from gaitmap.preprocessing import align_dataset_to_gravity
from gaitmap.preprocessing.sensor_alignment import ForwardDirectionSignAlignment, PcaAlignment
from gaitmap.stride_segmentation import BarthDtw
from gaitmap.utils.consts import SF_COLS
from gaitmap.utils.coordinate_conversion import convert_to_fbf

RATE_HZ = 100.0
RESTS = (2.5, 5.0, 10.0, 20.0, 40.0)  # deg/s; the first is the library's own
METHODS = {"herzer": HerzerEventDetection, "rampp": RamppEventDetection}


def _level(data: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Upright by gravity at rest; where its own bound for rest finds none, by wider ones."""
    for bound in RESTS:
        try:
            return align_dataset_to_gravity(data, RATE_HZ, static_signal_th=bound)
        except ValueError:
            if bound == RESTS[-1]:
                raise
    raise AssertionError


def aligned(acc: np.ndarray, gyro: np.ndarray) -> pd.DataFrame:
    """The foot's body frame, as gaitmap wants it."""
    level = _level({"foot": pd.DataFrame(np.hstack((acc, gyro)), columns=SF_COLS)})
    heading = PcaAlignment(target_axis="y", pca_plane_axis=("gyr_x", "gyr_y")).align(level).aligned_data_
    signed = ForwardDirectionSignAlignment().align(heading, sampling_rate_hz=RATE_HZ).aligned_data_
    return convert_to_fbf(signed, left_like="foot")["foot"]


def events(data: pd.DataFrame, method: str) -> tuple[list[float], list[float]]:
    segmented = BarthDtw().segment(data=data, sampling_rate_hz=RATE_HZ)
    found = METHODS[method]().detect(data=data, stride_list=segmented.stride_list_, sampling_rate_hz=RATE_HZ)
    every = found.segmented_event_list_
    return (every["ic"].dropna() / RATE_HZ).tolist(), (every["tc"].dropna() / RATE_HZ).tolist()


def main() -> None:
    warnings.simplefilter("ignore")
    given = np.load(sys.argv[1])
    told = {}
    names = sorted({name.rpartition(".")[0] for name in given.files})
    for name in names:
        for method in METHODS:
            row: dict[str, object] = {"contacts": [], "toe_offs": [], "said": ""}
            begin = time.perf_counter()
            try:
                data = aligned(given[f"{name}.acc"], given[f"{name}.gyro"])
                row["contacts"], row["toe_offs"] = events(data, method)
            except Exception as error:  # what it cannot do is part of the comparison
                row["said"] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            row["seconds"] = time.perf_counter() - begin
            told[f"{name}|{method}"] = row
    Path(sys.argv[2]).write_text(json.dumps(told))


if __name__ == "__main__":
    main()
