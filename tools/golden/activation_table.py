"""What the generators of golden activation values share: points, derivatives to hundreds of digits, moments, and compact JSON.

A case is a name, parameters, and a function of a point that returns the formula that holds there. Derivatives are central
differences of that formula at 1000 digits, so that none is written by hand; moments and gains are integrals at 25 digits.
"""
import json
import platform
import struct
import sys

import mpmath
from mpmath import mp, mpf

DIGITS = 1000
STEP = mpf(10) ** -200


def single(x):
    """The nearest float32: the points can then be asked of float32 arithmetic too."""
    return struct.unpack("f", struct.pack("f", x))[0]


def grid():
    """±10^-30 … 10^30, densely where most happens, and 0."""
    wide = [10 ** (-30 + 60 * i / 120) for i in range(121)]
    dense = [10 ** (-2 + 4 * i / 120) for i in range(121)]
    sizes = sorted({single(size) for size in wide + dense})
    return [-size for size in reversed(sizes)] + [0.0] + sizes


def smooth(f):
    """One formula everywhere."""
    return lambda x: f


def pieces(*branches):
    """The formula of the first condition that holds: (condition, formula), …; at a kink that decides its slope."""
    def at(x):
        return next(f for holds, f in branches if holds(x))
    return at


def left_of(edge):
    """x ≤ edge."""
    return lambda x: x <= edge


def always(x):
    return True


def derivatives(at, x):
    """Value and three derivatives."""
    f = at(x)
    h = abs(x) * STEP if x != 0 else STEP
    low2, low, middle, high, high2 = (f(x + k * h) for k in (-2, -1, 0, 1, 2))
    third = (high2 - 2 * high + 2 * low - low2) / (2 * h ** 3)
    return middle, (high - low) / (2 * h), (high - 2 * middle + low) / h ** 2, third


def number(x):
    """The nearest float64, short; 1e999 is how JSON says infinity."""
    try:
        value = float(x)
    except OverflowError:
        value = float("inf") if x > 0 else float("-inf")
    if value in (float("inf"), float("-inf")):
        return "1e999" if value > 0 else "-1e999"
    text = repr(int(value)) if value == int(value) and abs(value) < 1e16 else repr(value)
    return text


def expectation(g, kinks):
    """E g(z) for z from the standard normal law, the integral cut at kinks."""
    edges = sorted({mpf(edge) for edge in [*kinks, *range(-14, 15)] if abs(edge) <= 14})
    total = mpf(0)
    for low, high in zip(edges, edges[1:]):
        for node, weight in LEGENDRE:
            x = (low + high + node * (high - low)) / 2
            total += g(x) * mpmath.exp(-x * x / 2) * weight * (high - low) / 2
    return total / mpmath.sqrt(2 * mp.pi)


def gain(at, kinks):
    """The g in 1/16 … 16 with E f(g z)² = 1; where there is none, 1 / √E f(z)²."""
    def log_power(log_gain):
        g = mpmath.exp(log_gain)
        return mpmath.log(max(expectation(lambda z: at(g * z)(g * z) ** 2, [kink / g for kink in kinks]), mpf(10) ** -300))

    low, high = -mpmath.log(16), mpmath.log(16)
    if log_power(low) < 0 < log_power(high):
        return mpmath.exp(mpmath.findroot(log_power, (low, high), solver="anderson", tol=1e-17))
    return mpmath.exp(-log_power(mpf(0)) / 2)


def legendre(count):
    """Nodes and weights of the Gauss–Legendre rule."""
    with mp.workdps(50):
        rule = []
        for i in range(count):
            x = mpmath.cos(mp.pi * (i + mpf(3) / 4) / (count + mpf(1) / 2))
            for _ in range(8):
                p = mpmath.legendre(count, x)
                dp = count * (mpmath.legendre(count - 1, x) - x * p) / (1 - x * x)
                x -= p / dp
            rule.append((x, 2 / ((1 - x * x) * dp ** 2)))
        return rule


LEGENDRE = legendre(24)


def row(case, points):
    name, parameters, at, *rest = case
    kinks = [mpf(kink) for kink in (rest[0] if rest else [])]
    with mp.workdps(DIGITS):
        table = [derivatives(at, mpf(x)) for x in points]
    body = [f'"name":{json.dumps(name)}', f'"parameters":{json.dumps(parameters, separators=(",", ":"))}']
    for i, key in enumerate(["value", "first", "second", "third"]):
        body.append(f'"{key}":[{",".join(number(line[i]) for line in table)}]')
    with mp.workdps(25):
        integrals = {
            "mean": expectation(lambda z: at(z)(z), kinks),
            "secondMoment": expectation(lambda z: at(z)(z) ** 2, kinks),
            "gain": gain(at, kinks),
        }
    body += [f'"{label}":{number(x)}' for label, x in integrals.items()]
    print(f"{name} {parameters}", file=sys.stderr)
    return "{" + ",".join(body) + "}"


def near(kink):
    """A kink and its float32 neighbours."""
    here = single(kink)
    if here == 0:
        return []
    bits = struct.unpack("i", struct.pack("f", here))[0]
    return [here, *(struct.unpack("f", struct.pack("i", bits + step))[0] for step in (-1, 1))]


def write(family, cases):
    """Cases at the points of the grid, and at the kinks of all of them."""
    kinks = {x for _, _, _, *rest in cases for kink in (rest[0] if rest else []) for x in near(float(kink))}
    points = sorted({*grid(), *kinks})
    provenance = {
        "tools": {"mpmath": mpmath.__version__, "python": platform.python_version()},
        "precision": f"{DIGITS} digits, written as the nearest float64; integrals at 25 digits",
        "command": f"python3 tools/golden/activations-{family}.py (needs mpmath)",
    }
    rows = ",\n".join(row(case, points) for case in cases)
    listed = ",".join(map(number, points))
    with open(f"test/golden/activations-{family}.json", "w", encoding="utf-8") as file:
        file.write(f'{{"provenance":{json.dumps(provenance)},\n"points":[{listed}],\n"cases":[\n{rows}\n]}}\n')
