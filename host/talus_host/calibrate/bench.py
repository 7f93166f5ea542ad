"""A brace at a bench: its prompt, and the readings taken over it. A port is all that is needed of the road.

The source run on the brace is talus.fitting and talus.calibration_keep, with the board's own handles; what comes back
is one line, read as a literal.
"""

import ast
import json
from typing import Any, Protocol

from talus_host.calibrate.encoder import DEG, wrapped
from talus_host.calibrate.readings import Angle, Load, Squeeze, Still, Turning, Warm, Worn
from talus_host.errors import BraceError

STANDING_MS = 5000
STRETCH_MS = 10000  # at a time: a prompt that is silent for longer counts as lost
STRETCHES = 3
STRIDES = 12
LIFT_MS = 3000
# boot.py leaves maintenance by itself after some minutes unless it is told that somebody is still there.
AWAKE = "if 'stay' in globals(): stay()\n"
IN_FORCE = "/calibration.json"
NEW = "/calibration.new"

# The handles of a board in maintenance, where main.py does not run.
PRELUDE = """
import binascii, json, machine, os, sys, time
if "/fitting" not in sys.path: sys.path.insert(0, "/fitting")
from talus import board as _boards
try:
    with open("/board.json") as _file: _name = json.load(_file)["board"]
except OSError:
    _name = "xiao_esp32c6"
except (ValueError, KeyError, TypeError):
    raise ValueError("/board.json names no board: make deploy writes it anew")
_board = _boards.Board(_name)
bus = machine.I2C(0, scl=machine.Pin(_board.main_scl), sda=machine.Pin(_board.main_sda), freq=400000)
clock = time
device = binascii.hexlify(machine.unique_id()).decode()
class files: pass
files.open, files.listdir, files.remove, files.rename, files.mkdir = open, os.listdir, os.remove, os.rename, os.mkdir
"""


class Port(Protocol):
    """The road to a brace's prompt."""

    def run(self, source: str) -> str:
        """Run source on the brace; returns what it printed. Raises where it raised."""

    def get(self, path: str) -> bytes | None:
        """A file of the brace, None where there is none."""

    def put(self, path: str, data: bytes) -> None:
        """Write a file of the brace."""

    def reset(self) -> None:
        """Start the brace again."""


class Bench:
    """Readings of one brace. prelude: source that makes `bus`, `clock` and `files` on it."""

    def __init__(self, port: Port, prelude: str = PRELUDE) -> None:
        self.port = port
        port.run(prelude + "\nimport json\nfrom talus import fitting")
        self.device = str(self._ask("repr(device)"))
        self._level: int | None = None
        self._bias: tuple[int, ...] = (0, 0, 0)

    def _ask(self, call: str) -> Any:
        try:
            return ast.literal_eval(self.port.run(f"{AWAKE}print({call})").strip())
        except (ValueError, SyntaxError) as error:
            raise BraceError(f"the brace's answer to {call} is not understood") from error
        except RuntimeError as error:  # what it raised there, as MicroPython says it: the last line is the reason
            said = (str(error).strip() or "no answer").splitlines()[-1]
            raise BraceError(f"the brace answered {said}") from error

    def read(self, reads: str, known: dict[str, Any]) -> Any:
        """One row of talus_host.calibrate.readings, read now. Raises BraceError where a part does not answer."""
        return getattr(self, "_" + reads)(known)

    def _angle(self, known: dict[str, Any]) -> Angle:
        median, _, sd, _, gain, status = self._ask("fitting.encoder(bus, clock)")
        if not status & 0x20:
            raise BraceError("encoder: no magnet is seen: set the magnet over the chip")
        return Angle(median, sd / 100, known["angle_deg"], gain)

    def _load(self, known: dict[str, Any]) -> Load:
        """The plate is level before a mass hangs on it; what it yields since is the encoder's to say."""
        _, mean, _, _, warm = self._ask("fitting.bridge(bus, clock)")
        plate_deg = 0.0
        counts = self._ankle()
        if counts is not None:
            if not known["mass_kg"]:
                self._level = counts
            if self._level is not None:
                plate_deg = abs(float(wrapped(counts - self._level)) * DEG)
        return Load(mean, known["mass_kg"], known["lever_m"], known["toward"], plate_deg, _degc(warm))

    def _ankle(self) -> int | None:
        """Counts of the encoder; None on a brace that has none."""
        try:
            return int(self._ask("fitting.encoder(bus, clock, 20)")[0])
        except BraceError:
            return None

    def has_liner(self) -> bool:
        """Whether a thermometer answers."""
        return self._ask("fitting.warmth(bus, clock)")[1] is not None

    def _warm(self, known: dict[str, Any]) -> Warm:
        _, mean, _, _, warm = self._ask("fitting.bridge(bus, clock)")
        degc = _degc(warm)
        if degc is None:
            raise BraceError("imu: does not answer, and the bridge's temperature is its die's")
        return Warm(mean, degc)

    def _squeeze(self, known: dict[str, Any]) -> Squeeze:
        median, *_ = self._ask(f"fitting.pressure(bus, clock, {known['channel'] - 1})")
        return Squeeze(median, known["channel"], known["kpa"])

    def _worn(self, known: dict[str, Any]) -> Worn:
        channels = self._ask(f"fitting.worn(bus, clock, {STRETCH_MS})")
        return Worn(known["what"], channels, known["skin"])

    def _rest(self, what: str) -> Still:
        row = self._ask(f"fitting.still(bus, clock, {STANDING_MS})")
        return Still(what, row[:3], row[3:6], row[6] / 100, row[7] / 100)

    def _side(self, known: dict[str, Any]) -> Still:
        return self._rest("side")

    def _standing(self, known: dict[str, Any]) -> Still:
        row = self._rest("standing")
        self._bias = tuple(int(value) for value in row.gyro)
        return Still(row.what, row.gyro, row.accel, row.gyro_sd, row.accel_sd, self._ankle())

    def _strides(self, known: dict[str, Any]) -> Turning:
        """Stretch after stretch until there are strides enough; sums of sums are sums."""
        moments: list[int] = [0] * 21
        for _ in range(STRETCHES):
            more = self._ask(f"fitting.stretch(bus, clock, {STRETCH_MS}, {self._bias})")
            moments = [a + b for a, b in zip(moments, more, strict=True)]
            if moments[1] >= STRIDES:
                break
        return Turning("strides", moments)

    def _lifted(self, known: dict[str, Any]) -> Turning:
        return Turning("lifted", self._ask(f"fitting.stretch(bus, clock, {LIFT_MS}, {self._bias}, 100)"))

    # -- the files ------------------------------------------------------------------------------------

    def in_force(self) -> dict[str, Any]:
        """The calibration file in force; {} where there is none, or none that can be read."""
        data = self.port.get(IN_FORCE)
        try:
            found = json.loads(data) if data else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def next_number(self) -> int:
        return int(self._keep("next_number"))

    def write(self, given: dict[str, Any]) -> int:
        """Hand it in; the brace checks it, keeps the one before and puts it into force. Its number."""
        self.port.put(NEW, json.dumps(given).encode())
        return int(self._keep("accept"))

    def undo(self) -> int:
        """The one before comes into force again; its number. Raises BraceError where none is kept."""
        return int(self._keep("undo"))

    def _keep(self, word: str) -> Any:
        self.port.run("from talus import calibration_keep")
        return self._ask(f"calibration_keep.{word}(files, json.loads)")


def _degc(cdegc: int | None) -> float | None:
    return None if cdegc is None else cdegc / 100
