# What outlives a reset but no loss of power, as an ESP32 keeps it beside its clock: the handle main.py makes of
# `machine.RTC().memory`. A board without it has size 0.

SIZE = 2048


class Memory:
    """size, read() -> bytes, write(buffer, length); lose() is what a loss of power does."""

    def __init__(self, size=SIZE):
        self.size = size
        self.kept = b""

    def read(self):
        return self.kept

    def write(self, buffer, length):
        if length > self.size:
            raise ValueError("memory: %d bytes where %d fit" % (length, self.size))
        self.kept = bytes(memoryview(buffer)[:length])

    def lose(self):
        self.kept = b""
