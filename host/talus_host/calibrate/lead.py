"""Leads one person through the steps at a bench. Every reading is kept as soon as it is taken, so breaking off loses
nothing; a step can be repeated or skipped, and a refused one says why and is never written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from talus_host.calibrate.fit import Fit
from talus_host.calibrate.made import Brace, fits
from talus_host.calibrate.plan import MINUTES, SKIN, Kit, Situation, situations
from talus_host.calibrate.readings import Readings, rows_of
from talus_host.errors import BraceError, InputError

READ, AGAIN, BACK, SKIP = "", "r", "b", "s"


class Person(Protocol):
    """Whoever stands at the bench."""

    def ask(self, words: str, answers: Sequence[str]) -> str:
        """One of the answers."""

    def say(self, words: str) -> None: ...

    def show(self, fit: Fit) -> None: ...


@dataclass
class Led:
    """read(situation) gives a row; save() keeps the readings; longer: steps to do in their longer form.

    firm: nobody is there to try again, so a refusal ends it.
    """

    person: Person
    brace: Brace
    kit: Kit
    readings: Readings
    read: Callable[[Situation], Any]
    save: Callable[[], None]
    longer: frozenset[str] = frozenset()
    firm: bool = False

    def step(self, step: str) -> list[Fit]:
        """The accepted fits of a step; [] when it was skipped. Raises InputError where nobody can try again."""
        if step not in self.readings.done:
            self.person.say(f"{step}: about {MINUTES[step]} min. Enter reads, b goes back one, s skips the step.")
        asks = step == "fit" and step not in self.readings.done and not self.firm
        if asks and self.person.ask(SKIN, ("n", "y")) != "y":
            self.person.say("fit refused: no reference is taken from a brace that marks the skin")
            return []
        plan = situations(step, self.kit, step in self.longer)
        while True:
            if step not in self.readings.done and not self._readings(step, plan):
                self._forget(step)
                self.save()
                return []
            found = fits(step, self.readings, self.brace)
            for one in found:
                self.person.show(one)
            bad = [one for one in found if not one.accepted]
            if not bad:
                if step not in self.readings.done:
                    self.readings.done.append(step)
                    self.save()
                return found
            why = "; ".join(f"{one.step} refused: {one.why}" for one in bad)
            if self.firm:
                raise InputError(why)
            if step in self.readings.done:
                self.readings.done.remove(step)
            answer = self.person.ask(f"{why}\nr repeats the step, b the last reading, s skips it", (AGAIN, BACK, SKIP))
            self._answer(step, answer)
            self.save()
            if answer == SKIP:
                return []

    def _answer(self, step: str, answer: str) -> None:
        if answer == BACK:
            self._back(step)
        else:
            self._forget(step)

    def _readings(self, step: str, plan: list[Situation]) -> bool:
        """Every reading of a step that is not there yet; False when it was skipped."""
        while (taken := sum(len(rows) for rows in rows_of(self.readings, step))) < len(plan):
            situation = plan[taken]
            answer = self.person.ask(f"  {taken + 1} of {len(plan)}: {situation.words}", (READ, BACK, SKIP))
            if answer == SKIP:
                return False
            if answer == BACK:
                self._back(step)
                continue
            try:
                row = self.read(situation)
            except BraceError as error:
                if self.firm:
                    raise
                self.person.say(f"  {error}; try again")
                continue
            _list_of(self.readings, step, situation).append(row)
            self.save()
            self.person.say(f"  read {_said(row)}")
        return True

    def _back(self, step: str) -> None:
        """The last reading is taken anew."""
        lists = [rows for rows in rows_of(self.readings, step) if rows]
        if lists:
            lists[-1].pop()

    def _forget(self, step: str) -> None:
        for rows in rows_of(self.readings, step):
            rows.clear()


def _list_of(readings: Readings, step: str, situation: Situation) -> list[Any]:
    if step == "imu":
        return readings.turning if situation.reads in ("strides", "lifted") else readings.still  # type: ignore[return-value]
    return getattr(readings, step)


def _said(row: Any) -> str:
    """The one number a person can judge."""
    for name, words in (("sd_counts", "counts, spread {:.1f}"), ("gyro_sd", "a rest, spread {:.1f} counts")):
        if hasattr(row, name):
            front = f"{row.counts:.0f} " if hasattr(row, "counts") else ""
            return front + words.format(getattr(row, name))
    if hasattr(row, "moments"):
        return f"{row.moments[1]:.0f} swings"
    if hasattr(row, "channels"):
        return "counts " + ", ".join(f"{value:.0f}" for value in row.channels)
    degc = getattr(row, "degc", None)
    return f"{row.counts:.0f} counts" + (f" at {degc:.1f} degC" if degc is not None else "")
