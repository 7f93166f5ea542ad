"""A setting is known on a brace by its place: its name would be kept there for ever, in the table of names.

`settings.amber_mmhg` becomes `settings.kept[41]`; the call that gives every value its name, as the desk wants, goes.
"""

import ast

from talus.settings_file import ROWS
from talus_host.deploy.compact_text import Source

PLACES = {row[0]: place for place, row in enumerate(ROWS)}
OWNERS = ("settings", "_settings")
NAMED = "named"


def is_settings(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id in OWNERS) or (
        isinstance(node, ast.Attribute) and node.attr in OWNERS
    )


def is_naming(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == NAMED


def placed(files: list[Source]) -> dict[str, str]:
    """path -> text; raises ValueError where a setting is asked of something that is not called settings."""
    for file in files:
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Attribute) and node.attr in PLACES:
                if not is_settings(node.value):
                    raise ValueError(
                        f"{file.path}:{node.lineno}: .{node.attr} is a setting's name and asked of no settings"
                    )
                _, end = file.span(node)
                file.replace_bytes(end - len(node.attr), end, f"kept[{PLACES[node.attr]}]")
            elif isinstance(node, ast.Expr) and is_naming(node.value):
                file.replace(node, "pass")
    return {file.path: file.edited() for file in files}
