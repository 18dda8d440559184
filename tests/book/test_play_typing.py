"""Figures in which one types: the fields, the expressions they read, and the slopes of these."""

import re

import numpy as np
import pytest

from nnbook import Parameter, ops
from tests.book.conftest import ROOT
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)

#: Expressions that Python reads too.
EXPRESSIONS = (
    "x * y",
    "x - y - 2",
    "x / y / 3",
    "x - (y - 2) * x",
    "-x ** 2",
    "(-x) ** 2 * y",
    "2 ** 3 ** 2 * x / 100",
    "x ** -2 + y ** 0",
    "x * -y",
    "1 / (1 + exp(-x))",
    "sin(x) * cos(y) + sin(x * y)",
    "exp(x * y) / (1 + exp(y))",
    "log(1 + x * x + 3 * y ** 2)",
    "tanh(2 * x - y) * tanh(x)",
    "relu(x - y) + relu(y - x) * x",
    "max(x, y) * max(x * y, 0.1)",
    "max(x, x) + y * y * y * y",
    "(x + y) * x * (x + y)",
    "+2 * x - -y + 1.5e-1 * .5 * x * x",
    "(((x)))/(y*y+1.)-3",
    "x + 0 * y",
)
#: Expressions that are written otherwise in Python, and how.
OTHERWISE = {
    "a = x * 2; a + (a * a) * 5": "x * 2 + (x * 2 * (x * 2)) * 5",
    "a = x*y; b = a + x; a = b*b; a - b/y": "(x*y + x) * (x*y + x) - (x*y + x) / y",
    "(x*x + 1) ** y": "exp(log(x*x + 1) * y)",
    "3 ** (x * y)": "exp(x * y * 1.0986122886681098)",
}
PLACES = ((0.7, -1.3), (-2.1, 0.4), (1.9, 2.6))
SLOPES = """([text, x, y]) => {
  const { program, fault } = NN.tape.read(text);
  if (fault) return fault;
  const tape = NN.tape.run(program, { x, y });
  const ordered = tape.lines.every(({ inputs }, i) => inputs.every((j) => j < i));
  const { cotangents } = NN.tape.back(tape);
  const of = (name) => cotangents[tape.lines.findIndex((line) => line.text === name)] ?? 0;
  return { ordered, value: tape.last.value, slopes: [of("x"), of("y")] };
}"""
FAULTS = {
    "": "Type an expression",
    "x +": "missing at the end, after “+”",
    "2x": "missing between “2” and “x”; a product is written *",
    "x y": "missing between “x” and “y”",
    "x ^ 2": "written **, not ^",
    "x $ 2": "“$” means nothing here",
    "x * / y": "Between “*” and “/” something is missing",
    "* x": "cannot begin with “*”",
    "(x": "a ( is still open at the end",
    "sin(x": "sin( is still open",
    "x)": "one ) too many",
    "x, y": "After “x”, “,” has no meaning",
    "sin x": "sin needs brackets: sin(x)",
    "max(x)": "max takes two values, and here it has 1",
    "tanh(x, y)": "tanh takes one value, and here it has 2",
    "sqrt(x)": "The function sqrt is not known here",
    "toString(x)": "The function toString is not known",
    "x * w": "The name w is not known here",
    "constructor": "The name constructor is not known",
    "a = a + x; a": "The name a is not known",
    "a = 2 * x": "comes a semicolon",
    "a = 2; a * a": "neither x nor y",
    "x = 3; x": "x is set by its slider",
    "sin = x; x": "sin is a function",
    "1e999 * x": "too large",
    "+".join("x" * 30): "a tape of 30 lines, and here is room for 18",
}
FIELDS = """() => {
  const stage = document.body.appendChild(document.createElement("div"));
  const board = new NN.Board(stage);
  window.taken = [];
  const text = (value) => (value === "no" ? "that is no" : void taken.push(value));
  board.add(
    board.text({ label: "Words", value: "yes", change: text }),
    board.number({ label: "Number", value: 2, min: -3, max: 3, change: (v) => taken.push(v) }),
  );
}"""


@pytest.fixture(scope="module")
def tape(kit):  # noqa: F811
    """A page that has what figures share and what reads expressions."""
    kit.add_script_tag(path=ROOT / "book/_play/net/tape.js")
    return kit


def gradient(text, place):
    """Return the value and both slopes as the package has them."""
    x, y = (Parameter(np.array(v)) for v in place)
    names = {name: getattr(ops, name) for name in ("sin", "cos", "exp", "log", "tanh", "relu")}
    result = eval(text, {"x": x, "y": y, "max": ops.maximum, **names})
    result.backward()
    return result.item(), [0.0 if p.grad is None else float(p.grad) for p in (x, y)]


@pytest.mark.parametrize("text", [*EXPRESSIONS, *OTHERWISE])
def test_values_and_slopes_are_those_of_the_package(tape, text):
    for place in PLACES:
        value, slopes = gradient(OTHERWISE.get(text, text), place)
        got = tape.evaluate(SLOPES, [text, *place])
        assert got["ordered"]
        assert got["value"] == pytest.approx(value, rel=1e-12)
        assert got["slopes"] == pytest.approx(slopes, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("text", FAULTS)
def test_what_cannot_be_read_is_told(tape, text):
    fault = tape.evaluate(SLOPES, [text, 1, 1])
    assert isinstance(fault, str)
    assert FAULTS[text] in fault


def test_corners_are_as_in_the_package(tape):
    assert tape.evaluate(SLOPES, ["relu(x)", 0, 0])["slopes"][0] == 0
    tie = tape.evaluate(SLOPES, ["max(x, y)", 0.3, 0.3])["slopes"]
    assert tie == gradient("max(x, y)", (0.3, 0.3))[1] == [0.5, 0.5]


def test_fields_take_what_is_right_and_tell_what_is_not(kit):  # noqa: F811
    kit.evaluate(FIELDS)
    words, number = kit.get_by_label("Words"), kit.get_by_label("Number")
    for field, wrong, says, right in (
        (words, "no", "that is no", "maybe"),
        (number, "", "a number from −3 to 3", "-1.5"),
        (number, "4", "a number from −3 to 3", "1"),
    ):
        field.fill(wrong)
        assert field.get_attribute("aria-invalid") == "true"
        told = kit.locator(f"#{field.get_attribute('aria-describedby')}")
        assert told.inner_text() == says
        field.fill(right)
        assert field.get_attribute("aria-invalid") == "false"
        assert told.inner_text() == ""
    number.press("ArrowUp")
    assert kit.evaluate("taken") == ["maybe", -1.5, 1, 1.5]


@pytest.fixture
def figure(kit):  # noqa: F811
    """Return a function that builds a figure on an empty board, and one that reads its words."""

    def build(name):
        kit.evaluate("() => { document.body.innerHTML = '<div id=\"stage\"></div>'; }")
        kit.evaluate("() => { NN.figure = (name, build) => (window.built = build); }")
        kit.add_script_tag(path=ROOT / f"book/_play/figures/{name}.js")
        kit.evaluate(
            "() => { const board = new NN.Board(stage); window.built(board); board.update(); }"
        )
        return lambda: drawn(kit) and kit.locator(".play-words").inner_text()

    return build


def drawn(page):
    """Wait until the board has drawn what was asked for."""
    page.evaluate("() => new Promise((d) => requestAnimationFrame(() => requestAnimationFrame(d)))")
    return page


def number(text):
    return float(text.replace("−", "-"))


def test_an_expression_is_typed_and_its_tape_read(tape, figure):
    words = figure("autodiff-tape")
    assert "9 lines" in words()
    assert tape.locator("tr.now, .play-box.now, .play-arrow.b").count() == 0  # nothing is read yet
    text = "x * y + sin(x) * x"
    tape.get_by_label("Expression").fill(text)
    lines = 0
    while "All is read" not in words():
        tape.get_by_role("button", name="Read a line").click()
        lines += 1
    assert lines == 1 + 4  # the result, then two products, a sine and a sum
    assert "are those of the central difference" in words()
    assert "from before that makes" in words()  # x is used three times
    rows = tape.locator("table").last.locator("tbody tr").all()
    for row, slope in zip(rows, gradient(text, (0.5, -0.5))[1], strict=True):
        by_tape, by_difference, _ = row.locator("td").all_inner_texts()
        assert number(by_tape) == pytest.approx(slope, rel=1e-7)
        assert number(by_difference) == pytest.approx(slope, rel=1e-7)
    tape.get_by_label("Expression").fill("relu(x - 0.5)")  # at its corner
    tape.get_by_role("button", name="Read all").click()
    assert "the central difference disagrees" in words()
    tape.get_by_label("Expression").fill("log(y)")
    assert "v1 = log(v0) is not a number here" in words()
    tape.get_by_role("button", name="A value used far away").click()
    tape.get_by_role("button", name="Read all").click()
    assert words()
    assert rows[0].locator("td").first.inner_text() == "122"


def neuron(x1, w1, x2, w2, b, t, short_cut):
    """Return the loss and its slopes, from the package."""
    numbers = [Parameter(np.array(float(v))) for v in (x1, w1, x2, w2, b, t)]
    x1, w1, x2, w2, b, t = numbers
    z = x1 * w1 + x2 * w2 + b
    a = ops.relu(z) + z if short_cut else ops.relu(z)
    loss = (a - t) ** 2
    loss.backward()
    return loss.item(), [float(p.grad) for p in (x1, w1, x2, w2, b)]


@pytest.mark.parametrize("short_cut", [False, True])
@pytest.mark.parametrize("b", [-1, -3])
def test_the_neuron_is_walked_forward_and_back(kit, figure, short_cut, b):  # noqa: F811
    words = figure("backpropagation-graph")
    if short_cut:
        kit.get_by_label("Short cut").check()
    kit.get_by_label("b", exact=True).fill(str(b))
    kit.get_by_role("button", name="From the start").click()
    said = [words()]
    while not said[-1].startswith("L ="):
        kit.get_by_role("button", name="Next step").click()
        said.append(words())
    # The start, a value for each operation, the loss, an arrow each, and the end.
    assert len(said) == 1 + (4 if short_cut else 3) + 1 + (10 if short_cut else 8) + 1
    assert sum("Two paths meet" in text for text in said) == short_cut
    loss, slopes = neuron(2, 0.5, -1, -1.5, b, 1, short_cut)
    told = re.findall(r"(?:L =|x₁|w₁|x₂|w₂|b) ([−\d.]+)[,.]", said[-1])
    assert [number(each.rstrip(".")) for each in told] == pytest.approx([loss, *slopes], rel=1e-2)
    if b == -3:
        assert np.any(slopes) == short_cut  # what the words beside the figure say
        assert loss > neuron(2, 0.5, -1, -1.5, -1, 1, False)[0]
