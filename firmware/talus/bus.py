# An I2C bus a chip cannot hold for good: a chip reset in the middle of a byte keeps SDA low until it has been clocked
# out of it (UM10204, section 3.1.16). machine.I2C has no word for that, so the pins are taken from it and given back.

CLOCKS = 9
HALF_US = 5  # 100 kHz: what the slowest chip follows


class Bus:
    """What a driver is handed: the two transactions of machine.I2C, and recover().

    make: () -> the bus on its pins; lines: () -> (scl, sda), the same pins as open-drain outputs, both released.
    """

    def __init__(self, make, lines, sleep_us):
        self._make = make
        self._lines = lines
        self._sleep_us = sleep_us
        self._take()

    def _take(self):
        made = self._make()
        self.readfrom_mem_into = made.readfrom_mem_into
        self.writeto_mem = made.writeto_mem

    def recover(self):
        """Nine clocks and a stop, 0.1 ms; then the bus as it was begun."""
        scl, sda = self._lines()
        for _ in range(CLOCKS):
            self._set(scl, 0)
            self._set(scl, 1)
        self._set(scl, 0)
        self._set(sda, 0)
        self._set(scl, 1)
        self._set(sda, 1)
        self._take()

    def _set(self, line, level):
        line.value(level)
        self._sleep_us(HALF_US)
