# Rates and thresholds, one row each: (name with its unit, default, lowest, highest, reason).
# A setting is an integer. A clinician may change a row; nobody changes code for one.
# Sources: S and E tags as in the clinical reference (E: engineering default, to be re-estimated on users).

SAMPLING_ROWS = (
    ("gauge_every_s", 60, 10, 3600, "the gauge models the charge by itself; a minute record carries it"),
)

GAIT_ROWS = (
    # Anchors and instants: clinical reference, section 2.4.
    ("gait_gap_ms", 50, 0, 100, "a shorter hole holds the last value, a longer one splits the walk (2.4 step 0)"),
    ("swing_rate_floor_ddps", 300, 150, 600, "paretic swings peak at 60-150 deg/s; below 30 it is fidgeting (2.3)"),
    ("swing_rate_start_ddps", 500, 300, 1000, "the first swing of a bout, before there is a median (Salarian 2004)"),
    ("swing_rate_share_pct", 40, 20, 70, "of the median of the last 8 accepted peaks (2.4 step 2)"),
    ("swing_end_ddps", 100, 50, 300, "a dip that stays above minus this is a hesitation inside one swing (2.3)"),
    ("swing_apart_ms", 400, 200, 800, "no leg swings twice within it (2.4 step 2)"),
    ("swing_apart_pct", 50, 30, 70, "of the person's own median stride: the second of two peaks is the same swing"),
    ("swing_lobe_min_cdeg", 1000, 500, 2500, "a swing turns the leg by 10 deg or more (2.4 step 2)"),
    ("swing_lobe_min_ms", 120, 60, 250, "a shorter lobe is a knock (2.4 step 2)"),
    ("swing_lobe_max_ms", 1500, 800, 3000, "swing time is at most 1.2 s (2.4 step 6) and the filter widens it"),
    ("toe_off_before_ms", 350, 150, 600, "toe off is looked for this long before the swing begins (2.4 step 3)"),
    ("toe_off_after_ms", 100, 0, 200, "and this long after (2.4 step 3)"),
    (
        "toe_off_rate_ddps",
        300,
        100,
        1000,
        "a foot that turns down slower at push-off gives no toe off by rate (2.4 step 3)",
    ),
    ("contact_before_ms", 80, 20, 200, "contact is looked for this long before the zero crossing (Rampp 2015)"),
    ("contact_after_ms", 50, 20, 200, "and this long after the minimum that follows it (Rampp 2015)"),
    ("contact_minimum_ms", 300, 100, 400, "that minimum comes within it (2.4 step 4)"),
    ("contact_spread_ms", 60, 30, 150, "candidates further apart make a contact of low confidence (2.4 step 4)"),
    ("contact_ankle_ddps", 150, 50, 500, "plantarflexion after swing is this fast or it is noise (2.4 step 4 d)"),
    ("flat_rate_ddps", 200, 50, 500, "a foot that lies flat turns slower (2.1)"),
    ("flat_hold_ms", 50, 20, 200, "for this long (2.1)"),
    # Anchors without a gyro.
    ("push_off_min_cdeg", 300, 150, 1000, "E: a stiff ankle still gives 7 deg at push-off, loading gives 2 to 9"),
    ("push_off_start_cdeg", 400, 200, 1500, "E: the first of a bout, before there is a median"),
    ("push_off_share_pct", 50, 30, 80, "E: of the median of the last 8; loading is a quarter to a third of push-off"),
    ("contact_drop_cdeg", 80, 40, 300, "E: nine encoder steps; less is no loading"),
    # What a stride must be: clinical reference, section 2.4 step 6.
    ("stride_min_ms", 500, 400, 800, "Mobilise-D 0.2 s, gaitmap 0.6 s: range 0.4 to 3.5 s"),
    ("stride_max_ms", 3000, 2000, 3500, "cane and walker users: up to 3 s"),
    ("stride_lost_ms", 4000, 2500, 4000, "longer than this between contacts is no stride at all; the rings hold 5 s"),
    ("stance_min_pct", 45, 40, 60, "E: 40 to 90"),
    ("stance_max_pct", 85, 70, 90, "E: 40 to 90"),
    ("swing_min_ms", 200, 100, 400, "E"),
    ("swing_max_ms", 1200, 600, 2000, "E"),
    ("swing_range_min_cdeg", 1500, 500, 2500, "E: 10 to 25 deg"),
    ("stride_jump_pct", 50, 30, 60, "E: against the bout's median"),
    ("bout_pause_ms", 3000, 1000, 5000, "a longer pause ends the bout (Mobilise-D)"),
    ("turn_cdeg", 3000, 1500, 6000, "E: more about the vertical in one stride is a turn: counted, not measured"),
    ("pivot_cdeg", 4500, 3000, 18000, "E: more is a turn on the spot and no stride of walking"),
    (
        "heel_first_cdeg",
        500,
        200,
        1000,
        "E: foot pitch at contact above it is heel first, below minus it forefoot first",
    ),
    ("slap_window_ms", 200, 100, 300, "after contact, where the foot slaps (3.3)"),
)

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
