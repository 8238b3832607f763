"""Densities integrated against one-sided exponentials, by quadrature with mpmath.

    python3 tools/golden/tilted.py > test/golden/tilted.json

Needs mpmath. With L_m(z, s) the integral of (z - u)^m e^(s (z - u)) times the density over u > z, and E_m the same with
e^(s (z - u)) - 1 for the exponential; `whole[m]` and `excess[m]` hold them at (z, s) for every z of every s. Numbers below the
smallest normal float64 are written as 0. Points are float32 numbers.
"""
import json
import platform
import struct
import sys

import mpmath
from mpmath import cos, exp, expm1, inf, mp, mpf, pi, sqrt

mp.dps = 30


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


PLACES = [sign * single(size) for size in (0.1, 1, 5, 30) for sign in (-1, 1)] + [0.0]
INSIDE = [sign * single(size) for size in (0.3, 0.99) for sign in (-1, 1)]
RATES = [single(x) for x in (1e-3, 0.1, 1, 5, 20)]

# Tilted, the normal density is that about -s.
NORMAL_REACH = 60

# name: (density, where it is 0 beyond, decay of its tails, kinks, the lowest rate to take)
KERNELS = {
    "gaussian": (lambda u: exp(-u * u / 2) / sqrt(2 * pi), NORMAL_REACH, inf, (0,), -2),
    "logistic": (lambda u: exp(-abs(u)) / (1 + exp(-abs(u))) ** 2, inf, 1, (0,), -0.5),
    "hyperbolicSecant": (lambda u: exp(-pi * abs(u) / 2) / (1 + exp(-pi * abs(u))), inf, pi / 2, (0,), -0.5),
    "laplace": (lambda u: exp(-abs(u)) / 2, inf, 1, (0,), -0.5),
    "box": (lambda u: mpf(1) / 2, 1, inf, (), -2),
    "triangular": (lambda u: 1 - abs(u), 1, inf, (0,), -2),
    "epanechnikov": (lambda u: mpf(3) / 4 * (1 - u * u), 1, inf, (), -2),
    "triweight": (lambda u: mpf(35) / 32 * (1 - u * u) ** 3, 1, inf, (), -2),
    "cosine": (lambda u: pi / 4 * cos(pi * u / 2), 1, inf, (), -2),
    "raisedCosine": (lambda u: (1 + cos(pi * u)) / 2, 1, inf, (), -2),
    "t3": (lambda u: 2 / pi / (1 + u * u) ** 2, inf, 0, (0,), None),
    "cauchy": (lambda u: 1 / (pi * (1 + u * u)), inf, 0, (0,), None),
}


def integral(kernel, order, z, s, excess):
    density, radius, decay, kinks, _ = kernel
    z, s = mpf(z), mpf(s)
    low = max(z, -mpf(radius))
    high = mpf(radius) if radius < inf else mpf(10) ** 40
    if radius == inf and decay > 0:
        high = max(z, mpf(0)) + 120 / (decay if excess else decay + min(s, mpf(0)))
    if s > 0 and not excess:
        high = min(high, low + 120 / max(s - (decay if decay < inf else 0), mpf(10) ** -45)) if radius != NORMAL_REACH else max(z, -s) + 40
    if low >= high:
        return mpf(0)
    edges = {low, high}
    reach = mpf(1) / (1 + abs(s))
    while low + reach < high:
        edges.add(low + reach)
        reach *= 3
    for k in kinks:
        for side in (-1, 1):
            reach = mpf(1)
            while abs(reach) < max(high, -low):
                edges.add(k + side * reach)
                reach *= 3
        edges.add(mpf(k))
    edges = sorted(e for e in edges if low <= e <= high)

    def integrand(u):
        tilt = expm1(s * (z - u)) if excess else exp(s * (z - u))
        return (z - u) ** order * tilt * density(u)

    # The quadrature stops by what is small beside 1.
    height = max(abs(integrand(a + (b - a) * mpf(k) / 8)) for a, b in zip(edges, edges[1:]) for k in range(9))
    if height == 0:
        return mpf(0)
    total = mpf(0)
    for a, b in zip(edges, edges[1:]):
        total += mpmath.quad(lambda u: integrand(u) / height, [a, b], method="gauss-legendre")
    return total * height


def number(x):
    return 0.0 if abs(x) < mpf(2) ** -1022 else float(x)


def case(name):
    kernel = KERNELS[name]
    rates = RATES + ([] if kernel[4] is None else [kernel[4]])
    places = PLACES + (INSIDE if kernel[1] == 1 else [])
    grid = [(z, s) for s in rates for z in places]
    row = lambda order, excess: [number(integral(kernel, order, z, s, excess)) for z, s in grid]
    orders = (0, 1, 2) if kernel[2] > 0 else (0, 1)
    excess = (0, 1) if kernel[2] > 0 else (0,)
    print(name, file=sys.stderr, flush=True)
    return {
        "name": name,
        "places": [z for z, _ in grid],
        "rates": [s for _, s in grid],
        "whole": [row(order, False) for order in orders],
        "excess": [row(order, True) for order in excess],
    }


# Closed forms where there are some.
for z, s in ((mpf(-5), mpf(20)), (mpf(30), mpf("0.1")), (mpf("-0.1"), mpf(1))):
    y = z + s
    known = exp(s * z + s * s / 2) * mpmath.erfc(y / sqrt(2)) / 2
    assert abs(integral(KERNELS["gaussian"], 0, z, s, False) / known - 1) < mpf(10) ** -24
    known = exp(-abs(z)) / 2 * (1 / (1 + s) if z > 0 else exp(-(s - 1) * -z) / (1 + s) + (-z if s == 1 else (exp((s - 1) * z) - 1) / (1 - s)))
    assert abs(integral(KERNELS["laplace"], 0, z, s, False) / known - 1) < mpf(10) ** -24, (z, s)

provenance = {
    "tools": {"mpmath": mpmath.__version__, "python": platform.python_version()},
    "precision": "30 digits, rounded to float64",
    "command": "python3 tools/golden/tilted.py > test/golden/tilted.json",
}
rows = ",\n".join(json.dumps(case(name), separators=(",", ":")) for name in KERNELS)
print(f'{{"provenance":{json.dumps(provenance)},\n"cases":[\n{rows}\n]}}')
