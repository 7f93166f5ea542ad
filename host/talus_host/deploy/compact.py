"""The firmware's sources made small before they are compiled: what a brace never reads costs it no memory."""

import ast

from talus_host.deploy.compact_bundle import bundled
from talus_host.deploy.compact_fold import folded
from talus_host.deploy.compact_names import shortened
from talus_host.deploy.compact_prose import without_prose
from talus_host.deploy.compact_settings import placed
from talus_host.deploy.compact_shake import shaken
from talus_host.deploy.compact_text import Source
from talus_host.deploy.places import Place


def parsed(sources: dict[str, str]) -> list[Source]:
    files = [Source(path, text) for path, text in sources.items()]
    for file in files:
        if any(isinstance(node, ast.JoinedStr) for node in ast.walk(file.tree)):
            raise ValueError(f"{file.path}: the parts of an f-string have no true place before Python 3.12; use %")
    return files


def compacted(sources: dict[str, str], guests: tuple[str, ...] = ()) -> tuple[dict[str, str], list[Place]]:
    """(path -> text of the firmware; the same, smaller; the place in the sources of each line of the bundle).

    Outside the bundle lines stay where they are.
    """
    sources = without_prose(parsed(folded(parsed(placed(parsed(sources))))))
    sources = shaken(parsed(sources), guests)
    sources, places = bundled(parsed(sources), guests)
    return shortened(parsed(sources), guests), places
