# One pass of the loop: sample, decide, keep, serve. Sampling goes before flash, flash before radio.
# App joins the parts it is handed and holds no hardware: a brace and its twin run this same file.
# In its steady state a pass allocates nothing; what happens once a stride or a minute may.

from talus import VERSION
from talus.bonds import Bonds
from talus.events.curve import Curve
from talus.events.exercise import Exercise
from talus.events.gait import INITIAL_CONTACT, MID_SWING, STRIDE, TOE_OFF, Gait
from talus.events.minute import Minute
from talus.events.pressure import Pressure
from talus.events.stumble import Stumble
from talus.events.wear import Wear
from talus.health import Health
from talus.journal import Journal
from talus.panel import Panel
from talus.radio import Radio
from talus.sampling import Sampler
from talus.wire import kinds

UNKNOWN_BYTE = 255
MINUTE_TICKS = 6000
HOUR_MINUTES = 60
PHASES = ((INITIAL_CONTACT, 0), (TOE_OFF, 1), (MID_SWING, 2))


def kind(name):
    return kinds.BY_NAME[name]


class App:
    """The brace. `start()` once, then `step()` for ever; `stop()` before the power is taken on purpose.

    clock, buses, files, power: the board's handles; pins: dict of the panel's parts or {}; ble: the
    `bluetooth` module, or None on a board without a radio; board: a row of talus.board; settings and
    calibration: checked ones. It is also the `status` its radio reports.
    """

    def __init__(self, clock, buses, pins, files, ble, power, board, settings, calibration):
        self._clock = clock
        self._power = power
        self._settings = settings
        self._calibration = calibration
        self.journal = Journal(files, "/log", power.random)
        self.sampler = Sampler(clock, buses, board, calibration, settings)
        self.health = Health(self.sampler)
        self.panel = Panel(pins)
        self.radio = None
        if ble is not None:
            bonds = Bonds(files, "/bonds")
            self.radio = Radio(ble, self.journal, clock, self, bonds, settings.advertise_ms, board.model)
        self._make_events(settings, calibration, board)
        self.side = calibration.side
        self.boot = self.journal.boot
        self._ticks = 0
        self._minutes = 0

    def _make_events(self, settings, calibration, board):
        heel = None
        for channel, site in enumerate(calibration.sites):
            if site == kinds.SITES.index("heel"):
                heel = kinds.PRESSURE_1 + channel
        self._gait = Gait(settings, calibration.imu_place, board.delays_ms, heel)
        self._curve = Curve(settings)
        self._minute = Minute(settings)
        self._wear = Wear(settings)
        self._pressure = Pressure(settings, calibration.sites)
        self._stumble = Stumble(settings)
        self._exercise = Exercise(settings)

    # -- what the radio asks of its status --------------------------------------------------------

    @property
    def battery(self):
        percent = self.sampler.battery_pct
        return UNKNOWN_BYTE if percent is None else percent

    @property
    def fault(self):
        return self.health.worst

    def now_ms(self):
        """Milliseconds since boot."""
        return self.sampler.now_ms()

    def on_set_clock(self, brace_ms, utc_ms, uncertainty_ms):
        """The host tied a moment of this boot to UTC: from here on every record of it can be placed."""
        values = (utc_ms // 1000, utc_ms % 1000, min(uncertainty_ms, 65534), 0)
        self.journal.append(kind("clock"), brace_ms, values)

    # -- life -------------------------------------------------------------------------------------

    def start(self):
        """Wake every part, say what woke and with what settings, and go on the air."""
        self.sampler.start()
        battery_mv = self.sampler.battery_mv
        boot = (self._power.reset_cause(),) + VERSION + (kinds.digest(), battery_mv, 0)
        self.journal.append(kind("boot"), 0, boot)
        calibration = self._calibration
        in_force = (self._settings.digest(), calibration.id, calibration.side, calibration.imu_place)
        self.journal.append(kind("settings"), 0, in_force + tuple(calibration.sites))
        self._keep_health()
        self.journal.flush()
        if self.radio is not None:
            self.radio.start()

    def step(self):
        """One tick of 10 ms: returns when the sample of the tick has been dealt with."""
        sample = self.sampler.take()
        self._ticks += 1
        bits = self._gait.update(sample)
        if bits:
            self._keep_gait(bits)
        if self._pressure.update(sample):
            self._keep_pressure()
        if self._stumble.update(sample, bits):
            self._keep(kind("stumble"), self._stumble.back_ms, self._stumble.values)
        if self._exercise.update(sample, bits):
            self._keep(kind("exercise"), 0, self._exercise.values)
        if self._minute.update(sample, bits & STRIDE):
            self._end_minute()
        if self.health.changed:
            self._keep_health()
        self.panel.poll(self._ticks)
        if self.radio is not None:
            if self.panel.pairing_asked:
                self.radio.open_pairing()
            self.radio.poll(self.now_ms())
        self._power.feed()

    def stop(self):
        """Keep what is in memory."""
        self.journal.close()

    # -- what is kept -----------------------------------------------------------------------------

    def _keep(self, which, back_ms, values):
        self.journal.append(which, max(0, self.sampler.tick_ms() - back_ms), values)

    def _keep_gait(self, bits):
        gait = self._gait
        if self._settings.trace_gait_events:
            backs = (gait.contact_back_ms, gait.toe_off_back_ms, gait.mid_swing_back_ms)
            for bit, phase in PHASES:
                if bits & bit:
                    self._keep(kind("phase"), backs[phase], (phase, int(gait.low_confidence)))
        if bits & STRIDE:
            self._keep(kind("stride"), gait.stride_back_ms, gait.stride)
            self._curve.add(gait)

    def _keep_pressure(self):
        """A pressure event may have to be seen before the minute is over: it is flushed at once."""
        while self._pressure.take():
            self._keep(kind("pressure"), 0, self._pressure.values)
        self.journal.flush()

    def _keep_health(self):
        for values in self.health.take():
            self._keep(kind("health"), 0, values)

    def _end_minute(self):
        sampler = self.sampler
        edge = self._wear.minute(self._minute, sampler)
        values = self._minute.record(self._wear.state, self._wear.evidence, sampler, self._power.charging())
        self._keep(kind("minute"), 60000, values)
        if edge:
            self._keep(kind("wear"), 0, self._wear.values)
        self._minutes += 1
        if self._minutes % HOUR_MINUTES == 0:
            curve = self._curve.take()
            if curve is not None:
                self._keep(kind("curve"), 0, curve)
        self.journal.flush()
