# As kernel.py, for the bits of packed frames: by itself, since it is in memory only while a report is packed.

import struct

try:
    if struct.calcsize("P") != 4:
        raise ImportError
    from talus import fast_bits as bits

    FAST = True
except (ImportError, SyntaxError, ValueError):
    from talus import plain_bits as bits  # noqa: F401

    FAST = False
