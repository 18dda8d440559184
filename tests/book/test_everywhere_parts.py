"""The parts of `make everywhere`: the runs, the record, the report, claims about results."""

import json
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from everywhere import digest, record

from tests.book.conftest import FRONT_MATTER
from tools.everywhere import machine, report, results, running
from tools.everywhere.variations import Variation, plan, small
from tools.everywhere.work import Cores, Setting


def test_six_runs_cover_all_kernels_and_circumstances():
    kernels = ["Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX"]
    runs = plan(kernels, oldest=True)
    assert [run.shift for run in runs] == [0, 1000, 2000, 3000, 4000, 5000]
    assert {run.kernel for run in runs} == set(kernels)
    for name in ("plain_loops", "oldest", "embedded"):
        assert sum(getattr(run, name) for run in runs) == 1
    assert sum(run.threads == 2 for run in runs) == 1
    assert [run.frameworks for run in runs] == [False] + [True] * 5
    assert small(kernels, "Nehalem") == [Variation(shift=1000, kernel="Sandybridge")]
    assert small(["Haswell"], "Haswell") == [Variation(shift=1000)]


@pytest.mark.parametrize("threads", [[1, 2, 1, 1, 2], [2, 1, 1], [3, 1]])
def test_a_run_of_two_threads_has_the_machine_to_itself(threads):
    cores, guard = Cores(2), threading.Lock()
    inside, beside = {}, {i: set() for i in range(len(threads))}

    def run(i):
        with cores.taken(threads[i]):
            with guard:
                inside[i] = threads[i]
                for a in inside:
                    beside[a] |= inside.keys() - {a}
            time.sleep(0.05)
            with guard:
                del inside[i]

    with ThreadPoolExecutor(len(threads)) as pool:
        list(pool.map(run, range(len(threads))))
    assert {i for i, others in beside.items() if not others} >= {
        i for i, n in enumerate(threads) if n > 1
    }


def test_runs_of_one_thread_share_the_cores():
    cores, both = Cores(2), threading.Barrier(2, timeout=60)

    def run(_):
        with cores.taken(1):
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))


def test_a_run_of_two_threads_is_not_passed_by_those_that_came_later():
    cores, order = Cores(2), []

    def run(wanted):
        with cores.taken(wanted):
            order.append(wanted)

    with ThreadPoolExecutor(5) as pool, cores.taken(1):
        pool.submit(run, 2)
        for _ in range(30_000):
            if cores._turn.locked():  # it waits
                break
            time.sleep(0.001)
        for _ in range(3):
            pool.submit(run, 1)
        assert order == [], "the first waits for both cores"
    assert order == [2, 1, 1, 1]


def test_a_kernel_that_is_not_taken_is_refused(monkeypatch):
    taken = {"kernel": "Haswell", "numpy": "2", "loops": ["X86_V3"], "threads": 1}
    monkeypatch.setattr(machine, "probe", lambda python, environment: dict(taken))
    with pytest.raises(machine.Unfit, match="Zen were asked for, Haswell's taken"):
        Setting.of(Variation(kernel="Zen"), Path("/nowhere"))
    with pytest.raises(machine.Unfit, match="NumPy still has loops for X86_V3"):
        Setting.of(Variation(plain_loops=True), Path("/nowhere"))
    with pytest.raises(machine.Unfit, match="make oldest"):
        Setting.of(Variation(oldest=True), Path("/nowhere"))
    monkeypatch.setattr(machine, "flags", lambda: {"sse4_2", "avx", "avx2", "fma"})
    usable, own, left_out = machine.kernels({})
    assert (usable, own) == (["Haswell"], "Haswell")
    assert "lacks avx512bw" in left_out["SkylakeX"]
    assert left_out["Zen"] == "this OpenBLAS takes its kernels for Haswell instead"


def test_a_claim_on_a_record_of_other_seeds_is_left_out_of_account():
    one = {"name": "a", "value": "2", "number": 2.0, "bound": "< 1", "problem": "2 is not < 1"}
    runs = [{"claims": [one | {"recorded": day}]} for day in ("2026-01-31", "2026-01-31", "")]
    found = record.claims([*runs, {"claims": []}], [0, 1000, 1000, 0])
    assert found["a"]["held"] == "0r0-"  # tied with its own seeds; live, it counts


def test_the_record_is_a_line_a_claim_and_forgets_machines_of_no_chapter(tmp_path):
    kept = {"machines": [], "chapters": {}}
    claims = [{"name": f"c-{i}", "value": "1", "number": 1 / 3, "bound": "> 0"} for i in range(3)]
    run = {
        "claims": claims,
        "quotes": {"q": 0.1234567},
        "results": [],
        "raised": "",
        "seconds": 1.0,
    }
    for processor in ("old", "new"):
        about = {"processor": processor, "runs": [{"shift": 0}]}
        record.enter(kept, "one", "d", "2026-01-31", about, [run])
        record.save(tmp_path, kept)
    again = record.load(tmp_path)
    assert [m["processor"] for m in again["machines"]] == ["new"]
    assert again == json.loads(json.dumps(kept))
    assert again["chapters"]["one"]["quotes"] == {"q": [0.123457]}
    lines = (tmp_path / record.FILE).read_text().splitlines()
    assert sum('"c-' in line for line in lines) == 3


def test_the_report_names_failures_and_bounds_too_near_or_too_far():
    run = {"title": "here", "shift": 0, "embedded": False}
    claim = {"kind": "level", "bound": "> 0", "limits": [0.0, None], "held": "111"}
    claims = {
        "a-near": claim | {"values": [0.1, 0.3, 0.2], "limits": [0.05, None]},
        "a-far": claim | {"values": [0.99, 1.0, 1.01], "limits": [0.4, None]},
        "a-good": claim | {"values": [0.9, 1.0, 1.1], "limits": [0.6, None]},
        "a-lost": claim | {"values": [1.0, 1.0, -1.0], "held": "110"},
    }
    chapter = {"machine": 0, "raised": {"2": "NameError: x"}, "claims": claims}
    kept = {"machines": [{"runs": [run] * 3}], "chapters": {"one": chapter}}
    said = report.summary(kept, ["one"])
    assert "2 failed:\n  one: NameError: x  (here)\n  one: a-lost  -1.0 > 0  (here)" in said
    near, far = said.split("bound too near")[1].split("bound too far")
    assert "a-near" in near
    assert "a-lost" in near
    assert "a-far" in far
    assert "a-good" not in near + far
    assert "level: 1 of 4" in far


PAGE = """\
```{results-claims}
results-better: net - line > 0.1 (control 2 * line.spread)
results-luck: line.luck > 0.04 (level)
results-bytes: line.memory > 700 (level)
results-amended: drawn.luck > 0.04 (level)
```

````{results-where} clothes
```{results-claims}
results-clothes: coat > 0.5 (level)
```
````

````{results-where} clothes
:absent:
```{results-claims}
results-none: net > 0.5 (level)
```
````
"""


def test_the_record_keeps_what_claims_about_results_ask_for():
    told = {"name": "net", "task": "digits", "value": 0.9, "spread": None, "parameters": 10}
    told |= {"seconds": 1.0, "metric": "accuracy", "examples": 100, "memory": 800, "kind": "result"}
    added = {"kind": "amendment", "name": "amend-net", "of": "net", "task": "d", "examples": 50}
    cell = nbformat.v4.new_code_cell("")
    for record_ in (told, added):
        metadata = {"scrapbook": {"name": record_["name"]}, "nnbook": record_}
        cell.outputs.append(nbformat.v4.new_output("display_data", metadata=metadata))
    outcome = running.outcome(nbformat.v4.new_notebook(cells=[cell])) | {"seconds": 1.0}
    kept, about = {"machines": [], "chapters": {}}, {"runs": [{"shift": 0}]}
    record.enter(kept, "one", "d", "2026-01-31", about, [outcome])
    assert kept["chapters"]["one"]["amendments"] == {"net": [["d", 50, None]]}
    row = dict(zip(results.FIELDS, kept["chapters"]["one"]["results"]["net"][0], strict=True))
    assert row == {name: told[name] for name in results.FIELDS}


def test_claims_about_results_are_made_in_each_run(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/page.md").write_text(PAGE)
    (tmp_path / "book/one.md").write_text("")
    line, net = ["digits", 0.5, 0.03, 10, 1.0], ["digits", 0.9, None, 10, 1.0]
    made = {"net": [net, net, ["digits", 0.55, None, 10, 1.0]], "line": [line] * 3}
    made["coat"] = [["clothes", 0.8, None, 10, 1.0], None, None]
    line += ["accuracy", 100, 800]  # 0.05 is the luck of 100 coins
    made["drawn"] = [["digits", 0.5, 0.0, 10, 1.0, "accuracy", None, None]] * 3
    amended = {"drawn": [["digits", 100, None], None, ["digits", 100, None]]}
    runs = [{"shift": 1000 * k, "embedded": k == 1} for k in range(3)]
    chapters = {
        "page": {"machine": 0, "claims": {"own": {}}, "results": {}, "amendments": amended},
        "one": {"machine": 0, "claims": {}, "results": made},
    }
    kept = {"machines": [{"runs": runs}], "chapters": chapters}
    for _ in range(2):  # the second time nothing is added
        results.enter(kept, tmp_path)
    found = chapters["page"]["claims"]
    names = ("better", "luck", "bytes", "amended", "clothes", "none")
    assert sorted(found) == sorted(["own", *(f"results-{name}" for name in names)])
    assert found["results-luck"]["values"] == pytest.approx([math.hypot(0.03, 0.049)] * 3, abs=1e-3)
    assert found["results-amended"]["held"] == "101"
    assert found["results-better"]["held"] == "110"
    assert found["results-better"]["values"] == pytest.approx([0.4, 0.4, 0.05])
    assert found["results-better"]["controls"] == [0.06] * 3
    assert found["results-clothes"]["held"] == "1--"
    assert found["results-none"]["held"] == "-11"


def test_a_digest_is_made_again_for_other_code_and_not_for_other_words(tmp_path, monkeypatch):
    made = []

    def look(code, sources):
        made.append(code)
        return "+".join(code)

    monkeypatch.setattr(digest, "code_digest", look)
    (tmp_path / "nnbook").mkdir()
    (tmp_path / "nnbook/a.py").write_text("A = 1")
    page = tmp_path / "page.md"

    def told(words, code):
        cells = f"```{{code-cell}}\n{code}\n```\n"
        page.write_text(f"{FRONT_MATTER}# {words}\n\n{cells}", encoding="utf-8")
        return digest.Digests(tmp_path)(page)

    assert [told("One", "1"), told("Two", "1"), told("Two", "2"), told("One", "1")] == [*"1121"]
    assert made == [["1"], ["2"]]
    (tmp_path / "nnbook/a.py").write_text("A = 2")
    assert told("One", "1") == "1"
    assert made == [["1"], ["2"], ["1"]], "the package has changed"
