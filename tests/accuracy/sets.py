"""Sets of exercises through the brace's own counting."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """One set: what it was, how many repetitions were true and told (None: not measurable), and the range's error."""

    name: str
    seed: int
    true: int | None
    told: int | None
    range_error_deg: float


def names() -> list[tuple[str, int]]:
    return []


def counted(name: tuple[str, int]) -> Counted:
    raise NotImplementedError
