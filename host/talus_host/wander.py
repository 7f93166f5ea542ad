"""How far a brace's clock may stray from its own mean rate, and when: awake a crystal, asleep a corrected oscillator.

A state's looseness is how far apart two of its rates can be, in ppm: so a stretch of time that was awake from end to
end is known far better than one with sleep in it, and one of which nothing is known counts as asleep.
"""

from dataclasses import dataclass

import numpy as np

CRYSTAL_PPM = 120.0  # how wrong a crystal can be at all [D: +-10 to +-50 sold; E: 100 soldered and aged, and warmth]
# Between any two moments awake. A 32 kHz tuning fork bends by -0.034 ppm per degC squared: 13.6 ppm over 20 degC from
# its turnover; an AT-cut crystal stays within it [D, makers' data sheets].
WANDER_PPM = 15.0
# Asleep the port counts an RC oscillator (1 % and more) and corrects it at waking by its last calibration; what that
# leaves is +-500 ppm [E].
SLEEP_PPM = 1000.0


@dataclass(frozen=True)
class Rests:
    """From when on, in ms since boot, the brace may have slept or not. Before the first moment nothing is known."""

    at_ms: np.ndarray  # int64, rising
    asleep: np.ndarray  # bool, from that moment on

    @staticmethod
    def unknown() -> "Rests":
        return Rests(np.array([], dtype=np.int64), np.array([], dtype=bool))

    @staticmethod
    def told(at_ms: np.ndarray, asleep: np.ndarray) -> "Rests":
        """Of changes of state in order of time, those that change this; of several at one moment the last holds."""
        at, asleep = np.asarray(at_ms, dtype=np.int64), np.asarray(asleep, dtype=bool)
        last = np.append(np.diff(at) > 0, True)[: len(at)]
        at, asleep = at[last], asleep[last]
        new = np.append(True, asleep[1:] != asleep[:-1])[: len(at)]
        return Rests(at[new], asleep[new])

    def asleep_ms(self, at_ms: np.ndarray) -> np.ndarray:
        """How long the brace may have slept up to each moment; differences of it mean something, itself it does not."""
        at = np.asarray(at_ms, dtype=np.float64)
        if not len(self.at_ms):
            return at
        slept = np.concatenate(([0.0], np.cumsum(np.diff(self.at_ms) * self.asleep[:-1])))
        index = np.searchsorted(self.at_ms, at, side="right") - 1
        inside = np.clip(index, 0, None)
        running = np.where(index < 0, True, self.asleep[inside])
        return slept[inside] + running * (at - self.at_ms[inside])

    def loose_ms(self, at_ms: np.ndarray) -> np.ndarray:
        """The looseness summed up to each moment: differences of it are how far a clock can have strayed."""
        at = np.asarray(at_ms, dtype=np.float64)
        return (WANDER_PPM * at + (SLEEP_PPM - WANDER_PPM) * self.asleep_ms(at)) * 1e-6
