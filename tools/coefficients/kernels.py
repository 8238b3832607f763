"""Coefficients of src/smooth/kernels: python3 tools/coefficients/kernels.py (mpmath 1.3 or later, 40 digits; numpy, scipy).

The integrals I_n(-d) of a kernel, d >= 0, each as a known factor times a polynomial: Chebyshev interpolants, printed as powers,
lowest first, with their largest error on 500 points (relative, or of the integral itself for those in float32).

    Gaussian   I_n(-d) = e^(-d^2/2) / sqrt(2 pi) * t^(n+1) * P(t),   t = 1 / (1 + d/4)
               in float32, n > 1, without t^(n+1), t = 1 / (1 + d/3), fitted where e^(-d^2/2) counts, by Lawson's reweighting
    logistic   I_n(-d) = u P(u),     u = e^(-d)
    sech       I_n(-d) = q P(q^2),   q = e^(-pi d / 2)

For float32 two logarithms as rational functions too, which a runtime without a fast logarithm computes sooner.
"""
import numpy as np
from scipy.optimize import least_squares
from mpmath import cos, exp, factorial, im, log, lu_solve, matrix, mp, mpc, mpf, nstr, pcfd, pi, polylog, sqrt

mp.dps = 40


def interpolate(f, degree):
    """On (0, 1)."""
    nodes = [(1 + cos(pi * (2 * k + 1) / (2 * degree + 2))) / 2 for k in range(degree + 1)]
    system, values = matrix(degree + 1, degree + 1), matrix(degree + 1, 1)
    for i, t in enumerate(nodes):
        values[i] = f(t)
        for j in range(degree + 1):
            system[i, j] = t**j
    return [mpf(float(c)) for c in lu_solve(system, values)]


def report(name, f, degree, factor=None):
    """With a factor, errors are those of factor times polynomial; without, relative."""
    powers = interpolate(f, degree)
    worst = mpf(0)
    for k in range(1, 501):
        t = mpf(k) / 500
        value, exact = sum(c * t**j for j, c in enumerate(powers)), f(t)
        worst = max(worst, abs(value - exact) * factor(t) if factor else abs(value / exact - 1))
    print(f"{name}: degree {degree}, error {nstr(worst, 3)}")
    print("[" + ", ".join(repr(float(c)) for c in powers) + "]")


def scaled(n, d):
    """I_n(-d) of the Gaussian over its density at d."""
    return factorial(n) * exp(d * d / 4) * pcfd(-n - 1, d)


def gaussian(n, t):
    return scaled(n, 4 * (1 / t - 1)) / t ** (n + 1)


def lawson(name, n, degree):
    d = np.concatenate([np.linspace(0, 3, 300), np.linspace(3, 8, 150)])
    values = np.array([float(scaled(n, mpf(x))) for x in d])
    bell = np.exp(-d * d / 2) / np.sqrt(2 * np.pi)
    powers = np.vander(3 / (3 + d), degree + 1, increasing=True)
    weights, best, least = np.ones_like(d), None, np.inf
    for _ in range(300):
        root = np.sqrt(weights) * bell
        found = np.linalg.lstsq(powers * root[:, None], values * root, rcond=None)[0]
        errors = np.abs(powers @ found - values) * bell
        if errors.max() < least:
            least, best = errors.max(), found
        weights = np.maximum(weights * errors / (weights * errors).sum(), 1e-12)
    print(f"{name}: degree {degree}, error {least:.3}")
    print("[" + ", ".join(repr(float(c)) for c in best) + "]")


def logistic(n, u):
    return -factorial(n) * polylog(n, -u) / u if n > 1 else log(1 + u) / u


def sech(n, square):
    q = sqrt(square)
    return factorial(n) * (2 / pi) ** (n + 1) * im(polylog(n + 1, mpc(0, q))) / q


def minimax(name, model, exact, x, start):
    """Least squares, weighted anew until the largest error is least."""
    weights, best, least, found = np.ones_like(x), None, np.inf, np.array(start)
    for _ in range(60):
        found = least_squares(lambda c: (model(c, x) - exact) * weights * 1e6, found, method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15).x
        errors = np.abs(model(found, x) - exact)
        if errors.max() < least:
            least, best = errors.max(), found.copy()
        weights *= np.sqrt(0.2 + errors / errors.max())
        weights /= weights.mean()
    print(f"{name}: error {least:.2g}")
    print([float(f"{c:.9g}") for c in best])


for n in (0, 1, 2, 3):
    report(f"gaussian {n}", lambda t: gaussian(n, t), 16)
for n in (0, 1):
    report(f"gaussian {n} in float32", lambda t: gaussian(n, t), 9)
for n in (2, 3):
    lawson(f"gaussian {n} in float32", n, 6)
for n in (1, 2, 3):
    report(f"logistic {n}", lambda u: logistic(n, u), 13)
for n in (2, 3):
    report(f"logistic {n} in float32", lambda u: logistic(n, u), 6 - n // 3, factor=lambda u: u)
for n in (0, 1, 2, 3):
    report(f"sech {n}", lambda s: sech(n, s), 13)
for n in (0, 1, 2, 3):
    report(f"sech {n} in float32", lambda s: sech(n, s), 7 - n, factor=sqrt)
# x / sinh x = 1 + 2 sum_k (-1)^k x^2 / (x^2 + pi^2 k^2), in powers of x^2, for the logistic kernel's characteristic function.
ratio = [2 * (-1) ** n * (1 - mpf(2) ** (1 - 2 * n)) * mp.zeta(2 * n) / pi ** (2 * n) for n in range(1, 18)]
print("x / sinh x:", [float(c) for c in ratio])

chebyshev = (1 + np.cos(np.pi * (np.arange(400) + 0.5) / 400)) / 2
b, s = chebyshev, chebyshev / 3
two_poles = lambda c, b: b * (c[0] + c[1] / (c[2] - b) + c[3] / (c[4] - b))
minimax("-log(1 - b/2)/b: flat, height and pole twice", two_poles, -np.log1p(-b / 2), b, [0.1, 0.5, 5, 0.6, 3])
one_pole = lambda c, s: s * (c[0] + c[1] * s * s + c[2] / (c[3] - s * s))
minimax("log((1 + s)/(1 - s))/s: flat, slope, height, pole", one_pole, 2 * np.arctanh(s), s, [1, 0.1, 1.5, 1.67])
