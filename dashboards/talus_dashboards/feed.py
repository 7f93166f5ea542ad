"""What the live page is fed with: the newest seconds of one brace's samples, and how the link to it fares.

Whoever starts the pages hands one in, or none. It is asked a few times a second, from any thread, and only while
somebody looks: so it may let the brace go when nobody does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

SEEKING, OPEN, LOST = "seeking", "open", "lost"
# Why a link is lost; each has its sentence in the words.
WHY = ("lost", "away", "stranger", "refused", "unread", "adapter")


@dataclass(frozen=True)
class Glimpse:
    """One look. samples: since_boot_ms, then a column a channel, NaN where it was not measured, in their order.

    step_ms: from one sample to the next when none is missing; silent_s: seconds since the newest came, NaN if none
    did; last_utc: when that was; taken, dropped: samples that came, and that are missing among them; link: SEEKING,
    OPEN or LOST; why: of WHY, for a lost one; sites: of the pressure channels in their order, empty where not known;
    device: whose samples these are, 16 hex digits, "" where not known.
    """

    samples: pd.DataFrame
    step_ms: int
    silent_s: float
    last_utc: datetime | None
    taken: int
    dropped: int
    link: str
    why: str = ""
    sites: tuple[str, ...] = ()
    device: str = ""


Feed = Callable[[], Glimpse]
