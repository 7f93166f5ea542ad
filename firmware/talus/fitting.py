# Raw counts of one part for a fitter, in maintenance: from talus.fitting import ... over the prompt, with the board's
# bus and clock; small tuples of integers come back. Never loaded in normal operation, so it may allocate.
# It decides nothing: what is good enough is judged where the lines are drawn, on the host.

import struct

from talus.board import part
from talus.sensors.ads1115 import ADS1115
from talus.sensors.ads1115 import CONVERSION_US as SETTLE_US
from talus.sensors.as5600 import AS5600, COUNTS
from talus.sensors.lsm6dso import LSM6DSO, TAG_ACCEL, TAG_GYRO, WORD
from talus.sensors.nau7802 import NAU7802
from talus.sensors.tmp117 import TMP117

READY_TRIES = 200
GATE = 714  # counts: 50 deg/s, the slowest swing that counts (clinical reference 2.4)
BREAK = 20  # readings below the gate between two swings
LONG = 10  # readings a swing lasts at least


def made(bus, clock, driver, name):
    """A driver of that part, started. Raises OSError where nobody answers, ValueError for another chip."""
    one = driver(bus, part(name)[2])
    reason = one.check()
    if reason == 2:
        raise OSError(19, name + " does not answer")
    if reason == 3:
        raise ValueError(name + " is another chip")
    one.start(clock)
    return one


def spread(values):
    """(median, mean, standard deviation x 100, how many), in counts; whole numbers, where a float has 24 bits."""
    n = len(values)
    first = values[0]
    total = sum(value - first for value in values)
    square = n * sum((value - first) ** 2 for value in values) - total * total
    return sorted(values)[n // 2], first + (2 * total + n) // (2 * n), round(square**0.5 * 100 / n), n


def encoder(bus, clock, n=200):
    """(circular median, mean, SD x 100, n, AGC, status) of n readings, 10 ms apart."""
    one = made(bus, clock, AS5600, "encoder")
    values = []
    for _ in range(n):
        clock.sleep_ms(10)
        values.append(one.read())
    first = values[0]
    half = COUNTS // 2
    near = [(value - first + half) % COUNTS - half for value in values]
    median, mean, sd, n = spread(near)
    return (median + first) % COUNTS, (mean + first) % COUNTS, sd, n, one.read_gain(), one.status


def bridge(bus, clock, n=320):
    """(median, mean, SD x 100, n, temperature of the IMU's die in 0.01 degC) of n conversions: a second of them."""
    warm = warmth(bus, clock)[0]
    one = made(bus, clock, NAU7802, "bridge")
    values = []
    for _ in range(n + 4):
        tries = 0
        while not one.ready():
            tries += 1
            if tries > READY_TRIES:
                raise OSError(110, "bridge converts nothing")
            clock.sleep_us(500)
        values.append(one.read())
    return spread(values[4:]) + (warm,)


def pressure(bus, clock, channel, n=100):
    """(median, mean, SD x 100, n) of n conversions of an input, 0 to 3."""
    one = made(bus, clock, ADS1115, "pressure")
    values = []
    for _ in range(n):
        one.begin(channel)
        clock.sleep_us(SETTLE_US)
        values.append(one.read())
    return spread(values)


def worn(bus, clock, ms):
    """The 20th percentile of each input's counts, by turns for so long: what stays while a leg moves."""
    one = made(bus, clock, ADS1115, "pressure")
    values = ([], [], [], [])
    for _ in range(ms // 40):
        for channel in range(4):
            one.begin(channel)
            clock.sleep_us(10000)
            values[channel].append(one.read())
    return tuple(sorted(found)[len(found) // 5] for found in values)


def warmth(bus, clock):
    """(IMU die or None, liner or None) in 0.01 degC."""
    found = []
    for driver, name in ((LSM6DSO, "imu"), (TMP117, "thermometer")):
        try:
            one = made(bus, clock, driver, name)
            clock.sleep_ms(300)
            found.append(one.read_temperature() if name == "imu" else one.read())
        except (OSError, ValueError):  # what is not there, or is another chip, has no temperature
            found.append(None)
    return tuple(found)


def words(bus, clock, ms):
    """Every word the IMU queues for so long: (tag, x, y, z)."""
    one = made(bus, clock, LSM6DSO, "imu")
    clock.sleep_ms(200)
    one.poll()
    while one.waiting:  # what it measured while its filters settled
        one.fetch()
        one.poll()
    passed = 0
    while passed < ms:
        clock.sleep_ms(40)
        passed += 40
        one.poll()
        one.fetch()
        for at in range(0, one.words * WORD, WORD):
            yield (one.buffer[at] >> 3,) + struct.unpack_from("<hhh", one.buffer, at + 1)


def still(bus, clock, ms=5000):
    """(gyro mean x, y, z, accelerometer mean x, y, z, the widest axis' SD x 100 of each, n) in counts."""
    sums = [0] * 6
    squares = [0] * 6
    counts = [0, 0]
    for tag, x, y, z in words(bus, clock, ms):
        if tag not in (TAG_GYRO, TAG_ACCEL):
            continue
        base = 0 if tag == TAG_GYRO else 3
        counts[base // 3] += 1
        for i, value in enumerate((x, y, z)):
            sums[base + i] += value
            squares[base + i] += value * value
    if not counts[0] or not counts[1]:
        raise OSError(110, "imu measures nothing")
    means = [(sums[i] + counts[i // 3] // 2) // counts[i // 3] for i in range(6)]
    wide = []
    for base in (0, 3):
        n = counts[base // 3]
        most = max(n * squares[i] - sums[i] * sums[i] for i in range(base, base + 3))
        wide.append(round(most**0.5 * 100 / n))
    return tuple(means) + tuple(wide) + (counts[0],)


def stretch(bus, clock, ms, bias=(0, 0, 0), gate=GATE):
    """The gyro's moments while it turns faster than the gate: all an axis needs, in 21 numbers instead of thousands.

    (n, swings, sums x y z, products xx xy xz yy yz zz, triples xxx xxy xxz xyy xyz xzz yyy yyz yzz zzz): bias taken
    off; swings: bursts of 0.1 s and longer, 0.2 s apart.
    """
    sums = [0] * 19
    n = swings = burst = calm = 0
    for tag, x, y, z in words(bus, clock, ms):
        if tag != TAG_GYRO:
            continue
        x -= bias[0]
        y -= bias[1]
        z -= bias[2]
        if x * x + y * y + z * z < gate * gate:
            calm += 1
            if calm == BREAK:
                swings += burst >= LONG
                burst = 0
            continue
        calm = 0
        burst += 1
        n += 1
        pairs = (x * x, x * y, x * z, y * y, y * z, z * z)
        triples = (pairs[0] * x, pairs[0] * y, pairs[0] * z, x * pairs[3], pairs[1] * z, x * pairs[5])
        triples += (pairs[3] * y, pairs[3] * z, y * pairs[5], pairs[5] * z)
        for i, value in enumerate((x, y, z) + pairs + triples):
            sums[i] += value
    return (n, swings + (burst >= LONG)) + tuple(sums)
