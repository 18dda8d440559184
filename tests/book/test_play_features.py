"""The figure of features by hand and learned: the shares it says are those of the rule in NumPy."""

import re

import numpy as np
import pytest

from nnbook.teaching import display, figure_data
from tests.book.conftest import ROOT
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)

FIGURE = """(values) => {
  const stage = document.body.appendChild(document.createElement("div"));
  const board = new NN.Board(stage);
  window.built(board, NN.decode(values));
  board.update();
}"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def nearest(points, centres, digit, digits):
    """Return how many points of these digits are nearest to their own centre, and of how many."""
    chosen = np.isin(digit, digits)
    gaps = ((points[chosen][:, None] - centres[digits]) ** 2).sum(axis=2)
    return int((np.array(digits)[gaps.argmin(axis=1)] == digit[chosen]).sum()), int(chosen.sum())


@pytest.fixture
def given(monkeypatch):
    """Return random pictures' numbers, as the chapter hands them over, and as a page gets them."""
    rng = np.random.default_rng(0)
    digit = rng.integers(0, 10, 120).astype(np.uint8)
    means = rng.integers(5, 50, (10, 16))
    ink = (means[digit] + rng.integers(-5, 6, (120, 16))).astype(np.uint8)

    def places(values, dtype):
        return {
            "points": values.astype(dtype),
            "centres": np.array([values[digit == d].mean(axis=0) for d in range(10)]),
            "mean": values.mean(axis=0),
            "spread": np.cov(values.T, bias=True),
        }

    parts = {name: rng.standard_normal((120, 2)) + 0.1 for name in ("learned", "drawn")}
    parts["mirror"] = rng.standard_normal(120)
    values = {name: places(part, np.float16) for name, part in parts.items()}
    values["blocks"] = places(ink, np.uint8)
    records = []
    monkeypatch.setattr(display, "receiver", lambda bundle, metadata: records.append(metadata))
    figure_data("features", digit=digit, **values)
    return digit, values, records[-1]["nnbook"]["values"]


def test_the_shares_are_numpys(kit, given):  # noqa: F811
    digit, values, sent = given
    kit.evaluate("() => { NN.figure = (name, build) => (window.built = build); }")
    kit.add_script_tag(path=ROOT / "book/_play/figures/what-features.js")
    kit.evaluate(FIGURE, sent)

    def by_hand(marked):
        ink = values["blocks"]["points"].astype(float)[:, marked].sum(axis=1)
        ink = (ink - ink.mean()) / ink.std()
        made = np.stack([ink, values["mirror"]["points"].astype(float)], axis=1)
        centres = np.stack(
            [[ink[digit == d].mean() for d in range(10)], values["mirror"]["centres"]], axis=1
        )
        return made, centres

    def said():
        kit.evaluate(DRAWN)
        right, count, share, *best = re.findall(r"\d+(?:\.\d+)?", kit.inner_text(".play-words"))
        assert float(share) == pytest.approx(100 * int(right) / int(count), abs=0.05)
        assert not best or float(best[0]) >= float(share)
        assert kit.locator(".play-dot.a").count() == int(right)
        return int(right), int(count)

    left = [i for i in range(16) if i % 4 < 2]
    both, all_ten = [3, 8], list(range(10))
    assert said() == nearest(*by_hand(left), digit, all_ten)
    for kind in ("learned", "drawn"):
        kit.check(f"[value={kind}]")
        seen = values[kind]["points"].astype(float), values[kind]["centres"]
        assert said() == nearest(*seen, digit, all_ten)
    kit.check("[value=pair]")
    assert said() == nearest(*seen, digit, both)
    kit.get_by_label("row 2, column 4").check()  # a square marked: back to features by hand
    assert kit.is_checked("[value=hand]")
    assert said() == nearest(*by_hand([*left, 7]), digit, both)
    kit.check("[value=ten]")
    for i in left:
        kit.get_by_label(f"row {i // 4 + 1}, column {i % 4 + 1}").uncheck()
    assert said() == nearest(*by_hand([7]), digit, all_ten)
    kit.get_by_role("button", name="Mark the left half").click()
    assert said() == nearest(*by_hand(left), digit, all_ten)
