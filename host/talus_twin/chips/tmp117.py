# TMP117 (datasheet SNOSD82D): a conversion a second of its own, -256 degC before the first.

from talus_twin.chips import HALF, MASK, Chip, later
from talus_twin.chips.leg import LINER

TEMPERATURE = 0x00
CONFIGURATION = 0x01
DEVICE_ID = 0x0F
FIRST_US = 125000  # 8 conversions of 15.5 ms
ONCE_US = 15500
OFF, ONCE = 1, 3  # MOD, bits 11:10; the others run on


class TMP117(Chip):
    """Thermometer in the liner. Faults: silent, stuck, wrong_id."""

    def __init__(self, address, leg, error_ppm=0):
        Chip.__init__(self, address, leg)
        self._period = 1000000 - error_ppm
        self._config = 0x0220
        self._result = -0x8000
        self._next = FIRST_US

    def answers(self):
        return not self.silent and self.leg.has(LINER)

    def write(self, register, data, now):
        if register != CONFIGURATION or len(data) < 2:
            return
        self._config = data[0] << 8 | data[1]
        single = not self._config >> 5 & 3
        if not self._config >> 10 & 1:
            self._result = -0x8000
        self._next = later(now, ONCE_US if single else FIRST_US)

    def _convert(self, now):
        behind = now - self._next & MASK
        mode = self._config >> 10 & 3
        if behind >= HALF or mode == OFF:
            return
        if mode == ONCE:
            at = self._next
            self._config = self._config & 0xF3FF | OFF << 10
        else:
            at = now - behind % self._period
            self._next = later(at, self._period)
        if self.stuck:
            return
        value = self.leg.read(LINER, at)
        if value is not None:
            self._result = (value * 32 + 12) // 25

    def read(self, register, buffer, now):
        self._convert(now)
        if register == TEMPERATURE:
            value = self._result
        elif register == CONFIGURATION:
            value = self._config
        elif register == DEVICE_ID:
            value = 0 if self.wrong_id else 0x0117
        else:
            value = 0
        buffer[0] = value >> 8 & 0xFF
        if len(buffer) > 1:
            buffer[1] = value & 0xFF
