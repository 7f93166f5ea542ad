"""The energy model against a sum done by hand from its rows, and the targets a brace is built to."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from talus.board import BRIDGE_MV, BRIDGE_OHM
from talus.power import STATES
from talus.wire import kinds

PATH = Path(__file__).parents[2] / "hardware/energy.py"


@pytest.fixture(scope="module")
def energy() -> ModuleType:
    spec = importlib.util.spec_from_file_location("energy", PATH)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def board(energy: ModuleType, name: str) -> tuple[object, ...]:
    return next(row for row in energy.BOARDS if row[0] == name)


def test_every_state_of_the_firmware_has_a_current(energy: ModuleType) -> None:
    for row in energy.BOARDS:
        currents = {state[0]: energy.state_ma(row, state[0]) for state in STATES}
        assert list(currents) == list(kinds.POWER_STATES)
        assert currents["active"] > currents["charging"] > currents["quiet"] > currents["stored"] > currents["shipping"]


def test_a_state_is_the_sum_of_what_is_on_in_it(energy: ModuleType) -> None:
    """A C3 while active: 2.5 ms of 10 at 26.8 mA and the rest at 20.1, a radio on for 30 s of 120, six chips."""
    chips = 6.5 + 2.1 + 2.7 + 0.55 + 0.15 + 4 * 3.3 / 26 + 0.3 + 0.004 + 0.023
    assert energy.state_ma(board(energy, "xiao_esp32c3"), "active") == pytest.approx(
        0.25 * 26.8 + 0.75 * 20.1 + 0.25 * 6.7 + chips
    )


def test_the_bridge_draws_what_ohm_says_of_its_row(energy: ModuleType) -> None:
    row = next(row for row in energy.PARTS if row[0].startswith("bridge,"))
    assert row[4] == pytest.approx(BRIDGE_MV / BRIDGE_OHM)


def test_a_day_weighs_each_state_by_its_time(energy: ModuleType) -> None:
    c3 = board(energy, "xiao_esp32c3")
    active, stored = energy.state_ma(c3, "active"), energy.state_ma(c3, "stored")
    assert energy.day_ma(c3, (3600, 0, 3 * 3600, 0)) == pytest.approx(0.25 * active + 0.75 * stored)


@pytest.mark.parametrize("name", ["xiao_esp32c3", "xiao_esp32c6"])
def test_the_targets_hold_in_the_model(energy: ModuleType, name: str) -> None:
    """16 h worn on 1000 mAh with a quarter to spare; seven days of 16 h worn on at most 5 mA."""
    row = board(energy, name)
    assert energy.state_ma(row, "active") * 16 * 1.25 <= 1000 * 0.85
    usual = next(day for day in energy.DAYS if day[0] == "usual")
    assert energy.day_ma(row, usual[1:5]) <= 5.0
    assert energy.days_from(1000, energy.day_ma(row, usual[1:5])) >= 7
