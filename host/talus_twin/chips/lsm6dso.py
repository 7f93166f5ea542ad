# LSM6DSO (datasheet DS12140): gyro and accelerometer at 104 Hz of an oscillator of its own, into a FIFO of tagged
# words, with a timestamp in each slot. The filters are pure delays here: 33 Hz and 52 Hz of second order.
# A part whose channels the leg does not have stays powered down, whatever is written to it. With the gyro off it dozes
# at the accelerometer's own rate and latches a wake-up when half of the change between two samples passes a threshold.

from talus_twin.chips import MASK, Chip, later, noise
from talus_twin.chips.leg import ACC_X, GYRO_X, REFERENCE

WHO_AM_I = 0x0F
CTRL1_XL = 0x10
CTRL2_G = 0x11
CTRL3_C = 0x12
CTRL10_C = 0x19
WAKE_UP_SRC = 0x1B
OUT_TEMP = 0x20
OUT_G = 0x22
OUT_XL = 0x28
FIFO_CTRL3 = 0x09
FIFO_CTRL4 = 0x0A
FIFO_STATUS = 0x3A
TIMESTAMP = 0x40
TAP_CFG0 = 0x56
TAP_CFG2 = 0x58
WAKE_UP_THS = 0x5B
WAKE_UP_DUR = 0x5C
MD1_CFG = 0x5E
FREQ_FINE = 0x63
FIFO_TAG = 0x78
SIZE = 0x80

WORD = 7
SLOT_TICKS = 384  # 40 kHz / (6.667 kHz / 64)
ODR_TICKS = (0, 3072, 1536, 768, SLOT_TICKS)  # by ODR bits: off, 13, 26, 52 and 104 Hz
RESET = (FIFO_CTRL3, FIFO_CTRL4, CTRL1_XL, CTRL2_G, CTRL10_C, TAP_CFG0, TAP_CFG2, WAKE_UP_THS, WAKE_UP_DUR, MD1_CFG)
WU_IA = 0x08
DEPTH = 512
GYRO_DELAY_US = 6800
ACCEL_DELAY_US = 4300
TAGS = (0x01 << 3, 0x02 << 3, 0x04 << 3)  # gyro, accelerometer, timestamp


class LSM6DSO(Chip):
    """Truth: bias of gyro and accelerometer in counts, fine (INTERNAL_FREQ_FINE) and what it leaves, error_ppm.

    Faults: silent, wrong_id, stuck, saturated.
    """

    def __init__(self, address, leg, bias=(0, 0, 0), accel_bias=(0, 0, 0), fine=0, error_ppm=0, noise_counts=1):
        Chip.__init__(self, address, leg)
        self.saturated = False
        self.noise_counts = noise_counts
        self._bias = bias
        self._accel_bias = accel_bias
        # ns of one tick of the chip: 25 us, faster by 0.15 % for each of `fine` and by what that does not say.
        self._tick_ns = 25000 * 10000 // (10000 + 15 * fine)
        self._tick_ns -= self._tick_ns * error_ppm // 1000000
        self._registers = bytearray(SIZE)
        self._registers[WHO_AM_I] = 0x6C
        self._registers[CTRL3_C] = 0x04
        self._registers[FREQ_FINE] = fine & 0xFF
        self._fifo = bytearray(DEPTH * WORD)
        self._rest = 0
        self._seed = 7
        self._running = False
        self._ticks = SLOT_TICKS
        self._before = [0, 0, 0]  # the sample before, in the chip's counts; a wake-up asks how far it has changed
        self._fresh = True
        self._slot = 0
        self._ticks_low = 0
        self._ticks_high = 0
        self._next = 0
        self._empty()

    def answers(self):
        return not self.silent and (self.leg.has(GYRO_X) or self.leg.has(ACC_X))

    def _empty(self):
        self._head = 0
        self._count = 0
        self._at_byte = 0
        self._lost = False

    def write(self, register, data, now):
        self._run(now)
        registers = self._registers
        for value in data:
            if register == CTRL3_C and value & 1:
                for i in RESET:
                    registers[i] = 0
                registers[WAKE_UP_SRC] = 0
                registers[CTRL3_C] = 0x04
                self._empty()
            elif (register < OUT_TEMP and register not in (WHO_AM_I, WAKE_UP_SRC)) or register in RESET:
                absent = not self.leg.has(GYRO_X if register == CTRL2_G else ACC_X)
                registers[register] = 0 if absent and register in (CTRL1_XL, CTRL2_G) else value
                if register == FIFO_CTRL4 and value & 7 == 0:
                    self._empty()
            register += 1
        rate = (registers[CTRL2_G] or registers[CTRL1_XL]) >> 4
        on = rate > 0
        ticks = ODR_TICKS[rate] if 0 < rate < len(ODR_TICKS) else SLOT_TICKS
        if on and (not self._running or ticks != self._ticks):
            self._ticks = ticks
            self._next = now
            self._fresh = True
            self._step()
        self._running = on

    def _step(self):
        """Move the end of the next slot on by as many of the chip's ticks as a sample takes."""
        self._rest += self._ticks * self._tick_ns
        self._next = later(self._next, self._rest // 1000)
        self._rest %= 1000
        low = self._ticks_low + self._ticks
        self._ticks_low = low & 0xFFFF
        self._ticks_high = self._ticks_high + (low >> 16) & 0xFFFF

    def _run(self, now):
        """Everything the chip has measured by now."""
        while self._running and now - self._next & MASK < 0x20000000:
            self._measure(self._next)
            self._step()

    def _measure(self, at):
        registers = self._registers
        batched = registers[FIFO_CTRL3] if registers[FIFO_CTRL4] & 7 == 6 else 0
        if registers[CTRL2_G] & 0xF0:
            self._axes(OUT_G, GYRO_X, at - GYRO_DELAY_US, 10, 7, self._bias)
            if batched & 0xF0:
                self._queue(0, OUT_G)
        if registers[CTRL1_XL] & 0xF0:
            self._axes(OUT_XL, ACC_X, at - ACCEL_DELAY_US, 125, 61, self._accel_bias)
            if registers[TAP_CFG2] & 0x80:
                self._watch()
            if batched & 0x0F:
                self._queue(1, OUT_XL)
        if batched and registers[CTRL10_C] & 0x20 and registers[FIFO_CTRL4] & 0xC0:
            self._queue(2, 0)
        self._slot = self._slot + 1 & 3

    def _axes(self, register, channel, at, times, by, bias):
        """Three axes of the leg at a moment, in counts, into their output registers."""
        if self.stuck:
            return
        registers = self._registers
        leg = self.leg
        i = 0
        while i < 3:
            value = leg.read(channel + i, at)
            if value is None:
                value = 0
            value = (value * times + by // 2) // by + bias[i]
            if self.noise_counts:
                self._seed = seed = noise(self._seed)
                value += seed % (2 * self.noise_counts + 1) - self.noise_counts
            if value > 32767 or self.saturated:
                value = 32767
            elif value < -32768:
                value = -32768
            registers[register] = value & 0xFF
            registers[register + 1] = value >> 8 & 0xFF
            register += 2
            i += 1

    def _watch(self):
        """Latch a wake-up when an axis has changed by more than twice the threshold since the sample before."""
        registers = self._registers
        before = self._before
        # Full scale is 2 g here; the output registers hold +-16 g counts until they are read.
        most = registers[WAKE_UP_THS] & 63
        most = most * (16 if registers[WAKE_UP_DUR] & 0x10 else 64)
        i = 0
        while i < 3:
            value = ((registers[OUT_XL + 2 * i + 1] ^ 0x80) << 8 | registers[OUT_XL + 2 * i]) - 0x8000
            if not self._fresh and not -2 * most <= value - before[i] <= 2 * most:
                registers[WAKE_UP_SRC] |= WU_IA
            before[i] = value
            i += 1
        self._fresh = False

    def interrupt(self, now):
        """Level of pin INT1."""
        self._run(now)
        registers = self._registers
        return 1 if registers[WAKE_UP_SRC] & WU_IA and registers[MD1_CFG] & 0x20 else 0

    def wakes(self, now, until):
        """The moment within [now, until] at which INT1 rises, or until."""
        if self.interrupt(now):
            return now
        while self._running and self._next - now & MASK < until - now & MASK:
            now = self._next
            if self.interrupt(now):
                return now
        return until

    def _queue(self, what, register):
        """Append one word to the FIFO; a full one drops its oldest."""
        if self._count == DEPTH:
            self._head = (self._head + 1) % DEPTH
            self._count -= 1
            self._lost = True
        fifo = self._fifo
        at = (self._head + self._count) % DEPTH * WORD
        self._count += 1
        fifo[at] = TAGS[what] | self._slot << 1
        if what < 2:
            registers = self._registers
            i = 0
            while i < 6:
                fifo[at + 1 + i] = registers[register + i]
                i += 1
            return
        fifo[at + 1] = self._ticks_low & 0xFF
        fifo[at + 2] = self._ticks_low >> 8
        fifo[at + 3] = self._ticks_high & 0xFF
        fifo[at + 4] = self._ticks_high >> 8
        fifo[at + 5] = fifo[at + 6] = 0

    def _show(self, now):
        """Status and time registers as they stand at this moment."""
        registers = self._registers
        registers[FIFO_STATUS] = self._count & 0xFF
        registers[FIFO_STATUS + 1] = self._count >> 8 | (0x48 if self._lost else 0)
        self._lost = False
        before_us = self._next - now & MASK
        ticks = self._ticks_low - (before_us * 1000 + self._tick_ns - 1) // self._tick_ns & 0xFFFF
        high = self._ticks_high if ticks <= self._ticks_low else self._ticks_high - 1 & 0xFFFF
        registers[TIMESTAMP] = ticks & 0xFF
        registers[TIMESTAMP + 1] = ticks >> 8
        registers[TIMESTAMP + 2] = high & 0xFF
        registers[TIMESTAMP + 3] = high >> 8

    def read(self, register, buffer, now):
        self._run(now)
        if register == FIFO_TAG:
            self._drain(buffer)
            return
        if register == FIFO_STATUS:
            self._show(now)
        elif register == OUT_TEMP:
            self._warm(now)
        registers = self._registers
        i = 0
        while i < len(buffer):
            buffer[i] = registers[register + i & 0x7F]
            i += 1
        if register == WHO_AM_I and self.wrong_id:
            buffer[0] = 0x6A
        elif register == WAKE_UP_SRC:
            registers[WAKE_UP_SRC] = 0
        elif register == OUT_XL and not registers[CTRL1_XL] & 0x0C:
            self._fine(buffer)

    def _fine(self, buffer):
        """Counts at +-2 g: eight times those at +-16 g, and no more than sixteen bits."""
        i = 0
        while i + 1 < len(buffer):
            value = ((buffer[i + 1] ^ 0x80) << 8 | buffer[i]) - 0x8000 << 3
            value = 32767 if value > 32767 else -32768 if value < -32768 else value
            buffer[i] = value & 0xFF
            buffer[i + 1] = value >> 8 & 0xFF
            i += 2

    def _warm(self, now):
        value = self.leg.read(REFERENCE, now)
        counts = 0 if value is None or not self._running else ((value - 2500) * 64 + 12) // 25
        self._registers[OUT_TEMP] = counts & 0xFF
        self._registers[OUT_TEMP + 1] = counts >> 8 & 0xFF

    def _drain(self, buffer):
        """Words from the oldest on; an empty FIFO gives zeros."""
        fifo = self._fifo
        at = self._head * WORD + self._at_byte
        i = 0
        while i < len(buffer):
            if not self._count:
                buffer[i] = 0
            else:
                buffer[i] = fifo[at]
                at += 1
                self._at_byte += 1
                if self._at_byte == WORD:
                    self._at_byte = 0
                    self._count -= 1
                    self._head += 1
                    if self._head == DEPTH:
                        self._head = 0
                        at = 0
            i += 1
