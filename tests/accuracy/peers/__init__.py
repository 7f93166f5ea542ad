"""Other people's programs on the same signals: each in an environment of its own, made on demand, asked by files."""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
PROGRAMS = {"gaitmap": "gaitmap_peer.py", "skdh": "skdh_peer.py"}


class PeerMissing(Exception):
    """A peer's environment could not be made; the message says why."""


def environments() -> Path:
    """Where peers live: beside the product's environment, never in it."""
    return Path(sys.prefix) / "peers"


def python_of(peer: str) -> Path:
    """The peer's interpreter, its environment made from its lock if need be. Raises PeerMissing."""
    home = environments() / peer
    lock = HERE / f"{peer}.lock"
    python, ready = home / "bin" / "python", home / ".ready"
    if ready.exists() and ready.read_text() == lock.read_text():
        return python
    try:
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(lock)], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise PeerMissing(f"{peer}: its environment could not be made: {said[-1] if said else error}") from None
    ready.write_text(lock.read_text())
    return python


def ask(peer: str, signals: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """What a peer says of NAME.acc, NAME.gyro or NAME.temperature. Raises PeerMissing."""
    python = python_of(peer)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as folder:
        given, told = Path(folder) / "given.npz", Path(folder) / "told.json"
        np.savez(given, **signals)  # type: ignore[arg-type]
        command = [str(python), str(HERE / PROGRAMS[peer]), str(given), str(told)]
        done = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PeerMissing(f"{peer}: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
        answer: dict[str, Any] = json.loads(told.read_text())
        return answer
