"""Figures lose weight and not their looks; photographs keep their colours."""

import importlib.util
import re
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from nnbook import plotting
from tests.book.conftest import ROOT

mpl.use("agg")


@pytest.fixture(scope="module")
def lighten():
    spec = importlib.util.spec_from_file_location("lighter", ROOT / "book/_ext/lighter.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.lighten


def test_a_figure_gets_lighter_and_looks_the_same(lighten, tmp_path):
    path = tmp_path / "figure.png"
    with plt.rc_context():
        plotting.style()
        fig, ax = plt.subplots()
        x = np.linspace(0, 9, 200)
        ax.plot(x, np.sin(x), x, np.cos(x), x, np.sin(x / 2))
        fig.savefig(path)
        plt.close(fig)
    before, weight = np.asarray(Image.open(path).convert("RGB"), int), path.stat().st_size
    assert lighten(path)
    after = np.asarray(Image.open(path).convert("RGB"), int)
    assert path.stat().st_size < 0.6 * weight
    assert np.abs(after - before).mean() < 1
    assert not lighten(path), "a second build has nothing left to do"


@pytest.mark.parametrize("kind", ["photograph", "transparent"])
def test_what_would_suffer_is_left_alone(lighten, tmp_path, kind):
    rng, path = np.random.default_rng(0), tmp_path / "image.png"
    pixels = rng.integers(0, 256, (60, 70, 3 if kind == "photograph" else 4), dtype=np.uint8)
    if kind == "transparent":
        pixels[..., :3] = 7
    Image.fromarray(pixels).save(path)
    before = path.read_bytes()
    assert not lighten(path)
    assert path.read_bytes() == before


def test_a_change_of_a_page_does_not_style_whole_sections_anew():
    """`section:has(...) p` costs a fifth of a second whenever anything is put into a long page."""
    wide = re.compile(r"\b(?:html|body|main|article|section|div):has\(")
    sheets = [path for path in (ROOT / "book").glob("_*/*.css") if "_build" not in path.parts]
    assert len(sheets) > 3
    assert [path.name for path in sheets if wide.search(path.read_text(encoding="utf-8"))] == []


def test_a_picture_is_looked_at_again_when_it_is_another(tmp_path, monkeypatch):
    import lighter

    folder = tmp_path / "_images"
    folder.mkdir()
    app = SimpleNamespace(
        outdir=tmp_path,
        doctreedir=tmp_path / "trees",
        builder=SimpleNamespace(format="html", imagedir="_images"),
        config=SimpleNamespace(nnbook_machinery="code"),
    )
    looked_at = []

    def lighten(path):
        looked_at.append(path.name)
        path.write_bytes(path.read_bytes().replace(b"heavy", b"light"))

    monkeypatch.setattr(lighter, "lighten", lighten)

    def build():
        looked_at.clear()
        lighter.lighten_all(app, None)
        return list(looked_at)

    (folder / "a.png").write_bytes(b"heavy a")
    (folder / "b.png").write_bytes(b"b")
    assert build() == ["a.png", "b.png"]
    assert build() == []
    (folder / "a.png").write_bytes(b"heavy a")  # copied again
    assert build() == ["a.png"]
    assert (folder / "a.png").read_bytes() == b"light a"
    assert build() == []
