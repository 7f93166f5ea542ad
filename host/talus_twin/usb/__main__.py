"""A board on a terminal, until Ctrl-C: `python -m talus_twin.usb FOLDER [SPEED]`, then `make deploy PORT=...`."""

import sys
import time
from pathlib import Path

from talus_twin.usb.board import Make, PtyBoard


def main() -> None:
    folder = Path(sys.argv[1])
    with PtyBoard(folder, Make(speed=float(sys.argv[2]) if len(sys.argv) > 2 else 1.0)) as board:
        sys.stdout.write(f"PORT={board.port}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(1)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
