"""Tables against the language's own reader: thousands at once must say what one at a time says."""

import math

import numpy as np
import pytest
from host.made_records import payload
from hypothesis import given
from hypothesis import strategies as st

from talus.wire import kinds, record
from talus.wire.errors import RemoteError
from talus_host import tables

NUMERIC = [kind for kind in kinds.KINDS if kind.fields]


def test_columns_carry_their_units() -> None:
    assert list(tables.columns(kinds.BY_NAME["stride"])) == [
        "duration_s", "stance_s", "flags", "ankle_at_contact_deg", "ankle_swing_peak_deg", "ankle_range_deg",
        "foot_pitch_at_contact_deg", "moment_swing_nm", "assist_impulse_nms", "loading_impulse_nms",
        "shank_to_vertical_deg", "swing_rate_peak_deg_s", "slap_rate_deg_s",
    ]  # fmt: skip
    pressure = tables.columns(kinds.BY_NAME["pressure"])
    assert {"lasted_min", "peak_kpa", "dose_kpah", "onset_back_min"} <= set(pressure)
    assert pressure["site"] == ("", "where that channel was assigned", "category")
    assert pressure["dose_kpah"][0] == "kPa.h"


def test_every_unit_has_a_suffix_or_is_words_or_bits() -> None:
    units = {row[3] for kind in kinds.KINDS for row in kind.fields} - {""}
    assert units - set(tables.UNIT_SUFFIX) - set(tables.BITS) - set(tables.WORDS) == set()


@pytest.mark.parametrize("kind", NUMERIC, ids=lambda kind: kind.name)
@given(data=st.data())
def test_many_at_once_say_what_one_at_a_time_says(kind: kinds.Kind, data: st.DataObject) -> None:
    """Any bytes of any length: today's layout, an older one's, a newer one's, one that ends inside a field."""
    payloads = data.draw(st.lists(st.binary(min_size=0, max_size=min(kind.size + 6, 120)), max_size=6))
    found = tables.arrays(kind.name, payloads)
    for at, one in enumerate(payloads):
        length = len(one)
        while True:  # a torn field is refused by the reader and unknown in a table
            try:
                values = record.unpack(kind, one[:length])
                break
            except RemoteError:
                length -= 1
        for (field, code, per, *_), value in zip(kind.fields, values, strict=True):
            if code == "*":
                continue
            got = np.atleast_1d(found[field][at])
            want = value if isinstance(value, tuple) else (value,) * len(got)
            for a, b in zip(got, want, strict=True):
                assert math.isnan(a) if b is None else a == b / per


def test_unknown_is_nan_and_never_zero() -> None:
    table = tables.strides([payload("stride", duration=1.5), payload("stride")])
    assert table["duration_s"][0] == 1.5
    assert math.isnan(table["duration_s"][1])
    assert table["ankle_at_contact_deg"].isna().all()
    assert not table["valid"].any()  # unknown flags are not a valid stride
    assert table["contact"].isna().all()


def test_flags_are_spelt_out() -> None:
    low, turn = kinds.STRIDE_LOW_CONFIDENCE, kinds.STRIDE_TURN
    heel, forefoot = 1 << 4, 3 << 4
    rows = [heel, forefoot | low, kinds.STRIDE_REASONS.index("jump") | turn, 0]
    table = tables.strides([payload("stride", flags=flags) for flags in rows])
    assert table["valid"].tolist() == [True, True, False, True]
    assert table["reason"].tolist() == ["valid", "valid", "jump", "valid"]
    assert table["contact"].astype(object).where(table["contact"].notna(), None).tolist() == [
        "heel", "forefoot", None, None
    ]  # fmt: skip
    assert table["low_confidence"].tolist() == [False, True, False, False]
    assert table["turn"].tolist() == [False, False, True, False]


def test_words_and_bits_of_a_minute() -> None:
    table = tables.minutes([payload("minute", worn=1, evidence=5, liner=31.25), payload("minute", worn=0), b""])
    assert table["worn"].tolist()[:2] == [1.0, 0.0]
    assert math.isnan(table["worn"][2])
    assert (table["evidence"] & kinds.EVIDENCE_WARM).tolist()[0] == kinds.EVIDENCE_WARM
    assert table["evidence"].isna().tolist() == [False, True, True]
    assert table["liner_degc"][0] == 31.25


def test_a_word_newer_than_this_table_is_unknown() -> None:
    newest = len(kinds.SITES)
    table = tables.table("pressure", [bytes([1, newest]), bytes([1, kinds.SITES.index("heel")])])
    assert table["site"].isna().tolist() == [True, False]
    assert table["site"][1] == "heel"


def test_the_open_end_of_a_raw_block_stays_bytes() -> None:
    table = tables.table("raw", [payload("raw", channels=3, rate=100, samples=b"\x01\x02"), b"\x01"])
    assert table["samples"].tolist() == [b"\x01\x02", b""]
    assert table["rate_hz"][0] == 100


def test_no_records_are_a_table_too() -> None:
    for kind in kinds.KINDS:
        assert list(tables.table(kind.name, []).columns) == list(tables.columns(kind))
    assert len(tables.strides([])) == len(tables.minutes([])) == 0
