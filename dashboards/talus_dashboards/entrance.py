"""The entrance by accounts: who has a session passes as its account; everybody else meets a form, or 401.

A page opened without a session leads to the form and back; anything else without one is refused. What changes anything
is posted, and carries what only a page of that session knows: a hidden field of a form, a header of a page's callback.
So a tab left open under another account asks in nobody's name. The cookie is SameSite=Lax: a link from elsewhere may
open a page, and nothing a GET does changes data.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import TypeVar

from talus_dashboards import doorway, scripts
from talus_dashboards.asked import (
    Pairs,
    Receive,
    Scope,
    Send,
    answer,
    cookie_of,
    fields_of,
    form_of,
    inside,
    language_of,
)
from talus_dashboards.errors import Denied, ReadError, Refused
from talus_dashboards.identity import Who
from talus_dashboards.keeper import Keeper
from talus_dashboards.words import LANGUAGES, Words

T = TypeVar("T")

LOGIN, LOGOUT, FIRST, ENTER, PASSWORD = "/login", "/logout", "/first", "/enter", "/password"
CLOSED = ("/_", "/assets/", scripts.FOLDER)  # never a page: no form is shown instead
FORM_HEADER = "x-csrftoken"
NEXT_MOST = 500
ANOTHER = (("x-talus", "another"),)  # tells a page's script that it is another account's by now


class Accounts:
    """Lets in by the sessions of `keeper`. secure: the pages are served over TLS."""

    forms = frozenset({LOGIN, LOGOUT, FIRST, ENTER, PASSWORD})

    def __init__(self, keeper: Keeper, *, secure: bool = False) -> None:
        self._keeper = keeper
        # Named by the database: another's pages on another port do not log this one's visitors out.
        self._cookie = ("__Host-" if secure else "") + f"talus_{keeper.mark}"
        self._form_cookie = f"{self._cookie}_form"
        self._form_key = secrets.token_bytes(32)
        self._end = "; Path=/; HttpOnly; " + ("Secure; " if secure else "")

    async def admit(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str]) -> Who | None:
        """Who asks; None where that was answered here."""
        language = language_of(headers)
        words = LANGUAGES[language]
        token = cookie_of(headers, self._cookie)
        try:
            who = await asyncio.to_thread(self._keeper.who, token, language) if token else None
            if scope["path"] in self.forms:
                await self._form(scope, receive, send, headers, who, LANGUAGES[who.language] if who else words)
            elif who is None:
                await self._refuse(scope, send, headers, words)
            elif scope["method"] == "POST" and not _same(headers.get(FORM_HEADER, ""), who.form):
                await answer(send, 403, words.door.ANOTHER, ANOTHER)
            else:
                return who
        except ReadError:
            await answer(send, 503, f"{words.TROUBLE_TITLE}. {words.TROUBLE}")
        return None

    async def _refuse(self, scope: Scope, send: Send, headers: Mapping[str, str], words: Words) -> None:
        wants = headers.get("sec-fetch-mode", "navigate" if "text/html" in headers.get("accept", "") else "")
        if scope["method"] == "GET" and wants == "navigate" and not scope["path"].startswith(CLOSED):
            here = "" if scope["path"] == "/" else scope["path"]
            await answer(send, 303, "", (("location", doorway.to_login(here)),))
        else:
            await answer(send, 401, words.door.CLOSED)

    async def _form(
        self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str], who: Who | None, words: Words
    ) -> None:
        """One of the forms: shown, or taken."""
        seed = cookie_of(headers, self._form_cookie) or secrets.token_urlsafe(16)
        hidden = who.form if who else hmac.new(self._form_key, seed.encode(), hashlib.sha256).hexdigest()
        asked = Asked(self, who, words, hidden, fields_of(scope))
        path, posts = scope["path"], scope["method"] == "POST"
        if posts:
            try:
                asked.fields = await form_of(headers, receive)
            except ValueError:
                await answer(send, 400, words.door.STALE)
                return
            if not _same(asked.fields.get("form", ""), hidden):
                await answer(send, 403, asked.stale(path), kind="text/html")
                return
        taken = TAKEN if posts else SHOWN
        # HEAD looks, and uses nothing up.
        reply = await taken[path](asked) if scope["method"] != "HEAD" else doorway.Reply("", 200)
        cookies: Pairs = reply.headers
        if reply.session is not None:
            cookies += (("set-cookie", await self._kept(reply.session, words)),)
        elif not who and not cookie_of(headers, self._form_cookie):
            cookies += (("set-cookie", f"{self._form_cookie}={seed}{self._end}SameSite=Strict"),)
        await answer(send, reply.status, reply.html, cookies, kind="text/html")

    async def _kept(self, session: str, words: Words) -> str:
        """The cookie of a session; "" takes it away."""
        if not session:
            return f"{self._cookie}={self._end}SameSite=Lax; Max-Age=0"
        who = await asyncio.to_thread(self._keeper.who, session, words.LANG)
        lasts_s = self._keeper.lasts_s(who) if who else None
        return f"{self._cookie}={session}{self._end}SameSite=Lax" + (f"; Max-Age={lasts_s}" if lasts_s else "")

    @property
    def keeper(self) -> Keeper:
        return self._keeper


class Asked:
    """One form asked for: by whom, in which language, with which fields."""

    def __init__(self, entrance: Accounts, who: Who | None, words: Words, hidden: str, fields: dict[str, str]) -> None:
        self.keeper = entrance.keeper
        self.who = who
        self.words = words
        self.fields = fields
        self.hidden = hidden

    @property
    def show(self) -> doorway.Doorway:
        return doorway.Doorway(self.words, self.hidden)

    @property
    def next(self) -> str:
        return self.fields.get("next", "")[:NEXT_MOST]

    def stale(self, path: str) -> str:
        back = f"{FIRST}?invitation={self.fields.get('invitation', '')}" if path == FIRST else path
        return self.show.stale(back)

    async def tried(self, work: Callable[[], T], again: Callable[[str], str]) -> T | doorway.Reply:
        """What `work` gives, or the form again with the line that says why not."""
        door = self.words.door
        try:
            return await asyncio.to_thread(work)
        except Denied as error:
            return self.show.denied(error.wait_s, again)
        except Refused as error:
            rule = door.PASSWORD_RULE if str(error).startswith("password") else door.NAME_RULE
            return doorway.Reply(again(rule), 422)
        except ReadError:
            return doorway.Reply(again(door.READ_ONLY), 503)


async def show_login(asked: Asked) -> doorway.Reply:
    if asked.who is not None:
        return doorway.to(inside(asked.next))
    empty = await asyncio.to_thread(asked.keeper.empty)
    if empty:
        return doorway.Reply(asked.show.unmade(), 200)
    return doorway.Reply(asked.show.login(asked.next, again="again" in asked.fields), 200)


async def take_login(asked: Asked) -> doorway.Reply:
    name, password = asked.fields.get("name", ""), asked.fields.get("password", "")
    token = await asked.tried(
        lambda: asked.keeper.log_in(name, password), lambda why: asked.show.login(asked.next, name=name, why=why)
    )
    if isinstance(token, doorway.Reply):
        return token
    await _end_old(asked)
    return doorway.to(inside(asked.next), token)


async def show_first(asked: Asked) -> doorway.Reply:
    token = asked.fields.get("invitation", "")
    try:
        name = await asyncio.to_thread(asked.keeper.invitee, token)
    except Denied:
        return doorway.to("/") if asked.who else doorway.Reply(asked.show.used(), 403)
    return doorway.Reply(asked.show.first(token, name), 200)


async def take_first(asked: Asked) -> doorway.Reply:
    token, name = asked.fields.get("invitation", ""), asked.fields.get("name", "")
    password, again = asked.fields.get("password", ""), asked.fields.get("again", "")
    shown = await show_first(asked)
    if shown.status != 200:
        return shown
    invitee = await asyncio.to_thread(asked.keeper.invitee, token)

    def form(why: str) -> str:
        return asked.show.first(token, invitee, name, why)

    if password != again:
        return doorway.Reply(form(asked.words.door.NOT_TWICE), 422)
    session = await asked.tried(lambda: asked.keeper.choose(token, name, password), form)
    if isinstance(session, doorway.Reply):
        return session
    await _end_old(asked)
    return doorway.to("/", session)


async def enter(asked: Asked) -> doorway.Reply:
    """The one form that a GET answers by letting in: an address printed for one click."""
    try:
        session = await asyncio.to_thread(asked.keeper.enter, asked.fields.get("invitation", ""))
    except Denied:
        return doorway.to("/") if asked.who else doorway.Reply(asked.show.used(), 403)
    await _end_old(asked)
    return doorway.to("/", session)


async def show_password(asked: Asked) -> doorway.Reply:
    return doorway.Reply(asked.show.password(), 200) if asked.who else doorway.to(doorway.to_login(PASSWORD))


async def take_password(asked: Asked) -> doorway.Reply:
    who = asked.who
    if who is None:
        return doorway.to(doorway.to_login(PASSWORD))
    old, new = asked.fields.get("old", ""), asked.fields.get("password", "")
    if new != asked.fields.get("again", ""):
        return doorway.Reply(asked.show.password(asked.words.door.NOT_TWICE), 422)
    session = await asked.tried(lambda: asked.keeper.change_password(who, old, new), asked.show.password)
    return session if isinstance(session, doorway.Reply) else doorway.to("/account", session)


async def show_logout(asked: Asked) -> doorway.Reply:
    return doorway.Reply(asked.show.logout(), 200) if asked.who else doorway.to(LOGIN)


async def take_logout(asked: Asked) -> doorway.Reply:
    who = asked.who
    if who is None:
        return doorway.to(LOGIN)
    everywhere = "everywhere" in asked.fields
    done = await asked.tried(lambda: asked.keeper.log_out(who, everywhere), asked.show.logout)
    return done if isinstance(done, doorway.Reply) else doorway.to(LOGIN, "")


async def _end_old(asked: Asked) -> None:
    """A login leaves no older session of this browser behind."""
    if asked.who is not None:
        await asyncio.to_thread(asked.keeper.log_out, asked.who, False)


SHOWN = {LOGIN: show_login, FIRST: show_first, ENTER: enter, PASSWORD: show_password, LOGOUT: show_logout}
TAKEN = {LOGIN: take_login, FIRST: take_first, ENTER: enter, PASSWORD: take_password, LOGOUT: take_logout}


def _same(given: str, kept: str) -> bool:
    return bool(kept) and hmac.compare_digest(given.encode(), kept.encode())
