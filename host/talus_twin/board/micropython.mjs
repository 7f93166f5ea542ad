// One MicroPython (official WebAssembly build) driven over stdin and stdout, one JSON object a line:
//   {"put": path, "data": base64}   write a file        {"get": path}   read one
//   {"run": source}                 run it; answers {"ok": true, "out": what it printed}
// A Python error answers {"ok": false, "error": its traceback}. Nothing here knows what Talus is.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modulePath, heapBytes] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(modulePath).href);

let printed = [];
const decoder = new TextDecoder();
const mp = await loadMicroPython({
  heapsize: Number(heapBytes),
  linebuffer: false,
  stdout: (chunk) => printed.push(typeof chunk === "string" ? chunk : decoder.decode(chunk)),
});

function makeFolders(path) {
  const parts = path.split("/").slice(1, -1);
  let folder = "";
  for (const part of parts) {
    folder += "/" + part;
    if (!mp.FS.analyzePath(folder).exists) mp.FS.mkdir(folder);
  }
}

function answer(request) {
  if (request.put !== undefined) {
    makeFolders(request.put);
    mp.FS.writeFile(request.put, Buffer.from(request.data, "base64"));
    return {};
  }
  if (request.get !== undefined) {
    return { data: Buffer.from(mp.FS.readFile(request.get)).toString("base64") };
  }
  printed = [];
  mp.runPython(request.run);
  return { out: printed.join("") };
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = { ok: true, ...answer(JSON.parse(line)) };
  } catch (error) {
    reply = { ok: false, error: String(error.message ?? error), out: printed.join("") };
  }
  process.stdout.write(JSON.stringify(reply) + "\n");
}
