"""Plain words for how well a brace's records stand in time. What is not known is said so."""

from collections.abc import Mapping
from typing import Any

GOOD_MS = 1000.0  # a step's walk and a pressure's minute are the same either way
FAIR_MS = 60_000.0  # beyond it a minute may be another minute
NEVER = "unknown: no computer has told it the time; bring it near and run `talus collect`"


def quality(row: Mapping[str, Any]) -> str:
    """Of a row of Store.clocks: a flag, and what is wrong with it."""
    if row["placed_worst_ms"] != row["placed_worst_ms"]:
        return NEVER
    worst = float(row["placed_worst_ms"])
    if worst <= GOOD_MS:
        said = "good: to a second or better"
    elif worst <= FAIR_MS:
        said = "fair: to a minute or better; collect more often"
    else:
        said = "poor: some moments may be another minute's; collect more often"
    if row["contradicting"]:
        said += f"; {row['contradicting']} of its clock readings contradict the others and are not used"
    if row["unplaced"]:
        said += f"; the time of {row['unplaced']} records is unknown"
    return said


def span(ms: float) -> str:
    """ "± 12 ms", "± 5.3 s", "± 12 min"; unknown is a dash."""
    if ms != ms:
        return "–"
    for size, unit, digits in ((60_000, "min", 1), (1000, "s", 1)):
        if ms >= 2 * size:
            return f"± {ms / size:.{digits}f} {unit}"
    return f"± {ms:.0f} ms"


def drift(row: Mapping[str, Any]) -> str:
    """How much UTC gains on the brace's clock; one exchange tells nothing of it."""
    if row["drift_ppm"] != row["drift_ppm"]:
        return "not known"
    return f"{row['drift_ppm']:+.1f} ± {row['drift_within_ppm']:.1f}"
