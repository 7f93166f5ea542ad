"""What the pages say of the brace's own checks: a trouble by name, nothing wrong, and not known, never mistaken."""

from zoneinfo import ZoneInfo

import pytest
from dashboards import made_tables
from dashboards.made_tables import NAN, NOW
from dashboards.speaking import en

from talus.wire.kinds import SENSORS
from talus_dashboards.pages import person, today

ROWS = (
    ("", en.FAULT_NONE, en.FAULT_SHORT_NONE),
    (NAN, en.FAULT_UNKNOWN, en.FAULT_SHORT_UNKNOWN),
    ("encoder", en.FAULT.format(part="ankle angle sensor"), "doubt: ankle angle sensor"),
    ("battery", en.FAULT_BATTERY, "doubt: battery"),
    ("unknown", en.FAULT.format(part="one of its parts"), "doubt: one of its parts"),
    ("a part of next year", en.FAULT.format(part="one of its parts"), "doubt: one of its parts"),
)


@pytest.mark.parametrize(("part", "patient", "clinician"), ROWS)
def test_each_page_says_it(part: object, patient: str, clinician: str) -> None:
    tables = made_tables.wearer(weeks=1)
    tables.braces_table["fault_part"] = [part]
    here = NOW.astimezone(ZoneInfo("Europe/Berlin"))
    assert patient in str(today._braces(tables.braces_table, ["left"], here, en))
    assert clinician in person.brace(tables.braces_table, "left", here, en)


def test_every_part_a_brace_has_is_named() -> None:
    assert set(SENSORS) <= set(en.PART)
    assert len({en.FAULT, en.FAULT_NONE, en.FAULT_UNKNOWN}) == 3
