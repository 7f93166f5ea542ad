"""The verbs of what a brace does right now: a set of an exercise counted, samples watched."""

from pathlib import Path
from typing import Annotated

import typer

from talus_host.cli_options import Data, Json, Port, Whose
from talus_host.verbs import rim

app = typer.Typer()


@app.command()
def exercise(
    name: Annotated[
        str | None,
        typer.Argument(help="dorsiflexion, heel_raise, hold or single_leg_stand; without it, all sets are listed."),
    ] = None,
    data: Data = None,
    person: Whose = None,
    address: Annotated[str | None, typer.Option(help="Only this brace.", show_default="the one in range")] = None,
    seconds: Annotated[
        float | None, typer.Option(min=1, max=600, help="How long to count.", show_default="until Enter")
    ] = None,
    as_json: Json = False,
) -> None:
    """Have the brace count a set of an exercise (a sync brings it into the database), or list the sets there are."""
    from talus_host.verbs.exercise import count, list_sets

    if name is None and (address is not None or seconds is not None):
        raise typer.BadParameter("--address and --seconds belong to an exercise")
    if name is not None and person is not None:
        raise typer.BadParameter("--person belongs to the list: a brace knows no names")
    if name is None:
        list_sets(data or rim.home(), person, as_json)
    else:
        count(name, address, seconds, as_json)


@app.command()
def live(
    address: Annotated[str | None, typer.Option(help="Only this brace.", show_default="the one in range")] = None,
    seconds: Annotated[
        float | None, typer.Option(min=1, max=86400, help="How long to watch.", show_default="until Ctrl-C")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="A Parquet file to keep every sample in.")] = None,
    page: Annotated[bool, typer.Option("--page", help="Plot it in a browser on this machine.")] = False,
    port: Port = 8050,
) -> None:
    """Watch what a brace feels, a hundred times a second; it goes on logging as ever."""
    from talus_host.verbs import live as verb

    verb.live(address, seconds, record, port if page else None)
