"""Every row of the probes against the brace that --brace names; without it, against the twin's own `bluetooth`."""

import pytest
from twin.a_brace import in_the_air
from twin.probes import PROBES, Doing
from twin.scene import Scene

from talus_twin.radio import virtual_time

pytestmark = pytest.mark.brace
ONE_ADAPTER = ()
TWO = (pytest.mark.computers("wants another computer or a look inside"),)
ROWS = [pytest.param(row[2], row[3], id=f"{row[1]} {row[0]}", marks=ONE_ADAPTER if row[4] else TWO) for row in PROBES]


@pytest.mark.parametrize(("doing", "expected"), ROWS)
def test_probe(doing: Doing, expected: str) -> None:
    async def story() -> None:
        async with in_the_air(strides=64) as (brace, central, backend):
            brace.radio.poll(brace.status.now_ms() + 60_000)  # the window it opened shuts again
            got = await doing(Scene(brace, central, backend))
            assert got == expected

    virtual_time.run(story())
