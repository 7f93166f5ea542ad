# Every event of walking, joined as a brace runs them: strides, their hour's curve and their minute, stumbles. Samples
# in, records out through its owner; App and the desk's reanalyse are its two owners, so that they never disagree.
# What a stride costs is spread over ticks: it is kept on the one behind that which closes it, and read on those after.

from talus.events.curve import Curve
from talus.events.gait import INITIAL_CONTACT, MID_SWING, STRIDE, TOE_OFF, Gait
from talus.events.stride import FLAGS
from talus.events.stumble import Stumble
from talus.events.walk import Walk
from talus.wire.kinds import BY_NAME, STRIDE_INVALID

PHASES = ((INITIAL_CONTACT, 0), (TOE_OFF, 1), (MID_SWING, 2))
CURVE_KIND = BY_NAME["curve"]
PHASE_KIND = BY_NAME["phase"]
STRIDE_KIND = BY_NAME["stride"]
STUMBLE_KIND = BY_NAME["stumble"]
WALK_KIND = BY_NAME["walk"]
VALID = 16  # beside the gait's own bits


class Walking:
    """`update` once a tick, `settle` before anything else is kept, `minute` and `hour` at their ends.

    owner: at_ms(back_ms) is the time that long before this tick, keep_at(kind, time_ms, values) keeps a record.
    Settings, place, delays, heel and stand as Gait takes them.
    """

    def __init__(self, owner, settings, imu_place=0, delays_ms=None, heel=None, stand=None):
        self._owner = owner
        self.gait = Gait(settings, imu_place, delays_ms, heel, stand)
        self._curve = Curve()
        self._walk = Walk(self.gait, stand)
        self._stumble = Stumble(settings)
        self._stride_ms = -1  # of a stride that is to be kept
        self._trace = settings.trace_gait_events
        self._told = self._late = 0  # bits of the last tick and of the one before, which the stumbles look at

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._trace = settings.trace_gait_events
        self.gait.retune(settings)
        self._stumble.retune(settings)

    def rest(self):
        """A pause in the grid begins: nothing that goes from tick to tick goes across."""
        self.settle()
        self.gait.rest()
        self._stumble.rest()
        self._walk.rest()
        self._told = self._late = 0

    def update(self, sample):
        """Take in one sample; the gait's bits, VALID beside STRIDE when the stride is a valid one."""
        gait, owner = self.gait, self._owner
        late, self._late = self._late, self._told
        if self._stride_ms >= 0:
            self.settle()
        elif self._walk.due and not late:
            self._walk.step()
        self._told = bits = gait.update(sample)
        if bits:
            if self._trace:
                self._tell_phases(bits)
            if bits & STRIDE:
                self._stride_ms = owner.at_ms(gait.stride_back_ms)
                if not gait.stride[FLAGS] & STRIDE_INVALID:
                    bits |= VALID
        if self._stumble.update(gait, late):
            owner.keep_at(STUMBLE_KIND, owner.at_ms(self._stumble.back_ms), self._stumble.values)
        return bits

    def _tell_phases(self, bits):
        gait, owner = self.gait, self._owner
        backs = (gait.contact_back_ms, gait.toe_off_back_ms, gait.mid_swing_back_ms)
        for bit, phase in PHASES:
            if bits & bit:
                owner.keep_at(PHASE_KIND, owner.at_ms(backs[phase]), (phase, int(gait.low_confidence)))

    def settle(self):
        """Keep the stride that waits, if one does."""
        time_ms, self._stride_ms = self._stride_ms, -1
        if time_ms < 0:
            return
        gait = self.gait
        if not gait.stride[FLAGS] & STRIDE_INVALID:
            self._curve.accumulate(gait)
        self._walk.begin()
        self._owner.keep_at(STRIDE_KIND, time_ms, gait.stride)

    def minute(self, back_ms):
        """Keep what a minute's strides were like; back_ms: how long before this tick it began."""
        values = self._walk.take()
        if values is not None:
            self._owner.keep_at(WALK_KIND, self._owner.at_ms(back_ms), values)

    def hour(self):
        """Keep the hour's curve."""
        values = self._curve.take()
        if values is not None:
            self._owner.keep_at(CURVE_KIND, self._owner.at_ms(0), values)
