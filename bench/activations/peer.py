"""PyTorch's side of the activation benchmark: reads one request a line, answers one line of JSON.

{"list": true} names what is known; {"name": …, "value": true} gives value and gradient at test points;
{"name": …, "repeat": n} times n forward and backward passes over 1024 x 1024, in milliseconds each.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)

# What PyTorch has under a name of its own.
NAMED = {
    "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softsign": F.softsign,
    "logSigmoid": F.logsigmoid,
    "tanhShrink": F.tanhshrink,
    "elu": F.elu,
    "selu": F.selu,
    "celu": F.celu,
}

PIECEWISE = {
    "relu": F.relu,
    "leakyRelu": F.leaky_relu,
    "relu6": F.relu6,
    "hardTanh": F.hardtanh,
    "hardSigmoid": F.hardsigmoid,
    "hardSwish": F.hardswish,
    "softShrink": F.softshrink,
    "hardShrink": F.hardshrink,
}

# What its users write out, as they would.
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
}

KINDS = {"named": NAMED, "piecewise": PIECEWISE, "composed": COMPOSED}


def find(name):
    for group in KINDS.values():
        if name in group:
            return group[name]
    raise KeyError(name)


def value(name):
    x = torch.linspace(-4, 4, 33).requires_grad_()
    y = find(name)(x)
    y.sum().backward()
    return {"x": x.tolist(), "value": y.tolist(), "slope": x.grad.tolist()}


def repeat(name, count):
    f = find(name)
    generator = torch.Generator().manual_seed(7)
    x = torch.randn(1024, 1024, generator=generator).requires_grad_()
    cotangent = torch.randn(1024, 1024, generator=generator)
    started = time.perf_counter()
    for _ in range(count):
        torch.autograd.grad(f(x), x, cotangent)
    return {"ms": (time.perf_counter() - started) * 1000 / count}


for line in sys.stdin:
    request = json.loads(line)
    if request.get("list"):
        answer = {"version": torch.__version__, **{kind: list(group) for kind, group in KINDS.items()}}
    elif request.get("value"):
        answer = value(request["name"])
    else:
        answer = repeat(request["name"], request["repeat"])
    print(json.dumps(answer), flush=True)
