"""The networks that figures run in the browser give NumPy's numbers, to 1e-4, on 100 inputs."""

from functools import partial

import numpy as np
import pytest

from nnbook import data, decoding, models, nn, ops
from nnbook.models.lenet_1998 import prepare
from nnbook.tensor import no_grad
from tests.book.test_play_kit import files

CLOSE = 1e-4
COUNT = 100
NETS = sorted(path.stem for path in (files.PROGRAMS / "net").glob("*.js"))


@pytest.fixture(scope="module")
def run(browser):
    """Return a function that calls JavaScript with arrays, on a page that has all networks."""
    page = browser.new_page()
    page.set_content("<p></p>")
    kit = files.kit().replace("document.currentScript.src", "'http://127.0.0.1/'")
    texts = [
        (files.PROGRAMS / "net" / f"{name}.js").read_text(encoding="utf-8") for name in ordered()
    ]
    page.add_script_tag(content="\n".join([kit, *texts]))
    page.evaluate(
        "window.given = (v) => Array.isArray(v) ? v.map(given) : v && v.shape"
        " ? NN.array(Float32Array.from(v.data), v.shape) : v && typeof v === 'object'"
        " ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, given(w)])) : v;"
        "window.taken = (v) => v && v.data ? { shape: v.shape, data: [...v.data] }"
        " : Array.isArray(v) ? v.map(taken) : v && typeof v === 'object'"
        " ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, taken(w)])) : v"
    )

    def call(program, *cases, weights=None):
        """Run `program`, a function of what is in one case, for each; it knows the weights as p."""
        page.evaluate("(weights) => { window.p = given(weights); }", sent(weights))
        source = f"(cases) => cases.map((c) => taken(({program})(...given(c))))"
        return [received(r) for r in page.evaluate(source, [sent(c) for c in cases])]

    yield call
    page.close()


def ordered():
    """Return the networks, those first that others need."""
    paths = [files.PROGRAMS / "net" / f"{name}.js" for name in NETS]
    listed = dict.fromkeys(p.stem for path in paths for p in [*files.needs(path), path])
    return list(listed)


def sent(value):
    if isinstance(value, np.ndarray):
        return {"shape": list(value.shape), "data": value.ravel().tolist()}
    if isinstance(value, (list, tuple)):
        return [sent(each) for each in value]
    return {k: sent(v) for k, v in value.items()} if isinstance(value, dict) else value


def received(value):
    if isinstance(value, dict) and set(value) == {"shape", "data"}:
        return np.array(value["data"], np.float32).reshape(value["shape"])
    if isinstance(value, dict):
        return {k: received(v) for k, v in value.items()}
    return [received(v) for v in value] if isinstance(value, list) else value


def draw(rng, *shapes):
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


def close(got, expected):
    """Compare, relative to the largest of the expected values."""
    expected = np.asarray(getattr(expected, "data", expected))
    assert got.shape == expected.shape
    assert np.abs(got - expected).max() <= CLOSE * max(1, np.abs(expected).max())


LAYERS = {
    "NN.linear": (ops.linear, lambda rng: draw(rng, (3, 7), (7, 5), (5,))),
    "NN.tanh": (ops.tanh, lambda rng: draw(rng, (3, 7))),
    "NN.sigmoid": (ops.sigmoid, lambda rng: draw(rng, (3, 7))),
    "NN.relu": (ops.relu, lambda rng: draw(rng, (3, 7))),
    "NN.gelu": (ops.gelu, lambda rng: draw(rng, (3, 7))),
    "NN.softmax": (ops.softmax, lambda rng: [20 * draw(rng, (3, 7))[0]]),
    "NN.layerNorm": (ops.layer_norm, lambda rng: draw(rng, (3, 7), (7,), (7,))),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_numpys(name, run):
    op, inputs = LAYERS[name]
    rng = np.random.default_rng(0)
    cases = [inputs(rng) for _ in range(COUNT)]
    for case, got in zip(cases, run(name, *cases), strict=True):
        close(got, op(*case))


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 2), (2, 1)])
def test_a_convolution_is_numpys(stride, padding, run):
    rng = np.random.default_rng(0)
    cases = [draw(rng, (3, 9, 8), (5, 3, 3, 3), (5,)) for _ in range(COUNT)]
    program = f"(x, W, b) => NN.conv2d(x, W, b, {{ stride: {stride}, padding: {padding} }})"
    for (x, W, b), got in zip(cases, run(program, *cases), strict=True):
        close(got, ops.conv2d(x[None], W, b, stride=stride, padding=padding).data[0])


@pytest.mark.parametrize(
    ("name", "op"), [("NN.maxPool", ops.max_pool2d), ("NN.avgPool", ops.avg_pool2d)]
)
def test_pooling_is_numpys(name, op, run):
    rng = np.random.default_rng(0)
    cases = [draw(rng, (3, 6, 8)) for _ in range(COUNT)]
    for (x,), got in zip(cases, run(name, *cases), strict=True):
        close(got, op(x[None], kernel=2).data[0])


def lenet_1998():
    network = models.LeNet1998(rng=np.random.default_rng(0))
    weights = {name: p.data for name, p in network.named_parameters()}
    c3 = network.c3
    rows = c3.kernels.data.reshape(len(c3.kernels), -1)
    weights["c3.W"] = (c3.places @ rows).reshape(c3.shape)
    return network, weights | {"bitmaps": network.bitmaps.data}


def test_lenet_5_of_1998_is_numpys(run):
    network, weights = lenet_1998()
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (COUNT, 28, 28)).astype(np.uint8)
    program = "(gray) => NN.lenet1998(NN.prepare1998(gray.data), p).penalties"
    got = np.array(run(program, *[(image,) for image in images], weights=weights))
    with no_grad():
        close(got, network(prepare(images)).data)


def test_the_lenet_of_today_is_numpys(run):
    network = models.LeNet(rng=np.random.default_rng(0))
    weights = {name: p.data for name, p in network.named_parameters()}
    images = np.random.default_rng(1).random((COUNT, 1, 28, 28)).astype(np.float32)
    cases = [(x,) for x in images]
    got = np.array(run("(x) => NN.lenet(x, p).scores", *cases, weights=weights))
    with no_grad():
        close(got, network(images).data)


def test_steps_of_recurrent_cells_are_numpys(run):
    rng = np.random.default_rng(0)
    for _ in range(4):  # cells; 25 inputs each
        x, h, c = draw(rng, (25, 3), (25, 5), (25, 5))
        W, U, b, bn = draw(rng, (3, 20), (5, 20), (20,), (5,))
        got = run(
            "(x, h, c, W, U, b) => NN.lstmStep(x, h, c, W, U, b)",
            *[(*row, W, U, b) for row in zip(x, h, c, strict=True)],
        )
        new_h, new_c = ops.lstm_step(x, h, c, W, U, b)
        close(np.array([r["h"] for r in got]), new_h)
        close(np.array([r["c"] for r in got]), new_c)
        V, R, a = W[:, :15], U[:, :15], b[:15]
        for reset in ("after", "before"):
            inner = bn if reset == "after" else None
            cases = [(*row, V, R, a, inner, reset) for row in zip(x, h, strict=True)]
            got = np.array([r["h"] for r in run("NN.gruStep", *cases)])
            close(got, ops.gru_step(x, h, V, R, a, inner, reset=reset))
        got = run(
            "NN.rnnStep", *[(*row, W[:, :5], U[:, :5], b[:5]) for row in zip(x, h, strict=True)]
        )
        close(np.array(got), ops.rnn_step(x, h, W[:, :5], U[:, :5], b[:5]))


def test_a_gate_can_be_set_by_hand(run):
    rng = np.random.default_rng(0)
    case = draw(rng, (3,), (5,), (5,), (3, 20), (5, 20), (20,))
    (got,) = run("(...given) => NN.lstmStep(...given, { f: 1, i: 0 })", case)
    close(got["c"], case[2])


@pytest.mark.parametrize("causal", [False, True])
def test_attention_is_numpys(causal, run):
    rng = np.random.default_rng(0)
    cases = [draw(rng, (6, 4), (6, 4), (6, 4)) for _ in range(COUNT)]
    program = f"(q, k, v) => NN.attention(q, k, v{', NN.causal' if causal else ''})"
    for case, got in zip(cases, run(program, *cases), strict=True):
        q, k, v = (x[None, None] for x in case)
        close(got, ops.attention(q, k, v, causal=causal).data[0, 0])


def test_who_may_look_nowhere_attends_to_nothing(run):
    q, k = draw(np.random.default_rng(0), (2, 4), (3, 4))
    (got,) = run("(q, k) => NN.attentionWeights(q, k, (t) => t > 0)", (q, k))
    assert (got[0] == 0).all()
    assert got[1].sum() == pytest.approx(1, abs=1e-6)


def test_a_layer_with_heads_is_numpys(run):
    layer = nn.MultiHeadAttention(8, 2, rng=np.random.default_rng(0), rotary=True)
    p = [layer.qkv.W.data, layer.qkv.b.data, layer.out.W.data, layer.out.b.data]
    xs = draw(np.random.default_rng(1), *[(5, 8)] * COUNT)
    program = """(x, W, b, V, c) => {
        const z = NN.linear(x, W, b);
        const part = (i, head) => NN.head(z, i, head, 2);
        const turned = (i, head) => NN.rotary(part(i, head));
        const one = (h) => NN.attention(turned(0, h), turned(1, h), part(2, h), NN.causal);
        const heads = [0, 1].map(one);
        return NN.linear(NN.joinHeads(heads), V, c);
    }"""
    got = np.array(run(program, *[(x, *p) for x in xs]))
    with no_grad():
        close(got, layer(np.array(xs), causal=True).data)


TEXTS = (
    "low lower lowest, slow!",
    "Der Fluß fließt; naïve café.",
    "हिन्दी नमस्ते  a\n b_c1",
    "日本語 日本 😀😀",
    "",
)


@pytest.mark.parametrize("text", TEXTS)
def test_byte_pairs_are_numpys(text, run):
    tokenizer = data.BytePairTokenizer.train(text * 3, size=256 + 12)
    program = """(text, other) => {
        const tokenizer = NN.BytePairs.train(text, 12);
        const tokens = tokenizer.encode(other);
        return [tokenizer.merges, tokens, tokenizer.decode(tokens)];
    }"""
    for other in TEXTS:
        ((merges, tokens, decoded),) = run(program, (text * 3, other))
        assert [tuple(pair) for pair in merges] == tokenizer.merges
        assert tokens == tokenizer.encode(other).tolist()
        assert decoded == other


@pytest.mark.parametrize(
    ("options", "given"),
    [
        ({}, {}),
        ({"temperature": 0.5}, {"temperature": 0.5}),
        ({"topK": 3}, {"top_k": 3}),
        ({"topP": 0.8}, {"top_p": 0.8}),
        ({"temperature": 2, "topK": 5, "topP": 0.6}, {"temperature": 2, "top_k": 5, "top_p": 0.6}),
    ],
)
def test_what_is_drawn_is_numpys(options, given, run):
    rng = np.random.default_rng(0)
    scores = 2 * rng.standard_normal((COUNT, 9))
    draws = rng.random(COUNT)
    program = """(scores, options, u) => {
        const p = NN.probabilities(scores, options);
        return [p, NN.pick(p, u)];
    }"""
    got = run(program, *[(row.tolist(), options, u) for row, u in zip(scores, draws, strict=True)])
    probabilities = decoding.probabilities(scores, **given)
    np.testing.assert_allclose([p for p, _ in got], probabilities, atol=1e-9)

    class Drawn(np.random.Generator):
        random = partial(lambda self, shape: draws, None)

    tokens = decoding.sample(scores, rng=Drawn(np.random.PCG64(0)), **given)
    assert [token for _, token in got] == tokens.tolist()
