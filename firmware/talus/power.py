# When to be awake: the states of the brace as rows, and what moves it from one to another as rows. It decides and holds
# no hardware: App does what the row of the present state says. A state is left for the first row of TRANSITIONS whose
# cause is true; nothing else leaves it. What a cause means is said where App finds it out.

from talus.radio import FAST, OFF, SLOW
from talus.wire import kinds

WINDOWS = -1  # radio: off, and SLOW for `radio_window_s` every so often; a host that is connected is not sent away

# What is asked of the chips. FULL: all of them, 100 Hz. LOOK: one reading of pressure, liner, reference, encoder and
# accelerometer a tick, gyro and bridge off, the IMU's wake-up interrupt on. GUARD: as LOOK without the encoder.
NOTHING, GUARD, LOOK, FULL = range(4)

# (state of kinds.POWER_STATES, tick in ms, chips, radio, seconds between radio windows: a setting, CPU in MHz,
#  light sleep between ticks, when)
STATES = (
    ("active", 10, FULL, SLOW, "", 160, False, "worn or not known, and moving"),
    ("quiet", 1000, LOOK, WINDOWS, "radio_quiet_s", 80, True, "worn or not known, and still: gait pauses"),
    ("stored", 60000, GUARD, WINDOWS, "radio_stored_s", 80, True, "not worn: only the IMU's interrupt watches"),
    ("charging", 1000, LOOK, FAST, "", 80, False, "on the charger and not worn"),
    ("shipping", 0, NOTHING, OFF, "", 80, True, "off until the charger or the button starts it again"),
)

# (state, cause of kinds.POWER_CAUSES, next state); "" is every state. The first that is true is taken.
TRANSITIONS = (
    ("", "asked", "shipping"),
    ("", "flat", "shipping"),
    ("active", "plugged", "charging"),
    ("active", "not_worn", "quiet"),
    ("active", "still", "quiet"),
    ("quiet", "motion", "active"),
    ("quiet", "plugged", "charging"),
    ("quiet", "not_worn", "stored"),
    ("stored", "motion", "quiet"),
    ("stored", "worn", "quiet"),
    ("stored", "plugged", "charging"),
    ("charging", "unplugged", "quiet"),
    ("charging", "worn", "quiet"),
)
ACTIVE, QUIET, STORED, CHARGING, SHIPPING = range(len(STATES))
START, MOTION, STILL, WORN, NOT_WORN, PLUGGED, UNPLUGGED, FLAT, ASKED = range(len(kinds.POWER_CAUSES))
