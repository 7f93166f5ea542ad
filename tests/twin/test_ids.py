"""Two virtual braces are two: what a brace calls itself and its flash comes of chance, unless somebody seeds it."""

from talus.settings import Settings
from talus_twin.board import brace, wearing
from talus_twin.board.files import MemoryFiles
from talus_twin.board.interpreter import Interpreter
from talus_twin.body.history import Course, live
from talus_twin.lived import lay_down

MADE = "from talus_twin.board.power import VirtualPower\nprint(VirtualPower(VirtualClock(Costs())).random(16).hex())"
CLOCK = "from talus_twin.board.clock import VirtualClock\nfrom talus_twin.board.costs import Costs\n"


def formatted(seed: int | None = None) -> tuple[int, int]:
    """The ids that the firmware draws where it finds none."""
    app = wearing.app_of(brace.make(seed=seed), Settings())
    return app.journal.device, app.journal.id


def test_braces_that_nobody_seeds_never_have_an_id_in_common() -> None:
    ids = [number for _ in range(3) for number in formatted()]
    assert len(set(ids)) == 6
    assert formatted(7) == formatted(7) != formatted(8)


def test_nor_have_those_in_micropython(micropython: Interpreter) -> None:
    with Interpreter() as other:
        other.install("talus", "talus_twin.board")
        told = [one.run(CLOCK + MADE).strip() for one in (micropython, other, micropython, other)]
    assert len(set(told)) == 4


def test_nor_have_made_up_lives() -> None:
    life = live(Course(1_793_664_000_000, 1, 1, "UTC", "left", cut_days=3))
    first, second, seeded, again = (lay_down(life, MemoryFiles(), "left", seed).info for seed in (None, None, 1, 1))
    assert len({first["device"], second["device"], first["journal"], second["journal"]}) == 4
    assert (seeded["device"], seeded["journal"]) == (again["device"], again["journal"])
