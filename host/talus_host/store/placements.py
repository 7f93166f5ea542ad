"""Where in time each boot lies, as its views have it now: read once in a reading, whose picture never changes.

What a reading asks of a boot is mostly its beginning or its end, for which its rests are not needed; they are many, and
are read when they are. Whatever writes reads everything anew, and at once: it changes what it has read.
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Select, Table, select

from talus_host.placing import Pairs, Placement, Rate
from talus_host.store import bulk, schema
from talus_host.wander import Rests

Boot: TypeAlias = tuple[int, int, int]  # device, journal, boot

_read: "WeakKeyDictionary[Connection, dict[int, dict[Boot, Placement]]]" = WeakKeyDictionary()


def placements(
    connection: Connection, devices: Iterable[int], journal: int | None = None, boot: int | None = None
) -> dict[Boot, Placement]:
    """(device, journal, boot) -> the placement its views have now; one boot's where it is named."""
    devices = sorted(devices)
    if journal is not None or _writes(connection):
        return _placements(connection, devices, journal, boot)
    known = _read.setdefault(connection, {})
    for device in devices:
        if device not in known:
            known[device] = _placements(connection, [device], None, None)
    return {key: placement for device in devices for key, placement in known[device].items()}


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("talus_writes", False))


def _placements(
    connection: Connection, devices: list[int], journal: int | None, boot: int | None
) -> dict[Boot, Placement]:
    p, d = schema.clock_pair, schema.clock_drift

    def of_boots(query: Select[Any], view: Table) -> list[tuple[Any, ...]]:
        query = query.where(view.c.device.in_(devices)).order_by(view.c.device, view.c.journal, view.c.boot)
        if journal is not None:
            query = query.where(view.c.journal == journal, view.c.boot == boot)
        return bulk.tuples(connection, query)

    told = (p.c.at_ms, p.c.utc_ms, p.c.uncertainty_ms, p.c.by_host, *(p.c[name] for name in schema.RATE))
    rows = of_boots(select(*_key(p), *told, p.c.sequence).where(p.c.used == 1), p)
    pairs = {key: list(mine) for key, mine in groupby(rows, key=lambda row: row[:3])}
    rests = _rests(connection)
    found = {}
    for *key, ppm, half_ppm in of_boots(select(*_key(d), *(d.c[f"before_{name}"] for name in schema.RATE)), d):
        boot_of = key[0], key[1], key[2]
        mine = sorted(pairs[boot_of], key=lambda row: (row[3], row[-1]))
        _, _, _, at_ms, utc_ms, uncertainty_ms, by_host, rate, half, _ = zip(*mine, strict=True)
        line = Pairs(
            np.array(at_ms, dtype=np.int64),
            np.array(utc_ms, dtype=np.int64),
            np.array(uncertainty_ms, dtype=np.float64),
            np.array(by_host, dtype=np.int64).astype(bool),
        )
        rates = [Rate(*one) for one in zip(rate, half, strict=True)]
        before = Rate(ppm, half_ppm)
        found[boot_of] = Placement(line.at_ms, line.offset_ms, line.half_ms, rates, before, rests(boot_of))
    return found


def _key(view: Table) -> list[Any]:
    return [view.c[name] for name in ("device", "journal", "boot")]


def _rests(connection: Connection) -> Callable[[Boot], Rests]:
    """Each boot's rests, read when their moments are asked for where nothing can have changed by then."""
    r = schema.clock_rest.c
    moments = select(r.at_ms, r.asleep).order_by(r.at_ms)

    def of_boot(key: Boot) -> Rests:
        mine = moments.where(r.device == key[0], r.journal == key[1], r.boot == key[2])
        rows = bulk.tuples(connection, mine)
        if not rows:
            return Rests.unknown()
        at_ms, asleep = zip(*rows, strict=True)
        return Rests(np.array(at_ms, dtype=np.int64), np.array(asleep, dtype=np.int64).astype(bool))

    if _writes(connection):
        return of_boot
    return lambda key: RestsLater(lambda: of_boot(key))


class RestsLater(Rests):
    """Rests that are read when the first of their moments is asked for."""

    def __init__(self, read: Callable[[], Rests]) -> None:
        vars(self)["read"] = read

    def __getattr__(self, name: str) -> np.ndarray:
        if name not in ("at_ms", "asleep"):
            raise AttributeError(name)
        vars(self).update(vars(vars(self)["read"]()))
        found: np.ndarray = vars(self)[name]
        return found
