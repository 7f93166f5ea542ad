"""The machine of `make test-bluez`: Debian's packages laid out beside the host's files, an initramfs, QEMU's command.

Packages come through apt, of the release this host's apt is set to; nothing is installed. What the host lacks is
fetched with them.
"""

import contextlib
import gzip
import lzma
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOM = Path(__file__).parent
PROJECT = ROOM.parents[1]
# Names of a release's kernels, the first that apt knows is taken. Debian 12's own 6.1 corrupts a list when BlueZ closes
# a link that broke while it was being made (hci_chan_del below l2cap_sock_release), which ends BlueZ's daemon.
KERNELS = ("linux-image-6.12-amd64", "linux-image-amd64")
PACKAGES = ("qemu-system-x86", "qemu-system-common", "qemu-system-data", "seabios", "bluez", "dbus", "busybox-static")
MERGED = ("bin", "sbin", "lib", "lib64")  # since Debian 12 links into usr, which packages do not all follow yet
# What the kernel would ask modprobe for; drbg before ecdh, which tests itself with random numbers.
MODULES = (
    *("virtio_pci", "9pnet_virtio", "9p", "overlay", "virtio_console", "virtio_rng"),
    *("hmac", "sha512_generic", "ctr", "drbg", "ecdh_generic", "cmac", "ecb", "af_alg", "algif_skcipher", "algif_hash"),
    *("hci_vhci", "uhid"),
)
MEMORY_MIB = 3072


class Missing(Exception):
    """This host cannot lend what the machine needs; the message says what."""


def fetch(folder: Path, kernels: Iterable[str]) -> Path:
    """The layer of packages, a folder that looks like a root, fetched once for each first choice of kernel.

    Raises Missing.
    """
    for tool in ("apt-get", "apt-cache", "dpkg-deb"):
        if not shutil.which(tool):
            raise Missing(f"{tool} is not here: the packages come through Debian's own tools")
    names = [*PACKAGES, kernel_package(kernels)]
    layer, ready = folder / "layer", folder / "ready"
    if ready.exists() and ready.read_text().split() == names:
        return layer
    shutil.rmtree(folder, ignore_errors=True)
    archives = folder / "archives"
    (archives / "partial").mkdir(parents=True)
    print("Fetching Debian's kernel, BlueZ and QEMU (about 120 MB, once) ...", flush=True)
    options = [f"-oDir::Cache::archives={archives}", "-oDebug::NoLocking=1", "-qq", "-y", "-d", "--reinstall"]
    run("apt-get", *options, "--no-install-recommends", "install", *names)
    fetched = sorted(archives.glob("*.deb"))
    if len(fetched) < len(names):
        raise Missing(f"apt fetched {len(fetched)} packages where {len(names)} are wanted")
    for archive in fetched:
        run("dpkg-deb", "-x", str(archive), str(layer))
    for name in MERGED:
        if (layer / name).is_dir():
            shutil.copytree(layer / name, layer / "usr" / name, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(layer / name)
    shutil.rmtree(archives)
    ready.write_text("\n".join(names))
    return layer


def kernel_package(kernels: Iterable[str]) -> str:
    """The package behind the first of these names that apt knows. Raises Missing."""
    for name in kernels:
        with contextlib.suppress(Missing):
            if found := re.search(r"Depends: (linux-image-\S+)", run("apt-cache", "depends", name)):
                return found[1]
    raise Missing(f"apt knows none of {', '.join(kernels)}: is this Debian, and was `apt-get update` run?")


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise Missing(f"{command[0]} failed ({last}); `apt-get update` as root may help")
    return done.stdout


def modules(layer: Path) -> list[tuple[str, bytes]]:
    """(name, content) of MODULES and what they need, each behind what it needs; one built in is left out."""
    (tree,) = (layer / "usr/lib/modules").iterdir()
    paths = {path.name.split(".")[0].replace("-", "_"): path for path in tree.rglob("*.ko*")}
    found: dict[str, bytes] = {}

    def need(name: str) -> None:
        path = paths.get(name)
        if path is None or name in found:
            return
        content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
        wants = re.search(rb"\0depends=([^\0]*)\0", content)
        for other in wants[1].decode().split(",") if wants else ():
            need(other.replace("-", "_"))
        found[name] = content

    for name in MODULES:
        need(name)
    return list(found.items())


def initramfs(layer: Path, python: Path) -> bytes:
    """busybox, the modules and `init`, which knows from `settings` where the project is."""
    kept = modules(layer)
    settings = f"PROJECT='{PROJECT}'\nPYTHON='{python}'\n"
    files = [("bin", 0o040755, b""), ("modules", 0o040755, b"")]
    files += [("bin/busybox", 0o100755, (layer / "usr/bin/busybox").read_bytes())]
    files += [("init", 0o100755, (ROOM / "init").read_bytes()), ("settings", 0o100644, settings.encode())]
    files += [("modules/order", 0o100644, "\n".join(name for name, _ in kept).encode())]
    files += [(f"modules/{name}", 0o100644, content) for name, content in kept]
    return gzip.compress(b"".join(newc([*files, ("TRAILER!!!", 0, b"")])), 1)


def newc(files: Iterable[tuple[str, int, bytes]]) -> Iterator[bytes]:
    """A cpio archive as the kernel unpacks it: names, modes, contents, each padded to four octets."""
    for number, (name, mode, content) in enumerate(files, 1):
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % one for one in fields) + name.encode() + b"\0"
        yield head + bytes(-len(head) % 4)
        yield content + bytes(-len(content) % 4)


def command(layer: Path, image: Path, ports: Iterable[tuple[str, Path]]) -> tuple[list[str], dict[str, str]]:
    """QEMU's command line and environment; ports: (name, unix socket) of each serial port the guest shall find."""
    (kernel,) = (layer / "boot").glob("vmlinuz-*")
    line = [str(layer / "usr/bin/qemu-system-x86_64"), "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"]
    line += ["-m", str(MEMORY_MIB), "-nodefaults", "-no-user-config", "-nographic", "-nic", "none", "-no-reboot"]
    for shared in ("qemu", "seabios"):
        line += ["-L", str(layer / "usr/share" / shared)]
    line += ["-kernel", str(kernel), "-initrd", str(image), "-append", "console=ttyS0 quiet panic=-1"]
    line += ["-serial", "stdio", "-device", "virtio-serial-pci", "-device", "virtio-rng-pci"]
    for name, socket in ports:
        line += ["-chardev", f"socket,id={name},path={socket},server=on,wait=on"]
        line += ["-device", f"virtserialport,chardev={name},name={name}"]
    for tag, path in (("host", "/"), ("layer", layer)):
        line += ["-virtfs", f"local,path={path},mount_tag={tag},security_model=none,readonly=on,multidevs=remap"]
    triplet = next((layer / "usr/lib").glob("*/qemu"), None)
    environment = dict(os.environ, QEMU_MODULE_DIR=str(triplet))
    libraries = [str(layer / "usr/lib" / triplet.parent.name)] if triplet else []
    with contextlib.suppress(KeyError):
        libraries.append(os.environ["LD_LIBRARY_PATH"])
    return line, environment | {"LD_LIBRARY_PATH": ":".join(libraries)}
