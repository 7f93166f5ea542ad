#!/bin/sh
# In the guest: BlueZ's daemon, in the background; a second call is a restart.
[ -f /run/bluetoothd.pid ] && kill "$(cat /run/bluetoothd.pid)" && sleep 1
/usr/libexec/bluetooth/bluetoothd -n -d >>/run/log/bluetoothd 2>&1 &
echo $! >/run/bluetoothd.pid
