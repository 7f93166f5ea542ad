"""The verb of the service: collect on and on, or install what does."""

from pathlib import Path
from typing import Annotated

import typer

from talus_host.cli_options import Data
from talus_host.verbs import rim

app = typer.Typer()


@app.command()
def watch(
    data: Data = None,
    every: Annotated[float, typer.Option(min=1, max=1440, help="Minutes between syncs of a brace in range.")] = 15.0,
    log: Annotated[
        Path | None, typer.Option(help="A file for the log, one JSON line an event.", show_default="stderr")
    ] = None,
    install: Annotated[bool, typer.Option("--install", help="As a systemd service of this user, from now on.")] = False,
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Stop that service and take it away.")] = False,
) -> None:
    """Go on collecting from every brace that knows this computer, several at once, until stopped."""
    from talus_host.verbs import watch as verb

    if install and uninstall:
        raise typer.BadParameter("give either --install or --uninstall")
    if (install or uninstall) and log is not None:
        raise typer.BadParameter("--log belongs to a run in a terminal: a service's log is the system's")
    if install:
        verb.install(data or rim.home(), every)
    elif uninstall:
        verb.uninstall()
    else:
        verb.watch_folder(data or rim.home(), every, log)
