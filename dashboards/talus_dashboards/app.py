"""Composition only: the frame, the pages and the gate made into one ASGI app, served to this machine alone.

Nothing is opened at import. Nothing is printed: whoever starts the pages says their address.
"""

import asyncio
import errno
import html
import secrets
import socket
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from dash import Dash
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from talus_dashboards import files, scripts, shell
from talus_dashboards.asked import App, Receive, Scope, Send
from talus_dashboards.bundle import basic_bundle, generators
from talus_dashboards.desk import Desk
from talus_dashboards.entrance import FIRST, Accounts
from talus_dashboards.errors import AddressInUse, NotLocal
from talus_dashboards.feed import Feed
from talus_dashboards.gate import Gate, policy
from talus_dashboards.identity import EVERYBODY, Who
from talus_dashboards.keeper import Keeper
from talus_dashboards.kept import Kept
from talus_dashboards.page import Place
from talus_dashboards.pages.every import PAGES
from talus_dashboards.reader import Reader, door
from talus_dashboards.run_token import RunToken
from talus_dashboards.scripts import RENDERER, Scripts, served
from talus_dashboards.site import Site

TOKEN_BYTES = 24
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WILD = ("", "0.0.0.0", "::", "*")

_place: ContextVar[Place | None] = ContextVar("place")


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    reader: Reader,
    token: str,
    *,
    now: Callable[[], datetime] = utc_now,
    who: Who = EVERYBODY,
    desk: Desk | None = None,
    bundle: Path | None = None,
    feed: Feed | None = None,
    keeper: Keeper | None = None,
    tls: "Tls | None" = None,
) -> App:
    """Make the pages over `reader`, open to the accounts of `keeper`, each as itself; without one, only to who brings
    `token`, and to them as `who`.

    `feed` is the live page's, `desk` takes what is entered. `now` is the clock of the pages (UTC, aware). `bundle`
    names plotly's basic bundle; left out, npm's is looked for, and Dash's own is the fall-back.
    """
    site = Site(door(reader), desk or Desk(None, now), now, feed, PAGES, keeper)
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    files.register(server, site)
    dash = _dash(server, site, bundle or basic_bundle())
    dash.layout = lambda: shell.layout(site)
    shell.register(dash, site)
    paged = Kept(GZipMiddleware(Pages(server, site), minimum_size=1000, compresslevel=5))
    entrance = Accounts(keeper, secure=tls is not None) if keeper else RunToken(token, who)
    names = frozenset({_in_url(tls.host)}) if tls else frozenset()
    return Gate(paged, entrance, policy(list(dash.csp_hashes())), names)


class _Framed(Dash):
    """Dash with its HTML in the asker's language, and with the title and the scripts of the page asked for."""

    site: Site
    scripts_sent: Scripts

    def interpolate_index(self, **parts: str) -> str:
        # Not by way of self.index_string: two who ask at once would share it.
        place = _place.get(None)
        page = shell.index_html(self.site.words, self.site.who.form, self.scripts_sent.links())
        own = {"title": html.escape(shell.title(self.site, place))}
        own["scripts"] = self.scripts_sent.chosen(parts["scripts"], place.page.script if place else "")
        for name, text in (parts | own).items():
            page = page.replace(f"{{%{name}%}}", text)
        return page


def _dash(server: FastAPI, site: Site, bundle: Path | None) -> Dash:
    dash = _Framed(
        __name__,
        server=server,
        assets_folder=str(Path(__file__).parent / "assets"),
        pages_folder="",
        use_pages=False,
        serve_locally=True,
        compress=False,
        index_string=shell.index_html(site.words),
        title=site.words.BRAND,
        update_title="",
        suppress_callback_exceptions=True,
        add_log_handler=False,
        enable_mcp=False,
    )
    rare = frozenset(page.script for page in site.pages if page.script)
    dash.site, dash.scripts_sent = site, Scripts(served(server, bundle), served(server, generators()), rare)
    dash.renderer = RENDERER
    # Otherwise every page opens a socket that no callback uses and the gate refuses.
    dash.backend.websocket_capability = False
    return dash


class Pages:
    """Lets Dash's one page answer at every page's address with that page's title; elsewhere it is a 404."""

    def __init__(self, app: App, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope["method"] != "GET" or path.startswith(("/_", "/assets/", scripts.FOLDER, files.REPORTS)):
            await self._app(scope, receive, send)
            return
        place = self._site.place(path)
        _place.set(place)
        forward = _with_status(send, 404) if place is None else send
        await self._app({**scope, "path": "/", "raw_path": b"/"}, receive, forward)


def _with_status(send: Send, status: int) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "status": status}
        await send(message)

    return sent


@dataclass(frozen=True)
class Tls:
    """What listening beyond this machine needs: the name or address people type, and the certificate for it."""

    host: str
    cert: Path
    key: Path

    def check(self) -> None:
        """Raises NotLocal naming what does not fit."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.cert, self.key, password=lambda: "")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "they do not belong together, or are none"
            raise NotLocal(f"--tls-cert {self.cert}, --tls-key {self.key}: {why}") from error


def bind(host: str, port: int, tls: Tls | None = None) -> socket.socket:
    """Return a socket bound to this machine's own address, with `tls` to its host's; port 0 takes any free one.

    Raises NotLocal where other machines could connect without TLS, AddressInUse where somebody listens already.
    """
    if host not in LOOPBACK and tls is None:
        raise NotLocal(
            f"will not listen on {host}: without --tls-cert and --tls-key the pages are for this machine alone, use "
            f"one of {', '.join(LOOPBACK)}"
        )
    if host in WILD:
        raise NotLocal(f"will not listen on {host}: name the one address or host name that people will type")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            why = "is already in use" if error.errno == errno.EADDRINUSE else "may not be used by this account"
            raise AddressInUse(f"port {port} on {host} {why}; choose another with --port") from error
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise NotLocal(f"will not listen on {host}: it is no address of this machine") from error
        raise
    return opened


async def serve_async(
    reader: Reader,
    host: str = "127.0.0.1",
    port: int = 8050,
    token: str | None = None,
    announce: Callable[[str], object] = lambda address: None,
    *,
    now: Callable[[], datetime] = utc_now,
    who: Who = EVERYBODY,
    desk: Desk | None = None,
    stopped: Callable[[], Awaitable[object]] | None = None,
    feed: Feed | None = None,
    keeper: Keeper | None = None,
    tls: Tls | None = None,
) -> None:
    """Serve the pages until interrupted, or until the awaitable of `stopped` ends.

    `announce` is called once with the address to open when the port listens: with the run's token, or, by accounts,
    bare or with the invitation of a first run. Raises AddressInUse or NotLocal before anything is served.
    """
    token = token or secrets.token_urlsafe(TOKEN_BYTES)
    if tls:
        tls.check()
    opened = bind(host, port, tls)
    settings = uvicorn.Config(
        create_app(reader, token, now=now, who=who, desk=desk, feed=feed, keeper=keeper, tls=tls),
        log_config=None,
        access_log=False,  # it would write the token
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
        proxy_headers=False,  # nobody stands before it who may say what scheme was asked
        ssl_certfile=tls.cert if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    server = uvicorn.Server(settings)
    watcher = asyncio.create_task(_stop(server, stopped)) if stopped else None
    try:
        announce(f"{'https' if tls else 'http'}://{_in_url(host)}:{opened.getsockname()[1]}{_opens(keeper, token)}")
        await server.serve(sockets=[opened])
    finally:
        opened.close()
        if watcher:
            watcher.cancel()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host.lower()


def _opens(keeper: Keeper | None, token: str) -> str:
    if keeper is None:
        return f"/?token={token}"
    return f"{FIRST}?invitation={keeper.first}" if keeper.first else "/"


async def _stop(server: uvicorn.Server, stopped: Callable[[], Awaitable[object]]) -> None:
    await stopped()
    server.should_exit = True


def serve(
    reader: Reader,
    host: str = "127.0.0.1",
    port: int = 8050,
    token: str | None = None,
    announce: Callable[[str], object] = lambda address: None,
) -> None:
    """Serve the pages from a program without a loop of its own; see `serve_async`."""
    asyncio.run(serve_async(reader, host, port, token, announce))
