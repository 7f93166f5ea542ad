"""One reading of a brace for a fitting: whose samples it wants, what came of them since it began, when it has enough.

Looked at again and again; it never waits. Samples from before it began are not its own. A link that is lost takes what
came with it, since nobody can say what the leg did meanwhile.
"""

import secrets
from collections import OrderedDict
from threading import Lock

import pandas as pd

from talus_dashboards.feed import SEEKING, Glimpse
from talus_dashboards.pages.live import state_of

TIME = "since_boot_ms"
GIVE_UP_S = 180.0  # a rested brace is on the air once in ten minutes, but at once when its button is pressed
LONGEST_S = 120.0  # of a stretch that somebody ends: ten strides are a quarter of it
KEPT = 32
COMING, QUIET = "coming", "quiet"  # of live.state_of
# What a look finds beside how the link fares:
OTHER, READING, FULL, TIRED = "other", "reading", "full", "tired"
ASIDE = frozenset({OTHER, READING, FULL})


class Stretch:
    """person, step: whom and what it is for; devices: ids any of which may be on the air; seconds: of samples; ended:
    whether somebody has to end it; begun_s: when it was asked for."""

    def __init__(
        self, person: str, step: str, devices: frozenset[str], seconds: float, ended: bool, begun_s: float
    ) -> None:
        self.person, self.step, self.devices = person, step, devices
        self.seconds, self.ended = LONGEST_S if ended else seconds, ended
        self.state, self.waited_s = SEEKING, 0.0
        self.last: Glimpse | None = None
        self._parts: list[pd.DataFrame] = []
        self._from_ms: int | None = None
        self._to_ms, self._device = 0, ""
        self._came_s = begun_s
        self.lock = Lock()

    @property
    def read_s(self) -> float:
        """Seconds of the brace's own clock since the stretch began."""
        return 0.0 if self._from_ms is None else (self._to_ms - self._from_ms) / 1000

    @property
    def samples(self) -> pd.DataFrame:
        return pd.concat(self._parts, ignore_index=True) if self._parts else pd.DataFrame({TIME: []})

    def look(self, glimpse: Glimpse, now_s: float) -> str:
        """Take in what came. Returns OTHER, READING, FULL, TIRED, or how the link fares while nothing comes."""
        self.last, self.state = glimpse, self._looked(glimpse)
        if self.state in ASIDE:
            self._came_s = now_s
        self.waited_s = now_s - self._came_s
        if self.waited_s > GIVE_UP_S:
            self.state = TIRED
        return self.state

    def _looked(self, glimpse: Glimpse) -> str:
        link = state_of(glimpse)
        if link not in (COMING, QUIET):
            self._parts, self._from_ms = [], None
        if link != COMING:
            return link
        if glimpse.device not in self.devices:
            return OTHER
        newest = int(glimpse.samples[TIME].iloc[-1])
        if self._from_ms is None or newest < self._to_ms or glimpse.device != self._device:
            # The first look; or the brace started again, or the leg's other brace came.
            self._parts, self._from_ms, self._to_ms, self._device = [], newest, newest, glimpse.device
        new = glimpse.samples[(glimpse.samples[TIME] > self._to_ms).to_numpy(bool)]
        if len(new):
            if not self._parts:  # whatever was lost before its first sample is no part of it
                self._from_ms = int(new[TIME].iloc[0]) - glimpse.step_ms
            self._parts.append(new)
            self._to_ms = newest
        return FULL if self.read_s >= self.seconds else READING


class Stretches:
    """The readings that go on, each by the token of the page it was begun on; the oldest give way."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Stretch] = OrderedDict()
        self._lock = Lock()

    def begin(self, stretch: Stretch) -> str:
        token = secrets.token_hex(8)
        with self._lock:
            self._kept[token] = stretch
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return token

    def of(self, token: object, person: str) -> Stretch | None:
        """The one of this token, where it is of this person."""
        with self._lock:
            found = self._kept.get(token) if isinstance(token, str) else None
        return found if found and found.person == person else None

    def end(self, token: object) -> None:
        with self._lock:
            if isinstance(token, str):
                self._kept.pop(token, None)
