"""Coefficients of src/ops/precise.ts: python3 tools/coefficients/erfc.py (mpmath 1.3 or later, 60 digits).

erfcx(x) = e^(x^2) erfc(x) for x >= 0 is t times a polynomial in t = 1 / (1 + x/2), which is in (0, 1];
erf(x) for |x| <= 1 is x times a polynomial in x^2. Both are Chebyshev interpolants, printed as powers with their largest
relative error on 2000 points.
"""
from mpmath import mp, mpf, cos, pi, erf, erfc, exp, matrix, lu_solve

mp.dps = 60


def interpolate(f, low, high, degree):
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    system = matrix(degree + 1, degree + 1)
    values = matrix(degree + 1, 1)
    for i, t in enumerate(nodes):
        values[i] = f(t)
        for j in range(degree + 1):
            system[i, j] = t**j
    return list(lu_solve(system, values))


def report(name, f, low, high, degree):
    powers = [mpf(float(c)) for c in interpolate(f, low, high, degree)]
    worst = 0
    for k in range(2001):
        t = low + (high - low) * mpf(k) / 2000
        if t == 0:
            continue
        value = sum(c * t**j for j, c in enumerate(powers))
        worst = max(worst, abs(value / f(t) - 1))
    print(name, "degree", degree, "relative error", mp.nstr(worst, 3))
    print("[" + ", ".join(repr(float(c)) for c in powers) + "]")


def tail(t):
    if t == 0:
        return 1 / (2 * mp.sqrt(pi))
    x = 2 * (1 / t - 1)
    # The continued fraction's limit takes over where e^(x^2) would need more digits than there are.
    if x > 200:
        series = sum((-1) ** n * mp.fac2(2 * n - 1) / (2 * x * x) ** n for n in range(12))
        return series / (x * mp.sqrt(pi)) / t
    return exp(x * x) * erfc(x) / t


def centre(s):
    x = mp.sqrt(s)
    return 2 / mp.sqrt(pi) if s == 0 else erf(x) / x


report("erfcx(x)/t", tail, mpf(0), mpf(1), 22)
report("erf(x)/x", centre, mpf(0), mpf(1), 12)
