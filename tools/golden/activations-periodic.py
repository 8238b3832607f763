"""Periodic, bounded and growing activations to hundreds of digits.

    python3 tools/golden/activations-periodic.py

Needs mpmath; writes test/golden/activations-periodic.json.
"""
import mpmath
from mpmath import mp, mpf

from activation_table import always, left_of, pieces, smooth, write

# The constants of the library are float64 numbers, and so are these.
SERLU_SCALE, SERLU_ALPHA = mpf(1.07862), mpf(2.90427)


def logistic(x):
    return 1 / (1 + mpmath.exp(-x)) if x > -5000 else mpmath.exp(x)


def tanh(x):
    return mpmath.tanh(x) if abs(x) < 5000 else mpmath.sign(x)


def gudermannian(x):
    # Beyond, ±π/2 to more digits than are kept.
    return 2 * mpmath.atan(mpmath.tanh(x / 2)) if abs(x) < 5000 else mpmath.sign(x) * mp.pi / 2


def cloglog(x):
    # At 10 already 1 to ten thousand digits.
    if x > 10:
        return mpf(1)
    return -mpmath.expm1(-mpmath.exp(x)) if x > -5000 else mpmath.exp(x)


def soft_clipping(p):
    p = mpf(p)
    return lambda x: mpmath.log1p(mpmath.expm1(p) * logistic(p * (x - 1))) / p


def soft_exponential(alpha):
    alpha = mpf(alpha)
    return lambda x: mpmath.expm1(alpha * x) / alpha + alpha


def soft_logarithm(alpha):
    """For a negative alpha; where the argument is below 1/16, the tangent from there."""
    alpha, least = mpf(alpha), mpf(1) / 16
    border = (1 - least) / alpha - alpha
    return pieces(
        (left_of(border), lambda x: -mpmath.log(least) / alpha + (x - border) / least),
        (always, lambda x: -mpmath.log(1 - alpha * (x + alpha)) / alpha))


def sqnl():
    return pieces(
        (lambda x: x == 0, lambda x: x),
        (left_of(-2), lambda x: mpf(-1) + 0 * x),
        (left_of(0), lambda x: x + x * x / 4),
        (lambda x: x < 2, lambda x: x - x * x / 4),
        (always, lambda x: mpf(1) + 0 * x))


if __name__ == "__main__":
    write("periodic", [
        ("penalizedTanh", {}, pieces((left_of(0), lambda x: tanh(x) / 4), (always, tanh)), [0]),
        ("gudermannian", {}, smooth(gudermannian)),
        ("complementaryLogLog", {}, smooth(cloglog)),
        ("softClipping", {}, smooth(soft_clipping(4))),
        ("softClipping", {"sharpness": 2}, smooth(soft_clipping(2))),
        ("sqnl", {}, sqnl(), [-2, 0, 2]),
        ("gaussian", {}, smooth(lambda x: mpmath.exp(-x * x))),
        ("sine", {}, smooth(mpmath.sin)),
        ("sine", {"omega": 2}, smooth(lambda x: mpmath.sin(2 * x))),
        ("cosine", {}, smooth(mpmath.cos)),
        ("snake", {}, smooth(lambda x: x + mpmath.sin(x) ** 2)),
        ("snake", {"a": 0.5}, smooth(lambda x: x + 2 * mpmath.sin(x / 2) ** 2)),
        ("gcu", {}, smooth(lambda x: x * mpmath.cos(x))),
        ("hosc", {}, smooth(lambda x: mpmath.tanh(2 * mpmath.sin(x)))),
        ("exponential", {}, smooth(mpmath.exp)),
        ("softExponential", {}, smooth(soft_exponential(0.5))),
        ("softExponential", {"alpha": -0.5}, soft_logarithm(-0.5), [-1.375]),
        ("softExponential", {"alpha": -1}, soft_logarithm(-1), [0.0625]),
        ("serlu", {}, pieces((left_of(0), lambda x: SERLU_SCALE * SERLU_ALPHA * x * mpmath.exp(x)),
                             (always, lambda x: SERLU_SCALE * x)), [0]),
    ])
