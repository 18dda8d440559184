"""Plant mutants in the package and see whether its tests notice: `make mutants`.

A mutant is the package with one small change, made from its syntax tree. `operators` says which
changes there are, `source` finds them in a file and draws a sample, `selection` says which tests
belong to a file, `workplace` runs those tests in a copy of the repository, `record` keeps the
verdicts. What no test can notice is written down with its reason in `equivalent.toml`.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
