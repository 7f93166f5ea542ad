"""The pages over a database, by accounts; or of what a brace feels now, by a token. On this machine alone, unless TLS
makes a wider address safe to listen on."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talus_host.errors import UnservedError
from talus_host.store import Store
from talus_host.verbs.beside import beside
from talus_host.verbs.rim import aside, result
from talus_host.verbs.upkeep import keep_judged

if TYPE_CHECKING:
    from talus_dashboards.feed import Feed

HOST = "127.0.0.1"
FIRST = "No account yet: it asks, once and within the hour, for name and password of the first: an orthotist."


@dataclass(frozen=True)
class Listening:
    """Where the pages listen."""

    port: int
    host: str = HOST
    cert: Path | None = None
    key: Path | None = None


def try_port(port: int) -> None:
    """Find out now, not after a minute of work, that the port is taken. Raises UnservedError."""
    from talus_dashboards.app import bind
    from talus_dashboards.errors import DashboardError

    try:
        bind(HOST, port).close()
    except DashboardError as error:
        raise UnservedError(str(error)) from None


def _open(address: str) -> str:
    return f"Open  {address}"


async def serve_pages(
    store: Store | None,
    listening: Listening,
    aside_says: str,
    *,
    feed: "Feed | None" = None,
    stopped: Callable[[], Awaitable[object]] | None = None,
    opens: Callable[[str], str] = _open,
) -> None:
    """Serve until interrupted; the address goes to stdout, what else is to be said to stderr. Raises UnservedError.

    feed: a brace that is watched; without a store its page is the only one. stopped: an end of another kind. opens:
    what is said of the address.
    """
    from talus_dashboards.app import Tls, serve_async, utc_now
    from talus_dashboards.desk import Desk
    from talus_dashboards.errors import DashboardError
    from talus_dashboards.identity import DEVELOPER, Who
    from talus_dashboards.keeper import Keeper
    from talus_dashboards.reader import Nobody

    keeper = Keeper(store, utc_now) if store else None

    def announce(address: str) -> None:
        result.print(f"\n{opens(address)}\n", highlight=False)
        if keeper and keeper.first:
            aside.print(FIRST, highlight=False)
        aside.print(aside_says, highlight=False)

    at = listening
    tls = Tls(at.host, at.cert, at.key) if at.cert and at.key else None
    try:
        given: dict[str, Any] = {"who": Who(DEVELOPER, home="live"), "desk": Desk(store, utc_now), "feed": feed}
        given |= {"stopped": stopped, "keeper": keeper, "tls": tls}
        async with beside(keep_judged(store)) if store else contextlib.nullcontext():
            await serve_async(store or Nobody(), at.host, at.port, announce=announce, **given)
    except DashboardError as error:
        raise UnservedError(str(error)) from None
