"""Talus at the command line: verbs only. Every error is one line on stderr and an exit code.

Exit codes follow sysexits.h where it has one: 0 done, 64 usage, 65 what was given does not fit, 69 nothing in range,
73 disk full, 74 database, 75 busy or cut off: try again, 76 not understood, 77 not permitted, 130 stopped by Ctrl-C.
"""

import errno
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from talus_host import cli_account, cli_now, cli_own, cli_watch, cli_weeks
from talus_host.cli_options import Board, Data, Device, Json, Person, Port
from talus_host.errors import TalusError
from talus_host.verbs import rim

app = typer.Typer(
    name="talus",
    help="Open monitoring for ankle-foot orthoses: collect from a brace, keep, measure, show.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

EXIT_USAGE = 64
EXIT_FULL = 73
EXIT_IO = 74
EXIT_STOPPED = 130


@app.command()
def scan(
    seconds: Annotated[float, typer.Option(min=1, max=120, help="How long to listen.")] = 10.0,
    as_json: Json = False,
) -> None:
    """List the braces in range."""
    from talus_host.verbs.scan import scan_air

    scan_air(seconds, as_json)


@app.command()
def collect(
    data: Data = None,
    address: Annotated[str | None, typer.Option(help="Only this brace.", show_default="every brace in range")] = None,
    file: Annotated[Path | None, typer.Option(help="A .talus file instead of the air.")] = None,
    as_json: Json = False,
) -> None:
    """Fetch what is new from a brace, over Bluetooth or from a file, into the database."""
    from talus_host.verbs.collect import collect_into

    if address is not None and file is not None:
        raise typer.BadParameter("give either --address or --file")
    collect_into(data or rim.home(), address, file, as_json)


@app.command()
def forget(
    address: Annotated[str | None, typer.Option(help="This brace.", show_default="the only one in range")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, for scripts.")] = False,
) -> None:
    """Have a brace and this computer forget each other; nothing collected is lost. Asks first."""
    from talus_host.verbs import forget as verb

    verb.forget(address, yes)


@app.command()
def demo(
    data: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path("data/demo"),
    port: Port = 8050,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="Weeks of history to make up, the first time.")] = 12,
    once: Annotated[bool, typer.Option("--once", help="Sync, print a summary and end.")] = False,
) -> None:
    """A made-up person and a virtual brace, from the leg to the page."""
    from talus_host.verbs.demo import run_demo

    run_demo(data, port, weeks, once)


@app.command()
def replay(
    file: Annotated[Path | None, typer.Argument(help="A recording (CSV).", show_default=False)] = None,
    strides: Annotated[Path | None, typer.Option(help="Write one row per stride here.")] = None,
    events: Annotated[Path | None, typer.Option(help="Write heel strikes and toe offs here.")] = None,
    interpreter: Annotated[str, typer.Option(help="cpython or micropython.")] = "cpython",
    table: Annotated[Path | None, typer.Option(help="A folder: every recording against its reference.")] = None,
    as_json: Json = False,
) -> None:
    """Let a virtual brace wear a recording, and say what it concluded."""
    from talus_host.verbs.replay import replay_one, replay_table

    if interpreter not in ("cpython", "micropython"):
        raise typer.BadParameter(f"--interpreter: '{interpreter}' is neither cpython nor micropython")
    if (file is None) == (table is None):
        raise typer.BadParameter("give either a recording or --table FOLDER")
    if table is not None and (strides or events):
        raise typer.BadParameter("--strides and --events belong to one recording, not to --table")
    if table is not None:
        replay_table(table, interpreter, as_json)
    elif file is not None:
        replay_one(file, strides, events, interpreter, as_json)


@app.command()
def show(
    data: Data = None,
    person: Person = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How many days back.")] = 14,
    as_json: Json = False,
    why: Annotated[bool, typer.Option("--why", help="Say instead which figures are missing, and why.")] = False,
    pages: Annotated[bool, typer.Option("--pages", help="Serve the pages to a browser on this machine.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Let Live and Fitting of --pages read the brace near.")] = False,
    port: Port = 8050,
    host: Annotated[str, typer.Option(help="Where pages listen; beyond this machine only with TLS.")] = "127.0.0.1",
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate for --host (PEM), its chain behind it.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its key (PEM, without a passphrase).")] = None,
) -> None:
    """Print wear and gait by day, or show them in a browser."""
    from talus_host.verbs.pages import Listening
    from talus_host.verbs.show import show_days, show_missing, show_pages

    if pages and (as_json or why):
        raise typer.BadParameter("--pages goes with neither --json nor --why")
    if live and not pages:
        raise typer.BadParameter("--live goes with --pages")
    if (tls_cert is None) != (tls_key is None):
        raise typer.BadParameter("give --tls-cert and --tls-key together")
    if pages:
        show_pages(data or rim.home(), Listening(port, host, tls_cert, tls_key), live)
    elif why:
        show_missing(data or rim.home(), person, days, as_json)
    else:
        show_days(data or rim.home(), person, days, as_json)


@app.command()
def clocks(
    data: Data = None,
    person: Person = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How many days back.")] = 14,
    as_json: Json = False,
) -> None:
    """Say how well each brace's records stand in time, and whether both legs may be compared."""
    from talus_host.verbs.clocks import show_clocks

    show_clocks(data or rim.home(), person, days, as_json)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="Folder to write into.")],
    data: Data = None,
    person: Person = None,
    form: Annotated[str, typer.Option("--format", help="csv, parquet or fhir.")] = "csv",
    report: Annotated[Path | None, typer.Option(help="A PDF that goes with a FHIR bundle.")] = None,
    purpose: Annotated[
        str | None, typer.Option("--for", help="Refuse unless they agreed to it: care, research or sharing.")
    ] = None,
) -> None:
    """Write everything of a person as files, with units in their headers, or the days as a FHIR bundle."""
    from talus_host.verbs.export import export_all

    if form not in ("csv", "parquet", "fhir"):
        raise typer.BadParameter(f"--format: '{form}' is none of csv, parquet, fhir")
    if report is not None and form != "fhir":
        raise typer.BadParameter("--report goes with --format fhir")
    export_all(data or rim.home(), person, out, form, report, purpose)


@app.command()
def calibrate(
    port: Annotated[str | None, typer.Option(help="Serial port of the brace in maintenance, or auto.")] = None,
    twin: Annotated[bool, typer.Option("--twin", help="A virtual brace in a virtual jig instead.")] = False,
    readings: Annotated[Path | None, typer.Option(help="Readings from a file (JSON) instead of a person.")] = None,
    role: Annotated[str, typer.Option(help="Who does it: orthotist, technician, wearer or developer.")] = "technician",
    step: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this step, may be repeated: encoder, weights, warmth, pressure, imu.",
            show_default="all but warmth, which takes two hours",
        ),
    ] = None,
    long: Annotated[
        list[str] | None, typer.Option(help="The longer form of a step: encoder (8 jig angles), imu (six sides).")
    ] = None,
    side: Annotated[str | None, typer.Option(help="left or right.", show_default="as the brace has it")] = None,
    imu: Annotated[str | None, typer.Option(help="shank or foot.", show_default="as the brace has it")] = None,
    sites: Annotated[
        str | None, typer.Option(help="Four pressure sites, by commas.", show_default="as the brace has them")
    ] = None,
    masses: Annotated[
        str | None, typer.Option(help="The masses there are, kg, by commas.", show_default="1,2,4")
    ] = None,
    lever: Annotated[float, typer.Option(min=0.02, max=0.5, help="Their distance from the hinge, m.")] = 0.15,
    state: Annotated[
        Path | None, typer.Option(help="Where readings are kept until written.", show_default="beside the data")
    ] = None,
    figure: Annotated[Path | None, typer.Option(help="Write the fits here, as one HTML page.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the calibration here, too (JSON).")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Put the calibration before this one into force again.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Forget an interrupted session.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Lead through the calibration of one brace; what does not fit is refused, and the one before is kept."""
    from talus_host.verbs.calibrate import Asked, calibrate_brace, check_words

    steps, longer = tuple(step or ()), tuple(long or ())
    check_words(role, steps, longer, side, imu)
    if twin and port is not None:
        raise typer.BadParameter("give either --port or --twin")
    places = (side, imu, sites, masses, lever, state, figure, out)
    calibrate_brace(Asked(port, twin, readings, role, steps, longer, *places, undo, again, yes, as_json))


@app.command()
def rebuild(data: Data = None) -> None:
    """Compute every view anew from the records."""
    from talus_host.verbs.rebuild import rebuild_views

    rebuild_views(data or rim.home())


@app.command()
def settings(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[set NAME=VALUE ...]", help="What to change; without it, all are shown."),
    ] = None,
    default: Annotated[list[str] | None, typer.Option(help="Take this setting back to its default.")] = None,
    file: Annotated[Path | None, typer.Option(help="A settings.json: what it does not name has its default.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last change back.")] = False,
    address: Annotated[str | None, typer.Option(help="This brace.", show_default="the only one in range")] = None,
    usb: Annotated[bool, typer.Option("--usb", help="Over its cable instead of the air; it starts again.")] = False,
    device: Device = None,
    goal_hours: Annotated[float | None, typer.Option(min=0, max=24, help="Wear goal a day; 0 is none.")] = None,
    mass_kg: Annotated[float | None, typer.Option(min=0, help="The person's mass; 0 is unknown.")] = None,
    person: Annotated[str | None, typer.Option("--person", help="Whose.", show_default="the only one")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show or change what a brace works with, or set a person's wear goal or mass."""
    from talus_host.verbs.settings import asked, over_the_air, over_usb, set_person

    if words and words[0] != "set":
        raise typer.BadParameter(f"'{words[0]}': the only word here is set")
    if words == ["set"]:
        raise typer.BadParameter("set: give NAME=VALUE")
    if address is not None and (usb or device):
        raise typer.BadParameter("--address names a brace on the air: give it or --usb")
    wanted = asked((words or [])[1:], default or [], file, undo)
    of_desk = [name for name, value in (("--goal-hours", goal_hours), ("--mass-kg", mass_kg)) if value is not None]
    if of_desk and wanted.anything:
        raise typer.BadParameter(f"{of_desk[0]} is the desk's: change the brace in another run")
    if of_desk:
        set_person(data or rim.home(), person, goal_hours, mass_kg)
    elif usb or device:
        over_usb(wanted, device, as_json)
    else:
        over_the_air(wanted, address, as_json)


@app.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """Look for what could keep Talus from working, and say in words what to do."""
    from talus_host.verbs.doctor import examine

    if not examine(data or rim.home(), as_json):
        raise typer.Exit(1)


@app.command()
def deploy(device: Device = None, board: Board = None) -> None:
    """Put this firmware on a brace: into the idle slot, only what changed, on trial until it proves itself."""
    from talus_host.verbs.deploy import deploy_program

    deploy_program(device, board)


@app.command()
def logs(device: Device = None) -> None:
    """Print what a brace keeps of crashes and self-tests, and start it again."""
    from talus_host.verbs.deploy import print_logs

    print_logs(device)


@app.command()
def repl(device: Device = None) -> None:
    """MicroPython's prompt on a brace; Ctrl-] leaves it."""
    from talus_host.verbs.deploy import open_repl

    raise typer.Exit(open_repl(device))


@app.command()
def erase(
    device: Device = None, yes: Annotated[bool, typer.Option("--yes", help="Do not ask, for scripts.")] = False
) -> None:
    """Take everything off a brace; asks first."""
    from talus_host.verbs.deploy import erase_brace

    erase_brace(device, yes)


app.add_typer(cli_weeks.app)
app.add_typer(cli_account.app)
app.add_typer(cli_own.app)
app.add_typer(cli_now.app)
app.add_typer(cli_watch.app)


def run(arguments: list[str] | None = None) -> int:
    """Obey a command line; returns the exit code, having said what went wrong in one line."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = app(given or ["--help"], standalone_mode=False)
        if code == EXIT_STOPPED:  # how typer tells of Ctrl-C
            raise typer.Abort
        return code if isinstance(code, int) else 0
    except TyperException as error:
        words = getattr(error, "format_message", error.__str__)()  # names the option where it knows it
        return _say(words + " (talus --help says what there is)", EXIT_USAGE)
    except TalusError as error:
        return _say(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped; what was stored stays stored", EXIT_STOPPED)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has had enough
        return 0
    except OSError as error:
        full = error.errno == errno.ENOSPC
        what = "the disk is full; what was stored stays stored" if full else error.strerror or str(error)
        return _say(f"{error.filename}: {what}" if error.filename else what, EXIT_FULL if full else EXIT_IO)


def _say(message: str, code: int) -> int:
    typer.echo("talus: " + " ".join(message.split()), err=True)
    return code


def main() -> None:
    """Entry point of the `talus` command."""
    os.umask(0o077)  # whatever a verb writes is the user's alone
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our dash shows a question mark
    sys.exit(run())
