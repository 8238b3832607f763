"""Sparsemax, entmax and other functions of a row, with their Jacobians, to fifty digits.

    python tools/golden/activations-rows.py > test/golden/activation-rows.json

Needs mpmath. The threshold of sparsemax and entmax is found by bisection, nothing is sorted; Jacobians are differences at
twice the digits, away from where the support changes.
"""
import json
import platform
import random

import mpmath
from mpmath import mp, mpf

mp.dps = 60


def entmax(alpha):
    def f(x):
        z = [(alpha - 1) * v for v in x]
        power = 1 / (alpha - 1)
        low, high = max(z) - 1, max(z)
        def total(tau):
            return sum((v - tau) ** power for v in z if v > tau)
        for _ in range(200):
            middle = (low + high) / 2
            if total(middle) > 1:
                low = middle
            else:
                high = middle
        return [(v - low) ** power if v > low else mpf(0) for v in z]
    return f


def softmax(x):
    weights = [mpmath.exp(v - max(x)) for v in x]
    return [w / sum(weights) for w in weights]


def log_softmax(x):
    return [mpmath.log(p) for p in softmax(x)]


def softmax_one(x):
    total = 1 + sum(mpmath.exp(v) for v in x)
    return [mpmath.exp(v) / total for v in x]


def spherical(x):
    total = sum(v * v for v in x)
    return [v * v / total for v in x]


def taylor(x):
    weights = [1 + v + v * v / 2 for v in x]
    return [w / sum(weights) for w in weights]


def standardize(x):
    mean = sum(x) / len(x)
    variance = sum((v - mean) ** 2 for v in x) / len(x)
    return [(v - mean) / mpmath.sqrt(variance + mpf(1e-5)) for v in x]


def scalable(s):
    return lambda x: softmax([s * mpmath.log(len(x)) * v for v in x])


def jacobian(f, x):
    h = mpf(10) ** -25
    columns = []
    for j in range(len(x)):
        ahead, back = ([v + sign * h * (i == j) for i, v in enumerate(x)] for sign in (1, -1))
        columns.append([(a - b) / (2 * h) for a, b in zip(f(ahead), f(back))])
    return [[float(columns[j][i]) for j in range(len(x))] for i in range(len(x))]


functions = [
    ("sparsemax", {}, entmax(mpf(2))),
    ("entmax15", {}, entmax(mpf("1.5"))),
    ("entmax", {"alpha": 1.25}, entmax(mpf("1.25"))),
    ("entmax", {"alpha": 1.75}, entmax(mpf("1.75"))),
    ("entmax", {"alpha": 2}, entmax(mpf(2))),
    ("softmax", {}, softmax),
    ("softmin", {}, lambda x: softmax([-v for v in x])),
    ("logSoftmax", {}, log_softmax),
    ("softmaxOne", {}, softmax_one),
    ("scalableSoftmax", {"s": 0.5}, scalable(mpf("0.5"))),
    ("sphericalSoftmax", {}, spherical),
    ("taylorSoftmax", {}, taylor),
    ("standardize", {}, standardize),
]
random.seed(7)
rows = [[0.3, -1.2, 0.9, 0.15], [2.0, -1.0], [0.25], [5.0, 0.5, 4.75, -3.0, 4.5, 1.0], [-40.0, -40.5, -41.25]]
rows += [[random.gauss(0, scale) for _ in range(7)] for scale in (0.1, 1, 10)]

print(json.dumps({
    "provenance": {
        "tools": {"mpmath": mpmath.__version__, "python": platform.python_version()},
        "precision": f"{mp.dps} digits",
        "command": "python tools/golden/activations-rows.py > test/golden/activation-rows.json (needs mpmath)",
    },
    "cases": [{"name": name, "parameters": parameters, "row": row,
               "value": [float(v) for v in f([mpf(v) for v in row])], "jacobian": jacobian(f, [mpf(v) for v in row])}
              for name, parameters, f in functions for row in rows],
}, separators=(",", ":")))
