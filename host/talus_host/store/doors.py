"""The store's verbs of who gets in and who looked: accounts, passwords, sessions, care, the trail. now_ms is the moment
it is done, UTC. Store is one of these. Passwords are worked on outside of every transaction: that takes its time."""

import pandas as pd
from sqlalchemy import Engine

from talus_host.errors import DeniedError, InputError
from talus_host.store import accounts, attempts, passwords, people, sessions, trail
from talus_host.store.engine import reading, writing
from talus_host.store.people import Person
from talus_host.store.trail import Chain


class Doors:
    """A part of Store: what it promises is said in the modules it calls."""

    engine: Engine

    # -- accounts -------------------------------------------------------------------------------------------------

    def has_accounts(self) -> bool:
        with reading(self.engine) as connection:
            return accounts.any_there(connection)

    def accounts(self) -> pd.DataFrame:
        """See accounts.every."""
        with reading(self.engine) as connection:
            return accounts.every(connection)

    def account(self, name: str) -> int:
        """The number of an open account. Raises InputError."""
        with reading(self.engine) as connection:
            row = accounts.by_name(connection, name)
        if row is None:
            raise InputError(f"name {name!r}: there is no account of that name, or it is closed")
        return int(row.id)

    def add_account(
        self, name: str, role: str, now_ms: int, person: Person | None = None, *, everybody: bool = True
    ) -> int:
        """A new account without a password, to be invited: see accounts.add."""
        number = None if person is None else people.number_of(person)
        with writing(self.engine) as connection:
            account = accounts.add(connection, name, role, number, everybody, None, now_ms)
            trail.add(connection, now_ms, "account", number, f"account {account}, {role}")
            return account

    def add_first_account(self, name: str, password: str, now_ms: int) -> str:
        """The first account of all, an orthotist's who sees everybody; returns a session's token. Raises DeniedError
        where there is one already, InputError."""
        passwords.check(password, accounts.check_name(name))
        kept = passwords.hashed(password)
        with writing(self.engine) as connection:
            if accounts.any_there(connection):
                raise DeniedError("first account: there is one already")
            account = accounts.add(connection, name, "orthotist", None, True, kept, now_ms)
            trail.add(connection, now_ms, "account", None, "the first", role="orthotist", account=account)
            return sessions.begin(connection, account, now_ms)

    def close_account(self, account: int, now_ms: int) -> None:
        """Nobody gets in by it any more; who is in is out."""
        with writing(self.engine) as connection:
            accounts.row_of(connection, account)
            accounts.change(connection, account, closed_ms=now_ms, password=None)
            accounts.shut_out(connection, account)
            trail.add(connection, now_ms, "account closed", None, f"account {account}")

    def set_language(self, account: int, language: str, now_ms: int) -> None:
        """The language of an account's pages."""
        if not language.isalpha() or len(language) > accounts.LANGUAGE_MOST:
            raise InputError(f"language {language!r}: is none")
        with writing(self.engine) as connection:
            role = accounts.row_of(connection, account).role
            accounts.change(connection, account, language=language)
            trail.add(connection, now_ms, "language", None, language, role=role, account=account)

    def take_care(self, account: int, person: Person, now_ms: int) -> None:
        """See accounts.take_care."""
        number = people.number_of(person)
        with writing(self.engine) as connection:
            accounts.take_care(connection, account, number, now_ms)
            trail.add(connection, now_ms, "care", number, f"account {account}")

    def end_care(self, account: int, person: Person, now_ms: int) -> None:
        """See accounts.end_care."""
        number = people.number_of(person)
        with writing(self.engine) as connection:
            accounts.end_care(connection, account, number, now_ms)
            trail.add(connection, now_ms, "care ended", number, f"account {account}")

    def seers(self, person: Person, now_ms: int) -> pd.DataFrame:
        """See accounts.seers."""
        with reading(self.engine) as connection:
            return accounts.seers(connection, people.number_of(person), now_ms)

    # -- in and out -----------------------------------------------------------------------------------------------

    def log_in(self, name: str, password: str, now_ms: int) -> str:
        """A session's token. Raises DeniedError, the same for a wrong password and for a name nobody has."""
        account = self._proved(name, password, now_ms)
        with writing(self.engine) as connection:
            role = accounts.row_of(connection, account).role
            trail.add(connection, now_ms, "log in", None, "", role=role, account=account)
            return sessions.begin(connection, account, now_ms)

    def _proved(self, name: str, password: str, now_ms: int) -> int:
        """The account whose name and password these are. Each way through does the same work. Raises DeniedError."""
        with writing(self.engine) as connection:
            until_ms = attempts.charge(connection, name, now_ms)
            row = accounts.by_name(connection, name)
        if not passwords.fits(row.password if row else None, password) or row is None:
            role, account = (row.role, int(row.id)) if row else ("", None)
            with writing(self.engine) as connection:
                trail.add(connection, now_ms, "log in refused", None, "", role=role, account=account)
            raise DeniedError("name or password: is not right", until_ms)
        renewed = passwords.hashed(password) if passwords.outdated(row.password) else row.password
        with writing(self.engine) as connection:
            attempts.forget(connection, name)
            if accounts.row_of(connection, row.id).password == row.password:  # nobody has set another meanwhile
                accounts.change(connection, row.id, password=renewed)
        return int(row.id)

    def session(self, token: str, now_ms: int) -> sessions.Visitor | None:
        """See sessions.find."""
        return sessions.find(self.engine, token, now_ms)

    def log_out(self, visitor: sessions.Visitor, now_ms: int, *, everywhere: bool = False) -> None:
        """End this session, or all of its account."""
        with writing(self.engine) as connection:
            if everywhere:
                sessions.end_all(connection, visitor.account)
            sessions.end(connection, visitor.session)
            action = "log out everywhere" if everywhere else "log out"
            trail.add(connection, now_ms, action, None, "", role=visitor.role, account=visitor.account)

    def set_password(self, account: int, password: str, now_ms: int) -> None:
        """Another password; every session and invitation of the account ends. Raises InputError."""
        with reading(self.engine) as connection:
            name = accounts.row_of(connection, account).name
        passwords.check(password, name)
        kept = passwords.hashed(password)
        with writing(self.engine) as connection:
            role = accounts.row_of(connection, account).role
            accounts.change(connection, account, password=kept)
            accounts.shut_out(connection, account)
            attempts.forget(connection, name)
            trail.add(connection, now_ms, "password", None, "", role=role, account=account)

    def change_password(self, visitor: sessions.Visitor, old: str, new: str, now_ms: int) -> str:
        """The same by somebody logged in, who knows the old one; returns a new session's token. Raises DeniedError."""
        passwords.check(new, visitor.name)
        account = self._proved(visitor.name, old, now_ms)
        self.set_password(account, new, now_ms)
        with writing(self.engine) as connection:
            return sessions.begin(connection, account, now_ms)

    def invite(self, account: int, now_ms: int) -> str:
        """See sessions.invite."""
        with writing(self.engine) as connection:
            trail.add(connection, now_ms, "invitation", None, f"account {account}")
            return sessions.invite(connection, account, now_ms)

    def invited(self, token: str, now_ms: int) -> str:
        """The name of the account an invitation is for. Raises DeniedError."""
        with reading(self.engine) as connection:
            return str(accounts.row_of(connection, sessions.invited(connection, token, now_ms)).name)

    def enter_invited(self, token: str, now_ms: int, password: str | None = None) -> str:
        """Use an invitation, and choose a password by it; returns a session's token. Raises DeniedError, InputError."""
        kept = None
        if password is not None:
            passwords.check(password, self.invited(token, now_ms))
            kept = passwords.hashed(password)
        with writing(self.engine) as connection:
            account = sessions.use(connection, token, now_ms)
            row = accounts.row_of(connection, account)
            if kept is not None:
                accounts.shut_out(connection, account)
                accounts.change(connection, account, password=kept)
                attempts.forget(connection, row.name)
            action = "log in" if kept is None else "password"
            trail.add(connection, now_ms, action, None, "by invitation", role=row.role, account=account)
            return sessions.begin(connection, account, now_ms)

    # -- the trail ------------------------------------------------------------------------------------------------

    def add_trail(
        self, now_ms: int, role: str, account: int | None, action: str, person: Person | None, what: str
    ) -> None:
        """See trail.add."""
        number = None if person is None else people.number_of(person)
        with writing(self.engine) as connection:
            trail.add(connection, now_ms, action, number, what, role=role, account=account)

    def trail(self, person: Person | None = None, last: int = 1000, without: int | None = None) -> pd.DataFrame:
        """See trail.every."""
        with reading(self.engine) as connection:
            return trail.every(connection, None if person is None else people.number_of(person), last, without)

    def verify_trail(self) -> Chain:
        """See trail.verify."""
        with reading(self.engine) as connection:
            return trail.verify(connection)
