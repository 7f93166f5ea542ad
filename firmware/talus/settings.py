# The rates and thresholds a brace works with, checked. Their rows, with range, default and reason: settings_file, which
# is needed at start and for a change only.


class Settings:
    """Every row as an attribute; `changes` (name -> integer) are checked against the row's range.

    digest, rows: CRC-32 of every setting, and of the rows. trouble: index into HEALTH_REASONS of what is wrong with
    the file they should have come from, 0 for nothing. Raises ValueError naming the setting, the value and the range.
    """

    trouble = digest = rows = 0

    def __init__(self, changes=()):
        from talus.settings_file import fill

        fill(self, changes)
