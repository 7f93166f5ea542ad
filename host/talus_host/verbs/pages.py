"""The pages over a database, or of what a brace feels now, on this machine alone."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from talus_host.errors import UnservedError
from talus_host.store import Store
from talus_host.verbs.rim import aside, result

if TYPE_CHECKING:
    from talus_dashboards.feed import Feed

HOST = "127.0.0.1"


def try_port(port: int) -> None:
    """Find out now, not after a minute of work, that the port is taken. Raises UnservedError."""
    from talus_dashboards.app import bind
    from talus_dashboards.errors import DashboardError

    try:
        bind(HOST, port).close()
    except DashboardError as error:
        raise UnservedError(str(error)) from None


async def serve_pages(
    store: Store | None,
    port: int,
    aside_says: str,
    *,
    feed: "Feed | None" = None,
    stopped: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Serve until interrupted; the address goes to stdout, what else is to be said to stderr. Raises UnservedError.

    feed: a brace that is watched; without a store its page is the only one. stopped: an end of another kind.
    """
    from talus_dashboards.app import serve_async, utc_now
    from talus_dashboards.desk import Desk
    from talus_dashboards.errors import DashboardError
    from talus_dashboards.identity import DEVELOPER, EVERYBODY, Who
    from talus_dashboards.reader import Nobody

    def announce(address: str) -> None:
        result.print(f"\nOpen  {address}\n", highlight=False)
        aside.print(aside_says, highlight=False)

    try:
        who = EVERYBODY if store else Who(DEVELOPER, home="live")
        desk = Desk(store, utc_now)
        given: dict[str, Any] = {"who": who, "desk": desk, "stopped": stopped, "feed": feed}
        await serve_async(store or Nobody(), HOST, port, announce=announce, **given)
    except DashboardError as error:
        raise UnservedError(str(error)) from None
