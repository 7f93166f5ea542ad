# An I2C bus with virtual chips on it: the contract of machine.I2C, as much as the firmware uses. Each transaction
# costs its bits and its call; a chip that does not answer costs its address and raises OSError, a stuck bus its
# timeout.

ENODEV = 19
ETIMEDOUT = 116


class VirtualBus:
    """chips: what sits on it. Fault: stuck, SDA held low: every transaction times out until recover()."""

    def __init__(self, clock, costs, chips, bit_ns=None):
        self._clock = clock
        self._chips = {chip.address: chip for chip in chips}
        byte_ns = 9 * (bit_ns or costs.i2c_bit_ns)
        # Address and register are 3 bytes of a read, 2 of a write; start and stop weigh about a bit each.
        self._read_us = tuple(costs.i2c_call_us + (byte_ns * (3 + n) + byte_ns // 3) // 1000 for n in range(300))
        self._write_us = tuple(costs.i2c_call_us + (byte_ns * (2 + n) + byte_ns // 4) // 1000 for n in range(32))
        self._timeout_us = costs.i2c_timeout_us
        self.stuck = False
        self.transactions = 0

    def _nobody(self):
        if self.stuck:
            self._clock.spend(self._timeout_us)
            raise OSError(ETIMEDOUT, "bus stuck")
        self._clock.spend(self._write_us[0])
        raise OSError(ENODEV, "nobody answers")

    def readfrom_mem_into(self, address, register, buffer):
        chip = self._chips.get(address)
        if chip is None or self.stuck or not chip.answers():
            self._nobody()
        self.transactions += 1
        clock = self._clock
        clock.spend(self._read_us[len(buffer)])
        chip.read(register, buffer, clock.us)

    def writeto_mem(self, address, register, data):
        chip = self._chips.get(address)
        if chip is None or self.stuck or not chip.answers():
            self._nobody()
        self.transactions += 1
        clock = self._clock
        clock.spend(self._write_us[len(data)])
        chip.write(register, data, clock.us)

    def scan(self):
        """Addresses that answer, in order."""
        return [] if self.stuck else sorted(a for a, chip in self._chips.items() if chip.answers())

    def recover(self):
        """Nine clocks and a stop: what frees a chip that holds SDA."""
        self._clock.spend(100)
        self.stuck = False
