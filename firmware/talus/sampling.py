# The 100 Hz grid, made from what each chip really delivers. take() waits for the next tick and gives its sample; it
# never raises for a chip: one that falls silent is asked once more, then its channels are None, its part's health has
# changed, and it is asked again only now and then. A tick nobody took in time comes as None, in its place.
# The bridge's conversions are not queued and the pressure inputs take turns, so a tick has three moments:
#   - 6.7 ms  bridge; begin an input of the rotation
#   - 3.3 ms  bridge; end that input, begin the heel
#     0       bridge; end the heel; encoder; inertial unit
# Allocates nothing while the chips answer.

from array import array

from talus import answers
from talus import board as boards
from talus.parts import FAILED, FINE, Chip, Part
from talus.resampling import ACCEL_SLOTS, GYRO_SLOTS, MASK, Inertial
from talus.sensors.ads1115 import ADS1115
from talus.sensors.as5600 import AS5600
from talus.sensors.lsm6dso import LSM6DSO
from talus.sensors.max17048 import MAX17048
from talus.sensors.nau7802 import NAU7802
from talus.sensors.tmp117 import TMP117
from talus.wire import kinds
from talus.wire.clock import Unwrapper

TICK_US = kinds.SAMPLE_MS * 1000
WRAP_LESS_TICK = MASK - TICK_US + 1  # taken away is a tick added, without a sum that would be an object
EARLY_US = 6667
MIDDLE_US = 3333
LATE_US = 5000
EARLIEST_US = EARLY_US - MIDDLE_US - boards.PRESSURE_SETTLE_US  # later than this there is no time for another input
MIDDLEST_US = MIDDLE_US - boards.PRESSURE_SETTLE_US
# Slow work, each at its own tick of the second.
SECOND = 100
LINER_AT, REFERENCE_AT, WATCH_AT, GAUGE_AT, RETRY_AT = 11, 31, 51, 71, 91
SLOW_EACH = 20

STUCK = kinds.HEALTH_REASONS.index("stuck")
HEEL = kinds.SITES.index("heel")


class Sampler:
    """The grid of one brace.

    clock, buses: the board's handles, buses by name of talus.board.BUSES. After start(), take() gives the sample of
    one tick after another: the same list of SAMPLE_SIZE integers or None each time. Counted since the start: .taken,
    .late (taken over 5 ms late), .missed (not taken), .resampled (inertial values between two of the chip's own),
    .slots (the inertial unit's own samples, a slot's ticks lasting .tick_ns each).
    .parts: a talus.parts.Part each, in the order of kinds.SENSORS. .battery_mv, .battery_pct: None until measured.
    """

    def __init__(self, clock, buses, board, calibration, settings):
        self._clock = clock
        self._calibration = calibration
        self.retune(settings)
        self._unwrap = Unwrapper()
        self._zero_ms = self._unwrap.feed(clock.ticks_ms())
        self.sample = [None] * kinds.SAMPLE_SIZE
        self.taken = self.late = self.missed = self.resampled = self.slots = 0
        self.tick_ns = 0
        self.battery_mv = self.battery_pct = None
        self._make_chips(buses, calibration)
        self._make_rotation(calibration)
        # _hand_on() counts on lags of two ticks, one and two.
        self._angles = [None] * (boards.ENCODER_LAG_TICKS + 1)
        self._moments = [None] * (boards.BRIDGE_LAG_TICKS + 1)
        self._heels = [None] * (boards.PRESSURE_LAG_TICKS + 1)
        self._tick = 0
        self._second = 0
        self._due = 0
        self._origin_ms = 0

    def _make_chips(self, buses, calibration):
        def made(driver, name):
            _, bus, address = boards.part(name)
            return driver(buses[bus], address), buses[bus]

        def chip(driver, name, parts, fitted, start=None):
            one, bus = made(driver, name)
            return Chip(one, start or (lambda: one.start(self._clock)), parts, bus, fitted)

        fitted = calibration
        self._encoder_part = Part("encoder", 0, fitted.encoder)
        self._bridge_part = Part("bridge", 0, fitted.bridge)
        self._gyro_part = Part("imu_gyro", 0, fitted.gyro)
        self._accel_part = Part("imu_accel", 0, fitted.accel)
        self._pressure_parts = tuple(Part("pressure", i + 1, fitted.pressure[i] is not None) for i in range(4))
        self._liner_part = Part("thermometer", 0, fitted.liner)
        self._gauge_part = Part("gauge", 0, True)
        inertial = (self._gyro_part, self._accel_part)
        self.parts = (self._encoder_part, self._bridge_part) + inertial + self._pressure_parts
        self.parts += (self._liner_part, self._gauge_part)

        self._encoder = chip(AS5600, "encoder", (self._encoder_part,), fitted.encoder)
        self._bridge = chip(NAU7802, "bridge", (self._bridge_part,), fitted.bridge)
        self._imu = chip(LSM6DSO, "imu", inertial, fitted.gyro or fitted.accel, self._start_imu)
        self._adc = chip(ADS1115, "pressure", self._pressure_parts, any(fitted.sites))
        self._liner = chip(TMP117, "thermometer", (self._liner_part,), fitted.liner)
        self._gauge = chip(MAX17048, "gauge", (self._gauge_part,), True)
        # The thermometer first: its first conversion takes half of the time the bridge's regulator does.
        self._chips = (self._liner, self._encoder, self._adc, self._gauge, self._bridge, self._imu)
        self._inertial = Inertial(self._imu.driver, fitted)
        # A bound method made while sampling would be an object: each is made here, once.
        self._bridge_sums = array("i", (0, 0))
        self._wait = answers.waiter(self._clock)
        self._angle = answers.angle(self._encoder, self._encoder_part, fitted)
        self._take_bridge, self._moment = answers.bridge(self._bridge, self._bridge_part, fitted, self._bridge_sums)
        self._pressure = answers.pressure(self._adc, self._pressure_parts, fitted)
        self._ticks_us = self._clock.ticks_us
        self._begin = self._adc.driver.begin
        self._poll = self._imu.driver.poll
        self._fetch = self._imu.driver.fetch
        self._read_warmth = self._imu.driver.read_temperature
        self._read_liner = self._liner.driver.read
        self._read_gauge = self._gauge.driver.read

    def _start_imu(self):
        self._imu.driver.start(self._clock, self._calibration.gyro, self._calibration.accel)
        self._inertial.empty()

    def _make_rotation(self, calibration):
        """The heel is converted each tick, the other inputs take turns; without a heel all do."""
        self._heel = -1
        others = []
        for channel, site in enumerate(calibration.sites):
            if site == HEEL and self._heel < 0:
                self._heel = channel
            elif site:
                others.append(channel)
        self._others = tuple(others)
        self._turn = 0
        self._other_begun = self._heel_begun = False

    # -- life -------------------------------------------------------------------------------------

    def retune(self, settings):
        """Work with these from now on."""
        self._gauge_every = settings.gauge_every_s

    def start(self, test=None):
        """Wake every fitted chip (a quarter of a second) and lay the grid; the first tick is 10 ms from here.

        test: called with this sampler between the two.
        """
        for chip in self._chips:
            chip.wake()
        if test is not None:
            test(self)
        self._bridge_sums[0] = self._bridge_sums[1] = 0  # of the test
        self._ask_gauge()
        self._read_reference()
        self.sample[kinds.LINER] = self._liner.ask(self._read_liner)
        clock = self._clock
        self._origin_ms = self.now_ms()
        self._due = self._after(clock.ticks_us(), TICK_US)

    def stop(self):
        """Put every chip that answers to sleep."""
        for chip in self._chips:
            chip.ask(chip.driver.stop)
            chip.on = False

    def now_ms(self):
        """Milliseconds since the sampler was made, as good as since boot; does not wrap."""
        return self._unwrap.feed(self._clock.ticks_ms()) - self._zero_ms

    def tick_ms(self):
        """The time of the last tick, on the same scale."""
        return self._origin_ms + self._tick * kinds.SAMPLE_MS

    # -- the grid ---------------------------------------------------------------------------------

    def _after(self, t, us):
        return t - (MASK - us + 1) & MASK  # t + us without a sum that would be an object

    def take(self):
        """The sample of the next tick: waits until it is due; None in every place when it is over already."""
        due = self._due
        self._due = due - WRAP_LESS_TICK & MASK
        self._tick += 1
        second = self._second + 1
        self._second = second = 0 if second == SECOND else second
        wait = self._wait
        over = wait(due - EARLY_US & MASK)
        if over >= EARLY_US + TICK_US:
            return self._miss(due)
        take_bridge = self._take_bridge
        if over < EARLIEST_US:
            take_bridge()
            if self._others:
                self._begin_other()
        if wait(due - MIDDLE_US & MASK) < MIDDLEST_US:
            take_bridge()
            self._middle()
        wait(due)
        if self._ticks_us() - due & MASK > LATE_US:
            self.late += 1
        self.taken += 1
        take_bridge()
        self._on_time(due)
        if second % SLOW_EACH == LINER_AT:
            self._slowly(second)
        return self.sample

    def _miss(self, due):
        """A tick that is over: its inertial values still lie in the chip's queue, the others are lost."""
        sample = self.sample
        for i in (0, 1, 8, 9, 10, 11):
            sample[i] = None
        self.missed += 1
        self._other_begun = self._heel_begun = False
        if self._heel >= 0:
            self._hand_heel(None)
        self._hand_on(None, None)
        self._take_inertial(due)
        return sample

    def _begin_other(self):
        others = self._others
        turn = self._turn + 1
        self._turn = turn = 0 if turn >= len(others) else turn
        self._other_begun = self._adc.tell(self._begin, others[turn])

    def _middle(self):
        if self._other_begun:
            self._other_begun = False
            channel = self._others[self._turn]
            self.sample[kinds.PRESSURE_1 + channel] = self._pressure(channel)
        if self._heel >= 0:
            self._heel_begun = self._adc.tell(self._begin, self._heel)

    def _on_time(self, due):
        heel = None
        if self._heel_begun:
            self._heel_begun = False
            heel = self._pressure(self._heel)
        if self._heel >= 0:
            self._hand_heel(heel)
        moment = self._moment()
        self._hand_on(self._angle(), moment)
        if not self._adc.on:
            self._lose_others()
        self._take_inertial(due)

    def _lose_others(self):
        for channel in self._others:
            self.sample[kinds.PRESSURE_1 + channel] = None

    def _hand_on(self, angle, moment):
        """Into the rings, and out of them what is as old as the inertial values."""
        sample = self.sample
        tick = self._tick
        ring = self._moments
        ring[tick & 1] = moment
        sample[kinds.MOMENT] = ring[tick + 1 & 1]
        tick %= 3
        ring = self._angles
        ring[tick] = angle
        sample[kinds.ANGLE] = ring[tick - 2]

    def _hand_heel(self, heel):
        tick = self._tick % 3
        ring = self._heels
        ring[tick] = heel
        self.sample[kinds.PRESSURE_1 + self._heel] = ring[tick - 2]

    def _take_inertial(self, due):
        inertial = self._inertial
        due = due - boards.IMU_BACK_US & MASK
        have = inertial.between(due)
        if have < 0:
            imu = self._imu
            if imu.ask(self._poll):
                now = self._ticks_us()
                if imu.ask(self._fetch):
                    inertial.take_in(now)
            have = inertial.between(due)
            if have < 0:
                have = 0
        if have:
            self.resampled += 1
        inertial.lay(have, self.sample)

    # -- slowly -----------------------------------------------------------------------------------

    def _slowly(self, second):
        if second == LINER_AT:
            self.sample[kinds.LINER] = self._liner.ask(self._read_liner)
        elif second == REFERENCE_AT:
            self._read_reference()
        elif second == WATCH_AT:
            self._watch()
        elif second == GAUGE_AT:
            self.now_ms()  # keeps the unwrapping fed
            if self._tick // SECOND % self._gauge_every == 0:
                self._ask_gauge()
        elif second == RETRY_AT:
            for chip in self._chips:
                if chip.second():
                    break  # waking one may take a quarter of a second: one at a time

    def _read_reference(self):
        if self._calibration.reference:
            value = self._imu.ask(self._read_warmth)
            self.sample[kinds.REFERENCE] = value
            self._calibration.warm(value)

    def _ask_gauge(self):
        self.battery_mv = self._gauge.ask(self._read_gauge)
        self.battery_pct = None if self.battery_mv is None else self._gauge.driver.percent

    def _watch(self):
        """An inertial unit that answers and queues nothing has lost its settings: it is started again."""
        inertial = self._inertial
        accel = inertial.numbers[ACCEL_SLOTS]
        first = inertial.numbers[GYRO_SLOTS] if self._calibration.gyro else accel
        self.slots += first
        self.tick_ns = self._imu.driver.tick_ns
        if self._imu.on and not first:
            self._imu.restart(STUCK)
        elif self._imu.on and self._calibration.accel:
            if accel:
                if self._accel_part.state:
                    self._accel_part.say(FINE, 0, 0)
            else:
                self._accel_part.say(FAILED, STUCK, 0)
        inertial.count()
