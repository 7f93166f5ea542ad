# The rates and thresholds a brace works with, checked. Their rows, with range, default and reason: settings_file, which
# is needed at start and for a change only.


class Settings:
    """Every row as an attribute; `changes` (name -> integer) are checked against the row's range.

    kept: the values, in the order of the rows. On a brace they are there alone: the build writes a value's place in it
    where the firmware says a row's name, for a hundred names would stay in memory with those they are asked by.

    digest, rows: CRC-32 of every setting, and of the rows. trouble: index into HEALTH_REASONS of what is wrong with
    the file they should have come from, 0 for nothing. Raises ValueError naming the setting, the value and the range.
    """

    trouble = digest = rows = 0

    def __init__(self, changes=()):
        from talus.settings_file import fill

        fill(self, changes)
