# Rates and thresholds, one row each: (name with its unit, default, lowest, highest, reason).
# A setting is an integer. A clinician may change a row; nobody changes code for one.
# Sources: S and E tags as in the clinical reference (E: engineering default, to be re-estimated on users).

SAMPLING_ROWS = ()

GAIT_ROWS = ()

WEAR_ROWS = ()

PRESSURE_ROWS = ()

EXERCISE_ROWS = ()

SYNC_ROWS = (
    ("trace_gait_events", 0, 0, 1, "1 keeps each initial contact and toe off as a record: for audits, costs flash"),
    ("advertise_ms", 1000, 100, 10000, "slow enough to cost little, found by a scan of 10 s"),
)

ROWS = SAMPLING_ROWS + GAIT_ROWS + WEAR_ROWS + PRESSURE_ROWS + EXERCISE_ROWS + SYNC_ROWS


class Settings:
    """Every row as an attribute; `changes` (name -> integer) are checked against the row's range.

    Raises ValueError naming the setting, the value and the range.
    """

    def __init__(self, changes=None):
        changes = dict(changes or {})
        for name, default, low, high, _ in ROWS:
            value = changes.pop(name, default)
            if not isinstance(value, int) or not low <= value <= high:
                raise ValueError("setting %s: %r is not an integer from %d to %d" % (name, value, low, high))
            setattr(self, name, value)
        for name in changes:
            raise ValueError("setting %s: there is none of that name" % name)
