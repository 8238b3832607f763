"""Moments of functions that users might write, and mean-field theory of deep networks, with mpmath.

    python3 tools/golden/mean-field.py > test/golden/mean-field.json

Needs mpmath. Integrals over the normal density are split at kinks and around sharp features; those over two correlated normal
numbers use the trapezoid rule, which converges exponentially for analytic functions.
"""
import json
import math
import platform

import mpmath
from mpmath import mp, mpf

mp.dps = 30


def density(z):
    return mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mp.pi)


def expect(g, cuts=()):
    edges = sorted({mpf(e) for e in range(-40, 41, 2)} | {mpf(c) for c in cuts if abs(c) < 40})
    return sum((mpmath.quad(lambda z: g(z) * density(z), [a, b]) for a, b in zip(edges, edges[1:])), mpf(0))


def cdf(x):
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def logistic(x):
    return 1 / (1 + mpmath.exp(-x))


ALPHA = mpf("1.6732632423543772848170429916717")
SCALE = mpf("1.0507009873554804934193349852946")

# name: (f, f', kinks)
SMOOTH = {
    "tanh": (mpmath.tanh, lambda x: mpmath.sech(x) ** 2, ()),
    "erf": (mpmath.erf, lambda x: 2 / mpmath.sqrt(mp.pi) * mpmath.exp(-x * x), ()),
    "gelu": (lambda x: x * cdf(x), lambda x: cdf(x) + x * density(x), ()),
    "silu": (lambda x: x * logistic(x), lambda x: logistic(x) * (1 + x * logistic(-x)), ()),
    "sigmoid": (logistic, lambda x: logistic(x) * logistic(-x), ()),
    "softplus": (lambda x: mpmath.log1p(mpmath.exp(-abs(x))) + max(x, mpf(0)), logistic, ()),
    "selu": (
        lambda x: SCALE * (x if x > 0 else ALPHA * mpmath.expm1(x)),
        lambda x: SCALE * (1 if x > 0 else ALPHA * mpmath.exp(x)),
        (0,),
    ),
}


def heaviside(x):
    return mpf(1) if x > 0 else mpf(0)


THIRD = mpf(1) / 3
USER = {
    "floor": (mpmath.floor, lambda x: mpf(0), range(-39, 40)),
    "abs": (abs, mpmath.sign, (0,)),
    "gatedStep": (lambda x: x * heaviside(x - 1), lambda x: heaviside(x - 1), (1,)),
    "clip": (lambda x: min(max(x, mpf("-1.25")), mpf("2.7")), lambda x: heaviside(x + mpf("1.25")) * heaviside(mpf("2.7") - x), (-1.25, mpf("2.7"))),
    "threeKinks": (
        lambda x: abs(x - THIRD) + max(x + 2, mpf(0)) - max(x - 5, mpf(0)),
        lambda x: mpmath.sign(x - THIRD) + heaviside(x + 2) - heaviside(x - 5),
        (THIRD, -2, 5),
    ),
    "sharp": (
        lambda x: mpmath.tanh(mpf(10) ** 6 * (x - mpf("0.3"))),
        lambda x: mpf(10) ** 6 * mpmath.sech(mpf(10) ** 6 * (x - mpf("0.3"))) ** 2,
        [mpf("0.3") + s * mpf(k) * mpf(10) ** -6 for s in (-1, 1) for k in (0, 1, 2, 4, 8, 16, 32, 64)],
    ),
    "power3over2": (lambda x: abs(x) ** mpf(1.5), lambda x: mpf(1.5) * mpmath.sign(x) * mpmath.sqrt(abs(x)), (0,)),
}


def moments(name, f, df, cuts):
    mean, second, slope = (expect(g, cuts) for g in (f, lambda z: f(z) ** 2, lambda z: df(z) ** 2))
    return {"name": name, "mean": float(mean), "secondMoment": float(second), "slopeSecondMoment": float(slope)}


def correlated(f, q, c):
    """E f(u) f(v) and q E f'(u) f'(v) by the difference of the first, for variance q and correlation c."""
    s, r, h = math.sqrt(q), math.sqrt(1 - c * c), 0.1
    grid = [h * i for i in range(-110, 111)]
    weight = [h * math.exp(-z * z / 2) / math.sqrt(2 * math.pi) for z in grid]
    first = [f(s * z) for z in grid]
    return sum(w1 * a * sum(w2 * f(s * (c * z1 + r * z2)) for z2, w2 in zip(grid, weight)) for z1, w1, a in zip(grid, weight, first))


FLOAT = {"tanh": (math.tanh, lambda x: 1 - math.tanh(x) ** 2), "erf": (math.erf, lambda x: 2 / math.sqrt(math.pi) * math.exp(-x * x))}


def field(name, weight, bias):
    f, df, cuts = SMOOTH[name]
    weight, bias = mpf(weight), mpf(bias)
    scaled = lambda q: [mpf(c) / mpmath.sqrt(q) for c in cuts]
    after = lambda q: weight * expect(lambda z: f(mpmath.sqrt(q) * z) ** 2, scaled(q)) + bias
    q = mpmath.findroot(lambda q: after(q) - q, (mpf("0.5"), mpf(1)), solver="secant", tol=1e-22)
    s = mpmath.sqrt(q)
    chi = weight * expect(lambda z: df(s * z) ** 2, scaled(q))
    slope = weight * expect(lambda z: f(s * z) * df(s * z) * z / s, scaled(q))
    case = {"name": name, "weightVariance": float(weight), "biasVariance": float(bias), "fixedPoint": float(q), "chi1": float(chi),
            "varianceDepth": float(1 / abs(mpmath.log(slope)))}
    if chi < 1:
        return {**case, "correlation": 1, "correlationDepth": float(1 / abs(mpmath.log(chi)))}
    ff, dff = FLOAT[name]
    low, high = 0.0, 0.9999
    for _ in range(50):
        c = (low + high) / 2
        low, high = (c, high) if (float(weight) * correlated(ff, float(q), c) + float(bias)) / float(q) > c else (low, c)
    c = (low + high) / 2
    rate = float(weight) * correlated(dff, float(q), c)
    return {**case, "correlation": c, "correlationDepth": 1 / abs(math.log(rate))}


def critical(name, q):
    f, df, cuts = SMOOTH[name]
    s = mpmath.sqrt(mpf(q))
    cuts = [mpf(c) / s for c in cuts]
    weight = 1 / expect(lambda z: df(s * z) ** 2, cuts)
    return {"name": name, "fixedPoint": q, "weightVariance": float(weight), "biasVariance": float(q - weight * expect(lambda z: f(s * z) ** 2, cuts))}


body = {
    "moments": [moments(name, *entry) for name, entry in {**SMOOTH, **USER}.items()],
    "fields": [field(*case) for case in (
        ("tanh", "1.5", "0.05"), ("tanh", "1.3", "0.05"), ("tanh", "4", "0.05"), ("tanh", "2.5", "0.3"), ("erf", "2", "0.05"),
        ("gelu", "2", "0.1"), ("silu", "2.2", "0.1"), ("sigmoid", "1", "0"), ("sigmoid", "4", "0.5"), ("softplus", "0.5", "0.1"), ("selu", "0.9", "0.05"))],
    "critical": [critical(name, q) for name in ("tanh", "erf", "gelu", "silu", "selu") for q in (0.5, 1, 2)],
}
tools = {"mpmath": mpmath.__version__, "python": platform.python_version()}
provenance = {"tools": tools, "precision": "30 digits, rounded to float64", "command": "python3 tools/golden/mean-field.py > test/golden/mean-field.json"}
rows = [f'"provenance":{json.dumps(provenance)}']
for key, cases in body.items():
    rows.append(f'"{key}":[\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]")
print("{" + ",\n".join(rows) + "}")
