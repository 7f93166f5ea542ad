# How each part of the brace is, and how a chip is asked so that its silence costs a bounded time: once, a recovery of
# the bus where it has one, once more; then it is off, and looked at again after 1, 2, 4 ... 64 seconds.
# A dead bus costs at most four timeouts a chip when it dies (50 ms each on ESP32), and one or two per look.

from talus.sensors import NO_ANSWER, OK
from talus.wire import kinds

FINE = kinds.SENSOR_STATES.index("ok")
DEGRADED = kinds.SENSOR_STATES.index("degraded")
FAILED = kinds.SENSOR_STATES.index("failed")
ABSENT = kinds.SENSOR_STATES.index("absent")
NOT_FITTED = kinds.HEALTH_REASONS.index("not_fitted")
CALM_READINGS = 100  # this many good ones in a row end a trouble, twice as many the next, until that is long ago:
CALM_LONGEST = 25600  # a flickering magnet is told at most 28 times an hour
LONGEST_S = 64


class Part:
    """State of one part, as a health record says it; .changed until somebody has kept that.

    Three tell: its readings by say() and good(), which are damped; its chip by put(), whose looks grow seldom by
    themselves; a judge of its history by hold(), which stands beneath the others until it is let go with None.
    """

    def __init__(self, sensor, channel, fitted):
        self.sensor = kinds.SENSORS.index(sensor)
        self.channel = channel
        self.state = FINE if fitted else ABSENT
        self.reason = 0 if fitted else NOT_FITTED
        self.value = 0
        self.changed = not fitted
        self._held = None
        self._calm = 0
        self._calm_ends = CALM_READINGS

    def put(self, state, reason, value):
        """This is how it is now; value: the counts that say so."""
        held = self._held
        if held is not None and state < held[0]:
            state, reason, value = held
        self._calm = 0
        if state != self.state or reason != self.reason:
            if state < self.state and self._calm_ends < CALM_LONGEST:
                self._calm_ends *= 2
            self.state = state
            self.reason = reason
            self.value = value
            self.changed = True

    def say(self, state, reason, value):
        """One reading says so: worse is believed at once, another trouble no worse only when the old one is over."""
        if state == self.state and reason == self.reason:
            self._calm = 0
        elif state > self.state or state == FINE or self._over():
            self.put(state, reason, value)

    def good(self):
        """One good reading of a part in trouble."""
        if self._over():
            self.put(FINE, 0, 0)

    def waited(self, ticks):
        """A reading at rest stands for so many ticks: what it said of a trouble counts for all of them."""
        self._calm += ticks

    def forget(self):
        """A minute has passed: old relapses count for half in three quarters of an hour."""
        if self._calm_ends > CALM_READINGS:
            self._calm_ends -= self._calm_ends >> 6

    def _over(self):
        self._calm += 1
        return self._calm >= self._calm_ends

    def hold(self, trouble):
        """trouble: (state, reason, value) of a judge, whatever single readings say; None: it has no more to say."""
        held = self._held
        if held == trouble:
            return
        self._held = trouble
        if (held is not None and self.reason == held[1]) or (trouble is not None and self.state < trouble[0]):
            self.put(FINE, 0, 0)


class Chip:
    """A chip and the parts that live on it. .on: whether it is asked at all.

    start: what wakes it, called without arguments. bus: may have recover().
    """

    def __init__(self, driver, start, parts, bus, fitted):
        self.driver = driver
        self.parts = parts
        self.fitted = fitted
        self.on = False
        self._start = start
        self._recover = getattr(bus, "recover", None)
        self._pause_s = 1
        self._left_s = 0
        self._well_s = 0

    def wake(self):
        """Check and start it; False, with the reason said, where that fails."""
        if not self.fitted:
            return False
        try:
            reason = self.driver.check()
            # A missing magnet is no reason to leave an encoder asleep: it is looked for at each reading.
            if reason not in (NO_ANSWER, kinds.HEALTH_REASONS.index("wrong_chip")):
                reason = self._start() or OK
        except OSError:
            reason = NO_ANSWER
        if reason != OK:
            self._turn_off(reason)
            return False
        self.on = True
        self._well_s = 0
        for part in self.parts:
            if part.state == FAILED:
                part.put(FINE, 0, 0)
        return True

    def ask(self, call):
        """What the driver's call gives; None when the chip is off or no longer answers."""
        if self.on:
            try:
                return call()
            except OSError:
                pass  # gone on with below: within the handler it would take more room than the C stack gives
            return self._again(call, None)
        return None

    def tell(self, call, argument):
        """The same for a call with an argument; True when it was taken."""
        if self.on:
            try:
                call(argument)
                return True
            except OSError:
                pass
            self._again(call, argument)
        return self.on

    def _again(self, call, argument):
        try:
            if self._recover is not None:
                self._recover()
            return call() if argument is None else call(argument)
        except OSError:
            self._turn_off(NO_ANSWER)
        return None

    def _turn_off(self, reason):
        self.on = False
        self._left_s = self._pause_s
        self._pause_s = min(2 * self._pause_s, LONGEST_S)
        for part in self.parts:
            if part.state != ABSENT:
                part.put(FAILED, reason, 0)

    def restart(self, reason):
        """It answers but delivers nothing: off, and woken again as if it had been silent."""
        self._turn_off(reason)

    def second(self):
        """Once a second: look again when the pause is over; True when it has just come back.

        A chip that wakes and fails again soon is looked at ever more seldom: each time costs two health records.
        """
        if self.on:
            self._well_s += 1
            if self._well_s > self._pause_s:
                self._pause_s = 1
            return False
        if not self.fitted:
            return False
        self._left_s -= 1
        return self._left_s <= 0 and self.wake()
