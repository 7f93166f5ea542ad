# What runs in the brace and, for the language and the events, on the desk as well.
# Importing this package does nothing: main.py makes the parts and joins them.

VERSION = (0, 1, 0)
