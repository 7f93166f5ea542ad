# Every board as rows: pins, buses, parts, addresses, rates and delays; hardware/ derives its wiring from here.
# The encoder and the gauge share address 0x36 and a C3 or C6 has one main I2C controller: the sampled chips sit on
# it, the gauge on a bus made in software, asked once a minute.

from talus.wire.kinds import SAMPLE_SIZE

MAIN = "main"
SLOW = "slow"
# (bus, hertz, made by)
BUSES = (
    (MAIN, 400000, "hardware"),
    (SLOW, 100000, "software"),
)

# (part, chip, bus, address, how often it is asked)
PARTS = (
    ("encoder", "AS5600", MAIN, 0x36, "each tick"),
    ("bridge", "NAU7802", MAIN, 0x2A, "three times a tick: 320 SPS of its own, averaged"),
    ("imu", "LSM6DSO", MAIN, 0x6A, "each tick: its FIFO, 104 Hz of its own"),
    ("pressure", "ADS1115", MAIN, 0x48, "two inputs a tick: the heel and one of the others"),
    ("thermometer", "TMP117", MAIN, 0x49, "each second"),
    ("gauge", "MAX17048", SLOW, 0x36, "each minute"),
)
PART_NAMES = tuple(row[0] for row in PARTS)

WATCHDOG_MS = 8000  # the RP2040 has 8.3 s at most; the worst erase of flash takes 0.4

# The sampled channels are brought to one age, so that a grid sample is one moment of the leg. The slowest is the
# gyro, behind its filter and waiting for the chip's next sample; the others are handed on this many ticks late.
ENCODER_LAG_TICKS = 2
BRIDGE_LAG_TICKS = 1
PRESSURE_LAG_TICKS = 2
# The IMU is read between its own samples this long before the tick: one period of its slowest oscillator (10 ms)
# and the time the tick takes to reach it (up to 3 ms), so that a later sample is there.
IMU_BACK_US = 13200
PRESSURE_SETTLE_US = 1500  # a conversion begun this long ago has ended

# (channels, delay in us of a sample's tick behind the leg, made of)
DELAYS = (
    ("ankle_angle", 21100, "slow filter 1.1 ms (settles in 2.2), handed on 2 ticks late"),
    ("moment", 21100, "filter 6.2 ms (2 conversions), age 1.6 ms, mean of 3 readings 3.3 ms, 1 tick"),
    ("gyro_sagittal", 20000, "filter 6.8 ms (33 Hz, 2nd order), read 13.2 ms back"),
    ("gyro_frontal", 20000, "as sagittal"),
    ("gyro_transverse", 20000, "as sagittal"),
    ("acc_forward", 17500, "filter 4.3 ms (52 Hz, 2nd order), read 13.2 ms back"),
    ("acc_up", 17500, "as forward"),
    ("acc_lateral", 17500, "as forward"),
    ("pressure_1", 22700, "middle of the conversion 2.7 ms before the tick, 2 ticks: as the heel is read, each tick"),
    ("pressure_2", 22700, "as pressure 1; an input read in rotation is 6 to 26 ms old"),
    ("pressure_3", 22700, "as pressure 2"),
    ("pressure_4", 22700, "as pressure 2"),
    ("liner", 1000000, "one conversion a second"),
    ("reference", 1000000, "asked once a second"),
)


def delays_ms():
    """How long before its tick a sample's channel was true, per sample index, whole milliseconds."""
    delays = tuple((row[1] + 500) // 1000 for row in DELAYS)
    assert len(delays) == SAMPLE_SIZE
    return delays


# (board, chip, flash MiB, PSRAM MiB, bonds, main SDA, SCL, slow SDA, SCL, button, LED, haptic, VBUS sense, IMU INT1,
#  gate)
# Pins are GPIO numbers. VBUS comes through a divider; the button is to ground, the LED and the haptic driver active
# high, the IMU's interrupt too. The gate's high level feeds the encoder, the dividers of pressure and the main bus's
# pull-ups, so that no line lifts a chip without supply. "bonds": whether the port's stock firmware can pair and keep
# the bond.
# Button and VBUS end deep sleep, so they sit on pins that can: GPIO 0 to 7 of a C6, 0 to 5 of a C3, 0 to 21 of an S3.
# An XIAO's D6 is the first UART's output, on which the chip speaks at each reset: it may move a light, nothing else.
BOARD_ROWS = (
    ("xiao_esp32c6", "ESP32-C6", 4, 0, True, 22, 23, 19, 20, 2, 16, 21, 0, 1, 18),
    ("xiao_esp32c3", "ESP32-C3", 4, 0, True, 6, 7, 8, 9, 5, 21, 10, 3, 4, 20),
    ("xiao_esp32s3", "ESP32-S3", 8, 8, True, 5, 6, 1, 2, 3, 43, 4, 8, 7, 9),
    ("pico_w", "RP2040", 2, 0, False, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15),
)

# The bridge's supply is the converter's own regulator, which needs 0.3 V more than it gives, of a board's 3.2 V at a
# flat cell: 2.7 V over gauges of so many ohms are 2.7 mA; 350 would be 7.7.
BRIDGE_MV = 2700
BRIDGE_OHM = 1000


class Board:
    """One board's row by name. Raises ValueError naming the boards there are."""

    def __init__(self, name):
        for row in BOARD_ROWS:
            if row[0] == name:
                break
        else:
            raise ValueError("board %r: there is %s" % (name, ", ".join(row[0] for row in BOARD_ROWS)))
        self.name, self.chip, self.flash_mib, self.psram_mib, self.bonds = row[:5]
        self.model = "Talus " + self.name
        self.main_sda, self.main_scl, self.slow_sda, self.slow_scl = row[5:9]
        self.button, self.led, self.haptic, self.vbus, self.imu_int, self.gate = row[9:]


def part(name):
    """(chip, bus, address) of a part."""
    _, chip, bus, address, _ = PARTS[PART_NAMES.index(name)]
    return chip, bus, address
