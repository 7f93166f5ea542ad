"""Listening beyond this machine: refused in one line without TLS, and with it only under the one name."""

import asyncio
import contextlib
import datetime
import socket
import ssl
import threading
import urllib.request
from pathlib import Path
from queue import Queue

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from dashboards.at_the_door import House
from dashboards.visiting import Visitor

from talus_dashboards.app import Tls, bind, create_app, serve_async
from talus_dashboards.errors import NotLocal

NAME = "talus.clinic.example"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for NAME and localhost, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.DNSName("localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
    cert = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "cert.pem").write_bytes(cert.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    (folder / "locked.pem").write_bytes(key.private_bytes(pem, form, serialization.BestAvailableEncryption(b"x")))
    return folder / "cert.pem", folder / "key.pem"


def test_a_certificate_that_does_not_fit_is_one_line(pair: tuple[Path, Path], tmp_path: Path) -> None:
    cert, key = pair
    (tmp_path / "text.pem").write_text("no certificate")
    for one, other in ((tmp_path / "none.pem", key), (tmp_path / "text.pem", key), (cert, key.with_name("locked.pem"))):
        with pytest.raises(NotLocal, match=r"--tls-cert .*, --tls-key ") as refused:
            Tls(NAME, one, other).check()
        assert "\n" not in str(refused.value)
    Tls(NAME, cert, key).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "*"])
def test_a_wildcard_is_refused_with_tls_too(pair: tuple[Path, Path], host: str) -> None:
    with pytest.raises(NotLocal, match="name the one address"):
        bind(host, 0, Tls(host, *pair))


def test_a_name_that_is_not_this_machines_is_refused(pair: tuple[Path, Path]) -> None:
    with pytest.raises(NotLocal, match="it is no address of this machine"):
        bind("192.0.2.1", 0, Tls("192.0.2.1", *pair))


@pytest.mark.parametrize(
    ("host", "status"),
    [(NAME, 401), (f"{NAME.upper()}:8050", 401), ("localhost", 401), ("evil.example", 403), (f"x.{NAME}", 403)],
)
def test_only_the_named_host_and_this_machine_are_answered(
    house: House, pair: tuple[Path, Path], host: str, status: int
) -> None:
    app = create_app(house.store, "", keeper=house.keeper, tls=Tls(NAME, *pair))
    answer = Visitor(app).ask("/", host=host)
    assert answer.status == status
    assert Visitor(create_app(house.store, "", keeper=house.keeper)).ask("/", host=NAME).status == 403


def test_over_tls_the_cookie_is_secure_and_the_name_stays_so(house: House, pair: tuple[Path, Path]) -> None:
    """A real handshake on this machine: what a browser is told of cookies and of the next year."""
    said: Queue[object] = Queue()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        given = {"now": lambda: house.now, "stopped": stop.wait, "keeper": house.keeper}
        await serve_async(house.store, "localhost", 0, announce=said.put, tls=Tls("localhost", *pair), **given)

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    address = str(said.get(timeout=30))
    assert address.startswith("https://localhost:")
    trusting = ssl.create_default_context(cafile=str(pair[0]))
    with urllib.request.urlopen(f"{address}login", context=trusting, timeout=10) as answer:
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-talus_") and "; Secure" in cookie and "Path=/" in cookie
        assert "strict-transport-security" not in answer.headers, "never of localhost: other programs listen there"
    port = int(address.split(":")[2].strip("/"))
    with socket.create_connection(("localhost", port), timeout=10) as plain, contextlib.suppress(ConnectionError):
        plain.sendall(b"GET /login HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert b"HTTP/" not in plain.recv(1000), "nothing is said in the clear"
    loops[0][0].call_soon_threadsafe(loops[0][1].set)
    thread.join(timeout=10)


def test_a_year_of_tls_is_asked_of_the_named_host(house: House, pair: tuple[Path, Path]) -> None:
    app = create_app(house.store, "", keeper=house.keeper, tls=Tls(NAME, *pair))
    for scheme, host, told in (("https", NAME, True), ("http", NAME, False), ("https", "localhost", False)):
        answer = _ask(app, scheme, host)
        assert ("strict-transport-security" in answer) is told, (scheme, host)


def _ask(app: object, scheme: str, host: str) -> dict[str, str]:
    """One request of a scheme."""
    found: dict[str, str] = {}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        headers = message.get("headers", [])
        assert isinstance(headers, list)
        found.update({name.decode(): value.decode() for name, value in headers})

    scope = {
        "type": "http", "method": "GET", "scheme": scheme, "path": "/login", "raw_path": b"/login", "query_string": b"",
        "headers": [(b"host", host.encode())],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))  # type: ignore[operator]
    return found
