# What things cost on a board, in one table: every timing proof charges the virtual clock from here.
# Sources: B section of the BLE reference (7.1, 3.2, 3.3), D datasheet or arithmetic, E engineering estimate to be
# measured on a board.

# (cost, value, unit, where from)
ROWS = (
    ("i2c_bit_ns", 2500, "ns", "D: 400 kHz; a byte is 9 bits"),
    ("slow_i2c_bit_ns", 10000, "ns", "D: 100 kHz in software"),
    ("i2c_call_us", 40, "us", "E: the call around a transaction, ESP32-C3 at 160 MHz"),
    ("i2c_timeout_us", 50000, "us", "B 3.3: a stuck bus on ESP32"),
    ("pass_us", 2500, "us", "E: one pass of the loop on one sample, C3 at 160 MHz"),
    ("collect_us", 4000, "us", "B 3.3: collecting 500 kB of heap; a small heap takes less"),
    ("program_us", 700, "us", "D: 256 bytes of NOR flash, typical"),
    ("program_bytes", 256, "bytes", "D: a flash page"),
    ("erase_us", 45000, "us", "D: a sector of 4 KiB, typical"),
    ("erase_worst_us", 400000, "us", "D: the same, worst"),
    ("read_call_us", 20, "us", "E: one read of littlefs through MicroPython's block device"),
    ("read_us_per_kib", 60, "us", "E: quad SPI at 80 MHz behind the driver"),
    ("connection_interval_ms", 30, "ms", "B 2.3: what a host asks for when nobody asks it"),
)


class Costs:
    """Every row as an attribute; changes: name -> value. Raises ValueError for a name that is no cost."""

    def __init__(self, changes=None):
        changes = dict(changes or {})
        for name, value, _, _ in ROWS:
            setattr(self, name, changes.pop(name, value))
        for name in changes:
            raise ValueError("cost %s: there is none of that name" % name)
