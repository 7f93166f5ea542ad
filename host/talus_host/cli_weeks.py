"""The verbs of what goes over weeks: what was prescribed, what was changed, and what may be called a change."""

from pathlib import Path
from typing import Annotated

import typer

from talus_host.cli_options import Data, Json, Person, Side, Whose
from talus_host.verbs import rim

app = typer.Typer()


@app.command()
def change(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[set FIGURE=up|down ...]", help="Which figures are judged; without it, all is shown."),
    ] = None,
    data: Data = None,
    person: Person = None,
    day: Annotated[str | None, typer.Option(help="As it could be told on this day.", show_default="today")] = None,
    days: Annotated[int, typer.Option(min=7, max=366, help="How many days adherence is told of.")] = 28,
    weeks: Annotated[bool, typer.Option("--weeks", help="Print weekly summaries instead.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last choice of figures back.")] = False,
    as_json: Json = False,
) -> None:
    """Say what has changed over weeks, on how many days that stands, and what needs looking at."""
    from talus_host.verbs.change import choose, tell

    if words and words[0] != "set":
        raise typer.BadParameter(f"'{words[0]}': the only word here is set")
    if words == ["set"]:
        raise typer.BadParameter("set: give FIGURE=up or FIGURE=down")
    if words and undo:
        raise typer.BadParameter("give either set or --undo")
    if words or undo:
        choose(data or rim.home(), person, (words or [])[1:], undo)
    else:
        tell(data or rim.home(), person, day, days, weeks, as_json)


@app.command()
def walk(
    distance: Annotated[str | None, typer.Option(help="10m or 25ft; without it, all walks are listed.")] = None,
    data: Data = None,
    person: Whose = None,
    brace: Annotated[str, typer.Option(help="on or off.")] = "on",
    seconds: Annotated[float | None, typer.Option(help="By a stopwatch.", show_default="timed here, by Enter")] = None,
    at: Annotated[str | None, typer.Option(help="When it began, on the person's wall.", show_default="now")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last one back.")] = False,
    as_json: Json = False,
) -> None:
    """Time a walk over a known distance, or list those there are: the only figures that clinic limits apply to."""
    from talus_host.verbs import walk as verb

    if brace not in ("on", "off"):
        raise typer.BadParameter(f"--brace {brace!r}: is neither on nor off")
    if distance is None and (seconds is not None or at is not None):
        raise typer.BadParameter("--seconds and --at belong to a --distance")
    if at is not None and seconds is None:
        raise typer.BadParameter("--at belongs to a walk that was timed already: give --seconds, too")
    if distance is not None and undo:
        raise typer.BadParameter("give either --distance or --undo")
    verb.walk(data or rim.home(), person, distance, brace == "on", seconds, at, undo, as_json)


@app.command()
def prescribe(
    kind: Annotated[
        str | None,
        typer.Argument(help="hours, walking, outdoors, break_in, or none to end one; without it, all are listed."),
    ] = None,
    data: Data = None,
    person: Whose = None,
    side: Side = None,
    start: Annotated[str | None, typer.Option("--from", help="First day.", show_default="today")] = None,
    hours: Annotated[float | None, typer.Option(help="Hours a day; of a break-in, those of its first day.")] = None,
    hours_max: Annotated[float | None, typer.Option(help="The most a break-in comes to.")] = None,
    hours_more: Annotated[float | None, typer.Option(help="What a break-in adds each day.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last entry back.")] = False,
    as_json: Json = False,
) -> None:
    """Enter how the brace is to be worn, or list what was."""
    from talus_host.verbs import prescribe as verb

    if kind is not None and undo:
        raise typer.BadParameter("give either a kind or --undo")
    given = {"hours": hours, "hours_max": hours_max, "hours_more": hours_more}
    if kind is None and any(value is not None for value in given.values()):
        raise typer.BadParameter("hours belong to a kind: hours or break_in")
    verb.prescribe(data or rim.home(), person, side, kind, start, given, undo, as_json)


@app.command()
def diary(
    what: Annotated[
        str | None,
        typer.Argument(
            help="strap, strut, wedge, shoe, stiffness, neutral, botulinum, fes_on, fes_off, drug, relapse or other; "
            "without it, all are listed."
        ),
    ] = None,
    data: Data = None,
    person: Whose = None,
    side: Side = None,
    day: Annotated[str | None, typer.Option(help="When it changed.", show_default="today")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last entry back.")] = False,
    as_json: Json = False,
) -> None:
    """Enter that something about the brace or the treatment changed, or list what did."""
    from talus_host.verbs import diary as verb

    if what is not None and undo:
        raise typer.BadParameter("give either what changed or --undo")
    verb.diary(data or rim.home(), person, side, what, day, undo, as_json)


@app.command()
def report(
    label: Annotated[str, typer.Argument(help="Label of the person.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="The file to write.", show_default="LABEL.pdf here")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many whole days, up to yesterday.")] = 28,
    language: Annotated[str, typer.Option(help="en or de.")] = "en",
    data: Data = None,
) -> None:
    """Write the visit report of a person: one sheet of A4, and a second one that says why, as PDF."""
    from talus_host.verbs.report import write_report

    write_report(data or rim.home(), label, out, days, language)
