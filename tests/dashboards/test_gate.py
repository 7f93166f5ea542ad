"""Closed by default: nothing a browser can ask for is answered without the cookie of the printed address."""

import asyncio
import json
from typing import Any

import pytest
from dashboards.visiting import TOKEN, Visitor

EVERYTHING = (
    "/",
    "/today/p1",
    "/person/p1",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_dash-component-suites/dash/deps/react@18.3.1.min.js",
    "/_favicon.ico",
    "/_reload-hash",
    "/assets/talus.css",
    "/scripts/1/plotly-basic.min.js",
    "/docs",
    "/redoc",
    "/openapi.json",
    "/nowhere",
)


@pytest.mark.parametrize("path", EVERYTHING)
def test_nothing_without_the_cookie(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(path)
    assert answer.status == 401
    assert b"Wearer" not in answer.body and b"<html" not in answer.body


@pytest.mark.parametrize("path", ["/?token=", "/?token=wrong", "/assets/talus.css?token=wrong"])
def test_a_wrong_token_opens_nothing(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(path)
    assert answer.status == 403 and "set-cookie" not in answer.headers


@pytest.mark.parametrize("cookie", ["", "talus=1", f"talus_00000000={TOKEN}", "a=b; =; ;;"])
def test_a_made_up_cookie_opens_nothing(visitor: Visitor, cookie: str) -> None:
    assert visitor.ask("/", cookie=cookie).status == 401


def test_the_token_itself_is_no_cookie(visitor: Visitor) -> None:
    name = visitor.cookie().split("=")[0]
    assert visitor.ask("/", cookie=f"{name}={TOKEN}").status == 401


def test_callbacks_are_closed_too(visitor: Visitor) -> None:
    body = json.dumps({"output": "main.children"}).encode()
    assert visitor.ask("/_dash-update-component", method="POST", body=body).status == 401


def test_the_token_is_exchanged_for_a_cookie_scripts_cannot_read(visitor: Visitor) -> None:
    answer = visitor.ask(f"/person/p1?token={TOKEN}&weeks=4")
    assert answer.status == 303 and answer.headers["location"] == "/person/p1?weeks=4"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and TOKEN not in cookie
    assert visitor.ask("/", cookie=cookie.split(";")[0]).status == 200


@pytest.mark.parametrize("path", ["//elsewhere.example/", "/\\elsewhere.example/"])
def test_the_exchange_never_leads_to_another_host(visitor: Visitor, path: str) -> None:
    location = visitor.ask(f"{path}?token={TOKEN}").headers["location"]
    assert location == "/elsewhere.example/"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8050", "127.0.0.1.evil.example", "localhost.evil", "", "[::2]"]
)
@pytest.mark.parametrize("path", ["/", "/_dash-layout", f"/?token={TOKEN}"])
def test_foreign_hosts_are_refused_even_with_the_cookie(visitor: Visitor, host: str, path: str) -> None:
    assert visitor.ask(path, host=host, cookie=visitor.cookie()).status == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:8050", "LOCALHOST", "[::1]:8050", "[::1]"])
def test_this_machines_names_pass(visitor: Visitor, host: str) -> None:
    assert visitor.ask("/", host=host, cookie=visitor.cookie()).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://127.0.0.1:8050", "sec_fetch_site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1:9999", "sec_fetch_site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}, 403),
        ({"sec_fetch_site": "same-site", "sec_fetch_mode": "cors"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 200),
        ({"sec_fetch_site": "none", "sec_fetch_mode": "navigate"}, 200),
    ],
)
def test_only_our_own_pages_may_ask(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    assert visitor.ask("/", cookie=visitor.cookie(), **headers).status == status


def test_a_post_from_elsewhere_is_refused_even_as_a_navigation(visitor: Visitor) -> None:
    headers = {"sec_fetch_site": "same-site", "sec_fetch_mode": "navigate", "cookie": visitor.cookie()}
    assert visitor.ask("/_dash-update-component", method="POST", **headers).status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    assert visitor.ask("/", method=method, cookie=visitor.cookie()).status == 405


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_there_are_no_api_pages(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(path, cookie=visitor.cookie())
    assert answer.status == 404 and "swagger" not in answer.text.lower() and "openapi" not in answer.text.lower()


def test_every_answer_carries_the_policy(visitor: Visitor) -> None:
    for answer in (visitor.ask("/"), visitor.ask("/", cookie=visitor.cookie()), visitor.ask("/", host="evil.example")):
        rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
        assert rules["default-src"] == "'none'" and rules["connect-src"] == "'self'"
        assert "unsafe" not in rules["script-src"] and "http" not in rules["script-src"]
        assert rules["frame-ancestors"] == "'none'" and rules["style-src"] == "'self' 'unsafe-inline'"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_what_everybody_gets_first_holds_nobodys_data(visitor: Visitor) -> None:
    cookie = visitor.cookie()
    for path in ("/", "/today/p1", "/person/p1", "/_dash-layout", "/_dash-dependencies"):
        text = visitor.ask(path, cookie=cookie).text
        assert "Wearer" not in text and "Berlin" not in text and '"data":' not in text, path


def test_sockets_are_refused(visitor: Visitor) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/_dash-ws-callback", "headers": [(b"cookie", visitor.cookie().encode())]}
    asyncio.run(visitor.app(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
