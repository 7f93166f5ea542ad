"""A brace's settings over a link: read them all, change some, take the last change back. The rows are the firmware's
own, so what is refused there is refused here first, in the same words; the brace has the last one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from talus.settings import Settings
from talus.settings_file import ROWS, rows_digest
from talus.wire import gatt
from talus_host import given_json
from talus_host.errors import InputError, NotUnderstoodError, RefusedError
from talus_host.link import Link, Reply

# The unit a setting's name ends in; the longest ending wins.
UNITS = {
    "_cdegc_min": "0.01 degC/min",
    "_cdegc": "0.01 degC",
    "_dapa": "10 Pa",
    "_ddps": "0.1 deg/s",
    "_cdeg": "0.01 deg",
    "_mmhg": "mmHg",
    "_mnm": "mN.m",
    "_min": "min",
    "_pct": "%",
    "_mg": "milli-g",
    "_ms": "ms",
    "_mv": "mV",
    "_s": "s",
}
NAMES = tuple(row[0] for row in ROWS)
Values = dict[str, int]


@dataclass(frozen=True, slots=True)
class Read:
    """What a brace works with; device: its id, or its port. waiting: kept, and in force when its minute is over."""

    device: str
    values: Values
    digest: int
    waiting: bool


def unit(name: str) -> str:
    """The unit in a setting's name; "" where it is a plain number."""
    return next((word for ending, word in UNITS.items() if name.endswith(ending)), "")


def row_of(name: str) -> tuple[str, int, int, int, str]:
    """(name, default, lowest, highest, reason). Raises InputError for a name there is none of."""
    for row in ROWS:
        if row[0] == name:
            return row
    raise InputError(f"setting {name}: there is none of that name (talus settings lists them)")


def parsed(words: list[str]) -> Values:
    """name=value, each. Raises InputError naming the setting and the value."""
    values: Values = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            raise InputError(f"setting {word!r}: is not NAME=VALUE")
        row = row_of(name)
        try:
            value = int(text)
        except ValueError:
            raise InputError(f"setting {name}: {text!r} is not an integer from {row[2]} to {row[3]}") from None
        if name in values:
            raise InputError(f"setting {name}: is given twice")
        values[name] = value
    return values


def of_file(path: Path) -> Values:
    """Every setting as a settings file says: what it does not name has its default. Raises InputError."""
    given = given_json.read(path, str(path))
    if not isinstance(given, dict):
        raise InputError(f"{path}: no JSON object")
    try:
        return values_of(Settings(given))
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error


def checked(values: Mapping[str, int]) -> Settings:
    """Raises InputError in the firmware's own words."""
    try:
        return Settings(values)
    except ValueError as error:
        raise InputError(str(error)) from error


def values_of(settings: Settings) -> Values:
    return {name: getattr(settings, name) for name in NAMES}


async def read(link: Link) -> Read:
    """All of them. Raises NotUnderstoodError for a brace with other rows."""
    info = await link.info()
    if info["rows"] != rows_digest():
        raise NotUnderstoodError(
            f"brace {info['device']:016x} has another version of the settings than this program: "
            "bring firmware and program to the same version"
        )
    values: Values = {}
    for first in range(0, len(ROWS), gatt.SETTINGS_AT_ONCE):
        reply = await link.request(gatt.READ_SETTINGS, first)
        if reply.opcode != gatt.SETTINGS_ARE:
            raise refusal(reply)
        for name, value in zip(NAMES[first:], reply.values[1:], strict=False):
            values[name] = gatt.signed(value)
    digest = checked(values).digest
    return Read(f"{info['device']:016x}", values, digest, digest != info["settings"])


async def change(link: Link, wanted: Mapping[str, int], before: Read) -> Read:
    """All of `wanted`, or nothing; returns what the brace says it has then. Raises InputError, RefusedError."""
    target = checked({**before.values, **wanted})
    await ask(link, gatt.BEGIN_SETTINGS, rows_digest())
    for number, name in enumerate(NAMES):
        value = getattr(target, name)
        if value != before.values[name]:
            await ask(link, gatt.SET_SETTING, number, value & 0xFFFFFFFF)
    await ask(link, gatt.COMMIT_SETTINGS, target.digest)
    after = await read(link)
    if after.values != values_of(target):
        raise RefusedError("the brace kept other settings than it was told: look at them and set them again")
    return after


async def undo(link: Link, before: Read) -> Read:
    """The settings before the last change; a second undo takes the first one back. Raises RefusedError."""
    await ask(link, gatt.UNDO_SETTINGS, rows_digest(), before.digest)
    return await read(link)


async def ask(link: Link, opcode: int, *operand: int) -> None:
    reply = await link.request(opcode, *operand)
    if reply.opcode != gatt.RESPONSE or reply.values[1] != gatt.SUCCESS:
        raise refusal(reply)


def refusal(reply: Reply) -> RefusedError:
    """The brace's no, with the setting and the value it is about."""
    opcode, result, number, value = reply.values[:4]
    why = gatt.RESULTS.get(result, f"result {result}")
    about = ""
    if opcode in (gatt.SET_SETTING, gatt.DEFAULT_SETTING):
        name = NAMES[number] if number < len(NAMES) else f"number {number}"
        about = f" {name} = {gatt.signed(value)}"
    return RefusedError(f"the brace refused{about}: {why}; nothing was changed")
