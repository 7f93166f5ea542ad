# Standing on the leg that wears the brace: the other foot is not seen, but when it leaves the ground this heel carries
# what two carried. The set begins on both feet; what the heel carries then is what it is compared with.

from talus.events.ring import Typical

NEVER = 1 << 29
SETTLE = 100  # ticks of both feet at the beginning of a set
BLINK = 20  # a shorter unloading is the film's own
FASTEST = 3000  # 0.1 deg/s: beyond it no leg stands, and a square still fits
LOT = 1 << 28
STANDS_MAX = 254
HOLD_MAX = 65534


class Standing:
    """`step` once a tick. count of stands, first_at and last_at, hold_ticks() median length, sway() RMS."""

    def __init__(self):
        self._holds = Typical()
        self.clear()

    def retune(self, settings):
        self._share, self._floor = settings.stand_load_pct, settings.rep_pressed_dapa
        self._sway = settings.stand_sway_ddps * settings.stand_sway_ddps
        self._shortest = settings.stand_min_ms // 10

    def clear(self):
        self.count = 0
        self.first_at = self.last_at = -NEVER
        self.up = False
        self._holds.clear()
        self._heel16 = self._rate64 = 0
        self._sum = self._ticks = 0  # of the squares of standing
        self._both = self._seen = 0
        self._begun = self._loaded_at = -NEVER

    def hold_ticks(self):
        return None if not self.count else min(HOLD_MAX, self._holds.median)

    def sway(self):
        """RMS of the shank's rate while standing on this leg, 0.1 deg/s; None when it never did."""
        return root(self._sum // self._ticks) if self._ticks else None

    def reference(self):
        """What the heel carried on both feet, 10 Pa; None until known, or where it carried next to nothing."""
        if self._seen < SETTLE:
            return None
        both = self._both // SETTLE
        return both if both >= self._floor else None

    def step(self, heel, rate, tick):
        """heel: pressure, 10 Pa; rate: of the shank, 0.1 deg/s."""
        if self._seen < SETTLE:
            self._seen += 1
            self._both += heel
            self._heel16 = heel << 4
            return
        self._heel16 += heel - (self._heel16 >> 4)
        rate = min(FASTEST, abs(rate))
        square = rate * rate
        self._rate64 += square - (self._rate64 >> 6)
        reference = self.reference()
        if reference is None:
            return
        if (self._heel16 >> 4) * 100 >= reference * self._share and self._rate64 >> 6 < self._sway:
            self._loaded_at = tick
            if not self.up:
                self.up = True
                self._begun = tick
        if self.up:
            self._swayed(square)
            if tick - self._loaded_at > BLINK:
                self._end()

    def _swayed(self, square):
        self._sum += square
        self._ticks += 1
        if self._sum > LOT:
            self._sum >>= 1
            self._ticks = max(1, self._ticks >> 1)

    def _end(self):
        self.up = False
        lasted = self._loaded_at - self._begun
        if lasted < self._shortest:
            return
        if not self.count:
            self.first_at = self._begun
        self.last_at = self._loaded_at
        if self.count < STANDS_MAX:
            self.count += 1
        self._holds.add(lasted)

    def stop(self):
        """The set is over: who still stands has stood until now."""
        if self.up:
            self._end()


def root(square):
    """The integer square root."""
    if square < 2:
        return square
    guess = 1 << 15
    while True:
        better = (guess + square // guess) >> 1
        if better >= guess:
            return guess
        guess = better
