"""The door in front of everything a browser can ask for: pages, callbacks, assets, sockets. Closed by default.

Dash's own hooks do not cover assets, page routes and sockets on this backend, so the check is here, in plain ASGI,
outside Dash. A request passes only to a name these pages go by, from our own pages, and by an entrance: accounts and
sessions, or the token of a run. Cookies do not keep ports apart: hence Origin and Sec-Fetch-Site beside SameSite.
"""

from collections.abc import Mapping
from typing import Protocol

from talus_dashboards import scripts
from talus_dashboards.asked import App, Message, Receive, Scope, Send, answer, headers_of, language_of
from talus_dashboards.forms import POLICY as FORM_POLICY
from talus_dashboards.identity import Who, asking
from talus_dashboards.words import LANGUAGES

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
METHODS = frozenset({"GET", "HEAD", "POST"})
CACHEABLE = ("/assets/", "/_dash-component-suites/", scripts.FOLDER)
HSTS = "max-age=31536000"  # a year, as RFC 6797 and OWASP give it
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def policy(script_hashes: list[str]) -> str:
    """Return the Content-Security-Policy. Mantine and plotly write style attributes; nothing else is allowed inline."""
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(["script-src 'self'", *script_hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


class Entrance(Protocol):
    """A way in. `forms`: the paths it answers with plain HTML forms of its own."""

    forms: frozenset[str]

    async def admit(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str]) -> Who | None:
        """Who asks; None where the request was answered here."""


class Gate:
    """ASGI middleware. `app` sees a request only after every check, as from whom the entrance admits.

    csp goes out with each answer but the entrance's forms'. names: by which these pages may be asked for, beside this
    machine's own.
    """

    def __init__(self, app: App, entrance: Entrance, csp: str, names: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._entrance = entrance
        self._csp = csp
        self._names = LOCAL_NAMES | names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, self._hardened(scope, send))
        else:  # no page uses a socket; before accept, a close is a 403
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        words = LANGUAGES[language_of(headers)]
        if _name(headers.get("host", "")) not in self._names:
            await answer(send, 403, words.FOREIGN_HOST)
        elif not _own(scope, headers):
            await answer(send, 403, words.FOREIGN_ORIGIN)
        elif scope["method"] not in METHODS:
            await answer(send, 405, words.MISSING_PAGE)
        elif (who := await self._entrance.admit(scope, receive, send, headers)) is not None:
            asking.set(who)
            await self._app(scope, receive, send)

    def _hardened(self, scope: Scope, send: Send) -> Send:
        fixed = HEADERS | {"content-security-policy": self._csp}
        if scope.get("path", "") in self._entrance.forms:
            # Without a referrer a browser posts a form from "null", which is nobody's origin.
            fixed |= {"content-security-policy": FORM_POLICY, "referrer-policy": "same-origin"}
        if not scope.get("path", "").startswith(CACHEABLE):
            fixed |= {"cache-control": "no-store"}
        if scope.get("scheme") == "https" and _name(headers_of(scope).get("host", "")) not in LOCAL_NAMES:
            fixed |= {"strict-transport-security": HSTS}  # never of localhost: other programs listen there, too

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message.get("headers", []) if k.decode("latin-1").lower() not in fixed]
                own = [(name.encode(), value.encode()) for name, value in fixed.items()]
                message = {**message, "headers": kept + own}
            await send(message)

        return hardened


def _name(host: str) -> str:
    """Return a Host header's name without its port: "[::1]:8050" -> "[::1]"."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def _own(scope: Scope, headers: dict[str, str]) -> bool:
    """Whether one of our pages asks, or a person who typed the address or followed a link to a page."""
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"{scope.get('scheme', 'http')}://{headers.get('host', '')}".lower():
        return False
    site = headers.get("sec-fetch-site", "none")
    if site in ("none", "same-origin"):
        return True
    return scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
