"""scikit-digital-health's DETACH on raw series: a program of its own, in its own environment, never imported.

usage: skdh_peer.py IN.npz OUT.json. IN: for each day `NAME.acc` (n x 3, g) and `NAME.temperature` (n, degC) at 20 Hz.
OUT: {NAME: {"worn": [[first, last]], "seconds": s, "said": why nothing}}; indices into the series, last left out.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from skdh.preprocessing import DETACH

RATE_HZ = 20.0


def main() -> None:
    warnings.simplefilter("ignore")
    given = np.load(sys.argv[1])
    told = {}
    for name in sorted({name.rpartition(".")[0] for name in given.files}):
        acceleration, temperature = given[f"{name}.acc"].astype(float), given[f"{name}.temperature"].astype(float)
        row: dict[str, object] = {"worn": [], "said": ""}
        begin = time.perf_counter()
        if np.isnan(temperature).all():
            row["said"] = "it needs a temperature"
        elif np.isnan(temperature).any() or np.isnan(acceleration).any():
            row["said"] = "it takes no gaps"
        else:
            try:
                at = np.arange(len(acceleration)) / RATE_HZ
                result = DETACH().predict(time=at, accel=acceleration, temperature=temperature, fs=RATE_HZ)
                row["worn"] = np.asarray(result["wear"]).reshape(-1, 2).astype(int).tolist()
            except Exception as error:  # what it cannot do is part of the comparison
                row["said"] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        row["seconds"] = time.perf_counter() - begin
        told[name] = row
    Path(sys.argv[2]).write_text(json.dumps(told))


if __name__ == "__main__":
    main()
