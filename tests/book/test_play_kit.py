"""What all figures to play with share: numbers arrive as they were sent, and are written well."""

import sys

import numpy as np
import pytest

from nnbook.teaching import display, figure_data
from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from play import files


@pytest.fixture(scope="module")
def kit(browser):
    """Return an empty page that has what all figures share."""
    page = browser.new_page()
    page.set_content("<p></p>")
    page.evaluate("document.currentScript ?? 0")
    page.add_script_tag(
        content=files.kit().replace("document.currentScript.src", "'http://127.0.0.1/'")
    )
    yield page
    page.close()


def test_the_browser_reads_the_numbers_that_python_sent(kit, monkeypatch):
    records = []
    monkeypatch.setattr(display, "receiver", lambda bundle, metadata: records.append(metadata))
    rng = np.random.default_rng(0)
    halves = np.r_[rng.standard_normal(50), 6e-8, -6e-5, 65504, 0].astype(np.float16)
    given = {
        "half": halves.reshape(6, 9),
        "single": rng.standard_normal((3, 5, 7)).astype(np.float32),
        "whole": rng.integers(-(2**31), 2**31, (4, 2)),
        "byte": rng.integers(0, 256, 9).astype(np.uint8),
    }
    figure_data("given", **given, some={"text": ["a", None, True, 0.25]})
    values = records[-1]["nnbook"]["values"]
    got = kit.evaluate(
        "(values) => Object.fromEntries(Object.entries(NN.decode(values)).map(([k, v]) =>"
        " [k, v.data ? { shape: v.shape, data: [...v.data], second: [...v.row(1)] } : v]))",
        values,
    )
    for name, array in given.items():
        assert got[name]["shape"] == list(array.shape)
        np.testing.assert_array_equal(np.array(got[name]["data"]).reshape(array.shape), array)
        np.testing.assert_array_equal(got[name]["second"], array[1].ravel())
    assert got["some"] == {"text": ["a", None, True, 0.25]}


def test_numbers_are_written_as_on_paper(kit):
    written = {
        0: "0",
        0.98123: "0.981",
        -3.25: "−3.25",
        1234567: "1.2\xa0×\xa010⁶",
        12345: "12,345",
    }
    written |= {
        1.5e-9: "1.5\xa0×\xa010⁻⁹",
        -2e-5: "−2.0\xa0×\xa010⁻⁵",
        100: "100",
        0.1 + 0.2: "0.3",
    }
    for number, text in written.items():
        assert kit.evaluate(f"NN.text({number!r})") == text
    decades = {1e-9: "10⁻⁹", 0.001: "0.001", 1: "1", 1000: "1,000", 10000: "10⁴", 20000: "20,000"}
    for number, text in decades.items():
        assert kit.evaluate(f"NN.decade({number!r})") == text
    assert kit.evaluate("NN.text(Infinity)") == "∞"
    assert kit.evaluate("[NN.fixed(-0.001, 2), NN.fixed(-1.5, 1), NN.percent(0.123, 1)]") == [
        "0.00",
        "−1.5",
        "12.3%",
    ]


def test_chance_is_even_and_repeats(kit):
    uniform, normal, again = kit.evaluate(
        "() => { const a = NN.random(3), b = NN.random(3), n = NN.range(4000);"
        " const u = n.map(a.uniform), z = n.map(a.normal); return [u, z, n.map(b.uniform)]; }"
    )
    assert uniform == again
    np.testing.assert_allclose(np.histogram(uniform, 10, (0, 1))[0], 400, atol=90)
    assert abs(np.mean(normal)) < 0.06
    assert abs(np.std(normal) - 1) < 0.05
    assert 0.94 < np.mean(np.abs(normal) < 1.96) < 0.96
