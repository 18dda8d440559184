"""The GPT that runs in the browser scores and writes as that of the package does."""

import numpy as np
import pytest

from nnbook.models import GPT
from nnbook.nn import KeyValueCache
from nnbook.tensor import no_grad
from tests.book.test_play_dense import play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import files, kit  # noqa: F401  (a fixture)
from tests.book.test_play_networks import COUNT, close, run  # noqa: F401  (a fixture)

V, CONTEXT, HEADS = 65, 64, 4


def network(**options):
    """Return a GPT of the page's size, with weights that a half float can hold."""
    rng = np.random.default_rng(0)
    gpt = GPT(V, CONTEXT, width=64, heads=HEADS, layers=2, rng=rng, **options)
    for p in gpt.parameters():
        moved = p.data + 0.15 * rng.standard_normal(p.shape)
        p.data = moved.astype(np.float16).astype(np.float32)
    return gpt


def weights(gpt):
    return {name: p.data for name, p in gpt.named_parameters()}


@pytest.mark.parametrize("rotary", [True, False])
def test_scores_of_a_text_that_is_read_token_by_token(rotary, run):  # noqa: F811
    gpt = network(rotary=rotary)
    texts = np.random.default_rng(1).integers(0, V, (COUNT, 7))
    program = f"""(tokens) => {{
        const gpt = new NN.GPT(p, {HEADS}, {CONTEXT});
        const cache = gpt.cache();
        return tokens.map((token) => gpt.read([token], cache).scores);
    }}"""
    got = run(program, *[(row.tolist(),) for row in texts], weights=weights(gpt))
    with no_grad():
        close(np.array(got).reshape(COUNT, 7, V), gpt(texts).data)


def test_heads_stream_and_cache_on_the_way(run):  # noqa: F811
    gpt = network(rotary=True)
    text = np.random.default_rng(2).integers(0, V, (1, 9))
    program = f"""(tokens) => {{
        const gpt = new NN.GPT(p, {HEADS}, {CONTEXT});
        const cache = gpt.cache();
        const last = tokens.map((token) => gpt.read([token], cache)).at(-1);
        return [last.looks, last.stream, cache.heads];
    }}"""
    ((looks, stream, kept),) = run(program, (text[0].tolist(),), weights=weights(gpt))
    caches = [KeyValueCache() for _ in gpt.blocks]
    with no_grad():
        gpt(text, caches=caches)
        x = gpt.tokens(text)
        close(stream[0][0], x.data[0, -1])
        for m, block in enumerate(gpt.blocks):
            z = block.attention_norm(x)
            close(np.array(looks[m])[:, 0], block.attention.weights(z, causal=True)[0, :, -1])
            x = x + block.attention(z, causal=True)
            close(stream[2 * m + 1][0], x.data[0, -1])
            x = x + block.feed_forward(block.feed_forward_norm(x))
            close(stream[2 * m + 2][0], x.data[0, -1])
            for name in "kv":
                close(np.array([head[name][:9] for head in kept[m]]), getattr(caches[m], name)[0])


@pytest.mark.parametrize("off", range(4))
def test_a_sublayer_switched_off_adds_nothing(off, run):  # noqa: F811
    gpt = network(rotary=True)
    text = np.random.default_rng(3).integers(0, V, (1, 9))
    program = f"""(tokens, off) => {{
        const gpt = new NN.GPT(p, {HEADS}, {CONTEXT});
        const cache = gpt.cache();
        return tokens.map((token) => gpt.read([token], cache, new Set([off])).scores);
    }}"""
    got = run(program, (text[0].tolist(), off), weights=weights(gpt))
    block = gpt.blocks[off // 2]
    last = block.feed_forward.outer if off % 2 else block.attention.out
    for p in last.parameters():
        p.data = np.zeros_like(p.data)
    with no_grad():
        close(np.array(got[0])[:, 0], gpt(text).data[0])


def drawing(numbers):
    """Return a generator that draws these numbers, one after the other."""
    left = iter(numbers)

    class Drawn(np.random.Generator):
        def random(self, size=None):
            return np.full(size, next(left))

    return Drawn(np.random.PCG64(0))


def test_the_figure_writes_what_the_package_writes(play):  # noqa: F811
    gpt, steps = network(rotary=True), 200
    draws = np.random.default_rng(4).random(steps)
    letters = [chr(48 + token) for token in range(V)]
    prompt = [3, 1, 4, 1, 5]
    for path in files.needs(files.program("gpt-prompt")):
        play.page.add_script_tag(path=path)
    play.page.evaluate(
        """(draws) => {
            NN.still = { matches: true };
            NN.random = () => ({ uniform: ((left) => () => left.shift())([...draws]) });
        }""",
        draws.tolist(),
    )
    values = {
        "weights": {name: w.astype(np.float16) for name, w in weights(gpt).items()},
        "heads": HEADS,
        "context": CONTEXT,
        "letters": letters,
        "beginning": "".join(letters[token] for token in prompt),
    }
    way = {"temperature": 0.9, "top_k": 30, "top_p": 0.95}
    slide = """{{ const slider = stage.querySelectorAll("input[type=range]")[{}];
        slider.value = {}; slider.dispatchEvent(new Event("input")); }}"""
    acts = [slide.format(i, value) for i, value in enumerate(way.values())]
    buttons = "[...stage.querySelectorAll('button')]"
    acts += [f"{buttons}.find((b) => b.textContent === 'Write 40').click()"] * (steps // 40)
    said = play("gpt-prompt", values, *acts)
    text = play.page.evaluate("document.querySelector('.play-text').textContent")
    expected = gpt.generate(np.array([prompt]), steps, rng=drawing(draws), **way)[0]
    assert [letters.index(letter) for letter in text] == [*prompt, *expected]
    kept = f"{2 * 2 * 64 * 45:,} numbers are kept"  # two blocks, keys and values of 45 tokens
    assert f"Tokens read for this guess: 1; {kept}" in said[4]
    assert "has outgrown the 64 places" in said[5]
