"""What a brace works with, shown and changed over the air; and a person's wear goal and mass, which are the desk's."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from talus.settings_file import ROWS
from talus_host import brace_settings, brace_settings_file
from talus_host.brace_settings import Read, Values
from talus_host.errors import InputError, LinkLostError
from talus_host.link import Link, ble
from talus_host.store import Store
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.in_range import one_in_range
from talus_host.verbs.rim import aside, database, print_json, print_table
from talus_host.verbs.whose import person_of

HEADER = ("setting", "unit", "why", "is", "default", "from", "to")


@dataclass(frozen=True)
class Asked:
    """One run: values by name, names that go back to their default, a file of all, or an undo."""

    values: Values = field(default_factory=dict)
    file: Path | None = None
    undo: bool = False

    @property
    def anything(self) -> bool:
        return bool(self.values or self.file or self.undo)


def asked(words: list[str], defaults: list[str], file: Path | None, undo: bool) -> Asked:
    """Checked by the rows before any brace is looked for. Raises InputError naming the setting and the value."""
    values = brace_settings.parsed(words)
    for name in defaults:
        row = brace_settings.row_of(name)
        if name in values:
            raise InputError(f"setting {name}: is given a value and its default")
        values[name] = row[1]
    brace_settings.checked(values)
    if file is not None:
        brace_settings.of_file(file)
    if sum((bool(values), file is not None, undo)) > 1:
        raise InputError("settings: give values, a file or an undo, not two of them")
    return Asked(values, file, undo)


def over_the_air(wanted: Asked, address: str | None, as_json: bool) -> None:
    """`talus settings`. Raises leaves of TalusError; what a brace refuses changes nothing on it."""
    before, after = asyncio.run(from_air(wanted, address))
    told(wanted, before, after, as_json)


async def from_air(wanted: Asked, address: str | None, backend: ble.Backend | None = None) -> tuple[Read, Read]:
    """What the brace worked with, and what it has been told. Only one brace may be meant."""
    found = await one_in_range(address, backend)
    try:
        async with ble.BleLink(found, utc_ms, backend) as link:
            return await obey(link, wanted)
    except LinkLostError as error:
        if not wanted.anything:
            raise
        again = "look first" if wanted.undo else "give it again, that is harmless"
        raise LinkLostError(f"{error}; the brace kept all of this change or nothing of it: {again}") from error


def over_usb(wanted: Asked, device: str | None, as_json: bool) -> None:
    """The same for a brace on a port; it starts again with what it has been told. Raises leaves of TalusError."""
    from talus_host.deploy.port import Port

    with Port(device) as port:
        before, after = obey_file(port, wanted)
        port.reset()
    told(wanted, before, after, as_json)


def obey_file(port: brace_settings_file.Port, wanted: Asked) -> tuple[Read, Read]:
    before, why = brace_settings_file.read_file(port)
    if why:
        aside.print(f"brace {port.device}: {why}", highlight=False)
    if wanted.undo:
        return before, brace_settings_file.undo_file(port, before, why)
    values = brace_settings.of_file(wanted.file) if wanted.file else wanted.values
    return before, brace_settings_file.change_file(port, values, before, why) if values else before


async def obey(link: Link, wanted: Asked) -> tuple[Read, Read]:
    before = await brace_settings.read(link)
    if wanted.undo:
        return before, await brace_settings.undo(link, before)
    values = brace_settings.of_file(wanted.file) if wanted.file else wanted.values
    if not values:
        return before, before
    return before, await brace_settings.change(link, values, before)


def told(wanted: Asked, before: Read, after: Read, as_json: bool) -> None:
    changed = [name for name in after.values if after.values[name] != before.values[name]]
    if as_json:
        print_json(
            {
                "device": after.device,
                "in_force": not after.waiting,
                "changed": changed,
                "settings": [described(name, after.values[name]) for name in after.values],
            }
        )
        return
    if not wanted.anything:
        rows = [[row[0], brace_settings.unit(row[0]), row[4], *numbers(row, after)] for row in ROWS]
        print_table("", HEADER, rows, left=3)
    for name in changed:
        aside.print(f"{name}: {before.values[name]} -> {after.values[name]} {brace_settings.unit(name)}".rstrip())
    if wanted.anything and not changed:
        aside.print("nothing to change: the brace has these settings")
    if after.waiting:
        aside.print(f"brace {after.device} keeps these settings and works with them within a minute")


def numbers(row: tuple[str, int, int, int, str], read: Read) -> list[str]:
    value = read.values[row[0]]
    return [str(value), "" if value == row[1] else str(row[1]), str(row[2]), str(row[3])]


def described(name: str, value: int) -> dict[str, object]:
    _, default, low, high, reason = brace_settings.row_of(name)
    return {
        "name": name,
        "value": value,
        "unit": brace_settings.unit(name),
        "default": default,
        "differs": value != default,
        "lowest": low,
        "highest": high,
        "reason": reason,
    }


def set_person(folder: Path, label: str | None, goal_hours: float | None, mass_kg: float | None) -> None:
    """`talus settings --goal-hours`, `--mass-kg`: hours a day the brace is to be worn, and what the person weighs; 0
    takes either away, None leaves it. Raises InputError."""
    with Store(database(folder), create=False) as store:
        person, label = person_of(store, label)
        if mass_kg is not None:
            store.set_mass(person, mass_kg or None)
            aside.print(f"{label}: {mass_kg:g} kg" if mass_kg else f"{label}: mass unknown", highlight=False)
        if goal_hours is not None:
            store.set_goal(person, goal_hours or None)
            aside.print(f"{label}: " + (f"{goal_hours:g} h a day" if goal_hours else "no goal"), highlight=False)
