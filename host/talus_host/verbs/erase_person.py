"""`talus erase-person`: one person out of the database, for good. It asks, may keep an export, and gives a receipt."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import typer

from talus_host.export import atomic
from talus_host.export.folder import export as export_all
from talus_host.store import Store, recordings
from talus_host.store.erasing import Receipt
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.rim import aside, database, result

ASKED = (
    "Erase {label}: every record of {braces}, everything entered, every account of theirs? It cannot be undone. {kept}"
)
ELSEWHERE = (
    "Not here, so not erased: exports, reports and copies of the database made before, and what the braces themselves "
    "keep: `talus erase` on its cable empties a brace, which is refused here until then."
)
TRACES = "Traces are left in the database's files while another program reads them: close it, then run any talus verb."


def erase_one(folder: Path, label: str, kept: Path | None, receipt: Path | None, sure: bool) -> None:
    """Ask, export, erase, say what went. Raises InputError, StoreError; nothing is erased where an export failed."""
    if receipt is not None:
        atomic.check(receipt)
    with Store(database(folder), create=False) as store:
        person = store.person_id(label)
        count = len(store.braces(person))
        braces = f"{count} brace{'' if count == 1 else 's'}"
        copy = "No export is kept: --export FOLDER keeps one." if kept is None else f"An export is kept in {kept}."
        if not sure:
            typer.confirm(ASKED.format(label=label, braces=braces, kept=copy), abort=True, err=True)
        if kept is not None:
            export_all(store, person, kept)
        theirs, unsure = recordings.of(folder, [str(one) for one in store.braces(person)["device"]])
        told = store.erase_person(person, utc_ms())
        for path in theirs:
            path.unlink(missing_ok=True)
    _say(told, theirs, unsure)
    if receipt is not None:
        text = json.dumps(told_of(told, len(theirs)), indent=2) + "\n"

        def fill(file: BinaryIO) -> None:
            file.write(text.encode())

        atomic.write(receipt, fill)


def told_of(told: Receipt, files: int) -> dict[str, object]:
    """The receipt for a file: numbers, no label."""
    at = datetime.fromtimestamp(told.at_ms / 1000, UTC).isoformat(timespec="seconds")
    return asdict(told) | {"at": at, "recordings": files}


def _say(told: Receipt, theirs: list[Path], unsure: list[Path]) -> None:
    for name, count in sorted(told.rows.items()):
        result.print(f"{name}: {count}", highlight=False)
    result.print(f"recordings: {len(theirs)}", highlight=False)
    for path in unsure:
        aside.print(f"{path}: does not say whose it is; look, and remove it yourself", highlight=False)
    if not told.cleaned:
        aside.print(TRACES, highlight=False)
    aside.print(ELSEWHERE, highlight=False)
