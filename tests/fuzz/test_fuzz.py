"""A short part of the fuzzing, in every run: hypothesis against each target, from real bytes with a part changed.

TALUS_FUZZ: examples for each target (300). `make fuzz` runs the same targets under Atheris.
"""

import os
import random

import pytest
from fuzz.seeds import seeds
from fuzz.targets import TARGETS
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("TALUS_FUZZ", "300"))
DERANDOMIZED = 20261


def changed(whole: bytes, cuts: list[tuple[float, bytes]]) -> bytes:
    """Real bytes, some of which are put in, over or away."""
    out = bytearray(whole)
    for where, what in cuts:
        at = int(where * len(out))
        out[at : at + (len(what) if len(what) % 2 else 0)] = what
    return bytes(out)


CUTS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), max_size=4)


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_give_a_value_or_the_promised_error(name: str) -> None:
    real = seeds(name)

    @seed(DERANDOMIZED)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(st.binary(max_size=400), st.builds(changed, st.sampled_from(real), CUTS)))
    def holds(data: bytes) -> None:
        TARGETS[name](data)

    for one in real:
        TARGETS[name](one)
    holds()


def test_the_control_point_under_a_storm() -> None:
    """Long orders of requests, most of them well formed: the deep states."""
    chance = random.Random(DERANDOMIZED)
    for _ in range(EXAMPLES):
        TARGETS["control"](b"".join(chance.choice(seeds("control")) for _ in range(chance.randrange(1, 40))))
