#!/bin/sh
# In the guest, as its first process: D-Bus, BlueZ, the bridge to the host's controller, then the story. The last line
# says how it ended. BlueZ finds an empty /var/lib/bluetooth, whatever the host has there.
cd "$1" || exit
export PYTHONPATH=firmware:host HOME=/root PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
mkdir -p /run/dbus /run/log /run/bluetooth
mkdir -p /var/lib/bluetooth && mount --bind /run/bluetooth /var/lib/bluetooth
cat >/run/dbus.conf <<END
<busconfig>
<type>system</type>
<listen>unix:path=/run/dbus/system_bus_socket</listen>
<policy context="default">
<allow user="*"/><allow own="*"/>
<allow send_type="method_call"/><allow send_type="signal"/>
<allow send_type="method_return" send_requested_reply="true"/><allow send_type="error" send_requested_reply="true"/>
<allow receive_type="method_call"/><allow receive_type="signal"/>
<allow receive_type="method_return"/><allow receive_type="error"/>
</policy>
</busconfig>
END
for port in /sys/class/virtio-ports/*; do
    ln -s "/dev/${port##*/}" "/run/$(cat "$port/name")"
done
dbus-daemon --config-file=/run/dbus.conf --nofork >/run/log/dbus 2>&1 &
"$2" tests/bluez/bridge.py /run/hci >/run/log/bridge 2>&1 &
tests/bluez/bluetoothd.sh
"$2" tests/bluez/story.py
code=$?
if [ $code -ne 0 ]; then
    for log in dbus bridge bluetoothd; do
        echo "--- the last of $log"
        tail -n 100 /run/log/$log
    done
    echo "--- what the kernel says"
    dmesg | grep -i -E 'bluetooth|hci|oom|killed|segfault|traps' | tail -n 20
fi
echo "guest: exit $code"
busybox poweroff -f
