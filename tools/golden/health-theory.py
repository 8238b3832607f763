"""Mean-field numbers by mpmath, and gradients of wide random networks measured by PyTorch in float64.

Usage: python tools/golden/health-theory.py > test/golden/health-theory.json
"""
import json
import math
import platform

import mpmath
import torch
from mpmath import mp, mpf

mp.dps = 30

ACTIVATIONS = {
    "relu": (lambda x: max(x, mpf(0)), lambda x: mpf(x > 0), torch.relu),
    "leakyRelu": (lambda x: x if x > 0 else x / 100, lambda x: mpf(1) if x > 0 else mpf(1) / 100,
                  lambda x: torch.nn.functional.leaky_relu(x, 0.01)),
    "tanh": (mpmath.tanh, lambda x: mpmath.sech(x) ** 2, torch.tanh),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2, torch.sigmoid),
    "gelu": (lambda x: x * mpmath.ncdf(x), lambda x: mpmath.ncdf(x) + x * mpmath.npdf(x), torch.nn.functional.gelu),
    "silu": (lambda x: x / (1 + mpmath.exp(-x)),
             lambda x: (1 + mpmath.exp(-x) * (1 + x)) / (1 + mpmath.exp(-x)) ** 2, torch.nn.functional.silu),
    "softplus": (lambda x: mpmath.log(1 + mpmath.exp(x)), lambda x: 1 / (1 + mpmath.exp(-x)), torch.nn.functional.softplus),
    "elu": (lambda x: x if x > 0 else mpmath.expm1(x), lambda x: mpf(1) if x > 0 else mpmath.exp(x), torch.nn.functional.elu),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2, torch.nn.functional.softsign),
}


def expectation(f, q):
    s = mpmath.sqrt(q)
    return mpmath.quad(lambda z: f(s * z) * mpmath.npdf(z), [-20, -8, -4, -2, -1, 0, 1, 2, 4, 8, 20])


def moments(name, q):
    f, slope, _ = ACTIVATIONS[name]
    return {
        "activation": name,
        "q": q,
        "power": float(expectation(lambda x: f(x) ** 2, mpf(q))),
        "mean": float(expectation(f, mpf(q))),
        "gate": float(expectation(lambda x: slope(x) ** 2, mpf(q))),
    }


def critical(name, q):
    f, slope, _ = ACTIVATIONS[name]
    spread = 1 / mpmath.sqrt(expectation(lambda x: slope(x) ** 2, mpf(q)))
    rest = mpf(q) - spread**2 * expectation(lambda x: f(x) ** 2, mpf(q))
    return {"activation": name, "q": q, "spread": float(spread), "biasSpread": float(mpmath.sqrt(rest)) if rest > 0 else None}


def recursion(name, spread, depth, q):
    """delta ratio and activation ratio of `depth` layers of the activation before a linear head, all of one spread."""
    f, slope, _ = ACTIVATIONS[name]
    power, log_delta, powers = mpf(q), mpf(0), []
    for _ in range(depth):
        before = mpf(spread) ** 2 * power
        power = expectation(lambda x: f(x) ** 2, before)
        powers.append(power)
        log_delta += mpmath.log(mpf(spread) ** 2 * expectation(lambda x: slope(x) ** 2, before)) / 2
    return {"activation": name, "spread": spread, "depth": depth, "inputPower": q,
            "deltaRatio": float(mpmath.exp(log_delta)), "activationRatio": float(mpmath.sqrt(powers[-1] / powers[0]))}


def measured(name, spread, depth, norm, width=512, batch=64, trials=12):
    """Root mean square over random networks of the same two ratios, by autograd in float64."""
    f = ACTIVATIONS[name][2]
    generator = torch.Generator().manual_seed(7)
    deltas, activations = [], []
    for _ in range(trials):
        h = torch.randn(batch, width, generator=generator, dtype=torch.float64)
        pre, outputs = [], []
        for layer in range(depth + 1):
            w = torch.randn(width, width, generator=generator, dtype=torch.float64) * spread / math.sqrt(width)
            z = h @ w.requires_grad_()
            if norm == "batch" and layer < depth:
                z = (z - z.mean(0)) / z.var(0, unbiased=False).sqrt()
            if norm == "layer" and layer < depth:
                z = (z - z.mean(1, keepdim=True)) / z.var(1, unbiased=False, keepdim=True).sqrt()
            z.retain_grad()
            pre.append(z)
            h = z if layer == depth else f(z)
            outputs.append(h)
        (h * torch.randn(h.shape, generator=generator, dtype=torch.float64)).sum().backward()
        deltas.append(float(pre[0].grad.norm() ** 2 / pre[-1].grad.norm() ** 2))
        activations.append(float((outputs[-2] ** 2).mean() / (outputs[0] ** 2).mean()))
    mean = lambda xs: math.exp(sum(map(math.log, xs)) / len(xs) / 2)
    return {"activation": name, "spread": spread, "depth": depth, "norm": norm, "width": width,
            "deltaRatio": mean(deltas), "activationRatio": mean(activations)}


print(json.dumps({
    "tool": {"mpmath": mpmath.__version__, "torch": torch.__version__, "python": platform.python_version()},
    "command": "python tools/golden/health-theory.py > test/golden/health-theory.json",
    "moments": [moments(name, q) for name in ACTIVATIONS for q in (0.01, 1, 9)],
    "critical": [critical(name, q) for name in ACTIVATIONS for q in (0.5, 1)],
    "recursions": [recursion(name, spread, 6, q) for name, spread, q in
                   (("relu", 1, 1), ("tanh", 1, 1), ("sigmoid", 1, 0.5), ("gelu", 0.57735, 1), ("silu", 1.7, 2), ("elu", 1.2, 1))],
    "measured": [measured(name, spread, 8, norm) for name, spread, norm in
                 (("relu", 1.41421356, "none"), ("relu", 0.57735, "none"), ("tanh", 1, "none"), ("tanh", 1.66667, "none"),
                  ("sigmoid", 1, "none"), ("gelu", 1, "none"), ("silu", 1.6, "none"), ("elu", 1.2, "none"),
                  ("relu", 1, "batch"), ("tanh", 1, "batch"), ("relu", 1, "layer"), ("gelu", 0.5, "layer"))],
}, indent=1))
