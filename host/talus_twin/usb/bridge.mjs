// A board behind a terminal: MicroPython's WebAssembly build answers on stdin and stdout as a board does over USB.
// It resets as one does (boot.py, then main.py, then the prompt), its files lie in a folder and outlive it, whole or
// not at all, and Ctrl-C reaches a running program whenever that asks the time, sleeps or touches a bus.
// What the chip's own modules are is virtual.py's affair. stdin must not block.
import fs from "node:fs";
import nodePath from "node:path";
import { pathToFileURL } from "node:url";

const options = JSON.parse(process.argv[2]); // module, folder, virtual {path: file}, config {}, speed, heapBytes
const { loadMicroPython } = await import(pathToFileURL(options.module).href);

const CTRL_C = 3;
const CTRL_D = 4;
const WINDOW = 128;
const CAUSE = { power: 1, hard: 2, watchdog: 3, soft: 5 };
const VIRTUAL = "/.board";

class Reset extends Error {
  constructor(cause) {
    super("reset");
    this.cause = cause;
  }
}

let mp;
let rtc = "";
let timer = null; // {at: real milliseconds, call}
const input = [];
const chunk = Buffer.alloc(4096);
const nothing = new Int32Array(new SharedArrayBuffer(4));

function rest(ms) {
  Atomics.wait(nothing, 0, 0, ms);
}

function write(bytes) {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += fs.writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      rest(1);
    }
  }
}

/** What has arrived goes into `input`. While a program runs, Ctrl-C stops it and drops what was typed before. */
function listen(running) {
  let count = 0;
  try {
    count = fs.readSync(0, chunk, 0, chunk.length);
    if (count === 0) process.exit(0);
  } catch (error) {
    if (error.code === "EIO") process.exit(0);
    if (error.code !== "EAGAIN") throw error;
  }
  for (const byte of chunk.subarray(0, count)) {
    if (running && byte === CTRL_C) {
      input.length = 0;
      mp._module._mp_sched_keyboard_interrupt();
    } else {
      input.push(byte);
    }
  }
  return count;
}

// -- files ------------------------------------------------------------------------------------------

const kept = (path) => nodePath.join(options.folder, path);
const isKept = (path) => !/^\/?(\.board|dev|proc|tmp|home)(\/|$)/.test(path);

function keep(FS, node) {
  const path = FS.getPath(node);
  if (!isKept(path)) return;
  const bytes = Buffer.from((node.contents ?? []).slice(0, node.usedBytes));
  fs.writeFileSync(kept(path) + "~", bytes);
  fs.renameSync(kept(path) + "~", kept(path));
}

function load(FS, folder) {
  for (const entry of fs.readdirSync(kept(folder), { withFileTypes: true })) {
    const path = (folder === "/" ? "" : folder) + "/" + entry.name;
    if (entry.isDirectory()) {
      FS.mkdir(path);
      load(FS, path);
    } else if (!path.endsWith("~")) {
      FS.writeFile(path, fs.readFileSync(kept(path)));
    }
  }
}

/** From here on every change of the file system is in the folder too, when a board's flash would have it. */
function mirror(FS) {
  const { open, close, unlink, rename, mkdir, rmdir } = FS;
  const changes = (stream) => stream.node && FS.isFile(stream.node.mode) && (stream.flags & 3) !== 0;
  FS.open = (...given) => {
    const stream = open(...given);
    if (changes(stream)) {
      stream.stream_ops.fsync ??= (one) => (keep(FS, one.node), 0);
      const path = FS.getPath(stream.node);
      if (isKept(path) && !fs.existsSync(kept(path))) keep(FS, stream.node);
    }
    return stream;
  };
  FS.close = (stream) => {
    if (changes(stream) && stream.node.parent) keep(FS, stream.node);
    return close(stream);
  };
  const after = (before, act) => (...given) => {
    const result = before(...given);
    if (given.every((path) => typeof path !== "string" || isKept(path))) act(...given);
    return result;
  };
  FS.unlink = after(unlink, (path) => fs.unlinkSync(kept(path)));
  FS.rename = after(rename, (from, to) => fs.renameSync(kept(from), kept(to)));
  FS.mkdir = after(mkdir, (path) => fs.mkdirSync(kept(path)));
  FS.rmdir = after(rmdir, (path) => fs.rmdirSync(kept(path)));
}

// -- what virtual.py asks of the world ----------------------------------------------------------------

let begun = 0;
const host = {
  cause: CAUSE.power,
  config: () => JSON.stringify(options.config),
  random: () => Math.floor(Math.random() * 256),
  rtc: () => rtc,
  keepRtc: (text) => ((rtc = text), undefined),
  poll: () => (listen(true), undefined),
  reset: (cause) => {
    throw new Reset(cause);
  },
  alarm: (ms, call) => ((timer = ms < 0 ? null : { at: performance.now() + ms / options.speed, call }), undefined),
  /** Wait until the real clock has reached this board time, and hear Ctrl-C meanwhile. */
  pace: (boardMs) => {
    for (;;) {
      listen(true);
      const ahead = boardMs / options.speed - (performance.now() - begun);
      if (ahead <= 0) return;
      rest(Math.min(ahead, 2));
    }
  },
};

// -- one life between two resets ----------------------------------------------------------------------

let swallow = 0; // bytes of "OK", which raw-paste mode does not say

function out(bytes) {
  if (swallow) {
    const gone = Math.min(swallow, bytes.length);
    swallow -= gone;
    bytes = bytes.subarray(gone);
  }
  if (bytes.length) write(bytes);
}

async function begin(cause) {
  host.cause = cause;
  if (cause === CAUSE.power) rtc = "";
  timer = null;
  begun = performance.now();
  mp = await loadMicroPython({ heapsize: options.heapBytes, linebuffer: false, stdout: out });
  const { FS } = mp;
  load(FS, "/");
  FS.mkdir(VIRTUAL);
  for (const [path, source] of Object.entries(options.virtual)) {
    let folder = VIRTUAL;
    for (const part of path.split("/").slice(0, -1)) {
      folder += "/" + part;
      if (!FS.analyzePath(folder).exists) FS.mkdir(folder);
    }
    FS.writeFile(`${VIRTUAL}/${path}`, source ? fs.readFileSync(source) : "");
  }
  mirror(FS);
  mp.registerJsModule("_host", host);
  mp.runPython(`import sys\nsys.path.append("${VIRTUAL}")\nimport virtual\nvirtual.install()\ndel virtual, sys`);
}

/** A script of the root, as pyexec_file_if_exists runs it. */
function script(name) {
  if (!mp.FS.analyzePath("/" + name).exists) return;
  mp.globals.set("__name__", "__main__");
  try {
    mp.runPython(`exec(compile(open("/${name}").read(), "${name}", "exec"))`);
  } catch (error) {
    if (error.name !== "PythonError") throw error;
    write(Buffer.from(error.message.replaceAll("\n", "\r\n")));
  }
}

/** Raw-paste mode, which this build has not: takes the source in windows, then runs it by the plain raw mode. */
function paste() {
  write(Buffer.from([0x52, 1, WINDOW & 255, WINDOW >> 8, 1]));
  const source = [];
  let left = WINDOW;
  for (;;) {
    while (input.length === 0) if (listen(false) === 0) rest(1);
    const byte = input.shift();
    if (byte === CTRL_C || byte === CTRL_D) {
      write(Buffer.from([CTRL_D]));
      if (byte === CTRL_C) return write(Buffer.from(`${String.fromCharCode(4, 4)}>`));
      break;
    }
    source.push(byte);
    if (--left === 0) {
      left = WINDOW;
      write(Buffer.from([1]));
    }
  }
  for (const byte of source) mp.replProcessChar(byte);
  swallow = 2;
  mp.replProcessChar(CTRL_D);
  swallow = 0;
}

let raw = false;
let recent = ""; // the last three bytes: Ctrl-E A Ctrl-A asks for raw-paste mode

/** The prompt, until a reset. */
function prompt() {
  mp.replInit();
  if (raw) mp.replProcessChar(1);
  recent = "";
  for (;;) {
    if (input.length === 0 && listen(false) === 0) {
      if (timer && performance.now() >= timer.at) {
        const { call } = timer;
        timer = null;
        call(null);
      }
      rest(1);
      continue;
    }
    if (input.length === 0) continue;
    const byte = input.shift();
    recent = (recent + String.fromCharCode(byte)).slice(-3);
    if (raw && recent === "\x05A\x01") {
      mp.replProcessChar(CTRL_C); // forget the two bytes of the question
      paste();
      continue;
    }
    if (byte === 1) raw = true;
    if (byte === 2) raw = false;
    if (mp.replProcessChar(byte)) throw new Reset(CAUSE.soft);
  }
}

let cause = CAUSE.power;
for (;;) {
  try {
    await begin(cause);
    script("boot.py");
    if (!raw) script("main.py");
    prompt();
  } catch (error) {
    if (!(error instanceof Reset)) throw error;
    cause = error.cause;
    if (cause === CAUSE.soft) {
      write(Buffer.from("MPY: soft reboot\r\n"));
    } else {
      raw = false;
      input.length = 0;
      write(Buffer.from("\r\nrst: virtual board\r\n"));
    }
  }
}
