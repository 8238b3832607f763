"""Numbers with three derivatives, in mpmath: what the golden values of activations are computed with.

A jet holds f, f', f'' and f''' at a point. Arithmetic is Leibniz' rule, functions are Faà di Bruno's; nothing is differenced.
Digits are many, so that what cancels near 0 and in the tails still leaves fifty.
"""
import base64
import json
import platform
import struct

import mpmath
from mpmath import mp, mpf

mp.dps = 160


class Jet:
    def __init__(self, value, first=0, second=0, third=0):
        self.parts = tuple(mpf(part) for part in (value, first, second, third))

    @property
    def value(self):
        return self.parts[0]

    def __add__(self, other):
        other = lift(other)
        return Jet(*(a + b for a, b in zip(self.parts, other.parts)))

    __radd__ = __add__

    def __neg__(self):
        return Jet(*(-a for a in self.parts))

    def __sub__(self, other):
        return self + -lift(other)

    def __rsub__(self, other):
        return lift(other) + -self

    def __mul__(self, other):
        a, b = self.parts, lift(other).parts
        return Jet(a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + 2 * a[1] * b[1] + a[0] * b[2],
                   a[3] * b[0] + 3 * a[2] * b[1] + 3 * a[1] * b[2] + a[0] * b[3])

    __rmul__ = __mul__

    def through(self, f0, f1, f2, f3):
        """g(self), given the derivatives of g at its value."""
        _, a, b, c = self.parts
        return Jet(f0, f1 * a, f2 * a * a + f1 * b, f3 * a ** 3 + 3 * f2 * a * b + f1 * c)

    def __truediv__(self, other):
        return self * reciprocal(lift(other))

    def __rtruediv__(self, other):
        return lift(other) * reciprocal(self)


def lift(x):
    return x if isinstance(x, Jet) else Jet(x)


def variable(x):
    return Jet(x, 1)


def reciprocal(x):
    r = 1 / x.value
    return x.through(r, -r ** 2, 2 * r ** 3, -6 * r ** 4)


# Exponents beyond this lie outside every float: what is that small is 0, and nothing here may be that large.
REACH = mpf(10) ** 5


def exp(x):
    if x.value < -REACH:
        return Jet(0)
    e = mpmath.exp(x.value)
    return x.through(e, e, e, e)


def large_exp(x):
    """exp for arguments that are themselves exponentials: held where its reader no longer looks."""
    return exp(x) if x.value < 20 else Jet(mpmath.exp(20))


def log1p(x):
    r = 1 / (1 + x.value)
    return x.through(mpmath.log1p(x.value), r, -r ** 2, 2 * r ** 3)


def expm1(x):
    if x.value < -REACH:
        return Jet(-1)
    e = mpmath.exp(x.value)
    return x.through(mpmath.expm1(x.value), e, e, e)


def sqrt(x):
    r = mpmath.sqrt(x.value)
    return x.through(r, 1 / (2 * r), -1 / (4 * r ** 3), 3 / (8 * r ** 5))


def sigmoid_parts(u):
    if u < -REACH:
        return mpf(0), mpf(1)
    if u > REACH:
        return mpf(1), mpf(0)
    return 1 / (1 + mpmath.exp(-u)), 1 / (1 + mpmath.exp(u))


def sigmoid(x):
    s, c = sigmoid_parts(x.value)
    return x.through(s, s * c, s * c * (c - s), s * c * ((c - s) ** 2 - 2 * s * c))


def tanh(x):
    if abs(x.value) > REACH:
        return Jet(mpmath.sign(x.value))
    t, d = mpmath.tanh(x.value), 1 / mpmath.cosh(x.value) ** 2
    return x.through(t, d, -2 * t * d, d * (6 * t * t - 2))


def softplus(x):
    u = x.value
    s, c = sigmoid_parts(u)
    value = mpf(0) if u < -REACH else u if u > REACH else mpmath.log1p(mpmath.exp(u)) if u < 0 else u + mpmath.log1p(mpmath.exp(-u))
    return x.through(value, s, s * c, s * c * (c - s))


def bell(u):
    return mpf(0) if abs(u) > 1000 else mpmath.exp(-u * u)


def erf(x):
    u = x.value
    d = 2 / mpmath.sqrt(mp.pi) * bell(u)
    value = mpmath.sign(u) if abs(u) > 1000 else mpmath.erf(u)
    return x.through(value, d, -2 * u * d, (4 * u * u - 2) * d)


def density(u):
    return bell(u / mpmath.sqrt(2)) / mpmath.sqrt(2 * mp.pi)


def normal_cdf(x):
    u = x.value
    value = mpf(u > 0) if abs(u) > 1000 else mpmath.erfc(-u / mpmath.sqrt(2)) / 2
    d = density(u)
    return x.through(value, d, -u * d, (u * u - 1) * d)


def normal_pdf(x):
    u, d = x.value, density(x.value)
    return x.through(d, -u * d, (u * u - 1) * d, (3 * u - u ** 3) * d)


def cauchy_cdf(x):
    u = x.value
    value = mpmath.atan2(1, -u) / mp.pi
    d = 1 / (1 + u * u)
    return x.through(value, d / mp.pi, -2 * u * d * d / mp.pi, (6 * u * u - 2) * d ** 3 / mp.pi)


def sin(x):
    s, c = mpmath.sin(x.value), mpmath.cos(x.value)
    return x.through(s, c, -s, -c)


def single(x):
    """The nearest float32: the points can then be asked of float32 arithmetic too."""
    return struct.unpack("f", struct.pack("f", x))[0]


def write(path, script, cases):
    """A file of golden cases: (name, parameters, function of a jet, kinks); arrays as base64 of float64."""
    sizes = sorted({single(10 ** (mpf(k) * 3 / 10)) for k in range(-100, 101)}
                   | {single(mpf(k) / 16) for k in range(1, 33)} | {single(mpf(k) / 3) for k in range(7, 61)})
    points = [-size for size in reversed(sizes)] + [-0.0, 0.0] + sizes
    body = {
        "provenance": {
            "tools": {"mpmath": mpmath.__version__, "python": platform.python_version()},
            "precision": f"{mp.dps} digits, written as the nearest float64",
            "command": f"python {script} (needs mpmath)",
        },
        "points": packed(points),
        "cases": [one(name, parameters, f, kinks, points) for name, parameters, f, kinks in cases],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(body, file, separators=(",", ":"))
        file.write("\n")
    print(f"{path}: {len(cases)} cases, {len(points)} points")


def packed(values):
    return base64.b64encode(struct.pack(f"<{len(values)}d", *values)).decode()


def one(name, parameters, f, kinks, points):
    rows = [[float(part) for part in lift(f(variable(x))).parts] for x in points]
    columns = {key: packed([row[i] for row in rows]) for i, key in enumerate(["value", "first", "second", "third"])}
    return {"name": name, "parameters": parameters, **columns, **moments(f, kinks)}


def moments(f, kinks):
    """E f(z) and E f(z)² for z from the standard normal law, and the g with E f(g z)² = 1; 1/√E f(z)² where there is none."""
    with mp.workdps(22):
        def expectation(power, g=mpf(1)):
            edges = sorted({mpf(edge) for edge in EDGES} | {mpf(kink) / g for kink in kinks})
            total = mpf(0)
            for low, high in zip(edges, edges[1:]):
                middle, half = (low + high) / 2, (high - low) / 2
                for node, weight in NODES:
                    z = middle + half * node
                    total += half * weight * lift(f(lift(g * z))).value ** power * density(z)
            return total
        second = expectation(2)
        low, high = expectation(2, mpf(1) / 16) - 1, expectation(2, mpf(16)) - 1
        gain = 1 / mpmath.sqrt(second)
        if low < 0 < high:
            gain = mpmath.findroot(lambda g: mpmath.log(expectation(2, mpmath.exp(g))), mpmath.log(gain), solver="secant", tol=1e-34)
            gain = mpmath.exp(gain)
        return {"mean": float(expectation(1)), "secondMoment": float(second), "gain": float(gain)}


EDGES = [-12, -9, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 9, 12]


def legendre(count):
    """Nodes and weights of the Gauss-Legendre rule."""
    def both(x):
        before, here = mpf(1), x
        for k in range(2, count + 1):
            before, here = here, ((2 * k - 1) * x * here - (k - 1) * before) / k
        return here, count * (before - x * here) / (1 - x * x)
    rule = []
    for i in range(count):
        x = mpmath.cos(mp.pi * (i + mpf(3) / 4) / (count + HALF))
        for _ in range(8):
            value, slope = both(x)
            x -= value / slope
        rule.append((x, 2 / ((1 - x * x) * both(x)[1] ** 2)))
    return rule


HALF = mpf(1) / 2
NODES = legendre(24)
