"""Run all cells of a built page in Chromium, as a reader would, and time each of them.

The page's own Run all does it. What it sends to its Python and what comes back is written down on
the way, by a `Worker` that notes the time of each message. Run all stops at a cell that fails; the
cells below it are then handed to the same Python, so that one run tells of all.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
#: Seconds after which a page is given up.
PATIENCE = 900
#: Runs before the page's scripts: writes down, for each cell, what was sent and what came back.
LISTEN = """(() => {
    const Plain = Worker;
    const heard = (window.heard = {cells: [], ready: 0, loading: 0, waited: false});
    window.Worker = class extends Plain {
        constructor(...all) {
            super(...all);
            heard.worker = this;
            let since = 0;  // when something began to load
            this.addEventListener("message", ({data}) => {
                const now = performance.now();
                const cell = heard.cells.at(-1);
                if (data.status) since ||= now;
                else if (data.running) {
                    heard.ready ||= now;
                    if (since) heard.loading += now - since;
                    if (since && cell) cell.loading += now - since;
                    since = 0;
                } else if (cell && data.id === cell.id) {
                    const html = data.outputs.map((output) => output.html ?? "").join("");
                    const {error, ended} = data;
                    Object.assign(cell, {answered: now, error, ended, html});
                }
            });
        }
        postMessage(data, ...rest) {
            const asked = {id: data.id, sent: performance.now(), loading: 0};
            if (data.id) heard.cells.push(asked);
            super.postMessage(data, ...rest);
        }
    };
})()"""
#: The button, in the bar of the first cell that has one.
RUN_ALL = '.run-bar button[aria-label^="Run all"]'
#: Press Run all, and once more if the page asks first.
PRESS = """async () => {
    const again = document.querySelector('.run-bar button[aria-label^="Run all"]');
    const bar = again.closest(".run-bar");
    again.click();
    const quiet = () => !heard.cells.length && !/Starting|Loading/.test(bar.textContent);
    for (let i = 0; i < 200 && !heard.cells.length; i += 1) {
        await new Promise((done) => setTimeout(done, 50));
        if (quiet() && /Press again/.test(bar.textContent)) {
            heard.said = bar.querySelector(".run-status").textContent;
            again.click();
        }
    }
}"""
#: Whether the cell that was sent last has its answer, and the page sends no other.
OVER = """() => heard.cells.length && heard.cells.at(-1).answered
    && !document.querySelector('.run-bar button[aria-label^="Run all"]')
        .closest(".run-bar").querySelector(".run-main").disabled"""
#: Hand the cells below one that failed to the same Python, one by one.
GO_ON = """async (codes) => {
    for (const code of codes) {
        const id = 1e6 + heard.cells.length;
        heard.worker.postMessage({id, code});
        while (!heard.cells.at(-1).answered) await new Promise((done) => setTimeout(done, 20));
        if (heard.cells.at(-1).ended) return;
    }
}"""


@contextmanager
def started() -> Iterator[Browser]:
    """Start a browser that is on this machine."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit("in_browser: there is no browser here (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


def run_all(browser: Browser, address: str, docname: str) -> dict:
    """Open a page, run all of it, and return what came of each cell.

    `start` is how long Python took until the first cell, `loading` how long packages took that
    cells import, `cells` each cell that ran: its number, seconds, error, and what it showed.
    """
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(LISTEN)
        page.goto(f"{address}/{docname}.html", wait_until="load")
        listed = page.request.get(f"{address}/_static/run/cells/{docname}.json").json()
        plain = [i for i, cell in enumerate(listed) if not cell["heavy"] and cell["aside"] is None]
        left = page.locator(".run-left").count()
        if not plain or not page.locator(RUN_ALL).count():  # nothing that a reader could press
            return outcome([], {"ready": 0, "loading": 0, "cells": []}, listed, left)
        end = time.monotonic() + PATIENCE
        page.evaluate(PRESS)
        wait(page, OVER, end)
        below = plain[page.evaluate("heard.cells.length") :]
        if below and not page.evaluate("heard.cells.at(-1).ended ?? false"):
            page.evaluate(f"codes => {{ ({GO_ON})(codes) }}", [listed[i]["code"] for i in below])
            wait(page, f"heard.cells.length === {len(plain)} && heard.cells.at(-1).answered", end)
        heard = page.evaluate("({...heard, worker: null})")
        return outcome(plain, heard, listed, left) | {"said": heard.get("said", "")}


def wait(page: Page, condition: str, end: float) -> None:
    """Wait until something holds, or until the time is over."""
    while time.monotonic() < end and not page.evaluate(condition):
        time.sleep(0.2)


def outcome(plain: list[int], heard: dict, listed: list[dict], left: int) -> dict:
    """Put together what was heard of the cells of a page, which run in their order."""
    cells = []
    for number, cell in zip(plain, heard["cells"], strict=False):
        ended = cell.get("answered")
        begun = max(cell["sent"], heard["ready"]) if not cells else cell["sent"]
        loading = cell["loading"] - (begun - cell["sent"])
        cells.append(
            {
                "number": number,
                "seconds": (ended - begun - max(loading, 0)) / 1000 if ended else None,
                "error": cell.get("error") if ended else f"not over after {PATIENCE} s",
                "html": cell.get("html", ""),
                "built": listed[number]["seconds"],
            }
        )
    first = heard["cells"][0]["sent"] if heard["cells"] else 0
    start = (heard["ready"] - first) / 1000
    return {
        "start": start,
        "loading": max(heard["loading"] / 1000 - start, 0),
        "cells": cells,
        "plain": len(plain),
        "left": left,
    }
