"""Convolutions of functions of pieces with kernels, by quadrature with mpmath at 40 digits.

    python3 bench/smooth/convolutions.py < cases.json > values.json

A case is {"kernel", "width", "breaks", "pieces", "points"}: pieces are lists of [coefficient, power, rate], rate null for a polynomial.
The answer holds value, first and second derivative at every point, null where the integral diverges.

The densities are written down again here, and integrated numerically by Gauss-Legendre panels: T_n(d), the integral of (u - d)^n
times the density over u > d, and from it everything else in 40 digits, where no difference cancels. Where T_n diverges, and for
pieces with exponentials, the product of function and density is integrated itself.
"""
import json
import platform
import sys
from functools import lru_cache
from multiprocessing import Pool

import mpmath
from mpmath import cos, cosh, diff, exp, inf, mp, mpf, pi, sqrt

mp.dps = 40


def cubic(u):
    u = abs(u)
    return mpf(2) / 3 - u * u + u**3 / 2 if u < 1 else (2 - u) ** 3 / 6


BUMP = exp(-mpf(1) / 2) * (mpmath.besselk(1, mpf(1) / 2) - mpmath.besselk(0, mpf(1) / 2))


def bump(u):
    return exp(-1 / ((1 - u) * (1 + u))) / BUMP


# Density for u inside the radius, radius, for which n E|U|^n is finite, where the formula changes, and its scale.
KERNELS = {
    "gaussian": (lambda u: exp(-u * u / 2) / sqrt(2 * pi), inf, inf, []),
    "logistic": (lambda u: exp(-abs(u)) / (1 + exp(-abs(u))) ** 2, inf, inf, []),
    "hyperbolicSecant": (lambda u: exp(-pi * abs(u) / 2) / (1 + exp(-pi * abs(u))), inf, inf, []),
    "laplace": (lambda u: exp(-abs(u)) / 2, inf, inf, [0]),
    "box": (lambda u: mpf(1) / 2, 1, inf, []),
    "triangular": (lambda u: 1 - abs(u), 1, inf, [0]),
    "cubicSpline": (cubic, 2, inf, [-1, 0, 1]),
    "epanechnikov": (lambda u: mpf(3) / 4 * (1 - u * u), 1, inf, []),
    "biweight": (lambda u: mpf(15) / 16 * (1 - u * u) ** 2, 1, inf, []),
    "triweight": (lambda u: mpf(35) / 32 * (1 - u * u) ** 3, 1, inf, []),
    "cosine": (lambda u: pi / 4 * cos(pi * u / 2), 1, inf, []),
    "raisedCosine": (lambda u: (1 + cos(pi * u)) / 2, 1, inf, []),
    "bump": (bump, 1, inf, [k for e in (0, "0.3", "0.55", "0.75", "0.87", "0.94", "0.975", "0.99", "0.997") for k in ({mpf(e), -mpf(e)})]),
    "fourthOrderGaussian": (lambda u: (3 - u * u) / 2 * exp(-u * u / 2) / sqrt(2 * pi), inf, inf, []),
    "algebraic": (lambda u: (1 + u * u) ** mpf("-1.5") / 2, inf, 2, []),
    "t3": (lambda u: 2 / pi / (1 + u * u) ** 2, inf, 3, []),
    "t5": (lambda u: 8 / (3 * pi) / (1 + u * u) ** 3, inf, 5, []),
    "cauchy": (lambda u: 1 / (pi * (1 + u * u)), inf, 1, []),
}


def legendre(count):
    """Nodes and weights on -1 ... 1."""
    nodes = []
    for k in range(count):
        x = cos(pi * (k + mpf(3) / 4) / (count + mpf(1) / 2))
        for _ in range(12):
            p, q = mpf(1), mpf(0)
            for n in range(count):
                p, q = ((2 * n + 1) * x * p - n * q) / (n + 1), p
            slope = count * (x * p - q) / (x * x - 1)
            x -= p / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes


RULE = legendre(36)


def fold(f, half, middle):
    total = None
    for x, w in RULE:
        values = f(middle + half * x)
        total = [w * v for v in values] if total is None else [t + w * v for t, v in zip(total, values)]
    return [half * t for t in total]


def integrate(f, edges):
    """f gives several values at once."""
    total = None
    for low, high in zip(edges, edges[1:]):
        if low < high:
            part = fold(f, (high - low) / 2, (high + low) / 2)
            total = part if total is None else [a + b for a, b in zip(total, part)]
    return total


def tails(name, d):
    """T_0 ... T_3 at d >= 0, infinity where they diverge."""
    density, radius, below, knots = KERNELS[name]
    orders = [n for n in range(4) if n < below]
    if d >= radius:
        return [mpf(0)] * 4
    if radius < inf:
        edges = sorted({mpf(d), mpf(radius), *(mpf(k) for k in knots if k > d)})
        values = integrate(lambda u: powers(u - d, density(u), orders), edges)
    elif below < inf:
        # u = d + (1 + d) t/(1 - t): analytic on 0 ... 1.
        scale = 1 + d

        def mapped(t):
            v = scale * t / (1 - t)
            return powers(v, density(d + v) * scale / (1 - t) ** 2, orders)

        values = integrate(mapped, [mpf(k) / 4 for k in range(5)])
    else:
        step = 1 / (1 + d) if "aussian" in name else mpf(1)
        edges, width = [mpf(0)], step
        while edges[-1] < 100 * step and edges[-1] < 110:
            edges.append(edges[-1] + width)
            width = min(width * mpf("1.4"), 12 * step)
        values = integrate(lambda v: powers(v, density(d + v), orders), edges)
    return [values[orders.index(n)] if n in orders else inf for n in range(4)]


def powers(v, height, orders):
    out, power, last = [], height, 0
    for n in orders:
        while last < n:
            power *= v
            last += 1
        out.append(power)
    return out


@lru_cache(maxsize=None)
def known_tails(name, d):
    return tails(name, d)


@lru_cache(maxsize=None)
def moments(name):
    zero = known_tails(name, mpf(0))
    assert abs(2 * zero[0] - 1) < mpf(10) ** -22, name
    return 2 * zero[2] if zero[2] < inf else mpf(0)


def integral(name, n, z):
    """I_n(z); I_-1 is the density and I_-2 its derivative."""
    density, radius, _, _ = KERNELS[name]
    if n < 0:
        if abs(z) >= radius:
            return mpf(0)
        return density(z) if n == -1 else diff(density, z, h=mpf(10) ** -14, relative=False) if z else mpf(0)
    tail = known_tails(name, abs(z))[n]
    if z <= 0:
        return tail
    m = moments(name)
    mean = [mpf(1), z, z * z + m, z**3 + 3 * m * z][n]
    return mean - (-1) ** n * tail


def derivative(terms):
    out = []
    for c, p, r in terms:
        if p:
            out.append((c * p, p - 1, r))
        if r:
            out.append((c * r, p, r))
    return out


def value(terms, x):
    return sum((c * x**p * (exp(r * x) if r else 1) for c, p, r in terms), mpf(0))


def jump(left, right, a, n):
    """Taylor coefficient of right - left at a."""
    for _ in range(n):
        left, right = derivative(left), derivative(right)
    return (value(right, a) - value(left, a)) / mpmath.factorial(n)


def deviation(name, n, z):
    """I_n(z) less the sharp power convolved: no difference in it. D_-1 is the density and D_-2 its derivative."""
    if n < 0 or z <= 0:
        return integral(name, n, z)
    return -((-1) ** n) * known_tails(name, z)[n]


def by_tails(name, width, breaks, pieces, x):
    """The piece at x convolved, and what every break adds: everything from T_n, and nothing cancels."""
    m = moments(name)
    degree = max((p for piece in pieces for _, p, _ in piece), default=0)
    here = pieces[sum(1 for a in breaks if x > a)]
    out = []
    for k in range(3):
        local = here
        for _ in range(k):
            local = derivative(local)
        # p + w^2 m/2 p''.
        total = value(local, x) + width**2 * m / 2 * value(derivative(derivative(local)), x)
        for a, before, after in zip(breaks, pieces, pieces[1:]):
            z = (x - a) / width
            for n in range(degree + 1):
                c = jump(before, after, a, n)
                if abs(c) < mpf(10) ** -15:
                    continue
                for i in range(k):
                    c *= n - i if n > i else 1
                total += c * width ** (n - k) * deviation(name, n - k, z)
        out.append(total)
    return out


def directly(name, width, breaks, pieces, x):
    """The integral of f(x - wu) and its derivatives times the density, piece by piece."""
    density, radius, below, knots = KERNELS[name]
    out = []
    for k in range(3):
        functions = pieces
        for _ in range(k):
            functions = [derivative(piece) for piece in functions]
        total = mpf(0)
        ends = [inf] + [(x - a) / width for a in breaks] + [-inf]
        for piece, high, low in zip(functions, ends, ends[1:]):
            low, high = max(low, -mpf(radius)), min(high, mpf(radius))
            if low < high and piece:
                total += between(name, lambda u: value(piece, x - width * u) * density(u), low, high)
        for j in range(k):
            for a, before, after in zip(breaks, pieces, pieces[1:]):
                c = jump(before, after, a, j) * mpmath.factorial(j)
                if abs(c) > mpf(10) ** -15:
                    total += c * width ** -(k - j) * integral(name, -(k - j), (x - a) / width)
        out.append(total)
    return out


def between(name, f, low, high):
    density, radius, below, knots = KERNELS[name]
    if below < inf:
        # Panels that double, until what is left is below the last digit.
        low, high = max(low, -mpf(2) ** 110), min(high, mpf(2) ** 110)
        cuts = {low, high} | {s * mpf(2) ** k for k in range(-2, 110) for s in (-1, 1) if low < s * mpf(2) ** k < high}
        return integrate(lambda u: [f(u)], sorted(cuts | ({mpf(0)} if low < 0 < high else set())))[0]
    low, high = max(low, mpf(-110)), min(high, mpf(110))
    cuts = {low, high, *(mpf(k) for k in knots if low < k < high)}
    if radius == inf:
        cuts |= {mpf(s) * k for k in (0, mpf("0.5"), 1, 2, 4, 6, 9, 13, 18, 25, 36, 50, 70) for s in (-1, 1) if low < s * k < high}
    return integrate(lambda u: [f(u)], sorted(cuts))[0]


def growth(piece):
    return max((p for c, p, r in piece if not r), default=-1)


def solve(case):
    name, width = case["kernel"], mpf(case["width"])
    breaks = [mpf(a) for a in case["breaks"]]
    pieces = [[(mpf(c), p, mpf(r) if r else None) for c, p, r in piece] for piece in case["pieces"]]
    below = KERNELS[name][2]
    degree = max(growth(piece) for piece in pieces)
    exponential = any(r for piece in pieces for _, _, r in piece)
    method = directly if exponential or degree >= below else by_tails
    return [[float(v) for v in method(name, width, breaks, pieces, mpf(x))] for x in case["points"]]


if __name__ == "__main__":
    cases = json.load(sys.stdin)
    # Cases of one kernel and width share their tails.
    with Pool(2) as pool:
        values = pool.map(solve, cases, chunksize=max(1, len(cases) // 128))
    json.dump({"tool": f"mpmath {mpmath.__version__}, Python {platform.python_version()}", "digits": mp.dps, "values": values}, sys.stdout)
