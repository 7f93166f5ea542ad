"""`talus report`: one person's sheet for a visit as PDF, made from the database alone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from talus_host.errors import InputError, TalusError, UnprintedError
from talus_host.export import atomic
from talus_host.store import Store
from talus_host.store.consents import CARE, ENDED
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.rim import aside, database, result


def write_report(folder: Path, label: str, out: Path | None, days: int, language: str) -> None:
    """Write the report of the person of this label. Raises InputError, StoreError, UnprintedError.

    None is made where consent to care ended, for it is the orthotist's paper: the person has their own pages.
    """
    from talus_dashboards.words import LANGUAGES

    if language not in LANGUAGES:
        raise InputError(f"language {language!r}: is none of {', '.join(LANGUAGES)}")
    path = out or Path(f"{label}.pdf")
    atomic.check(path)
    with Store(database(folder), create=False) as store:
        person = store.person_id(label)
        standing = store.consent_standing(person, CARE, utc_ms())
        if standing["state"] == ENDED:
            raise InputError(f"{label}: consent to care ended on {standing['ended']}; what was recorded is kept")
        if store.days(person).empty:
            raise InputError(f"{label}: no day with a record yet, so there is nothing to report")
        made = _made(store, person, days, language)

    def fill(file: BinaryIO) -> None:
        file.write(made)

    atomic.write(path, fill)
    aside.print(f"{label}: the last {days} whole days", highlight=False)
    result.print(str(path), highlight=False, soft_wrap=True)


def _made(store: Store, person: str, days: int, language: str) -> bytes:
    from talus_dashboards import report
    from talus_dashboards.errors import DashboardError
    from talus_dashboards.words import LANGUAGES

    try:
        return report.build(store, person, now=datetime.now(UTC), words=LANGUAGES[language], period_days=days)
    except DashboardError as error:
        cause = error.__cause__
        raise (cause if isinstance(cause, TalusError) else UnprintedError(str(error))) from None
