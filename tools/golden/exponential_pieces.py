"""Functions with an exponential on one side, convolved with kernels, by quadrature with mpmath.

    python3 tools/golden/exponential_pieces.py > test/golden/exponential-pieces.json

Needs mpmath. For f with pieces left and right of 0: `orders[n]` holds the n-th derivative of the convolution of f with the kernel
at a width, at every point: the n-th derivatives of the pieces, convolved, and the kernel's density and its slope where they do not
meet. Points are multiples of the width, float32 numbers.
"""
import json
import platform
import struct

import mpmath
from mpmath import exp, expm1, inf, mp, mpf, pi, sqrt

mp.dps = 30


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


# name: (density, radius)
KERNELS = {
    "gaussian": (lambda u: exp(-u * u / 2) / sqrt(2 * pi), inf),
    "logistic": (lambda u: exp(-abs(u)) / (1 + exp(-abs(u))) ** 2, inf),
    "laplace": (lambda u: exp(-abs(u)) / 2, inf),
    "epanechnikov": (lambda u: mpf(3) / 4 * (1 - u * u) if abs(u) < 1 else mpf(0), 1),
}

SCALE, ALPHA = mpf(1.0507009873554805), mpf(1.6732632423543772)
zero = lambda x: mpf(0)

# name: pieces left and right of 0, each with two derivatives
FUNCTIONS = {
    "elu": ((expm1, exp, exp), (lambda x: x, lambda x: mpf(1), zero)),
    "selu": (
        tuple(lambda x, g=g: SCALE * ALPHA * g(x) for g in (expm1, exp, exp)),
        (lambda x: SCALE * x, lambda x: SCALE, zero),
    ),
    "mirrored": ((zero, zero, zero), (lambda x: exp(-2 * x), lambda x: -2 * exp(-2 * x), lambda x: 4 * exp(-2 * x))),
    "hump": ((lambda x: x * exp(x), lambda x: (1 + x) * exp(x), lambda x: (2 + x) * exp(x)), (zero, zero, zero)),
}
STEPS = [-30, -6, -2.5, -1, -0.3, 0, 0.3, 1, 2.5, 6, 30]
WIDTHS = [1e-3, 0.1, 1, 5]


def convolve(kernel, left, right, x, width):
    """The integral of f(x - width u) times the density: the left piece where u > x / width."""
    density, radius = kernel
    reach = mpf(radius) if radius < inf else mpf(700)
    z = x / width
    edges = {-reach, reach, max(-reach, min(reach, z)), mpf(0)}
    for centre in (mpf(0), z):
        step = min(mpf(1), 1 / width)
        while step < 2 * reach:
            edges |= {e for e in (centre - step, centre + step) if -reach < e < reach}
            step *= 3
    edges = sorted(edges)
    sides = lambda a, b: left if (a + b) / 2 > z else right
    parts = [(a, b, sides(a, b)) for a, b in zip(edges, edges[1:])]
    height = max(abs(f(x - width * u) * density(u)) for a, b, f in parts for u in (a, (a + b) / 2, b))
    if height == 0:
        return mpf(0)
    return height * sum(mpmath.quad(lambda u: f(x - width * u) * density(u) / height, [a, b], method="gauss-legendre") for a, b, f in parts)


def orders(kernel, pieces, x, width):
    left, right = pieces
    density, radius = kernel
    value = [convolve(kernel, left[n], right[n], x, width) for n in range(3)]
    jumps = [right[n](mpf(0)) - left[n](mpf(0)) for n in range(2)]
    z = x / width
    value[1] += jumps[0] * density(z) / width
    value[2] += jumps[1] * density(z) / width
    if jumps[0] != 0:
        value[2] += jumps[0] * mpmath.diff(density, z, h=mpf(10) ** -12) / width**2 if z != 0 or radius < inf else 0
    return value


def number(x):
    return 0.0 if abs(x) < mpf(2) ** -1022 else float(x)


cases = []
for name, pieces in FUNCTIONS.items():
    for kernel in KERNELS:
        # A growth to the right or a jump under a kernel with a kink has no second derivative at 0; nothing is asked there.
        for width in WIDTHS:
            points = [single(step * width) for step in STEPS]
            rows = [orders(KERNELS[kernel], pieces, mpf(x), mpf(width)) for x in points]
            cases.append({"function": name, "kernel": kernel, "width": width, "points": points, "orders": [[number(row[n]) for row in rows] for n in range(3)]})

provenance = {
    "tools": {"mpmath": mpmath.__version__, "python": platform.python_version()},
    "precision": "30 digits, rounded to float64",
    "command": "python3 tools/golden/exponential_pieces.py > test/golden/exponential-pieces.json",
}
rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
print(f'{{"provenance":{json.dumps(provenance)},\n"cases":[\n{rows}\n]}}')
