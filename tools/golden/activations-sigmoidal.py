"""Sigmoidal activations to hundreds of digits.

    python3 tools/golden/activations-sigmoidal.py

Needs mpmath; writes test/golden/activations-sigmoidal.json.
"""
import mpmath
from mpmath import mpf

from activation_table import always, left_of, pieces, smooth, write


def logistic(x):
    # Far out the logistic function is its leading term: the digits of 1 + e^-x would be as many as x.
    return 1 / (1 + mpmath.exp(-x)) if x > -5000 else mpmath.exp(x)


def tanh(x):
    return mpmath.tanh(x) if abs(x) < 5000 else mpmath.sign(x)


def log_logistic(x):
    return -mpmath.log1p(mpmath.exp(-x)) if x > 0 else x - mpmath.log1p(mpmath.exp(x))


def cdf(x):
    if abs(x) > 2000:
        return mpf(x > 0)
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def signed(right):
    """An odd function from its right half; at 0 its curvature, which jumps, is taken as 0."""
    return pieces((lambda x: x == 0, lambda x: x), (left_of(0), lambda x: -right(-x)), (always, right))


def isru(alpha):
    return lambda x: x / mpmath.sqrt(1 + alpha * x * x)


def scaled_tanh(height, steepness):
    return smooth(lambda x: mpf(height) * tanh(mpf(steepness) * x))


if __name__ == "__main__":
    write("sigmoidal", [
        ("sigmoid", {}, smooth(logistic)),
        ("tanh", {}, smooth(tanh)),
        ("logSigmoid", {}, smooth(log_logistic)),
        ("scaledTanh", {}, scaled_tanh(1.7159, 2 / 3)),
        ("probit", {}, smooth(cdf)),
        ("softsign", {}, signed(lambda x: x / (1 + x)), [0]),
        ("elliott", {}, pieces((lambda x: x == 0, lambda x: x / 2 + mpf(1) / 2), (left_of(0), lambda x: 1 / (1 - x) / 2), (always, lambda x: 1 - 1 / (1 + x) / 2)), [0]),
        ("isru", {}, smooth(isru(1))),
        ("isru", {"alpha": 4}, smooth(isru(4))),
        ("arctan", {}, smooth(mpmath.atan)),
        ("arsinh", {}, smooth(mpmath.asinh)),
        ("symlog", {}, signed(mpmath.log1p), [0]),
    ])
