"""Finds what npm installed for the browser: plotly's small bundle (bars and lines: 1.2 MB instead of 4.8 MB), and the
generators' runtime that Dash's scripts ask for, alone instead of with all that browsers lacked before 2017.

The bundle must be the very version the plotly package writes figures for. Where npm installed nothing, Dash's own
scripts are used.
"""

from pathlib import Path

from plotly.offline import get_plotlyjs_version

FOLDER = Path(__file__).parents[2] / "node_modules"
DRAWING = Path("plotly.js-basic-dist-min", "plotly-basic.min.js")
GENERATORS = Path("regenerator-runtime", "runtime.js")
HEAD_BYTES = 200


def basic_bundle(folder: Path = FOLDER) -> Path | None:
    """Return the bundle's file, or None where it is absent or of another version."""
    file = folder / DRAWING
    if not file.is_file():
        return None
    with file.open(encoding="utf-8") as opened:
        head = opened.read(HEAD_BYTES)
    return file if f"v{get_plotlyjs_version()}\n" in head else None


def generators(folder: Path = FOLDER) -> Path | None:
    file = folder / GENERATORS
    return file if file.is_file() else None
