# The loader: stays on the brace as source and depends on nothing of ours. It chooses the slot, tries a new one, keeps a
# way in whatever the program does, and writes down what it died of.
# MicroPython runs this, then /main.py, which says `run()`. A host that asks for the prompt (mpremote) gets this file
# alone: the program, and the watchdog that nothing can stop again, start only where nobody waits at the prompt.
#
# /slot         "a" or "b": the slot that has proved itself
# /trial        a slot and how often it may still be tried ("b2"): forgotten when it confirms itself
# /starts       how often the proved slot was started and did not come as far as confirm()
# /maintenance  stay at the prompt, once
# /crash.txt    the end of what the last crash printed

import gc
import io
import os
import sys
import time

import machine

SAFE_BOOT_MS = 3000
STARTS_MAX = 3  # then the other slot, and after as many of that one the prompt
CRASH_BYTES = 1024
MAINTENANCE_MS = 600000  # a brace whose cable was pulled out goes back to work by itself


def read(path):
    try:
        with open(path) as file:
            return file.read(8).strip()
    except OSError:
        return ""


def write(path, text):
    """Whole or not at all, whenever the power goes."""
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)


def forget(path):
    try:
        os.remove(path)
    except OSError:
        pass


def number(text):
    return int(text) if text.isdigit() else 0


def is_slot(name):
    try:
        return name in ("a", "b") and bool(os.stat("/" + name + "/main.mpy"))
    except OSError:
        return False


def choose():
    """(slot, why the prompt is kept instead or ""). A start is counted before it is made."""
    slot, trial = read("/slot"), read("/trial")
    if trial:
        tries = number(trial[1:])
        if tries > 0 and is_slot(trial[0]):
            write("/trial", trial[0] + str(tries - 1))
            return trial[0], ""
        forget("/trial")  # it had its chances
    starts = number(read("/starts"))
    other = "a" if slot == "b" else "b"
    if starts >= 2 * STARTS_MAX:
        return "", "no slot comes up; run `make deploy` (or remove /starts to try again)"
    if starts == STARTS_MAX and is_slot(slot) and is_slot(other):
        slot = other
        write("/slot", slot)
    if machine.reset_cause() != machine.PWRON_RESET:  # a battery that is nearly flat is no fault of the program
        write("/starts", str(starts + 1))
    return (slot, "") if is_slot(slot) else ("", "no program here; run `make deploy`")


def confirm():
    """The program is well: its slot is the one to start from now on."""
    slot = read("/trial")[:1]
    if slot:
        write("/slot", slot)
        forget("/trial")
    if read("/starts"):
        forget("/starts")


def crashed(error):
    """Keep what it died of, if there is room, and start again."""
    try:
        said = io.StringIO()
        sys.print_exception(error, said)
        text = said.getvalue()[-CRASH_BYTES:]
        print("talus: crash:", text.strip().split("\n")[-1])
        with open("/crash.txt", "w") as file:
            file.write(text)
    except (OSError, MemoryError):
        pass
    machine.reset()


def stay(ms=MAINTENANCE_MS):
    """At the prompt for ten minutes more, or as long as is asked; then the brace starts again by itself."""
    if timer:
        timer.init(period=ms, mode=machine.Timer.ONE_SHOT, callback=lambda _: machine.reset())


def run():
    """The program, after the seconds in which Ctrl-C reaches the prompt; what it dies of is kept."""
    if timer:
        print("talus: maintenance")
        return
    print("talus: Ctrl-C within %d s stops here" % (SAFE_BOOT_MS // 1000))
    time.sleep_ms(SAFE_BOOT_MS)
    slot, why = choose()
    if why:
        print("talus:", why)
        return
    sys.path.insert(0, "/" + slot)
    gc.collect()  # what compiling this file has left
    try:
        import main

        main.run(slot, bool(read("/trial")), confirm)
        machine.reset()  # it says itself that it is not well
    except KeyboardInterrupt:
        forget("/starts")  # a person stopped it: no fault of the program
        raise
    except Exception as error:
        crashed(error)


timer = None
if read("/maintenance"):
    forget("/maintenance")
    timer = machine.Timer(-1 if sys.platform == "rp2" else 0)
    stay()
