# NAU7802, 24-bit bridge converter (Nuvoton datasheet rev 1.7, register map section 11): gain 128, 2.7 V excitation
# from its own regulator, 320 conversions a second of its own oscillator. Conversions are not queued: who reads late
# has lost them.

from talus.sensors import NO_ANSWER, NOT_CALIBRATED, OK, WRONG_CHIP, probe

PU_CTRL = 0x00  # AVDDS 7 own regulator, CR 5 conversion ready, CS 4 start, PUR 3 powered, PUA 2, PUD 1, RR 0 reset
CTRL1 = 0x01  # VLDO 5:3 (110 = 2.7 V), GAINS 2:0 (111 = 128)
CTRL2 = 0x02  # CHS 7, CRS 6:4 (111 = 320 SPS), CAL_ERR 3, CALS 2 start calibration, CALMOD 1:0 (00 = inside offset)
ADCO = 0x12  # R 3 bytes, high byte first, two's complement
ADC = 0x15  # REG_CHPS 5:4 (11 = chopper off, asked for by the power-up sequence)
PGA_PWR = 0x1C  # PGA_CAP_EN 7: the capacitor across the unused second input
REVISION = 0x1F  # R: 3:0 always 1111

CR = 0x20
CAL_FAULT = 0x0C  # CAL_ERR, or CALS: it has not come to an end
LOWEST = -0x800000
HIGHEST = 0x7FFFFF

# (register, value, wait behind it in ms, why)
START_ROWS = (
    (PU_CTRL, 0x01, 1, "reset every register"),
    (PU_CTRL, 0x02, 1, "digital part on; PUR follows within 200 us"),
    (PU_CTRL, 0x86, 0, "analog part on, fed by the chip's own regulator"),
    (CTRL1, 0x37, 200, "2.7 V for the bridge, gain 128; the regulator ramps"),
    (ADC, 0x30, 0, "chopper off"),
    (PGA_PWR, 0x80, 0, "input capacitor on"),
    (CTRL2, 0x70, 0, "320 SPS"),
    (PU_CTRL, 0x96, 20, "conversions start; the filter settles in 4"),
    (CTRL2, 0x74, 20, "measure its own offset"),
)


class NAU7802:
    """Bridge: read() gives the newest conversion in counts, -8388608 to 8388607."""

    def __init__(self, bus, address=0x2A):
        self._bus = bus
        self._address = address
        self._buffer = bytearray(3)
        self._byte = bytearray(1)

    def check(self):
        """HEALTH_REASONS index: no answer, wrong chip or none."""
        if not probe(self._bus, self._address, REVISION, self._byte):
            return NO_ANSWER
        return OK if self._byte[0] & 0x0F == 0x0F else WRONG_CHIP

    def start(self, clock):
        """Takes about a quarter of a second: the regulator's ramp. A reason, where its own offset was not found."""
        for row in range(len(START_ROWS)):
            wait_ms = self.begin(row)
            if wait_ms:
                clock.sleep_ms(wait_ms)
        self._bus.readfrom_mem_into(self._address, CTRL2, self._byte)
        return NOT_CALIBRATED if self._byte[0] & CAL_FAULT else OK

    def begin(self, row):
        """One row of the start; how many ms it takes. Who samples meanwhile does not wait for the regulator."""
        register, self._byte[0], wait_ms, _ = START_ROWS[row]
        self._bus.writeto_mem(self._address, register, self._byte)
        return wait_ms

    def ready(self):
        """Whether a conversion has ended that nobody read."""
        self._bus.readfrom_mem_into(self._address, PU_CTRL, self._byte)
        return bool(self._byte[0] & CR)

    def read(self):
        buffer = self._buffer
        self._bus.readfrom_mem_into(self._address, ADCO, buffer)
        return ((buffer[0] ^ 0x80) << 16 | buffer[1] << 8 | buffer[2]) - 0x800000

    def stop(self):
        """Both parts off: about 1 uA, and no current through the bridge."""
        self._byte[0] = 0
        self._bus.writeto_mem(self._address, PU_CTRL, self._byte)
