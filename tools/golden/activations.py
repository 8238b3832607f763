"""Activations, with their first three derivatives, to 50 digits, and their moments under the standard normal law.

    python3 tools/golden/activations.py > test/golden/activations.json

Needs mpmath. Numbers are written as the nearest float64; points are float64 numbers, read exactly.
"""
import json
import platform

import mpmath
from mpmath import mp, mpf

mp.dps = 60

SELU_ALPHA = mpf("1.6732632423543772848170429916717")
SELU_SCALE = mpf("1.0507009873554804934193349852946")
ROOT = mpmath.sqrt(2 / mp.pi)


def logistic(x):
    return 1 / (1 + mpmath.exp(-x))


def dlogistic(x):
    return logistic(x) * logistic(-x)


def ddlogistic(x):
    return -dlogistic(x) * mpmath.tanh(x / 2)


def phi(x):
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mp.pi)


def cdf(x):
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def gate(inner, dinner, ddinner):
    """x·g(u(x)) with g the logistic function."""
    def triple(x):
        u, du, ddu = inner(x), dinner(x), ddinner(x)
        g, dg, ddg = logistic(u), dlogistic(u) * du, ddlogistic(u) * du * du + dlogistic(u) * ddu
        return x * g, g + x * dg, 2 * dg + x * ddg
    return triple


def piecewise(left, right):
    return lambda x: right(x) if x > 0 else left(x)


def elu(alpha, scale=1):
    def left(x):
        return scale * alpha * mpmath.expm1(x), scale * alpha * mpmath.exp(x), scale * alpha * mpmath.exp(x)
    return piecewise(left, lambda x: (scale * x, mpf(scale), mpf(0)))


def leaky(alpha):
    return piecewise(lambda x: (alpha * x, alpha, mpf(0)), lambda x: (x, mpf(1), mpf(0)))


def softplus(beta):
    def triple(x):
        value = (max(x, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(beta * x))) / beta)
        return value, logistic(beta * x), beta * dlogistic(beta * x)
    return triple


def tanh(x):
    slope = 1 / mpmath.cosh(x) ** 2
    return mpmath.tanh(x), slope, -2 * mpmath.tanh(x) * slope


CUBIC = mpf("0.044715")
cases = [
    ("identity", {}, lambda x: (x, mpf(1), mpf(0))),
    ("relu", {}, leaky(mpf(0))),
    ("leakyRelu", {}, leaky(mpf("0.01"))),
    ("leakyRelu", {"alpha": 0.25}, leaky(mpf(0.25))),
    ("elu", {}, elu(mpf(1))),
    ("elu", {"alpha": 0.5}, elu(mpf(0.5))),
    ("selu", {}, elu(SELU_ALPHA, SELU_SCALE)),
    ("sigmoid", {}, lambda x: (logistic(x), dlogistic(x), ddlogistic(x))),
    ("tanh", {}, tanh),
    ("softplus", {}, softplus(mpf(1))),
    ("softplus", {"beta": 2}, softplus(mpf(2))),
    ("gelu", {}, lambda x: (x * cdf(x), cdf(x) + x * phi(x), (2 - x * x) * phi(x))),
    ("geluTanh", {}, gate(
        lambda x: 2 * ROOT * (x + CUBIC * x ** 3),
        lambda x: 2 * ROOT * (1 + 3 * CUBIC * x ** 2),
        lambda x: 2 * ROOT * 6 * CUBIC * x)),
    ("silu", {}, gate(lambda x: x, lambda x: mpf(1), lambda x: mpf(0))),
]

sizes = [1e-300, 1e-30, 1e-8, 1e-4, 0.01, 0.1, 0.5, 0.751, 1, 1.2785, 1.5, 2, 3, 5, 8, 12, 17, 20, 25, 30, 36.5, 37.5, 40,
         88, 100, 700, 1e4, 1e10, 1e38, 3e38]
points = sorted([0.0] + sizes + [-size for size in sizes])


def third(triple, x):
    """The third derivative, by differences at three times the digits; at 0, where there may be a kink, it does not matter."""
    if x == 0:
        return mpf(0)
    with mp.workdps(200):
        return mpmath.diff(lambda t: triple(t)[2], x, h=abs(x) * mpf(10) ** -60)


def rows(triple):
    table = [[*triple(mpf(x)), third(triple, mpf(x))] for x in points]
    return {name: [float(row[i]) for row in table] for i, name in enumerate(["value", "first", "second", "third"])}


def moments(triple):
    """E f(z) and E f(z)² for z from the standard normal law."""
    def expectation(power):
        return float(mpmath.quad(lambda z: triple(z)[0] ** power * phi(z), [-40, -8, -3, 0, 3, 8, 40]))
    with mp.workdps(20):
        return {"mean": expectation(1), "secondMoment": expectation(2)}


def gain(name, triple):
    """The g with E f(g z)² = 1; for functions that stay below 1, 1 / √E f(z)²."""
    def excess(g):
        return mpmath.quad(lambda z: triple(g * z)[0] ** 2 * phi(z), [-20, -8, -3, 0, 3, 8, 20]) - 1
    with mp.workdps(20):
        if name in ("sigmoid", "tanh"):
            return float(1 / mpmath.sqrt(excess(mpf(1)) + 1))
        return float(mpmath.findroot(excess, (mpf("0.8"), mpf("1.5")), solver="secant"))


tools = {"mpmath": mpmath.__version__, "python": platform.python_version()}
print(json.dumps({
    "provenance": {
        "tools": tools,
        "precision": f"{mp.dps} digits",
        "command": "python3 tools/golden/activations.py > test/golden/activations.json (needs mpmath)",
    },
    "points": points,
    "cases": [{"name": name, "parameters": parameters, **rows(triple), **moments(triple), "gain": gain(name, triple)}
              for name, parameters, triple in cases],
}, separators=(",", ":")))
