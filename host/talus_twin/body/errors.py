# BodyError
# |-- RecordingError   the file is not a recording a brace can wear: names file, line, column and value
# `-- PersonError      no such person: names the parameter, the value and the range


class BodyError(ValueError):
    """Root of everything the body refuses; its text is one line for people."""


class RecordingError(BodyError):
    """Raised before anything is played or written."""


class PersonError(BodyError):
    """A parameter of a synthetic person or scene outside its range."""
