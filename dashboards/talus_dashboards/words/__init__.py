"""Every word a page says, one file a language; pages and figures are handed one of them and know no other text."""

from types import ModuleType

from talus_dashboards.words import en

LANGUAGES: dict[str, ModuleType] = {"en": en}
