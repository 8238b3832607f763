"""Staircases and waves smoothed by every kernel, to 25 digits with mpmath.

    python3 tools/golden/staircases.py > test/golden/staircases.json

Needs mpmath. floor smoothed over a width w is the sum over all whole n of F((x - n)/w), regularised, F the distribution function:
as the difference from the sharp floor for kernels that die out (F is integrated from the density where it has no plain form), as
Fourier's series for those with heavy tails and wide kernels, and, for heavy tails and narrow widths, as the sum over the 300
steps on both sides with an Euler-Maclaurin tail. The triangle wave is the integral of the square wave, from the second antiderivatives
in the same way. Each value that can be computed in two of these ways is, and they must agree.
"""
import json
import platform
import struct
import sys

import mpmath
from mpmath import cos, exp, floor, inf, mp, mpf, pi, sin, sqrt

mp.dps = 30


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def compact(parts):
    """F and its integral left of 0 of a density on -1 ... 1 that is a polynomial in 1 + u there, {power: coefficient}."""
    def integral(order):
        def at(d):
            t = max(1 - d, mpf(0))
            return sum(c * t ** (p + order + 1) * mpmath.factorial(p) / mpmath.factorial(p + order + 1) for p, c in parts.items())
        return at
    return integral(0), integral(1), 1


def cosine_tails():
    step = lambda d: (1 - sin(pi * d / 2)) / 2 if d < 1 else mpf(0)
    ramp = lambda d: (1 - d) / 2 - cos(pi * d / 2) / pi if d < 1 else mpf(0)
    return step, ramp, 1


def raised_tails():
    step = lambda d: (1 - d - sin(pi * d) / pi) / 2 if d < 1 else mpf(0)
    ramp = lambda d: (1 - d) ** 2 / 4 - (1 + cos(pi * d)) / (2 * pi**2) if d < 1 else mpf(0)
    return step, ramp, 1


def cubic_tails():
    power = lambda n: lambda d: sum(c * max(e - d, mpf(0)) ** n for e, c in ((2, 1), (1, -4))) / mpmath.factorial(n)
    return power(4), power(5), 2


def sech_ramp(d):
    # (4/pi^2) Ti_2(e^(-pi d/2))
    z = exp(-pi * d / 2)
    return 4 / pi**2 * mpmath.im(mpmath.polylog(2, mpmath.mpc(0, z)))


def arc(d):
    return mpmath.acot(d) if d else pi / 2


# Tails F(-d) and I_1(-d), where they end, and the characteristic function.
KERNELS = {
    "gaussian": (lambda d: mpmath.ncdf(-d), lambda d: mpmath.npdf(d) - d * mpmath.ncdf(-d), 14, lambda w: exp(-w * w / 2)),
    "logistic": (lambda d: 1 / (1 + exp(d)), lambda d: mpmath.log1p(exp(-d)), 72, lambda w: pi * w / mpmath.sinh(pi * w)),
    "hyperbolicSecant": (lambda d: 2 / pi * mpmath.atan(exp(-pi * d / 2)), sech_ramp, 46, lambda w: mpmath.sech(w)),
    "laplace": (lambda d: exp(-d) / 2, lambda d: exp(-d) / 2, 70, lambda w: 1 / (1 + w * w)),
    "box": (*compact({0: mpf(1) / 2}), None),
    "triangular": (*compact({1: mpf(1)}), None),
    "cubicSpline": (*cubic_tails(), None),
    "epanechnikov": (*compact({1: mpf(3) / 2, 2: -mpf(3) / 4}), None),
    "biweight": (*compact({2: mpf(15) / 4, 3: -mpf(15) / 4, 4: mpf(15) / 16}), None),
    "triweight": (*compact({3: mpf(35) / 4, 4: -mpf(105) / 8, 5: mpf(105) / 16, 6: -mpf(35) / 32}), None),
    "cosine": (*cosine_tails(), None),
    "raisedCosine": (*raised_tails(), None),
    "algebraic": (lambda d: 1 / (2 * sqrt(1 + d * d) * (sqrt(1 + d * d) + d)), lambda d: 1 / (2 * (sqrt(1 + d * d) + d)), inf, lambda w: w * mpmath.besselk(1, w)),
    "t3": (lambda d: (arc(d) - d / (1 + d * d)) / pi, lambda d: (1 - d * arc(d)) / pi, inf, lambda w: (1 + w) * exp(-w)),
    "t5": (lambda d: (arc(d) - d / (1 + d * d) - 2 * d / (3 * (1 + d * d) ** 2)) / pi,
           lambda d: 2 / (3 * pi * (1 + d * d) ** 2) - d * (arc(d) - d / (1 + d * d) - 2 * d / (3 * (1 + d * d) ** 2)) / pi,
           inf, lambda w: (1 + w + w * w / 3) * exp(-w)),
    "cauchy": (lambda d: arc(d) / pi, lambda d: -(d * arc(d) + mpmath.log1p(d * d) / 2) / pi, inf, lambda w: exp(-w)),
}


def waves(name, r, width):
    """floor(r) for 0 <= r < 1, by Fourier's series."""
    damping = KERNELS[name][3]
    total, k = r - mpf(1) / 2, 0
    while True:
        k += 1
        size = damping(2 * pi * k * width)
        if abs(size) < mpf(10) ** -26:
            return total
        total += size * sin(2 * pi * k * r) / (pi * k)


def odd_waves(name, r, width):
    damping = KERNELS[name][3]
    total, k = mpf(0), -1
    while True:
        k += 2
        size = damping(2 * pi * k * width)
        if abs(size) < mpf(10) ** -26:
            return total * 8 / pi**2
        total += (-1) ** ((k - 1) // 2) * size * sin(2 * pi * k * r) / k**2


def steps(name, r, width):
    """floor(r) for 0 <= r < 1, over the steps; beyond 300 of them as integrals."""
    step, ramp, reach, _ = KERNELS[name]
    count = int(mpmath.ceil(reach * width)) + 2 if reach < inf else 300
    right = sum(step((j - r) / width) for j in range(1, count + 1))
    left = sum(step((r + i) / width) for i in range(count))
    total = right - left
    if reach < inf:
        return total
    ends = [count + mpf(1) / 2 - r, r + count - mpf(1) / 2]
    tails = []
    for a in ends:
        f = lambda y: step(y / width)
        derivatives = [mpmath.diff(f, a, n, h=mpf(10) ** -4) if n == 3 else mpmath.diff(f, a, n) for n in (1, 3)]
        tails.append(width * ramp(a / width) + derivatives[0] / 24 - 7 * derivatives[1] / 5760)
    return total + tails[0] - tails[1]


def kinks(name, r, width):
    """The triangle wave for |r| <= 1/4 about a rising zero."""
    _, ramp, reach, _ = KERNELS[name]
    if reach < inf:
        count = 2 * int(mpmath.ceil(reach * width)) + 2
    else:
        count = 200
    term = lambda j: ramp(abs(r - mpf(1) / 4 - mpf(j) / 2) / width)
    total = 4 * r - 8 * width * sum((-1) ** j * term(j) for j in range(-count, count))
    if reach < inf:
        return total
    # Repeated means of the partial sums of the alternating rest, from both sides at once.
    pair = lambda i: term(i) - term(-1 - i)
    partial, sums = mpf(0), []
    for i in range(count, count + 40):
        partial += (-1) ** i * pair(i)
        sums.append(partial)
    while len(sums) > 1:
        sums = [(a + b) / 2 for a, b in zip(sums, sums[1:])]
    return total - 8 * width * sums[0]


def staircase(name, r, width):
    _, _, reach, damping = KERNELS[name]
    smooth = damping is not None and name != "laplace"
    if smooth and width >= mpf("0.3"):
        value = waves(name, r, width)
        other = steps(name, r, width)
        assert abs(value - other) < mpf(10) ** (-20 if reach < inf else -15), (name, r, width, value, other)
        return value
    return steps(name, r, width)


def triangle(name, r, width):
    _, _, reach, damping = KERNELS[name]
    smooth = damping is not None and name != "laplace"
    if smooth and width >= mpf("0.3"):
        value = odd_waves(name, r, width)
        other = kinks(name, r, width)
        assert abs(value - other) < mpf(10) ** (-20 if reach < inf else -14), (name, r, width, value, other)
        return value
    return kinks(name, r, width)


WIDTHS = [1e-4, 3e-3, 0.05, 0.2, 0.28, 0.3, 0.6, 1.7, 10]
POINTS = [single(x) for x in (
    0, 1e-5, -1e-5, 2e-4, 0.01, -0.013, 0.1, 0.25, -0.25, 0.3, 0.49, 0.5, -0.5, 0.51, 0.7, 0.97, 0.9999, 1, -1, 2.5, 3.1, -7.77,
    1000.25, -12345.375, 999999.999, 1000000.0001, 1000000, 4194303.5, 8388606.5, -8388607, 8388608)]


def case(name, width):
    at = mpf(width)
    stair, tri = [], []
    for x in POINTS:
        x = mpf(x)
        stair.append(float(floor(x) + staircase(name, x - floor(x), at)))
        half = floor(2 * x + mpf(1) / 2)
        tri.append(float((-1) ** int(half) * triangle(name, x - half / 2, at)))
    print(name, width, file=sys.stderr)
    return {"kernel": name, "width": width, "floor": stair, "triangle": tri}


provenance = {
    "tools": {"mpmath": mpmath.__version__, "python": platform.python_version()},
    "precision": "30 digits, rounded to float64",
    "command": "python3 tools/golden/staircases.py > test/golden/staircases.json",
}
rows = ",\n".join(json.dumps(case(name, width), separators=(",", ":")) for name in KERNELS for width in WIDTHS)
print(f'{{"provenance":{json.dumps(provenance)},\n"points":{json.dumps(POINTS)},\n"cases":[\n{rows}\n]}}')
