"""Each kind of change is made where it should be, and nowhere else."""

import ast
from textwrap import dedent

import pytest

from tools.mutants.source import is_another_program, mutants, sample


def changed(tmp_path, source, kind=None):
    """Return what the mutants of a source make of it, with their kinds."""
    file = tmp_path / "file.py"
    file.write_text(dedent(source), encoding="utf-8")
    found = [m for m in mutants(tmp_path, file) if is_another_program(m, file.read_text())]
    return {m.after for m in found if kind in (None, m.kind)}


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        ("y = a + b", "operator", {"y = a - b"}),
        ("y = (a) * (b ** c)", "operator", {"y = (a) / (b ** c)", "y = (a) * (b * c)"}),
        ("y = a // b", "operator", {"y = a / b"}),
        ("y &= a", "operator", {"y |= a"}),
        ("y = a < b", "comparison", {"y = a <= b", "y = a >= b"}),
        ("y = a == b > c", "comparison", {"y = a != b > c", "y = a == b >= c", "y = a == b <= c"}),
        ("y = a is not None", "comparison", {"y = a is None"}),
        ("y = a not in b", "comparison", {"y = a in b"}),
        ("y = a and b or c", "and, or", {"y = a or b or c", "y = a and b and c"}),
        ("y = not (a < b)", "not dropped", {"y = (a < b)"}),
        ("y = -a", "sign dropped", {"y = a"}),
        ("y = x[..., -1]", "sign dropped", {"y = x[..., 1]"}),
        ("y = f(3, 0.5, True)", "constant", {"y = f(4, 0.5, True)", "y = f(3, 1.0, True)"}),
        ("y = x.sum(axis=-1)", "axis", {"y = x.sum(axis=0)"}),
        ("y = x.prod(axis=(0, 1))", "axis", {"y = x.prod(axis=(0,))"}),
        ("y = np.maximum(a, b)", "function", {"y = np.minimum(a, b)"}),
        ("y = x[1:n]", "slice", {"y = x[2:n]", "y = x[1:n - 1]"}),
        ("y = x[:, :-1]", "slice", {"y = x[1:, :-1]", "y = x[:, 1:-1]", "y = x[:, :-2]"}),
        ("y[i] = a", "statement removed", {"pass"}),
        ("f(a)", "statement removed", {"pass"}),
        ("y = a if b else c", "condition turned", {"y = a if not b else c"}),
        ("def f(a, *, b=0, c='x', d=None, e=True): ...", "default", None),
        ("g = lambda x: (x, [x])", "sign of what is returned", {"g = lambda x: (-x, [x])"}),
    ],
)
def test_a_change_is_made(tmp_path, line, kind, expected):
    if expected is None:
        words = [("b=0", "b=1"), ("c='x'", "c='x_'"), ("d=None", "d=0"), ("e=True", "e=False")]
        expected = {line.replace(old, new) for old, new in words}
    found = changed(tmp_path, line, kind)
    assert expected <= found
    assert len(found) == len(expected) + (kind == "constant")  # True becomes False too


@pytest.mark.parametrize(
    "source",
    [
        '"""Text with 1 + 1."""',
        "import a.b as c",
        "__all__ = ['a'] + b",
        "def __repr__(self):\n    return str(1 + 1)",
        "def f(a: int | None, b: 'x' = ...) -> list[1]:\n    return [a]",
        "raise NotImplementedError(1 + 1)",
        "if TYPE_CHECKING:\n    a = 1 + 1",
        "x: tuple[1, 2]",
    ],
)
def test_text_and_types_are_left_alone(tmp_path, source):
    assert changed(tmp_path, source) == set()


def test_a_refusal_is_removed_but_not_reworded(tmp_path):
    source = "def f(a):\n    if a < 0:\n        raise ValueError(f'{a + 1}' + str(2))\n"
    assert changed(tmp_path, source) == {"if a <= 0:", "if a >= 0:", "if a < 1:", "pass"}


def test_a_sign_is_changed_only_where_a_number_is_returned(tmp_path):
    kind = "sign of what is returned"
    assert changed(tmp_path, "def f(x) -> float:\n    return x", kind) == {"return -x"}
    assert changed(tmp_path, "def f(x) -> list[str]:\n    return x", kind) == set()
    assert changed(tmp_path, "def f(x):\n    return x < 1", kind) == set()
    parts = {"return -a, b * c", "return a, -(b * c)"}
    assert changed(tmp_path, "def f(a, b, c):\n    return a, b * c", kind) == parts


def test_every_mutant_of_a_file_is_one_small_change(tmp_path):
    source = "def f(x, *, n=3):\n    if x.any() and not n:\n        x[1:n] += -x.sum(axis=0)\n"
    (tmp_path / "file.py").write_text(source, encoding="utf-8")
    found = mutants(tmp_path, tmp_path / "file.py")
    assert len({m.source for m in found}) == len(found) == len({m.key for m in found}) > 10
    for m in found:
        ast.parse(m.source)
        lines = zip(source.splitlines(), m.source.splitlines(), strict=True)
        assert sum(a != b for a, b in lines) == 1
        assert m.function == "f"
        assert m.line == next(
            i
            for i, (a, b) in enumerate(zip(source.splitlines(), m.source.splitlines()), 1)
            if a != b
        )


def test_letters_before_a_change_may_be_any(tmp_path):
    assert changed(tmp_path, "y = 'é' + a  # ∂", "operator") == {"y = 'é' - a # ∂"}


def test_a_sample_hangs_on_the_seed_and_hardly_on_other_lines(tmp_path):
    file = tmp_path / "file.py"
    body = "\n".join(f"a{i} = b{i} + c{i} * {i}" for i in range(30))

    def drawn(source, seed):
        file.write_text(source, encoding="utf-8")
        return [m.key for m in sample(tmp_path, mutants(tmp_path, file), 20, seed)]

    first = drawn(body, 0)
    assert len(first) == 20
    assert drawn(body, 0) == first != drawn(body, 1)
    assert len(set(drawn("x = y - z\n" + body, 0)) & set(first)) >= 19
