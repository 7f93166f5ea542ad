"""`talus calibrate`: leads through the steps, draws each fit, refuses a bad one, and writes at the end after a yes."""

import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import typer

from talus.calibration import Calibration
from talus.calibration_file import ROLES
from talus.wire.kinds import IMU_PLACES, PRESSURE_CHANNELS, SIDES, SITES
from talus_host.calibrate import readings as rows
from talus_host.calibrate import tools
from talus_host.calibrate.bench import Bench
from talus_host.calibrate.draw import page, plot
from talus_host.calibrate.fit import Fit
from talus_host.calibrate.lead import Led
from talus_host.calibrate.made import Brace, assembled
from talus_host.calibrate.plan import MASSES_KG, STEPS, Kit, Situation
from talus_host.calibrate.readings import Readings
from talus_host.errors import InputError, TalusError
from talus_host.export import atomic
from talus_host.verbs import rim

STATE = "calibrating.json"
DAY_S = 86400
USUAL = ("encoder", "weights", "pressure", "imu")  # a temperature run takes two hours: asked for by name
SITES_USUAL = ("fibular_head", "lateral_malleolus", "dorsal_strap", "heel")


@dataclass(frozen=True)
class Asked:
    """What the command line said."""

    port: str | None
    twin: bool
    given: Path | None
    role: str
    steps: tuple[str, ...]
    longer: tuple[str, ...]
    side: str | None
    imu_place: str | None
    sites: str | None
    masses: str | None
    lever_m: float
    state: Path | None
    figure: Path | None
    out: Path | None
    undo: bool
    again: bool
    yes: bool
    as_json: bool


class Terminal:
    """The person at the keyboard; hands, on a virtual brace: the answer is always the first."""

    def __init__(self, hands: bool, quiet: bool) -> None:
        self._hands = hands
        self._quiet = quiet
        self.fits: list[Fit] = []

    def ask(self, words: str, answers: Sequence[str]) -> str:
        self.say(words)
        if self._hands:
            return answers[0]
        while True:
            # A word nobody offered is asked for again; the end of input is a person who left.
            answer = typer.prompt("", default=answers[0], show_default=False, prompt_suffix="> ", err=True)
            answer = str(answer).strip().lower()[:1]
            if answer in answers:
                return answer
            self.say("one of: " + ", ".join(one or "Enter" for one in answers))

    def say(self, words: str) -> None:
        if not self._quiet:
            rim.aside.print(words, highlight=False)

    def show(self, fit: Fit) -> None:
        self.fits.append(fit)
        if self._quiet:
            return
        if fit.drawing is not None:
            rim.aside.print(plot(fit.drawing), highlight=False)
        figures = ", ".join(f"{name} {value:.4g}" for name, value in fit.figures.items())
        word = "accepted" if fit.accepted else "refused"
        rim.aside.print(f"{fit.step} {word}: {fit.why or figures}", highlight=False)


def calibrate_brace(asked: Asked) -> None:
    """The whole verb. Raises leaves of TalusError; what was read by then stays in the state file."""
    if not (asked.twin or asked.port or asked.given or asked.undo):
        raise InputError("name the brace with --port (or --port auto), or give --twin or --readings FILE")
    for path in (asked.figure, asked.out):
        if path is not None:
            atomic.check(path)
    with _bench(asked) as (bench, pose):
        if asked.undo:
            _undo(asked, bench)
            return
        before = bench.in_force() if bench else {}
        brace = _brace(asked, before, bench)
        person = Terminal(asked.twin or asked.given is not None, asked.as_json)
        led = _led(asked, bench, pose, brace, person)
        done: dict[str, list[Fit]] = {}
        for step in _steps(asked, led.readings):
            found = led.step(step)
            if found:
                done[step] = found
        if asked.figure is not None:
            _put(asked.figure, page(person.fits).encode())
        if not done:
            raise InputError("nothing was calibrated; the brace keeps what it had")
        number = bench.next_number() if bench else int(before.get("id", 0)) + 1
        given = assembled(done, led.readings, brace, number, int(time.time()) // DAY_S, asked.role)
        _finish(asked, bench, person, given, done)


def _finish(
    asked: Asked, bench: Bench | None, person: Terminal, given: dict[str, Any], done: dict[str, list[Fit]]
) -> None:
    """Write where it was asked for, say what was done, and forget the readings once they are in force."""
    written = None
    if bench is not None:
        words = f"Write calibration {given['id']} ({', '.join(done)}) to the brace? What it has now is kept. y or n"
        if asked.yes or asked.twin or person.ask(words, ("n", "y")) == "y":
            written = bench.write(given)
            _state(asked).unlink(missing_ok=True)
    if asked.out is not None:
        _put(asked.out, json.dumps(given, indent=1).encode())
    if asked.as_json:
        figures = [{"step": one.step, **one.figures} for found in done.values() for one in found]
        rim.print_json({"written": written, "calibration": given, "fits": figures})
    elif written is not None:
        rim.result.print(f"calibration {written} is in force on the brace: {', '.join(done)}", highlight=False)
    elif bench is not None:
        rim.result.print("not written; the readings are kept: run the same again", highlight=False)
    else:
        rim.result.print(f"fits: {', '.join(done)}", highlight=False)


def _put(path: Path, data: bytes) -> None:
    def fill(file: BinaryIO) -> None:
        file.write(data)

    atomic.write(path, fill)


def _undo(asked: Asked, bench: Bench | None) -> None:
    if bench is None:
        raise InputError("--undo: name the brace with --port")
    number = bench.undo()
    if asked.as_json:
        rim.print_json({"in_force": number})
    else:
        rim.result.print(f"calibration {number} is in force again", highlight=False)


@contextlib.contextmanager
def _bench(asked: Asked) -> Iterator[tuple[Bench | None, Any]]:
    """(the brace at its prompt or None, what moves a virtual one)."""
    if asked.twin:
        from talus_twin.board.interpreter import InterpreterMissing
        from talus_twin.jig import Jig

        try:
            jig = Jig()
        except InterpreterMissing as error:
            raise InputError(f"--twin: {error}") from error
        with jig:
            yield Bench(jig, prelude=""), jig.pose
    elif asked.port is not None:
        from talus_host.deploy.place import maintain, put_changed
        from talus_host.deploy.port import Port

        with Port(None if asked.port == "auto" else asked.port) as port:
            maintain(port)
            port.run(tools.FOLDERS)
            put_changed(port, tools.compiled())
            try:
                yield Bench(port), lambda **pose: None
            finally:
                with contextlib.suppress(TalusError):  # a brace whose cable was pulled goes back to work by itself
                    port.reset()
    else:
        yield None, None


def _brace(asked: Asked, before: dict[str, Any], bench: Bench | None) -> Brace:
    """What the fitter says, else what the brace had, else the usual."""
    try:
        was: Any = Calibration(before) if before else None
    except ValueError:
        was, before = None, {}
    side = SIDES.index(asked.side) if asked.side else was.side if was else None
    if side is None:
        if not asked.twin:
            raise InputError("--side left or --side right: this brace was never calibrated")
        side = 0
    place = IMU_PLACES.index(asked.imu_place) if asked.imu_place else was.imu_place if was else 0
    sites = tuple(was.sites) if was and any(was.sites) else tuple(SITES.index(name) for name in SITES_USUAL)
    if asked.sites is not None:
        names = [name.strip() or "none" for name in asked.sites.split(",")]
        for name in names:
            if name not in SITES:
                raise InputError(f"--sites: {name!r} is none of {', '.join(SITES)}")
        if len(names) != PRESSURE_CHANNELS:
            raise InputError(f"--sites: {len(names)} names where {PRESSURE_CHANNELS} belong; none for a free channel")
        sites = tuple(SITES.index(name) for name in names)
    liner = bench.has_liner() if bench else was.liner if was else True
    return Brace(side, place, sites, liner, before)


def _kit(asked: Asked, brace: Brace) -> Kit:
    masses: tuple[float, ...] = MASSES_KG
    if asked.masses is not None:
        try:
            masses = tuple(float(one) for one in asked.masses.split(","))
        except ValueError:
            masses = ()
        if not masses or not all(0 < mass <= 50 for mass in masses):
            raise InputError(f"--masses: {asked.masses!r} is no list of kilograms, by commas")
    return Kit(brace.sites, IMU_PLACES[brace.imu_place], masses, asked.lever_m)


def _steps(asked: Asked, readings: Readings) -> tuple[str, ...]:
    if asked.steps:
        return tuple(step for step in STEPS if step in asked.steps)
    if asked.given is not None:
        return tuple(step for step in STEPS if any(rows.rows_of(readings, step)))
    return USUAL


def _state(asked: Asked) -> Path:
    if asked.state is not None:
        return asked.state
    return rim.home() / (STATE if not asked.twin else f"twin-{STATE}")


def _led(asked: Asked, bench: Bench | None, pose: Any, brace: Brace, person: Terminal) -> Led:
    kit = _kit(asked, brace)
    if asked.given is not None:
        found = rows.read(asked.given)
        found.done = [step for step in STEPS if any(rows.rows_of(found, step))]
        return Led(person, brace, kit, found, _nobody_reads, lambda: None, firm=True)
    assert bench is not None
    path = _state(asked)
    readings = Readings() if asked.again or not path.exists() else rows.read(path)
    if readings.device and readings.device != bench.device:
        words = f"{path}: an interrupted session of brace {readings.device}, and this is {bench.device}"
        raise InputError(f"{words}; finish that one, or begin anew with --again")
    if readings.device:
        person.say(f"going on with the readings in {path}; --again begins anew")
    readings.device = bench.device

    def read(situation: Situation) -> Any:
        pose(**situation.pose)
        return bench.read(situation.reads, situation.known)

    def save() -> None:
        for step in STEPS:
            if any(rows.rows_of(readings, step)):
                readings.roles.setdefault(step, asked.role)
        rim.made(path.parent)
        _put(path, readings.as_json())

    longer = frozenset(asked.longer)
    return Led(person, brace, kit, readings, read, save, longer, firm=asked.twin)


def _nobody_reads(situation: Situation) -> Any:
    raise InputError(f"--readings: there is none for: {situation.words}")


def check_words(
    role: str, steps: Sequence[str], longer: Sequence[str], side: str | None, imu_place: str | None
) -> None:
    """Raises typer.BadParameter naming the option."""
    for option, values, known in (
        ("--role", [role], ROLES),
        ("--step", steps, STEPS),
        ("--long", longer, ("encoder", "imu")),
        ("--side", [side] if side else [], SIDES),
        ("--imu", [imu_place] if imu_place else [], IMU_PLACES),
    ):
        for value in values:
            if value not in known:
                raise typer.BadParameter(f"{option}: '{value}' is none of {', '.join(known)}")
