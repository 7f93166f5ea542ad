# The journal's files: segments named by their first sequence, at most four in a folder that is named by its own first:
# `ls` is the index. littlefs' slowest flush grows with the files of a folder (77 kB read at one, 294 kB at twelve).
# Segments of an older brace lie beside the folders; they are read and released like any other.

GROUP_SEGMENTS = 4
EEXIST = 17


class Segments:
    """firsts: first sequence of each segment, oldest first. Every word may raise OSError."""

    def __init__(self, files, root):
        self._files = files
        self._root = root
        self.firsts = []
        self.groups = []
        self.flat = -1  # the newest segment that lies beside the folders

    def path(self, first):
        if first <= self.flat:
            return "%s/%08x.seg" % (self._root, first)
        return "%s/%08x/%08x.seg" % (self._root, max(group for group in self.groups if group <= first), first)

    def folder(self, group):
        return "%s/%08x" % (self._root, group)

    def open(self, first):
        return self._files.open(self.path(first), "rb")

    def size(self, first):
        return self._files.size(self.path(first))

    def resume(self):
        """The newest segment's file, open behind its last byte."""
        return self._files.open(self.path(self.firsts[-1]), "ab")

    def begin(self, first, apart):
        """The file of a new segment, open and empty; apart: in a folder of its own, because the newest refuses."""
        groups = self.groups
        full = not groups or apart or self._newest_holds() >= GROUP_SEGMENTS
        if full and first > self.flat and (not groups or groups[-1] != first):
            self._make(self.folder(first))
            groups.append(first)
        file = self._files.open(self.path(first), "wb")
        if not self.firsts or self.firsts[-1] != first:
            self.firsts.append(first)
        return file

    def _newest_holds(self):
        return len([first for first in self.firsts if first >= self.groups[-1]])

    def _make(self, path):
        try:
            self._files.mkdir(path)
        except OSError as error:
            if error.args[0] != EEXIST:  # left empty by a power cut
                raise

    def release(self):
        """Give back the oldest, and its folder when that is empty."""
        self._files.remove(self.path(self.firsts[0]))
        self.firsts.pop(0)
        groups = self.groups
        while len(groups) > 1 and self.firsts and self.firsts[0] >= groups[1]:
            try:
                self._files.rmdir(self.folder(groups[0]))
            except OSError:
                pass  # a start removes what is left empty
            groups.pop(0)
