# LSM6DSO and LSM6DSOX, 3-axis gyro and accelerometer (ST DS12140 rev 2): both at 104 Hz of the chip's own oscillator
# into its FIFO, each time slot with a timestamp. A FIFO word is a tag and 6 bytes; words of one slot share TAG_CNT,
# in any order. LSM6DS3 has another identity and another FIFO: it is refused.

import struct

from talus.sensors import NO_ANSWER, OK, WRONG_CHIP, probe

FIFO_CTRL3 = 0x09  # BDR_GY 7:4, BDR_XL 3:0 (0100 = 104 Hz, 0000 = not batched)
FIFO_CTRL4 = 0x0A  # ODR_TS_BATCH 7:6 (01 = each slot), ODR_T_BATCH 5:4, FIFO_MODE 2:0 (110 = continuous, 000 = empty)
WHO_AM_I = 0x0F  # R: 0x6C
CTRL1_XL = 0x10  # ODR_XL 7:4 (0100 = 104 Hz, 0000 = off), FS_XL 3:2 (01 = +-16 g)
CTRL2_G = 0x11  # ODR_G 7:4 (0100 = 104 Hz, 0000 = off), FS_G 3:1 (110 = +-2000 deg/s)
CTRL3_C = 0x12  # BDU 6, IF_INC 2, SW_RESET 0
CTRL6_C = 0x15  # XL_HM_MODE 4: 1 lets the accelerometer run at low power
CTRL10_C = 0x19  # TIMESTAMP_EN 5
WAKE_UP_SRC = 0x1B  # R: WU_IA 3; reading it lets a latched interrupt go
OUT_TEMP = 0x20  # R 2 bytes, low first: 256 counts a degC, 0 is 25 degC
OUT_XL = 0x28  # R 6 bytes, low first: x, y, z of the accelerometer
FIFO_STATUS = 0x3A  # R 2 bytes: DIFF_FIFO 9:0 words waiting; an overrun shows as a gap in the timestamps
TIMESTAMP = 0x40  # R 4 bytes, low first: 25 us each, less INTERNAL_FREQ_FINE
TAP_CFG0 = 0x56  # INT_CLR_ON_READ 6, SLOPE_FDS 4 (0 = half of the change from sample to sample), LIR 0 latched
TAP_CFG2 = 0x58  # INTERRUPTS_ENABLE 7
WAKE_UP_THS = 0x5B  # WK_THS 5:0
WAKE_UP_DUR = 0x5C  # WAKE_THS_W 4 (1: the threshold counts 1/256 of full scale)
MD1_CFG = 0x5E  # INT1_WU 5: the wake-up on pin INT1, active high
FREQ_FINE = 0x63  # R int8: the oscillator is 0.15 % faster for each
FIFO_DATA = 0x78  # R 7 bytes: TAG_SENSOR 7:3, TAG_CNT 2:1, parity 0; then x, y, z; the address goes round at 0x7E

IDENTITY = 0x6C
TAG_GYRO = 0x01
TAG_ACCEL = 0x02
TAG_TIMESTAMP = 0x04
WORD = 7

MILLI_G_PER_1000_COUNTS = 488  # at +-16 g
MILLI_DPS_PER_COUNT = 70  # at +-2000 deg/s
TICK_NS = 25000
FINE_PER_10000 = 15
WORDS_AT_ONCE = 36  # 12 slots, 252 bytes: 6 ms of a 400 kHz bus at most

# (register, value, why)
START_ROWS = (
    (CTRL3_C, 0x44, "block update: never half of an old value; the register address counts up"),
    (CTRL10_C, 0x20, "timestamps on"),
    (FIFO_CTRL4, 0x00, "empty the FIFO"),
)
DOZE_ROWS = (
    (FIFO_CTRL4, 0x00, "no FIFO"),
    (FIFO_CTRL3, 0x00, "nothing batched"),
    (CTRL2_G, 0x00, "gyro off"),
    (CTRL6_C, 0x10, "low power: 26 Hz at some 15 uA"),
    (CTRL1_XL, 0x20, "26 Hz, +-2 g"),
    (TAP_CFG0, 0x41, "the wake-up stays until it is read"),
    (WAKE_UP_DUR, 0x10, "threshold in steps of 7.8 milli-g, one sample suffices"),
    (TAP_CFG2, 0x80, "interrupts on"),
)
DOZE_SHIFT = 3  # +-2 g counts are eighths of +-16 g counts
GYRO_ON = 0x4C
ACCEL_ON = 0x44
BOTH_BATCHED = 0x44
CONTINUOUS = 0x46


class LSM6DSO:
    """Inertial unit. poll() asks how much waits; fetch() brings it; the words lie in .buffer, .words of them."""

    def __init__(self, bus, address=0x6A, words=WORDS_AT_ONCE):
        self._bus = bus
        self._address = address
        self._byte = bytearray(1)
        self._head = bytearray(8)
        self._six = memoryview(self._head)[:6]
        self._pair = bytearray(2)
        self.buffer = bytearray(words * WORD)
        view = memoryview(self.buffer)
        # One slice for each count, cut here: cutting one while sampling would allocate.
        self._slices = tuple(view[: n * WORD] for n in range(words + 1))
        self.most = words
        self.words = 0
        self.waiting = 0
        self.stamp = 0
        self.tick_ns = TICK_NS

    def _write(self, register, value):
        self._byte[0] = value
        self._bus.writeto_mem(self._address, register, self._byte)

    def check(self):
        """HEALTH_REASONS index: no answer, wrong chip or none."""
        if not probe(self._bus, self._address, WHO_AM_I, self._byte):
            return NO_ANSWER
        return OK if self._byte[0] == IDENTITY else WRONG_CHIP

    def start(self, clock, gyro=True, accel=True):
        """Both parts, or one of them with the other powered down; reads how fast this chip's oscillator is."""
        self._write(CTRL3_C, 0x01)
        clock.sleep_ms(1)
        for register, value, _ in START_ROWS:
            self._write(register, value)
        self._write(CTRL1_XL, ACCEL_ON if accel else 0)
        self._write(CTRL2_G, GYRO_ON if gyro else 0)
        self._write(FIFO_CTRL3, BOTH_BATCHED & ((0xF0 if gyro else 0) | (0x0F if accel else 0)))
        self._write(FIFO_CTRL4, CONTINUOUS)
        self._bus.readfrom_mem_into(self._address, FREQ_FINE, self._byte)
        fine = struct.unpack("b", self._byte)[0]
        self.tick_ns = TICK_NS * 10000 // (10000 + FINE_PER_10000 * fine)

    def poll(self):
        """Words waiting and the chip's present time (low 16 bits) in one transaction of 8 bytes."""
        head = self._head
        self._bus.readfrom_mem_into(self._address, FIFO_STATUS, head)
        self.waiting = (head[1] & 0x03) << 8 | head[0]
        self.stamp = head[7] << 8 | head[6]
        return self.waiting

    def fetch(self):
        """Bring what waits, at most .most words, into .buffer."""
        words = self.waiting
        if words > self.most:
            words = self.most
        self.words = words
        if words:
            self._bus.readfrom_mem_into(self._address, FIFO_DATA, self._slices[words])
        return words

    def read_temperature(self):
        """Die temperature in centi-degC."""
        self._bus.readfrom_mem_into(self._address, OUT_TEMP, self._pair)
        counts = ((self._pair[1] ^ 0x80) << 8 | self._pair[0]) - 0x8000
        return 2500 + (counts * 25 + 32) // 64

    def doze(self, wake_mg):
        """The accelerometer alone at low power, watching for a jerk of so much; start() ends it."""
        for register, value, _ in DOZE_ROWS:
            self._write(register, value)
        self._write(WAKE_UP_THS, max(1, min(63, wake_mg * 128 // 1000)))
        self.listen(True)
        self.woken()  # what moved until now is known

    def listen(self, on):
        """Whether a jerk pulls the interrupt pin; it is noted all the same."""
        self._write(MD1_CFG, 0x20 if on else 0)

    def woken(self):
        """Whether the shank was jerked since this was asked last; lets the interrupt go."""
        self._bus.readfrom_mem_into(self._address, WAKE_UP_SRC, self._byte)
        return self._byte[0] & 0x08

    def lean(self, raw):
        """The present acceleration while dozing into raw[3:6], in counts at +-16 g."""
        six = self._six
        self._bus.readfrom_mem_into(self._address, OUT_XL, six)
        for i in range(3):
            raw[3 + i] = ((six[2 * i + 1] ^ 0x80) << 8 | six[2 * i]) - 0x8000 >> DOZE_SHIFT
        return True

    def stop(self):
        """Both parts off: 3 uA; the registers stay."""
        self._write(CTRL1_XL, 0)
        self._write(CTRL2_G, 0)
        self._write(FIFO_CTRL4, 0)
