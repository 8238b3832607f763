"""What others compute where anchors.ts compares, and the exact values, to standard output as JSON.

    python bench/smooth/anchors.py

Needs numpy and mpmath. The rivals are their published formulas, written again here:

- SoftJAX (arXiv:2603.08824), round: the whole numbers n within 5 of floor(x), each times σ((x − n + ½)/s) − σ((x − n − ½)/s). s is
  the scale of its sigmoid; releases differ in the factor between that and `softness`.
- Splines of Modelica's regStep, and the gated cubic mode of SoftJAX: x times a smooth step that is ½ + ¾u − ¼u³ for |u| < 1.
- jaxopt.perturbations.make_perturbed_fun: the mean of 1000 values at Gaussian noise of scale 0.1, its gradient by their scores, without
  and with the value at x as a control variate.
- Gauss–Hermite quadrature of the convolution with a Gaussian.
"""
import json

import mpmath
import numpy as np
from mpmath import mp, mpf

mp.dps = 40
SPREAD = 60


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softjax_round(x, scale, radius=5):
    n = np.floor(x)[..., None] + np.arange(-radius, radius + 1)
    left, right = sigmoid((x[..., None] - n + 0.5) / scale), sigmoid((x[..., None] - n - 0.5) / scale)
    return (n * (left - right)).sum(-1)


def exact_round(x, scale):
    x, scale = mpf(float(x)), mpf(scale)
    middle = int(mpmath.floor(x))
    reach = int(SPREAD * scale * 2) + 3
    sigma = lambda z: 1 / (1 + mpmath.exp(-z / scale))
    # floor of x + ½: below the window all steps are up, above it none.
    return middle - reach + sum(sigma(x - (n - mpf(1) / 2)) for n in range(middle - reach + 1, middle + reach + 1))


rounds = []
for scale in (0.1, 0.5, 1.0, 2.0):
    for base in (0.0, 5.0, 1000.0, 1e6):
        points = np.array([base + 0.3, np.nextafter(base, -np.inf), base])
        rival = softjax_round(points, scale)
        exact = [exact_round(p, scale) for p in points]
        rounds.append({"scale": scale, "points": points.tolist(), "exact": [mpmath.nstr(e, 25) for e in exact],
                       "rivalError": float(mpf(float(rival[0])) - exact[0]), "rivalJump": float(rival[2] - rival[1])})

u = np.linspace(-1, 1, 200001)
gated = np.where(u < 0, u * (0.5 + 0.75 * u - 0.25 * u ** 3), u * (0.5 + 0.75 * u - 0.25 * u ** 3) - u)
undershoot = float(-gated.min())

rng = np.random.default_rng(0)
SAMPLES, SIGMA, REPEATS = 1000, 0.1, 4000
sampling = []
for name, f, slope in (
    ("relu", lambda x: np.maximum(x, 0), lambda x: mpmath.ncdf(mpf(x) / mpf("0.1"))),
    ("step", lambda x: (x > 0) * 1.0, lambda x: mpmath.npdf(mpf(x) / mpf("0.1")) / mpf("0.1")),
):
    for x in (0.05, 5.0) if name == "relu" else (0.05,):
        truth = float(slope(x))
        errors = {"plain": 0.0, "controlVariate": 0.0}
        for _ in range(REPEATS):
            z = rng.normal(size=SAMPLES)
            values = f(x + SIGMA * z)
            errors["plain"] += (np.mean(values * z) / SIGMA - truth) ** 2
            errors["controlVariate"] += (np.mean((values - f(x)) * z) / SIGMA - truth) ** 2
        sampling.append({"f": name, "x": x, "slope": truth, **{key: float(np.sqrt(e / REPEATS)) for key, e in errors.items()}})

grid = np.linspace(-3, 3, 241)
smooth_relu = [mpf(float(x)) * mpmath.ncdf(mpf(float(x))) + mpmath.npdf(mpf(float(x))) for x in grid]
hermite = []
for nodes in (32, 64, 128):
    z, weights = np.polynomial.hermite.hermgauss(nodes)
    values = (np.maximum(grid[:, None] - np.sqrt(2) * z, 0) * weights).sum(1) / np.sqrt(np.pi)
    hermite.append({"nodes": nodes, "error": max(abs(float(mpf(float(v)) - e)) for v, e in zip(values, smooth_relu))})

print(json.dumps({
    "tools": {"numpy": np.__version__, "mpmath": mpmath.__version__},
    "rounds": rounds,
    "undershoot": undershoot,
    "sampling": {"samples": SAMPLES, "sigma": SIGMA, "repeats": REPEATS, "cases": sampling},
    "hermite": {"points": grid.tolist(), "exact": [float(v) for v in smooth_relu], "cases": hermite},
}))
