"""`async with link:` for every way of arriving."""

from types import TracebackType
from typing import Self


class Door:
    """Opens on the way in, closes on the way out, whatever happened between."""

    async def open(self) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()
