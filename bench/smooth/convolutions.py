"""Convolutions of functions of pieces with kernels, by Arb's certified quadrature in 30 digits.

    python3 bench/smooth/convolutions.py [FILE] < cases.json > values.json

Needs python-flint. A case is {"kernel", "width", "breaks", "pieces", "points"}: pieces are lists of [coefficient, power, rate], rate null
for a polynomial. The answer holds value, first and second derivative at every point. FILE keeps what is known from earlier runs.

The densities are written down again here, for u >= 0, and integrated numerically: T_n(d), the integral of (u - d)^n times the density
over u > d, and from it everything else, where no difference cancels. Where T_n diverges, and for pieces with exponentials, the
product of function and density is integrated itself. Numbers are balls that hold the true one; a ball too wide is an error.
"""
import hashlib
import json
import os
import platform
import sys
from functools import lru_cache
from math import comb, factorial, inf
from multiprocessing import Pool

import flint
from flint import acb, arb, arb_series, ctx, fmpq

DIGITS = 30
ctx.dps = DIGITS + 6
PI = arb.pi()
HALF = fmpq(1, 2)
# Below it a number is 0 in float64, whatever it is multiplied by.
NOTHING = arb(10) ** -1000
BUMP = (-arb(1) / 2).exp() * (arb(1, 0) / 2).bessel_k(1) - (-arb(1) / 2).exp() * (arb(1) / 2).bessel_k(0)


def exact(number):
    return fmpq(*float(number).as_integer_ratio())


def cubic(u, from_knot):
    return (2 - u) ** 3 / 6 if from_knot else arb(2) / 3 - u * u + u**3 / 2


def bell(u):
    return (-u * u / 2).exp() / (2 * PI).sqrt()


def sech(u):
    decay = (-PI * u / 2).exp()
    return decay / (1 + decay * decay)


def logistic(u):
    decay = (-u).exp()
    return decay / (1 + decay) ** 2


# Density for u inside the radius (and whether u lies beyond the knot, where there is one), radius, knot.
ON_AN_INTERVAL = {
    "box": (lambda u, _: u * 0 + HALF, 1, None),
    "triangular": (lambda u, _: 1 - u, 1, None),
    "cubicSpline": (cubic, 2, 1),
    "epanechnikov": (lambda u, _: 3 * (1 - u * u) / 4, 1, None),
    "biweight": (lambda u, _: 15 * (1 - u * u) ** 2 / 16, 1, None),
    "triweight": (lambda u, _: 35 * (1 - u * u) ** 3 / 32, 1, None),
    "cosine": (lambda u, _: PI / 4 * (PI * u / 2).cos(), 1, None),
    "raisedCosine": (lambda u, _: (1 + (PI * u).cos()) / 2, 1, None),
    "bump": (lambda u, _: (-1 / ((1 - u) * (1 + u))).exp() / BUMP, 1, None),
}
# Density, and how far beyond d it is looked at.
DECAYING = {
    "gaussian": (bell, 20),
    "logistic": (logistic, 110),
    "hyperbolicSecant": (sech, 75),
    "laplace": (lambda u: (-u).exp() / 2, 110),
}
# Factor and p of factor (1 + u^2)^(-p/2).
ALGEBRAIC = {"algebraic": (HALF, 3), "t3": (2 / PI, 4), "t5": (8 / (3 * PI), 6), "cauchy": (1 / PI, 2)}


def density(name, u):
    """At a number or a power series of u >= 0, inside the radius."""
    if name in DECAYING:
        return DECAYING[name][0](u)
    if name in ALGEBRAIC:
        factor, p = ALGEBRAIC[name]
        square = 1 + u * u
        return factor / (square * square.sqrt() if p == 3 else square ** (p // 2))
    f, _, knot = ON_AN_INTERVAL[name]
    start = u[0] if isinstance(u, arb_series) else u
    return f(u, knot is not None and start >= knot)


def outside(name, z):
    return name in ON_AN_INTERVAL and abs(z) >= ON_AN_INTERVAL[name][1]


def below(name):
    """The absolute moments below this exist."""
    return ALGEBRAIC[name][1] - 1 if name in ALGEBRAIC else inf


def quadrature(f, low, high):
    """f(u, analytic) over an interval on which it is analytic, to 30 digits."""
    if low == high:
        return arb(0)
    whole = acb.integral(f, arb(low), arb(high), rel_tol=arb(10) ** -DIGITS, abs_tol=NOTHING, eval_limit=10**6)
    return whole.real


def sure(ball, tiny=NOTHING):
    """A number whose ball is narrow enough to round it to float64."""
    assert ball.is_finite() and ball.rad() <= abs(ball.mid()) * arb(10) ** -17 + tiny, str(ball)
    return ball


def rounded(ball):
    """To float64; what nothing tells from 0 is 0, as where the sides of an odd function cancel."""
    if ball.contains(0) and ball.rad() < arb(10) ** -DIGITS:
        return 0.0
    return float(sure(ball, arb(10) ** -320))


@lru_cache(maxsize=None)
def tail(name, n, d):
    """T_n at d >= 0."""
    d = arb(d)
    if name in DECAYING:
        f, reach = DECAYING[name]
        return sure(quadrature(lambda v, _: v**n * f(d + v), 0, reach))
    if name in ALGEBRAIC:
        # v = (1 + d) t/(1 - t), powers of 1 - t taken together.
        factor, p = ALGEBRAIC[name]
        if n + 1 >= p:
            return arb(inf)
        scale = 1 + d

        def mapped(t, analytic):
            rest = 1 - t
            square = rest * rest + (d * rest + scale * t) ** 2
            return t**n * rest ** (p - n - 2) / (square.sqrt(analytic=analytic) * square if p == 3 else square ** (p // 2))

        return sure(factor * scale ** (n + 1) * quadrature(mapped, 0, 1))
    f, end, knot = ON_AN_INTERVAL[name]
    if d >= end:
        return arb(0)
    if name == "bump":
        # u = 1 - 1/y, so that the singularity at 1 is far away.
        y0 = 1 / (1 - d)
        return sure(quadrature(lambda y, _: (1 / y0 - 1 / y) ** n * (-y * y / (2 * y - 1)).exp() / y**2, y0, y0 + 250) / BUMP)
    if knot is None or d >= knot:
        return sure(quadrature(lambda u, _: (u - d) ** n * f(u, knot is not None), d, end))
    inner = quadrature(lambda u, _: (u - d) ** n * f(u, False), d, knot)
    return sure(inner + quadrature(lambda u, _: (u - d) ** n * f(u, True), knot, end))


@lru_cache(maxsize=None)
def variance(name):
    assert abs(2 * tail(name, 0, fmpq(0)) - 1) < arb(10) ** -25, name
    return 2 * tail(name, 2, fmpq(0)) if below(name) > 2 else arb(0)


def slope_of_density(name, z):
    """By power series; 0 at a corner in the middle."""
    if z == 0 or outside(name, z):
        return arb(0)
    rise = density(name, arb_series([arb(abs(z)), 1], prec=2))[1]
    return rise if z > 0 else -rise


def deviation(name, n, z):
    """I_n(z) less the sharp power convolved: no difference in it. D_-1 is the density and D_-2 its derivative."""
    if n == -2:
        return slope_of_density(name, z)
    if n == -1:
        return arb(0) if outside(name, z) else density(name, arb(abs(z)))
    return tail(name, n, -z) if z <= 0 else -((-1) ** n) * tail(name, n, z)


def derivative(terms):
    out = []
    for c, p, r in terms:
        if p:
            out.append((c * p, p - 1, r))
        if r:
            out.append((c * r, p, r))
    return out


def value(terms, x):
    return sum((c * x**p * (exponential(r, x) if r else 1) for c, p, r in terms), arb(0))


def exponential(rate, x):
    return (x * rate if isinstance(x, acb) else arb(x) * rate).exp()


def jump(left, right, a, n):
    """Taylor coefficient of right - left at a, 0 where only the rounding of the coefficients differs."""
    for _ in range(n):
        left, right = derivative(left), derivative(right)
    height = (value(right, a) - value(left, a)) / factorial(n)
    return None if abs(height) < arb(10) ** -15 else height


def by_tails(name, width, breaks, pieces, x):
    """The piece at x convolved, and what every break adds: everything from T_n, and nothing cancels."""
    m = variance(name)
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
                if c is None:
                    continue
                for i in range(k):
                    c *= n - i if n > i else 1
                total += c * width ** (n - k) * deviation(name, n - k, z)
        out.append(total)
    return out


def directly(name, width, breaks, pieces, x):
    """The integral of f(x - wu) and its derivatives times the density, term by term of each piece."""
    out = []
    for k in range(3):
        functions = pieces
        for _ in range(k):
            functions = [derivative(piece) for piece in functions]
        total = arb(0)
        ends = [inf] + [(x - a) / width for a in breaks] + [-inf]
        for piece, high, low in zip(functions, ends, ends[1:]):
            for c, p, r in piece:
                # The half of the kernel right of 0, and its mirror image.
                total += c * half(name, p, r, x, -width, max(low, fmpq(0)) if low != -inf else fmpq(0), high)
                total += c * half(name, p, r, x, width, max(-high, fmpq(0)) if high != inf else fmpq(0), -low)
        for j in range(k):
            for a, before, after in zip(breaks, pieces, pieces[1:]):
                c = jump(before, after, a, j)
                if c is not None:
                    total += c * factorial(j) * width ** -(k - j) * deviation(name, j - k, (x - a) / width)
        out.append(total)
    return out


@lru_cache(maxsize=None)
def half(name, power, rate, x, step, low, high):
    """The integral of t^power e^(rate t) times the density over low < u < high, 0 <= low, with t = x + step u."""
    if high != inf and low >= high:
        return arb(0)
    term = [(1, power, rate)]
    if name in ON_AN_INTERVAL:
        f, end, knot = ON_AN_INTERVAL[name]
        high = min(high, fmpq(end)) if high != inf else fmpq(end)
        cuts = [low, *([fmpq(knot)] if knot is not None and low < knot < high else []), high]
        parts = [(a, b, knot is not None and a >= knot) for a, b in zip(cuts, cuts[1:]) if a < b]
        return sum((quadrature(lambda u, _, beyond=beyond: value(term, x + step * u) * f(u, beyond), a, b) for a, b, beyond in parts), arb(0))
    if name in DECAYING:
        f, reach = DECAYING[name]
        high = min(high, low + 2 * reach) if high != inf else low + 2 * reach
        return quadrature(lambda u, _: value(term, x + step * u) * f(u), low, high)
    return algebraic_half(name, term, x, step, low, high)


def algebraic_half(name, term, x, step, low, high):
    factor, p = ALGEBRAIC[name]
    [(_, power, rate)] = term

    def mass(square, analytic):
        return square * square.sqrt(analytic=analytic) if p == 3 else square ** (p // 2)

    if high == inf and rate:
        # The exponential dies out; where it grows, the convolution diverges.
        high = low + fmpq(int(120 / float(abs(rate * step))) + 1)
    if high != inf:
        return factor * quadrature(lambda u, analytic: value(term, x + step * u) / mass(1 + u * u, analytic), low, high)
    assert power < p - 1, "the convolution diverges"
    turn = max(low, fmpq(1))
    near = quadrature(lambda u, analytic: (x + step * u) ** power / mass(1 + u * u, analytic), low, turn)
    # Beyond: u = 1/y.
    far = quadrature(lambda y, analytic: (x * y + step) ** power * y ** (p - 2 - power) / mass(1 + y * y, analytic), 0, 1 / turn)
    return factor * (near + far)


def growth(piece):
    return max((p for c, p, r in piece if not r), default=-1)


def solve(case):
    name, width = case["kernel"], exact(case["width"])
    breaks = [exact(a) for a in case["breaks"]]
    pieces = [[(exact(c), p, exact(r) if r else None) for c, p, r in piece] for piece in case["pieces"]]
    degree = max(growth(piece) for piece in pieces)
    exponentials = any(r for piece in pieces for _, _, r in piece)
    method = directly if exponentials or degree >= below(name) else by_tails
    return [[rounded(v) for v in method(name, width, breaks, pieces, exact(x))] for x in case["points"]]


def key(case):
    return hashlib.sha256(json.dumps(case, sort_keys=True).encode()).hexdigest()


def keyed(case):
    return key(case), solve(case)


def main(kept):
    cases = json.load(sys.stdin)
    known = {}
    if kept is not None and os.path.exists(kept):
        with open(kept) as lines:
            known = dict(json.loads(line) for line in lines if line.endswith("\n"))
    wanted = [case for case in cases if key(case) not in known]
    # Cases of one kernel and width share their tails.
    with Pool() as pool, open(kept or os.devnull, "a") as out:
        for name, rows in pool.imap_unordered(keyed, sorted(wanted, key=lambda case: (case["kernel"], case["width"])), chunksize=8):
            known[name] = rows
            out.write(json.dumps([name, rows]) + "\n")
            out.flush()
    tool = f"python-flint {flint.__version__}, Python {platform.python_version()}"
    json.dump({"tool": tool, "digits": DIGITS, "values": [known[key(case)] for case in cases]}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
