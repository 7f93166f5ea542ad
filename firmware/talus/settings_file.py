# Rates and thresholds, one row each: (name with its unit, default, lowest, highest, reason).
# A setting is an integer. A clinician may change a row; nobody changes code for one.
# Sources: S and E tags as in the clinical reference (E: engineering default, to be re-estimated on users).
#
# Below them what a settings file may hold, its checks, and which file is taken at start: the one in force, else the
# previous one, else the defaults. Refuses with one ValueError naming the setting. Needed at start and for a change.

import binascii
from array import array

from talus.settings import Settings
from talus.wire.kinds import HEALTH_REASONS

IN_FORCE = "/settings.json"  # what differs from the defaults: {"version": 1, "amber_mmhg": 30}
PREVIOUS = "/settings.prev.json"
UNFINISHED = "/settings.new"
VERSION = 1
ENOENT = 2

SAMPLING_ROWS = (("gauge_every_s", 60, 10, 3600, "the gauge models the charge by itself; a minute record carries it"),)

GAIT_ROWS = (
    # Anchors and instants: clinical reference, section 2.4.
    ("gait_gap_ms", 50, 0, 100, "a shorter hole holds the last value, a longer one splits the walk (2.4 step 0)"),
    ("swing_rate_floor_ddps", 300, 150, 600, "paretic swings peak at 60-150 deg/s; below 30 it is fidgeting (2.3)"),
    ("swing_rate_start_ddps", 500, 300, 1000, "the first swing of a bout (Salarian 2004); no later one needs more"),
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
    ("contact_lowered_ms", 200, 100, 400, "E: a foot that is not to land on its heel is lowered within it"),
    ("contact_stopped_ms", 120, 60, 200, "E: and stopped within it; a heel's fall is fastest within it (3.3: 100 ms)"),
    ("contact_high_cdeg", 1200, 800, 2000, "E: a foot that begins to fall from above it lands on its heel"),
    ("contact_low_cdeg", 400, 0, 800, "E: from below it, flat or on its toes; in between what is felt decides"),
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
    ("heel_off_ddps", 200, 50, 500, "E: the heel leaves as the foot turns down faster than this (2.1)"),
    ("heel_off_cdeg", 300, 100, 1000, "E: and its pitch has passed minus this (2.1)"),
    # Ground: clinical reference, sections 2.4 step 8 and 6.2.
    ("ramp_cdeg", 400, 200, 1000, "a slope off the person's usual one by more is a ramp: counted, not measured"),
    ("stair_climb_mm", 120, 60, 300, "E: an ankle that rises or sinks more in a stride was on stairs"),
    ("imu_height_mm", 200, 20, 450, "E: of a shank's IMU above the ankle; 50 mm are 0.7 cm of a stride's rise"),
)

WEAR_ROWS = (
    # Clinical reference, section 1.2.
    ("contact_min_dapa", 70, 30, 300, "0.7 kPa, 5 mmHg, on any site (E); 10 Pa a unit"),
    ("contact_sites", 2, 1, 3, "E: sites that press before the minute counts as contact"),
    ("warmer_cdegc", 200, 100, 400, "E: liner warmer than the outside by 2 degC is worn-like"),
    ("cold_cdegc", 2600, 2400, 2800, "S6: wrist; re-fit at the liner"),
    ("warm_cdegc", 3000, 2900, 3200, "S6: wrist; re-fit at the liner"),
    ("hot_ambient_cdegc", 3000, 2800, 3500, "from here on the liner tells nothing"),
    ("cooling_cdegc_min", 20, 5, 30, "S6: a still brace that cools by 0.2 degC a minute has been taken off"),
    ("still_sd_mg", 8, 5, 13, "S6: an axis with a smaller deviation in a minute is still"),
    ("still_axes", 2, 1, 3, "S6"),
    ("wear_strides", 4, 3, 6, "E: valid strides in a minute are certain wear"),
    ("strain_active_mnm", 150, 100, 500, "E: deviation of the moment"),
    ("angle_active_cdeg", 50, 30, 100, "E: deviation of the ankle angle"),
)

PRESSURE_ROWS = (
    # Clinical reference, sections 4.3 and 4.4, as overridden by 0.4.4. 1 mmHg is 133.322 Pa.
    ("sustained_pct", 20, 10, 50, "quantile of a minute that stands for the sustained pressure: stride peaks fall out"),
    ("held_pct", 95, 80, 100, "share of a window that must be above (Abbott 2019)"),
    ("amber_mmhg", 35, 30, 50, "Abbott 2019, adapted"),
    ("amber_min", 15, 10, 20, "Abbott 2019"),
    ("amber_fibular_mmhg", 25, 15, 35, "E: a nerve under the skin, be earlier"),
    ("amber_fibular_min", 10, 5, 15, "E"),
    ("red_fibular_mmhg", 50, 30, 80, "E: rabbit nerve, 80 mmHg for 2 h recovered incompletely (Dahlin 1986)"),
    ("red_fibular_min", 30, 10, 60, "E"),
    ("red_a_mmhg", 67, 50, 90, "9 kPa: muscle of rats after 2 h (S44)"),
    ("red_a_min", 60, 45, 120, "half that time (E)"),
    ("red_b_mmhg", 150, 90, 200, "E: 20 kPa, below the 32 kPa injury line (S44)"),
    ("red_b_min", 15, 5, 30, "E"),
    ("offset_mmhg", 10, 5, 15, "E: an FSR at 35 mmHg means 26 to 44"),
    ("offset_min", 5, 2, 10, "E: below for so long ends an event"),
    ("pressure_unknown_min", 30, 5, 120, "E: a channel silent for so long ends its event"),
    ("refractory_min", 60, 30, 120, "E: silences ambers only, never records and never reds"),
    ("pressure_fit_pct", 150, 110, 300, "E: of the pressure at the fitting, where one was taken"),
    ("dose_above_mmhg", 20, 0, 35, "E: dose counts what is above"),
    ("creep_permille", 50, 0, 100, "a film reads so much more per decade of time under a held load (4.6)"),
)

EXERCISE_ROWS = (
    # Sets: clinical reference, section 6.3.
    ("rep_min_cdeg", 300, 150, 1000, "least excursion of the ankle in a repetition"),
    ("rep_up_pct", 60, 40, 80, "up is above this share of the person's own range, after three repetitions"),
    ("rep_down_pct", 30, 10, 50, "down is below this share of the way up"),
    ("rep_min_ms", 600, 300, 1000, "a shorter one is a twitch"),
    ("rep_max_ms", 10000, 5000, 60000, "a longer one is a rest"),
    ("hold_max_ms", 90000, 10000, 300000, "E: the same for holds"),
    ("rep_apart_ms", 400, 200, 1000, "from one repetition to the next"),
    ("rep_moment_dip_mnm", 200, 100, 1000, "very weak users: the muscle unloads the brace before anything moves"),
    ("rep_swing_cdeg", 1500, 500, 3000, "a shank that turns farther has lifted the leg"),
    ("rep_pressed_dapa", 200, 50, 2000, "E: a heel carries something from 2 kPa on"),
    ("rep_release_pct", 50, 20, 80, "E: of what it carried, when the heel has left the ground"),
    ("stand_load_pct", 140, 115, 180, "E: of what the heel carries on both feet; one leg carries twice as much"),
    ("stand_sway_ddps", 150, 50, 300, "RMS of the shank's rate beyond which nobody stands"),
    ("stand_min_ms", 1000, 500, 5000, "E: a shorter one is a step"),
    ("set_seen_pct", 80, 50, 100, "E: of a set, below which its count is not known"),
    ("set_pause_ms", 20000, 5000, 60000, "E: nothing for so long ends the set"),
    # Drag and stumble: clinical reference, section 3.4.
    ("drag_z", 5, 3, 8, "E: sigma above the person's clean swings, acceleration and moment"),
    ("drag_z_ankle", 4, 3, 8, "E: the same toward plantarflexion"),
    ("drag_moment_mnm", 400, 100, 2000, "E: and the ground pushes at least so much"),
    ("drag_dip_pct", 25, 10, 50, "E: dip of the shank's rate between two higher values"),
    ("scuff_ms", 20, 10, 50, "E: two kinds of evidence at once for so long"),
    ("drag_ms", 80, 50, 200, "E: from here on a drag, or from 15 % of swing"),
    ("trip_swing_pct", 20, 10, 50, "E: change of the swing's length that makes it a trip"),
)

POWER_ROWS = (
    ("still_s", 30, 5, 600, "E: active for so long after the last movement; a person who sits shifts once a minute"),
    ("wake_mg", 32, 8, 250, "E: jerk of the shank that wakes the brace; a slow walker's swing gives 40 and more"),
    ("nudge_cdeg", 300, 100, 1500, "E: a change of the ankle; two within nudge_s wake a quiet brace: a toe raise"),
    ("nudge_mg", 60, 30, 300, "E: the same for the lean of the shank, 3.4 degrees"),
    ("nudge_dapa", 200, 50, 2000, "E: the same for a pressure, 2 kPa"),
    ("nudge_s", 10, 3, 60, "E: one change alone is a shift in the chair"),
    ("settle_min", 2, 1, 10, "E: judged not worn for so many minutes at rest before the brace is stored"),
    ("radio_window_s", 30, 5, 300, "found by a scan of 10 s with two to spare"),
    ("radio_active_s", 120, 30, 3600, "from window to window while active: a quarter of the radio's current"),
    ("radio_quiet_s", 600, 60, 7200, "from window to window while quiet: 5 % of the radio's current"),
    ("radio_stored_s", 3600, 300, 43200, "the same while stored"),
    ("radio_fast_s", 30, 10, 300, "after a gesture somebody waits for the brace"),
    ("battery_low_mv", 3600, 3400, 3800, "E: some 10 % of a LiPo cell under this load"),
    ("battery_cutoff_mv", 3400, 3200, 3600, "E: a 3.3 V regulator's drop above 3.2 V; below it a bridge reads wrong"),
)

SYNC_ROWS = (
    ("trace_gait_events", 0, 0, 1, "1 keeps each initial contact and toe off as a record: for audits, costs flash"),
    ("advertise_ms", 1000, 100, 10000, "slow enough to cost little, found by a scan of 10 s"),
    ("fast_advertise_ms", 100, 20, 1000, "after a gesture or on the charger: somebody is waiting for the brace"),
)

ROWS = SAMPLING_ROWS + GAIT_ROWS + WEAR_ROWS + PRESSURE_ROWS + EXERCISE_ROWS + POWER_ROWS + SYNC_ROWS


def rows_digest():
    """CRC-32 of names, defaults and ranges: only a host with the same one may write a setting by its number."""
    text = "\n".join("%s %d %d %d" % row[:4] for row in ROWS)
    return binascii.crc32(text.encode()) & 0xFFFFFFFF


def row(number):
    """The row of that number; None behind the last."""
    return ROWS[number] if number < len(ROWS) else None


def values(settings):
    """Every setting, name -> integer."""
    return {ROWS[number][0]: settings.kept[number] for number in range(len(ROWS))}


def fill(made, changes):
    """Every row's value into `made`, with the digests of the rows and of the whole."""
    kept = array("i", [0] * len(ROWS))
    changes = dict(changes)
    version = changes.pop("version", VERSION)
    if type(version) is not int or not 1 <= version <= VERSION:
        raise ValueError("settings version: %r is not one this firmware reads (%d)" % (version, VERSION))
    for number in range(len(ROWS)):
        name, default, low, high, _ = ROWS[number]
        value = changes.pop(name, default)
        if type(value) is not int or not low <= value <= high:
            raise ValueError("setting %s: %r is not an integer from %d to %d" % (name, value, low, high))
        kept[number] = value
    for name in changes:
        raise ValueError("setting %s: there is none of that name" % name)
    made.kept = kept
    named(made)
    made.rows = rows_digest()
    made.digest = digest(made)


def named(made):
    """Every row as an attribute: on the desk, for the build leaves out the call."""
    for name, value in values(made).items():
        setattr(made, name, value)


def digest(settings):
    """CRC-32 of every setting, in the order of the rows: two braces with the same one work alike."""
    text = "\n".join("%s=%d" % (ROWS[number][0], settings.kept[number]) for number in range(len(ROWS)))
    return binascii.crc32(text.encode()) & 0xFFFFFFFF


def read(files, path):
    """What a file changes: name -> integer, {} where there is none. Raises ValueError for anything else."""
    try:
        with files.open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        if error.args[0] == ENOENT:
            return {}
        raise ValueError("%s: cannot be read (%s)" % (path, error.args[0])) from None
    try:
        text = text.decode().strip()
    except ValueError:  # CPython's and MicroPython's differ in their words
        raise ValueError("%s: no text" % path) from None
    if text[:1] != "{" or text[-1:] != "}":
        raise ValueError("%s: no JSON object" % path)
    changes = {}
    text = text[1:-1].strip()
    for one in text.split(",") if text else ():
        name, colon, value = (part.strip() for part in one.partition(":"))
        if len(name) < 3 or name[0] != '"' or name[-1] != '"' or not colon:
            raise ValueError('%s: %r is no "name": integer' % (path, one.strip()))
        name = name[1:-1]
        if not (value[1:] if value[:1] == "-" else value).isdigit():
            raise ValueError("setting %s: %s is not an integer" % (name, value))
        if name in changes:
            raise ValueError("setting %s: is there twice" % name)
        changes[name] = int(value)
    return changes


def write(files, path, settings):
    """One file, whole or as it was."""
    text = '{"version": %d' % VERSION
    for number in range(len(ROWS)):
        value = settings.kept[number]
        if value != ROWS[number][1]:
            text += ',\n "%s": %d' % (ROWS[number][0], value)
    with files.open(UNFINISHED, "wb") as file:
        file.write((text + "}\n").encode())
    files.rename(UNFINISHED, path)


def keep(files, before, settings):
    """From the next start on these. `before`, those until now, first become the previous ones: a cut in between leaves
    them in both files. Raises OSError."""
    write(files, PREVIOUS, before)
    write(files, IN_FORCE, settings)


def load(files):
    """(Settings, why): those in force, or what stands in for them, with its .trouble; why: None or a line."""
    try:
        return Settings(read(files, IN_FORCE)), None
    except ValueError as error:
        why = str(error)
    try:
        changes = read(files, PREVIOUS)
        if changes:
            made = Settings(changes)
            made.trouble = HEALTH_REASONS.index("previous")
            return made, why + "; the previous ones are in force"
    except ValueError:
        pass  # neither fits
    made = Settings()
    made.trouble = HEALTH_REASONS.index("corrupt")
    return made, why + "; the defaults are in force"
