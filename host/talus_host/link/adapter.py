"""Why this computer's Bluetooth cannot be used, in words that say what to do: bleak's reasons as rows."""

import sys

from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError
from bleak.exc import BleakBluetoothNotAvailableReason as Reason

from talus_host.errors import NoAdapterError

PERMIT = {
    "linux": "may this user use Bluetooth? On most systems: `sudo usermod -aG bluetooth $USER`, then log in again",
    "darwin": "allow it in System Settings > Privacy & Security > Bluetooth, for the terminal Talus runs in",
    "win32": "allow it in Settings > Privacy & security > Radios",
}
SERVICE = {
    "linux": "start it with `sudo systemctl start bluetooth`; without BlueZ: `sudo apt install bluez`",
    "darwin": "switch Bluetooth off and on again",
    "win32": "start the Bluetooth Support Service (services.msc)",
}
# reason: what is seen, what to do ("" asks PERMIT)
REASONS = {
    Reason.NO_BLUETOOTH: ("this computer has no Bluetooth adapter", "plug one in, or look whether it is enabled"),
    Reason.NO_BLE_CENTRAL_ROLE: ("the adapter cannot do Bluetooth Low Energy", "plug in another one"),
    Reason.POWERED_OFF: (
        "Bluetooth is switched off",
        "switch it on (Linux: `bluetoothctl power on`, `rfkill list`)",
    ),
    Reason.DENIED_BY_USER: ("Bluetooth is not permitted to this program", ""),
    Reason.DENIED_BY_SYSTEM: ("the system does not permit Bluetooth to this program", ""),
    Reason.DENIED_BY_UNKNOWN: ("Bluetooth is not permitted to this program", ""),
}
# how a D-Bus error ends: what is seen, what to do ("" asks PERMIT, "service" asks SERVICE)
DBUS = (
    ("AccessDenied", "the system does not permit Bluetooth to this user", ""),
    ("NotPermitted", "the system does not permit Bluetooth to this user", ""),
    ("NotAuthorized", "the system does not permit Bluetooth to this user", ""),
    ("ServiceUnknown", "the system's Bluetooth service does not run", "service"),
    ("NoReply", "the system's Bluetooth service does not answer", "service"),
    ("NotReady", "Bluetooth is switched off", "switch it on: `bluetoothctl power on`, and see `rfkill list`"),
    ("InProgress", "another program is using the adapter", "wait, or end that program"),
)


def no_adapter(error: BaseException) -> NoAdapterError:
    """A platform's refusal to listen or connect, as one line."""
    seen, do = _told(error)
    if do in ("", "service"):
        do = (SERVICE if do else PERMIT).get(sys.platform, "look into the system's settings")
    return NoAdapterError(f"no Bluetooth adapter this program may use ({seen}): {do}")


def _told(error: BaseException) -> tuple[str, str]:
    if isinstance(error, BleakBluetoothNotAvailableError) and error.reason in REASONS:
        return REASONS[error.reason]
    if isinstance(error, BleakDBusError):
        for ends, seen, do in DBUS:
            if error.dbus_error.endswith(ends):
                return seen, do
    if isinstance(error, PermissionError):
        return "the system does not permit Bluetooth to this user", ""
    if isinstance(error, OSError):
        return "the system's Bluetooth service does not answer", "service"
    why = str(error.args[0]) if error.args else type(error).__name__
    return why, "is it there, switched on, permitted?"
