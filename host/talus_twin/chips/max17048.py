# MAX17048 (datasheet 19-6171): voltage and charge of the cell, four times a second in truth, here whenever asked.

from talus_twin.chips import Chip
from talus_twin.chips.leg import BATTERY_MV, BATTERY_PCT

VCELL = 0x02
SOC = 0x04
VERSION = 0x08


class MAX17048(Chip):
    """Gauge. Faults: silent, stuck, wrong_id."""

    def __init__(self, address, leg):
        Chip.__init__(self, address, leg)
        self._millivolts = 0
        self._percent = 0

    def write(self, register, data, now):
        """MODE, CONFIG and the rest are kept by nobody here."""

    def _byte(self, register):
        if register & ~1 == VCELL:
            value = (self._millivolts * 64 + 2) // 5
        elif register & ~1 == SOC:
            value = self._percent * 256
        elif register & ~1 == VERSION:
            value = 0 if self.wrong_id else 0x0012
        else:
            value = 0
        return value & 0xFF if register & 1 else value >> 8 & 0xFF

    def read(self, register, buffer, now):
        if not self.stuck:
            self._millivolts = self.leg.read(BATTERY_MV, now)
            self._percent = self.leg.read(BATTERY_PCT, now)
        i = 0
        while i < len(buffer):
            buffer[i] = self._byte(register + i)
            i += 1
