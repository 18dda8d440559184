"""Figures to play with in Components: what they compute is what the package computes."""

import re

import numpy as np
import pytest

from nnbook import ops, optim
from nnbook.teaching.exercise import load
from nnbook.tensor import Parameter
from tests.book.test_play_kit import (
    files,
    kit,  # noqa: F401  (a fixture)
)

#: Builds a figure on an empty board, sees that each of its switches changes, and says its words.
WORDS = """async (values) => {
  const stage = document.body.appendChild(document.createElement("div"));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const drawn = () => frame().then(frame);
  const board = new NN.Board(stage);
  window.built(board, values);
  board.update();
  await drawn();
  const said = [];
  const say = () => said.push(stage.querySelector(".play-words").textContent);
  say();
  for (const input of stage.querySelectorAll("input:not([type=range])")) {
    if (input.checked) continue;
    input.click();
    await drawn();
    say();
  }
  stage.remove();
  return said;
}"""


def words(page, name, values=None):
    """Return what a figure says at first, and after each of its choices and switches."""
    page.evaluate("() => { NN.figure = (name, build) => (window.built = build); }")
    for path in [*files.needs(files.program(name)), files.program(name)]:
        page.add_script_tag(path=path)
    return page.evaluate(WORDS, values or {})


def number(text):
    """Read a number as a figure writes it."""
    text = text.replace("−", "-").replace("\xa0×\xa010", "e")
    return float(text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))


def test_activation_functions(kit):  # noqa: F811
    functions = {
        "sigmoid": ops.sigmoid.rule,
        "tanh": ops.tanh.rule,
        "ReLU": ops.relu.rule,
        "leaky ReLU": lambda z: ops.leaky_relu.rule(z, slope=0.1),
        "ELU": ops.elu.rule,
        "softplus": ops.softplus.rule,
        "SiLU": ops.silu.rule,
        "GELU": ops.gelu.rule,
    }
    said = words(kit, "activation-functions")
    assert len(said) == len(functions)
    for text in said:
        name, z, value, slope = re.match(
            r"(.+) at z = (\S+): value (.+), slope (.+), which", text
        ).groups()
        right, back = functions[name](np.array([number(z)]))
        assert number(value) == pytest.approx(right[0], rel=6e-3)
        assert number(slope) == pytest.approx(back(np.ones(1))[0][0], rel=6e-3)


def test_optimizers_arrive_when_ours_do(kit):  # noqa: F811
    surfaces = [
        ((-3.0, 0.9), lambda x, y: (x, 25 * y), lambda x, y: np.hypot(x, 5 * y) < 0.3),
        ((-2.0, 0.002), lambda x, y: (x, y**3 - y), lambda x, y: abs(y) > 0.9),
        (
            (-2.6, 1.2),
            lambda x, y: np.array([x, y]) * np.exp(-(x**2 + y**2) / 2),
            lambda x, y: np.hypot(x, y) < 0.3,
        ),
    ]
    rules = {
        "SGD": lambda p: optim.SGD(p, 2 / 26),
        "Momentum": lambda p: optim.Momentum(p, 1 / 9, momentum=4 / 9),
        "RMSProp": lambda p: optim.RMSProp(p, 0.07),
        "Adam": lambda p: optim.Adam(p, 0.15),
        "Nesterov": lambda p: optim.Nesterov(p, 1 / 25, momentum=2 / 3),
        "AdaGrad": lambda p: optim.AdaGrad(p, 0.5),
        "AdamW": lambda p: optim.AdamW(p, 0.15, decay=0.5),
    }
    said = words(kit, "optimizer-paths")  # one rule after the other, then the other surfaces
    shown = [*[surfaces[0]] * 5, *surfaces[1:]]
    counts = [4, 5, 6, 7, 8, 8, 8]
    for count, text, (start, gradient, there) in zip(counts, said, shown, strict=True):
        told = dict(re.findall(r"(\w+) (more than \d+|\d+)[,.]", text))
        assert len(told) == count
        assert list(told.values()) == sorted(told.values(), key=lambda n: (len(n), n)), "a race"
        for name, steps in told.items():
            if name == "AMSGrad":  # not in the package; its steps are compared below
                continue
            p = Parameter(np.array(start))
            optimizer = rules[name]([p])
            arrived = None
            for step in range(1, 401):
                p.grad = np.array(gradient(*p.data), dtype=float)
                optimizer.step()
                if there(*p.data):
                    arrived = str(step)
                    break
            assert steps == (arrived or "more than 400"), name


def test_all_eight_race(kit):  # noqa: F811
    """The button sends all rules off; without any, the words say so."""
    words(kit, "optimizer-paths")
    counted = kit.evaluate("""async () => {
      const drawn = () => new Promise((done) => setTimeout(done, 80));
      const stage = document.body.appendChild(document.createElement("div"));
      const board = new NN.Board(stage);
      window.built(board, {});
      const boxes = [...stage.querySelectorAll("input[type=checkbox]")];
      const said = () => stage.querySelector(".play-words").textContent;
      const count = () => [boxes.filter((b) => b.checked).length, said().split(",").length];
      [...stage.querySelectorAll("button")].find((b) => b.textContent === "All eight").click();
      await drawn();
      const all = count();
      for (const box of boxes) box.click();
      await drawn();
      const none = said();
      stage.remove();
      return [all, none];
    }""")
    assert counted == [[8, 8], "Nobody races."]


#: Walks with a rule from a start, where the gradient is θ minus a row of noise.
WALK = """([name, rate, options, start, noise]) => {
  const memory = {};
  const path = [start];
  for (const [k, row] of noise.entries()) {
    const g = path[k].map((v, i) => v - row[i]);
    path.push(NN.rules[name](path[k], g, memory, k + 1, rate, options));
  }
  return path;
}"""


@pytest.mark.parametrize(
    ("name", "options", "ours"),
    [
        ("SGD", {}, optim.SGD),
        ("Momentum", {}, optim.Momentum),
        ("Momentum", {"mu": 4 / 9}, lambda p, lr: optim.Momentum(p, lr, momentum=4 / 9)),
        ("Nesterov", {}, optim.Nesterov),
        ("Nesterov", {"mu": 2 / 3}, lambda p, lr: optim.Nesterov(p, lr, momentum=2 / 3)),
        ("AdaGrad", {}, optim.AdaGrad),
        ("RMSProp", {}, optim.RMSProp),
        ("Adam", {}, optim.Adam),
        ("AdamW", {}, optim.AdamW),
        ("AdamW", {"decay": 0.5}, lambda p, lr: optim.AdamW(p, lr, decay=0.5)),
    ],
)
def test_rules_step_as_ours_do(kit, name, options, ours):  # noqa: F811
    path, noise = walked(kit, name, options)
    p = Parameter(path[0])
    optimizer = ours([p], 0.1)
    for row, there in zip(noise, path[1:], strict=True):
        p.grad = p.data - row
        optimizer.step()
        np.testing.assert_allclose(there, p.data, rtol=0, atol=1e-13)


def test_amsgrad_steps_as_its_exercise_does(kit):  # noqa: F811
    path, noise = walked(kit, "AMSGrad", {})
    solution = load("components")["components.amsgrad-path"].solution
    gradients = path[:-1] - noise
    expected = path[0] + solution(gradients, 0.1, 0.9, 0.999, 1e-8)
    np.testing.assert_allclose(path[1:], expected, rtol=0, atol=1e-13)


def walked(page, name, options, steps=12):
    """Return the path that JavaScript takes, (steps + 1, 3), and the noise on its way."""
    rng = np.random.default_rng(0)
    start, noise = rng.standard_normal(3), 3 * rng.standard_normal((steps, 3))
    page.add_script_tag(path=files.PROGRAMS / "net/optimizers.js")
    case = [name, 0.1, options, start.tolist(), noise.tolist()]
    return np.array(page.evaluate(WALK, case)), noise
