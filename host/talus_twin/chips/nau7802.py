# NAU7802 (datasheet rev 1.7): conversions of its own oscillator, not queued, behind a filter that settles in four:
# here a pure delay of two. A bridge under load, with drift by temperature and a little noise.

from talus_twin.chips import HALF, MASK, Chip, later, noise
from talus_twin.chips.leg import MOMENT, REFERENCE

PU_CTRL = 0x00
CTRL2 = 0x02
ADCO = 0x12
REVISION = 0x1F
SIZE = 0x20
RUNNING = 0x16  # CS, PUA, PUD
PERIODS_US = (100000, 50000, 25000, 12500, 3125, 3125, 3125, 3125)  # by CRS


class NAU7802(Chip):
    """Bridge truth: offset counts at at_cdegc, counts per 0.1 N.m, counts per degC; error_ppm of its oscillator.

    Faults: stuck, saturated, wrong_id, broken (a wire of the bridge is off: hum and no load), uncalibrated (it cannot
    measure its own offset).
    """

    def __init__(self, address, leg, offset, per_100_mnm, per_degc=0, at_cdegc=2500, error_ppm=0, noise_counts=15):
        Chip.__init__(self, address, leg)
        self.offset = offset
        self.per_100_mnm = per_100_mnm
        self.per_degc = per_degc
        self.at_cdegc = at_cdegc
        self.plantar_per_100_mnm = per_100_mnm  # another where the strut is clamped differently that way
        self.per_100_degc2 = 0
        self.noise_counts = noise_counts
        self.saturated = False
        self.broken = False
        self.uncalibrated = False
        self._error_ppm = error_ppm
        self._registers = bytearray(SIZE)
        self._registers[REVISION] = 0x0F
        self._period = 100000
        self._next = 0
        self._seed = 1
        self._warm = 0

    def answers(self):
        return not self.silent and self.leg.has(MOMENT)

    def write(self, register, data, now):
        registers = self._registers
        for value in data:
            if register == PU_CTRL:
                if value & 1:
                    for i in range(REVISION):
                        registers[i] = 0
                began = value & RUNNING == RUNNING and registers[PU_CTRL] & RUNNING != RUNNING
                registers[PU_CTRL] = value & 0xD7 | (0x08 if value & 0x02 else 0)
                if began:
                    self._begin(now)
            elif register == CTRL2:
                # a calibration ends at once
                registers[CTRL2] = value & ~0x0C | (0x08 if self.uncalibrated and value & 4 else 0)
                self._begin(now)
            elif register < REVISION and not ADCO <= register < ADCO + 3:
                registers[register] = value
            register += 1

    def _begin(self, now):
        nominal = PERIODS_US[self._registers[CTRL2] >> 4 & 7]
        self._period = nominal - nominal * self._error_ppm // 1000000
        self._next = later(now, 4 * self._period)

    def _convert(self, now):
        """Bring ADCO up to the newest conversion that has ended by now."""
        if self._registers[PU_CTRL] & RUNNING != RUNNING:
            return
        behind = now - self._next & MASK
        if behind >= HALF:
            return
        period = self._period
        at = now - behind % period
        self._next = later(at, period)
        registers = self._registers
        registers[PU_CTRL] |= 0x20
        if self.stuck:
            return
        if self.saturated:
            counts = 0x7FFFFF
        else:
            at -= 2 * period
            moment = self.leg.read(MOMENT, at)
            if moment is None:
                return
            per = self.per_100_mnm if moment >= 0 else self.plantar_per_100_mnm
            counts = self.offset + moment * per // 100
            if self.broken:
                self._seed = noise(self._seed)
                counts = self.offset + self._seed % 2001 - 1000
            if self.per_degc:
                warm = self.leg.read(REFERENCE, at)
                if warm is not None:
                    counts += self.per_degc * (warm - self.at_cdegc) // 100
                    tenths = (warm - self.at_cdegc) // 10
                    counts += (tenths * tenths >> 4) * self.per_100_degc2 // 625
            if self.noise_counts:
                self._seed = noise(self._seed)
                counts += self._seed % (2 * self.noise_counts + 1) - self.noise_counts
            if counts > 0x7FFFFF:
                counts = 0x7FFFFF
            elif counts < -0x800000:
                counts = -0x800000
        registers[ADCO] = counts >> 16 & 0xFF
        registers[ADCO + 1] = counts >> 8 & 0xFF
        registers[ADCO + 2] = counts & 0xFF

    def read(self, register, buffer, now):
        self._convert(now)
        registers = self._registers
        if register == ADCO and len(buffer) == 3:
            buffer[0] = registers[ADCO]
            buffer[1] = registers[ADCO + 1]
            buffer[2] = registers[ADCO + 2]
            registers[PU_CTRL] &= 0xDF
            return
        i = 0
        while i < len(buffer):
            buffer[i] = registers[register] if register < SIZE else 0
            if register == ADCO + 2:
                registers[PU_CTRL] &= 0xDF
            if register == REVISION and self.wrong_id:
                buffer[i] = 0
            register += 1
            i += 1
