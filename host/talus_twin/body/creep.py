# What a film FSR reads beside the pressure on it: under a held load its contacts go on settling, so that it conducts
# more by a share per decade of time; they open again when the load goes. Ten relaxations a half decade apart make the
# decades (a Prony series: no clock that is set back, and no law of the brace's own). Warmth changes its gain, and no
# two films are alike.

import numpy as np
from scipy.signal import lfilter, lfiltic

PER_DECADE = 0.04  # data sheets of film FSRs: below 0.05 at constant load
# The sum of the shares is then that of the decades since 1 s: each relaxation stands for half a decade around it, and
# 1 - exp(-t/tau) begins a quarter of a decade late (Euler's constant over ln 10).
TAUS_S = 10.0 ** np.arange(0.5, 5.5, 0.5)
LOADED_KPA = 0.3
CALIBRATED_S = 10.0  # a puck is read so long after it is loaded: what settled by then is in the film's curve


def crept(kpa: np.ndarray, rate_hz: float, per_decade: float = PER_DECADE) -> np.ndarray:
    """Factor of what is read by a calibrated film that rested before, for a pressure at rate_hz. Same shape as kpa."""
    loaded = (np.asarray(kpa) > LOADED_KPA).astype(np.float64)
    settled = np.zeros(len(loaded))
    for tau_s in TAUS_S:
        keep = float(np.exp(-1.0 / (tau_s * rate_hz)))
        start = lfiltic([1.0 - keep], [1.0, -keep], [0.0])
        settled += lfilter([1.0 - keep], [1.0, -keep], loaded, zi=start)[0]
    return (1.0 + 0.5 * per_decade * settled) / (1.0 + per_decade * np.log10(1.0 + CALIBRATED_S))


def warmed(degc: np.ndarray, per_degc: float, at_degc: float = 32.0) -> np.ndarray:
    """Factor of what is read, for a film calibrated at at_degc; per_degc: share it reads less of for each degree."""
    return 1.0 / (1.0 + per_degc * (np.asarray(degc) - at_degc))
