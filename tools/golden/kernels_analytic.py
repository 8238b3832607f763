"""The Gaussian, logistic and hyperbolic secant kernels, by quadrature of their densities with mpmath.

    python3 tools/golden/kernels_analytic.py > test/golden/kernels-analytic.json

Needs mpmath. Points are float32 numbers. `deviations[n]` holds D_n(z) = I_n(z) - M_n(z)*[z > 0], I_n(z) the integral of (z - u)^n
times the density over u < z and M_n(z) that over the line; both come from the integral over the far side of z, where nothing
cancels. Numbers below the smallest normal float64 are written as 0.
"""
import json
import platform
import struct

import mpmath
from mpmath import cosh, diff, exp, inf, mp, mpf, pi, quad, sinh, sqrt

mp.dps = 40


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


SIZES = [1e-30, 1e-8, 1e-3, 0.1, 0.3, 0.49, 0.51, 0.75, 1, 1.3, 1.7, 2, 2.5, 3, 3.7, 5, 6, 7.5, 9, 11, 13, 17, 20, 25, 30, 36.6, 60, 85, 100, 300, 440, 700]
POINTS = [0.0] + [sign * single(size) for size in SIZES for sign in (-1, 1)]
FREQUENCIES = [single(x) for x in (0, 1e-20, 1e-4, 0.1, 0.3, 0.318, 0.32, 0.7, 1, 2, 5, 12)]

KERNELS = {
    "gaussian": (lambda u: exp(-u * u / 2) / sqrt(2 * pi), lambda w: exp(-w * w / 2)),
    "logistic": (lambda u: exp(-abs(u)) / (1 + exp(-abs(u))) ** 2, lambda w: pi * w / sinh(pi * w) if w else mpf(1)),
    "hyperbolicSecant": (lambda u: exp(-pi * abs(u) / 2) / (1 + exp(-pi * abs(u))), lambda w: 1 / cosh(w)),
}


def beyond(density, order, distance):
    """I_n(-d): the integral of (u - d)^n times the density over u > d."""
    scale = 1 / (1 + distance)
    edges = [0] + [scale * mpf(2) ** k for k in range(-2, 18) if scale * mpf(2) ** k < 150] + [inf]
    # Over the density at its edge: the quadrature stops by what is small beside 1.
    height = density(distance)
    return height * quad(lambda v: v**order * density(distance + v) / height, edges)


def moment(density, order):
    edges = [0] + [mpf(2) ** k for k in range(-2, 9)] + [inf]
    return 2 * quad(lambda u: u**order * density(u), edges)


def number(x):
    return 0.0 if abs(x) < mpf(2) ** -1022 else float(x)


def case(name):
    density, characteristic = KERNELS[name]
    for w in (mpf("0.3"), mpf(2)):
        transform = 2 * quad(lambda u: mpmath.cos(w * u) * density(u), [k * mpf(1) / 2 for k in range(0, 200)])
        assert abs(transform - characteristic(w)) < mpf(10) ** -25, name
    moments = {k: moment(density, k) for k in (0, 1, 2, 4)}
    assert abs(moments[0] - 1) < mpf(10) ** -30
    means = [lambda z: mpf(1), lambda z: z, lambda z: z * z + moments[2], lambda z: z**3 + 3 * moments[2] * z]
    deviations, integrals = [], []
    for order in range(4):
        tails = {abs(z): beyond(density, order, mpf(abs(z))) for z in POINTS}
        here = [tails[abs(z)] if z <= 0 else (-1) ** (order + 1) * tails[z] for z in POINTS]
        deviations.append([number(d) for d in here])
        integrals.append([number(d + (means[order](mpf(z)) if z > 0 else 0)) for z, d in zip(POINTS, here)])
    # The densities are written with |u|, as they overflow otherwise: their slope is that to the right, with the sign of u.
    slopes = [mpf(0) if z == 0 else (1 if z > 0 else -1) * diff(density, mpf(abs(z)), h=mpf(10) ** -15) for z in POINTS]
    return {
        "name": name,
        "points": POINTS,
        "deviations": deviations,
        "integrals": integrals,
        "density": [number(density(mpf(z))) for z in POINTS],
        "slope": [number(s) if abs(z) > 1e-9 else None for z, s in zip(POINTS, slopes)],
        "frequencies": FREQUENCIES,
        "characteristic": [float(characteristic(mpf(w))) for w in FREQUENCIES],
        "absoluteMoment": float(moments[1]),
        "variance": float(moments[2]),
        "fourthMoment": float(moments[4]),
    }


provenance = {
    "tools": {"mpmath": mpmath.__version__, "python": platform.python_version()},
    "precision": "40 digits, rounded to float64",
    "command": "python3 tools/golden/kernels_analytic.py > test/golden/kernels-analytic.json",
}
rows = ",\n".join(json.dumps(case(name), separators=(",", ":")) for name in KERNELS)
print(f'{{"provenance":{json.dumps(provenance)},\n"cases":[\n{rows}\n]}}')
