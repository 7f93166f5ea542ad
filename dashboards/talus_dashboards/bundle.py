"""Finds plotly's small browser bundle (bars, lines, heat maps: 1.5 MB instead of 4.8 MB), as npm installed it.

It must be the very version the plotly package writes figures for; else, or where npm installed nothing, Dash's own
is used.
"""

from pathlib import Path

from plotly.offline import get_plotlyjs_version

FOLDER = Path(__file__).parents[2] / "node_modules" / "plotly.js-cartesian-dist-min"
NAME = "plotly-cartesian.min.js"
HEAD_BYTES = 200


def cartesian_bundle(folder: Path = FOLDER) -> Path | None:
    """Return the bundle's file, or None where it is absent or of another version."""
    file = folder / NAME
    if not file.is_file():
        return None
    with file.open(encoding="utf-8") as opened:
        head = opened.read(HEAD_BYTES)
    return file if f"v{get_plotlyjs_version()}\n" in head else None
