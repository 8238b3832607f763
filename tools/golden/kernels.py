"""The kernels with compact support and those with algebraic tails, by quadrature of their densities with mpmath.

    python3 tools/golden/kernels.py > test/golden/kernels.json

Needs mpmath. Points are float32 numbers. `deviations[n]` holds D_n(z) = I_n(z) - M_n(z)*[z > 0], I_n(z) the integral of (z - u)^n
times the density over u < z and M_n(z) that over the line; both come from the integral over the far side of z, where nothing
cancels. Where I_n diverges they are null, and `rises[n]` holds what an n-fold antiderivative gains from 0 to -|z| (those between,
from I_0 or the last finite I_k on, being 0 at 0). The characteristic function is integrated too. Infinities are null.
"""
import json
import platform
import struct

import mpmath
from mpmath import cos, diff, factorial, inf, mp, mpf, pi, quad, sqrt

mp.dps = 30
ROOT = 1 / sqrt(mpf(3))


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def compact(f, radius=1):
    return lambda u: f(u) if abs(u) < radius else mpf(0)


def cubic(u):
    u = abs(u)
    return mpf(2) / 3 - u * u + u**3 / 2 if u < 1 else (2 - u) ** 3 / 6


# Density, radius, for which n E|U|^n is finite, and where the formula changes.
KERNELS = {
    "box": (compact(lambda u: mpf(1) / 2), 1, inf, [1]),
    "triangular": (compact(lambda u: 1 - abs(u)), 1, inf, [0, 1]),
    "cubicSpline": (compact(cubic, 2), 2, inf, [0, 1, 2]),
    "epanechnikov": (compact(lambda u: mpf(3) / 4 * (1 - u * u)), 1, inf, [1]),
    "biweight": (compact(lambda u: mpf(15) / 16 * (1 - u * u) ** 2), 1, inf, []),
    "triweight": (compact(lambda u: mpf(35) / 32 * (1 - u * u) ** 3), 1, inf, []),
    "cosine": (compact(lambda u: pi / 4 * cos(pi * u / 2)), 1, inf, [1]),
    "raisedCosine": (compact(lambda u: (1 + cos(pi * u)) / 2), 1, inf, []),
    "algebraic": (lambda u: (1 + u * u) ** mpf("-1.5") / 2, inf, 2, []),
    "t3": (lambda u: 2 / pi / (1 + u * u) ** 2, inf, 3, []),
    "t5": (lambda u: 8 / (3 * pi) / (1 + u * u) ** 3, inf, 5, []),
    "cauchy": (lambda u: 1 / (pi * (1 + u * u)), inf, 1, []),
}
HEAVY = [1e-12, 1e-6, 1e-3, 0.01, 0.1, 0.24, 0.26, 0.5, 0.9, 1, 1.1, 1.7, 2.5, 4, 7, 12, 30, 100, 1e3, 1e5]
LIGHT = [1e-12, 1e-4, 0.05, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 0.99, 0.999, 0.9999, 1 - 2**-18, 1 - 2**-23, 1, 1.5, 40, 1e3]
FREQUENCIES = [single(w) for w in (0, 1e-6, 0.01, 0.3, 1, 1.4, 1.6, 2.6, 3.14, 4.4, 5, 7.5, 12, 25, 60)]


def panels(low, radius, *cuts):
    """From low to the radius, in panels that widen, cut at the given places."""
    if low >= radius:
        return [radius, radius]
    far = [low + mpf(2) ** k for k in range(-4, 24, 2)] if radius == inf else [low + (radius - low) * k / 4 for k in range(5)]
    edges = {mpf(e) for e in (low, *far, *cuts) if low <= e <= radius} | {mpf(radius)}
    return sorted(edges)


def beyond(name, order, d):
    """I_n(-d): the integral of (u - d)^n times the density over u > d, scaled, as quadrature counts digits after the point."""
    density, radius, _, knots = KERNELS[name]
    if d >= radius:
        return mpf(0)
    scale = radius - d if radius < inf else 1 + d
    size = density(d + scale / 2)
    edges = panels(mpf(0), 1 if radius < inf else inf, *((knot - d) / scale for knot in knots))
    return size * scale ** (order + 1) * quad(lambda v: v**order * density(d + scale * v) / size, edges)


def rise(name, order, d):
    """What the antiderivative of order n gains from 0 to -d: the integrals are taken in the other order."""
    density, radius, below, _ = KERNELS[name]
    base, times = below - 1, order - below + 1

    def inner(u):
        # A polynomial of degree 2 at most, for which two nodes are enough.
        end = min(u, d)
        at = lambda v: (d - v) ** (times - 1) / factorial(times - 1) * (u - v) ** base
        return end / 2 * (at(end / 2 * (1 - ROOT)) + at(end / 2 * (1 + ROOT)))

    edges = panels(0, radius, *(d * mpf(2) ** k for k in range(-8, 9, 2)))
    return (-1) ** times * factorial(order) / factorial(base) * d**times * quad(lambda u: density(u) * inner(u) / d**times, edges)


def moment(name, order):
    density, radius, below, knots = KERNELS[name]
    return 2 * quad(lambda u: u**order * density(u), panels(0, radius, *knots)) if order < below else inf


def damping(name, frequency):
    density, radius, _, knots = KERNELS[name]
    if frequency == 0:
        return mpf(1)
    wave = lambda u: cos(frequency * u) * density(u)
    if radius < inf:
        return 2 * quad(wave, sorted({*map(mpf, knots), *(mpf(radius) * k / 16 for k in range(17))}))
    return 2 * mpmath.quadosc(wave, [0, inf], omega=frequency)


def number(x):
    return None if x == inf else 0.0 if abs(x) < mpf(2) ** -1022 else float(x)


def case(name):
    density, radius, below, knots = KERNELS[name]
    sizes = [single(s * (radius if radius < inf else 1)) for s in (LIGHT if radius < inf else HEAVY)]
    points = [0.0] + [sign * size for size in sizes for sign in (-1, 1)]
    moments = {k: moment(name, k) for k in (0, 1, 2, 4)}
    assert abs(moments[0] - 1) < mpf(10) ** -22, (name, moments[0])
    spread = moments[2] if below > 2 else mpf(0)
    means = [lambda z: mpf(1), lambda z: z, lambda z: z * z + spread, lambda z: z**3 + 3 * spread * z]
    deviations, integrals, rises = [], [], []
    for order in range(4):
        if order >= below:
            gained = {abs(z): rise(name, order, mpf(abs(z))) if z else mpf(0) for z in points}
            rises.append([number(gained[abs(z)]) for z in points])
            deviations.append(None)
            integrals.append(None)
            continue
        tails = {abs(z): beyond(name, order, mpf(abs(z))) for z in points}
        here = [tails[abs(z)] if z <= 0 else (-1) ** (order + 1) * tails[z] for z in points]
        rises.append(None)
        deviations.append([number(d) for d in here])
        integrals.append([number(d + (means[order](mpf(z)) if z > 0 else 0)) for z, d in zip(points, here)])
    slope = lambda z: mpf(0) if abs(z) > radius else diff(density, mpf(z), h=min(abs(mpf(z)), abs(radius - abs(mpf(z)))) * mpf(10) ** -12)
    return {
        "name": name,
        "points": points,
        "deviations": deviations,
        "integrals": integrals,
        "rises": rises,
        "density": [number(density(mpf(z))) if abs(z) not in knots else None for z in points],
        "slope": [number(slope(z)) if abs(z) not in (*knots, radius) and abs(z) > 1e-9 else None for z in points],
        "frequencies": FREQUENCIES,
        "characteristic": [None if radius == inf and 0 < w < 0.1 else float(damping(name, mpf(w))) for w in FREQUENCIES],
        "absoluteMoment": number(moments[1]),
        "variance": number(moments[2]),
        "fourthMoment": number(moments[4]),
    }


provenance = {
    "tools": {"mpmath": mpmath.__version__, "python": platform.python_version()},
    "precision": "30 digits, rounded to float64",
    "command": "python3 tools/golden/kernels.py > test/golden/kernels.json",
}
rows = ",\n".join(json.dumps(case(name), separators=(",", ":")) for name in KERNELS)
print(f'{{"provenance":{json.dumps(provenance)},\n"cases":[\n{rows}\n]}}')
