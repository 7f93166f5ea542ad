"""The visit report as a file: for whom it is, as whom it is refused, and that the trail tells of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboards.at_the_door import THEIRS, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "talus.db")
    yield made
    made.store.close()


@pytest.mark.usefixtures("pango")
def test_a_patient_gets_their_own_report_and_nothing_of_anothers(house: House) -> None:
    caller = house.inside("pat")
    own = caller.ask("/report/1.pdf")
    assert own.status == 200 and own.headers["content-type"] == "application/pdf" and own.body.startswith(b"%PDF-")
    assert "no-store" in own.headers["cache-control"] and "heron" not in own.headers["content-disposition"]
    others, nobodys = caller.ask("/report/2.pdf"), caller.ask("/report/77.pdf")
    assert (others.status, others.body) == (nobodys.status, nobodys.body) == (404, b"There is no such person here.")
    assert THEIRS not in str(others.headers)


@pytest.mark.usefixtures("pango")
def test_an_orthotists_report_is_in_the_trail_and_a_developer_has_none(house: House) -> None:
    assert house.inside("ortho").ask("/report/2.pdf?days=84").status == 200
    trail = house.store.trail("2")
    assert trail[trail["action"] == "report"][["role", "what"]].to_numpy().tolist() == [["orthotist", "84 days"]]
    assert house.inside("dev").ask("/report/2.pdf").status == 404
    assert house.caller().ask("/report/2.pdf").status in (303, 401)


@pytest.mark.parametrize("days", ["3", "-28", "1e9", "twenty", ""])
def test_a_period_that_is_none_is_one_clear_line(house: House, days: str) -> None:
    said = house.inside("pat").ask(f"/report/1.pdf?days={days}")
    assert said.status == 400 and f"A report of {days} days is not made here; choose one of 14, 28" in said.text
