"""`talus account`: who may log in, said at the command line; a password is typed and never given."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from host.commands import Talus, refused
from rich.console import Console

from talus_host.errors import DeniedError
from talus_host.store import Store, passwords
from talus_host.verbs import account, pages
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.demo_accounts import DemoAccounts

SECRET = "seven green chairs"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("A", "UTC")
        store.add_person("B", "UTC")
    return tmp_path


def opened(home: Path) -> Store:
    return Store(home / "talus.db", create=False)


def test_an_account_is_added_with_an_address_that_lets_in_once(talus: Talus, home: Path) -> None:
    done = talus("account", "add", "pat", "--role", "patient", "--person", "A", home=home)
    assert done.returncode == 0 and done.stdout.startswith("/first?invitation=") and "within 3 days" in done.stderr
    with opened(home) as store:
        token = done.stdout.strip().split("=", 1)[1]
        visitor = store.session(store.enter_invited(token, utc_ms(), SECRET), utc_ms())
        assert visitor and (visitor.name, visitor.role, visitor.person) == ("pat", "patient", "1")
    told = json.loads(talus("account", "list", "--json", home=home).stdout)
    assert told[0] | {"language": ""} == {
        "account": 1, "name": "pat", "role": "patient", "person_id": "1", "label": "A", "everybody": False,
        "has_password": True, "language": "", "closed": False,
    }  # fmt: skip


def test_an_orthotist_sees_everybody_or_those_named(talus: Talus, home: Path) -> None:
    talus("account", "add", "all", "--role", "orthotist", home=home)
    talus("account", "add", "few", "--role", "orthotist", "--person", "A", home=home)
    talus("account", "care", "few", "--person", "B", home=home)
    talus("account", "care", "few", "--person", "A", "--end", home=home)
    with opened(home) as store:
        for name, people in (("all", None), ("few", {"2"})):
            token = store.enter_invited(store.invite(store.account(name), utc_ms()), utc_ms())
            visitor = store.session(token, utc_ms())
            assert visitor and visitor.people == people
    table = talus("account", home=home).stdout
    assert "everybody" in table and "those in care" in table and "no password yet" in table


def test_a_password_is_typed_twice_and_ends_what_was(talus: Talus, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    talus("account", "add", "dev", "--role", "developer", home=home)
    with opened(home) as store:
        token = store.enter_invited(store.invite(1, utc_ms()), utc_ms())
    asked = []
    monkeypatch.setattr(account.typer, "prompt", lambda *words, **how: asked.append(how) or SECRET)
    assert talus("account", "password", "dev", home=home).returncode == 0
    assert asked[0]["hide_input"] and asked[0]["confirmation_prompt"]
    with opened(home) as store:
        assert store.session(token, utc_ms()) is None
        store.log_in("dev", SECRET, utc_ms())
    monkeypatch.setattr(account.typer, "prompt", lambda *words, **how: "short")
    refused(talus("account", "password", "dev", home=home), 65, "password: has fewer than 12 characters")


def test_closing_is_for_good(talus: Talus, home: Path) -> None:
    talus("account", "add", "dev", "--role", "developer", home=home)
    assert talus("account", "close", "dev", home=home).returncode == 0
    refused(talus("account", "invite", "dev", home=home), 65, "'dev'", "or it is closed")
    refused(talus("account", "add", "dev", "--role", "developer", home=home), 65, "there is an account of that name")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("frobnicate",), 64, "is none of add"),
        (("add", "x1"), 64, "--role belongs to add"),
        (("add", "--role", "patient"), 64, "needs a name"),
        (("list", "x1"), 64, "takes no name"),
        (("add", "x1", "--role", "king"), 65, "role 'king'"),
        (("add", "x1", "--role", "patient"), 65, "needs one"),
        (("add", "x1", "--role", "patient", "--person", "Z"), 65, "'Z'"),
        (("add", "x1", "--role", "developer", "--person", "A"), 65, "person: a developer is none"),
        (("care", "x1"), 64, "give --person"),
        (("care", "x1", "--person", "A"), 65, "no account of that name"),
        (("close", "x1"), 65, "no account of that name"),
        (("close", "x1", "--end"), 64, "--end belongs to care"),
    ],
)
def test_what_does_not_fit_is_one_line(talus: Talus, home: Path, words: tuple[str, ...], code: int, says: str) -> None:
    refused(talus("account", *words, home=home), code, says)


def test_the_trail_is_printed_and_a_forged_one_is_an_error(talus: Talus, home: Path) -> None:
    talus("account", "add", "pat", "--role", "patient", "--person", "A", home=home)
    done = talus("account", "trail", home=home)
    assert done.returncode == 0 and "2 rows, unbroken" in done.stderr and "account 1, patient" in done.stdout
    told = json.loads(talus("account", "trail", "--person", "A", "--json", home=home).stdout)
    assert [row["action"] for row in told["rows"]] == ["account"] and told["whole"] and told["first_broken"] == 0
    with sqlite3.connect(home / "talus.db") as connection:
        connection.executescript("DROP TRIGGER audit_never_update; UPDATE audit SET what = '' WHERE id = 1")
    connection.close()
    done = talus("account", "trail", home=home)
    assert done.returncode == 74 and "row 1 is not as it was written" in done.stderr


def test_the_demo_makes_its_accounts_once_and_addresses_at_every_start(home: Path) -> None:
    with opened(home) as store:
        first = DemoAccounts(store, "1", utc_ms).opens("http://127.0.0.1:8050/")
        second = DemoAccounts(store, "1", utc_ms).opens("http://127.0.0.1:8050/")
        assert store.accounts()["role"].tolist() == ["patient", "orthotist", "developer"]
        lines = [line.split() for line in second.splitlines() if "/enter?" in line]
        assert [words[1] for words in lines] == ["patient", "orthotist", "developer"]
        for words in lines:
            visitor = store.session(store.enter_invited(words[2].split("=", 1)[1], utc_ms()), utc_ms())
            assert visitor and visitor.role == words[1]
        with pytest.raises(DeniedError):
            store.enter_invited(first.splitlines()[0].split("=", 1)[1], utc_ms())


def test_an_address_stays_one_line_in_a_narrow_terminal(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    """Eighty columns: an address cut in two opens nothing."""
    stop = asyncio.Event()
    narrow = Console(width=80, markup=False, emoji=False)

    async def serve(store: Store) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(0.5, stop.set)
        await pages.serve_pages(store, pages.Listening(0), "", stopped=stop.wait)

    with opened(home) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "result", narrow)
        asyncio.run(serve(store))
    line = next(line for line in capsys.readouterr().out.splitlines() if "http" in line)
    assert len(line.split("invitation=")[1]) == 43  # 256 bits in base64
