# Finds toe off and initial contact in the ankle angle alone, for a brace without a gyro.
# A foot that lands flat does not fall: then the start of stance's long rise is the contact, with low confidence.
#
# Law: in every stride the ankle falls twice toward plantarflexion, far at push-off and little as the foot is loaded.
# The far fall is the anchor. The contact is the last fall 0.2 to 1.2 s after its toe off, among those at least half as
# large as the largest: the ankle may sway in swing, but after loading it only rises, until the next push-off.
# No published method is followed (the clinical reference anchors on gyros). Instants [E], near force plates in two
# walkers (tests/events):
# 1. toe off is where the plantarflexing rate has come back to half its peak, between that peak and the turn;
# 2. contact is where that rate reaches seven eighths of its peak: the foot is already falling as it touches.

from talus.events.ring import MASK, Typical, lowest

CONTACT = 1
TOE_OFF = 2
START_RATE = -50  # 0.1 deg/s: ten times the noise of the derivative (0.5 deg/s)
BOUT_MS = 3000


class PushOff:
    """Call `step` with each tick of the ankle's rate (0.1 deg/s); CONTACT and TOE_OFF come back as bits, together.

    After CONTACT: `contact_ms` and `sure`. After TOE_OFF: `toe_off_ms`, of the swing before that contact.
    """

    def __init__(self, settings, rates, angles):
        self._rates = rates
        self._angles = angles
        self.retune(settings)
        self._typical = Typical()
        self.reset()

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._least = settings.push_off_min_cdeg
        self._first = settings.push_off_start_cdeg
        self._share = settings.push_off_share_pct
        self._drop = settings.contact_drop_cdeg
        self._contact_rate = settings.contact_ankle_ddps
        self._soonest = settings.swing_min_ms
        self._latest = settings.swing_max_ms

    def reset(self):
        """Begin again, as after a gap."""
        self._falling = False
        self._area = 0
        self._quiet = 0
        self._deep = 0
        self._deep_at = 0
        self._pending = False  # a toe off waits for its contact
        self._open = True  # a bout begins: a contact may come before any push-off
        self._best = 0
        self._best_ms = -1
        self._push_ms = -BOUT_MS
        self._push_load_ms = -1
        self.toe_off_ms = -1
        self.contact_ms = -1
        self.sure = True

    def forget(self):
        """A new bout: the push-off typical of the last one need not hold."""
        self._typical.clear()

    def step(self, tick):
        """Take in the rate at `tick`."""
        rate = self._rates[tick & MASK]
        if not self._falling:
            if rate < START_RATE:
                self._falling = True
                self._deep_at = tick
                self._deep = self._area = rate
                self._quiet = 0
        else:
            if rate < self._deep:
                self._deep = rate
                self._deep_at = tick
            if rate < 0:
                self._area += rate
            # A slow tail, where plantarflexion goes on through swing, is not part of the fall.
            self._quiet = self._quiet + 1 if rate > self._deep >> 2 else 0
            if self._quiet == 5 or rate > 0:
                self._falling = False
                return self._fallen(tick, -self._area // 10)
        if self._pending and tick * 10 - self._push_ms > self._latest + 150:
            return self._decide(tick)
        return 0

    def _fallen(self, tick, drop):
        """A fall of `drop` (0.01 deg) has ended: push-off, loading, or nothing."""
        if not self._pending and tick * 10 - self._push_ms > BOUT_MS:
            self._open = True
        median = self._typical.median
        least = self._first
        if median is not None:
            # Until a contact has been seen, a fall is loading rather than push-off: it must be the larger to be one.
            share = (self._share + 100) // 2 if self._pending and self._best_ms < 0 else self._share
            least = median * share // 100
            if least < self._least:
                least = self._least
        if drop < least:
            self._offer(drop)
            return 0
        if median is not None and self._typical.count < 3 and drop > 2 * median:
            self._mistaken(median)
        done = self._decide(tick)
        self._typical.add(drop)
        self._pending = True
        self._open = False
        self._push_ms = self._back_to_half_ms()
        self._push_load_ms = self._seven_eighths_ms()
        return done

    def _mistaken(self, drop):
        """What the bout took for push-off was a loading: so a contact, and its toe off never was."""
        self._typical.clear()
        if self._pending:
            self._pending = False
            self._best = drop
            self._best_ms = self._push_load_ms

    def _offer(self, drop):
        """Keep a small fall as the contact awaited, unless one at least twice as large came before."""
        if drop < self._drop or -self._deep < self._contact_rate or 2 * drop < self._best:
            return
        at_ms = self._seven_eighths_ms()
        if self._pending:
            if not self._soonest <= at_ms - self._push_ms <= self._latest:
                return
        elif not self._open:
            return
        if drop > self._best:
            self._best = drop
        self._best_ms = at_ms

    def _decide(self, tick):
        """Settle the swing that waits, with what was seen until now."""
        bits = 0
        if self._pending:
            self.toe_off_ms = self._push_ms
            bits = TOE_OFF
            if self._best_ms < 0:
                self._best_ms = self._ramp_ms(tick)
                self.sure = False
            else:
                self.sure = True
        elif tick * 10 - self._best_ms > BOUT_MS // 2:
            self._best_ms = -1
        if self._best_ms >= 0:
            self.contact_ms = self._best_ms
            bits |= CONTACT
        self._pending = False
        self._best = 0
        self._best_ms = -1
        return bits

    def _ramp_ms(self, tick):
        """Where the long rise of stance begins, or -1 when there was none: then the foot may never have come down."""
        first = (self._push_ms + self._soonest) // 10
        angles = self._angles
        top = first
        for at in range(first, tick):
            if angles[at & MASK] > angles[top & MASK]:
                top = at
        low = lowest(angles, first, top + 1)
        if low < 0:
            return -1
        least = angles[low & MASK]
        rise = angles[top & MASK] - least
        if rise < self._least:
            return -1
        while top > first and angles[top & MASK] > least + (rise >> 3):
            top -= 1
        return top * 10 if top * 10 - self._push_ms <= self._latest else -1

    def _back_to_half_ms(self):
        limit = self._deep >> 1
        tick = self._deep_at
        while tick < self._deep_at + 20 and self._rates[(tick + 1) & MASK] <= limit:
            tick += 1
        return self._level_ms(tick, limit)

    def _seven_eighths_ms(self):
        limit = self._deep * 7 >> 3
        tick = self._deep_at
        while tick > self._deep_at - 20 and self._rates[(tick - 1) & MASK] <= limit:
            tick -= 1
        return self._level_ms(tick - 1, limit)

    def _level_ms(self, tick, level):
        """Where the rate passes a level between a tick and the next."""
        here, after = self._rates[tick & MASK], self._rates[(tick + 1) & MASK]
        return tick * 10 + ((level - here) * 10 // (after - here) if after != here else 5)
