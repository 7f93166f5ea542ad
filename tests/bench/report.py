"""How long the visit report of a person with one year and with ten takes, and what of it: `report.py [folder]`.

Promised: under 5 s for a year. The databases are those of made_many.py (2 million strides a year, the stores' own
views), made in the folder the first time. Importing WeasyPrint, once a process, is told apart.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import made_many, made_year

from talus_dashboards import report
from talus_dashboards.report import pdf
from talus_dashboards.words import LANGUAGES
from talus_host.store import Store

NOW = datetime.fromtimestamp(made_year.END_MS / 1000, UTC)
YEARS = (1, 10)
PERIODS = (28, 364)
RUNS = 3
PROMISED_S = 5.0


def timed(store: Store, period_days: int) -> tuple[float, float, float]:
    """Seconds of reading and working out, of laying out and of writing one report."""
    begun = time.perf_counter()
    found = report.facts(report.ask(store, "1", NOW, None, period_days))
    read = time.perf_counter()
    document = pdf.laid_out(found, LANGUAGES["en"])
    laid = time.perf_counter()
    made = document.write_pdf(pdf_variant=pdf.VARIANT)
    assert len(made) > 20_000 and len(document.pages) == 2
    return read - begun, laid - read, time.perf_counter() - laid


def main(folder: Path) -> bool:
    begun, spent = time.perf_counter(), time.process_time()
    pdf.rendered("<p>warm</p>").write_pdf()
    print(f"importing WeasyPrint: {time.perf_counter() - begun:.2f} s ({time.process_time() - spent:.2f} s of CPU)")
    print("| years | period | read | laid out | written | whole, best of 3 | CPU of it |")
    print("|---|---|---|---|---|---|---|")
    kept = True
    for years in YEARS:
        with Store(made_many.of_years(folder, years)) as store:
            for days in PERIODS:
                runs = []
                for _ in range(RUNS):
                    spent = time.process_time()
                    parts = timed(store, days)
                    runs.append((sum(parts), time.process_time() - spent, *parts))
                whole, cpu, read, laid, written = min(runs)
                cells = " | ".join(f"{seconds:.2f} s" for seconds in (read, laid, written, whole, cpu))
                print(f"| {years} | {days} days | {cells} |")
                kept &= years > 1 or whole < PROMISED_S
    return kept


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1]) if len(sys.argv) > 1 else made_many.FOLDER))
