"""Draw a digit: the figure of the tour answers as NumPy does, be it pixels or strokes."""

import re
from functools import partial

import jupytext
import matplotlib as mpl
import numpy as np
import pytest

from nnbook import data
from nnbook.cli.digit import field, from_page, pieces
from nnbook.teaching import display
from tests.book.conftest import ROOT
from tests.book.test_play_kit import files, kit  # noqa: F401  (a fixture)

TOUR = ROOT / "book/start/tour.md"
#: Starts the figure on an empty board, and keeps the functions that drive it.
START = """async (values) => {
  document.body.replaceChildren();
  const stage = document.body.appendChild(document.createElement("div"));
  stage.style.width = "700px";
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  window.drawn = () => frame().then(frame);
  const board = new NN.Board(stage);
  window.built(board, NN.decode(values));
  board.update();
  await drawn();
  const buttons = [...stage.querySelectorAll("button")];
  const button = (name) => buttons.find((b) => b.textContent === name);
  window.press = async (name) => (button(name).click(), await drawn(), said());
  window.said = () => stage.querySelector(".play-words").textContent;
}"""


@pytest.fixture(scope="module")
def tour():
    """Run the tour on embedded data as far as its figure; return its names, and what it sent."""
    records, names = [], {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "mnist", partial(data.mnist, embedded=True))
        patch.setattr(display, "receiver", lambda bundle, metadata: records.append(metadata))
        mpl.use("agg")
        for cell in jupytext.read(TOUR).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
            if "figure-data" in cell.metadata.get("tags", []):
                break
    sent = [r.get("nnbook", {}) for r in records]
    sent = [record for record in sent if record.get("kind") == "figure_data"]
    assert [record["name"] for record in sent] == ["network"]
    return names, sent[0]["values"]


@pytest.fixture(scope="module")
def figure(kit):  # noqa: F811
    """Return the page with the program of the figure."""
    program = files.program("tour-digit")
    kit.evaluate("() => { NN.figure = (name, build) => (window.built = build); }")
    for path in [*files.needs(program), program]:
        kit.add_script_tag(path=path)
    return kit


def scores(tour, pictures):
    """Return what NumPy, with the weights in full precision, makes of pictures of bytes."""
    names, _ = tour
    return names["model"].predict(names["as_rows"](np.asarray(pictures, np.uint8)))


def said(words):
    """Return the answer that the figure names, and its percentage."""
    digit, share = re.search(r"The answer is (\d) \(([\d.]+)%\)", words).groups()
    return int(digit), float(share)


def test_pasted_digits_are_answered_as_numpy_answers_them(tour, figure):
    pictures = tour[0]["digits"].test_images[:100]
    labels = tour[0]["digits"].test_labels[:100]
    sent = tour[1] | {"examples": packed(pictures, "u1"), "labels": packed(labels, "i4")}
    figure.evaluate(START, sent)
    words = figure.evaluate(
        "async () => { const all = []; for (let n = 0; n < 100; n++)"
        " all.push(await press('An example digit')); return all; }"
    )
    z = scores(tour, pictures).astype(np.float64)
    shares = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    for n, text in enumerate(words):
        assert text.startswith(f"Example {n + 1} of 100, labelled {labels[n]}. ")
        digit, share = said(text)
        assert digit == z[n].argmax()
        assert share == pytest.approx(100 * shares[n].max(), abs=0.6)


def packed(array, sort):
    """Return an array as `figure_data` sends it."""
    from nnbook.teaching import figure_data  # the same bytes as those of the page

    kept = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(display, "receiver", lambda bundle, metadata: kept.append(metadata))
        figure_data("some", some=array)
    values = kept[0]["nnbook"]["values"]["some"]
    assert values["type"] == sort
    return values


def thinned(picture):
    """Take ink off its edges until lines of one pixel are left. Zhang and Suen (1984)."""
    ink = np.pad(picture > 100, 1)
    while True:
        before = ink.copy()
        for side in (0, 2):
            go = []
            for i, j in np.argwhere(ink):
                around = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
                p = [ink[i + a, j + b] for a, b in around]
                turns = sum(not p[k] and p[(k + 1) % 8] for k in range(8))
                one = p[0] and p[2] and p[4] if side == 0 else p[0] and p[2] and p[6]
                two = p[2] and p[4] and p[6] if side == 0 else p[0] and p[4] and p[6]
                if 2 <= sum(p) <= 6 and turns == 1 and not one and not two:
                    go.append((i, j))
            for place in go:
                ink[place] = False
        if (ink == before).all():
            return ink[1:-1, 1:-1]


def strokes(picture):
    """Return the lines of a digit as strokes: from an end, on to neighbours not yet drawn."""
    left = {(int(i), int(j)) for i, j in np.argwhere(thinned(picture))}

    def near(p):
        return [q for q in left if max(abs(p[0] - q[0]), abs(p[1] - q[1])) == 1]

    found = []
    while left:
        here = min(left, key=lambda p: (len(near(p)), p))
        stroke = [here]
        left.remove(here)
        while options := near(here):
            here = min(options, key=lambda q: (abs(here[0] - q[0]) + abs(here[1] - q[1]), q))
            left.remove(here)
            stroke.append(here)
        found.append([[j + 0.5, i + 0.5] for i, j in stroke])
    return found


def test_a_drawing_becomes_what_predict_makes_of_it(tour, figure):
    pictures = tour[0]["digits"].test_images[:100:5]
    drawings = [strokes(picture) for picture in pictures]
    small = [[[[4 + x / 2, 12 + y / 2] for x, y in s] for s in drawing] for drawing in drawings]
    read, whole = [], []
    for drawing in drawings + small:
        ink, got = figure.evaluate(
            "(strokes) => { const ink = NN.ink(strokes);"
            " return [[...ink.data], [...NN.readDigit(ink)]]; }",
            drawing,
        )
        ink, got = np.array(ink).reshape(112, 112), np.array(got, int).reshape(28, 28)
        ours = field.centred(field.boxed(ink, ink > pieces.EDGE))
        assert np.abs(got - ours).max() <= 1
        whole.append(np.abs(got - from_page(1 - ink)).max() <= 1)
        read.append(ours)
    # The whole of the reading leaves out strokes that lie apart, or takes them for ruled lines.
    assert np.mean(whole) >= 0.85
    answers = scores(tour, read).argmax(axis=1)
    # A drawing of a digit's middle lines, with a pen of another width, is mostly read as the digit.
    assert np.mean(answers[:20] == scores(tour, pictures).argmax(axis=1)) >= 0.8
    assert figure.evaluate("NN.readDigit(NN.ink([])) === undefined")


def test_where_one_draws_does_not_matter(figure):
    shape = [[[12.0, 6.0], [9.0, 12.0], [13.0, 13.0]], [[13.0, 10.0], [13.0, 17.0]]]
    program = "(strokes) => [...NN.readDigit(NN.ink(strokes))]"
    first = figure.evaluate(program, shape)
    moved = [[[x + 5, y + 7] for x, y in stroke] for stroke in shape]
    assert figure.evaluate(program, moved) == first


def test_strokes_by_mouse_are_answered_as_numpy_answers_them(tour, figure):
    figure.evaluate(START, tour[1])
    paper = figure.locator(".play-paper")
    edge = paper.locator("rect.play-ring").bounding_box()
    unit = edge["width"] / 28
    for picture in tour[0]["digits"].test_images[3:100:20]:
        drawing = strokes(picture)
        for stroke in drawing:
            places = [(edge["x"] + unit * x, edge["y"] + unit * y) for x, y in stroke]
            figure.mouse.move(*places[0])
            figure.mouse.down()
            for place in places[1:]:
                figure.mouse.move(*place)
            figure.mouse.up()
        figure.evaluate("drawn()")
        got = figure.evaluate("(strokes) => [...NN.readDigit(NN.ink(strokes))]", drawing)
        z = scores(tour, np.array(got).reshape(1, 28, 28))[0]
        assert said(figure.evaluate("said()"))[0] == z.argmax()
        assert figure.evaluate("press('Clear')").startswith("Draw a digit")


def test_keys_draw_too(tour, figure):
    figure.evaluate(START, tour[1])
    pen = figure.get_by_role("slider", name="The pen")
    for key in (*["ArrowUp"] * 4, " ", *["ArrowDown"] * 9):
        pen.press(key)
    figure.evaluate("drawn()")
    assert pen.get_attribute("aria-valuetext") == "down, 14 from the left, 19 from the top"
    assert said(figure.evaluate("said()"))[0] == 1
    line = figure.evaluate("said()")
    for key in (" ", *["ArrowRight"] * 3):  # lifted, the pen leaves nothing
        pen.press(key)
    figure.evaluate("drawn()")
    assert figure.evaluate("said()") == line
    assert pen.get_attribute("aria-valuetext").startswith("up, 17")
    pen.press(" ")
    assert figure.evaluate("press('Take back a stroke')") == line


def test_the_page_says_how_much_it_loads(tour):
    _, sent = tour
    size = sum(len(value["bytes"]) for value in sent.values())
    told = re.search(r":ask: .*: ([\d.]+) MB\)", TOUR.read_text(encoding="utf-8")).group(1)
    assert float(told) == pytest.approx(size / 1e6, abs=0.05)
