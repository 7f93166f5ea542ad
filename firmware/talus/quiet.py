# Sampling while little happens: one reading of each chip stands for the ticks since the last one. It borrows the
# sampler's chips, list and grid, so that time, counts and the parts' health go on as if nothing had changed; what is
# not measured is None. In its course it allocates nothing.

from talus import board as boards
from talus.power import LOOK
from talus.resampling import HALF, MASK
from talus.sampling import SECOND, TICK_US
from talus.sensors.nau7802 import START_ROWS
from talus.sensors.tmp117 import ONCE_MS
from talus.wire import kinds

ENCODER_WAKE_MS = 10  # AS5600, power-up time
DIVIDERS_WAKE_US = 300  # the load switch rises in 0.1 ms, a divider's filter in 0.1
NOT_WARMING = -1
MOVED = (kinds.ANGLE, kinds.ACC_FORWARD, kinds.ACC_UP, kinds.ACC_LATERAL)
MOVED += tuple(range(kinds.PRESSURE_1, kinds.PRESSURE_1 + kinds.PRESSURE_CHANNELS))


class Quiet:
    """sampler: whose chips these are; gate: pin that feeds encoder, dividers and the bus's pull-ups, or None where all
    are fed always. It is open while the bus is used."""

    def __init__(self, sampler, clock, gate):
        self._sampler = sampler
        self._clock = clock
        self._gate = gate
        self._set_gate(1)
        self._level = None
        self._listening = True
        self._row = NOT_WARMING
        self._row_at = 0
        imu = sampler._imu.driver
        self._doze = imu.doze
        self._listen = imu.listen
        self._woken = imu.woken
        self._lean = imu.lean
        self._once = sampler._liner.driver.once
        self._may_fall_silent = (sampler._liner, sampler._adc, sampler._gauge, sampler._imu)

    def _set_gate(self, level):
        if self._gate is not None:
            self._gate.value(level)

    # -- to rest and back ---------------------------------------------------------------------------

    def rest(self, level, wake_mg):
        """LOOK or GUARD from here on. The fast channels are unknown, and nothing waits in a queue or a ring."""
        sampler = self._sampler
        self._set_gate(1)
        sampler._bridge.ask(sampler._bridge.driver.stop)
        sampler._bridge.on = False
        self._row = NOT_WARMING
        sampler._encoder.ask(sampler._encoder.driver.stop)
        self._level = level
        self._wake_mg = wake_mg
        sampler._imu.tell(self._doze, wake_mg)
        self._listening = True
        liner = sampler._liner
        if level == LOOK:
            liner.ask(liner._start)
        else:
            liner.ask(liner.driver.stop)
        self._set_gate(0)
        sampler._inertial.empty()
        for i in range(kinds.PRESSURE_1):
            sampler.sample[i] = None

    def resume(self):
        """The grid of 10 ms again from the next tick on; the bridge follows a quarter of a second later."""
        sampler = self._sampler
        self._set_gate(1)
        if self._gate is not None:
            self._clock.sleep_ms(ENCODER_WAKE_MS)
        for chip in (sampler._encoder, sampler._imu, sampler._liner):
            chip.ask(chip._start)
        for ring in (sampler._angles, sampler._moments, sampler._heels):
            for i in range(len(ring)):
                ring[i] = None
        sampler._inertial.count()
        sampler._second = 0
        self._level = None
        if sampler._bridge.fitted:
            self._row = self._row_at = 0

    @property
    def warming(self):
        """Whether warm() is to be called each tick: the bridge is being started."""
        return self._row >= 0

    def warm(self):
        """The bridge's next row of its start, when the time of the last is over."""
        sampler = self._sampler
        if self._row_at > sampler._tick:
            return
        bridge = sampler._bridge
        try:
            wait_ms = bridge.driver.begin(self._row)
        except OSError:
            self._row = NOT_WARMING  # the sampler looks for it again, as for any chip that is silent
            return
        self._row_at = sampler._tick + (wait_ms + kinds.SAMPLE_MS - 1) // kinds.SAMPLE_MS
        self._row += 1
        if self._row == len(START_ROWS):
            self._row = NOT_WARMING
            bridge.on = True

    # -- between two samples ------------------------------------------------------------------------

    def passed(self):
        """Whole ticks since the last sample."""
        sampler = self._sampler
        return self._since(sampler) // TICK_US

    def _since(self, sampler):
        # .due is the next tick of 10 ms: one before it was the last sample.
        us = self._clock.ticks_us() - sampler._due & MASK
        return us - MASK - 1 + TICK_US if us >= HALF else us + TICK_US

    def left_ms(self, ticks):
        """Milliseconds until so many ticks are over; 0 or less when they are."""
        return (ticks * TICK_US - self._since(self._sampler) + 999) // 1000

    def woken(self):
        """Whether the shank was jerked since this was asked last; None where no accelerometer answers."""
        self._set_gate(1)
        woken = self._sampler._imu.ask(self._woken)
        self._set_gate(0)
        return woken

    def listen(self, on):
        """Whether a jerk may end the board's sleep."""
        if on != self._listening:
            self._listening = on
            self._set_gate(1)
            self._sampler._imu.tell(self._listen, on)
            self._set_gate(0)

    # -- a sample -----------------------------------------------------------------------------------

    def take(self, ticks):
        """The sample that stands for the next so many ticks."""
        sampler = self._sampler
        sample = sampler.sample
        before = sampler._tick
        sampler._tick = before + ticks
        sampler._due = sampler._after(sampler._due, ticks * TICK_US)
        sampler.taken += 1
        sampler.now_ms()
        looks = self._level == LOOK
        liner = sampler._liner
        self._set_gate(1)
        if self._gate is not None:
            self._clock.sleep_us(DIVIDERS_WAKE_US)
        if not looks:
            liner.ask(self._once)
        self._pressures()
        sampler._read_reference()
        self._accelerations()
        sample[kinds.ANGLE] = self._angle() if looks else None
        if not looks:
            self._clock.sleep_ms(ONCE_MS)
        sample[kinds.LINER] = liner.ask(sampler._read_liner)
        self._set_gate(0)
        every = SECOND * sampler._gauge_every
        if before // every != sampler._tick // every:
            sampler._ask_gauge()
        self._look_for_silent()
        for part in sampler.parts:
            if part.state:
                part.waited(ticks - 1)
        return sample

    def _angle(self):
        sampler = self._sampler
        if self._gate is not None:
            self._clock.sleep_ms(ENCODER_WAKE_MS)
        if not sampler._encoder.on:
            sampler._encoder.second()
        return sampler._angle()

    def _pressures(self):
        sampler = self._sampler
        for channel in range(kinds.PRESSURE_CHANNELS):
            value = None
            if sampler._calibration.pressure[channel] is not None and sampler._adc.tell(sampler._begin, channel):
                self._clock.sleep_us(boards.PRESSURE_SETTLE_US)
                value = sampler._pressure(channel)
            sampler.sample[kinds.PRESSURE_1 + channel] = value

    def _accelerations(self):
        sampler = self._sampler
        raw = sampler._inertial.raw
        if sampler._calibration.accel and sampler._imu.tell(self._lean, raw):
            sampler._calibration.pushing(raw[3], raw[4], raw[5], sampler.sample)
        else:
            for i in (kinds.ACC_FORWARD, kinds.ACC_UP, kinds.ACC_LATERAL):
                sampler.sample[i] = None

    def _look_for_silent(self):
        """A chip that fell silent is asked again now and then, and rests again when it is back."""
        self._set_gate(1)
        for chip in self._may_fall_silent:
            if not chip.on and chip.second():
                self.rest(self._level, self._wake_mg)
                break
        self._set_gate(0)


class Motion:
    """What has moved: look(sample) is true when a channel differs by its nudge from where it last came to rest."""

    def __init__(self, settings):
        self.retune(settings)
        self._rest = [None] * len(MOVED)

    def retune(self, settings):
        most = (settings.nudge_cdeg,) + 3 * (settings.nudge_mg,)
        self._most = most + kinds.PRESSURE_CHANNELS * (settings.nudge_dapa,)

    def look(self, sample):
        rest = self._rest
        moved = False
        for i in range(len(MOVED)):
            value = sample[MOVED[i]]
            if value is None:
                continue
            if rest[i] is None:
                rest[i] = value
            elif not -self._most[i] <= value - rest[i] <= self._most[i]:
                rest[i] = value
                moved = True
        return moved
