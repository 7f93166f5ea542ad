# Samples in, gait events and stride records out: one leg, causal, integers, nothing allocated per sample.
# It works with a shank gyro, a foot gyro, an encoder alone, or an encoder with either; it never asks whether the brace
# is worn. What was not measured is None, and a stride across a gap longer than `gait_gap_ms` is kept as invalid.
#
# Method: "anchor, then refine" (clinical reference, section 2.4; anchors after Salarian 2004). The parts are swing.py
# (anchor by rate), push_off.py (anchor by angle), phases.py (refine), stride.py (measure and judge), terrain.py (the
# ground). Deviations:
# 1. Events of a swing are told together, about 0.4 s after its contact: nothing on the brace needs them sooner.
# 2. The ankle's rate is a 7-point Savitzky-Golay derivative; everything is looked at three ticks late so that it and
#    the gyro are of the same moment.
# 3. A turn makes a stride invalid only beyond `pivot_cdeg`; beyond `turn_cdeg` it is flagged and still counted.

import talus.wire.kinds as kinds
from talus.events import ring
from talus.events.phases import Phases
from talus.events.push_off import CONTACT, PushOff
from talus.events.push_off import TOE_OFF as PUSH_TOE_OFF
from talus.events.ring import LIMIT, MASK, MISSING
from talus.events.stride import ANKLE_RANGE, CONTACT_SHIFT, FLAGS, HEEL, Stride
from talus.events.swing import Swing
from talus.events.terrain import Terrain
from talus.kernel import kernel

INITIAL_CONTACT, TOE_OFF, MID_SWING, STRIDE = 1, 2, 4, 8
CHANNELS = (kinds.ANGLE, kinds.MOMENT, kinds.GYRO_SAGITTAL, kinds.GYRO_TRANSVERSE, kinds.ACC_UP, kinds.ACC_FORWARD)
FOOT = 1  # index into IMU_PLACES
LATE = 3  # ticks: half of the derivative's window
RESTART = 1 << 26  # ticks, 7.7 days: ms on the counter stay below 2^30
NEVER = 1 << 29


class Gait:
    """`update` once per tick of 10 ms, with None for what is missing; bits INITIAL_CONTACT, TOE_OFF, MID_SWING, STRIDE.

    Then `contact_back_ms`, `toe_off_back_ms`, `mid_swing_back_ms` and, with STRIDE, `stride_back_ms` (its first
    contact) say how long before this tick each was; `stride` holds the record's values. `broken`: the signal was
    interrupted since the last contact.
    `imu_place` is an index into IMU_PLACES; `delays_ms` per sample index is subtracted; `heel` is the sample index of
    the heel's pressure channel, or None; `stand` the ankle's angle in quiet standing (0.01 deg), None not calibrated.
    """

    def __init__(self, settings, imu_place=0, delays_ms=None, heel=None, stand=None):
        delays_ms = delays_ms or (0,) * kinds.SAMPLE_SIZE
        self._gyro_delay = delays_ms[kinds.GYRO_SAGITTAL]
        self._angle_delay = delays_ms[kinds.ANGLE]
        self.on_foot = imu_place == FOOT
        self._channels = CHANNELS if heel is None else CHANNELS + (heel,)
        self._count = len(self._channels)
        count = len(CHANNELS) + 1
        self._rings = [ring.make() for _ in range(count)]
        self._last = [MISSING] * count
        self._missed = [NEVER] * count
        # The gyro's own rate is looked at for few ticks: it lies where the swing's rate made of it will.
        self.angle, self.moment, self.swing_rate, self._yaw, self.acc_up, self._forward, heel_ring = self._rings
        self._jerk = ring.make()
        self.ankle_rate = ring.make()
        self.foot_rate = ring.make()
        self.swing_rings = (self.swing_rate, self._jerk, self.moment, self.ankle_rate)
        self._swing = Swing(settings)
        self._push = PushOff(settings, self.ankle_rate, self.angle)
        self._phases = Phases(
            settings,
            self.swing_rate,
            self.foot_rate,
            self.ankle_rate,
            self.moment,
            self._jerk,
            heel_ring,
        )
        self._stride = Stride(settings, self.angle, self.ankle_rate, self.moment, self.swing_rate, self.on_foot, stand)
        own_rate = self.foot_rate if self.on_foot else self.swing_rate
        felt = (own_rate, self._forward, self.acc_up)
        self.terrain = Terrain(settings, felt, self.angle, self.on_foot, stand)
        self.retune(settings)
        self.stride = self._stride.values
        self._stride_times = ring.Typical()
        self.bias = 0
        self._restart()

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._gap = settings.gait_gap_ms // 10
        self._lost = settings.stride_lost_ms
        self._pause = (settings.stride_max_ms + settings.bout_pause_ms) // 10
        self._turn = settings.turn_cdeg
        self._pivot = settings.pivot_cdeg
        self._wait = (settings.contact_minimum_ms + settings.contact_after_ms) // 10 + 1
        self._rise_rate, self._rise_pitch = -settings.heel_off_ddps, settings.heel_off_cdeg * -10
        self._toe_off_known = settings.toe_off_after_ms // 10 + 12
        for part in (self._swing, self._push, self._phases, self._stride, self.terrain):
            part.retune(settings)

    def _restart(self):
        """Forget where in a stride the leg was."""
        self._now = 2 * ring.SIZE
        for values in self._rings:
            for i in range(ring.SIZE):
                values[i] = MISSING
        self._swing.reset()
        self._push.reset()
        self._by_rate = False
        self._due = NEVER
        self._bout_until = NEVER
        self._contact_ms = -1  # the last contact
        self._contact_sure = True
        self._pitch = None
        self._flat = -1  # the last mid-stance
        self._foot_flat = self._mid_stance = self._rise = -1
        self._looked = 3
        self._found = False
        self._first = True
        self.broken = False
        self._range = None
        self.low_confidence = False
        self.contact_back_ms = self.toe_off_back_ms = self.mid_swing_back_ms = self.stride_back_ms = 0
        self.first_tick = self.last_tick = 0
        self.toe_off_tick = self.still_tick = self.rise_tick = -1
        self.flat_ms = None
        self.turned_cdeg = 0
        self.swing_first = self.swing_last = 0
        self._begin = self._end = self._peak_at = 0

    def rest(self):
        """A pause in the grid begins: no stride goes across it, and the next is the first of a bout."""
        self._end_bout()
        self._restart()
        for i in range(len(self._missed)):
            self._missed[i] = NEVER

    def update(self, s):
        """Take in one sample of the grid."""
        now = self._now + 1
        if now > RESTART:
            self._restart()
            now = self._now + 1
        self._now = now
        here = now & MASK
        channels, missed, last = self._channels, self._missed, self._last
        rings = self._rings
        for i in range(self._count):
            value = s[channels[i]]
            if value is None:
                missed[i] += 1
                value = last[i] if missed[i] <= self._gap else MISSING
            else:
                if value > LIMIT:
                    value = LIMIT
                elif value < -LIMIT:
                    value = -LIMIT
                missed[i] = 0
                last[i] = value
            rings[i][here] = value
        tick = now - LATE
        at = tick & MASK
        self._jerk[(now - 1) & MASK] = kernel.jerk(self.acc_up, self._forward, now - 1)
        ankle = kernel.slope(self.angle, now)
        self.ankle_rate[at] = ankle
        gyro = self.swing_rate[at]
        if gyro == MISSING:
            self.foot_rate[at] = MISSING
            return self._step_angle(tick) if ankle != MISSING else self._step_nothing(tick)
        if ankle == MISSING:
            self.foot_rate[at] = gyro if self.on_foot else MISSING
        elif self.on_foot:
            self.foot_rate[at] = gyro
            self.swing_rate[at] = ring.clamp(gyro - ankle)
        else:
            self.foot_rate[at] = ring.clamp(gyro + ankle)
        return self._step_rate(tick)

    def _step_rate(self, tick):
        if not self._by_rate:
            self._break()
            self._by_rate = True
        if self._swing.step(self.swing_rate, tick):
            self._begin, self._end, self._peak_at = self._swing.start, self._swing.end, self._swing.peak_at
            self._due = self._swing.end + self._wait
            self._bout_until = tick + self._pause
            self._looked = 0
            self._found = False
        elif self._looked < 3 and tick >= self._begin + self._toe_off_known:
            self._look_back()
        if tick >= self._due:
            if self._found:
                self._due = NEVER
                return self._swing_done()
            self._find_contact()
            return 0
        if tick > self._bout_until:
            self._end_bout()
        return 0

    def _step_angle(self, tick):
        if self._by_rate:
            if self._missed[2] <= 2 * self._gap:
                return 0  # the gyro may come back
            self._break()
            self._by_rate = False
        bits = self._push.step(tick)
        if bits:
            self._bout_until = tick + self._pause
            return self._push_done(bits)
        if tick > self._bout_until:
            self._end_bout()
        return 0

    def _step_nothing(self, tick):
        """Neither gyro nor encoder: an unknown stretch, which a stride may not cross."""
        self._break()
        if tick > self._bout_until:
            self._end_bout()
        return 0

    def _break(self):
        """The signal was interrupted: the stride under way is known to be incomplete."""
        self._swing.reset()
        self._push.reset()
        self._due = NEVER
        self._flat = -1
        self.broken = True

    def _end_bout(self):
        self._bout_until = NEVER
        self._first = True
        self._contact_ms = -1
        self._swing.forget()
        self._push.forget()
        self._stride_times.clear()

    def back_ms(self, tick):
        """How long before the present tick a tick of the rings was."""
        return self._back(tick * 10, self._gyro_delay)

    def _back(self, at_ms, delay_ms):
        back = self._now * 10 - at_ms + delay_ms
        return back if back > 0 else 0

    def _look_back(self):
        """What lies before the swing is known long before its contact: a tick each for toe off, stance and ground."""
        phases, first_ms = self._phases, self._contact_ms
        self._looked += 1
        if self._looked == 3:
            self.terrain.look(self._flat, self._mid_stance, self.bias)
            return
        if self._looked == 1:
            foot_known = self.foot_rate[self._peak_at & MASK] != MISSING
            phases.foot_rate = self.foot_rate if foot_known else self.swing_rate
            phases.find_toe_off(self._begin, first_ms // 10 + 10 if first_ms >= 0 else self._begin - 100)
            return
        self._foot_flat = self._mid_stance = -1
        self._rise = -1
        end = phases.toe_off_ms // 10
        if self.foot_rate[end & MASK] != MISSING:
            start = end - 100
            if first_ms >= 0:
                start = first_ms // 10
                self._foot_flat = phases.foot_flat(start, end)
                if self._foot_flat >= 0:
                    start = self._foot_flat
                    self._rise = self._heel_off(start, end)
            # Between foot flat and heel off; a foot that lies still for long is met in the middle of it.
            last = self._rise if self._rise >= start + 15 else end - 10
            self._mid_stance = phases.mid_stance(start, last)
        elif not self.on_foot and first_ms >= 0:
            start = first_ms // 10
            self._mid_stance = phases.mid_stance(start + (end - start) // 4, end - 10)

    def _heel_off(self, start, end):
        """Where the heel left the ground for good, or -1: the foot, flat at `start`, began to turn down fast before its
        pitch passed the threshold for the last time."""
        ring, slow, low = self.foot_rate, self._rise_rate, self._rise_pitch
        found = -1
        pitch = 0  # 0.001 deg
        begun = start
        for tick in range(start, end):
            rate = ring[tick & MASK]
            pitch += rate
            if rate >= slow:
                begun = tick + 1
            if pitch >= low:
                found = -1
            elif found < 0:
                found = begun if begun < tick else tick
        return found

    def _find_contact(self):
        """A swing lies whole in the rings; what it closes is measured a tick later."""
        self._found = True
        while self._looked < 3:
            self._look_back()
        foot_known = self.foot_rate[self._peak_at & MASK] != MISSING
        self._phases.find_contact(self._peak_at, self._end, foot_known, self._range, self._mid_stance)

    def _swing_done(self):
        """Say when the swing began and ended, and what stride it closes."""
        phases = self._phases
        self.toe_off_back_ms = self._back(phases.toe_off_ms, self._gyro_delay)
        self.mid_swing_back_ms = self._back(self._peak_at * 10, self._gyro_delay)
        bits = INITIAL_CONTACT | TOE_OFF | MID_SWING
        self.swing_first, self.swing_last = phases.toe_off_ms // 10, phases.contact_ms // 10
        flags = kinds.STRIDE_TO_BY_RATE if phases.toe_off_by_rate else 0
        return bits | self._land(phases.contact_ms, phases.toe_off_ms, phases.sure, flags, self._gyro_delay)

    def _push_done(self, bits):
        """The same without a gyro; the contact, or the toe off, may be missing."""
        push = self._push
        told = 0
        toe_off_ms = -1
        if bits & PUSH_TOE_OFF:
            toe_off_ms = push.toe_off_ms
            self.toe_off_back_ms = self._back(toe_off_ms, self._angle_delay)
            told = TOE_OFF
        if not bits & CONTACT:
            self._contact_ms = -1
            return told
        self._foot_flat = self._mid_stance = self._rise = -1
        self.terrain.clear()
        told |= INITIAL_CONTACT
        return told | self._land(push.contact_ms, toe_off_ms, push.sure, kinds.STRIDE_ENCODER_ONLY, self._angle_delay)

    def _land(self, contact_ms, toe_off_ms, sure, flags, delay_ms):
        """The foot has touched: close the stride that its last contact began, if there was one."""
        first_ms = self._contact_ms
        first_sure = self._contact_sure
        pitch = self._pitch
        self._contact_ms = contact_ms
        self._contact_sure = sure
        self.low_confidence = not sure
        self.contact_back_ms = self._back(contact_ms, delay_ms)
        foot_flat, mid_stance = self._foot_flat, self._mid_stance
        self._pitch = self._pitch_at(mid_stance, contact_ms // 10)
        bits = 0
        if 0 <= first_ms < contact_ms <= first_ms + self._lost:
            self._close(first_ms, toe_off_ms, contact_ms, flags, foot_flat, mid_stance, pitch, first_sure)
            self.stride_back_ms = self._back(first_ms, delay_ms)
            bits = STRIDE
        self.broken = False
        return bits

    def _pitch_at(self, mid_stance, contact):
        """Foot pitch at a contact, 0.01 deg: the foot was flat at mid-stance and has turned since."""
        if self._flat >= 0 and 30 < mid_stance - self._flat < 300:
            # Between two times of lying flat the foot has turned by nothing: what is left is the gyro's zero.
            left = ring.total(self.foot_rate, self._flat, mid_stance, MISSING) * 10 // (mid_stance - self._flat)
            if -300 < left < 300:
                self.bias += (left - self.bias) >> 2
        self._flat = mid_stance
        if mid_stance < 0 or not ring.complete(self.foot_rate, mid_stance, contact):
            return None
        turned = ring.total(self.foot_rate, mid_stance, contact, MISSING) // 10
        return ring.clamp(turned - self.bias * (contact - mid_stance) // 100)

    def _close(self, first_ms, toe_off_ms, last_ms, flags, foot_flat, mid_stance, pitch, sure):
        """Fill the stride's record."""
        stride = self._stride
        stride.measure(first_ms, toe_off_ms, last_ms)
        stride.measure_stance(first_ms, foot_flat, mid_stance, self.terrain.lean)
        stride.measure_contact(first_ms, pitch, sure)
        stride.note_swing(toe_off_ms, last_ms)
        turned = abs(ring.total(self._yaw, first_ms // 10, last_ms // 10, MISSING)) // 10
        duration = last_ms - first_ms
        reason = stride.judge(self._stride_times.median, self.broken, turned > self._pivot, self._by_rate)
        if not self.broken:
            self._stride_times.add(duration)
            self._swing.stride_ticks = self._stride_times.median // 10
        if turned > self._turn:
            flags |= kinds.STRIDE_TURN
        if self._first:
            flags |= kinds.STRIDE_FIRST_OF_BOUT
            self._first = False
        heel_first = stride.values[FLAGS] >> CONTACT_SHIFT & 3 == HEEL
        stride.values[FLAGS] |= flags | reason | self.terrain.judge(heel_first)
        self._range = stride.values[ANKLE_RANGE]
        self.first_tick, self.last_tick = first_ms // 10, last_ms // 10
        self.toe_off_tick, self.still_tick, self.rise_tick = toe_off_ms // 10, mid_stance, self._rise
        self.flat_ms = foot_flat * 10 - first_ms if foot_flat >= 0 else None
        self.turned_cdeg = turned
