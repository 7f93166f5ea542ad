"""Made-up users of a year for the rules of change: day by day, in day-SDs, as the clinical reference describes them.

AR(1) with rho 0.3 to 0.5, days that nothing is known of (one in five, and some weeks' holes), 5 % of days 4 SD off,
weekends unlike other days. Figures of one user are independent: the worst case for judging several together.
"""

import numpy as np

YEAR = 365


def stable(
    rng: np.random.Generator,
    users: int,
    days: int = YEAR,
    *,
    rho: tuple[float, float] = (0.3, 0.5),
    missing: float = 0.2,
    holes: int = 3,
    outliers: float = 0.05,
    weekend_sd: float = 0.5,
) -> np.ndarray:
    """(users, days) of values with a day-SD of 1 and no change, NaN where not measured."""
    own = rng.uniform(*rho, users)
    noise = rng.standard_normal((days, users))
    values = np.empty((days, users))
    values[0] = noise[0]
    for day in range(1, days):
        values[day] = own * values[day - 1] + np.sqrt(1 - own**2) * noise[day]
    found = values.T.copy()
    found += np.where(rng.random((users, days)) < outliers, 4 * rng.choice([-1, 1], (users, days)), 0)
    weekend = (np.arange(days) + rng.integers(0, 7, users)[:, None]) % 7 >= 5
    found += weekend_sd * weekend * rng.choice([-1, 1], users)[:, None]
    found[rng.random((users, days)) < missing] = np.nan
    for _ in range(holes):
        start, length = rng.integers(0, days, users)[:, None], rng.integers(3, 10, users)[:, None]
        found[(np.arange(days) >= start) & (np.arange(days) < start + length)] = np.nan
    return found


def interval(hits: int, of: int) -> tuple[float, float]:
    """Exact 95 % interval (Clopper-Pearson) of a share, in percent."""
    from scipy.stats import beta

    low = beta.ppf(0.025, hits, of - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, of - hits) if hits < of else 1.0
    return 100 * float(low), 100 * float(high)
