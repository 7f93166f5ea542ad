"""The verb of who gets into the pages: accounts, their invitations and passwords, whom they see, and the trail."""

from typing import Annotated

import typer

from talus_host.cli_options import Data, Json
from talus_host.verbs import rim

app = typer.Typer()
DOES = ("add", "list", "invite", "password", "close", "care", "trail")


@app.command()
def account(
    what: Annotated[str, typer.Argument(help=f"{', '.join(DOES)}.")] = "list",
    name: Annotated[str | None, typer.Argument(help="What the account logs in with.", show_default=False)] = None,
    role: Annotated[str | None, typer.Option(help="add: patient, orthotist or developer.")] = None,
    person: Annotated[str | None, typer.Option("--person", help="Label of the person it is about.")] = None,
    end: Annotated[bool, typer.Option("--end", help="care: end it.")] = False,
    last: Annotated[int, typer.Option(min=1, max=1_000_000, help="trail: how many rows.")] = 50,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say who may log in to the pages, let somebody in or out, and print who saw and changed what."""
    from talus_host.verbs.account import Accounts

    if what not in DOES:
        raise typer.BadParameter(f"'{what}': is none of {', '.join(DOES)}")
    if (name is None) != (what in ("list", "trail")):
        raise typer.BadParameter(f"{what}: {'needs a name' if name is None else 'takes no name'}")
    if (role is None) == (what == "add"):
        raise typer.BadParameter("--role belongs to add, which needs it")
    if person is not None and what not in ("add", "care", "trail"):
        raise typer.BadParameter("--person belongs to add, care and trail")
    if what == "care" and person is None:
        raise typer.BadParameter("care: give --person")
    if end and what != "care":
        raise typer.BadParameter("--end belongs to care")
    Accounts(data or rim.home(), as_json).do(what, name or "", role or "", person, end, last)
