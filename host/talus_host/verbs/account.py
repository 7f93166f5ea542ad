"""`talus account`: by whoever holds the database, at this computer. A password is typed, never given as an argument."""

from pathlib import Path

import typer

from talus_host.errors import StoreError
from talus_host.store import Store
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.prescribe import plain
from talus_host.verbs.rim import aside, database, print_json, print_table, result

INVITED = "Lets {name} in once, within 3 days, to choose a password. Behind the address the pages are served at:"


class Accounts:
    """What the verb does, each a method. Raises InputError naming what does not fit."""

    def __init__(self, folder: Path, as_json: bool) -> None:
        self._folder = folder
        self._as_json = as_json

    def do(self, what: str, name: str, role: str, person: str | None, end: bool, last: int) -> None:
        with Store(database(self._folder), create=False) as store:
            if what == "add":
                self._add(store, name, role, person)
            elif what == "invite":
                self._invite(store, name, store.account(name))
            elif what == "password":
                self._password(store, store.account(name))
            elif what == "close":
                store.close_account(store.account(name), utc_ms())
                aside.print(f"{name}: is closed; who was logged in is out", highlight=False)
            elif what == "care":
                self._care(store, name, str(person), end)
            elif what == "trail":
                self._trail(store, None if person is None else store.person_id(person), last)
            else:
                self._list(store)

    def _add(self, store: Store, name: str, role: str, person: str | None) -> None:
        person_id = None if person is None else store.person_id(person)
        narrowed = person_id if role == "orthotist" else None
        of = person_id if narrowed is None else None
        number = store.add_account(name, role, utc_ms(), of, everybody=narrowed is None)
        if narrowed is not None:
            store.take_care(number, narrowed, utc_ms())
        self._invite(store, name, number)

    def _invite(self, store: Store, name: str, number: int) -> None:
        path = f"/first?invitation={store.invite(number, utc_ms())}"
        if self._as_json:
            print_json({"name": name, "path": path})
            return
        aside.print(INVITED.format(name=name), highlight=False)
        result.print(path, highlight=False, soft_wrap=True)

    def _password(self, store: Store, number: int) -> None:
        password = typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
        store.set_password(number, password, utc_ms())
        aside.print("Kept. Whoever was logged in by this account is out.", highlight=False)

    def _care(self, store: Store, name: str, label: str, end: bool) -> None:
        number, person = store.account(name), store.person_id(label)
        if end:
            store.end_care(number, person, utc_ms())
        else:
            store.take_care(number, person, utc_ms())
        says = "no longer sees" if end else "sees, and nobody who is not named so,"
        aside.print(f"{name}: {says} {label}", highlight=False)

    def _list(self, store: Store) -> None:
        found = store.accounts()
        if self._as_json:
            print_json(plain(found.drop(columns="made_ms")))
            return
        if found.empty:
            aside.print("no account yet: `talus show --pages` prints an address that makes the first", highlight=False)
            return
        rows = [
            [one["name"], one["role"], _sees(one), _state(one)] for one in found.to_dict("records")
        ]  # fmt: skip
        print_table("", ("name", "role", "sees", "state"), rows, left=4)

    def _trail(self, store: Store, person: str | None, last: int) -> None:
        found, chain = store.trail(person, last), store.verify_trail()
        if self._as_json:
            told = found.assign(at_utc=found["at_utc"].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
            print_json({"rows": plain(told), "whole": not chain.broken, "first_broken": chain.broken, "end": chain.end})
        else:
            rows = [
                [f"{one['at_utc']:%Y-%m-%d %H:%M:%S}", one["role"], _whole(one["account"]), one["action"],
                 _whole(one["person"]), one["what"]]
                for one in found.to_dict("records")
            ]  # fmt: skip
            print_table("", ("UTC", "role", "account", "action", "person", "what"), rows, left=6)
            if not chain.broken:
                aside.print(f"{chain.rows} rows, unbroken; they end in {chain.end[:16] or 'nothing'}", highlight=False)
        if chain.broken:
            raise StoreError(f"the trail was changed: row {chain.broken} is not as it was written, or is gone")


def _sees(one: dict[str, object]) -> str:
    if one["role"] == "orthotist":
        return "everybody" if one["everybody"] else "those in care"
    return str(one["label"]) if one["role"] == "patient" else "devices"


def _state(one: dict[str, object]) -> str:
    if one["closed"]:
        return "closed"
    return "open" if one["has_password"] else "no password yet"


def _whole(value: float) -> str:
    return "" if value != value else f"{value:.0f}"
