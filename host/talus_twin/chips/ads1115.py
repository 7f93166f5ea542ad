# ADS1115 (datasheet SBAS444): one conversion at a time of one of four dividers, ready when it is ready.
# Each divider is an FSR to the supply and a resistor to ground; its conductance grows with pressure.

from talus_twin.chips import MASK, Chip, later
from talus_twin.chips.leg import PRESSURE_1

CONVERSION = 0
CONFIG = 1
RESET = 0x8583
PERIODS_US = (125000, 62500, 31250, 15625, 7812, 4000, 2105, 1163)  # by DR: 8 to 860 SPS
WAKE_US = 25


class ADS1115(Chip):
    """dividers: per input (full, open, slope) or None: counts of the supply, ratio x 16384 unloaded, 10 Pa per 4096.

    Faults: silent, stuck, shorted and opened (sets of inputs 0 to 3).
    """

    def __init__(self, address, leg, dividers, error_ppm=0):
        Chip.__init__(self, address, leg)
        self.dividers = dividers
        self.shorted = ()
        self.opened = ()
        self.knots = ()  # 10 Pa and ratio by turns, rising: an FSR whose law is no straight line
        self._error_ppm = error_ppm
        self._config = RESET
        self._result = 0
        self._begun = 0
        self._busy = False

    def answers(self):
        return not self.silent and self.leg.pressed

    def _lasts(self):
        nominal = PERIODS_US[self._config >> 5 & 7]
        return WAKE_US + nominal - nominal * self._error_ppm // 1000000

    def write(self, register, data, now):
        self._finish(now)
        if register != CONFIG or len(data) < 2:
            return
        starts = data[0] & 0x80 and not self._busy
        self._config = (data[0] & 0x7F) << 8 | data[1]
        if starts:
            self._begun = now
            self._busy = True

    def _finish(self, now):
        if not self._busy:
            return
        lasts = self._lasts()
        if now - self._begun & MASK < lasts:
            return
        self._busy = False
        if not self.stuck:
            self._result = self._convert(later(self._begun, (lasts + WAKE_US) // 2))

    def _convert(self, at):
        mux = self._config >> 12 & 7
        if mux < 4:
            return 0  # differential inputs are not wired
        channel = mux - 4
        divider = self.dividers[channel]
        if channel in self.shorted:
            return 26400 if divider is None else divider[0]
        if divider is None or channel in self.opened:
            return 0
        pressure = self.leg.read(PRESSURE_1 + channel, at)
        if pressure is None:
            return 0
        full, unloaded, slope = divider
        ratio = self._bent(pressure) if self.knots else unloaded + (pressure * 4096 + slope // 2) // slope
        # full * ratio / (ratio + 16384) with full below 32768 and ratio below 2**20: kept inside 2**30
        if ratio >= 32768:
            return full - (full * 16384 + (ratio + 16384) // 2) // (ratio + 16384)
        return (full * ratio + (ratio + 16384) // 2) // (ratio + 16384)

    def _bent(self, pressure):
        knots = self.knots
        i = 2
        while i < len(knots) - 2 and knots[i] < pressure:
            i += 2
        wide = knots[i] - knots[i - 2]
        return knots[i - 1] + (pressure - knots[i - 2]) * (knots[i + 1] - knots[i - 1]) // wide

    def read(self, register, buffer, now):
        self._finish(now)
        value = self._result
        if register == CONFIG:
            value = self._config | (0 if self._busy else 0x8000)
        elif register != CONVERSION:
            value = 0
        buffer[0] = value >> 8 & 0xFF
        if len(buffer) > 1:
            buffer[1] = value & 0xFF
