"""From where on is something worth an orthotist's look? Limits a clinician may set for one person; the rest have these.

None of them changes a figure: they say what a caseload and its flags point to, and each is written here alone.
"""

from collections.abc import Mapping
from typing import NamedTuple

from talus_host.metrics.adherence import TARGET
from talus_host.metrics.flags import STALE_DAYS


class Limit(NamedTuple):
    """name, unit, what holds unless somebody set another, the least and the most that may be set, and why it is so."""

    name: str
    unit: str
    default: float
    low: float
    high: float
    why: str


LIMITS = (
    Limit("no_data_days", "d", STALE_DAYS, 1, 30, "clinical reference 0.4.1: no data for 3 days comes to the top"),
    Limit("pressure_red_week", "events", 1, 1, 20, "clinical reference 5.6: any strong one is looked at"),
    Limit("pressure_amber_week", "events", 3, 1, 50, "clinical reference 5.6: three long ones in 7 days"),
    Limit("adherence_pct", "%", 100 * TARGET, 10, 100, "clinical reference 1.4, A3: 80 % of what was prescribed"),
    Limit("low_battery_pct", "%", 20, 5, 80, "about two days of a charge that lasts ten [E]"),
    Limit("visit_days", "d", 7, 0, 60, "a week is time to read up and to call [E]"),
)
BY_NAME: Mapping[str, Limit] = {one.name: one for one in LIMITS}
DEFAULTS: Mapping[str, float] = {one.name: float(one.default) for one in LIMITS}


def refusal(name: str, value: float) -> str:
    """Why this is no value of that limit; "" where it is one."""
    limit = BY_NAME.get(name)
    if limit is None:
        return f"threshold {name!r}: is none of {', '.join(BY_NAME)}"
    if not limit.low <= value <= limit.high:  # also what is no number
        return f"{name} {value!r}: is not from {limit.low:g} to {limit.high:g} {limit.unit}"
    return ""
