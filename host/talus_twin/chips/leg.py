# What a leg does to the brace, as integer columns over time: the only thing that enters the twin from outside.
# Linear between points, held at both ends. A channel that is not in the columns is None: its chip is not there or off.

from talus_twin.chips import MASK

# (channel, unit, what it is before anything is loaded); gyro and acc lie along the chip's axes
CHANNEL_ROWS = (
    ("ankle_angle", "0.01 deg, + dorsiflexion", 0),
    ("moment", "mN.m, + toward dorsiflexion", 0),
    ("gyro_x", "0.1 deg/s", 0),
    ("gyro_y", "0.1 deg/s", 0),
    ("gyro_z", "0.1 deg/s", 0),
    ("acc_x", "milli-g", 0),
    ("acc_y", "milli-g", 1000),
    ("acc_z", "milli-g", 0),
    ("pressure_1", "10 Pa", 0),
    ("pressure_2", "10 Pa", 0),
    ("pressure_3", "10 Pa", 0),
    ("pressure_4", "10 Pa", 0),
    ("liner", "0.01 degC", 2500),
    ("reference", "0.01 degC", 2500),
    ("battery_mv", "mV", 3900),
    ("battery_pct", "%", 80),
)
CHANNELS = tuple(row[0] for row in CHANNEL_ROWS)
ANGLE, MOMENT, GYRO_X, _, _, ACC_X, _, _, PRESSURE_1, _, _, _, LINER, REFERENCE, BATTERY_MV, BATTERY_PCT = range(16)
ALWAYS = ("battery_mv", "battery_pct")  # a brace without a cell would not run

TAIL = 100  # points kept from the chunk before: the chips look back through their filters and queues
LONGEST_US = 900_000_000  # 15 minutes: what microseconds that wrap at 2**30 can tell apart,
BEFORE = MASK - 60_000_000  # with a minute before the first point


class Leg:
    """Columns by channel. channels: the names that are there, None for all; before load() they rest."""

    def __init__(self, channels=None):
        self._columns = [None] * len(CHANNELS)
        for index, (name, _, rest) in enumerate(CHANNEL_ROWS):
            if channels is None or name in channels or name in ALWAYS:
                self._columns[index] = (rest,)
        self._start = 0
        self._step = 10000
        self._points = 1
        self._look()

    def _look(self):
        self.pressed = any(column is not None for column in self._columns[PRESSURE_1 : PRESSURE_1 + 4])

    def has(self, channel):
        return self._columns[channel] is not None

    def load(self, start_us, rate_hz, columns):
        """Points from start_us (the board's ticks) on, rate_hz of them a second.

        columns: name -> sequence of ints of one length, or of length 1 for what stays. Another call whose start_us is
        where the last ended goes on from it. The end is held, but for 15 minutes at most: then load again.
        Raises ValueError for a name that is no channel, for lengths that differ and for more than 15 minutes.
        """
        step = 1000000 // rate_hz
        if step * rate_hz != 1000000:
            raise ValueError("rate %d Hz: a point must last whole microseconds" % rate_hz)
        points = self._length(columns)
        if points * step > LONGEST_US:
            raise ValueError("%d points at %d Hz: load at most 15 minutes at a time" % (points, rate_hz))
        goes_on = step == self._step and self._points > 1 and start_us & MASK == self._end()
        tail = min(TAIL, self._points) if goes_on else 0
        for index, name in enumerate(CHANNELS):
            column = columns.get(name)
            if column is None:
                self._columns[index] = self._columns[index] if name in ALWAYS else None
                continue
            if hasattr(column, "tolist"):  # CPython's arrays and numpy's make an object at each reading
                column = column.tolist()
            if tail and len(column) > 1:
                column = self._tail(index, tail, column) + list(column)
            self._columns[index] = column
        self._step = step
        self._start = start_us - tail * step & MASK
        self._points = points + tail
        self._look()

    def _length(self, columns):
        points = 1
        for name, column in columns.items():
            if name not in CHANNELS:
                raise ValueError("leg channel %s: there is none of that name" % name)
            if len(column) > 1:
                if points > 1 and len(column) != points:
                    raise ValueError("leg channel %s: %d points where %d belong" % (name, len(column), points))
                points = len(column)
        return points

    def _end(self):
        return self._start + self._points * self._step & MASK

    def _tail(self, index, count, following):
        column = self._columns[index]
        if column is None:
            return [following[0]] * count
        if len(column) == 1:
            return [column[0]] * count
        return list(column[len(column) - count :])

    def read(self, channel, t_us):
        """Value of a channel (name or index) at t_us (ticks, wrapping), or None where it is not there."""
        if isinstance(channel, str):
            channel = CHANNELS.index(channel)
        column = self._columns[channel]
        if column is None:
            return None
        t = t_us - self._start & MASK
        i = t // self._step
        if i >= len(column) - 1:
            return column[0] if t >= BEFORE else column[-1]
        a = column[i]
        b = column[i + 1]
        if a == b:
            return a
        return a + ((b - a) * (t - i * self._step)) // self._step
