"""Serving: on this machine alone, one clear line when that cannot be, and no other plotly than the one asked for."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from dashboards import made_tables as made
from dashboards.visiting import TOKEN, Visitor

from talus_dashboards.app import bind, create_app, serve
from talus_dashboards.bundle import DRAWING, basic_bundle
from talus_dashboards.errors import AddressInUse, NotLocal
from talus_host.errors import StoreBusyError


def test_a_port_in_use_is_one_line_naming_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressInUse) as caught:
            serve(made.nobody(), port=port)
    assert f"port {port} on 127.0.0.1 is already in use" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_other_machines_are_never_let_in(host: str) -> None:
    with pytest.raises(NotLocal, match="this machine alone"):
        bind(host, 0)


def test_the_address_holds_a_token_new_at_every_start(served: Callable[..., str]) -> None:
    address = served(made.nobody())
    assert address.startswith("http://127.0.0.1:") and address.endswith(f"/?token={TOKEN}")


def test_the_bundle_must_be_plotlys_own_version(tmp_path: Path) -> None:
    assert basic_bundle(tmp_path) is None
    (tmp_path / DRAWING).parent.mkdir()
    (tmp_path / DRAWING).write_text("/**\n* plotly.js (basic - minified) v1.2.3\n*/\n")
    assert basic_bundle(tmp_path) is None


def test_pages_are_compressed(visitor: Visitor) -> None:
    answer = visitor.ask("/assets/talus.css", cookie=visitor.cookie(), accept_encoding="gzip")
    assert answer.status == 200 and answer.headers["content-encoding"] == "gzip"


def test_a_store_that_cannot_be_read_is_a_page_not_a_crash() -> None:
    class Busy(made.Tables):
        def people(self):
            raise StoreBusyError("locked")

    tables = made.nobody()
    visitor = Visitor(create_app(Busy(**tables.__dict__), TOKEN, now=lambda: made.NOW))
    body = (
        b'{"output":"..main.children...nav.children..","outputs":[{"id":"main","property":"children"},'
        b'{"id":"nav","property":"children"}],"inputs":[{"id":"url","property":"pathname","value":"/today/p1"}],'
        b'"changedPropIds":["url.pathname"],"state":[]}'
    )
    answer = visitor.ask(
        "/_dash-update-component", method="POST", body=body, cookie=visitor.cookie(), content_type="application/json"
    )
    assert answer.status == 200 and "The data cannot be read just now" in answer.text and "locked" not in answer.text
