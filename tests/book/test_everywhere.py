"""`make everywhere`: a claim that only other seeds break is found, work that was stopped goes on,
and what changed runs again. The ledger tells what came of it."""

import os
import subprocess
import sys

import numpy as np
import pytest
from bs4 import BeautifulSoup
from everywhere import record

from tools.everywhere import __main__ as command
from tools.everywhere.running import Died
from tools.everywhere.work import chapters

LEDGER = "# Ledger\n\n```{everywhere}\n```\n\n```{proof-ledger}\n```\n"
#: What the seeds of the six runs draw; the bound lies below the greatest of those that are shifted.
DRAWN = [float(np.random.default_rng(1000 * k).normal()) for k in range(6)]
LUCK = sorted(DRAWN[1:])[-1] - 1e-6
ONE = f"""\
# Chapter one

```{{code-cell}} ipython3
import os

import numpy as np
from threadpoolctl import threadpool_info

from nnbook.metrics import accuracy
from nnbook.teaching import claim, quote

value = np.random.default_rng(0).normal()
claim("one-luck", value, kind="level", below={max(LUCK, DRAWN[0] + 1e-6)!r})
claim("one-right", accuracy([1, 1], target=[1, 1]), kind="identity", equals=1)
claim("one-more", abs(value) + 1, above=0.5, control=0.25)
blas = threadpool_info()[0]
quote("kernel", blas["architecture"])
quote("threads", blas["num_threads"])
quote("data", os.environ.get("NNBOOK_OFFLINE", "full"))
quote("frameworks", os.environ.get("NNBOOK_NO_FRAMEWORKS", "live"))
```

{{glue:text}}`kernel` {{glue:text}}`threads` {{glue:text}}`data` {{glue:text}}`frameworks`
"""


def everywhere(book, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "tools.everywhere", *arguments],
        cwd=book.root,
        env=os.environ | {"PYTHONPATH": str(book.root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_claim_that_fails_elsewhere_is_found_and_the_ledger_says_so(tiny_book):
    book = tiny_book({"ledger": LEDGER, "one": ONE})
    done = everywhere(book)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    failing = int(np.argmax(DRAWN[1:])) + 1
    assert "\n1 failed:\n" in said
    assert f"one: one-luck  {DRAWN[failing]:.6g}"[:20] in said

    kept = record.load(book.root)
    one, runs = kept["chapters"]["one"], kept["machines"][0]["runs"]
    luck = one["claims"]["one-luck"]
    assert luck["held"] == "".join("0" if k == failing else "1" for k in range(6))
    assert luck["values"] == pytest.approx(DRAWN, rel=1e-5)
    assert one["claims"]["one-more"]["controls"] == [0.25] * 6
    assert [run["shift"] for run in runs] == [0, 1000, 2000, 3000, 4000, 5000]
    assert one["quotes"]["kernel"] == [run["kernel"] for run in runs]
    assert one["quotes"]["threads"] == [1, 1, 2, 1, 1, 1]
    assert one["quotes"]["data"] == ["full"] * 4 + ["1", "full"]
    assert one["quotes"]["frameworks"] == ["1"] + ["live"] * 5
    assert "Zen" in kept["machines"][0]["left_out"] or "Zen" in one["quotes"]["kernel"]

    done = everywhere(book)
    assert done.returncode == 1
    assert "0 of 1 chapters to run, 1 as in the record" in done.stdout

    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    page = BeautifulSoup(book.html("ledger"), "html.parser")
    text = " ".join(page.get_text(" ").split())
    assert "3 claims in 1 chapter: 1 identity, 1 level, 1 difference with control." in text
    assert "1 chapter was run in other circumstances" in text
    assert "Of all chapters, 0 have changed since" in text
    assert f"NumPy {np.__version__}" in text
    rows = [
        [td.get_text(" ", strip=True) for td in tr("td")] for tr in page.select("table tbody tr")
    ]
    assert [row[0] for row in rows] == [
        "one-luck level",
        "one-right identity",
        "one-more difference",
    ]
    assert rows[0][3].startswith("5 of 6 ")
    assert rows[0][3].endswith(" spreads")
    assert rows[1][3] == "6 of 6"
    assert rows[2][2] == "> 0.5 control 0.25"

    book.write("one", ONE.replace("+ 1, above", "+ 2, above"))  # the ledger follows
    assert book.build().returncode == 0
    page = BeautifulSoup(book.html("ledger"), "html.parser")
    assert "Of all chapters, 1 has changed since" in page.get_text()
    assert page.select("table tbody tr")[0]("td")[3].get_text(" ").endswith("of an earlier version")


@pytest.fixture
def calm(tiny_book, monkeypatch):
    """A book of two chapters whose runs are faked; returns it and the list of what was run."""
    book = tiny_book(
        {"one": ONE, "two": ONE.replace("metrics import acc", "optim import Adam  # ")}
    )
    ran = []

    def run(path, variation, python, environment):
        if len(ran) == run.stop_at:
            raise KeyboardInterrupt
        ran.append((path.stem, variation.shift))
        claims = [{"name": f"{path.stem}-x", "value": "1", "number": 1.0, "bound": "> 0"}]
        return {"claims": claims, "quotes": {}, "results": [], "raised": "", "seconds": 1.0}

    run.stop_at = -1
    monkeypatch.setattr("tools.everywhere.work.run", run)
    monkeypatch.setattr("tools.everywhere.work.CORES", 1)
    monkeypatch.setattr(command, "ROOT", book.root)
    monkeypatch.setattr(sys, "argv", ["everywhere"])
    return book, ran, run


def test_stopped_work_goes_on_and_what_changed_runs_again(calm, capsys):
    book, ran, run = calm
    run.stop_at = 8
    with pytest.raises(KeyboardInterrupt):
        command.main()
    assert list(record.load(book.root)["chapters"]) == ["one"]  # whole, so it is in the record
    run.stop_at = -1
    assert command.main() == 0
    assert sorted(ran) == [(name, 1000 * k) for name in ("one", "two") for k in range(6)]
    assert "2 claims in 2 chapters" in capsys.readouterr().out

    metric = book.root / "nnbook/metrics/classification.py"
    text = metric.read_text()
    ran.clear()
    metric.write_text(text.replace('"""', '"""Another word. ', 1) + "\n# a remark\n")
    assert command.main() == 0
    assert ran == []
    metric.write_text(text + "\nNEW = 1\n")
    assert command.main() == 0
    assert {name for name, _ in ran} == {"one"}  # chapter two does not use it

    ran.clear()
    book.write("two", "Another sentence.\n\n" + book.pages["two"])
    assert command.main() == 0
    assert ran == []
    book.write("two", book.pages["two"].replace('"one-luck"', '"two-luck"'))
    sys.argv = ["everywhere", "--small"]
    assert command.main() == 0
    assert ran == [("two", 1000)]  # not recorded, but not run twice either
    assert command.main() == 0
    assert len(ran) == 1
    assert record.load(book.root)["chapters"]["two"]["digest"]
    sys.argv = ["everywhere"]
    assert command.main() == 0
    sys.argv = ["everywhere", "--small"]
    capsys.readouterr()
    assert command.main() == 0
    assert "nothing to run" in capsys.readouterr().out


def test_a_run_whose_python_died_is_not_kept_and_runs_again(calm, monkeypatch, capsys):
    book, ran, run = calm
    sys.argv = ["everywhere", str(book.root / "book/one.md")]

    def dies(path, variation, python, environment):
        if variation.shift == 2000:
            raise Died("Kernel died")
        return run(path, variation, python, environment)

    monkeypatch.setattr("tools.everywhere.work.run", dies)
    assert command.main() == 1
    said = capsys.readouterr().out
    assert "Kernel died; to run again" in said
    assert "not run to the end, and to be run again: one" in said
    assert record.load(book.root)["chapters"] == {}
    assert len(ran) == 5
    monkeypatch.setattr("tools.everywhere.work.run", run)
    assert command.main() == 0
    assert ran[5:] == [("one", 2000)]


def test_the_small_run_is_capped_and_tells_what_it_left(calm, monkeypatch, capsys):
    book, ran, _ = calm
    sys.argv = ["everywhere", "--small"]
    assert command.main() == 0
    assert ran == []
    assert "there is no record yet" in capsys.readouterr().out

    sys.argv = ["everywhere"]
    assert command.main() == 0
    book.write("two", book.pages["two"].replace('"one-luck"', '"two-luck"'))
    ran.clear()
    monkeypatch.setattr(command, "SMALL", -1.0)
    sys.argv = ["everywhere", "--small"]
    assert command.main() == 0
    assert ran == []
    assert "left for `make everywhere`" in capsys.readouterr().out


def test_chosen_runs_are_printed_and_kept_out_of_the_record(calm, capsys):
    book, ran, _ = calm
    page = str(book.root / "book/one.md")
    sys.argv = ["everywhere", page, "--shifts", "0", "7", "--only", "x"]
    assert command.main() == 0
    assert sorted(ran) == [("one", 0), ("one", 7)]
    assert "one-x  > 0" in capsys.readouterr().out
    assert not (book.root / record.FILE).exists()


def test_the_book_has_chapters(tiny_book):
    book = tiny_book({"one": ONE, "two": "# No cells\n"})
    assert chapters(book.root) == ["one"]
