"""Moments of the second derivatives of activations, by quadrature with mpmath.

    python3 tools/golden/kernel_of.py > test/golden/kernel-of.json

Needs mpmath. `second` is the integral of u^2 f''(u), `norm` that of |f''(u)|, cut where f'' changes its sign.
"""
import json
import platform

import mpmath
from mpmath import diff, erf, exp, findroot, inf, log, mp, mpf, quad, sqrt, tanh

mp.dps = 30

sigmoid = lambda x: 1 / (1 + exp(-x))
softplus = lambda x: log(1 + exp(x))
ACTIVATIONS = {
    "gelu": lambda x: x * (1 + erf(x / sqrt(mpf(2)))) / 2,
    "silu": lambda x: x * sigmoid(x),
    "mish": lambda x: x * tanh(softplus(x)),
    "serf": lambda x: x * erf(softplus(x)),
    "softplus": softplus,
}


def case(f):
    bend = lambda u: diff(f, u, 2)
    grid = [mpf(k) / 8 for k in range(-240, 241)]
    values = [bend(u) for u in grid]
    roots = [findroot(bend, (a, b), solver="ridder", tol=1e-25) for a, b, p, q in zip(grid, grid[1:], values, values[1:]) if p * q < -mpf(10) ** -16]
    edges = [mpf(-60), *[mpf(k) for k in range(-30, 31, 2)], mpf(60)]
    cuts = sorted({*edges, *roots})
    parts = [quad(bend, [a, b]) for a, b in zip(cuts, cuts[1:])]
    return {"second": float(quad(lambda u: u * u * bend(u), cuts)), "norm": float(sum(abs(p) for p in parts)), "mass": float(sum(parts))}


print(json.dumps({"tool": f"mpmath {mpmath.__version__}, Python {platform.python_version()}", "command": "python3 tools/golden/kernel_of.py > test/golden/kernel-of.json", "cases": {name: case(f) for name, f in ACTIVATIONS.items()}}, indent=1))
