# What a host asks of a brace right now: a set of an exercise counted, samples as they are taken. While either goes on,
# the brace stays awake and its radio loud, and it logs as ever. Neither takes memory while nobody asks.

from talus.power import ACTIVE
from talus.wire import gatt, kinds

EXERCISE = kinds.BY_NAME["exercise"]


class Now:
    """One of each at a time; `take` once a tick. wake: called to have the brace awake."""

    def __init__(self, app, wake):
        self._app = app
        self._wake = wake
        self._exercise = None  # until a set begins
        self.live = None  # while somebody watches

    @property
    def wanted(self):
        """A set is under way, or somebody watches."""
        return self._exercise is not None or self.live is not None

    def begin_set(self, exercise, settings, calibration):
        """Count repetitions of an index into EXERCISES; one of gatt's RESULTS. A set under way is given up."""
        from talus.exercising import begin

        result, made = begin(exercise, settings, calibration, self._app.sampler.parts)
        if made is None:
            return result
        if not self._awake():
            return gatt.NOT_COMPLETED
        self._exercise = made
        return result

    def end_set(self):
        """The set is over; it becomes a record with the next sample. One of gatt's RESULTS."""
        if self._exercise is None:
            return gatt.NO_SET
        self._exercise.stop()
        return gatt.SUCCESS

    def watch(self, room):
        """Samples from now on, for notifications of `room` bytes; 0: no more. One of gatt's RESULTS."""
        self.live = None
        if not room:
            return gatt.SUCCESS
        from talus.live import Live

        if not Live.fits(room) or not self._awake():
            return gatt.NOT_COMPLETED
        self.live = Live(room)
        return gatt.SUCCESS

    def _awake(self):
        self._wake()
        return self._app.state == ACTIVE

    def retune(self, settings):
        if self._exercise is not None:
            self._exercise.retune(settings)

    def take(self, time_ms, sample, bits):
        """One sample, and what gait said of it; the values of a set that has ended, or None."""
        if self.live is not None:
            self.live.take(time_ms, sample)
        exercise = self._exercise
        if exercise is None or not exercise.update(sample, bits):
            return None
        self._exercise = None
        return exercise.values
