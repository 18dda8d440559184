"""Right answers in other styles to the exercises on decisions, and words for wrong ones."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from nnbook import metrics
from nnbook.teaching import judge


def cheapest_in_loops(P, C):
    actions = []
    for p in P:
        costs = [sum(float(q) * float(c) for q, c in zip(p, row)) for row in C]
        actions.append(costs.index(min(costs)))
    return actions


def saved_in_a_loop(p, t, C):
    act = paid = wait = 0.0
    threshold = metrics.cost_threshold(C)
    for q, k in zip(p, t):
        wait, act = wait + C[0][int(k)], act + C[1][int(k)]
        paid += C[int(q > threshold)][int(k)]
    return (min(wait, act) - paid) / len(p)


def saved_with_the_package(p, t, C):
    bills = [
        metrics.mean_cost(a, target=t, costs=C)
        for a in (0 * t, 0 * t + 1, metrics.cheapest_action(p, C))
    ]
    return min(bills[:2]) - bills[2]


def lowest_by_sums(p, t, c_fp, c_fn):
    bill = lowest = c_fn * t.sum()
    for value in sorted(set(p.tolist()), reverse=True):
        here = t[p == value]
        bill += c_fp * (here == 0).sum() - c_fn * here.sum()
        lowest = min(lowest, bill)
    return np.float32(lowest / len(p))


def mix_in_loops(P, old, new):
    rows = []
    for p in P.tolist():
        weighted = [q * n / o for q, n, o in zip(p, new, old)]
        rows.append([w / sum(weighted) for w in weighted])
    return rows


def alarm_with_a_dict(p, t, day):
    by_day = {}
    for q, k, d in zip(p, t, day):
        by_day.setdefault(int(d), []).append(k - q)
    means = [sum(v) / len(v) for v in by_day.values()]
    centre = sum(means) / len(means)
    variance = sum((m - centre) ** 2 for m in means) / (len(means) - 1)
    return centre / (variance / len(means)) ** 0.5


def by_a_forest(X, t, X_new):
    forest = RandomForestClassifier(200, random_state=0).fit(X, t)
    return (forest.predict_proba(X_new)[:, 1] > 0.05).tolist()


RIGHT = {
    "dense.cost-threshold": [0.091, np.float32(1 / 11)],
    "dense.cheapest-action": [cheapest_in_loops, metrics.cheapest_action],
    "dense.model-worth": [saved_in_a_loop, saved_with_the_package],
    "dense.lowest-bill": [lowest_by_sums],
    "dense.new-mix": [mix_in_loops, metrics.change_prior],
    "dense.outcome-alarm": [alarm_with_a_dict],
    "dense.decide-tumours": [by_a_forest],
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda X, t, X_new: None, "not solved yet"),
        (lambda X, t, X_new: "biopsy", "0 or 1"),
        (lambda X, t, X_new: np.zeros((len(X_new), 1)), "one decision for each"),
        (lambda X, t, X_new: np.linspace(0, 1, len(X_new)), "compare them with the threshold"),
        (lambda X, t, X_new: np.arange(len(X_new)) % 2, "within reach"),
        (lambda X, t, X_new: np.arange(len(X_new)) % 9 == 0, "are missed"),
    ],
)
def test_a_decision_that_is_none_is_told_so(answer, told):
    assert told in judge("dense.decide-tumours", answer).message
