"""Run one chapter once, and return what became of its claims and quotes."""

import ast
import re
import time
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from everywhere.digest import code_cells
from tools.everywhere.variations import Variation

#: Seconds for one cell: other kernels are slower, and the machine may have other work.
TIMEOUT = 1800


class Died(Exception):
    """The Python that ran a chapter ended, or did not start: nothing is known of the chapter."""


def run(path: Path, variation: Variation, python: str, environment: dict[str, str]) -> dict:
    """Return the records of claims and results, quotes, what was raised, and the seconds.

    Raises `Died` if the chapter's Python was ended from outside, or ended itself.
    """
    notebook = jupytext.read(path)
    code = "\n".join(cell.source for cell in code_cells(notebook))
    first = variation.first_cell(code)
    if first:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(first))
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        startup_timeout=TIMEOUT,
        allow_errors=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.create_kernel_manager()
    client.km.kernel_spec.argv[0] = python  # the oldest versions have a Python of their own
    start = time.perf_counter()
    raised = ""
    try:
        client.execute(env=environment)
    except CellTimeoutError as error:
        raised = str(error).strip().splitlines()[0]
    except (DeadKernelError, RuntimeError) as error:
        raise Died(str(error) or "its Python died") from error
    return outcome(notebook, raised) | {"seconds": time.perf_counter() - start}


def outcome(notebook: nbformat.NotebookNode, raised: str = "") -> dict:
    """Return the claims, the quotes, the results and the first error of a notebook that ran."""
    claims, quotes, results, amendments = [], {}, [], []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            metadata = output.get("metadata", {})
            record = metadata.get("nnbook", {})
            if "scrapbook" in metadata:
                if record.get("kind") == "claim":
                    claims.append(record)
                elif record.get("kind") == "result":
                    results.append(record)
                elif record.get("kind") == "amendment":
                    amendments.append(record)
                elif not record:
                    quotes[metadata["scrapbook"]["name"]] = _value(output)
            elif output.output_type == "error" and not raised:
                text = f"{output.ename}: {output.evalue}".splitlines()[0]
                raised = re.sub(r"\x1b\[[0-9;]*m", "", text)[:200]
    told = {"claims": claims, "quotes": quotes, "results": results, "amendments": amendments}
    return told | {"raised": raised}


def _value(output: nbformat.NotebookNode) -> object:
    """Return a quoted value: a number or a string."""
    text = next(text for kind, text in output.data.items() if kind.endswith("text/plain"))
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):  # nan, inf
        return text
