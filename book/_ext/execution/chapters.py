"""Run the chapters, several at a time, before Sphinx reads them.

Sphinx would run them one after the other. Here every chapter that is about to be read and is not in
the cache, or needs something that changed since, gets a kernel of its own, with one thread for
linear algebra, and its outputs go into the cache where the page then finds them. (When the package
changed, all pages are read again: any of them may show of it what no cell tells.) What a run cost
is kept for the status page. A chapter goes on after a cell that raised, and after a claim that does
not hold; `raised` and `claims` tell of those. A chapter in which a cell raised is run again by the
next build: the reason may lie outside of what the cache knows, such as a machine that was too slow.
So is one that was edited while a build ran, because Sphinx ran it then, and no cost is known.
"""

import copy
import os
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from everywhere.sources import Sources
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from execution import cache
from execution.kernel import run
from execution.reading import read_notebook

#: What every kernel is started with: equal bits from build to build, quiet frameworks, and claims
#: that are shown when they do not hold instead of ending their chapter.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "NNBOOK_CLAIMS": "collect",
}


def set_cache(app: Sphinx, config: Config) -> None:
    """Put the cache where the present libraries and data have their own."""
    if config.nb_execution_mode == "cache":
        config.nb_execution_cache_path = str(cache.open_folder())
        config.nnbook_sources = Sources(cache.ROOT).state()


def run_chapters(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run the chapters among `docnames` that are not in the cache, or in which a cell raised."""
    if app.config.nb_execution_mode != "cache":
        return
    runs = env.__dict__.setdefault("nnbook_runs", {})  # kept with Sphinx's environment
    for gone in set(runs) - set(env.found_docs):
        del runs[gone]
    store = get_cache(app.config.nb_execution_cache_path)
    sources = Sources(cache.ROOT)
    waiting, needs, kept = {}, {}, {}
    for docname in docnames:
        runs.pop(docname, None)
        notebook = read_notebook(env, docname)
        if notebook is None:
            continue
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        needs[docname] = cache.chapter_digest(cells, sources)
        try:
            found = store.match_cache_notebook(notebook)
        except KeyError:
            waiting[docname] = copy.deepcopy(notebook)
            continue
        kept[found.pk] = str(env.doc2path(docname))
        runs[docname] = dict(found.data)
        # it raised, or was run by Sphinx: edited in a build's midst
        if runs[docname].get("raised", True) or runs[docname].get("needs") != needs[docname]:
            waiting[docname] = copy.deepcopy(notebook)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        timeout = app.config.nb_execution_timeout
        started = {
            pool.submit(run, notebook, timeout): docname
            for docname, notebook in sorted(waiting.items(), key=length, reverse=True)
        }
        for result in as_completed(started):  # each is kept at once, whatever becomes of the others
            docname = started[result]
            cost = runs[docname] = result.result() | {"needs": needs[docname]}
            path = str(env.doc2path(docname))
            bundle = CacheBundleIn(waiting[docname], path, data=cost)
            new = store.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            kept[new.pk] = path
            print(f"  {docname}: {cost['execution_seconds']:.1f} s", file=sys.stderr, flush=True)
    if set(docnames) >= set(env.found_docs):  # what chapters gave as they were before
        for old in store.list_cache_records():
            if old.pk not in kept and old.uri in kept.values():
                store.remove_cache(old.pk)
    here = str(cache.follow_data(Path(app.config.nb_execution_cache_path)))
    app.config.nb_execution_cache_path = here
    env.mystnb_config = env.mystnb_config.copy(execution_cache_path=here)


def length(chapter: tuple[str, NotebookNode]) -> int:
    """Return the length of a chapter, by which the longest go first.

    They mostly take longest too, and a long one that began last would run alone at the end.
    """
    return sum(len(cell.source) for cell in chapter[1].cells)


def setup(app: Sphinx) -> dict:
    """Connect to the build."""
    os.environ.update(ENVIRONMENT)
    app.add_config_value("nnbook_sources", "", "env")  # all pages anew when the package changed
    app.connect("config-inited", set_cache, priority=100)
    app.connect("env-before-read-docs", run_chapters)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
