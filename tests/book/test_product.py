"""Python in a browser computes fast and right, and has what chapters ask for."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import wat

from tests.book.conftest import ROOT
from tools.in_browser import steps

#: Products of all shapes and of arrays that lie in every way, beside loops over their indices.
COMPARE = """
import numpy as np
rng, worst = np.random.default_rng({seed}), dict(f=0, d=0)
def plain(a, b):
    return (a[..., :, :, None] * b[..., None, :, :]).sum(-2)
def turned(x): return np.ascontiguousarray(x.swapaxes(-1, -2)).swapaxes(-1, -2)
ways = [lambda x: x, turned, lambda x: x[..., ::-1, ::-1], lambda x: np.repeat(x, 2, -1)[..., ::2],
        lambda x: x[::-1], lambda x: np.broadcast_to(x[:1], x.shape)]
for trial in range(300):
    count, m, n, p = (int(size) for size in (rng.integers(1, 4), *rng.integers(1, 30, 3)))
    if trial % 10 == 0:
        m, n, p = m % 7 + 1, n + 505, p % 11 + 1  # more rows than a panel has
    for kind in "fd":
        a, b = (rng.integers(-8, 9, (count, *s)).astype(kind) for s in ((m, n), (n, p)))
        a, b = rng.choice(ways)(a), rng.choice(ways)(b)
        out = np.full((count, p, m), np.nan, kind).swapaxes(1, 2) if trial % 3 else None
        worst[kind] = max(worst[kind], np.abs(np.matmul(a, b, out=out) - plain(a, b)).max())
        x, y = a[0], b[0]
        z = plain(x, y)
        got = [x.dot(y), np.dot(x, y), x @ y[:, 0], x[0] @ y, x.dot(y[:, 0])]
        want = [z, z, z[:, 0], z[0], z[:, 0]]
        worst[kind] = max(worst[kind], *(np.abs(g - w).max() for g, w in zip(got, want)))
        assert all(g.dtype == a.dtype for g in got)
assert (np.zeros((3, 0)) @ np.zeros((0, 4))).shape == (3, 4)
out = np.empty((m, p))
assert a[0].dot(b[0], out) is out
print(float(worst['f']), float(worst['d']))
"""
#: exp and tanh beside those of float64, in units of the last place; the greater of two.
FUNCTIONS = """
import numpy as np
far = np.array([0, -0.0, np.inf, -np.inf, np.nan, 1e-40, 200, -200], "f4")
x = np.concatenate([np.linspace(-12, 12, 100_003), np.logspace(-30, 1.9, 999), far]).astype("f4")
def off(name, x):
    got, want = getattr(np, name)(x), getattr(np, name)(x.astype("f8"))
    with np.errstate(over="ignore"):
        near = want.astype("f4")
    sure = np.isfinite(near) & (np.abs(near) > 2e-38)
    assert np.array_equal(got[~sure], near[~sure], equal_nan=True) or np.allclose(
        got[~sure], near[~sure], rtol=0, atol=2e-38, equal_nan=True)
    assert (np.signbit(got) == np.signbit(near))[~np.isnan(near)].all()
    return float(np.abs((got[sure] - want[sure]) / want[sure]).max() / np.finfo("f4").eps)
parts = x, x[::-3], x[1:6], x[:3]
worst = [off(name, part) for name in ("exp", "tanh") for part in parts]
rng = np.random.default_rng(0)
for kind in "fd":
    for n in (1, 2, 3, 4, 5, 7, 8, 9, 33):
        a, b = rng.integers(-9, 9, (2, n, n)).astype(kind)
        none, back, wide = a.dtype.type(0), b[:, ::-1], np.repeat(b, 2, 1)[:, ::2]
        pairs = (a, b), (a.T, b), (a, b[:, :1]), (a, none), (a[::-1], back), (a[0], b), (a, wide)
        for p, q in pairs:
            assert (np.maximum(p, q) == np.where(p > q, p, q)).all()
        assert (a.max(0) == np.sort(a, 0)[-1]).all() and (a.max(1) == np.sort(a, 1)[:, -1]).all()
        c = a.copy()
        np.maximum(c, b, out=c)
        assert (c == np.where(a > b, a, b)).all()
    assert np.isnan(np.maximum(np.array([np.nan, 1], kind), np.array([1, np.nan], kind))).all()
print(max(worst))
"""
SPEED = """
import time, numpy as np
def best(does):
    took = []
    for _ in range(7):
        begun = time.perf_counter()
        for _ in range(5): does()
        took.append(time.perf_counter() - begun)
    return min(took)
def product(kind):
    a, b = np.ones((128, 400), kind), np.ones((400, 200), kind)
    return best(lambda: (a @ b, a.dot(b)))
x = np.linspace(-3, 3, 200_000)
y = x.astype("f4")
print(product("i4") / product("f4"), best(lambda: np.tanh(x)) / best(lambda: np.tanh(y)),
      best(lambda: np.minimum(y, 0)) / best(lambda: np.maximum(y, 0)))
"""
LACKING = """
import tempfile, time
from pathlib import Path
import numpy as np
from IPython.display import HTML
from sklearn.linear_model import LogisticRegression
from nnbook import checkpoint, nn
from nnbook.data import iris
import json
from importlib import resources
network = nn.Sequential(nn.Linear(4, 3, rng=np.random.default_rng(0)))
twin = nn.Sequential(nn.Linear(4, 3, rng=np.random.default_rng(1)))
path = Path(tempfile.mkdtemp(), "network.safetensors")
checkpoint.save(path, network); checkpoint.load(path, twin)
assert all((a.data == b.data).all() for a, b in zip(network.parameters(), twin.parameters()))
assert time.thread_time() <= time.thread_time()
json.loads((resources.files("nnbook.teaching") / "recorded/benchmarks.json").read_text())
x = np.r_[np.zeros((5, 2)), np.ones((5, 2))]
assert LogisticRegression().fit(x, x[:, 0]).score(x, x[:, 0]) == 1
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.close()
print(HTML("<b>well</b>")._repr_html_())
"""


@pytest.fixture(scope="module")
def python(browser, address):
    """Give the site's Python."""
    with steps.python(browser, address) as asked:
        yield asked


@pytest.mark.parametrize("seed", [0, 1])
def test_products_are_right_however_the_arrays_lie(python, seed):
    assert python(COMPARE.replace("{seed}", str(seed))).split() == ["0.0", "0.0"], (
        "whole numbers have no rounding"
    )


def test_loops_are_fast_beside_those_of_numpy(python):
    product, tanh, greater = map(float, python(SPEED).split())
    assert product > 4, "NumPy's own multiply whole numbers"
    assert tanh > 2, "NumPy's own take float64"
    assert greater > 2, "the lesser of two is left to NumPy"


def test_functions_are_right_to_the_last_places(python):
    assert float(python(FUNCTIONS)) < 2


def test_what_chapters_ask_for_is_there(python):
    assert "<b>well</b>" in python(LACKING)


@pytest.mark.parametrize("name", ["product", "functions"])
def test_a_library_is_webassembly(browser, name):
    content = wat.library(ROOT / f"book/_run/{name}.wat")
    page = browser.new_page()
    valid = "bytes => WebAssembly.validate(new Uint8Array(bytes))"
    assert page.evaluate(valid, list(content))
    assert not page.evaluate(valid, list(content[:-1]))
    page.close()


@pytest.fixture
def here():
    """Return the stand-in for safetensors."""
    path = Path(ROOT, "book/_run/safetensors_here.py")
    spec = importlib.util.spec_from_file_location("safetensors_here", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("safetensors_here", None)


def test_its_files_are_those_of_safetensors(here, tmp_path):
    library = pytest.importorskip("safetensors.numpy")
    rng = np.random.default_rng(0)
    arrays = {
        f"{k}": rng.integers(0, 2, (3, 5)).astype(k) for k in ("f4", "f8", "i8", "u1", "?", "f2")
    }
    arrays |= {"z": np.array(2.5, np.float32), "empty": np.zeros((0, 3)), "ä": np.ones(2).T}
    ours, theirs = here.save(arrays, {"a": "ß"}), library.save(arrays, {"a": "ß"})
    assert ours == theirs
    for read, content in ((library.load, ours), (here.load, theirs)):
        found = read(content)
        assert found.keys() == arrays.keys()
        for name, array in arrays.items():
            assert found[name].dtype == array.dtype
            np.testing.assert_array_equal(found[name], array)
    here.save_file(arrays, tmp_path / "a", {"a": "b"})
    with here.safe_open(tmp_path / "a", framework="numpy") as file:
        assert sorted(file.keys()) == sorted(arrays)
        assert file.metadata() == {"a": "b"}
        np.testing.assert_array_equal(file.get_tensor("f4"), arrays["f4"])
    assert here.load_file(tmp_path / "a").keys() == arrays.keys()


def test_damaged_files_are_refused_as_there(here):
    library = pytest.importorskip("safetensors.numpy")
    from safetensors import SafetensorError

    good = here.save({"a": np.arange(6.0), "b": np.arange(3)})
    swapped = good.replace(b'"shape":[6]', b'"shape":[7]')
    for bad in (
        b"",
        good[:7],
        good[:30],
        good[:-1],
        good + b"x",
        swapped,
        good.replace(b"F64", b"F99"),
    ):
        with pytest.raises(here.SafetensorError):
            here.load(bad)
        with pytest.raises(SafetensorError):
            library.load(bad)
