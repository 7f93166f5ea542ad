"""The verbs of what belongs to the person alone: consent, pauses, and being erased."""

from pathlib import Path
from typing import Annotated

import typer

from talus_host.cli_options import Data, Json
from talus_host.verbs import rim

app = typer.Typer()

Label = Annotated[str, typer.Argument(help="Label of the person.", show_default=False)]
Undo = Annotated[bool, typer.Option("--undo", help="Take the last entry back, as if it had never been.")]


@app.command()
def consent(
    label: Label,
    purpose: Annotated[
        str | None, typer.Argument(help="care, research or sharing; without it, all are listed.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="Name of the text that was agreed to.")] = None,
    end: Annotated[bool, typer.Option("--end", help="The person agrees no longer.")] = False,
    day: Annotated[str | None, typer.Option(help="Day it was given or ended.", show_default="now")] = None,
    undo: Undo = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Enter what a person agreed to, and that it ended, or list it."""
    from talus_host.verbs.consent import consent_of

    if undo and purpose is not None:
        raise typer.BadParameter("give either a purpose or --undo")
    if purpose is None and (end or version or day):
        raise typer.BadParameter("--version, --end and --day belong to a purpose")
    if purpose is not None and end == (version is not None):
        raise typer.BadParameter("give either --version, the text that was agreed to, or --end")
    consent_of(data or rim.home(), label, purpose, version, day, undo, as_json)


@app.command()
def pause(
    label: Label,
    start: Annotated[str | None, typer.Option("--from", help="First day that is not shown.")] = None,
    until: Annotated[str | None, typer.Option(help="First day that is shown again.", show_default="open")] = None,
    end: Annotated[bool, typer.Option("--end", help="End the open pause now, or with --until a day.")] = False,
    undo: Undo = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Withhold what is recorded in a stretch of days from everybody, or list the pauses."""
    from talus_host.verbs.pause import pause_of

    if sum((start is not None, end, undo)) > 1:
        raise typer.BadParameter("give one of --from, --end and --undo")
    if until is not None and not (start or end):
        raise typer.BadParameter("--until belongs to --from or --end")
    pause_of(data or rim.home(), label, start, until, end, undo, as_json)


@app.command(name="erase-person")
def erase_person(
    label: Label,
    export: Annotated[Path | None, typer.Option(help="Keep an export in this folder first (CSV).")] = None,
    receipt: Annotated[Path | None, typer.Option(help="Write the receipt here, too (JSON).")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, for scripts.")] = False,
    data: Data = None,
) -> None:
    """Take one person out of the database, with every record of their braces; asks first."""
    from talus_host.verbs.erase_person import erase_one

    erase_one(data or rim.home(), label, export, receipt, yes)
