"""The door in front of everything a browser can ask for: pages, callbacks, assets, sockets. Closed by default.

Dash's own hooks do not cover assets, page routes and sockets on this backend, so the check is here, in plain ASGI,
outside Dash. A request passes only to a host name of this machine, from our own pages, with the cookie that the printed
address hands out. The token in that address is new at every start; the cookie is another secret made from it, so a
copied cookie names no token. Cookies do not keep ports apart: hence Origin and Sec-Fetch-Site beside SameSite.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from talus_dashboards.identity import Who, asking
from talus_dashboards.words import LANGUAGES

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
METHODS = frozenset({"GET", "HEAD", "POST"})
CACHEABLE = ("/assets/", "/_dash-component-suites/", "/plotly/")
TOKEN_FIELD = "token"
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


class Gate:
    """ASGI middleware. `app` sees a request only after every check, as from `who`; `csp` goes out with each answer."""

    def __init__(self, app: App, token: str, csp: str, who: Who) -> None:
        self._app = app
        self._token = token.encode()
        self._secret = hmac.new(self._token, b"talus cookie", hashlib.sha256).hexdigest()
        # Named by the run, so that two runs on two ports do not log each other's visitors out.
        self._cookie = "talus_" + hmac.new(self._token, b"talus cookie name", hashlib.sha256).hexdigest()[:8]
        self._csp = csp
        self._who = who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, self._hardened(scope, send))
        else:  # no page uses a socket; before accept, a close is a 403
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        words = LANGUAGES[self._who.language]
        if _name(headers.get("host", "")) not in LOCAL_NAMES:
            await _answer(send, 403, words.FOREIGN_HOST)
        elif not _own(scope, headers):
            await _answer(send, 403, words.FOREIGN_ORIGIN)
        elif scope["method"] not in METHODS:
            await _answer(send, 405, words.MISSING_PAGE)
        elif (token := self._offered(scope)) is not None:
            if hmac.compare_digest(token.encode(), self._token):
                await _answer(send, 303, "", (("location", _without_token(scope)), ("set-cookie", self._set_cookie())))
            else:
                await _answer(send, 403, words.WRONG_TOKEN)
        elif not self._admitted(headers.get("cookie", "")):
            await _answer(send, 401, words.DENIED)
        else:
            asking.set(self._who)
            await self._app(scope, receive, send)

    def _offered(self, scope: Scope) -> str | None:
        fields = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))
        return fields.get(TOKEN_FIELD) if scope["method"] == "GET" else None

    def _set_cookie(self) -> str:
        return f"{self._cookie}={self._secret}; Path=/; HttpOnly; SameSite=Lax"

    def _admitted(self, header: str) -> bool:
        try:
            kept = SimpleCookie(header).get(self._cookie)
        except CookieError:
            return False
        return kept is not None and hmac.compare_digest(kept.value.encode(), self._secret.encode())

    def _hardened(self, scope: Scope, send: Send) -> Send:
        fixed = HEADERS | {"content-security-policy": self._csp}
        if not scope.get("path", "").startswith(CACHEABLE):
            fixed = fixed | {"cache-control": "no-store"}

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


def _without_token(scope: Scope) -> str:
    fields = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    query = urlencode([(name, value) for name, value in fields if name != TOKEN_FIELD])
    # One leading slash: "//elsewhere" would send the browser to another host.
    path = "/" + scope.get("raw_path", scope["path"].encode()).decode("latin-1").split("?")[0].lstrip("/\\")
    return path + ("?" + query if query else "")


async def _answer(send: Send, status: int, text: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
    body = text.encode()
    own = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    own += [(name.encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
