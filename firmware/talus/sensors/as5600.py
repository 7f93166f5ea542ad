# AS5600, 12-bit magnetic angle (ams datasheet v1-06, register map figure 21). It has no identity register: the
# check is that CONF keeps what was written and the reserved bits of STATUS stay 0.

from talus.sensors import MAGNET_MISSING, NO_ANSWER, OK, WRONG_CHIP, probe

CONF = 0x07  # R/W 2 bytes: WD 13, FTH 12:10, SF 9:8, PWMF 7:6, OUTS 5:4, HYST 3:2, PM 1:0
STATUS = 0x0B  # R: MD 5 magnet detected, ML 4 too weak, MH 3 too strong
RAW_ANGLE = 0x0C  # R 2 bytes: 11:0, 4096 counts a turn; the pointer stays here on a re-read
AGC = 0x1A  # R: gain; 0 to 128 at 3.3 V, best near the middle

MD = 0x20
ML = 0x10
MH = 0x08

# Watchdog off: it drops to a slow mode after a minute within 4 counts, and the first movement after sitting would
# be late. Slow filter 16x (noise 0.015 deg, settles in 2.2 ms), fast filter off, hysteresis off, full power.
CONF_VALUE = b"\x00\x00"
COUNTS = 4096


class AS5600:
    """Angle of the magnet: read() gives counts, 0 to 4095, and fills .status."""

    def __init__(self, bus, address=0x36):
        self._bus = bus
        self._address = address
        self._buffer = bytearray(3)
        self._byte = bytearray(1)
        self.status = 0

    def check(self):
        """HEALTH_REASONS index: no answer, wrong chip, magnet missing or none."""
        if not probe(self._bus, self._address, STATUS, self._buffer):
            return NO_ANSWER
        if self._buffer[0] & 0xC7:
            return WRONG_CHIP
        return OK if self._buffer[0] & MD else MAGNET_MISSING

    def start(self, clock):
        self._bus.writeto_mem(self._address, CONF, CONF_VALUE)

    def read(self):
        """Status and angle in one transaction of 3 bytes, so an angle without its magnet is never believed."""
        buffer = self._buffer
        self._bus.readfrom_mem_into(self._address, STATUS, buffer)
        self.status = buffer[0]
        return (buffer[1] & 0x0F) << 8 | buffer[2]

    def read_gain(self):
        """AGC counts; a drift since the fitting means the magnet moved."""
        self._bus.readfrom_mem_into(self._address, AGC, self._byte)
        return self._byte[0]

    def stop(self):
        """Low power mode 3: 1.5 mA instead of 6.5; a load switch is better."""
        self._bus.writeto_mem(self._address, CONF, b"\x00\x03")
