"""Everything of a person as files."""

from pathlib import Path

import pandas as pd

from talus_host.errors import InputError
from talus_host.export.folder import export
from talus_host.store import Store
from talus_host.store.consents import RESEARCH
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.rim import aside, database, progress, result


def export_all(
    folder: Path, label: str | None, out: Path, form: str, report: Path | None = None, purpose: str | None = None
) -> None:
    """`talus export`: one folder per person when there are several. Raises InputError, StoreError.

    report: a PDF that goes with a FHIR bundle; purpose: what the files are for, of consents.PURPOSES: refused where
    anybody did not agree to it. Without one it is said of whom the files are not for research.
    """
    pdf = None if report is None else read_pdf(report)
    with Store(database(folder), create=False) as store:
        people = store.people()
        if label is not None:
            store.person_id(label)
            people = people[people["label"] == label]
        if people.empty:
            raise InputError("nobody to export: collect from a brace first")
        if pdf is not None and len(people) > 1:
            raise InputError("report: is one person's; say --person")
        _ask(store, people, purpose)
        with progress("exporting", "people") as step:
            for done, person in enumerate(people.itertuples()):
                step(done, len(people))
                target = out / str(person.label) if len(people) > 1 else out
                for path in _written(store, str(person.person_id), target, form, pdf):
                    result.print(str(path), highlight=False, soft_wrap=True)


def _ask(store: Store, people: pd.DataFrame, purpose: str | None) -> None:
    """Who did not agree to what these files are for. Raises InputError before anything is written."""
    wanted, now_ms = purpose or RESEARCH, utc_ms()
    lacking = [one for one in people.itertuples() if not store.consented(str(one.person_id), wanted, now_ms)]
    if purpose and lacking:
        names = ", ".join(str(one.label) for one in lacking)
        raise InputError(f"for {purpose}: no consent to it holds of {names}; nothing was written")
    for one in lacking:
        aside.print(f"{one.label}: no consent to {wanted} holds: these files are not for it", highlight=False)


def _written(store: Store, person: str, target: Path, form: str, pdf: bytes | None) -> list[Path]:
    if form == "fhir":
        from talus_host.export.fhir_file import export_fhir

        return [export_fhir(store, person, target, utc_ms(), report=pdf)]
    return export(store, person, target, form=form)


def read_pdf(path: Path) -> bytes:
    """Raises InputError naming the file for what is no PDF."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"report {path}: cannot be read: {error.strerror}") from error
    if not content.startswith(b"%PDF-"):
        raise InputError(f"report {path}: is no PDF")
    return content
