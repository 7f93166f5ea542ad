"""Putting the firmware on a board: compiled here, copied with mpremote, never run until it is whole."""
