"""What the entrance says: each form in the asker's language, with the line that says why it is there again."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from talus_dashboards import forms
from talus_dashboards.asked import Pairs
from talus_dashboards.words import Words


@dataclass(frozen=True)
class Reply:
    """session: a token to keep in the browser, "" to take it away, None to leave it."""

    html: str
    status: int
    headers: Pairs = ()
    session: str | None = None


def to(path: str, session: str | None = None) -> Reply:
    """Go there."""
    return Reply("", 303, (("location", path),), session)


def to_login(path: str) -> str:
    """The form's address, and where to go afterwards."""
    return "/login?" + urlencode({"next": path}) if path else "/login"


class Doorway:
    """The forms. hidden: what a post must send back."""

    def __init__(self, words: Words, hidden: str) -> None:
        self._words = words
        self._door = words.door
        self._hidden = hidden

    def _page(self, title: str, *parts: str) -> str:
        return forms.page(self._words, title, *parts)

    def _form(self, path: str, *parts: str, **hidden: str) -> str:
        return forms.form(path, {"form": self._hidden, **hidden}, *parts)

    def login(self, after: str, *, name: str = "", why: str = "", again: bool = False) -> str:
        door = self._door
        return self._page(
            door.LOGIN_TITLE,
            forms.say(door.LOGIN_AGAIN if again and not why else ""),
            forms.alert(why),
            self._form(
                "/login",
                forms.field("name", door.NAME, fills="username", first=not name, value=name),
                forms.field("password", door.PASSWORD, kind="password", fills="current-password", first=bool(name)),
                forms.button(door.LOGIN),
                next=after,
            ),
            forms.say(door.FORGOTTEN),
        )

    def unmade(self) -> str:
        """No account was made yet."""
        return self._page(self._door.LOGIN_TITLE, forms.say(self._door.UNMADE))

    def used(self) -> str:
        """An invitation that is none any more."""
        door = self._door
        return self._page(door.USED_TITLE, forms.alert(door.USED), forms.link("/login", door.LOGIN))

    def stale(self, path: str) -> str:
        door = self._door
        return self._page(door.STALE_TITLE, forms.alert(door.STALE), forms.link(path, door.STALE_AGAIN))

    def denied(self, wait_s: int | None, again: Callable[[str], str]) -> Reply:
        """Not let in; which part was wrong is not told, nor whether there is such a name."""
        if wait_s is None:
            return Reply(again(self._door.WRONG), 403)
        minutes = -(-wait_s // 60)
        wait = self._words.plural(minutes, *self._door.MINUTE_PLURAL)
        return Reply(again(self._door.WAIT.format(wait=wait)), 429, (("retry-after", str(wait_s)),))

    def first(self, invitation: str, invitee: str, name: str = "", why: str = "") -> str:
        """Choose a password; where nobody is invited by name, a name, too: the first account of all."""
        door = self._door
        if invitee:
            told = forms.say(door.INVITED.format(name=invitee))
            asks = forms.field("name", door.NAME, fills="username", value=invitee).replace(" required", " readonly")
        else:
            told = forms.say(door.FIRST)
            asks = forms.field("name", door.NAME, fills="username", hint=door.NAME_HINT, first=True, value=name)
        return self._page(
            door.FIRST_TITLE,
            told,
            forms.alert(why),
            self._form("/first", asks, *self._twice(first=bool(invitee)), invitation=invitation),
        )

    def _twice(self, first: bool = False) -> tuple[str, ...]:
        door = self._door
        hint, fills = door.PASSWORD_HINT, "new-password"
        return (
            forms.field("password", door.PASSWORD_NEW, kind="password", fills=fills, hint=hint, first=first),
            forms.field("again", door.PASSWORD_AGAIN, kind="password", fills=fills),
            forms.button(door.SAVE),
        )

    def password(self, why: str = "") -> str:
        door = self._door
        old = forms.field("old", door.PASSWORD_OLD, kind="password", fills="current-password", first=True)
        return self._page(
            door.CHANGE_TITLE,
            forms.say(door.CHANGE),
            forms.alert(why),
            self._form("/password", old, *self._twice()),
            forms.link("/account", door.BACK),
        )

    def logout(self, why: str = "") -> str:
        door = self._door
        return self._page(
            door.LOGOUT_TITLE,
            forms.alert(why),
            self._form(
                "/logout", forms.button(door.LOGOUT), forms.button(door.LOGOUT_ALL, name="everywhere", second=True)
            ),
            forms.link("/", door.BACK),
        )
