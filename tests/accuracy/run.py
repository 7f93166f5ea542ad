"""`make accuracy`: measure everything, print the page and write it beside this file. Takes minutes; Ctrl-C ends it."""

import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

PAGE = HERE / "ACCURACY.md"


def main() -> int:
    from accuracy.page import page
    from accuracy.results import gather

    named = os.environ.get("TALUS_DATA", "")
    folder = Path(named) if named else None
    if folder is not None and not folder.is_dir():
        print(f"TALUS_DATA {named}: is no folder", file=sys.stderr)
        return 65
    begin = time.monotonic()

    def step(what: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{time.monotonic() - begin:4.0f} s  {what} {done + 1} of {total}", end="", file=sys.stderr)
        elif not done:
            print(f"{time.monotonic() - begin:4.0f} s  {what}", file=sys.stderr)

    text = page(gather(folder, step))
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    print(text)
    if folder is None:
        print("Without recordings (TALUS_DATA) the page is not rewritten.", file=sys.stderr)
    else:
        PAGE.write_text(text)
        print(f"Written: {PAGE.name}, in {time.monotonic() - begin:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped; the page is as it was.", file=sys.stderr)
        sys.exit(130)
