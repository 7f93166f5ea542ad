"""The pages over a database, on this machine alone."""

from talus_host.errors import UnservedError
from talus_host.store import Store
from talus_host.verbs.rim import aside, result

HOST = "127.0.0.1"


def try_port(port: int) -> None:
    """Find out now, not after a minute of work, that the port is taken. Raises UnservedError."""
    from talus_dashboards.app import bind
    from talus_dashboards.errors import DashboardError

    try:
        bind(HOST, port).close()
    except DashboardError as error:
        raise UnservedError(str(error)) from None


async def serve_pages(store: Store, port: int, aside_says: str) -> None:
    """Serve until interrupted; the address goes to stdout, what else is to be said to stderr. Raises UnservedError."""
    from talus_dashboards.app import serve_async
    from talus_dashboards.errors import DashboardError

    def announce(address: str) -> None:
        result.print(f"\nOpen  {address}\n", highlight=False)
        aside.print(aside_says, highlight=False)

    try:
        await serve_async(store, HOST, port, announce=announce)
    except DashboardError as error:
        raise UnservedError(str(error)) from None
