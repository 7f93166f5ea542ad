"""One row of `talus doctor`."""

from dataclasses import dataclass

import pandas as pd

OK, NOTE, WRONG = "ok", "note", "wrong"


@dataclass(frozen=True)
class Finding:
    """what: the thing looked at; state: ok, note or wrong; says: what was seen and, unless ok, what to do."""

    what: str
    state: str
    says: str


def ago(then_ms: int, now_ms: int) -> str:
    """ "3 min ago", "in 40 s": two clocks' difference as people say it."""
    seconds = abs(now_ms - then_ms) / 1000
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            told = f"{seconds / size:.0f} {unit}"
            break
    else:
        told = f"{seconds:.0f} s"
    return f"{told} ago" if then_ms <= now_ms else f"in {told}"


def moment(utc_ms: int) -> str:
    """A moment, to the minute."""
    return f"{pd.Timestamp(utc_ms, unit='ms', tz='UTC'):%Y-%m-%d %H:%M} UTC"
