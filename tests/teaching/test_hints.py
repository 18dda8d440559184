"""Hints open one at a time and are found by name; those of the book keep to their rules."""

import ast
import keyword
import re

import numpy as np
import pytest

import nnbook
from nnbook.teaching import hint
from nnbook.teaching import hints as package
from nnbook.teaching.hints.reading import FOLDER, formula, plain, read
from tools import asking

GROUPS = {
    name: (texts, page) for page in asking.pages() for name, texts in asking.hints(page).items()
}
MOST_WORDS = 90  # of a hint; a longer one is a solution
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make hints of two parts, none of them opened."""
    monkeypatch.setattr(package, "FOLDER", tmp_path)
    monkeypatch.setattr(package, "_opened", {})
    for part in ("one", "two"):
        (tmp_path / part).mkdir()
        text = f"Words.\n\n## {part}.first\n\nLook at `x`.\n\n---\n\nBegin with $x^2$.\n"
        (tmp_path / part / "page.md").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("folder")
def test_hints_open_one_at_a_time(capsys):
    def said(*arguments):
        hint(*arguments)
        return capsys.readouterr().out

    assert said("one.first").startswith("hint 1 of 2  one.first\n\nLook at `x`.\n\n(Call it again")
    assert said("two.first").startswith("hint 1 of 2")
    assert said("one.first") == "hint 2 of 2  one.first\n\nBegin with x².\n"
    assert said("one.first").startswith("hint 2 of 2")
    assert said("one.first", 1).startswith("hint 1 of 2")
    assert said("one.first").startswith("hint 2 of 2"), "the second stays open"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("one.frist",), "there is none for 'one.frist'; is it 'one.first'?"),
        (("one.zzz",), "there is none for 'one.zzz'. There are hints for: one.first"),
        (("three.first",), "there is none for 'three.first'. Names begin with one of: one, two"),
        ((3,), "there is none for '3'. Names begin"),
        (("one.first", 3), "one.first has hints 1 and 2, and no 3"),
        (("one.first", "a"), "one.first has hints 1 and 2, and no 'a'"),
    ],
)
def test_a_wrong_name_or_number_is_told_what_exists(arguments, told, capsys):
    hint(*arguments)
    assert told in capsys.readouterr().out


def test_a_name_above_two_groups_is_refused():
    with pytest.raises(ValueError, match=r"two groups of hints for 'a\.b'"):
        read("## a.b\nx\n## a.b\ny\n")


def test_marks_inside_code_are_code():
    text = "## a.b\nSee\n```python\n## no name\n---\n```\n---\nend"
    assert read(text) == {"a.b": ["See\n```python\n## no name\n---\n```", "end"]}


def test_a_terminal_shows_formulas_and_code():
    assert plain("One\nline $a$.\n\n```python\nif x:\n    y\n```\n") == (
        "One line a.\n\n    if x:\n        y"
    )
    assert formula(r"z / \lVert w \rVert \le \frac{a + b}{2}") == "z / ‖w‖ ≤ (a + b) / 2"
    assert formula(r"\Delta W^\top \cdot \tilde x^{-2}, \text{so }w_{io}") == "Δ Wᵀ · x̃⁻², so w_io"
    assert formula(r"\sqrt\kappa + \sqrt{2 x}") == "√κ + √(2 x)"
    assert formula(r"\unknown x") == r"\unknown x"


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_hints_are_short_and_show_well_in_a_terminal(name):
    for text in GROUPS[name][0]:
        assert len(plain(text).split()) <= MOST_WORDS
        assert not re.search(r"\{\w+\}`|\[[^]]*\]\(", text), "roles and links are for pages"
        assert "\\" not in plain(text), "a formula that a terminal cannot show"


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_the_code_in_hints_is_right(name):
    texts, _ = GROUPS[name]
    names = {"np": np, "nnbook": nnbook}
    for text in texts:
        for block in BLOCK.findall(text):
            run(block, names)
        for code in re.findall(r"`([^`\n]+)`", BLOCK.sub("", text)):
            assert is_python(code), f"{code!r} is not Python"


def run(block, names):
    """Run a block of code; a value in a comment behind an expression is what it comes to."""
    lines = block.splitlines()
    for statement in ast.parse(block).body:
        source = ast.unparse(statement)
        if not isinstance(statement, ast.Expr):
            exec(source, names)
            continue
        value = eval(source, names)
        behind = lines[statement.end_lineno - 1][statement.end_col_offset :].strip()
        try:
            shown = ast.literal_eval(behind.lstrip("# "))
        except (SyntaxError, ValueError):
            continue  # words
        if not (isinstance(value, (list, tuple)) and value == shown):
            np.testing.assert_allclose(value, np.asarray(shown, float), rtol=1e-3)


def is_python(code):
    """Return whether a piece of code inside a sentence can stand in a program."""
    if keyword.iskeyword(code):
        return True
    for form in ("{}", "a {} b", "def f{}: ...", "{} ..."):
        try:
            tree = ast.parse(form.format(code))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("np."):
                eval(ast.unparse(node), {"np": np})
        return True
    return False


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_hints_do_not_give_the_answer_away(name):
    texts, page = GROUPS[name]
    (exercise,) = (e for e in asking.exercises(page) if e.name == name)
    given = {ast.unparse(ast.parse(code)) for text in texts for code in fragments(text)}
    assert not given & answers(exercise.solution)


def fragments(text):
    """Yield the code of a hint, line by line, as far as it stands for itself."""
    inline = re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))
    for code in (*inline, *(line.strip() for b in BLOCK.findall(text) for line in b.splitlines())):
        try:
            ast.parse(code)
        except SyntaxError:
            continue
        yield code.removeprefix("return ")


def answers(code):
    """Return what the functions of a solution return, and the values that it assigns."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.Return, ast.Assign)) and node.value is not None:
            found.append(node.value)
    return {ast.unparse(v) for v in found if not isinstance(v, (ast.Name, ast.Constant))}


def test_every_page_has_its_hints_and_questions():
    assert asking.faults() == []


def test_what_a_page_lacks_is_named(monkeypatch):
    page = "components/neuron"
    text = asking.text_of(page)
    fewer = text.replace("{question} corners", "{note}").replace("{question} order", "{note}")
    fewer = fewer.replace("{question} shapes", "{note}")
    late = text.replace("## Exercises", "## Other").replace("## Quick questions", "## Exercises")
    for changed, lack in [
        (text, ""),
        (fewer, "three to five quick questions (it has 2)"),
        (late, "its quick questions between its summary and its exercises"),
        (text.replace(".and-weights", ".other"), "two hints for components.other"),
    ]:
        monkeypatch.setattr(asking, "text_of", lambda page, changed=changed: changed)
        assert asking.missing(page) == ([lack] if lack else [])
        monkeypatch.undo()
    whole = asking.hints
    monkeypatch.setattr(asking, "hints", lambda name: {} if name == page else whole(name))
    assert "book/components/neuron.md lacks two hints for components.and-weights" in asking.faults()


@pytest.mark.parametrize(
    ("answers", "lacks"),
    [
        (("Half as often.", "Never."), False),
        (("Half as often", "Never."), True),
        (("$2$, since it doubles.", "$4$"), True),
        (("$2$", "{glue:text}`four:.0f`"), False),
    ],
)
def test_answers_in_words_end_with_a_full_stop(answers, lacks):
    options = "\n".join(f"- [ ] {answer}\n  - A reason." for answer in answers)
    text = f":::{{question}} often\nHow often?\n\n{options}\n:::\n"
    assert asking.unstopped(text) == (["often"] if lacks else [])


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [("59.", True), ("59. Or 60.", True), ("$59$.", False), ("Still 59.", False), ("0.5.", False)],
)
def test_no_answer_begins_as_a_list(answer, wrong):
    text = f":::{{question}} often\nHow often?\n\n- [x] {answer}\n  - A reason.\n:::\n"
    assert asking.numbered(text) == (["often"] if wrong else [])


def test_the_files_of_hints_are_in_the_package():
    assert list(FOLDER.glob("*/*.md"))
