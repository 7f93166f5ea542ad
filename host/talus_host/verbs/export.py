"""Everything of a person as files."""

from pathlib import Path

from talus_host.errors import InputError
from talus_host.export.folder import export
from talus_host.store import Store
from talus_host.verbs.rim import database, progress, result


def export_all(folder: Path, label: str | None, out: Path, form: str) -> None:
    """`talus export`: one folder per person when there are several. Raises InputError, StoreError."""
    with Store(database(folder), create=False) as store:
        people = store.people()
        if label is not None:
            store.person_id(label)
            people = people[people["label"] == label]
        if people.empty:
            raise InputError("nobody to export: collect from a brace first")
        with progress("exporting", "people") as step:
            for done, person in enumerate(people.itertuples()):
                step(done, len(people))
                target = out / str(person.label) if len(people) > 1 else out
                for path in export(store, str(person.person_id), target, form=form):
                    result.print(str(path), highlight=False, soft_wrap=True)
