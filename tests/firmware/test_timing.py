"""The loop keeps its 10 ms on a board's costs: bytes on the bus, a pass, a collection, the slowest flash there is."""

from talus.app import App
from talus.settings import Settings
from talus_twin.board import brace, wearing
from talus_twin.board.costs import Costs

MINUTE_TICKS = 6000
TICK_US = 10_000


def begin(costs: Costs) -> tuple[brace.Brace, App]:
    one = brace.make(costs=costs)
    app = wearing.app_of(one, Settings())
    app.start()
    return one, app


def test_no_tick_is_late_though_the_heap_is_collected_each_second() -> None:
    costs = Costs()
    one, app = begin(costs)
    for _ in range(100):
        wearing.step(one, app)  # the start's own flush costs some ticks
    late, missed = app.sampler.late, app.sampler.missed
    for tick in range(MINUTE_TICKS - 200):
        wearing.step(one, app)
        if tick % 100 == 0:
            one.clock.spend(costs.collect_us)
    assert (app.sampler.late, app.sampler.missed) == (late, missed)


def test_the_slowest_erase_costs_its_own_ticks_and_as_many_to_catch_up() -> None:
    """The start and two minutes are kept: each commit erases a sector. A tick that is over still costs its pass."""
    costs = Costs({"erase_us": Costs().erase_worst_us})
    one, app = begin(costs)
    while app.sampler.taken + app.sampler.missed < 2 * MINUTE_TICKS + 100:
        wearing.step(one, app)
    erases = 4  # the first frame also makes its folder
    assert app.sampler.missed <= 2 * erases * costs.erase_worst_us // TICK_US
    assert abs(app.now_ms() - app.sampler.tick_ms()) < 50, "the grid stays where it was"
    assert one.power.fed > 0, "and the watchdog never bit"
