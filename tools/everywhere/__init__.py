"""Run the chapters in other circumstances: `make everywhere`.

`variations` says what is varied, `machine` what this machine can do of it, `running` runs one
chapter, `work` all of them, on two cores, and keeps what is done; `report` prints what came out.
The record and its reading belong to the book: `book/_ext/everywhere`.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
