# Button, light and haptic driver. A part that is not fitted is None and stays silent. poll() is called once in 10 ms:
# always while `busy`, else as often as there is time. In normal wear the light is dark; a fault or a low battery is a
# flash in ten seconds (1 % of the time).
#   a press            shows the charge (1 to 4 flashes for each quarter) and opens the pairing window, fast on the air
#   held for 10 s      forgets every host
#   4 presses, then held for 3 s: shipping, off until charged: nobody does that by leaning on it, one hand can

from talus.prompts import PROMPT_ROWS

TICK_MS = 10
DEBOUNCE_TICKS = 3
PRESS_TICKS = 100  # a longer one is no short press
APART_TICKS = 150  # presses of one gesture follow within it
FORGET_TICKS = 1000
SHIP_PRESSES = 4
SHIP_TICKS = 300
SHOWN_TICKS = 300  # the charge, after a press
PROMPT_TICKS = 1000
BETWEEN_TICKS = 100  # two prompts at once are felt one after the other

# The first whose time it is has the light: (what, flashes, ticks on, ticks off, ticks before it repeats, means)
LIGHTS = (
    ("charge", 0, 20, 30, 300, "after a press: a flash for each quarter of the charge"),
    ("pairing", 1, 25, 25, 50, "the pairing window is open"),
    ("prompt", 3, 10, 10, 100, "with a touch, for ten seconds: sit down, loosen it, look at the skin or the cable"),
    ("fault", 2, 3, 17, 1000, "a part has failed: the host says which"),
    ("charged", 1, 100, 0, 100, "on the charger and full"),
    ("charging", 1, 100, 100, 200, "on the charger"),
    ("battery_low", 1, 3, 17, 1000, "15 % or less is left"),
)
CHARGE, PAIRING, PROMPT, FAULT, CHARGED, CHARGING, LOW = range(len(LIGHTS))
DARK = -1
FULL_PCT = 98


class Panel:
    """pins: dict of "button" (value() 0 pressed), "led" and "haptic" (value(1) on); missing ones are not fitted.

    Told from outside: .percent (None unknown), .charging (None unknown), .fault, .low. The four `asked` are true for
    one poll only.
    """

    def __init__(self, pins):
        self._button = pins.get("button")
        self._led = pins.get("led")
        self._haptic = pins.get("haptic")
        self.able = self._haptic is not None or self._led is not None
        self._held = self._presses = self._idle = 0
        self._void = False
        self._touches = ()
        self._waiting = ()
        self._at = 0
        self._until = 0
        self._shown_until = self._prompt_until = 0
        self._lit = self._tick = 0
        self.percent = self.charging = None
        self.fault = self.low = False
        self.pairing_asked = self.fast_asked = self.forget_asked = self.shipping_asked = False

    @property
    def busy(self):
        """Somebody presses, something is being told or the light is on: the next poll is due in 10 ms."""
        return bool(
            self._held
            or self._presses
            or self._touches
            or self._shown_until
            or self._lit
            or self._tick < self._prompt_until
        )

    def poll(self, tick, pairing_open):
        """Look at the button, drive light and touch."""
        self._tick = tick
        self.pairing_asked = self.fast_asked = self.forget_asked = self.shipping_asked = False
        if self._button is not None:
            self._look(tick)
        if self._touches and tick >= self._until:
            self._touch(tick)
        if self._led is not None:
            self._light(tick, pairing_open)

    def prompt(self, what, tick):
        """Tell the wearer, by touch and by light; what: index into kinds.PROMPTS. One after another, not one over."""
        if self._led is not None:
            self._prompt_until = tick + PROMPT_TICKS
        if self._haptic is None:
            return
        touches = PROMPT_ROWS[what][1]
        if self._touches:
            if len(touches) > len(self._waiting):  # of two that wait the stronger stays
                self._waiting = touches
            return
        self._touches = touches
        self._at = 0
        self._until = tick

    def _touch(self, tick):
        """On to the next touch or pause."""
        if self._at == len(self._touches):
            self._touches = self._waiting
            self._waiting = ()
            self._at = 0
            self._until = tick + BETWEEN_TICKS
            on = 0
        else:
            on = 1 - self._at % 2
            self._until = tick + self._touches[self._at] // TICK_MS
            self._at += 1
        self._haptic.value(on)

    def _look(self, tick):
        if self._button.value() == 0:
            self._held += 1
            if self._held == SHIP_TICKS and self._presses >= SHIP_PRESSES:
                self.shipping_asked = self._void = True
            elif self._held == FORGET_TICKS and not self._void:
                self.forget_asked = True
            return
        held = self._held
        if not held:
            if self._presses:
                self._idle += 1
                if self._idle > APART_TICKS:
                    self._presses = 0
            return
        self._held = self._idle = 0
        if DEBOUNCE_TICKS <= held < FORGET_TICKS and not self._void:
            self.pairing_asked = self.fast_asked = True
            if self._led is not None:
                self._shown_until = tick + SHOWN_TICKS
            self._presses = self._presses + 1 if held <= PRESS_TICKS else 0
        elif held >= DEBOUNCE_TICKS:
            self._presses = 0
        self._void = False

    def _light(self, tick, pairing_open):
        if self._shown_until and tick >= self._shown_until:
            self._shown_until = 0
        which = self._which(tick, pairing_open)
        lit = 0 if which == DARK else self._flashes(which, tick)
        if lit != self._lit:
            self._lit = lit
            self._led.value(lit)

    def _flashes(self, which, tick):
        """1 when it is lit at this tick."""
        _, flashes, on, off, period, _ = LIGHTS[which]
        at = tick % period
        if which == CHARGE:
            at = tick - self._shown_until + SHOWN_TICKS
            flashes = min(1 + self.percent // 25, 4)
        return 1 if at < flashes * (on + off) and at % (on + off) < on else 0

    def _which(self, tick, pairing_open):
        if self._shown_until and self.percent is not None:
            return CHARGE
        if pairing_open:
            return PAIRING
        if tick < self._prompt_until:
            return PROMPT
        if self.fault:
            return FAULT
        if self.charging:
            return CHARGED if self.percent is not None and self.percent >= FULL_PCT else CHARGING
        return LOW if self.low else DARK
