"""Columns of every table, derived from the rows of `talus.wire.kinds`: nothing about a field is written here again.

Thousands of payloads of one kind are decoded at once. A number becomes float64 in the row's unit and the unit ends
its name (`duration_s`); unknown is NaN, never 0. A shorter payload is an older brace: the fields it lacks are NaN.
A longer one is a newer brace: its tail is left alone. Words (WORN, SITES, ...) become categories, bits stay integers.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from talus.wire import kinds
from talus.wire.kinds import BY_NAME, CODES, Kind, count_of

UNIT_SUFFIX = {
    "s": "s",
    "ms": "ms",
    "min": "min",
    "deg": "deg",
    "deg/s": "deg_s",
    "N.m": "nm",
    "N.m.s": "nms",
    "kPa": "kpa",
    "kPa.h": "kpah",
    "degC": "degc",
    "V": "v",
    "J": "j",
    "m": "m",
    "Hz": "hz",
    "%": "pct",
}
# Units that are a bit field or a list of words in `kinds`.
BITS = ("STRIDE", "EVIDENCE", "POWER", "RAW_CHANNELS")
WORDS = {
    unit: getattr(kinds, unit)
    for unit in sorted({row[3] for kind in kinds.KINDS for row in kind.fields})
    if unit.isupper() and isinstance(getattr(kinds, unit, None), tuple) and unit not in BITS
}


def column(field: str, unit: str) -> str:
    """Name of a field's column: the field, then its unit where it has one."""
    suffix = UNIT_SUFFIX.get(unit, "")
    if not suffix or field == suffix or field.endswith("_" + suffix):
        return field
    return f"{field}_{suffix}"


def columns(kind: Kind) -> dict[str, tuple[str, str, str]]:
    """Column -> (unit, meaning, dtype) of one kind, in the record's order; what a data dictionary prints."""
    found: dict[str, tuple[str, str, str]] = {}
    for field, code, _, unit, meaning in kind.fields:
        dtype = "category" if unit in WORDS else "UInt32" if unit in BITS else "bytes" if code == "*" else "float64"
        names = [column(field, unit)]
        if count_of(code) > 1:
            names = [column(f"{field}_{i}", unit) for i in range(count_of(code))]
        for name in names:
            found[name] = ("" if unit in WORDS or unit in BITS else unit, meaning, dtype)
    return found


def arrays(name: str, payloads: Sequence[bytes]) -> dict[str, np.ndarray]:
    """Every numeric field of many payloads of one kind, by field name: float64, NaN unknown.

    A list field is an array (records, points), others (records,). The open end of a record is not decoded.
    A payload that ends inside a field leaves that field unknown.
    """
    kind = BY_NAME[name]
    found = {
        field: np.full(len(payloads) if count_of(code) == 1 else (len(payloads), count_of(code)), np.nan)
        for field, code, *_ in kind.fields
        if code != "*"
    }
    lengths = np.fromiter((len(p) for p in payloads), dtype=np.int64, count=len(payloads))
    for length in np.unique(lengths):
        at = np.flatnonzero(lengths == length)
        whole = len(at) == len(payloads)
        joined = b"".join(payloads) if whole else b"".join(payloads[i] for i in at.tolist())
        for field, values in _decode(kind, joined, int(length)).items():
            found[field][at] = values
    return found


def _decode(kind: Kind, joined: bytes, length: int) -> dict[str, np.ndarray]:
    """Fields that lie wholly within `length` bytes, of payloads that are all that long."""
    names, formats, offsets = [], [], []
    at = 0
    for (field, code, *_), width in zip(kind.fields, kind.widths, strict=True):
        if code != "*" and at + width <= length:
            names.append(field)
            formats.append(_format(code))
            offsets.append(at)
        at += width
    if not names:
        return {}
    layout = np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": length})
    rows = np.frombuffer(joined, dtype=layout)
    per = {field: per for field, _, per, *_ in kind.fields}
    codes = {field: code[-1] for field, code, *_ in kind.fields}
    decoded = {}
    for field in names:
        wire = rows[field]
        values = wire.astype(np.float64)
        if per[field] != 1:
            values /= per[field]
        values[wire == CODES[codes[field]][3]] = np.nan
        decoded[field] = values
    return decoded


def _format(code: str) -> str | tuple[str, tuple[int]]:
    base = {"B": "u1", "b": "i1", "H": "<u2", "h": "<i2", "I": "<u4", "i": "<i4"}[code[-1]]
    return base if count_of(code) == 1 else (base, (count_of(code),))


def words(unit: str, index: np.ndarray) -> pd.Categorical:
    """Indices into a list of `kinds` as categories; unknown, or a word newer than this table, is NaN."""
    known = WORDS[unit]
    safe = np.nan_to_num(index, nan=-1.0).astype(np.int64)
    safe[(safe < 0) | (safe >= len(known))] = -1
    return pd.Categorical.from_codes(safe, categories=list(known))


def bits(values: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Bit fields as nullable integers, so that & works and unknown stays unknown."""
    unknown = np.isnan(values)
    return pd.arrays.IntegerArray(np.where(unknown, 0, values).astype(np.uint32), unknown)


def table(name: str, payloads: Sequence[bytes]) -> pd.DataFrame:
    """Many payloads of one kind as a table with the columns of `columns(kind)`."""
    kind = BY_NAME[name]
    values = arrays(name, payloads)
    found: dict[str, object] = {}
    at = 0
    for (field, code, _, unit, _), width in zip(kind.fields, kind.widths, strict=True):
        if code == "*":
            found[column(field, unit)] = pd.Series([bytes(p[at:]) for p in payloads], dtype=object)
        elif count_of(code) > 1:
            for i in range(count_of(code)):
                found[column(f"{field}_{i}", unit)] = values[field][:, i]
        elif unit in WORDS:
            found[column(field, unit)] = words(unit, values[field])
        elif unit in BITS:
            found[column(field, unit)] = bits(values[field])
        else:
            found[column(field, unit)] = values[field]
        at += width
    return pd.DataFrame(found)


def flag_columns(flags: np.ndarray) -> dict[str, np.ndarray | pd.Categorical]:
    """A stride's flags as columns: valid, reason, contact, low_confidence, first_of_bout, turn, ramp,
    stairs_up, stairs_down, encoder_only.

    flags: float64 with NaN unknown (a stride whose validity is unknown is not valid).
    """
    unknown = np.isnan(flags)
    known = np.where(unknown, 0, flags).astype(np.int64)
    reason = np.where(unknown, -1, known & kinds.STRIDE_INVALID)
    reason[reason >= len(kinds.STRIDE_REASONS)] = -1
    contact = ((known & kinds.STRIDE_CONTACT) >> 4) - 1
    contact[unknown] = -1
    return {
        "valid": reason == 0,
        "reason": pd.Categorical.from_codes(reason, categories=list(kinds.STRIDE_REASONS)),
        "contact": pd.Categorical.from_codes(contact, categories=list(kinds.CONTACTS)),
        "low_confidence": unknown | ((known & kinds.STRIDE_LOW_CONFIDENCE) != 0),
        "first_of_bout": (known & kinds.STRIDE_FIRST_OF_BOUT) != 0,
        "turn": (known & kinds.STRIDE_TURN) != 0,
        "ramp": (known & kinds.STRIDE_RAMP) != 0,
        "stairs_up": (known & kinds.STRIDE_STAIRS_UP) != 0,
        "stairs_down": (known & kinds.STRIDE_STAIRS_DOWN) != 0,
        "encoder_only": (known & kinds.STRIDE_ENCODER_ONLY) != 0,
    }


def strides(payloads: Sequence[bytes]) -> pd.DataFrame:
    """Stride records as a table: the record's columns, with its flags spelt out as columns of their own."""
    values = arrays("stride", payloads)
    kind = BY_NAME["stride"]
    found: dict[str, object] = {
        column(field, unit): values[field] for field, _, _, unit, _ in kind.fields if unit not in BITS
    }
    return pd.DataFrame(found | flag_columns(values["flags"]))


def minutes(payloads: Sequence[bytes]) -> pd.DataFrame:
    """Minute records as a table; `worn` is 1.0, 0.0 or NaN (unknown), evidence and power stay bits."""
    found = table("minute", payloads)
    found["worn"] = arrays_of_words(found["worn"])
    return found


def arrays_of_words(series: pd.Series) -> np.ndarray:
    """Categories back to their indices as float64, NaN unknown."""
    codes = series.cat.codes.to_numpy().astype(np.float64)
    codes[codes < 0] = np.nan
    return codes
