"""The tape that the chapter on automatic differentiation builds is the package's, in short."""

import re
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from nnbook import Parameter, ops

PAGE = Path(__file__).parents[2] / "book" / "components" / "autodiff.md"
CELL = re.compile(
    r"^```\{code-cell\} ipython3\n# tape: ([\w ,]+)\n(.*?)^```", re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="module")
def cells():
    return dict(CELL.findall(PAGE.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def page(cells):
    """What the page's cells define."""
    import math

    names = {"np": np, "math": math, "count": count}
    for source in cells.values():
        exec(source, names)
    return names


def test_the_cells_are_there_and_the_tape_of_arrays_is_about_sixty_lines(cells):
    assert list(cells) == ["scalars", "history", "scalars, backward", "arrays", "rules"]
    lines = "\n".join(cells[name] for name in ("history", "arrays", "rules")).splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith(('"""', "#"))]
    assert 50 <= len(code) <= 66


def network(x, W1, b1, W2, b2, relu):
    hidden = relu(x @ W1 + b1)
    hidden = hidden * 0.5 + relu(hidden @ W2 + b2) * hidden
    return 2.0 * (hidden @ W2) + b2


@pytest.mark.parametrize("seed", range(3))
def test_values_and_gradients_are_those_of_the_package(page, seed):
    rng = np.random.default_rng(seed)
    shapes = [(5, 3), (3, 7), (7,), (7, 7), (1, 7)]
    arrays = [rng.standard_normal(shape) for shape in shapes]
    target = rng.integers(0, 7, 5)

    ours = [page["Tensor"](a) for a in arrays]
    loss = page["softmax_cross_entropy"](network(*ours, page["relu"]), target=target)
    loss.backward()
    theirs = [Parameter(a) for a in arrays]
    expected = ops.softmax_cross_entropy(network(*theirs, ops.relu), target=target)
    expected.backward()

    assert float(loss.data) == pytest.approx(expected.item(), rel=1e-13)
    for a, b in zip(ours, theirs):
        np.testing.assert_allclose(a.grad, b.grad, rtol=1e-11, atol=1e-13)


def test_scalars_give_the_gradient_of_the_package(page):
    rng = np.random.default_rng(0)
    numbers = rng.standard_normal(3)

    def program(x, y, z, tanh):
        u = tanh(x * y - z)
        return u * u + x * 3.0 + (-u) * z

    ours = [page["Value"](float(v)) for v in numbers]
    loss = program(*ours, lambda v: v.tanh())
    page["backward"](loss)
    theirs = [Parameter(np.array(v)) for v in numbers]
    expected = program(*theirs, ops.tanh)
    expected.backward()
    assert loss.data == pytest.approx(expected.item(), rel=1e-13)
    assert [v.grad for v in ours] == pytest.approx([float(p.grad) for p in theirs], rel=1e-12)
