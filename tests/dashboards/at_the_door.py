"""A database with accounts behind the gate, and a caller without a browser who keeps cookies as one would."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from dashboards.visiting import Answer, Visitor

from talus_dashboards.app import create_app
from talus_dashboards.desk import Desk
from talus_dashboards.keeper import Keeper
from talus_host.store import Store

SECRET, OTHER = "seven green chairs", "eight yellow tables"
MINE, THEIRS = "quiet heron", "loud wombat"  # labels of the two people
START = datetime(2026, 11, 20, 14, 32, tzinfo=UTC)
ACCOUNTS = (("pat", "patient", "1"), ("tap", "patient", "2"), ("ortho", "orthotist", None), ("dev", "developer", None))


class House:
    """Two people, an account of each role, and a clock that is set by hand."""

    def __init__(self, path: Path, *, accounts: bool = True) -> None:
        self.now = START
        self.store = Store(path)
        if not len(self.store.people()):
            for label in (MINE, THEIRS):
                self.store.add_person(label, "Europe/Berlin", 8.0)
            for name, role, person in ACCOUNTS if accounts else ():
                number = self.store.add_account(name, role, self.now_ms, person)
                self.store.set_password(number, SECRET, self.now_ms)
        self.restart()

    def restart(self) -> None:
        """The pages anew over the same database."""
        self.keeper = Keeper(self.store, lambda: self.now)
        desk = Desk(self.store, lambda: self.now)
        app = create_app(self.store, "", now=lambda: self.now, desk=desk, keeper=self.keeper)
        self.visitor = Visitor(app)

    @property
    def now_ms(self) -> int:
        return int(self.now.timestamp() * 1000)

    def pass_time(self, **spans: float) -> None:
        self.now += timedelta(**spans)

    def caller(self) -> "Caller":
        return Caller(self.visitor)

    def inside(self, name: str) -> "Caller":
        """A caller who has logged in."""
        caller = self.caller()
        assert caller.log_in(name).status == 303
        return caller


@dataclass
class Caller:
    """Keeps what it is told to keep."""

    visitor: Visitor
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, *, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.visitor.ask(path, method=method, body=body, **{"cookie": cookie} | headers)
        kept = answer.headers.get("set-cookie")
        if kept:
            name, _, value = kept.split(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in kept:
                del self.cookies[name]
        return answer

    def open(self, path: str) -> Answer:
        """As a browser opens a page."""
        return self.ask(path, accept="text/html", sec_fetch_mode="navigate", sec_fetch_site="none")

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        headers = {"content_type": "application/x-www-form-urlencoded"} | headers
        return self.ask(path, method="POST", body=urlencode(fields).encode(), **headers)

    def fill(self, path: str, **fields: str) -> Answer:
        """Open a form, fill it in, send it."""
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', self.open(path).text))
        return self.post(path.split("?")[0], hidden | fields)

    def log_in(self, name: str, password: str = SECRET) -> Answer:
        return self.fill("/login", name=name, password=password)

    @property
    def form(self) -> str:
        """What a page of this session sends along."""
        return re.findall(r'name="talus-form" content="([^"]*)"', self.open("/").text)[0]

    def call(self, outputs: list[tuple[str, str]], inputs: dict[tuple[str, str], Any], **more: Any) -> Answer:
        """One callback, as a page or a forger sends it."""
        named = [{"id": name, "property": prop} for name, prop in outputs]
        given = [{"id": name, "property": prop, "value": value} for (name, prop), value in inputs.items()]
        text = ".".join(f"{name}.{prop}" for name, prop in outputs)
        body = {
            "output": f"..{'...'.join(f'{name}.{prop}' for name, prop in outputs)}.." if len(outputs) > 1 else text,
            "outputs": named if len(outputs) > 1 else named[0],
            "inputs": given,
            "changedPropIds": [f"{name}.{prop}" for name, prop in inputs],
            "state": more.pop("state", []),
        }
        form = more.pop("form", None) or self.form
        sent = {"content_type": "application/json", "x_csrftoken": form} | more
        return self.ask("/_dash-update-component", method="POST", body=json.dumps(body).encode(), **sent)

    def turn(self, path: str, **more: Any) -> Answer:
        """The callback that opens a page."""
        return self.call([("main", "children"), ("nav", "children")], {("url", "pathname"): path}, **more)
