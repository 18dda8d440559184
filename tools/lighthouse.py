"""Ask Lighthouse what it thinks of built pages: python -m tools.lighthouse components/neuron index.

It looks as a phone does. npx, which comes with Node, brings Lighthouse along; the browser is that
of the tests. The score for speed is reckoned from seconds of this machine, which should be idle.
"""

import argparse
import functools
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.serving import Quiet, served

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
PROGRAM = "lighthouse@13"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
#: What hosts of sites pack before they send it.
PACKED = {".css", ".html", ".js", ".json", ".mjs", ".svg"}
#: What a page has to reach, of 100.
FINE = 0.9  # of one audit, from 0 to 1; those below are named
LEAST = {"performance": 85, "accessibility": 100, "best-practices": 100, "seo": 100}


class Packing(Quiet):
    """Serves files as hosts of sites do: what is text is packed."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file."""
        file = Path(self.translate_path(self.path))
        if file.suffix not in PACKED or not file.is_file():
            super().do_GET()
            return
        content = packed(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file.name))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@functools.cache
def packed(file: Path) -> bytes:
    """Return what a host sends of a file."""
    return gzip.compress(file.read_bytes(), 6)


def look(url: str, browser: str) -> dict:
    """Return the report on one page."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = ["npx", "--yes", PROGRAM, url, "--quiet", "--output=json"]
        command += [f"--output-path={report}", f"--chrome-flags={FLAGS}"]
        environment = {**os.environ, "CHROME_PATH": browser, "PUPPETEER_SKIP_DOWNLOAD": "1"}
        subprocess.run(command, env=environment, check=True)
        return json.loads(report.read_text(encoding="utf-8"))


def judged(report: dict) -> tuple[str, list[str]]:
    """Return a page's scores in a line, and what is wrong with it."""
    scores = {name: round(part["score"] * 100) for name, part in report["categories"].items()}
    timed = ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    said = [f"{name} {score}" for name, score in scores.items()]
    said += [f"{name} {report['audits'][name]['displayValue']}" for name in timed]
    wrong = []
    for part, least in LEAST.items():
        if scores[part] < least:
            refs = [ref["id"] for ref in report["categories"][part]["auditRefs"] if ref["weight"]]
            audits = [report["audits"][name] for name in refs]
            poor = [audit["title"] for audit in audits if (audit["score"] or 0) < FINE]
            wrong.append(f"{part} is below {least}: {', '.join(poor)}")
    return ", ".join(said), wrong


def main() -> int:
    """Look at pages. Return the exit status: 1 if one does not reach what it has to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="+", help="as in the table of contents: components/neuron")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or shutil.which("npx") is None:
        sys.exit("lighthouse: it needs Chromium and npx (Debian: chromium, npm)")
    found = []
    with served(SITE, Packing) as address:
        for page in parser.parse_args().page:
            said, wrong = judged(look(f"{address}/{page}.html", browser))
            print(f"{page:28} {said}", *wrong, sep="\n    ", flush=True)
            found += wrong
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
