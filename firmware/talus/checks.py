# What a part's own history says of it (clinical reference, 7.6), beside what a single reading already says in
# sampling. What has failed is taken out of the sample: it is unknown, not wrong. Five looks a second at each channel.
# Not here: what compares days or legs, and the encoder's slope against the gyro, which needs raw samples: the desk's.

from talus.judges import Judges
from talus.parts import DEGRADED, FAILED
from talus.wire import kinds

ANGLE, MOMENT = kinds.ANGLE, kinds.MOMENT
LOW_PCT = 15

# Looked at once a second: (sensor, reason, state, threshold, looks that begin it, looks that end it, unit and source)
SECOND_ROWS = (
    ("encoder", "stuck", FAILED, 3, 1, 10, "strides at one angle, over 200 samples; 7.6"),
    ("bridge", "stuck", FAILED, 3, 1, 10, "strides at one moment, over 200 samples; 7.6"),
    ("bridge", "dead", FAILED, 50, 1, 1, "mN.m, SD of the moment over 50 strides; 7.6"),
    ("imu_gyro", "saturated", FAILED, 13000, 1, 10, "0.1 deg/s for a second: a rail over root 3; 7.6"),
    ("imu_gyro", "stuck", FAILED, 150, 1, 10, "looks, 30 s: noise alone moves the sum of three axes; 7.6"),
    ("imu_gyro", "bias", DEGRADED, 30, 30, 60, "0.1 deg/s at rest; 7.6"),
    ("imu_accel", "saturated", FAILED, 9200, 1, 10, "milli-g for a second: a rail over root 3; 7.6"),
    ("imu_accel", "stuck", FAILED, 150, 1, 10, "looks, 30 s; 7.6"),
    ("imu_accel", "gravity", DEGRADED, 50, 30, 60, "milli-g off 1 g at rest; 7.6"),
    ("pressure", "stuck", FAILED, 20, 1, 10, "strides at one pressure above 0; 7.6"),
    ("pressure", "open", FAILED, 200, 1, 10, "strides at 0: E, some four minutes of walking; 7.6"),
    ("thermometer", "out_of_range", FAILED, 3000, 3, 60, "0.01 degC from 20: -10 to 50 degC; 7.6"),
    ("thermometer", "jump", DEGRADED, 200, 2, 120, "0.01 degC from one second to the next; 7.6"),
)
# Looked at once a minute: the same
MINUTE_ROWS = (
    ("encoder", "jump", DEGRADED, 6, 1, 5, "steps over 8 deg in a minute, 0.1 % of its samples; 7.6"),
    ("pressure", "short", DEGRADED, 267, 10, 5, "10 Pa, 20 mmHg, with the brace off: moisture; 7.6, level E"),
    ("thermometer", "detached", FAILED, 10, 1, 10, "0.01 degC off the ambient for 2 h in which it walked; 7.6"),
    ("clock", "drift", DEGRADED, 10, 5, 10, "per mille between the IMU's clock and the board's: 100 +-1 Hz; 7.6"),
    ("battery", "low", DEGRADED, LOW_PCT, 1, 2, "%: an evening is left (E)"),
    ("battery", "charging_worn", DEGRADED, 0, 1, 1, "a charger's cable and heat belong to no leg (E)"),
)

STEP_MAX = 800  # 0.01 deg from one sample to the next: 800 deg/s, twice an ankle's fastest (7.6)
STUCK_LOOKS = 10  # 200 samples (7.6)
WALKING_LOOKS = 20  # a stride closed in the last 4 s: it walks
REST_LOOKS = 15  # 3 s, as the fitter's (7.5)
REST_STEP = 25  # milli-g or 0.1 deg/s from look to look, the axes summed: noise of a chip at rest is under 10
UNSEEN = 0x3FFFFFFF
DEAD_STRIDES = 50
DEAD_CLIP = 500  # mN.m: far beyond dead, and its square stays small
THERMOMETER_MIDDLE = 2000
DETACHED_MIN = 120
DETACHED_STRIDES = 100
LOW_OVER = 5  # %: no longer low
SLOT_TICKS = 384  # of the inertial unit's clock

# What is looked at: four channels of pressure from P1 on; gyro and accelerometer as sums of their axes.
LOOKED = (ANGLE, MOMENT, kinds.PRESSURE_1, kinds.PRESSURE_2, kinds.PRESSURE_3, kinds.PRESSURE_4, 2, 5, kinds.LINER)
P1, GYRO, ACCEL, LINER = 2, 6, 7, 8
# (sensor, its first place in the sample, how many)
PLACES = (("encoder", ANGLE, 1), ("bridge", MOMENT, 1), ("imu_gyro", 2, 3), ("imu_accel", 5, 3))
PLACES += (("pressure", kinds.PRESSURE_1, 1), ("thermometer", kinds.LINER, 1))

MINUTE = kinds.BY_NAME["minute"]
WORN, STRIDES, CHARGE, POWER = (MINUTE.index(name) for name in ("worn", "strides", "battery", "power"))
WARM, AMBIENT, PRESSED = (MINUTE.index(name) for name in ("liner", "reference", "pressure_1"))


class Checks:
    """update() once a tick, stride() when one has closed, minute() at the end of each; parts: those to be judged."""

    def __init__(self, parts):
        self._parts = parts
        self.value = 0
        self._last = [None] * len(LOOKED)
        self._same = [0] * len(LOOKED)  # looks since it last changed
        self._strides = [0] * len(LOOKED)  # strides since it last changed
        self._under = [None] * kinds.SAMPLE_SIZE  # the last measured where the sample says unknown
        self._out = ()
        self._tick = 0
        self._angle = None
        self._jumps = self._rest = self._step = 0
        self._calm = True
        self._least = [UNSEEN, UNSEEN]  # of the largest axis since it was last judged
        self._turning = self._pulling = 0
        self._since = WALKING_LOOKS
        self._dead = [0, 0, 0, 0]  # strides, looks, sum, squares
        self._origin = 0
        self._equal = self._equal_strides = 0
        self._minute = ()
        self._slots = None
        self._slots_us = 0
        self._each_second = Judges(SECOND_ROWS, parts, self)
        self._each_minute = Judges(MINUTE_ROWS, parts, self)

    def update(self, sample):
        """Look at one grid sample, and take out of it what has failed."""
        tick = self._tick
        self._tick = 0 if tick == 99 else tick + 1
        angle = sample[ANGLE]
        last = self._angle
        self._angle = angle
        if angle is not None and last is not None and not -STEP_MAX <= angle - last <= STEP_MAX:
            self._jumps += 1
        if tick & 1:
            if tick >> 1 < self._each_second.count:
                part = self._each_second.ask(tick >> 1)
                if part is not None:
                    self._settle(part)
        else:
            look = tick % 20 >> 1
            if look < GYRO:
                self._see(look, sample)
            elif look < LINER:
                self._see_axes(look, sample)
            elif tick == 2 * LINER:
                self._see(LINER, sample)
        if self._out:
            self._take_out(sample)

    def _take_out(self, sample):
        for place in self._out:
            if sample[place] is not None:
                self._under[place] = sample[place]
                sample[place] = None

    def hide(self, sample):
        """Take out of a slow sample what has failed."""
        for place in self._out:
            sample[place] = None

    def stride(self):
        """A stride has closed."""
        for i in range(GYRO):
            self._strides[i] += 1
        self._since = 0
        self._dead[0] += 1

    def minute(self, values, slots, tick_ns):
        """values: of a "minute" record; slots: of the inertial unit since its start, of 384 ticks of tick_ns each."""
        self._minute = values
        taken = 0 if self._slots is None else slots - self._slots
        self._slots = slots
        self._slots_us = taken * SLOT_TICKS * tick_ns // 1000
        for i in range(self._each_minute.count):
            part = self._each_minute.ask(i)
            if part is not None:
                self._settle(part)
        self._jumps = 0
        for part in self._parts:
            part.forget()

    def _settle(self, part):
        """A part is held to be what the worst of its judges says; where that is failed, it is taken out."""
        seconds, minutes = self._each_second.worst(part), self._each_minute.worst(part)
        worst = seconds
        if worst is None or (minutes is not None and minutes[0] > worst[0]):
            worst = minutes
        part.hold(worst)
        for sensor, first, count in PLACES:
            if sensor == kinds.SENSORS[part.sensor]:
                first += max(part.channel - 1, 0)
                out = [place for place in self._out if not first <= place < first + count]
                if worst is not None and worst[0] == FAILED:
                    out += range(first, first + count)
                else:
                    self._under[first] = None
                self._out = tuple(out)

    # -- looking ------------------------------------------------------------------------------------

    def _see(self, look, sample):
        value = sample[LOOKED[look]]
        if value is None:
            value = self._under[LOOKED[look]]
            if value is None:
                return
        last = self._last[look]
        if look == 1 and last is not None:
            self._weigh(value)
        elif look == LINER:
            self._step = 0 if last is None else abs(value - last)
        if value == last:
            self._same[look] += 1
        else:
            self._last[look] = value
            self._same[look] = self._strides[look] = 0

    def _weigh(self, moment):
        """While it walks: sums of the moment, for its deviation; told from the first moment of the fifty strides."""
        if self._since >= WALKING_LOOKS:
            return
        self._since += 1
        dead = self._dead
        if not dead[1]:
            self._origin = moment
        moment = min(max(moment - self._origin, -DEAD_CLIP), DEAD_CLIP)
        dead[1] += 1
        dead[2] += moment
        dead[3] += moment * moment

    def _see_axes(self, look, sample):
        at = LOOKED[look]
        x, y, z = sample[at], sample[at + 1], sample[at + 2]
        if x is None:
            self._rest = 0
            return
        most = max(abs(x), abs(y), abs(z))
        if most < self._least[look - GYRO]:
            self._least[look - GYRO] = most
        last = self._last[look]
        total = x + y + z
        calm = last is not None and -REST_STEP <= total - last <= REST_STEP
        if total == last:
            self._same[look] += 1
        else:
            self._last[look] = total
            self._same[look] = 0
        if look == GYRO:
            self._calm = calm
            self._turning = most
            return
        calm = calm and self._calm and self._same[look] < REST_LOOKS  # a chip that stands still rests nowhere
        self._rest = self._rest + 1 if calm else 0
        if self._rest >= REST_LOOKS:
            self._pulling = x * x + y * y + z * z

    # -- judging: True trouble, False none, None: it cannot be told now --------------------------------

    def _repeats(self, look, strides):
        """The same value for so many strides, which move everything that works."""
        if self._same[look] < STUCK_LOOKS:
            return False
        self.value = self._last[look] or 0
        return True if self._strides[look] >= strides else None

    def _encoder_stuck(self, _, strides):
        return self._repeats(0, strides)

    def _bridge_stuck(self, _, strides):
        return self._repeats(1, strides)

    def _bridge_dead(self, _, least):
        dead = self._dead
        if dead[0] < DEAD_STRIDES:
            return None
        strides, looks, total, squares = dead
        for i in range(4):
            dead[i] = 0
        if looks < strides:
            return None
        mean = total // looks
        self.value = squares // looks - mean * mean
        return self.value < least * least

    def _at_rail(self, i, limit):
        least = self._least[i]
        self._least[i] = UNSEEN
        self.value = least
        return None if least == UNSEEN else least > limit

    def _imu_gyro_saturated(self, _, limit):
        return self._at_rail(0, limit)

    def _imu_accel_saturated(self, _, limit):
        return self._at_rail(1, limit)

    def _imu_gyro_stuck(self, _, looks):
        self.value = self._last[GYRO] or 0
        return self._same[GYRO] >= looks

    def _imu_accel_stuck(self, _, looks):
        self.value = self._last[ACCEL] or 0
        return self._same[ACCEL] >= looks

    def _imu_gyro_bias(self, _, limit):
        self.value = self._turning
        return self._turning > limit if self._rest >= REST_LOOKS else None

    def _imu_accel_gravity(self, _, limit):
        if self._rest < REST_LOOKS:
            return None
        self.value = self._pulling
        return not (1000 - limit) * (1000 - limit) <= self._pulling <= (1000 + limit) * (1000 + limit)

    def _pressure_stuck(self, channel, strides):
        return self._repeats(P1 + channel, strides) if self._last[P1 + channel] else False

    def _pressure_open(self, channel, strides):
        self.value = 0
        if self._last[P1 + channel] != 0:
            return None if self._last[P1 + channel] is None else False
        return True if self._strides[P1 + channel] >= strides else None

    def _thermometer_out_of_range(self, _, limit):
        if self._last[LINER] is None:
            return None
        self.value = self._last[LINER]
        return not -limit <= self.value - THERMOMETER_MIDDLE <= limit

    def _thermometer_jump(self, _, limit):
        self.value = self._step
        return self._step > limit

    # -- judging a minute -----------------------------------------------------------------------------

    def _encoder_jump(self, _, most):
        self.value = self._jumps
        return self._jumps > most

    def _pressure_short(self, channel, most):
        value = self._minute[PRESSED + channel]
        if self._minute[WORN] != 0 or value is None:
            return None
        self.value = value
        return value > most

    def _thermometer_detached(self, _, limit):
        minute = self._minute
        warm, ambient = minute[WARM], minute[AMBIENT]
        if minute[WORN] != 1 or warm is None or ambient is None:
            return None
        self.value = warm - ambient
        if not -limit <= self.value <= limit:
            self._equal = self._equal_strides = 0
            return False
        self._equal += 1
        self._equal_strides += minute[STRIDES] or 0
        return True if self._equal >= DETACHED_MIN and self._equal_strides >= DETACHED_STRIDES else None

    def _clock_drift(self, _, most):
        if not self._slots_us:
            return None
        self.value = (self._slots_us - 60000000) // 60000
        return not -most <= self.value <= most

    def _battery_low(self, _, least):
        percent = self._minute[CHARGE]
        if percent is None or least < percent < least + LOW_OVER:
            return None
        self.value = percent
        return percent <= least

    def _battery_charging_worn(self, _, __):
        power, worn = self._minute[POWER], self._minute[WORN]
        if power is None or worn is None:
            return None
        self.value = worn
        return bool(worn and power & kinds.POWER_CHARGING)
