"""A sentence with words struck out: the figure says what the classifier of the package says."""

import numpy as np
import pytest

from nnbook.models import TextClassifier
from nnbook.tensor import no_grad
from tests.book.conftest import ROOT
from tests.book.test_play_convolution import numbers
from tests.book.test_play_dense import play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)
from tests.book.test_play_networks import COUNT, close, run  # noqa: F401  (a fixture)

#: What stands below the words of the sentences: their effects.
EFFECTS = "[...document.querySelectorAll('.play-word small')].map((small) => small.textContent)"


def reader():
    """Return a classifier, its weights enlarged so that its answers differ, and the weights."""
    rng = np.random.default_rng(0)
    options = {"features": 4, "hidden": 6, "classes": 2, "pooling": "max"}
    network = TextClassifier(12, rng=rng, **options)
    for parameter in network.parameters():
        drawn = rng.standard_normal(parameter.shape) / 2
        parameter.data = (2 * parameter.data + drawn).astype(np.float32)
    weights = {name: p.data for name, p in network.named_parameters()}
    return network, weights.pop("embedding.table"), weights


def scores(network, tokens):
    with no_grad():
        return network(np.array(tokens)[None], np.array([len(tokens)])).data[0]


def odds(network, tokens):
    return float(np.diff(scores(network, tokens))[0])


def test_a_sentence_is_read_as_numpy_reads_it(run):  # noqa: F811
    network, table, weights = reader()
    rng = np.random.default_rng(1)
    texts = [rng.integers(0, 12, rng.integers(1, 9)) for _ in range(COUNT)]
    cases = [(table[tokens],) for tokens in texts]
    got = run("(x) => NN.readSentence(x, p)", *cases, weights=weights)
    for tokens, values in zip(texts, got, strict=True):
        close(values, scores(network, tokens))


def test_words_are_struck_out(play):  # noqa: F811
    for name in ("layers", "recurrent", "reader"):
        play.page.add_script_tag(path=ROOT / f"book/_play/net/{name}.js")
    network, table, weights = reader()
    first, second = [3, 7, 1, 7], [5, 2, 9]
    given = {
        "sentences": [["a", "fine", "old", "fine"], ["so", "much", "noise"]],
        "labels": ["kind", "unkind"],
        "rows": np.array([*first, *second]),
        "table": table,
        "weights": weights,
    }
    press = "stage.querySelectorAll('.play-word')[{}].click()"
    said = play("classifying-strike", given, press.format(1), press.format(4))
    assert "sentence 1" in said[1]
    before, after = numbers(said[1])[1:3]
    assert before == pytest.approx(odds(network, first), abs=0.006)
    left = [3, 1, 7]
    assert after == pytest.approx(odds(network, left), abs=0.006)
    assert numbers(said[2])[1:3] == pytest.approx(
        [odds(network, second), odds(network, second[1:])], abs=0.006
    )
    whole = odds(network, left)
    without = [left[:t] + left[t + 1 :] for t in range(3)]
    effects = [whole - odds(network, tokens) for tokens in without]
    effects.insert(
        1, odds(network, first) - whole
    )  # of a word that is struck out: what it would do
    shown = [numbers(text)[0] for text in play.page.evaluate(EFFECTS)[:4]]
    np.testing.assert_allclose(shown, effects, atol=0.006)


def test_the_last_word_has_to_stay(play):  # noqa: F811
    for name in ("layers", "recurrent", "reader"):
        play.page.add_script_tag(path=ROOT / f"book/_play/net/{name}.js")
    _, table, weights = reader()
    given = {"sentences": [["so", "bad"]], "labels": ["unkind"], "rows": np.array([5, 2])}
    press = [f"stage.querySelectorAll('.play-word')[{t}].click()" for t in (0, 1, 0)]
    said = play("classifying-strike", given | {"table": table, "weights": weights}, *press)
    assert said[2].startswith("The last word has to stay")
    assert said[3].startswith("“so” is back")
