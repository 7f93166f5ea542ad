"""`async with link:` for every way of arriving."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Door(ABC):
    """Opens on the way in, closes on the way out, whatever happened between."""

    by_air = True

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()
