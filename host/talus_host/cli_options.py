"""Options that verbs of the command line share: one name, one help text, one default each."""

from pathlib import Path
from typing import Annotated

import typer

from talus_host.verbs import rim

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the database.", envvar=rim.HOME_VARIABLE, show_default="the user's own"),
]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the pages on localhost.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")]
Device = Annotated[str | None, typer.Option("--port", help="Serial port of the brace.", show_default="the only one")]
Board = Annotated[str | None, typer.Option(help="Name of the board.", show_default="what the brace says")]
Person = Annotated[str | None, typer.Option("--person", help="Label of a person.", show_default="everybody")]
Whose = Annotated[str | None, typer.Option("--person", help="Label of the person.", show_default="the only one")]
Side = Annotated[str | None, typer.Option(help="left or right.", show_default="that of the only brace")]
