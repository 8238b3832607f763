"""Smooth maxima and soft order of rows, with their gradients, to thirty digits and by PyTorch.

    python tools/golden/smooth_several.py > test/golden/smooth-several.json

Needs mpmath and torch. Gaussian maxima are integrals of the distribution function of the maximum; entmax and thresholds are
found by bisection; ranks are sums over pairs. Gradients are differences at twice the digits. PyTorch differentiates the textbook
forms of log-sum-exp, its kin and the pairwise ranks by itself.
"""
import json
import platform
import random

import mpmath
import torch
from mpmath import mp, mpf

mp.dps = 40
WIDTH = 0.5


def cdf_laplace(z):
    return mpmath.exp(z) / 2 if z < 0 else 1 - mpmath.exp(-z) / 2


def cdf_logistic(z):
    return 1 / (1 + mpmath.exp(-z))


cdfs = {"laplace": cdf_laplace, "logistic": cdf_logistic, "gaussian": mpmath.ncdf,
        "cauchy": lambda z: mpf(1) / 2 + mpmath.atan(z) / mp.pi,
        "box": lambda z: min(max((z + 1) / 2, mpf(0)), mpf(1))}


# Maxima ---------------------------------------------------------------------------------------------------------------

def softmax(x, w):
    weights = [mpmath.exp((v - max(x)) / w) for v in x]
    return [p / sum(weights) for p in weights]


def entmax(x, w, alpha):
    z = [(alpha - 1) * v / w for v in x]
    low, high = max(z) - 1, max(z)
    for _ in range(150):
        middle = (low + high) / 2
        total = sum((v - middle) ** (1 / (alpha - 1)) for v in z if v > middle)
        low, high = (middle, high) if total > 1 else (low, middle)
    return [(v - low) ** (1 / (alpha - 1)) if v > low else mpf(0) for v in z]


def log_sum_exp(x, w):
    return w * mpmath.log(sum(mpmath.exp((v - max(x)) / w) for v in x)) + max(x)


def moreau(x, w):
    p = entmax(x, w, mpf(2))
    return sum(a * b for a, b in zip(p, x)) - w / 2 * sum(a * a for a in p)


def tsallis(x, w):
    p = entmax(x, w, mpf("1.5"))
    return sum(a * b for a, b in zip(p, x)) + w * mpf(4) / 3 * (1 - sum(a ** mpf("1.5") for a in p))


def gaussian_maximum(x, w):
    """max + ∫ 1 − Π Φ above it − ∫ Π Φ below it."""
    top = max(x)
    below = lambda y: mpmath.fprod(mpmath.ncdf((y - v) / w) for v in x)
    cuts = [0, w, 2 * w, 4 * w, 8 * w, 14 * w]
    return top + mpmath.quad(lambda y: 1 - below(y + top), cuts) - mpmath.quad(lambda y: below(top - y), cuts)


def folded(join):
    def value(x, w):
        left = list(x)
        while len(left) > 1:
            half = len(left) // 2
            left = [join(left[i], left[i + half], w) for i in range(half)] + left[2 * half:]
        return left[0]
    return value


def laplace_pair(a, b, w):
    return max(a, b) + w / 2 * mpmath.exp(-abs(a - b) / w)


def smu_pair(a, b, w):
    return (a + b + (a - b) * mpmath.erf((a - b) / (w * mpmath.sqrt(2)))) / 2


maxima = {
    "logSumExp": log_sum_exp,
    "mellowmax": lambda x, w: log_sum_exp(x, w) - w * mpmath.log(len(x)),
    "boltzmann": lambda x, w: sum(p * v for p, v in zip(softmax(x, w), x)),
    "pNorm": lambda x, w: sum(abs(v) ** (1 / w) for v in x) ** w,
    "gaussianMaximum": gaussian_maximum,
    "moreau": moreau,
    "tsallis": tsallis,
    "laplaceMaximum": folded(laplace_pair),
    "smu": folded(smu_pair),
}


def gradient(f, x, h=mpf(10) ** -15):
    slopes = []
    for j in range(len(x)):
        ahead, back = ([v + sign * h * (i == j) for i, v in enumerate(x)] for sign in (1, -1))
        slopes.append(float((f(ahead) - f(back)) / (2 * h)))
    return slopes


# Order ----------------------------------------------------------------------------------------------------------------

def ranks(x, w, cdf):
    return [1 + sum(cdf((v - u) / w) for j, u in enumerate(x) if j != i) for i, v in enumerate(x)]


def threshold(x, w, cdf, level):
    low, high = min(x) - 1000 * w, max(x) + 1000 * w
    for _ in range(160):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(cdf((v - middle) / w) for v in x) > level else (low, middle)
    return (low + high) / 2


def ordered(x, w, cdf):
    return [threshold(x, w, cdf, len(x) - mpf(1) / 2 - k) for k in range(len(x))]


def mask(x, w, cdf, k):
    theta = threshold(x, w, cdf, mpf(k))
    return [cdf((v - theta) / w) for v in x]


def weighted(f, x):
    weights = [mpmath.cos(mpf(17) * i / 10 + mpf(3) / 10) for i in range(64)]
    return sum(a * b for a, b in zip(weights, f(x)))


def exact(row):
    return [mpf(v) for v in row]


random.seed(11)
rows = [[0.3, 1.0, 0.9, 0.2, 0.35], [2.0, -1.0], [0.25], [1.5, 1.5, 1.5, 0.5], [5.0, 40.0, -3.0, 39.5, 12.0, 39.75, 0.0]]
rows += [[random.gauss(0, 1) for _ in range(8)]]
positive = [[abs(v) for v in row] for row in rows]
w = mpf(WIDTH)

maximum_cases = []
for name, f in maxima.items():
    for row in positive if name == "pNorm" else rows:
        tied = len(set(row)) < len(row)
        value = f(exact(row), w)
        case = {"name": name, "row": row, "value": float(value)}
        if not (tied and name in ("laplaceMaximum",)):
            case["gradient"] = gradient(lambda x: f(x, w), exact(row))
        maximum_cases.append(case)

order_cases = []
for kernel, cdf in cdfs.items():
    for row in rows:
        x = exact(row)
        case = {"kernel": kernel, "row": row, "ranks": [float(v) for v in ranks(x, w, cdf)]}
        # A kernel of bounded reach leaves a threshold open between entries far apart; a level between whole numbers does not.
        k = 0.75 * len(row) if len(row) > 1 else 0.5
        k = k + 0.25 if k == int(k) else k
        case["k"] = k
        case["sorted"] = [float(v) for v in ordered(x, w, cdf)]
        case["mask"] = [float(v) for v in mask(x, w, cdf, k)]
        smooth = kernel != "box" and (kernel != "laplace" or len(set(row)) == len(row))
        if smooth and kernel in ("laplace", "gaussian"):
            for key, f in (("ranks", lambda y: ranks(y, w, cdf)), ("sorted", lambda y: ordered(y, w, cdf)),
                           ("mask", lambda y: mask(y, w, cdf, k))):
                case[key + "Gradient"] = gradient(lambda y: weighted(f, y), x, mpf(10) ** -12)
        order_cases.append(case)

largest = {}
for count in (2, 10, 100, 1000):
    density = lambda z: z * count * mpmath.npdf(z) * mpmath.ncdf(z) ** (count - 1)
    largest[count] = float(mpmath.quad(density, [-12, -6, -3, -1, 0, 1, 2, 3, 4, 5, 6, 8, 14]))

# PyTorch --------------------------------------------------------------------------------------------------------------


def torch_ranks(x):
    difference = (x[:, None] - x[None, :]) / WIDTH
    return 0.5 + torch.sigmoid(difference).sum(1)


torch_forms = {
    "logSumExp": lambda x: WIDTH * torch.logsumexp(x / WIDTH, 0),
    "boltzmann": lambda x: (x * torch.softmax(x / WIDTH, 0)).sum(),
    "pNorm": lambda x: torch.linalg.vector_norm(x, 1 / WIDTH),
    "softRank": lambda x: (torch_ranks(x) * torch.cos(1.7 * torch.arange(len(x), dtype=torch.float64) + 0.3)).sum(),
    "softArgmax": lambda x: (torch.softmax(x / WIDTH, 0) * torch.arange(len(x), dtype=torch.float64)).sum(),
}
torch_cases = []
for name, f in torch_forms.items():
    for row in positive if name == "pNorm" else rows:
        x = torch.tensor(row, dtype=torch.float64, requires_grad=True)
        value = f(x)
        first, = torch.autograd.grad(value, x, create_graph=True)
        direction = torch.sin(1.0 + torch.arange(len(row), dtype=torch.float64))
        second, = torch.autograd.grad((first * direction).sum(), x)
        torch_cases.append({"name": name, "row": row, "value": value.item(), "gradient": first.tolist(), "second": second.tolist()})

print(json.dumps({
    "provenance": {
        "tools": {"mpmath": mpmath.__version__, "torch": torch.__version__, "python": platform.python_version()},
        "precision": f"{mp.dps} digits; PyTorch float64",
        "command": "python tools/golden/smooth_several.py > test/golden/smooth-several.json (needs mpmath and torch)",
    },
    "width": WIDTH,
    "largest": largest,
    "maxima": maximum_cases,
    "order": order_cases,
    "torch": torch_cases,
}, separators=(",", ":")))
