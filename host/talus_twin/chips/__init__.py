# The same six chips at register level, for a virtual bus. Each answers read(register, buffer, now) and
# write(register, data, now); now is the board's microseconds, which wrap at 2**30 like a board's ticks.
# Faults are attributes that a test switches on: silent (nobody answers), stuck, wrong_id and what the chip adds.
# Nothing here allocates once made: the firmware's proof of that runs with the chips in the same heap.

MASK = 0x3FFFFFFF
HALF = 0x20000000


class Chip:
    """What the six have in common: an address, whether it answers, and the faults any chip can have."""

    def __init__(self, address, leg):
        self.address = address
        self.leg = leg
        self.silent = False  # fault: nobody answers
        self.stuck = False  # fault: the converter no longer moves
        self.wrong_id = False  # fault: another chip was soldered

    def answers(self):
        return not self.silent


def noise(seed):
    """The next of a fixed sequence of 16-bit numbers (Lehmer, 75 mod 65537): cheap, and the same everywhere."""
    return seed * 75 % 65537


def later(t, us):
    """The ticks us microseconds after t, without a sum above 2**30: that would be an object on a 32-bit heap."""
    return t - (MASK - us + 1) & MASK
