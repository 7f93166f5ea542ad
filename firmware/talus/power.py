# When to be awake: the states of the brace as rows, and what moves it from one to another as rows. It decides and holds
# no hardware: App does what the row of the present state says. A state is left for the first row of TRANSITIONS whose
# cause is true; nothing else leaves it. What a cause means is said where App finds it out.

from talus.events.wear import LEG
from talus.radio import FAST, OFF, SLOW
from talus.wire import kinds

WINDOWS = -1  # radio: off, and SLOW for `radio_window_s` every so often; a host that asks is not sent away

# What is asked of the chips. FULL: all of them, 100 Hz. LOOK: one reading of pressure, liner, reference, encoder and
# accelerometer a tick, gyro and bridge off, the IMU's wake-up interrupt on. GUARD: as LOOK without the encoder.
NOTHING, GUARD, LOOK, FULL = range(4)

# (state of kinds.POWER_STATES, tick in ms, chips, radio, seconds between radio windows: a setting, CPU in MHz,
#  light sleep between ticks, when)
STATES = (
    ("active", 10, FULL, WINDOWS, "radio_active_s", 160, False, "worn or not known, and moving"),
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

NOT_ON = kinds.WORN.index("not_worn")
ON = kinds.WORN.index("worn")
ROWS = tuple(
    (
        None if state == "" else kinds.POWER_STATES.index(state),
        kinds.POWER_CAUSES.index(cause),
        kinds.POWER_STATES.index(following),
    )
    for state, cause, following in TRANSITIONS
)
FLAT_LOOKS = 2  # one reading under load is no flat battery


class Power:
    """The present state and why. judge() once a second while active, once a look else; True when it has changed.

    state: index into STATES; why: into kinds.POWER_CAUSES; lasted_s: the state that ended; plugged: on the charger when
    last judged. asked: somebody wants the brace off.
    """

    def __init__(self, settings):
        self.retune(settings)
        self.state = ACTIVE
        self.why = START
        self.lasted_s = 0
        self.asked = False
        self._since_ms = self._moved_ms = self._touched_ms = self._window_ms = 0
        self._nudged_ms = -settings.nudge_s * 1000
        self._fast_until_ms = 0
        self.plugged = False
        self._flat = 0

    def retune(self, settings):
        self._settings = settings

    # -- states ---------------------------------------------------------------------------------------

    def judge(self, now_ms, woken, nudged, worn, touched, plugged):
        """woken: something moved for certain; nudged: a channel changed; worn: as wear has it; touched: how the sites
        press, LEG as a leg does, 0 nowhere, None without any; plugged: on the charger."""
        settings = self._settings
        if nudged:
            woken = woken or self.state == ACTIVE or now_ms - self._nudged_ms <= settings.nudge_s * 1000
            self._nudged_ms = now_ms
        if woken:
            self._moved_ms = now_ms
        if plugged and not self.plugged:
            self.gesture(now_ms)
        self.plugged = plugged
        off_leg = worn == NOT_ON and touched != LEG
        still = now_ms - self._moved_ms >= settings.still_s * 1000
        settle_ms = settings.settle_min * 60000
        settled = still and now_ms - self._since_ms >= settle_ms
        if touched:
            self._touched_ms = now_ms
        causes = 1 << (
            PLUGGED if plugged and still and worn != ON and touched != LEG else UNPLUGGED if not plugged else START
        )
        if woken and (self.state == STORED or worn != NOT_ON or touched != 0):
            causes |= 1 << MOTION
        if still:
            causes |= 1 << STILL
        if touched == LEG or (worn == ON and touched is None):
            causes |= 1 << WORN
        # A loose strap presses at some site at each step: its strides have to be counted to be believed.
        loose = self.state == ACTIVE and touched is not None and now_ms - self._touched_ms >= settle_ms
        if off_leg and (settled or loose):
            causes |= 1 << NOT_WORN
        if self._flat >= FLAT_LOOKS and not plugged:
            causes |= 1 << FLAT
        if self.asked:
            causes |= 1 << ASKED
        return self._follow(causes, now_ms)

    def _follow(self, causes, now_ms):
        for state, cause, following in ROWS:
            if (state is None or state == self.state) and causes >> cause & 1:
                self.lasted_s = (now_ms - self._since_ms) // 1000
                self._since_ms = now_ms
                self.state = following
                self.why = cause
                return True
        return False

    def gauge(self, millivolts):
        """A reading of the battery: under the cut-off again and again it is flat."""
        low = millivolts is not None and millivolts <= self._settings.battery_cutoff_mv
        self._flat = self._flat + 1 if low else 0

    # -- the radio --------------------------------------------------------------------------------------

    def gesture(self, now_ms):
        """Somebody pressed the button or put the brace on the charger: the radio is loud for a while."""
        self._fast_until_ms = now_ms + self._settings.radio_fast_s * 1000

    def pace(self, now_ms):
        """How loud the radio is now; who moves for less than it takes to be still again leaves it off."""
        if now_ms < self._fast_until_ms:
            return FAST
        row = STATES[self.state]
        if row[3] != WINDOWS:
            self._window_ms = now_ms
            return row[3]
        every = row[4]
        if self.why == MOTION and now_ms - self._since_ms < self._settings.still_s * 2000:
            every = "radio_quiet_s"
        if now_ms - self._window_ms >= self._every_s(every) * 1000:
            self._window_ms = now_ms
        return SLOW if now_ms - self._window_ms < self._settings.radio_window_s * 1000 else OFF

    def _every_s(self, name):
        settings = self._settings
        if name == "radio_quiet_s":
            return settings.radio_quiet_s
        return settings.radio_active_s if name == "radio_active_s" else settings.radio_stored_s
