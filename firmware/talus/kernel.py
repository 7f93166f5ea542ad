# The loops over many samples and the arithmetic on each, from the ones of two equal files that this interpreter takes:
# fast*.py is machine code for MicroPython, plain*.py is Python. WebAssembly refuses the first as a word it does not
# know, CPython as a module, a board of another kind as a strange .mpy; where a word has not 32 bits it would be wrong.

import struct

try:
    if struct.calcsize("P") != 4:
        raise ImportError
    from talus import fast as kernel
    from talus import fast_chips as chips
except (ImportError, SyntaxError, ValueError):
    from talus import plain as kernel  # noqa: F401
    from talus import plain_chips as chips  # noqa: F401
