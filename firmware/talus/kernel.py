# The loops over many samples, from the one of two equal files that this interpreter takes: fast.py is machine code
# for MicroPython, plain.py is Python. WebAssembly refuses the one as a word it does not know, CPython as a module, a
# board of another kind as a strange .mpy.

try:
    from talus import fast as kernel
except (ImportError, SyntaxError, ValueError):
    from talus import plain as kernel  # noqa: F401
