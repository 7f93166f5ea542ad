# The firmware's App in a MicroPython process of its own: the twin's chips on their bus, files in a folder, the clock of
# this machine, and the radio the interpreter itself has. It reads JSON from its standard input: a line of options (an
# argument above 255 bytes ends MicroPython), then orders, one a line, which it obeys between two passes.

import json
import os
import select
import sys
import time

MASK = 0x3FFFFFFF
FOLDER = 0x4000
PLENTY = 1 << 29


class WallClock:
    """A VirtualClock that moves by itself: what costs virtual time costs nothing here, it takes the machine's."""

    def __init__(self):
        self._begun = self._seen = time.ticks_us() & MASK
        self._laps = 0

    @property
    def us(self):
        now = time.ticks_us() & MASK
        if now < self._seen:
            self._laps += 1
        self._seen = now
        return now

    def ticks_us(self):
        return self.us

    def ticks_ms(self):
        return time.ticks_ms() & MASK

    def spend(self, us):
        pass

    def sleep_us(self, us):
        if us > 0:
            time.sleep_us(us)

    def sleep_ms(self, ms):
        if ms > 0:
            time.sleep_ms(ms)

    def elapsed_us(self):
        return self._laps * (MASK + 1) + self.us - self._begun


class FolderFiles:
    """The words of main.py's Files, below a folder of this machine."""

    def __init__(self, folder):
        self._folder = folder

    def _at(self, path):
        return self._folder + "/" + path.strip("/")

    def open(self, path, mode="r"):
        return open(self._at(path), mode)

    def listdir(self, path="/"):
        return sorted(os.listdir(self._at(path)))

    def remove(self, path):
        path = self._at(path)
        if os.stat(path)[0] & FOLDER:
            os.rmdir(path)
        else:
            os.remove(path)

    def rename(self, old, new):
        os.rename(self._at(old), self._at(new))

    def mkdir(self, path):
        os.mkdir(self._at(path))

    def rmdir(self, path):
        os.rmdir(self._at(path))

    def size(self, path):
        return os.stat(self._at(path))[6]

    def free(self):
        block, _, _, blocks = os.statvfs(self._folder)[:4]
        return min(block * blocks, PLENTY)


def random(count):
    with open("/dev/urandom", "rb") as file:
        return file.read(count)


def make(given):
    """(App, Brace) as the options say; see talus_twin.alone.Alone."""
    __import__("talus.wire.gatt")  # first: below App's own imports a 32-bit build has no stack left for it
    from talus import settings_file
    from talus_twin.board import brace, wearing

    clock = WallClock()
    build = brace.Build(given["side"], given["imu_place"], alignment=given["imu_alignment"])
    columns = None
    if given["leg"]:
        with open(given["leg"]) as file:
            columns = json.load(file)
    one = brace.make(columns, given["rate_hz"], build=build, files=FolderFiles(given["flash"]), clock=clock)
    one.power.random = random
    one.power.plugged = given["charging"]
    settings, _ = settings_file.load(one.files)
    return wearing.app_of(one, settings, __import__("bluetooth")), one


def obey(line, words):
    """One line of JSON: {"do": statements} or {"tell": expression}; the answer as a dict."""
    try:
        asked = json.loads(line)
        told = None
        if "do" in asked:
            exec(asked["do"], words)
        else:
            told = eval(asked["tell"], words)
            if isinstance(told, (bytes, bytearray, memoryview)):
                told = {"hex": bytes(told).hex()}
        return {"ok": told}
    except Exception as error:  # whatever it is, it is the asker's
        return {"error": "%s: %s" % (type(error).__name__, error)}


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")


def run(given):
    app, one = make(given)
    words = {"app": app, "brace": one, "radio": app.radio}
    heard = select.poll()
    heard.register(sys.stdin, select.POLLIN)
    app.start()
    say({"ok": "started"})
    while True:
        app.step()
        if heard.poll(0):
            line = sys.stdin.readline()
            if not line:
                break
            say(obey(line, words))
    app.stop()


if __name__ == "__main__":
    options = json.loads(sys.stdin.readline())
    sys.path[:0] = options["path"]
    run(options)
