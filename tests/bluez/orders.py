"""In the guest: asking the host's side of the air for what a hand or a bad day does to a brace."""

import base64
import os
import select

PORT = "/run/orders"
ANSWER_S = 60.0


class Orders:
    """One line out, one line back; blocks, so that an order in mid-sync is carried out in mid-sync."""

    def __init__(self) -> None:
        self._port = os.open(PORT, os.O_RDWR)

    def __call__(self, line: str) -> str:
        os.write(self._port, f"{line}\n".encode())
        answer = b""
        while not answer.endswith(b"\n"):
            ready, _, _ = select.select([self._port], [], [], ANSWER_S)
            if not ready:
                raise TimeoutError(f"the air did not answer {line!r}")
            answer += os.read(self._port, 1 << 16)
        said = answer.decode().strip()
        if said.startswith("failed"):
            raise RuntimeError(f"{line}: {said}")
        return said

    def truth(self) -> tuple[int, bytes]:
        """How far the brace's journal was acknowledged, and its own bytes."""
        acknowledged, stream = self("truth").split()
        return int(acknowledged), base64.b64decode(stream)
