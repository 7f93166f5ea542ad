# Calls of every loop of talus.kernel on made rings, as text: both files of each, on both interpreters, say the same.

from array import array

SIZE = 512
MISSING = -32768


class Chance:
    """Numbers of a fixed seed that both interpreters draw alike (Park and Miller 1988, in halves below 2**30)."""

    def __init__(self, seed):
        self._state = seed

    def below(self, limit):
        self._state = (self._state * 16807 + 11) % 65521
        return self._state * limit // 65521

    def ring(self, size, holes):
        return array("h", [MISSING if holes and self.below(60) == 0 else self.value(size) for _ in range(SIZE)])

    def value(self, size):
        return self.below(2 * size + 1) - size


def spans(chance, count, longest):
    for _ in range(count):
        start = 600 + chance.below(700)
        yield start, start + chance.below(longest)


def of_rings(kernel, chance, size, holes, told):
    ring, other = chance.ring(size, holes), chance.ring(size, holes)
    bins, sums = array("H", [0] * kernel.BINS), array("i", [0] * 25)
    for start, end in spans(chance, 30, 120):
        told.append((kernel.smooth(ring, start), kernel.slope(ring, start), kernel.jerk(ring, other, start)))
        told.append((int(kernel.complete(ring, start, end)), int(kernel.complete(ring, start, start + 9))))
        for call in (kernel.lowest, kernel.highest, kernel.stillest):
            told.append(call(ring, start, end))
        told.append((kernel.total(ring, start, end, MISSING), kernel.total(ring, start, end, 0)))
        told.append((kernel.strained(ring, start - 20, start, end), kernel.strained(ring, start, start - 1, end)))
        if kernel.complete(ring, start, end):
            told.append(kernel.spread(ring, bins, start, end))
            kernel.resample(ring, sums, start, end)
    told.append(tuple(bins))
    told.append(tuple(sums))


def of_stumbles(kernel, chance, holes, told):
    sizes = (4000, 2000, 20000, 3000)
    rings = tuple(chance.ring(size, holes) for size in sizes)
    numbers = array("i", [0] * 331)
    numbers[72], numbers[73], numbers[74], numbers[75] = 1, 2, 500, 60
    for start, end in spans(chance, 40, 120):
        for i in range(3):
            numbers[79] = i
            kernel.learn(rings[i + 1], numbers, start, end)
        numbers[72], numbers[73] = chance.below(4), chance.below(4)
        kernel.scan(rings, numbers, start, end)
        told.append(tuple(numbers[:81]))


def of_strides(kernel, chance, size, told):
    """Accelerations through whole strides, of segments that turn up to straight down and beyond."""
    rings = tuple(chance.ring(size, False) for _ in range(3))
    numbers = array("i", [0] * 6)
    for start, end in spans(chance, 40, 500):
        numbers[0] = chance.value(300)
        kernel.carry(rings, numbers, start, end)
        told.append(tuple(numbers))


def of_queue(chips, chance, told):
    times, values = array("i", [0] * 64), array("h", [0] * 448)
    numbers = array("i", [0] * 17)
    numbers[0] = numbers[2] = -1
    numbers[4] = 7
    turned = array("i", [11469, 12, -300, 40, -11400, 500, 7, 9, 11469, 12, -9, 5])
    pushed = array("i", [7996, -11, 20, 9, 7990, -60, -7, 90, 7980, -20, 19, 0])
    sample = [0] * 9
    now, stamp = 0x3FFF0000, 60000
    told.append(chips.between(numbers, times, values, now))
    for _ in range(60):
        buffer = bytearray(7 * (1 + chance.below(12)))
        for i in range(len(buffer)):
            buffer[i] = chance.below(256)
        for at in range(0, len(buffer), 7):
            buffer[at] = (1, 2, 4, 4, 2, 1, 9)[chance.below(7)] << 3 | chance.below(4) << 1
            if buffer[at] >> 3 == 4:
                past = stamp - chance.below(900) & 0xFFFF
                buffer[at + 1], buffer[at + 2] = past & 255, past >> 8
        numbers[7], numbers[8], numbers[9], numbers[10] = len(buffer), stamp, 3125 + chance.value(40), now
        chips.take_in(buffer, numbers, times, values)
        have = chips.between(numbers, times, values, now - chance.below(30000) & 0x3FFFFFFF)
        chips.turn(numbers, (turned, pushed, None), chance.below(4), sample)
        told.append((have, tuple(numbers), tuple(sample)))
        now, stamp = now + 9600 & 0x3FFFFFFF, stamp + 384 & 0xFFFF
    told.append((tuple(times), tuple(values)))


def of_readings(chips, chance, told):
    """Every straight piece of a pressure's curve, an encoder's whole turn either way, a bridge at its rails."""
    steps = (26400, 20000, 9000, 13, 200, 0, 800, 3000, 547, 4000, 6000, 1277, 900, 9000, 2212, 70)
    for table in (array("i", steps), array("i", (32767, 0x3FFFFFFF, 268434, 4, 100000, 0, 4000))):
        told.append([chips.pressed(table, counts) for counts in range(-40, 32768, 37)])
        told.append([chips.pressed(table, table[0] + i - 3) for i in range(5)])
    for direction in (1, -1):
        table = array("i", [chance.below(4096), direction] + [chance.value(500) for _ in range(17)])
        told.append([chips.bent(table, counts) for counts in range(0, 4096, 5)])
    for plus, minus in ((6000, 4800), (-6000, -7001), (3, 1), (-1, -0x3FFFFFF)):
        table = array("i", (41000, plus, minus))
        told.append([chips.strain(table, counts) for counts in (-0x800000, -70000, 40999, 41000, 41001, 0x7FFFFF)])
        told.append([chips.strain(table, 41000 + chance.value(30000)) for _ in range(40)])


def of_minutes(kernel, chance, told):
    kept = [array("i", [0] * 11) for _ in range(5)]
    sums = (kept[0], kept[1], kept[2], kept[3], kept[4], None)
    places = bytes((0, 1, 5, 6, 7, 12, 13, 8, 9, 10, 11))
    for _ in range(300):
        sample = [None if chance.below(8) == 0 else chance.value(40000) for _ in range(14)]
        kernel.sum_up(sample, places, sums)
    told.append([tuple(one) for one in sums[:5]])


def of_bits(bits, chance, told):
    """Records whose fields wander, jump, are unknown or one of a few words; parameters that fit, and that do not;
    stretches that go on as they end, and that end with the data, the room, another kind, size or time."""
    for shift, listed, k in ((0, -1, 0), (3, 2, 5), (3, 0, 7), (0, 3, 13)):
        n = array("i", [0, shift, 34, 1, 0, 0, 0, 5, 0, k >> 1] + [0] * 33)
        for i in range(6):
            n[10 + 4 * i] = (65535, 128, 65535, 32768, 255, 32768)[(i + shift) & 3 if i else 0]
            n[11 + 4 * i] = 15 if i == listed else k
            n[12 + 4 * i] = 34 if i == listed else 0
        size = sum([2 if n[i] > 255 else 1 for i in range(10, 34, 4)])
        out, stream, fields, data = bytearray(40000), array("i", [0, 0, 0]), bytearray(size), bytearray(900)
        for turn in range(90):
            count = 1 + chance.below(900 // (size + 4))
            offset_ms = chance.below(9)
            for at in range(0, count * (size + 4), size + 4):
                wander(chance, n, fields)
                data[at], data[at + 1] = 5 + (chance.below(9) == 0), size + (chance.below(9) == 0)
                data[at + 2], data[at + 3] = offset_ms & 255, offset_ms >> 8 & 255
                data[at + 4 : at + 4 + size] = fields
                offset_ms += fields[0] | fields[1] << 8
                if chance.below(9) == 0:
                    offset_ms += 1
            bits.put(out, stream, chance.below(1 << turn % 22), turn % 22)
            n[0], n[3], n[4], n[5] = 0, turn % 30 == 29 or not turn, 1 + chance.below(30), count * (size + 4)
            n[6], n[8] = stream[0] + chance.below(300), n[7] + (data[2] | data[3] << 8)
            bits.tell(data, n, out, stream)
        told.append((tuple(n), tuple(stream), bytes(out[: stream[0]])))


def wander(chance, n, fields):
    at = 0
    for i in range(10, 34, 4):
        width = 2 if n[i] > 255 else 1
        for j in range(at, at + width):
            fields[j] = chance.below(256) if chance.below(9) == 0 else fields[j] + chance.below(8) & 0xFF
        if i == 10:
            fields[1] &= 3
        if chance.below(6) == 0:
            fields[at], fields[at + width - 1] = n[i] & 255, n[i] >> 8 if width == 2 else n[i]
        if n[i + 1] == 15:
            fields[at] = chance.below(11)
        at += width


def tell(kernel, chips, bits):
    """One line for each answer."""
    chance, told = Chance(7), []
    for size in (40, 900, 32767):
        for holes in (False, True):
            of_rings(kernel, chance, size, holes, told)
        of_strides(kernel, chance, size, told)
    for holes in (False, True):
        of_stumbles(kernel, chance, holes, told)
    of_queue(chips, chance, told)
    of_readings(chips, chance, told)
    of_minutes(kernel, chance, told)
    of_bits(bits, chance, told)
    return [str(one) for one in told]
