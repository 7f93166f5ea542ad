"""What a request says of itself, and plain answers: the small words of HTTP that the gate and its entrances share."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote

from talus_dashboards.words import FALLBACK, LANGUAGES

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Pairs = tuple[tuple[str, str], ...]

BODY_MOST = 16_384
BODY_WITHIN_S = 10.0


class TooMuch(ValueError):
    """A body that is too long, too slow, or no form."""


def headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def fields_of(scope: Scope) -> dict[str, str]:
    """The query's fields."""
    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))


def cookie_of(headers: Mapping[str, str], name: str) -> str | None:
    try:
        kept = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return kept.value if kept else None


def language_of(headers: Mapping[str, str]) -> str:
    """The best of our languages by Accept-Language, the fall-back where none is asked for."""
    best, found = 0.0, FALLBACK
    for part in headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";")
        name = tag.split("-")[0].lower()
        try:
            value = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if name in LANGUAGES and value > best:
            best, found = value, name
    return found


async def form_of(headers: Mapping[str, str], receive: Receive) -> dict[str, str]:
    """The fields of a posted form. Raises TooMuch."""
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise TooMuch("no form")
    body, more = b"", True
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise TooMuch("gone")
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > BODY_MOST:
                    raise TooMuch("too long")
    except TimeoutError as error:
        raise TooMuch("too slow") from error
    text = body.decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20))


async def answer(send: Send, status: int, text: str, headers: Pairs = (), kind: str = "text/plain") -> None:
    body = text.encode()
    own = [(b"content-type", f"{kind}; charset=utf-8".encode()), (b"content-length", str(len(body)).encode())]
    own += [(name.encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": body})


def inside(path: str) -> str:
    """A path as one of ours: one leading slash, for "//elsewhere" would send the browser to another host, and nothing
    that could end a header."""
    return quote("/" + path.lstrip("/\\"), safe="/?&=%:;,+@~!*")
