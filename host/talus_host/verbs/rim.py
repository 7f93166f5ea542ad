"""The rim: where Talus speaks to people. Progress and sentences go to stderr, results to stdout."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

WIDE = 160  # a table keeps its columns when it is piped into a file or a log
# A folder or a label may hold brackets and colons: they are words here, never markup.
result = Console(width=None if sys.stdout.isatty() else WIDE, markup=False, emoji=False)
aside = Console(stderr=True, soft_wrap=True, markup=False, emoji=False)

HOME_VARIABLE = "TALUS_HOME"
DATABASE = "talus.db"


class Step(Protocol):
    """Called with (done, total) as a long work goes on; total None while it is not known."""

    def __call__(self, done: int, total: int | None) -> None: ...


def home() -> Path:
    """Where a host keeps its data unless told otherwise: TALUS_HOME, else the system's place for program data."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(typer.get_app_dir("talus"))


def database(folder: Path) -> Path:
    """The database in a data folder."""
    return folder.resolve() / DATABASE


def made(folder: Path) -> Path:
    """The data folder, made for its owner alone when it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def progress(title: str, unit: str) -> Iterator[Step]:
    """A bar on stderr while the block runs; silent where nobody watches."""
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
        console=aside,
        transient=True,
        disable=not aside.is_terminal,
    )
    with bar:
        task = bar.add_task(title, total=None)

        def step(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield step


def print_json(value: Any) -> None:
    """One JSON document on stdout; unknown is null."""
    typer.echo(json.dumps(value, indent=2, default=str, allow_nan=False))


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> None:
    """A table on stdout; the first `left` columns are names, the others numbers. Headings may have two lines.

    A number is never cut short: where the terminal is too narrow, its lines run over instead.
    """
    table = Table(title=title or None, title_justify="left", title_style="", header_style="bold", box=box.SIMPLE_HEAD)
    table.show_edge = table.pad_edge = False
    table.padding = 0
    for index, name in enumerate(header):
        table.add_column(name, justify="left" if index < left else "right", no_wrap=True, vertical="bottom")
    for row in rows:
        table.add_row(*row)
    needed = Console(width=1000).measure(table).maximum
    Console(width=max(needed, result.width)).print(table, soft_wrap=needed > result.width)


def number(value: float | None, digits: int = 1, unknown: str = "–") -> str:
    """A number as people read it; unknown is a dash, never a zero."""
    if value is None or value != value:
        return unknown
    return f"{value:.{digits}f}"
