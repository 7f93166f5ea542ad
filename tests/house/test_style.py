"""Rules of style a machine can hold: heads, sizes, words, and what the documents owe the code."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
CAP_LINES = 400


def tracked(*patterns: str) -> list[Path]:
    out = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in out.splitlines() if (ROOT / line).exists()]


def test_every_module_opens_with_its_law() -> None:
    """One to six lines of comment or docstring before the first line of code."""
    without = []
    for path in tracked("firmware/**.py", "host/**.py", "dashboards/**.py"):
        text = path.read_text()
        if text.strip() and not text.startswith(("#", '"""')):
            without.append(path.relative_to(ROOT).as_posix())
    assert without == []


def test_no_file_has_outgrown_its_name() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in tracked("*.py")
        if (lines := len(path.read_text().splitlines())) > CAP_LINES
    ]
    assert long == []


def test_nothing_prints_but_the_rim() -> None:
    against = []
    for path in tracked("firmware/talus/**.py", "host/**.py", "dashboards/**.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                against.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert against == []


def test_no_except_is_bare() -> None:
    against = []
    for path in tracked("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                against.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert against == []


def test_readme_names_every_make_target_and_every_verb() -> None:
    readme = (ROOT / "README.md").read_text()
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    cli = "".join(path.read_text() for path in sorted((ROOT / "host/talus_host").glob("cli*.py")))
    verbs = re.findall(r"@app.command\(\)\ndef ([a-z]+)\(", cli)
    host = (ROOT / "host/README.md").read_text()
    assert [t for t in targets if f"make {t}" not in readme and t != "help"] == []
    assert [v for v in verbs if f"talus {v}" not in readme + host] == []


def test_locks_name_no_host() -> None:
    for name in ("requirements.lock", "package-lock.json"):
        text = (ROOT / name).read_text()
        assert "http://" not in text.replace("://opencollective", "") and '"resolved"' not in text
    assert "://" not in (ROOT / "requirements.lock").read_text()
