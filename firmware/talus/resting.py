# What App does about the states of power.py: while active it watches for stillness, else it sleeps or naps between slow
# samples, so that a pass is never longer than half of what the watchdog waits. Light sleep only while the radio is off
# (on an ESP32 a sleep with BLE on loses the radio: micropython #6396), nobody holds the button and no cable is in: a
# sleep ends the USB that somebody may be speaking over, and a charger gives enough.

from talus.board import WATCHDOG_MS
from talus.events.wear import UNKNOWN as NOT_KNOWN
from talus.power import ACTIVE, SHIPPING, STATES, Power
from talus.quiet import Motion, Quiet
from talus.wire import kinds

SLICE_MS = WATCHDOG_MS // 2
NAP_MS = kinds.SAMPLE_MS  # while the radio is on it is looked after as often as when active
BUSY_NAP_MS = 1  # and while it sends a report nothing else waits for the processor
SECOND = 1000 // kinds.SAMPLE_MS
LOOKED_EACH = 10  # ticks: an ankle turns three degrees in less only when it walks
POWER = kinds.BY_NAME["power"]
WEAR = kinds.BY_NAME["wear"]


class Resting:
    """app: its owner; handle: the board's power; pins: "gate" feeds the encoder, "button" is to ground."""

    def __init__(self, app, clock, handle, pins, settings):
        self._app = app
        self._clock = clock
        self._handle = handle
        self._button = pins.get("button")
        self.power = Power(settings)
        self.quiet = Quiet(app.sampler, clock, pins.get("gate"))
        self.motion = Motion(settings)
        self._settings = settings
        self._moved = False
        self._each = LOOKED_EACH
        self._second = SECOND
        self.due = 0  # samples due since the start

    def retune(self, settings):
        self._settings = settings
        self.power.retune(settings)
        self.motion.retune(settings)

    def start(self):
        """Keep the state the brace starts in; a battery that is flat and not being charged ends it at once."""
        self._enter()
        self.power.gauge(self._app.sampler.battery_mv)
        self.power.gauge(self._app.sampler.battery_mv)
        self._judge(True, False, None)

    def wake(self):
        """Somebody begins to exercise, or to watch."""
        self._moved = True
        for _ in range(2):  # a stored brace becomes quiet first
            self._judge(True, False, None)

    # -- active -------------------------------------------------------------------------------------

    def watch(self, sample, busy):
        """Once a tick while active; busy: it walks, or exercises."""
        if self.quiet.warming:
            self.quiet.warm()
        if busy:
            self._moved = True
        self._each -= 1
        if not self._each:
            self._each = LOOKED_EACH
            if self.motion.look(sample):
                self._moved = True
        self._second -= 1
        if not self._second:
            self._second = SECOND
            moved = self._moved
            self._moved = False
            self._judge(moved, False, sample)

    # -- else ---------------------------------------------------------------------------------------

    def rest(self):
        """A pass between two slow samples, or one of them."""
        app, quiet = self._app, self.quiet
        if self.power.asked:
            self._judge(False, False, None)
        ticks = min(STATES[self.power.state][1] // kinds.SAMPLE_MS, app.minute_left)
        left_ms = quiet.left_ms(ticks)
        if left_ms <= 0:
            quiet.listen(True)
            self._look(ticks, quiet.woken())
        elif not self._may_sleep():
            busy = app.radio is not None and app.radio.busy
            self._clock.sleep_ms(min(left_ms, BUSY_NAP_MS if busy else NAP_MS))
        else:
            self._handle.sleep_ms(min(left_ms, SLICE_MS))
            if quiet.left_ms(ticks) <= 0:
                return
            woken = quiet.woken()
            if woken or self._plugged() != self.power.plugged:
                self._look(max(1, min(ticks, quiet.passed())), woken)
                if self.power.state != ACTIVE:
                    quiet.listen(False)  # once a tick is enough for a brace in a bag

    def _may_sleep(self):
        radio = self._app.radio
        held = self._button is not None and not self._button.value()
        wanted = held or self.power.plugged or self._app.panel.busy
        return STATES[self.power.state][6] and not wanted and (radio is None or radio.off)

    def _look(self, ticks, woken):
        sample = self.quiet.take(ticks)
        self.due += 1
        nudged = self.motion.look(sample)
        self._app.weigh(sample, ticks)
        self._judge(woken, nudged, sample)

    # -- from state to state --------------------------------------------------------------------------

    def _judge(self, woken, nudged, sample):
        app = self._app
        # Who exercises or is watched sits, and may press nowhere: that says no more of wear than no site would.
        touched = None if sample is None or app.now.wanted else app.touched(sample)
        if self.power.judge(app.now_ms(), woken, nudged, app.worn, touched, self._plugged()):
            self._change()

    def _plugged(self):
        return bool(self._handle.charging())

    def _change(self):
        state = self.power.state
        app = self._app
        if app.state == ACTIVE:
            app.pause()
        app.state = state
        if state == SHIPPING:
            self._ship()
            return
        self._enter()
        if state == ACTIVE:
            self._each, self._second = LOOKED_EACH, SECOND
            self.quiet.resume()
        else:
            self.quiet.rest(STATES[state][2], self._settings.wake_mg)

    def _enter(self):
        power = self.power
        self._handle.speed(STATES[power.state][5])
        self._app.keep(POWER, 0, (power.state, power.why, self._app.sampler.battery_mv, power.lasted_s))

    def _ship(self):
        """Off: from here on nobody knows whether the brace is worn, and everything known is in flash."""
        app = self._app
        app.keep(WEAR, 0, (NOT_KNOWN, 0, 0))
        self._enter()
        app.stop()
        app.sampler.stop()
        self._handle.off()

    def minute(self):
        """At the end of each minute: the battery."""
        self.power.gauge(self._app.sampler.battery_mv)
