"""Measure the chapters in a reader's browser: `python -m tools.in_browser`.

`page` opens a built chapter in Chromium, presses Run all and times what the page's Python does;
`steps` times a training step of each workload there and in CPython; the command keeps it. The
record and its reading belong to the book: `book/_ext/in_browser`.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
