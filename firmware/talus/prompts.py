# What tells the wearer something, as rows, and how often. A red pressure is always felt; what is silenced is recorded
# like what is felt. A brace without a clock has no days: the cap counts the last 24 hours since its start.

from talus.wire import kinds

PROMPT = kinds.BY_NAME["prompt"]
DAY_MIN = 1440
MINUTE_MS = 60000
RED = kinds.PROMPTS.index("pressure_red")

# (of kinds.PROMPTS, touches in ms: on, off, on ..., felt at most so often in 24 h, 0 always; why)
PROMPT_ROWS = (
    ("pressure_amber", (150, 200, 150), 4, "two short; E: one a day already asks for a fitting review (0.4.4)"),
    ("pressure_red", (600, 300, 600, 300, 600), 0, "three long, and again each hour: a foot may not feel it; no cap"),
    ("battery_low", (80,), 1, "one tick: an evening is left"),
    ("charging_worn", (1500,), 4, "one very long: take the cable out or the brace off"),
)
assert tuple(row[0] for row in PROMPT_ROWS) == kinds.PROMPTS


class Prompts:
    """felt(what, minute): whether this one may be felt; what: index into kinds.PROMPTS, minute: since the start."""

    def __init__(self):
        self._told = [[-DAY_MIN] * row[2] for row in PROMPT_ROWS]

    def felt(self, what, minute):
        told = self._told[what]
        if told:
            if minute - told[0] < DAY_MIN:
                return False
            told.pop(0)
            told.append(minute)
        return True

    def tell(self, app, tick, what, channel, wanted):
        """Tell the wearer by the panel, unless a cap or `wanted` keeps it from being felt; both are kept."""
        felt = wanted and app.panel.able and self.felt(what, app.now_ms() // MINUTE_MS)
        if felt:
            app.panel.prompt(what, tick)
        app.keep(PROMPT, 0, (what, channel, 0 if felt else 1))

    def again(self, app, tick, pressure):
        """A red that goes on is told anew."""
        if pressure.again:
            self.tell(app, tick, RED, pressure.again, True)
            pressure.again = 0
