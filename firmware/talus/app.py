# One pass of the loop: sample, decide, keep, serve. Sampling goes before flash, flash before radio.
# App joins the parts it is handed and holds no hardware: a brace and its twin run this same file.
# In its steady state a pass allocates nothing; what happens once a stride or a minute may.
# Neither a flash that refuses nor a value that fits no field stops it: a record is lost and counted, the brace goes on.

from talus import board
from talus.bonds import Bonds
from talus.checks import LOW_PCT, Checks
from talus.events.gait import STRIDE
from talus.events.minute import TICKS as MINUTE_TICKS
from talus.events.minute import Minute
from talus.events.pressure import Pressure
from talus.events.walking import VALID, Walking
from talus.events.wear import NOT_WORN, Wear
from talus.health import Health
from talus.journal import FULL_ERRNO, Journal
from talus.now import EXERCISE, Now
from talus.panel import Panel
from talus.parts import DEGRADED, FAILED, FINE, Part
from talus.power import ACTIVE
from talus.prompts import Prompts
from talus.radio import Radio
from talus.resting import Resting
from talus.sampling import Sampler
from talus.support import Support
from talus.wire import kinds
from talus.wire.errors import LocalError

MINUTE_MS = 60000
UNKNOWN = 255  # a battery in Info nobody has measured
HOUR_MINUTES = 60

UNFIT = kinds.LOSS_CAUSES.index("unfit")
FULL = kinds.HEALTH_REASONS.index("full")
CORRUPT = kinds.HEALTH_REASONS.index("corrupt")
PREVIOUS = kinds.HEALTH_REASONS.index("previous")
LOW = kinds.HEALTH_REASONS.index("low")
BATTERY = kinds.SENSORS.index("battery")

AMBER, _, BATTERY_LOW, CHARGING_WORN = range(len(kinds.PROMPTS))  # a tier less one is its prompt

BOOT = kinds.BY_NAME["boot"]
CLOCK = kinds.BY_NAME["clock"]
HEALTH = kinds.BY_NAME["health"]
MINUTE = kinds.BY_NAME["minute"]
DUE = MINUTE.index("due")
PRESSURE = kinds.BY_NAME["pressure"]
TIER, ENDED = PRESSURE.index("tier"), PRESSURE.index("ended")
SETTINGS = kinds.BY_NAME["settings"]
WEAR = kinds.BY_NAME["wear"]


class App:
    """The brace. `start()` once, then `step()` for ever; `stop()` before the power is taken on purpose.

    clock, buses, files, power: the board's handles; pins: dict of the panel's parts or {}; ble: the
    `bluetooth` module, or None on a board without a radio; settings and calibration: checked ones.
    It is also the `status` its radio reports.
    """

    def __init__(self, clock, buses, pins, files, ble, power, model, settings, calibration):
        self._power = power
        self._settings = self.settings = settings  # in force, and from the next minute on
        self.files = files
        self.forget = None  # main.py's: what only the start and a change of settings need leaves memory
        self._calibration = calibration
        self.state, self.slot = ACTIVE, None
        self.settings_digest, self.rows_digest = settings.digest, settings.rows
        self.side = calibration.side
        self.sampler = Sampler(clock, buses, model, calibration, settings)  # first: its clock counts from here
        self.journal = Journal(files, "/log", power.random, power.memory)
        self.boot = self.journal.boot
        self._flash = Part("flash", 0, True)
        parts = self.sampler.parts + (self._flash, Part("clock", 0, True), Part("battery", 0, True))
        self._tuned, fitted = Part("settings", 0, True), Part("calibration", 0, True)
        for part, made in ((self._tuned, settings), (fitted, calibration)):
            if made.trouble:
                part.say(DEGRADED if made.trouble == PREVIOUS else FAILED, made.trouble, 0)
        self.program = Part("program", 0, True)
        parts += (self._tuned, fitted, self.program)
        self._parts = len(parts)
        self.health = Health(parts)
        self.checks = Checks(parts)
        self.panel = Panel(pins)
        self._prompts = Prompts()
        self.support = Support(files, self.boot)
        self._ticks = self._minutes = self._slots = 0
        self._sampled = [0, 0, 0, 0, 0]  # taken, late, missed, resampled, due at the last minute's end
        self._make_events(settings, calibration)
        self._resting = Resting(self, clock, power, pins, settings)
        self.now = Now(self, self._resting.wake)
        self.radio = None
        if ble is not None:
            bonds = Bonds(files, "/bonds")
            fast_ms = settings.fast_advertise_ms
            self.radio = Radio(ble, self.journal, clock, self, bonds, settings.advertise_ms, model.model, fast_ms)

    def _make_events(self, settings, calibration):
        heel = None
        for channel, site in enumerate(calibration.sites):
            if site == kinds.SITES.index("heel") and heel is None:  # of two, the sampler asks the first each tick
                heel = kinds.PRESSURE_1 + channel
        place, stand = calibration.imu_place, calibration.stand_cdeg
        self.walking = Walking(self, settings, place, board.delays_ms(), heel, stand)
        fitted = calibration
        self._pressure = Pressure(settings, fitted.sites, fitted.fits, fitted.floors, fitted.warmths)
        self._minute = Minute(settings, self._pressure)
        self._wear = Wear(settings)

    # -- what the radio asks of its status ----------------------------------------------------------

    @property
    def battery(self):
        return UNKNOWN if self.sampler.battery_pct is None else self.sampler.battery_pct

    @property
    def fault(self):
        return self.health.worst

    @property
    def fault_reason(self):
        return self.health.reason

    def now_ms(self):
        """Milliseconds since boot."""
        return self.sampler.now_ms()

    def on_set_clock(self, brace_ms, utc_ms, uncertainty_ms):
        """The host tied a moment of this boot to UTC: from here on every record of it can be placed."""
        values = (utc_ms // 1000, utc_ms % 1000, min(uncertainty_ms, 65534), 0)
        self.keep_at(CLOCK, brace_ms, values)

    # -- life ---------------------------------------------------------------------------------------

    def start(self):
        """Wake every part, say what woke and with what settings, and go on the air."""
        from talus.starting import begin  # not needed again

        self.keep_at(BOOT, 0, begin(self, self._power))
        self._keep_settings(0)
        self._keep_health()
        self._resting.start()
        self._flush()
        if self.radio is not None:
            self.radio.poll(self.now_ms())

    def tune(self, settings):
        """A host has changed the settings; they are kept, and in force from the end of this minute on."""
        self.settings = settings

    def _retune(self):
        settings = self._settings = self.settings
        self.settings_digest = settings.digest
        for part in (self.walking, self._pressure, self._minute, self._wear, self.sampler, self._resting):
            part.retune(settings)
        self.now.retune(settings)
        self._tuned.say(FINE, 0, 0)
        if self.radio is not None:
            self.radio.intervals(settings.advertise_ms, settings.fast_advertise_ms)
        self._keep_settings(self.sampler.tick_ms())

    def step(self):
        """One pass of the present state: while active a tick of 10 ms, else a nap, a sleep or a slow sample."""
        if self.state == ACTIVE:
            self._resting.due += 1
            self.decide(self.sampler.take())
        else:
            self._resting.rest()
            self._ticks = self.now_ms() // kinds.SAMPLE_MS
        self.serve()

    def decide(self, sample):
        """What one sample means, and what of it is kept."""
        self._ticks += 1
        self.checks.update(sample)
        bits = self.walking.update(sample)
        if bits & STRIDE:
            self.checks.stride()
        if self._pressure.update(sample):
            self._keep_pressure()
        counted = self.now.take(self.sampler.tick_ms(), sample, bits)
        if counted is not None:
            self.keep(EXERCISE, 0, counted)
            self._flush()  # somebody waits for it
        if self._minute.update(sample, bits & VALID):
            self._end_minute()
        if self.health.changed:
            self._keep_health()
        self._resting.watch(sample, bits or self.now.wanted)

    def begin_set(self, exercise):
        """As Now's, with what is in force."""
        return self.now.begin_set(exercise, self._settings, self._calibration)

    # -- what its rest asks of it ---------------------------------------------------------------------

    @property
    def worn(self):
        return self._wear.state

    @property
    def minute_left(self):
        """Ticks until the end of the minute."""
        return self._minute.left

    def touched(self, sample):
        return self._wear.touched(sample)

    def pause(self):
        """The grid of 10 ms ends for now: nothing that goes from tick to tick goes across."""
        self.walking.rest()

    def weigh(self, sample, ticks):
        """What a sample means that stands for so many ticks."""
        self.checks.hide(sample)
        self.panel.charging = self._power.charging()
        for channel in range(kinds.PRESSURE_CHANNELS):
            if self._pressure.slow(sample, channel, ticks):
                self._keep_pressure()
        if self._minute.slow(sample, ticks):
            self._end_minute()
        for _ in range(self._parts):  # health looks at one at a time
            if self.health.changed:
                self._keep_health()
                break

    def serve(self):
        """The panel, the radio and the watchdog."""
        panel, radio = self.panel, self.radio
        panel.poll(self._ticks, radio is not None and radio.pairing_open)
        if panel.shipping_asked:
            self._resting.power.asked = True
        if radio is not None:
            now_ms = self.now_ms()
            if panel.pairing_asked:
                radio.open_pairing()
                self._resting.power.gesture(now_ms)
            if panel.forget_asked:
                radio.forget()
            if self.now.wanted:
                self._resting.power.gesture(now_ms)  # who began the set stays connected, and waits for what comes of it
            radio.pace(self._resting.power.pace(now_ms))
            radio.poll(now_ms)
        self._power.feed()

    def stop(self):
        """Keep what is in memory, if the flash still takes it."""
        self.walking.settle()
        try:
            self.journal.close()
        except OSError:
            pass
        self.support.stop(self.now_ms() // MINUTE_MS, self.sampler.battery_mv)

    # -- what is kept -------------------------------------------------------------------------------

    def at_ms(self, back_ms):
        """The time so long before this tick."""
        return max(0, self.sampler.tick_ms() - back_ms)

    def keep(self, kind, back_ms, values):
        self.keep_at(kind, self.at_ms(back_ms), values)

    def keep_at(self, kind, time_ms, values):
        self.walking.settle()
        try:
            self.journal.append(kind, time_ms, values)
        except LocalError:
            self.journal.lose(UNFIT)

    def _flush(self):
        """Into flash with what is in memory; health says when the flash refuses it, and when it takes it again."""
        try:
            self.journal.flush()
        except OSError:
            pass  # the journal holds what is in memory and counts what it drops
        refusal = self.journal.refusal
        if refusal is not None:
            self._flash.say(FAILED, FULL if refusal in FULL_ERRNO else CORRUPT, refusal)
        elif self._flash.state != FINE:
            self._flash.say(FINE, 0, 0)

    def _keep_pressure(self):
        """A pressure event may be wanted before the minute is over: it is flushed at once."""
        values = self._pressure.values
        self.keep(PRESSURE, 0, values)
        if not values[ENDED]:
            self._prompts.tell(self, self._ticks, AMBER + values[TIER] - 1, values[0], self._pressure.prompt)
        self._flush()

    def _keep_settings(self, time_ms):
        calibration = self._calibration
        in_force = (self._settings.digest, calibration.id, calibration.side, calibration.imu_place)
        self.keep_at(SETTINGS, time_ms, in_force + calibration.sites + calibration.floors + calibration.fits)

    def _keep_health(self):
        for values in self.health.take():
            self.keep(HEALTH, 0, values)
            self.support.part(self.now_ms() // MINUTE_MS, values)
            sensor, _, state, reason, _ = values
            if sensor == BATTERY:
                self.panel.low = reason == LOW
                if state != FINE:
                    what = BATTERY_LOW if reason == LOW else CHARGING_WORN
                    self._prompts.tell(self, self._ticks, what, 0, True)
        self.panel.fault = self.health.failed

    def _end_minute(self):
        self._resting.minute()
        self._prompts.again(self, self._ticks, self._pressure)
        if self._wear.minute(self._minute, self._pressure):
            self._keep_wear()
        values = self._minute_values()
        self.keep(MINUTE, MINUTE_TICKS * kinds.SAMPLE_MS, values)
        self.walking.minute(MINUTE_TICKS * kinds.SAMPLE_MS)
        if values[DUE] != MINUTE_TICKS:
            self.sampler.slots = self._slots  # the inertial unit's clock is judged over whole minutes of it
        self._slots = self.sampler.slots
        self.checks.minute(values, self._slots, self.sampler.tick_ns)
        self.panel.percent = self.sampler.battery_pct
        self.panel.charging = self._power.charging()
        battery_mv = self.sampler.battery_mv
        if battery_mv is not None:
            self.journal.note_battery(battery_mv)
        self.support.minute(self.now_ms() // MINUTE_MS, self.state, battery_mv, self.journal.lost)
        self._minutes += 1
        if self._minutes % HOUR_MINUTES == 0:
            self.walking.hour()
        if self.settings is not self._settings:
            self._retune()
        self._flush()
        self.journal.since_ms = self.sampler.tick_ms()  # the next minute and its strides share a frame

    def _keep_wear(self):
        wear = self._wear
        self.keep(WEAR, 0, (wear.state, wear.edge_back_s, wear.evidence))
        if wear.state == NOT_WORN:
            for channel in range(kinds.PRESSURE_CHANNELS):
                if self._pressure.doff(channel):
                    self.keep(PRESSURE, 0, self._pressure.values)

    def _minute_values(self):
        """The minute's own numbers with what only the whole brace knows."""
        sampler = self.sampler
        now = (sampler.taken, sampler.late, sampler.missed, sampler.resampled, self._resting.due)
        taken, late, missed, resampled, due = (now[i] - self._sampled[i] for i in range(5))
        self._sampled[:] = now
        power = None
        charging = self._power.charging()
        if charging is not None:
            low = sampler.battery_pct is not None and sampler.battery_pct <= LOW_PCT
            power = (kinds.POWER_CHARGING if charging else 0) | (kinds.POWER_LOW if low else 0)
        known = {
            MINUTE.index("worn"): self._wear.state,
            MINUTE.index("evidence"): self._wear.evidence,
            MINUTE.index("samples"): min(taken, 65534),
            MINUTE.index("late"): min(late, 254),
            MINUTE.index("missed"): min(missed, 65534),
            MINUTE.index("resampled"): min(resampled, 65534),
            MINUTE.index("battery"): sampler.battery_pct,
            MINUTE.index("power"): power,
            MINUTE.index("state"): self.state,
            DUE: due,
        }
        values = self._minute.values
        for place in known:
            values[place] = known[place]
        return values
