# WireError
# |-- LocalError    we were about to say something the language has no word for
# `-- RemoteError   they said something we cannot read (noise, a torn frame, another language)


class WireError(Exception):
    """Root of everything the shared language refuses."""


class LocalError(WireError):
    """The caller's value does not fit: names the field, the value and the range."""


class RemoteError(WireError):
    """The bytes received are not a record or a frame: names what is wrong with them."""
