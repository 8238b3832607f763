"""Integrals, tails of kernels and convolutions without closed form, with mpmath.

    python3 tools/golden/smooth_quadrature.py > test/golden/smooth-quadrature.json

Needs mpmath and numpy (Gauss-Legendre rules). Integrals are cut at every break and in ever wider panels away from the middle of
the kernel. Derivatives of a convolution are integrals too: of f times a derivative of the kernel where f has kinks, of a
derivative of f times the kernel where the kernel has.
"""
import json
import platform

import mpmath
import numpy as np
from mpmath import mp, mpf

mp.dps = 30
SPREAD = [mpf(e) for e in ("0.5", 1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90)]
FAR = [mpf(10) ** k for k in (3, 4, 6, 9)]


def quad(g, low, high, cuts=()):
    edges = sorted({e for e in (*cuts, low, high) if low <= e <= high})
    return sum((mpmath.quad(g, [a, b]) for a, b in zip(edges, edges[1:])), mpf(0))


# Kernels: density and its first two derivatives, how far it reaches, and where the panels end.
def gaussian(u):
    p = mpmath.npdf(u)
    return p, -u * p, (u * u - 1) * p


def logistic(u):
    s = 1 / (1 + mpmath.exp(-u))
    p = s * (1 - s) if abs(u) < 40 else mpmath.exp(-abs(u)) / (1 + mpmath.exp(-abs(u))) ** 2
    return p, p * (1 - 2 * s), p * (1 - 6 * p)


def t3(u):
    w = 1 + u * u
    return 2 / mp.pi / w**2, -8 * u / mp.pi / w**3, -8 / mp.pi / w**3 + 48 * u * u / mp.pi / w**4


def laplace(u):
    return (mpmath.exp(-abs(u)) / 2,)


BUMP = mpmath.exp(mpf(-1) / 2) * (mpmath.besselk(1, mpf(1) / 2) - mpmath.besselk(0, mpf(1) / 2))


def bump(u):
    return (mpmath.exp(-1 / ((1 - u) * (1 + u))) / BUMP if abs(u) < 1 else mpf(0),)


KERNELS = {
    "gaussian": (gaussian, mpf(24), SPREAD),
    "logistic": (logistic, mpf(120), SPREAD),
    "t3": (t3, mp.inf, SPREAD + FAR),
    "laplace": (laplace, mpf(120), SPREAD),
    "bump": (bump, mpf(1), [mpf("0.5"), mpf("0.9")]),
}


def by_kernel(f, kernel, width, x, breaks):
    """Value, first and second derivative in x, and derivative in the width: integrals over u of f(x - width u)."""
    phi, reach, spread = KERNELS[kernel]
    cuts = [mpf(0), *spread, *(-s for s in spread), *((x - b) / width for b in breaks)]
    whole = lambda g: quad(g, -reach, reach, cuts)
    return [
        whole(lambda u: f(x - width * u) * phi(u)[0]),
        whole(lambda u: f(x - width * u) * phi(u)[1]) / width,
        whole(lambda u: f(x - width * u) * phi(u)[2]) / width**2,
        -whole(lambda u: f(x - width * u) * (phi(u)[0] + u * phi(u)[1])) / width,
    ]


def by_function(f, df, ddf, kernel, width, x):
    phi, reach, spread = KERNELS[kernel]
    cuts = [mpf(0), *spread, *(-s for s in spread), *((x - b) / width for b in (-1, 0, 1))]
    whole = lambda g: quad(g, -reach, reach, cuts)
    return [
        whole(lambda u: f(x - width * u) * phi(u)[0]),
        whole(lambda u: df(x - width * u) * phi(u)[0]),
        whole(lambda u: ddf(x - width * u) * phi(u)[0]),
        -whole(lambda u: u * df(x - width * u) * phi(u)[0]),
    ]


POINTS = ["-6.3", "-2.5", "-1.1", "-0.37", "0", "0.05", "0.8", "1.9", "4.2"]
HALF_TURNS = [k * mp.pi for k in range(-12, 13)]


def softsign(t):
    return t / (1 + abs(t))


def square_bell(t):
    return mpmath.exp(-t * t)


def convolutions():
    kinked = [
        ("tanh", mpmath.tanh, "gaussian", ("0.05", "0.5", "2"), []),
        ("sin", mpmath.sin, "logistic", ("0.1", "0.7"), []),
        ("absSin", lambda t: abs(mpmath.sin(t)), "gaussian", ("0.1", "0.3"), HALF_TURNS),
        ("softsign", softsign, "t3", ("0.1", "1"), [0]),
    ]
    for name, f, kernel, widths, breaks in kinked:
        for width in widths:
            yield case(name, kernel, width, [by_kernel(f, kernel, mpf(width), mpf(x), breaks) for x in POINTS])
    smooth = [
        ("squareBell", square_bell, lambda t: -2 * t * square_bell(t), lambda t: (4 * t * t - 2) * square_bell(t), "laplace", ("0.2", "1")),
        ("logSquare", lambda t: mpmath.log1p(t * t), lambda t: 2 * t / (1 + t * t), lambda t: 2 * (1 - t * t) / (1 + t * t) ** 2, "bump", ("0.3", "2")),
    ]
    for name, f, df, ddf, kernel, widths in smooth:
        for width in widths:
            yield case(name, kernel, width, [by_function(f, df, ddf, kernel, mpf(width), mpf(x)) for x in POINTS])


def case(name, kernel, width, rows):
    orders = ["value", "slope", "curvature", "widthSlope"]
    columns = {order: [float(row[i]) for row in rows] for i, order in enumerate(orders)}
    return {"f": name, "kernel": kernel, "width": float(width), "x": [float(x) for x in POINTS], **columns}


def integrals():
    yield "bell", [-mp.inf, mp.inf], mpmath.sqrt(mp.pi)
    yield "cauchy", [-mp.inf, 1, mp.inf], mp.pi
    yield "slowTail", [0, 1, mp.inf], mpmath.quad(lambda x: (1 + x) ** mpf("-1.5"), [0, 1, mp.inf])
    yield "kink", [-1, mpf(2)], (mpf(4) / 3) ** 2 / 2 + (mpf(5) / 3) ** 2 / 2
    yield "absSin", [0, mp.pi, 10], 6 + 1 + mpmath.cos(10)
    yield "root", [0, 1], mpf(2) / 3
    yield "wave", [0, 40], mpmath.sin(400) / 10


def tail(phi, order, d, high, cuts, unit=mpf(1)):
    # Quadrature settles in absolute terms: small tails are integrated in units of what they are made of.
    height = phi(d)
    return quad(lambda v: ((v - d) / unit) ** order * (phi(v) / height), d, high, cuts) * unit**order * height


def bump_tails():
    for d in ("0", "1e-9", "0.1", "0.3", "0.4999", "0.5", "0.7", "0.9", "0.99", "0.998"):
        low = mpf(float(d))
        cuts = [low + (1 - low) * mpf(2) ** -k for k in range(1, 14)]
        yield {"d": float(d), "tails": [float(tail(lambda v: bump(v)[0], n, low, mpf(1), cuts, (1 - low * low) ** 2)) for n in range(4)]}


def user_tails():
    """Tails left of 0 and right of it, of densities that a user might write."""
    gumbel = lambda u: mpmath.exp(-u - mpmath.exp(-u))
    mixture = lambda u: (mpmath.npdf(u, -1, mpf("0.25")) + 3 * mpmath.npdf(u, 1, 1)) / 4
    house = lambda u: mpf("0.625") - abs(u) / 4 if abs(u) < 1 else mpf(0)
    densities = [
        ("gumbel", gumbel, mpf(7), mpf(200), ("0", "0.4", "2.5", "4")),
        ("mixture", mixture, mpf(40), mpf(40), ("0", "0.4", "2.5", "6", "20")),
        ("house", house, mpf(1), mpf(1), ("0", "0.4", "0.9", "0.999")),
        ("t3", lambda u: t3(u)[0], mp.inf, mp.inf, ("0", "0.4", "2.5", "30", "1e4", "1e20")),
    ]
    for name, phi, left, right, places in densities:
        for d in places:
            at = mpf(float(d))
            cuts = [at + s * max(1, at) for s in (*SPREAD, *FAR)]
            orders = range(3 if name == "t3" else 4)
            yield {
                "name": name,
                "d": float(d),
                "left": [float(tail(lambda v: phi(-v), n, at, left, cuts)) if at < left else 0 for n in orders],
                "right": [float(tail(phi, n, at, right, cuts)) if at < right else 0 for n in orders],
            }


def user_moments():
    yield {"name": "gumbel", "mean": float(mp.euler), "variance": float(mp.pi**2 / 6), "third": float(2 * mpmath.zeta(3)), "fourth": float(mpf(27) / 5 * (mp.pi**2 / 6) ** 2)}
    centred = [(mpf(1) / 4, mpf("-1.5"), mpf("0.0625")), (mpf(3) / 4, mpf("0.5"), mpf(1))]
    third = sum(w * (m**3 + 3 * m * v) for w, m, v in centred)
    fourth = sum(w * (m**4 + 6 * m * m * v + 3 * v * v) for w, m, v in centred)
    yield {"name": "mixture", "mean": 0.5, "variance": float(sum(w * (m * m + v) for w, m, v in centred)), "third": float(third), "fourth": float(fourth)}
    yield {"name": "house", "mean": 0, "variance": float(mpf("1.25") / 3 - mpf("0.125")), "third": 0, "fourth": float(mpf("0.25") - mpf(1) / 12)}


def rules():
    for count in (1, 2, 5, 16, 33, 64):
        nodes, weights = np.polynomial.legendre.leggauss(count)
        yield {"count": count, "nodes": nodes.tolist(), "weights": weights.tolist()}


body = {
    "rules": list(rules()),
    "integrals": [{"name": n, "edges": [str(float(e)) for e in edges], "value": float(v)} for n, edges, v in integrals()],
    "bump": list(bump_tails()),
    "tails": list(user_tails()),
    "moments": list(user_moments()),
    "convolutions": list(convolutions()),
}
tools = {"mpmath": mpmath.__version__, "numpy": np.__version__, "python": platform.python_version()}
provenance = {"tools": tools, "precision": "30 digits, rounded to float64 (rules: float64)", "command": "python3 tools/golden/smooth_quadrature.py > test/golden/smooth-quadrature.json"}
rows = [f'"provenance":{json.dumps(provenance)}']
for key, cases in body.items():
    rows.append(f'"{key}":[\n' + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases) + "\n]")
print("{" + ",\n".join(rows) + "}")
