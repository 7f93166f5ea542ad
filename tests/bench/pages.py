"""How long the readings behind the pages take, of one person with 1 to 10 years and of everybody at once, and what
keeping the caseload costs a sync: `python tests/bench/pages.py [folder]`.

2 million strides a year. Promised: everything a person's pages read under 1 s with one year, a caseload of 500 people
under 0.5 s, a report's readings under 5 s. Each figure is the median of three, with the seconds of a processor
beside it, which say the same on a machine that has other things to do; the databases are made once (made_many.py) and
kept.
"""

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from bench import made_many, made_year
from bench.made_year import DAY_MS, DEVICE, END_MS, JOURNAL, TODAY, Record

from talus.wire.kinds import BY_NAME
from talus_host.store import Store, judged

END = str(np.datetime64(TODAY) + 1)
TIMES = 3
CASELOADS = (50, 500, 2000)
SYNCED_DAYS = (1, 7)  # records of so many days in one sync
PERSON_S, CASELOAD_S, REPORT_S = 1.0, 0.5, 5.0


def since(days: int) -> str:
    return str(np.datetime64(END) - days)


def readings(store: Store) -> Mapping[str, Callable[[], object]]:
    """Everything that the orthotist's page of a person and the patient's own pages ask, by what is asked."""
    year, weeks, fortnight = ((since(days), END) for days in (365, 84, 14))
    return {
        "people, braces": lambda: (store.people(), store.braces("1"), store.person("1")),
        "days, 1 year": lambda: store.days("1", *year),
        "hours, 12 weeks": lambda: store.hours("1", *weeks),
        "wear bouts, 14 days": lambda: store.wear_bouts("1", *fortnight),
        "pressure: days, events, 1 year": lambda: (store.pressure_days("1", *year), store.pressure_events("1", *year)),
        "pressure: what followed, 14 days": lambda: store.pressure_responses("1", *fortnight),
        "curves, 12 weeks": lambda: store.curves("1", *weeks),
        "histograms, 12 weeks": lambda: store.histograms("1", *weeks),
        "changed": lambda: store.changed("1", TODAY),
        "quality, 14 days": lambda: store.quality("1", *fortnight),
        "not measured, 14 days": lambda: store.not_measured("1", *fortnight),
        "timed walks": lambda: store.timed_walks("1"),
        "diary, prescriptions, limits": lambda: (
            (store.brace_changes("1"), store.prescriptions("1"), store.thresholds("1"), store.visit("1")),
        ),
    }


def report(store: Store) -> None:
    """What a visit's report may ask: the year, and the last 12 weeks in detail."""
    store.changed("1", TODAY, 84)
    for read in (store.days, store.pressure_days, store.pressure_events, store.histograms, store.curves):
        read("1", since(365), END)
    for read in (store.hours, store.wear_bouts, store.quality, store.not_measured, store.pressure_responses):
        read("1", since(84), END)


def timed(ask: Callable[[], object]) -> tuple[float, float]:
    """(of a processor, of the clock): the medians, in seconds."""
    took = []
    for _ in range(TIMES):
        begun = time.process_time(), time.perf_counter()
        ask()
        took.append((time.process_time() - begun[0], time.perf_counter() - begun[1]))
    return statistics.median(one[0] for one in took), statistics.median(one[1] for one in took)


def people_of_years(folder: Path) -> None:
    """Prints the table of one person by years."""
    told: dict[str, list[tuple[float, float]]] = {}
    for years in made_many.YEARS:
        with Store(made_many.of_years(folder, years), create=False) as store:
            asked = [(name, timed(ask)) for name, ask in readings(store).items()]
            cpu, clock = (sum(one[at] for _, one in asked) for at in (0, 1))
            asked += [
                ("a person's pages, in sum", (cpu, clock)),
                ("a report", timed(lambda store=store: report(store))),
            ]
        for name, took in asked:
            told.setdefault(name, []).append(took)
    print("\n" + f"{'ms: median (of a processor)':34}" + "".join(f"{years:>10} y     " for years in made_many.YEARS))
    for name, row in told.items():
        print(f"{name:34}" + "".join(f"{1000 * clock:8.0f} ({1000 * cpu:5.0f})" for cpu, clock in row), flush=True)
    say("a person's pages, one year", told["a person's pages, in sum"][0][1], PERSON_S)
    say("a report, one year", told["a report"][0][1], REPORT_S)


def caseloads(folder: Path) -> None:
    """Prints what everybody at once costs, with all answers fresh, and what judging one person costs."""
    path = made_many.of_people(folder)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM judged")
    with Store(path, create=False) as store:
        some = store.people()["person_id"].tolist()
        begun = time.process_time()
        store.judge_cases(END_MS, some[:20])
        each = (time.process_time() - begun) / 20
        _judged_alike(path)
        print(f"\nto judge one person's flags and claims anew: {1000 * each:.0f} ms of a processor")
        for count in CASELOADS:
            cpu, clock = timed(lambda count=count: store.caseload(END_MS, some[:count]))
            print(f"caseload of {count:5} people: {1000 * clock:6.0f} ms (of a processor {1000 * cpu:.0f})", flush=True)
            if count == 500:
                say("a caseload of 500 people", clock, CASELOAD_S)


def _judged_alike(path: Path) -> None:
    """One person's answer as everybody's: only reading is measured, and judging thousands takes minutes."""
    with closing(sqlite3.connect(path)) as connection, connection:
        kept = connection.execute("SELECT 1, 1, day, flags, claims FROM judged WHERE answered NOT NULL").fetchone()
        connection.execute("DELETE FROM judged")
        connection.execute("INSERT INTO judged SELECT id, ?, ?, ?, ?, ? FROM person", kept)


@contextmanager
def unmarked() -> Iterator[None]:
    """Without the caseload's upkeep."""
    real = judged.outdated
    judged.outdated = lambda *_: None
    try:
        yield
    finally:
        judged.outdated = real


def syncs(folder: Path) -> None:
    """Prints what a put of the next days costs on a life of one year and of ten, without and with the upkeep."""
    for years in (min(made_many.YEARS), max(made_many.YEARS)):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            path = Path(place) / "talus.db"
            shutil.copy(made_many.of_years(folder, years), path)
            with Store(path, create=False) as store:
                sequence, boot, last_ms, rows = _last_days(path, max(SYNCED_DAYS))
                for days in SYNCED_DAYS:
                    took: dict[str, list[float]] = {"without": [], "with": []}
                    for turn in range(2 * TIMES):
                        name = ("without", "with")[turn % 2]
                        mine = [r for r in rows if r.at_ms < rows[0].at_ms + days * DAY_MS]
                        moved = [
                            r._replace(sequence=sequence + i, boot=boot, at_ms=r.at_ms - rows[0].at_ms + last_ms)
                            for i, r in enumerate(mine)
                        ]
                        sequence, last_ms = sequence + len(moved), moved[-1].at_ms + 1
                        took[name].append(_put(store, moved, boot, name == "with"))
                    less, more = (statistics.median(took[name]) for name in ("without", "with"))
                    print(
                        f"put of {days} d onto {years:2} y: {1000 * less:6.0f} ms without, {1000 * more:6.0f} ms with "
                        f"the caseload's upkeep ({100 * (more / less - 1):+.1f} %)",
                        flush=True,
                    )


def _put(store: Store, records: list[Record], boot: int, upkeep: bool) -> float:
    begun = time.perf_counter()
    if upkeep:
        store.put(made_year.info(boot), records, END_MS)
    else:
        with unmarked():
            store.put(made_year.info(boot), records, END_MS)
    return time.perf_counter() - begun


def _last_days(path: Path, days: int) -> tuple[int, int, int, list[Record]]:
    """(next sequence, last boot, ms behind its last record, records of the boot's last whole days without clocks)."""
    clock = BY_NAME["clock"].number
    with closing(sqlite3.connect(path)) as connection:
        ours = "FROM record WHERE device = ? AND journal = ?"
        ids = (DEVICE, JOURNAL)
        sequence = connection.execute(f"SELECT max(sequence) + 1 {ours}", ids).fetchone()[0]
        boot = connection.execute(f"SELECT boot {ours} AND sequence = ?", (*ids, sequence - 1)).fetchone()[0]
        last = connection.execute(
            "SELECT max(last_at_ms) + 1 FROM boot_kind WHERE device = ? AND journal = ? AND boot = ?", (*ids, boot)
        ).fetchone()[0]
        rows = connection.execute(
            f"SELECT sequence, boot, at_ms, kind, payload {ours} AND sequence > ? AND boot = ? AND at_ms >= ?"
            " AND kind <> ? ORDER BY sequence",
            (*ids, sequence - 200_000, boot, last - (days + 1) * DAY_MS, clock),
        ).fetchall()
    return sequence, boot, last, [Record(*row) for row in rows]


def say(what: str, took_s: float, most_s: float) -> None:
    print(f"{what}: {took_s:.2f} s, {most_s:g} s promised: {'kept' if took_s <= most_s else 'NOT KEPT'}", flush=True)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else made_many.FOLDER
    people_of_years(folder)
    caseloads(folder)
    syncs(folder)


if __name__ == "__main__":
    main()
