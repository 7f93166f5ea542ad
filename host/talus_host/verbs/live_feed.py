"""What the live page is shown of one brace: its newest samples, how the link fares, and whether anybody looks.

The loop of the link fills it; the page looks into it from threads of its own.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from talus.wire import kinds
from talus_host.errors import (
    LinkLostError,
    NoAdapterError,
    NoBraceError,
    NotPairedError,
    NotUnderstoodError,
    RefusedError,
)
from talus_host.verbs.live import Recent
from talus_host.watching import Samples, Watching

if TYPE_CHECKING:
    from talus_dashboards.feed import Glimpse

LOOKED_S = 3.0  # a page that is open asks four times a second, one in a hidden tab once
# (error, what the page calls it); the first that fits
WHY = (
    (LinkLostError, "lost"),
    (NoAdapterError, "adapter"),
    (NoBraceError, "away"),
    (NotPairedError, "stranger"),
    (NotUnderstoodError, "unread"),
    (RefusedError, "refused"),
)


class Feed:
    """sites: of the four pressure channels, where they are known; clock: seconds. Called, it is a page's look."""

    def __init__(self, sites: tuple[str, ...] = (), clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._recent = Recent()
        self._sites = sites
        self._device = ""
        self._link, self._why = "seeking", ""
        self._last: tuple[float, datetime] | None = None
        self._looked_s: float | None = None

    @property
    def looked_at(self) -> bool:
        """Whether a page is open somewhere."""
        return self._looked_s is not None and self._clock() - self._looked_s < LOOKED_S

    def seeking(self) -> None:
        """The brace is looked for, or connected to."""
        self._link, self._why = "seeking", ""

    def opened(self) -> None:
        self._link, self._why = "open", ""

    def lost(self, error: Exception) -> None:
        self._link, self._why = "lost", next((why for kind, why in WHY if isinstance(error, kind)), "lost")

    def take(self, new: Samples, watching: Watching) -> None:
        with self._lock:
            if watching.device != self._device:  # another brace came on the air: its samples stand alone
                self._recent, self._device = Recent(), watching.device
            self._recent.add(new, watching)
            self._last = self._clock(), datetime.now(UTC)

    def __call__(self) -> "Glimpse":
        from talus_dashboards.feed import Glimpse

        with self._lock:
            samples, last = self._recent.samples(), self._last
            taken, dropped, device = self._recent.taken, self._recent.dropped, self._device
        self._looked_s = self._clock()
        return Glimpse(
            samples=samples.table(),
            step_ms=kinds.SAMPLE_MS,
            silent_s=self._looked_s - last[0] if last else float("nan"),
            last_utc=last[1] if last else None,
            taken=taken,
            dropped=dropped,
            link=self._link,
            why=self._why,
            sites=self._sites,
            device=device,
        )
