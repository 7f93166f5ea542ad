# MAX17048, gauge of one lithium cell (Maxim 19-6171 rev 7): it models the charge from the voltage by itself; we ask
# once a minute. Its address is the encoder's too, so it sits on a bus of its own.

from talus.sensors import NO_ANSWER, OK, WRONG_CHIP, probe

VCELL = 0x02  # R 2 bytes, high first: 78.125 uV each
SOC = 0x04  # R 2 bytes: percent, 1/256 percent
VERSION = 0x08  # R 2 bytes: 0x001n
CRATE = 0x16  # R 2 bytes, two's complement: 0.208 % an hour each, + charging


class MAX17048:
    """Cell: read() fills .millivolts and .percent (0 to 100)."""

    def __init__(self, bus, address=0x36):
        self._bus = bus
        self._address = address
        self._buffer = bytearray(4)
        self._pair = bytearray(2)
        self.millivolts = 0
        self.percent = 0

    def check(self):
        """HEALTH_REASONS index: no answer, wrong chip or none."""
        if not probe(self._bus, self._address, VERSION, self._pair):
            return NO_ANSWER
        return OK if self._pair[0] == 0 and self._pair[1] & 0xF0 == 0x10 else WRONG_CHIP

    def start(self, clock):
        """Nothing to switch on: it gauges from the moment the cell is connected."""

    def read(self):
        """Voltage and charge in one transaction of 4 bytes."""
        buffer = self._buffer
        self._bus.readfrom_mem_into(self._address, VCELL, buffer)
        self.millivolts = ((buffer[0] << 8 | buffer[1]) * 5 + 32) // 64
        percent = (buffer[2] << 8 | buffer[3]) + 128 >> 8
        self.percent = 100 if percent > 100 else percent
        return self.millivolts

    def stop(self):
        """Nothing to switch off: 3 uA in hibernation, which it enters by itself."""
