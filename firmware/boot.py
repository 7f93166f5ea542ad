# Runs first after every reset: puts the slot named in /slot ("a" or "b") on the import path, else the root,
# so that a brace runs what was deployed last and a bare copy of these files runs too.

import sys


def chosen_slot():
    try:
        with open("/slot") as file:
            return file.read(1)
    except OSError:
        return ""


slot = chosen_slot()
if slot in ("a", "b"):
    sys.path.insert(0, "/" + slot)
