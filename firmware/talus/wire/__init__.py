# The shared language: record layouts, records, frames, time and the GATT table.
# Runs unchanged on MicroPython and CPython, speaks integers only, imports nothing of ours.
