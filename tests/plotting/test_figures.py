"""The book's figures: what is drawn, on what, in which colours, and how heavy it is."""

import io
import itertools
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb, to_rgba

from nnbook import plotting

mpl.use("agg")


@pytest.fixture(autouse=True)
def book_style():
    with mpl.rc_context():
        plotting.style()
        yield
    plt.close("all")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def linear_rgb(colour):
    c = np.array(to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    dark, light = sorted(float(linear_rgb(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (light + 0.05) / (dark + 0.05)


def test_text_and_series_stand_out_from_the_card():
    assert contrast(plotting.INK, plotting.PAPER) > 7
    assert min(contrast(c, plotting.PAPER) for c in plotting.CYCLE) > 3


# Simulated full deuteranopia and protanopia, Machado, Oliveira and Fernandes (2009), severity 1.
DEUTERANOPIA = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
PROTANOPIA = np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]])


@pytest.mark.parametrize("sight", [np.eye(3), DEUTERANOPIA, PROTANOPIA])
def test_the_first_four_series_differ_for_colour_blind_readers(sight):
    seen = [np.clip(sight @ linear_rgb(c), 0, 1) ** (1 / 2.2) for c in plotting.CYCLE[:4]]
    assert min(np.abs(a - b).max() for a, b in itertools.combinations(seen, 2)) > 0.12


def test_importing_plotting_does_not_import_matplotlib():
    code = "import sys, nnbook.plotting; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def weight(fig):
    data = io.BytesIO()
    fig.savefig(data, bbox_inches="tight")
    assert fig.get_facecolor() == to_rgba(plotting.PAPER)
    return len(data.getvalue()) / 1024


def test_curves_draw_a_line_a_series_and_a_band_for_runs(rng):
    runs = rng.normal(size=(3, 20))
    fig, ax = plotting.curves({"one": np.arange(20), "many": runs}, x="epoch", y="loss")
    one, many = ax.lines
    np.testing.assert_array_equal(one.get_xydata(), np.c_[np.arange(1, 21), np.arange(20)])
    np.testing.assert_allclose(many.get_ydata(), runs.mean(axis=0))
    (band,) = ax.collections
    top = band.get_paths()[0].vertices[:, 1].max()
    assert top == pytest.approx((runs.mean(axis=0) + runs.std(axis=0, ddof=1)).max())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["one", "many"]
    assert weight(fig) < 80


def test_curves_take_places_a_scale_and_an_axes():
    fig, (left, right) = plt.subplots(1, 2)
    assert plotting.curves({"a": [1, 10]}, at=[0, 5], log=True, ax=right) == (fig, right)
    assert right.get_yscale() == "log"
    assert right.lines[0].get_xdata().tolist() == [0, 5]
    assert right.get_legend() is None
    assert not left.lines


def test_images_share_one_scale_and_fill_rows(rng):
    pictures = rng.uniform(size=(11, 28, 28))
    fig, axes = plotting.images(pictures, list("abcdefghijk"), columns=4)
    assert axes.shape == (3, 4)
    drawn = [ax.images[0] for ax in axes.flat if ax.images]
    assert [ax.get_title() for ax in axes.flat][:11] == list("abcdefghijk")
    assert len(drawn) == 11
    assert {im.get_clim() for im in drawn} == {(pictures.min(), pictures.max())}
    assert weight(fig) < 80


def test_images_take_channels_first(rng):
    colour = rng.uniform(size=(2, 3, 5, 7))
    _, axes = plotting.images(colour)
    np.testing.assert_array_equal(axes[0, 1].images[0].get_array(), colour[1].transpose(1, 2, 0))
    _, axes = plotting.images(colour[:, :1], limits=(-1, 1))
    np.testing.assert_array_equal(axes[0, 0].images[0].get_array(), colour[0, 0])
    assert axes[0, 0].images[0].get_clim() == (-1, 1)


def test_heatmap_writes_readable_numbers():
    values = np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
    fig, ax = plotting.heatmap(values, rows="ab", columns="xyz", numbers=".1f")
    assert [t.get_text() for t in ax.texts] == ["0.0", "1.0", "2.0", "3.0", "4.0", "5.0"]
    for text, value in zip(ax.texts, values.flat):
        under = ax.images[0].cmap(ax.images[0].norm(value))[:3]
        assert contrast(text.get_color(), under) > 3
    assert [t.get_text() for t in ax.get_xticklabels()] == list("xyz")
    assert len(fig.axes) == 1


def test_a_diverging_heatmap_is_centred_on_zero():
    fig, ax = plotting.heatmap([[-1.0, 3.0]], diverging=True)
    assert ax.images[0].get_clim() == (-3, 3)
    assert len(fig.axes) == 2  # the second is the colour bar
    assert plotting.heatmap(np.zeros((2, 2)), diverging=True)[1].images[0].get_clim() == (-1, 1)


def test_confusion_colours_by_share_of_the_row_and_writes_counts():
    fig, ax = plotting.confusion([[8, 2], [0, 1]], ["cat", "dog"])
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.8, 0.2], [0, 1]])
    assert [t.get_text() for t in ax.texts] == ["8", "2", "", "1"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    assert weight(fig) < 80
    assert {t.get_text() for t in plotting.confusion(np.zeros((3, 3), int))[1].texts} == {""}


def test_boundary_colours_the_plane_by_class(rng):
    x = rng.normal(size=(40, 2))
    y = (x[:, 0] > 0).astype(int)
    fig, ax = plotting.boundary(lambda p: (p[:, 0] > 0).astype(int), x, y, steps=50)
    mesh, points = ax.collections
    across = np.linspace(x[:, 0].min(), x[:, 0].max(), 50)
    shown = np.asarray(mesh.get_array()).reshape(50, 50)
    assert (shown[0] == shown[-1]).all()
    assert shown[0].sum() == pytest.approx((across > 0).sum(), abs=4)
    np.testing.assert_array_equal(points.get_array(), y)
    assert weight(fig) < 80


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: plotting.curves({}), "at least one series"),
        (lambda: plotting.curves({"a": np.ones((2, 2, 2))}), r"expected \(T,\) or \(R, T\)"),
        (lambda: plotting.curves({"a": [1, 2]}, at=[1]), "2 values for 1 places"),
        (lambda: plotting.images(np.ones((2, 2))), r"got \(2, 2\)"),
        (lambda: plotting.images(np.ones((2, 5, 3, 3))), r"got \(2, 5, 3, 3\)"),
        (lambda: plotting.images(np.ones((0, 2, 2))), "at least one picture"),
        (lambda: plotting.images(np.ones((2, 2, 2)), ["a"]), "expected 2 titles, got 1"),
        (lambda: plotting.heatmap(np.ones(3)), r"got shape \(3,\)"),
        (
            lambda: plotting.heatmap(np.ones((2, 3)), columns="ab"),
            "expected 3 names for axis 1, got 2",
        ),
        (lambda: plotting.confusion(np.ones((2, 3))), r"square matrix, got shape \(2, 3\)"),
        (lambda: plotting.confusion(np.ones((2, 2)), "abc"), "expected 2 names"),
        (lambda: plotting.boundary(len, np.ones((4, 3)), np.ones(4)), r"got \(4, 3\)"),
        (
            lambda: plotting.boundary(lambda p: p, np.eye(2), np.ones(2), steps=3),
            r"expected \(9,\) class indices, got \(9, 2\)",
        ),
    ],
)
def test_data_that_does_not_fit_is_refused(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_a_network_is_drawn_with_one_line_for_each_weight():
    _, ax = plotting.network([3, 4, 2], [["a", "b", "c"], list("defg"), ["h", "i"]])
    assert len(ax.lines) == 3 * 4 + 4 * 2
    assert [len(circles.get_offsets()) for circles in ax.collections] == [3, 4, 2]
    assert [text.get_text() for text in ax.texts] == list("abcdefghi")
    tops = [circles.get_offsets()[0] for circles in ax.collections]  # the first unit is on top
    assert [text.get_position()[1] for text in (ax.texts[0], ax.texts[3], ax.texts[7])] == [
        top[1] for top in tops
    ]
    own = plt.subplots()[1]
    assert plotting.network([1, 1], ax=own)[1] is own


@pytest.mark.parametrize(
    ("units", "names", "told"),
    [
        ([3], None, "two or more layers"),
        ([3, 0], None, "one or more units"),
        ([2, 1], [["a"], ["b"]], "a name for each"),
        ([2, 1], [["a", "b"]], "a name for each"),
    ],
)
def test_a_network_that_cannot_be_drawn_is_refused(units, names, told):
    with pytest.raises(ValueError, match=told):
        plotting.network(units, names)
