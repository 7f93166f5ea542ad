"""The last column of a table of rows is for readers, where it is a sentence: on a brace it is empty."""

import ast

from talus_host.deploy.compact_text import Source


def without_prose(files: list[Source]) -> dict[str, str]:
    """path -> text; a row's last word, where it has a space, is ""."""
    for file in files:
        for statement in file.tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
                for row in ast.walk(statement.value):
                    if not isinstance(row, ast.Tuple) or row is statement.value or not row.elts:
                        continue
                    last = row.elts[-1]
                    if isinstance(last, ast.Constant) and isinstance(last.value, str) and " " in last.value:
                        file.replace(last, '""')
    return {file.path: file.edited() for file in files}
