"""Is a text a UCUM code? By the grammar and tables of "The Unified Code for Units of Measure", version 2.1 (2017-11-21,
ucum.org/ucum): terms of atoms joined by . and /, an exponent, and annotations in braces. Nothing of Talus is asked."""

import re

# Table 1 (metric prefixes) and tables 3 to 11 (atoms that are metric, those that are not), as far as a brace may need.
PREFIXES = ("k", "c", "m", "u", "M", "h", "d")
METRIC = ("m", "s", "g", "N", "Pa", "J", "V", "Hz", "Cel", "m[Hg]")  # base units, N, Pa, J, V, Hz, Cel, m[Hg]
NOT_METRIC = ("min", "h", "d", "wk", "mo", "a", "deg", "%", "1")
ATOM = re.compile(
    rf"(?:(?:{'|'.join(PREFIXES)})?(?:{'|'.join(re.escape(one) for one in METRIC)})"
    rf"|(?:{'|'.join(re.escape(one) for one in NOT_METRIC)}))(?:[+-]?\d+)?"
)
ANNOTATION = re.compile(r"\{[!-z|~]*\}")  # ASCII 33 to 126 without braces


def is_ucum(code: str) -> bool:
    """Case sensitive codes without parentheses, which nothing here needs."""
    if not code or code.startswith("."):
        return False
    components = re.split(r"[./]", code.removeprefix("/"))
    return all(_is_component(one) for one in components)


def _is_component(text: str) -> bool:
    bare = ANNOTATION.sub("", text)
    if bare == "":
        return bool(text)  # an annotation alone is 1
    return ATOM.fullmatch(bare) is not None
