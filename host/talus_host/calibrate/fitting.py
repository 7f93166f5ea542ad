"""What pressed on each site at a fitting, when the skin was looked at and was clear? Amber is relative to that.

Clinical reference 0.4.4: ten minutes sitting, five walking. The larger of the two counts: the skin bore both. What the
film settled by then is taken off (4.6). Without a yes about the skin nothing is kept.
"""

import math
from collections.abc import Sequence
from typing import Any

from talus.events.pressure import FIBULAR_HEAD, from_mmhg
from talus.settings import Settings
from talus.wire.kinds import PRESSURE_CHANNELS
from talus_host.calibrate.fit import Fit, refused
from talus_host.calibrate.readings import Worn

SECONDS = {"sitting": 600, "walking": 900}  # since the brace was put on
CREEP, FROM_S = 0.05, 10.0  # as on the brace: talus.events.film
MMHG = from_mmhg(1000) / 1000  # in 10 Pa


def fit_worn(rows: Sequence[Worn], calibration: Any) -> list[Fit]:
    """One fit for each channel of a talus.calibration.Calibration; one below its sensor's floor keeps no reference."""
    if {row.what for row in rows} != set(SECONDS):
        return [refused("fit", "one reading while sitting and one while walking are needed")]
    if not all(row.skin == 1 for row in rows):
        return [refused("fit", "the skin was not checked and clear: loosen or adapt the brace first")]
    found = [
        _channel(rows, calibration, channel) for channel in range(PRESSURE_CHANNELS) if calibration.pressure[channel]
    ]
    return found or [refused("fit", "no pressure channel is calibrated: that step comes first")]


def _channel(rows: Sequence[Worn], calibration: Any, channel: int) -> Fit:
    name = f"fit {channel + 1}"
    site = calibration.pressure[channel]
    sensed = {}
    for row in rows:
        value = site.from_counts(round(row.channels[channel]))
        if value is None or site.beyond:
            return refused(name, f"it reads beyond what it was calibrated for while {row.what}: wet, or a short")
        sensed[row.what] = value / (1 + CREEP * math.log10(1 + SECONDS[row.what] / FROM_S))
    fit = max(sensed.values())
    mmhg = fit / MMHG
    usual: Any = Settings()
    limit = (usual.red_fibular_mmhg if site.site == FIBULAR_HEAD else usual.red_a_mmhg) - usual.offset_mmhg
    figures = {f"{what}_mmhg": value / MMHG for what, value in sensed.items()}
    if mmhg >= limit:
        return refused(name, f"{mmhg:.0f} mmHg, and {limit:.0f} is the limit of a fitting: loosen it first", figures)
    below = fit < calibration.floors[channel]
    return Fit(name, True, "", figures, {"fit": 0 if below else round(fit)})
