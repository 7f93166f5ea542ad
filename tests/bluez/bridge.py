"""In the guest: /dev/vhci, where the kernel looks for a controller, joined to the port behind which the host has one.

The kernel takes one whole packet a write and gives one a read; the port is a stream. It imports little: each import
costs a second here.
"""

import os
import select
import sys

VENDOR, EVENT, ACL = 0xFF, 0x04, 0x02
HEADER_OCTETS = {EVENT: 3, ACL: 5}
MOST = 4096


def whole_packets(buffer: bytearray) -> list[bytes]:
    """Taken off the front of the buffer."""
    packets = []
    while buffer:
        header = HEADER_OCTETS[buffer[0]]
        if len(buffer) < header:
            break
        body = buffer[2] if buffer[0] == EVENT else buffer[3] + 256 * buffer[4]
        if len(buffer) < header + body:
            break
        packets.append(bytes(buffer[: header + body]))
        del buffer[: header + body]
    return packets


def write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def main(port_name: str) -> None:
    port, vhci = os.open(port_name, os.O_RDWR), os.open("/dev/vhci", os.O_RDWR)
    os.write(vhci, bytes((VENDOR, 0)))
    buffer = bytearray()
    while True:
        ready, _, _ = select.select([port, vhci], [], [])
        if vhci in ready:
            data = os.read(vhci, MOST)
            if data[0] != VENDOR:
                write_all(port, data)
        if port in ready:
            data = os.read(port, MOST)
            if not data:
                return
            buffer += data
            for packet in whole_packets(buffer):
                os.write(vhci, packet)


if __name__ == "__main__":
    main(sys.argv[1])
