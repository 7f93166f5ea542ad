"""Ways for frames to arrive. Every way is a Link: four verbs, and a door that closes behind it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the control point, and when it was asked and heard, in UTC ms of the host's clock."""

    opcode: int
    values: tuple[int, ...]
    asked_ms: int
    heard_ms: int


class Link(Protocol):
    """open, info, request, stream. Raises leaves of BraceError and RoadError only.

    by_air: whether how long it takes says anything of a link.
    """

    by_air: bool

    async def open(self) -> None:
        """Reach the brace and be allowed to ask it."""

    async def close(self) -> None:
        """Let it go. Harmless when it is gone."""

    async def info(self) -> dict[str, int]:
        """What gatt.INFO_ROWS name, as of now."""

    async def request(self, opcode: int, *operand: int) -> Reply:
        """Ask one thing of gatt.REQUESTS (not REPORT, not CREDIT) and wait for its answer."""

    def stream(self, first: int) -> AsyncGenerator[bytes, None]:
        """The frame stream from the frame that holds sequence `first` to the last one flushed."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...
