"""What publishes the book: workflows, templates, citation, changelog, and the one address.

The workflows cannot run here. What can be held is that they are read as they should be, that what
they call is there, and that nothing is said in two places that differ.
"""

import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

import nnbook
from tools import address, newest, release

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in (ROOT / ".github/workflows").glob("*.yml")
}
DERIVED = ("pyproject.toml", "README.md", "CITATION.cff")
REPOSITORY, SITE = "https://github.com/Someone/book", "https://someone.github.io/book/"


def steps(workflow):
    return [step for job in WORKFLOWS[workflow]["jobs"].values() for step in job["steps"]]


def commands(workflow):
    return "\n".join(step["run"] for step in steps(workflow) if "run" in step)


def when(workflow):
    return WORKFLOWS[workflow][True]  # YAML reads the word `on` so


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A repository of three files, which `tools.address` takes for the book's."""
    for name in DERIVED:
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(address, "ROOT", tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["address", *arguments])
        return address.main()

    return tmp_path, run


@pytest.mark.parametrize("workflow", ["book", "release"])
def test_what_a_workflow_calls_is_there(workflow):
    targets = set(" ".join(re.findall(r"^([a-z ]+):", MAKEFILE, re.MULTILINE)).split())
    called = re.findall(r"\bmake ([a-z]+(?: [a-z]+)*)", commands(workflow))
    wanted = set(" ".join(called).split())
    assert wanted
    assert wanted <= targets
    for module in re.findall(r"python -m tools\.(\w+)", commands(workflow)):
        assert (ROOT / "tools" / f"{module}.py").exists()
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+", name) for name in used), used
    assert all(("run" in step) != ("uses" in step) for step in steps(workflow))


def test_the_book_is_proved_on_each_push_and_weekly_from_clean_then_published():
    jobs = WORKFLOWS["book"]["jobs"]
    assert {"push", "pull_request", "schedule", "workflow_dispatch"} == set(when("book"))
    assert when("book")["schedule"][0]["cron"].endswith("* * 1")
    assert ".ci/run" in commands("book")
    assert (ROOT / ".ci/run").stat().st_mode & 0o100
    (kept,) = [step for step in steps("book") if step.get("uses", "").startswith("actions/cache@")]
    assert kept["if"] == "github.event_name != 'schedule'"
    assert "_build/.jupyter_cache" in kept["with"]["path"].split()
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish", "sphinx"}
    assert "refs/heads/main" in jobs["publish"]["if"]


def test_the_package_is_tested_on_three_systems_and_with_the_oldest_versions():
    newest = WORKFLOWS["book"]["jobs"]["newest"]["strategy"]["matrix"]["os"]
    assert [name.split("-")[0] for name in newest] == ["ubuntu", "macos", "windows"]
    assert "make oldest" in commands("book")
    assert "make newest" in commands("book")
    assert "--upgrade-strategy eager" in commands("book")


def test_the_newest_sphinx_has_no_bounds_and_no_jupyter_book():
    names = newest.wanted((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert {"sphinx", "myst-nb", "sphinx-external-toc", "sphinxcontrib-bibtex"} <= set(names)
    assert "jupyter-book" not in names
    assert "pytest" not in names
    assert not [name for name in names if set(name) & set("<>=")]


def test_a_release_is_checked_before_it_is_made():
    done = commands("release")
    order = ["tools.release", "make dist", "make book", "make pdf epub", "gh release create"]
    assert sorted(order, key=done.index) == order
    assert "twine check --strict" in MAKEFILE
    assert when("release") == {"push": {"tags": ["v*"]}}


def test_the_hooks_before_a_commit_run_what_make_lint_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"] for hook in hooks["repos"][0]["hooks"]]
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[1]
    lines = re.findall(r"^\t@\$\(BIN\)/(.*)$", lint, re.MULTILINE)
    assert [entry.removeprefix(".venv/bin/") for entry in entries] == lines


def test_the_templates_of_issues_have_what_links_fill_in():
    forms = {path.name: path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")}
    mistake = yaml.safe_load(forms["mistake.yml"].read_text(encoding="utf-8"))
    assert "place" in [field["id"] for field in mistake["body"]]
    for name in forms.keys() - {"config.yml"}:
        form = yaml.safe_load(forms[name].read_text(encoding="utf-8"))
        assert {"name", "description", "body"} <= set(form)


def test_version_and_addresses_are_the_same_everywhere(copy, capsys):
    folder, run = copy
    assert run("--check") == 0, capsys.readouterr().out
    assert address.read(ROOT).version == nnbook.__version__
    for name in ("README.md", "CITATION.cff"):
        assert (folder / name).read_text(encoding="utf-8")


def test_an_address_is_set_once_and_stands_wherever_it_is_needed(copy, capsys):
    folder, run = copy
    assert run(REPOSITORY) == 0
    assert run("--check") == 0
    project = address.read(folder)
    assert (project.repository, project.site) == (REPOSITORY, SITE)
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["repository-code"], citation["url"]) == (REPOSITORY, SITE)
    assert citation["version"] == citation["preferred-citation"]["version"] == nnbook.__version__
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert f"({REPOSITORY}/actions/workflows/book.yml/badge.svg)" in readme

    assert run("https://git.example/nn/", "--site", "https://nn.example") == 0  # and set anew
    texts = [(folder / name).read_text(encoding="utf-8") for name in DERIVED]
    assert not any("omeone" in text for text in texts)
    assert address.read(folder).site == "https://nn.example/"
    assert "badge.svg" not in texts[1], "whose badges we do not know"

    text = texts[1].replace("[Read the book](https://nn.example/)", "")
    (folder / "README.md").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert run("--check") == 1
    assert "README.md does not say what pyproject.toml says" in capsys.readouterr().out


def test_the_citation_has_what_its_format_asks_for_and_nothing_else(copy):
    """The fields are those of the Citation File Format 1.2.0, of which a reader takes no others."""
    folder, run = copy
    assert run(REPOSITORY) == 0
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    preferred = citation.pop("preferred-citation")
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in ("software", "dataset")
    assert preferred["type"] == "book"
    both = {"abstract", "authors", "license", "title", "type", "url", "version"}
    assert {"authors", "cff-version", "message", "title"} <= set(citation)
    assert set(citation) <= both | {"cff-version", "message", "repository-code", "date-released"}
    assert {"authors", "title", "type"} <= set(preferred) <= both | {"year"}
    for said in (citation, preferred):
        assert all(isinstance(each["name"], str) for each in said["authors"])
        assert isinstance(said["version"], str)


def test_an_address_that_is_none_is_refused(copy):
    with pytest.raises(ValueError, match=r"Repository should be like https://host/path: 'book'"):
        copy[1]("book")
    assert address.pages("https://github.com/A/A.github.io") == "https://a.github.io/"


def test_a_mistake_can_be_told_with_its_place_where_the_host_is_known():
    there = address.Project("1.0", REPOSITORY).issue("mistake.yml", place="a/b, c & d")
    assert there == f"{REPOSITORY}/issues/new?template=mistake.yml&place=a/b%2C%20c%20%26%20d"
    assert address.Project("1.0", "https://git.example/nn").issue("mistake.yml") == ""
    assert address.Project().issue("mistake.yml") == ""


def test_a_release_has_the_version_as_its_tag_and_notes(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    version = nnbook.__version__
    changes = tmp_path / "CHANGELOG.md"
    changes.write_text(
        f"# Changelog\n\n## [{version}] - 2026-12-01\n\nNew.\n\n## [0.0.1]\n\nOld.\n"
    )
    assert release.notes(tmp_path, f"v{version}") == "New."
    with pytest.raises(ValueError, match=f"the tag is v9, and pyproject.toml has .* {version}"):
        release.notes(tmp_path, "v9")
    changes.write_text("# Changelog\n\n## [Unreleased]\n\nNew.\n")
    with pytest.raises(ValueError, match="has nothing under"):
        release.notes(tmp_path, f"v{version}")


def test_the_changelog_keeps_to_its_form():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", each) for each in headings[1:])
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= kinds
