"""Activations that PyTorch has no function for, written out of its operations as its users write them.

With the parameters that the catalogue has by default. What a user would cut short (a clamp instead of a where) is cut short.
"""

import math

import torch
import torch.nn.functional as F


def cdf(x):
    return 0.5 * (1 + torch.erf(x * 0.7071067811865476))


def hypot(x, width):
    return torch.sqrt(x * x + width * width)


def pade(x, size):
    above = 0.02996348 + x * (0.61690165 + x * (2.37539147 + x * (3.06608078 + x * (1.52474449 + x * 0.25281987))))
    below = 1 + size * (1.19160814 + size * (4.40811795 + size * (0.91111034 + size * 0.34885983)))
    return above / below


COMPOSED = {
    "telu": lambda x: x * torch.tanh(torch.exp(x)),
    "logish": lambda x: x * torch.log1p(torch.sigmoid(x)),
    "serf": lambda x: x * torch.erf(F.softplus(x)),
    "smish": lambda x: x * torch.tanh(torch.log1p(torch.sigmoid(x))),
    "squareplus": lambda x: (x + torch.sqrt(x * x + 4)) / 2,
    "gaussian": lambda x: torch.exp(-x * x),
    "arctan": torch.atan,
    "sine": torch.sin,
    "snake": lambda x: x + torch.sin(x) ** 2,
    "lisht": lambda x: x * torch.tanh(x),
    "quickGelu": lambda x: x * torch.sigmoid(1.702 * x),
    "isru": lambda x: x / torch.sqrt(1 + x * x),
    "isrlu": lambda x: torch.where(x < 0, x / torch.sqrt(1 + x * x), x),
    "bentIdentity": lambda x: (torch.sqrt(x * x + 1) - 1) / 2 + x,
    "gcu": lambda x: x * torch.cos(x),
    "squaredRelu": lambda x: F.relu(x) ** 2,
    "elish": lambda x: torch.where(x >= 0, x * torch.sigmoid(x), (torch.exp(x) - 1) * torch.sigmoid(x)),
    "phish": lambda x: x * torch.tanh(F.gelu(x)),
    "flexibleRelu": lambda x: F.relu(x) - 0.3989422804014327,
    "logRelu": lambda x: torch.log1p(F.relu(x)),
    "shrink": lambda x: torch.where(x.abs() > 0.5, x - 0.25 * torch.sign(x), 0),
    "thresholdedRelu": lambda x: torch.where(x > 1, x, 0),
    "hardMish": lambda x: 0.5 * x * torch.clamp(x + 2, 0, 2),
    "repu": lambda x: F.relu(x) ** 3,
    "smelu": lambda x: torch.where(x.abs() < 2, (x + 2) ** 2 / 8, F.relu(x)),
    "sparsePlus": lambda x: torch.where(x.abs() < 1, (x + 1) ** 2 / 4, F.relu(x)),
    "starRelu": lambda x: 0.8944271909999159 * F.relu(x) ** 2 - 0.4472135954999579,
    "apl": lambda x: F.relu(x) + 0.2 * F.relu(-x),
    "srelu": lambda x: torch.where(x >= 1, 1 + 0.25 * (x - 1), torch.where(x <= -1, -1 + 0.25 * (x + 1), x)),
    "mpelu": lambda x: torch.where(x > 0, x, torch.expm1(x)),
    "pelu": lambda x: torch.where(x > 0, x, torch.expm1(x)),
    "serlu": lambda x: 1.07862 * torch.where(x > 0, x, 2.90427 * x * torch.exp(x)),
    "softExponential": lambda x: (torch.exp(0.5 * x) - 1) / 0.5 + 0.5,
    "sparseSigmoid": lambda x: torch.clamp((x + 1) / 2, 0, 1),
    "tent": lambda x: F.relu(1 - x.abs()),
    "probit": cdf,
    "scaledTanh": lambda x: 1.7159 * torch.tanh(x * (2 / 3)),
    "elliott": lambda x: 0.5 + 0.5 * x / (1 + x.abs()),
    "symlog": lambda x: torch.sign(x) * torch.log1p(x.abs()),
    "complementaryLogLog": lambda x: 1 - torch.exp(-torch.exp(x)),
    "gudermannian": lambda x: 2 * torch.atan(torch.tanh(x / 2)),
    "penalizedTanh": lambda x: torch.where(x > 0, torch.tanh(x), 0.25 * torch.tanh(x)),
    "softClipping": lambda x: (F.softplus(4 * x) - F.softplus(4 * (x - 1))) / 4,
    "sqnl": lambda x: torch.clamp(x, -2, 2) - torch.clamp(x, -2, 2) * torch.clamp(x, -2, 2).abs() / 4,
    "hosc": lambda x: torch.tanh(2 * torch.sin(x)),
    "aconB": lambda x: 0.75 * x * torch.sigmoid(0.75 * x) + 0.25 * x,
    "aconC": lambda x: 0.75 * x * torch.sigmoid(0.75 * x) + 0.25 * x,
    "asau": lambda x: 0.01 * x + 0.99 * x * torch.tanh(F.softplus(0.99 * x)),
    "sau": lambda x: 0.15 * x + 0.85 * (x * cdf(x) + torch.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)),
    "smoothSquaredRelu": lambda x: 0.5 * x * (x + hypot(x, 0.2)),
    "smu": lambda x: 0.5 * (1.25 * x + 0.75 * x * torch.erf(0.75 * x)),
    "smu1": lambda x: 0.5 * (1.25 * x + hypot(0.75 * x, 1)),
    "swim": lambda x: 0.5 * x * (1 + 0.5 * x / torch.sqrt(1 + 0.25 * x * x)),
    "pau": lambda x: pade(x, x.abs()),
    "opau": lambda x: (0.71975 + 1.07111 * x + 0.58003 * (x * x - 1) + 0.1391 * (x * x * x - 3 * x))
    / (1 + 0.48874 * x.abs() + 0.15384 * (x * x - 1).abs()),
    "polyRelu": lambda x: (F.relu(x) + F.relu(x) ** 2 + F.relu(x) ** 3) / 3,
    "xielu": lambda x: torch.where(x > 0, 0.8 * x * x + 0.5 * x, 0.8 * (torch.expm1(x) - x) + 0.5 * x),
    "xiprelu": lambda x: 0.8 * x * x + 0.5 * x,
    "dSilu": lambda x: torch.sigmoid(x) * (1 + x * torch.sigmoid(-x)),
    "eSwish": lambda x: 1.375 * x * torch.sigmoid(x),
    "swish": lambda x: x * torch.sigmoid(x),
    "swishT": lambda x: x * torch.sigmoid(x) + 0.1 * torch.tanh(x),
    "bSilu": lambda x: (x + 1.67) * torch.sigmoid(x) - 0.835,
    "erfAct": lambda x: x * torch.erf(0.75 * torch.exp(0.75 * x)),
    "gish": lambda x: x * torch.log(2 - torch.exp(-torch.exp(x))),
    "golu": lambda x: x * torch.exp(-torch.exp(-x)),
    "pserf": lambda x: x * torch.erf(1.25 * F.softplus(0.85 * x)),
    "aglu": lambda x: x / (1 + torch.exp(-x)),
    "aria2": lambda x: x * (1 + torch.exp(-2 * x)) ** -1.5,
    "sinSig": lambda x: x * torch.sin(math.pi / 2 * torch.sigmoid(x)),
    "atlu": lambda x: x * (0.5 + torch.atan(x) / math.pi),
    "colu": lambda x: x / (1 - x * torch.exp(-(x + torch.exp(x)))),
    "lalu": lambda x: x * torch.where(x > 0, 1 - 0.5 * torch.exp(-x), 0.5 * torch.exp(x)),
}
