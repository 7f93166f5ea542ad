# ADS1115, 16-bit converter with four inputs (TI SBAS444, section 9.6): single conversions at 860 SPS, one input after
# another. No identity register: the check is that the config register is not one that cannot be.

from talus.sensors import NO_ANSWER, OK, WRONG_CHIP, probe

CONVERSION = 0x00  # R 2 bytes, high first, two's complement
CONFIG = (
    0x01  # OS 15 start / ready, MUX 14:12 (100 + n = input n to ground), PGA 11:9 (001 = +-4.096 V), MODE 8 single,
)
#                DR 7:5 (111 = 860 SPS), COMP_MODE 4, COMP_POL 3, COMP_LAT 2, COMP_QUE 1:0 (11 = comparator off)

OS = 0x8000
SINGLE = 0xC3E3  # OS, input 0, +-4.096 V, single, 860 SPS, comparator off
MUX_STEP = 0x1000
CHANNELS = 4
CONVERSION_US = 1320  # 1 / 860 SPS, 10 % slow, and 25 us to wake


class ADS1115:
    """Four inputs: begin(channel), and CONVERSION_US later read() in counts of 125 uV."""

    def __init__(self, bus, address=0x48):
        self._bus = bus
        self._address = address
        self._buffer = bytearray(2)
        self._begin = tuple((SINGLE + MUX_STEP * channel).to_bytes(2, "big") for channel in range(CHANNELS))

    def check(self):
        """HEALTH_REASONS index: no answer, wrong chip or none. After it the chip is idle on input 0."""
        if not probe(self._bus, self._address, CONFIG, self._buffer):
            return NO_ANSWER
        self._bus.writeto_mem(self._address, CONFIG, b"\x43\xe3")
        self._bus.readfrom_mem_into(self._address, CONFIG, self._buffer)
        return OK if self._buffer[0] & 0x7F == 0x43 and self._buffer[1] == 0xE3 else WRONG_CHIP

    def start(self, clock):
        """Nothing to switch on: each conversion wakes the chip."""

    def begin(self, channel):
        self._bus.writeto_mem(self._address, CONFIG, self._begin[channel])

    def read(self):
        buffer = self._buffer
        self._bus.readfrom_mem_into(self._address, CONVERSION, buffer)
        return ((buffer[0] ^ 0x80) << 8 | buffer[1]) - 0x8000

    def stop(self):
        """Sleeps by itself behind each conversion: 0.5 uA."""
