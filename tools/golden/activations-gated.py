"""Self-gated, smooth-maximum and rational activations with three derivatives, and their moments under the standard normal law.

    python tools/golden/activations-gated.py

Needs mpmath. Writes test/golden/activations-gated.json.
"""
import mpmath
from mpmath import mpf

from jet import (cauchy_cdf, erf, exp, expm1, large_exp, lift, log1p, mp, normal_cdf, normal_pdf, sigmoid, sin, softplus, sqrt,
                 tanh, variable, write)

HALF = mpf(1) / 2


def number(x):
    """A parameter as the float64 that the library sees."""
    return mpf(float(x))


def swish(b):
    return lambda x: x * sigmoid(b * x)


def erf_act(a, b):
    return lambda x: x * erf(a * large_exp(b * x))


def pserf(g, d):
    return lambda x: x * erf(g * softplus(d * x))


def logish(a, b):
    return lambda x: a * x * log1p(sigmoid(b * x))


def smish(a, b):
    return lambda x: a * x * tanh(log1p(sigmoid(b * x)))


def swim(k):
    # ½(1 + u/√(1 + u²)) on the left as ½/(√(1 + u²)(√(1 + u²) − u)), where nothing cancels.
    def f(x):
        u = k * x
        h = sqrt(u * u + 1)
        return x * (HALF + HALF * u / h if u.value > 0 else HALF / (h * (h - u)))
    return f


def aria(a, b):
    return lambda x: x * exp(-a * softplus(-b * x))


def aglu(k, l):
    return lambda x: x * exp(-(softplus(mpmath.log(l) - k * x) / l))


def colu(x):
    if x.value < 0:
        w = exp(x + exp(x))
        return x * w / (w - x)
    return x / (1 - x * exp(-(x + large_exp(x))))


def golu(x):
    return x * exp(-large_exp(-x))


def gish(x):
    return x * log1p(-expm1(-large_exp(x)))


def lalu(x):
    tail = exp(x if x.value < 0 else -x) / 2
    return x * (tail if x.value < 0 else 1 - tail)


def elish(x):
    return sigmoid(x) * (x if x.value > 0 else expm1(x))


def expanded(f, a):
    return lambda x: (1 + 2 * a) * f(x) - a * x


def ramp(x, w):
    return (x + sqrt(x * x + w * w)) / 2


def smu(a, m):
    return lambda x: a * x + (1 - a) * x * normal_cdf(mpmath.sqrt(2) * m * (1 - a) * x)


def sau(a, e):
    return lambda x: a * x + (1 - a) * e * (x / e * normal_cdf(x / e) + normal_pdf(x / e))


def acon(p, q, b):
    return lambda x: (p - q) * x * sigmoid(b * (p - q) * x) + q * x


def asau(a, b, c):
    return lambda x: a * x + (1 - a) * x * tanh(c * softplus((1 - a) * b * x))


def pade(top, bottom):
    def f(x):
        size = x if x.value > 0 else -x
        above = below = lift(0)
        for a in reversed(top):
            above = above * x + a
        for b in reversed(bottom):
            below = (below + abs(b)) * size
        return above / (below + 1)
    return f


def hermite_pade(c, d):
    def f(x):
        size = x if x.value > 0 else -x
        square = x * x - 1
        bent = square if square.value > 0 else -square
        return (c[0] + c[1] * x + c[2] * square + c[3] * (x * x * x - 3 * x)) / (1 + d[0] * size + d[1] * bent)
    return f


def xielu(p, n, b):
    return lambda x: p * x * x + b * x if x.value > 0 else n * (expm1(x) - x) + b * x


def xiprelu(p, n, b):
    return lambda x: (p if x.value > 0 else n) * x * x + b * x


def poly_relu(*a):
    def f(x):
        r = x if x.value > 0 else lift(0)
        return a[0] + a[1] * r + a[2] * r * r + a[3] * r * r * r
    return f


def gelu(x):
    return x * normal_cdf(x)


def mish(x):
    return x * tanh(softplus(x))


def silu_slope(x):
    s = sigmoid(x)
    return s * (1 + x * sigmoid(-x))


def dsilu(x):
    return silu_slope(x)


def case(name, f, parameters=None, kinks=()):
    """f itself, or, with parameters, what makes it of their numbers."""
    values = {key: number(value) for key, value in (parameters or {}).items()}
    return name, parameters or {}, (f(**values) if parameters else f), kinks


def with_names(f, *names):
    return lambda **values: f(*(values[name] for name in names))


def family(name, f, names, *choices, kinks=()):
    return [case(name, with_names(f, *names), dict(zip(names, choice)), kinks) for choice in choices]


PADE = ([0.02996348, 0.61690165, 2.37539147, 3.06608078, 1.52474449, 0.25281987],
        [1.19160814, 4.40811795, 0.91111034, 0.34885983])
HERMITE = ([0.71975, 1.07111, 0.58003, 0.1391, 0.48874, 0.15384], [0.1, 1.0, 0.25, 0.5, 0.0, 1.5])
HERMITE_NAMES = ["c0", "c1", "c2", "c3", "d1", "d2"]
PADE_NAMES = [f"a{i}" for i in range(6)] + [f"b{i}" for i in range(1, 5)]

def gelu_tanh(x):
    return x * sigmoid(2 * mpmath.sqrt(2 / mp.pi) * (x + number("0.044715") * x * x * x))


cases = [
    case("gelu", gelu),
    case("geluTanh", gelu_tanh),
    case("silu", swish(1)),
    *family("softplus", lambda b: lambda x: 1 / b * softplus(b * x), ["beta"], [1.0], [2.0]),
    case("quickGelu", swish(number(1.702))),
    *family("swish", swish, ["beta"], [1.0], [0.5], [2.0]),
    *family("eSwish", lambda b: lambda x: b * x * sigmoid(x), ["beta"], [1.375], [2.0]),
    case("mish", mish),
    case("serf", lambda x: x * erf(softplus(x))),
    case("tanhExp", lambda x: x * tanh(large_exp(x))),
    *family("erfAct", erf_act, ["alpha", "beta"], [0.75, 0.75], [1.0, 0.5]),
    *family("pserf", pserf, ["gamma", "delta"], [1.25, 0.85], [1.0, 1.0]),
    case("phish", lambda x: x * tanh(gelu(x))),
    *family("logish", logish, ["alpha", "beta"], [1.0, 1.0], [2.0, 0.5]),
    *family("smish", smish, ["alpha", "beta"], [1.0, 1.0], [2.0, 0.5]),
    case("lisht", lambda x: x * tanh(x)),
    case("tanhShrink", lambda x: x - tanh(x)),
    case("colu", colu),
    *family("aria2", aria, ["alpha", "beta"], [1.5, 2.0], [0.5, 1.0]),
    *family("aglu", aglu, ["kappa", "lambda"], [1.0, 1.0], [2.0, 0.5]),
    case("lalu", lalu, kinks=[0]),
    case("atlu", lambda x: x * cauchy_cdf(x)),
    *family("xAtlu", lambda a: expanded(lambda x: x * cauchy_cdf(x), a), ["alpha"], [0.0], [0.25]),
    *family("xGelu", lambda a: expanded(gelu, a), ["alpha"], [0.0], [0.25]),
    *family("xSilu", lambda a: expanded(swish(1), a), ["alpha"], [0.0], [0.25]),
    *family("swim", swim, ["k"], [0.5], [1.0]),
    case("bentIdentity", lambda x: (sqrt(x * x + 1) - 1) / 2 + x),
    case("elish", elish, kinks=[0]),
    case("gish", gish),
    case("golu", golu),
    case("sinSig", lambda x: x * sin(mp.pi / 2 * sigmoid(x))),
    case("dSilu", dsilu),
    *family("bSilu", lambda a: lambda x: x * sigmoid(x) + a / 2 * tanh(x / 2), ["alpha"], [1.67], [0.5]),
    *family("swishT", lambda a, b: lambda x: x * sigmoid(b * x) + a * tanh(x), ["alpha", "beta"], [0.1, 1.0], [0.25, 2.0]),
    *family("squareplus", lambda b: lambda x: ramp(x, mpmath.sqrt(b)), ["b"], [4.0], [1.0]),
    *family("sau", sau, ["alpha", "width"], [0.15, 1.0], [0.25, 0.5]),
    *family("smu", smu, ["alpha", "mu"], [0.25, 1.0], [0.0, 0.75]),
    *family("smu1", lambda a, m: lambda x: a * x + ramp((1 - a) * x, m), ["alpha", "mu"], [0.25, 1.0], [0.0, 0.5]),
    *family("aconB", lambda p, b: acon(mpf(1), p, b), ["p2", "beta"], [0.25, 1.0], [0.5, 2.0]),
    *family("aconC", acon, ["p1", "p2", "beta"], [1.0, 0.25, 1.0], [2.0, 0.5, 2.0]),
    *family("asau", asau, ["alpha", "w1", "w2"], [0.01, 1.0, 1.0], [0.25, 2.0, 0.5]),
    *family("smoothSquaredRelu", lambda a: lambda x: x * ramp(x, a), ["width"], [0.2], [1.0]),
    case("pau", lambda **v: pade([v[f"a{i}"] for i in range(6)], [v[f"b{i}"] for i in range(1, 5)]),
         dict(zip(PADE_NAMES, PADE[0] + PADE[1])), [0]),
    *family("opau", lambda *v: hermite_pade(v[:4], v[4:]), HERMITE_NAMES, *HERMITE, kinks=[-1, 0, 1]),
    *family("xielu", xielu, ["alphaP", "alphaN", "beta"], [0.8, 0.8, 0.5], [0.5, 2.0, 1.0], kinks=[0]),
    *family("xiprelu", xiprelu, ["alphaP", "alphaN", "beta"], [0.8, 0.8, 0.5], [0.5, 2.0, 1.0], kinks=[0]),
    *family("polyRelu", poly_relu, ["a0", "a1", "a2", "a3"], [0.0, 1 / 3, 1 / 3, 1 / 3], [0.5, 1.0, 0.25, 0.5], kinks=[0]),
]

if __name__ == "__main__":
    write("test/golden/activations-gated.json", "tools/golden/activations-gated.py", cases)
