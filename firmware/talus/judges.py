# When a doubt about a part becomes a trouble, and when it is over: a row must speak so often in a row, and calm must
# last as many looks, twice as many after each relapse, so that a part that flickers is told a few times an hour. Each
# CALM_MAX calm looks make good for a relapse: what comes once a day, as an empty battery, is no flicker.
# It decides how sure is sure; what is looked at is talus.checks.

from talus.parts import ABSENT
from talus.wire import kinds

CALM_MAX = 250  # looks


class Judges:
    """rows: (sensor, reason, state, threshold, looks that begin it, looks that end it, unit and source).

    owner has a method for each row, _sensor_reason(channel, threshold) -> True trouble, False none, None: it cannot be
    told now; channel from 0. Its .value is what was read.
    """

    def __init__(self, rows, parts, owner):
        cases = []
        for row in rows:
            for part in parts:
                if kinds.SENSORS[part.sensor] == row[0] and part.state != ABSENT:
                    cases.append((row, part, getattr(owner, "_%s_%s" % row[:2])))
        self._cases = tuple(cases)
        self._owner = owner
        self._on = bytearray(len(cases))
        self._count = bytearray(len(cases))
        self._relapses = bytearray(len(cases))
        self._calm = bytearray(len(cases))
        self.count = len(cases)

    def ask(self, i):
        """Put one case; its part when the answer has changed, else None."""
        row, part, tell = self._cases[i]
        bad = tell(part.channel - 1, row[3])
        if bad is None:
            return None
        on = self._on[i]
        if bad == on:
            self._count[i] = 0
            if self._relapses[i] and not on:
                self._calm[i] = calm = (self._calm[i] + 1) % CALM_MAX
                if not calm:
                    self._relapses[i] -= 1
            return None
        count = self._count[i] + 1
        self._count[i] = count
        if count < (min(row[5] << self._relapses[i] - 1, CALM_MAX) if on else row[4]):
            return None
        self._count[i] = 0
        self._on[i] = not on
        if bad and self._relapses[i] < 8:
            self._relapses[i] += 1
        return part

    def worst(self, part):
        """(state, reason, value) of the worst trouble of a part, or None."""
        found = None
        for i in range(self.count):
            row = self._cases[i][0]
            if self._on[i] and self._cases[i][1] is part and (found is None or row[2] > found[0]):
                found = (row[2], kinds.HEALTH_REASONS.index(row[1]), self._owner.value)
        return found
