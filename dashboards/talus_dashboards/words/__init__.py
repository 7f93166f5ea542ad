"""Every word a page says, a catalog a language beside this file: pages and figures are handed one and know no more."""

import tomllib
from pathlib import Path

from talus_dashboards.words.speech import Words

HERE = Path(__file__).parent
FALLBACK = "en"

__all__ = ["FALLBACK", "LANGUAGES", "Words"]


def load(path: Path) -> Words:
    """A catalog, whole. Raises what tomllib raises for text that is none."""
    return Words(tomllib.loads(path.read_text(encoding="utf-8")))


LANGUAGES: dict[str, Words] = {path.stem: load(path) for path in sorted(HERE.glob("*.toml"))}
