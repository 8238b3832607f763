"""PyTorch's side of the activation benchmark: reads one request a line, answers one line of JSON.

{"list": true} names what is known; {"name": …, "value": true} gives value and gradient at test points;
{"name": …, "repeat": n} times n forward and backward passes over 1024 x 1024, in milliseconds each.
"""

import json
import runpy
import sys
import time

import torch
import torch.nn.functional as F

from composed import COMPOSED

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
    "threshold": lambda x: F.threshold(x, 0.5, 0),
    "clippedRelu": lambda x: torch.clamp(x, 0, 20),
    "displacedRelu": lambda x: torch.clamp(x, min=-0.05),
    "absolute": torch.abs,
}

KINDS = {"named": NAMED, "piecewise": PIECEWISE, "composed": COMPOSED}
if len(sys.argv) > 2:
    # Other functions, from a program that lists them.
    KINDS = runpy.run_path(sys.argv[2])["KINDS"]


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
