# Button, light and haptic driver: one press opens the pairing window, ten seconds forget every host.
# A part that is not fitted is None and stays silent. Called once a tick; the button is debounced in ticks.

DEBOUNCE_TICKS = 3
FORGET_TICKS = 1000
BLINK_TICKS = 25  # pairing: two blinks a second
PULSE_TICKS = 30


class Panel:
    """pins: dict of "button" (value() 0 pressed), "led" and "haptic" (value(1) on); missing ones are not fitted."""

    def __init__(self, pins):
        self._button = pins.get("button")
        self._led = pins.get("led")
        self._haptic = pins.get("haptic")
        self._held = 0
        self._pulse_until = 0
        self.pairing_asked = False
        self.forget_asked = False

    def poll(self, tick, pairing_open):
        """Look at the button and drive the light; the two `asked` are true for this tick only."""
        self.pairing_asked = self.forget_asked = False
        if self._button is not None:
            self._look()
        if self._led is not None:
            self._led.value(1 if pairing_open and tick // BLINK_TICKS & 1 else 0)
        if self._haptic is not None and self._pulse_until and tick >= self._pulse_until:
            self._haptic.value(0)
            self._pulse_until = 0

    def _look(self):
        if self._button.value() == 0:
            self._held += 1
            self.forget_asked = self._held == FORGET_TICKS
        else:
            self.pairing_asked = DEBOUNCE_TICKS <= self._held < FORGET_TICKS
            self._held = 0

    def pulse(self, tick):
        """One touch of the haptic driver: a skin that does not feel the strap feels this."""
        if self._haptic is not None:
            self._haptic.value(1)
            self._pulse_until = tick + PULSE_TICKS
