"""Words MicroPython keeps in read-only memory on every board: as a name of ours they cost a brace nothing.

Each is a word of py/ or extmod/ of MicroPython 1.27 and in its unix and WebAssembly builds. A board without one loses
some bytes, nothing else. What an exception or a stream is asked for by MicroPython itself is left out.
"""

ROM_NAMES = """
    e r gc io os pi rb re GS8 INT PTR RAW add cos doc end erf exp get inf key log nan pop ps1 ps2 sep sin sub sys
    tan tau vfs AUTO GZIP INT8 LONG Task UINT VOID ZLIB acos argv asin atan blit ceil code copy coro cosh data done
    dump erfc fabs file fill find fmod imag join json keys line load lock log2 math mkfs mode modf name pack path
    peek poll poly push read real rect seed seek send sinh sort sqrt stat step stop sync tanh tell text time usys
    ARRAY INT16 INT32 INT64 MVLSB SHORT UINT8 ULONG acosh array asinh atan2 atanh chdir clear close cmath const
    count crc32 deque dumps expm1 floor flush frexp gamma group heapq hline index ioctl ipoll isinf isnan items
    ldexp loads log10 lower match mkdir mount mtime phase pixel polar rfind rmdir sleep split start state stdin
    strip throw trunc union upper vline write BFINT8 BF_LEN BF_POS FileIO IOBase NATIVE POLLIN RGB565 RingIO UINT16
    UINT32 UINT64 USHORT append atexit buffer cancel center choice decode digest enable encode extend fileno getcwd
    getenv getter gmtime insert lgamma little locked lstrip mktime modify module ph_key random remove rename rindex
    rsplit rstrip scroll search select setter sha256 single sizeof stderr stdout struct umount unlink unpack update
    values BFINT16 BFINT32 BFUINT8 BytesIO FLOAT32 FLOAT64 POLLERR POLLHUP POLLOUT abs_tol acquire closure collect
    default deflate degrees deleter disable discard ellipse fromhex handler hashlib heapify heappop hexlify indices
    isalpha isclose isdigit islower isspace isupper listdir maxsize modules newline popitem popleft radians randint
    rel_tol release replace reverse statvfs time_ns timeout uctypes uniform version BFUINT16 BFUINT32 GS2_HMSB
    GS4_HMSB LONGLONG NoneType StringIO VfsPosix binascii builtins bytecode bytes_at calcsize copysign cur_task
    datetime encoding endswith exc_info execfile framebuf fromkeys function getvalue heappush ilistdir isfinite
    issubset iterable iterator kbd_intr keepends libc_ver mem_free mem_info platform readinto readline readonly
    register schedule sleep_ms sleep_us ticks_ms ticks_us to_bytes DeflateIO MONO_HLSB MONO_HMSB MONO_VLSB TaskQueue
    ULONGLONG addressof buffering byteorder dict_view errorcode factorial fill_rect generator heap_lock isenabled
    localtime mem_alloc opt_level pack_into partition qstr_info randrange readlines stack_use threshold ticks_add
    ticks_cpu unhexlify BIG_ENDIAN a2b_base64 appendleft b2a_base64 difference from_bytes isdisjoint issuperset
    namedtuple pend_throw readblocks rpartition separators setdefault splitlines startswith ticks_diff unregister
    FrameBuffer OrderedDict collections getrandbits heap_unlock micropython unpack_from writeblocks FrameBuffer1
    bound_method bytearray_at intersection version_info
""".split()  # noqa: SIM905
