# A file system in memory, in the dialect, for boards that run inside WebAssembly: the handle main.py makes of `open`
# and `os`. Like littlefs, what was not flushed or closed is not there after a power cut. Flash costs are charged.

ENOENT = 2
EBADF = 9
EEXIST = 17
ENOTDIR = 20
EISDIR = 21
ENOTEMPTY = 39
PLENTY = 1 << 29


class MemoryFile:
    """One open file: read, readinto, write, seek, tell, flush, close."""

    def __init__(self, files, path, mode):
        self._files = files
        self._path = path
        self._writes = mode[0] in "wa" or "+" in mode
        kept = files.kept.get(path, b"")
        self._data = bytearray() if mode[0] == "w" else bytearray(kept)
        self._at = len(self._data) if mode[0] == "a" else 0
        self._appends = mode[0] == "a"
        self._dirty = 0
        if self._writes and path not in files.kept:
            files.kept[path] = b""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, at):
        self.close()

    def read(self, n=-1):
        end = len(self._data) if n is None or n < 0 else min(len(self._data), self._at + n)
        data = bytes(self._data[self._at : end])
        self._at = max(self._at, end)
        return data

    def readinto(self, buffer):
        n = max(0, min(len(buffer), len(self._data) - self._at))
        buffer[:n] = self._data[self._at : self._at + n]
        self._at += n
        return n

    def write(self, data):
        if not self._writes:
            raise OSError(EBADF, self._path)
        if self._appends:
            self._at = len(self._data)
        n = len(data)
        if self._at > len(self._data):
            self._data.extend(bytes(self._at - len(self._data)))
        self._data[self._at : self._at + n] = data
        self._at += n
        self._dirty += n
        return n

    def seek(self, offset, whence=0):
        self._at = offset + (0, self._at, len(self._data))[whence]
        return self._at

    def tell(self):
        return self._at

    def flush(self):
        if self._dirty:
            self._files.charge(self._dirty)
            self._files.kept[self._path] = bytes(self._data)
            self._dirty = 0

    def close(self):
        self.flush()


class MemoryFiles:
    """open, listdir, remove, rename, mkdir, rmdir, size and free over .kept, path -> bytes: what a power cut leaves."""

    def __init__(self, clock=None, costs=None):
        self._clock = clock
        self._costs = costs
        self.kept = {}
        self._folders = {""}

    def charge(self, n):
        """The time a commit of n bytes takes: its pages, and one sector erased for each 4 KiB begun."""
        if self._clock is not None:
            pages = (n + self._costs.program_bytes - 1) // self._costs.program_bytes + 1
            self._clock.spend(pages * self._costs.program_us + (n // 4096 + 1) * self._costs.erase_us)

    def _clean(self, path):
        return "/".join(part for part in path.split("/") if part)

    def _folder_of(self, path):
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            raise OSError(ENOENT, path)

    def open(self, path, mode="r"):
        path = self._clean(path)
        if path in self._folders:
            raise OSError(EISDIR, path)
        self._folder_of(path)
        if mode[0] == "r" and path not in self.kept:
            raise OSError(ENOENT, path)
        return MemoryFile(self, path, mode)

    def listdir(self, path="/"):
        path = self._clean(path)
        if path not in self._folders:
            raise OSError(ENOENT, path)
        start = path + "/" if path else ""
        names = {name[len(start) :] for name in list(self.kept) + list(self._folders) if name.startswith(start)}
        return sorted(name for name in names if name and "/" not in name)

    def remove(self, path):
        path = self._clean(path)
        if path in self._folders:
            self.rmdir(path)
        elif path in self.kept:
            self.charge(1)
            del self.kept[path]
        else:
            raise OSError(ENOENT, path)

    def rmdir(self, path):
        path = self._clean(path)
        if path not in self._folders:
            raise OSError(ENOTDIR if path in self.kept else ENOENT, path)
        if self.listdir(path):
            raise OSError(ENOTEMPTY, path)
        self.charge(1)
        self._folders.remove(path)

    def free(self):
        """Bytes that may still be written: more than any brace has."""
        return PLENTY

    def rename(self, old, new):
        old, new = self._clean(old), self._clean(new)
        self._folder_of(new)
        if old not in self.kept:
            raise OSError(ENOENT, old)
        self.charge(1)
        self.kept[new] = self.kept.pop(old)

    def mkdir(self, path):
        path = self._clean(path)
        if path in self._folders or path in self.kept:
            raise OSError(EEXIST, path)
        self._folder_of(path)
        self.charge(1)
        self._folders.add(path)

    def size(self, path):
        path = self._clean(path)
        if path not in self.kept:
            raise OSError(ENOENT, path)
        return len(self.kept[path])
