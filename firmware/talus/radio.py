# The only file that speaks BLE, through MicroPython's `bluetooth` module, which is handed in. One host at a
# time; interrupts only note what happened and poll() acts on it: an exception that leaves an interrupt
# would switch every BLE event off for good. Data go to an encrypted, bonded host and to nobody else.
#
# MicroPython cannot veto a pairing, and NimBLE deletes the old bond when a known host pairs again. So outside
# the pairing window no secret is kept or deleted, and a host that tried is sent away. NimBLE asks for the
# deletion again and again while it still finds the secret, so from then on this connection finds none.
#
# A board that sleeps with its radio on loses it, so OFF is wholly off. A host is let finish: OFF waits until it
# has left or has asked nothing for half a minute.

from talus import VERSION
from talus.bonds import Bonds
from talus.control import Control, current_time
from talus.peer import Peer
from talus.wire import gatt, kinds
from talus.wire.clock import TICKS_PERIOD

CONNECTED = 1
DISCONNECTED = 2
WRITTEN = 3
INDICATED = 20
MTU_EXCHANGED = 21
ENCRYPTED = 28
GET_SECRET = 29
SET_SECRET = 30

DISPLAY_NONE = 3
ENOMEM = 12

OFF = 0  # how loud to be
SLOW = 1
FAST = 2

PAIRING_MS = 60000
SILENT_MS = 30000  # pairing takes seconds, with a person's consent in it; a stranger must not hold the radio
HASTE_MS = 7500  # for the next, and the next, of those who said nothing: a bond is shown within a second or two
IDLE_MS = 900000  # a host we know that asks nothing and watches nothing: longer than any set of an exercise
RETRY_MS = 1000
RENEW_MS = 3600000  # nobody came for so long: perhaps nobody could, so the radio is started anew
REFRESH_MS = 1000
REQUESTS_WAITING = 8
ATT_HEADER = 3
SMALLEST_MTU = 23
FLAGS_ADVERTISED = b"\x02\x01\x06"  # general discoverable, no classic Bluetooth


class Radio:
    """bluetooth: the module; journal: talus.journal.Journal or alike; clock: ticks_ms(), wrapping at 2**30.

    status: side (index into kinds.SIDES or 255), boot, battery (0-100 or 255), fault, fault_reason, state, now,
    now_ms(), settings_digest, rows_digest, on_set_clock(brace_ms, utc_ms, uncertainty_ms). bonds: talus.bonds.Bonds,
    or None to keep none over a reset. model: the board's in Device Information. advertise_ms, fast_ms: between
    advertisements.
    """

    def __init__(self, bluetooth, journal, clock, status, bonds=None, advertise_ms=1000, model="AFO", fast_ms=100):
        self._bluetooth = bluetooth
        self._journal = journal
        self._clock = clock
        self._status = status
        self._bonds = Bonds() if bonds is None else bonds
        self.intervals(advertise_ms, fast_ms)
        self._identity = ("Talus", model, "%d.%d.%d" % VERSION)
        self._layout = kinds.digest()
        self._peer = Peer(self._bonds, journal.id)
        self._control = Control(journal, status, self._peer)
        self._ble = bluetooth.BLE()
        self._requests = [None] * REQUESTS_WAITING
        self._ticks = [0] * REQUESTS_WAITING
        self.secure = False  # whether this port can bond; without it nothing is served
        self.failures = 0  # interrupts that raised, requests that did not fit the queue
        self._pairing_until, self._patience_ms = None, SILENT_MS
        self._asked, self._pace = SLOW, None  # None: whether it has power is not known
        self._renewed_ms = self._retry_ms = 0
        self._advertising = False
        self._connection = None
        self._forget_connection()

    def _forget_connection(self):
        self._connection = None
        self._since_ms = None  # it came, or asked last: said by the next pass, an interrupt asks nobody for the time
        self._mtu = SMALLEST_MTU
        self._peer.begin()
        self.authorised = False
        self._came = self._done = 0
        self._answer = None
        self._answer_ticks = 0
        self._indicating = False
        self._refreshed_ms = None
        self._gone = False

    @property
    def connected(self):
        return self._connection is not None

    @property
    def busy(self):
        """Whether another pass at once could do more: a request, an answer or a report that may go on."""
        asked = self.authorised and not self._indicating and (self._came != self._done or self._answer is not None)
        return asked or (self._control.reporting and self._control.credits > 0)

    # -- setting up -----------------------------------------------------------------------------

    def start(self):
        """Switch the radio on, with its services; poll() advertises, and does this where it was not done."""
        ble = self._ble
        ble.irq(self._irq)  # before active(): the stack asks for its own secrets while it starts
        ble.active(True)
        ble.config(gap_name=gatt.NAME, mtu=gatt.MTU)
        try:
            ble.config(bond=True, le_secure=True, mitm=False, io=DISPLAY_NONE)
            self.secure = True
        except (ValueError, OSError):
            self.secure = False  # a port without bonding, as the Pico W's stock firmware
        self._register()
        self._pace = SLOW

    def _register(self):
        uuid = self._bluetooth.UUID
        services = tuple((uuid(one), tuple((uuid(u), allows) for u, allows in inside)) for one, inside in gatt.SERVICES)
        identity, (self._battery,), (self._time,), ours = self._ble.gatts_register_services(services)
        self._info, self._control_handle, self._log, self._live = ours
        for handle, text in zip(identity, self._identity):
            self._ble.gatts_write(handle, text.encode())
        self._ble.gatts_set_buffer(self._control_handle, gatt.CONTROL_MAX + 1)  # one more shows what was too long
        self._service_uuid = bytes(uuid(gatt.SERVICE))
        self._hide()

    def intervals(self, advertise_ms, fast_ms):
        """Between advertisements, from the next change of pace or host on."""
        self._slow_us = advertise_ms * 1000
        self._fast_us = fast_ms * 1000

    def pace(self, pace):
        """OFF, SLOW or FAST from the next pass on; while the pairing window is open it is FAST whatever was asked.

        OFF lets a host finish: it comes once none is connected, or none that asked anything for SILENT_MS.
        """
        self._asked = pace

    @property
    def off(self):
        """Whether the radio has no power: only now may the board sleep."""
        return self._pace == OFF

    def _turn(self, pace, now_ms):
        if pace == OFF:
            if self._connection is not None and (self._since_ms is None or now_ms - self._since_ms <= SILENT_MS):
                return
            self._switch_off()
        elif not self._pace:
            self.start()
        self._pace = pace
        self._advertising = False  # poll() advertises, at the new interval
        self._renewed_ms = now_ms

    def _switch_off(self):
        self._save_bonds()
        self._control.begin()
        self._ble.active(False)  # ends the advertising, and a link that is still there
        self._forget_connection()

    def _advertise(self):
        name = gatt.NAME.encode()
        self._ble.gap_advertise(
            self._fast_us if self._pace == FAST else self._slow_us,
            adv_data=FLAGS_ADVERTISED + bytes((len(self._service_uuid) + 1, 0x07)) + self._service_uuid,
            resp_data=bytes((len(name) + 1, 0x09)) + name,
        )

    # -- what a button may ask ------------------------------------------------------------------

    def open_pairing(self):
        """For 60 s one new host may bond."""
        self._pairing_until = self._status.now_ms() + PAIRING_MS
        self._patience_ms = SILENT_MS

    @property
    def pairing_open(self):
        return self._pairing_until is not None

    def forget(self):
        """Every bond is gone, and whoever is connected."""
        self._bonds.clear()
        self._save_bonds()
        self._disconnect()

    # -- interrupts -----------------------------------------------------------------------------

    def _irq(self, event, data):
        try:
            return self._note(event, data)
        except Exception:  # whatever it is, it must not leave an interrupt
            self.failures += 1
            return None

    def _note(self, event, data):
        if event == WRITTEN:
            self._note_write(data[0], data[1])
        elif event == INDICATED:
            self._indicating = False
        elif event == GET_SECRET:
            return self._peer.give(data[0], data[1], data[2])
        elif event == SET_SECRET:
            return self._peer.keep(data[0], data[1], data[2], self.pairing_open)
        elif event == CONNECTED:
            self._advertising = False
            if self._connection is None:
                self._forget_connection()
                self._connection = data[0]
            else:
                self._ble.gap_disconnect(data[0])
        elif data[0] != self._connection:
            return None
        elif event == DISCONNECTED:
            self._gone = True  # poll() forgets it: on a board this may come in the middle of a pass
        elif event == MTU_EXCHANGED:
            self._mtu = data[1]
        elif event == ENCRYPTED:
            self._peer.encrypted = bool(data[1])
            self._peer.bonded = bool(data[3])
        return None

    def _note_write(self, connection, handle):
        if handle != self._control_handle or connection != self._connection:
            return
        if self._came - self._done >= REQUESTS_WAITING:
            self.failures += 1
            return
        place = self._came % REQUESTS_WAITING
        self._ticks[place] = self._clock.ticks_ms()
        self._requests[place] = self._ble.gatts_read(handle)
        self._came += 1

    # -- the loop's pass ------------------------------------------------------------------------

    def poll(self, now_ms):
        """Do what interrupts left behind and what the radio's buffers have room for; never waits."""
        if self.pairing_open and now_ms >= self._pairing_until:
            self._pairing_until = None
        self._save_bonds()
        if self._status.now.live is not None and not self.authorised:
            self._status.now.live = None  # who watched is gone
        if self._gone:
            self._forget_connection()
            self._renewed_ms = now_ms
        pace = FAST if self.pairing_open else self._asked
        if self._advertising and now_ms - self._renewed_ms >= RENEW_MS:
            pace = OFF  # and on again in the next pass
        try:
            if pace != self._pace and now_ms >= self._retry_ms:
                self._turn(pace, now_ms)
        except OSError:  # the stack did not start or stop: the brace does its work, and this is tried again
            self.failures += 1
            self._pace = None
            self._retry_ms = now_ms + RETRY_MS
        if not self._pace or self._connection is None:
            self._wait_for_a_host()
            return
        if not self.authorised:
            self._judge(now_ms)
        if self.authorised:
            self._serve(now_ms)

    def _wait_for_a_host(self):
        if self._advertising or not self._pace:
            return
        self._control.begin()
        self._advertising = True  # said first: a host may connect before the call returns
        try:
            self._hide()
            self._advertise()
        except OSError:
            self._advertising = False
            self.failures += 1  # the stack is still busy with the last host; the next pass tries again

    def _save_bonds(self):
        try:
            self._bonds.save()
        except OSError:
            self.failures += 1  # flash is full or worn; the bond holds until the next reset

    def _judge(self, now_ms):
        """Is this host one we know? Decided here, since a stack may say "encrypted" before it stores the bond."""
        if self._since_ms is None:
            self._since_ms = now_ms
        peer = self._peer
        if peer.known:
            self._welcome()
        elif peer.refused or (peer.encrypted and not self.pairing_open):
            self._disconnect()
        elif now_ms - self._since_ms > self._patience_ms:
            self._patience_ms = max(self._patience_ms // 2, HASTE_MS)
            self._disconnect()

    def _welcome(self):
        self.authorised = True
        self._patience_ms = SILENT_MS
        if self._peer.stored:
            self._pairing_until = None  # one press, one host
        try:
            self._journal.flush()  # this minute's records are wanted too
        except OSError:
            self.failures += 1

    def _disconnect(self):
        connection = self._connection
        self._forget_connection()
        if connection is not None:
            try:
                self._ble.gap_disconnect(connection)
            except OSError:
                pass  # it is gone already

    def _hide(self):
        for handle in (self._info, self._battery, self._time):
            self._ble.gatts_write(handle, b"")

    def _refresh(self, now_ms):
        status, journal = self._status, self._journal
        self._refreshed_ms = now_ms
        values = (gatt.PROTOCOL, status.side, journal.device, journal.id, self._layout, status.boot, status.now_ms())
        values += (journal.first, journal.next, self._peer.acknowledged, status.battery, status.fault)
        values += (status.fault_reason, status.state, status.settings_digest, status.rows_digest)
        self._ble.gatts_write(self._info, gatt.pack_info(values))
        self._ble.gatts_write(self._battery, bytes((status.battery,)) if status.battery <= 100 else b"")
        utc_ms = self._control.utc_ms(now_ms)
        self._ble.gatts_write(self._time, b"" if utc_ms is None else current_time(utc_ms))

    # -- serving --------------------------------------------------------------------------------

    def _serve(self, now_ms):
        if now_ms - self._since_ms > IDLE_MS and self._status.now.live is None:
            return self._disconnect()
        try:
            if self._refreshed_ms is None or now_ms - self._refreshed_ms >= REFRESH_MS:
                self._refresh(now_ms)
            self._take_requests()
            if self._control.reporting:
                self._send_report()
            self._send_answer()
            self._send_live()
        except OSError as error:
            if error.args[0] != ENOMEM:  # the stack's buffers are full: the next pass tries again
                self._disconnect()

    def _take_requests(self):
        """Obey what was written, in its order. An answer not yet on its way holds up what comes behind it."""
        while self._done != self._came and self._answer is None:
            place = self._done % REQUESTS_WAITING
            request = self._requests[place]
            came_ms = self._status.now_ms() - self._age_ms(self._ticks[place])
            self._control.room = min(self._mtu, gatt.MTU) - ATT_HEADER
            self._answer = self._control.handle(request, came_ms)
            self._answer_ticks = self._ticks[place]
            self._since_ms = came_ms
            self._done += 1
            self._send_answer()

    def _age_ms(self, ticks):
        return (self._clock.ticks_ms() - ticks) & (TICKS_PERIOD - 1)

    def _send_answer(self):
        """One indication at a time: the next waits for the host's confirmation."""
        if self._answer is None or self._indicating or gatt.early(self._answer, self._age_ms(self._answer_ticks)):
            return
        if self._answer[0] == gatt.TIME_IS:
            self._answer = gatt.put_held(self._answer, self._age_ms(self._answer_ticks))
        self._indicating = True
        try:
            self._ble.gatts_indicate(self._connection, self._control_handle, self._answer)
        except OSError:
            self._indicating = False
            raise
        self._answer = None

    def _send_live(self):
        live = self._status.now.live
        if live is not None and live.piece is not None:
            self._ble.gatts_notify(self._connection, self._live, live.piece)
            live.sent()

    def _send_report(self):
        """Pieces for the credits there are; the end of a report needs none to be told."""
        control = self._control
        room = min(self._mtu, gatt.MTU) - ATT_HEADER
        while control.piece is not None or self._fill(room):
            if not control.credits:
                return
            self._ble.gatts_notify(self._connection, self._log, control.piece)
            control.piece = None
            control.credits -= 1

    def _fill(self, room):
        """Read the next piece; False when there is none yet, or when the report's answer is ready instead."""
        if self._answer is not None:
            return False
        self._answer = self._control.fill(room)
        return self._control.piece is not None
