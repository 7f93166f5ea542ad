"""How fast does the person step? Both legs' steps per minute while walking: 120 over the stride time."""

import numpy as np
import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES, medians

BOUNDS_SPM = (40.0, 173.0)  # Mobilise-D's bounds of human walking


def cadence(
    strides: pd.DataFrame, *, minimum: int = MIN_STRIDES, bounds_spm: tuple[float, float] = BOUNDS_SPM
) -> pd.DataFrame:
    """cadence_spm and cadence_spm_n by day, of steady strides (day, duration_s)."""
    spm = 120.0 / strides["duration_s"].where(strides["duration_s"] > 0, np.nan)
    spm = spm.where((spm >= bounds_spm[0]) & (spm <= bounds_spm[1]))
    return medians(spm, strides["day"], name="cadence_spm", minimum=minimum)
