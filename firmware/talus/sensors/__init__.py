# One chip per file: its registers as rows to lay beside the datasheet, start, read, stop; nothing decided.
# A driver is handed its bus (like machine.I2C: readfrom_mem_into, writeto_mem) and its address. Whatever the bus
# raises (OSError: nobody answered) leaves the driver; reads allocate nothing. check() answers with an index into
# wire.kinds.HEALTH_REASONS, of which these five are the ones a chip can say of itself.

OK = 0
NO_ANSWER = 2
WRONG_CHIP = 3
MAGNET_MISSING = 4
NOT_CALIBRATED = 13


def probe(bus, address, register, buffer):
    """Fill buffer from a register; False where nobody answers. For check(), never for a sample."""
    try:
        bus.readfrom_mem_into(address, register, buffer)
    except OSError:
        return False
    return True
