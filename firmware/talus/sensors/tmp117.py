# TMP117, thermometer (TI SNOSD82D, section 7.6): a conversion a second, the mean of 8, as it wakes up.

from talus.sensors import NO_ANSWER, OK, WRONG_CHIP, probe

TEMPERATURE = 0x00  # R 2 bytes, high first, two's complement, 7.8125 milli-degC each; 0x8000 before the first
CONFIGURATION = 0x01  # MOD 11:10 (00 continuous, 01 off), CONV 9:7 (100 = 1 s), AVG 6:5 (01 = 8)
DEVICE_ID = 0x0F  # R: DID 11:0 = 0x117, revision 15:12

CONTINUOUS = b"\x02\x20"
OFF = b"\x06\x20"
ONCE = b"\x0c\x00"  # MOD 11: one conversion without averaging, then off
ONCE_MS = 17  # 15.5, and 10 % slow
IDENTITY = 0x117
NONE_YET = -0x8000


class TMP117:
    """Thermometer: read() in centi-degC, None before its first conversion."""

    def __init__(self, bus, address=0x49):
        self._bus = bus
        self._address = address
        self._buffer = bytearray(2)

    def check(self):
        """HEALTH_REASONS index: no answer, wrong chip or none."""
        if not probe(self._bus, self._address, DEVICE_ID, self._buffer):
            return NO_ANSWER
        return OK if (self._buffer[0] & 0x0F) << 8 | self._buffer[1] == IDENTITY else WRONG_CHIP

    def start(self, clock):
        self._bus.writeto_mem(self._address, CONFIGURATION, CONTINUOUS)

    def read(self):
        buffer = self._buffer
        self._bus.readfrom_mem_into(self._address, TEMPERATURE, buffer)
        counts = ((buffer[0] ^ 0x80) << 8 | buffer[1]) - 0x8000
        if counts == NONE_YET:
            return None
        return (counts * 25 + 16) // 32

    def once(self):
        """One conversion, done in ONCE_MS; the chip is off before and behind it."""
        self._bus.writeto_mem(self._address, CONFIGURATION, ONCE)

    def stop(self):
        self._bus.writeto_mem(self._address, CONFIGURATION, OFF)
