"""What the emitted PyTorch and JAX code of smoothed functions computes, with its slopes.

    node --import tsx tools/golden/smooth-source.ts | python3 tools/golden/smooth-source.py

Needs torch and jax; writes test/golden/smooth-source.json. The two must agree before anything is written.
"""
import json
import sys

import jax
import numpy as np
import torch
from record import number, versions, write

POINTS = [-1000.0, -30.0, -7.5, -3.0, -1.9, -1.3, -1.01, -0.8, -0.26, -0.01, 0.013, 0.24, 0.3, 0.77, 1.02, 1.4, 2.2, 5.0, 12.0, 500.0]


def run(code):
    namespace = {}
    exec(compile(code, "<emitted>", "exec"), namespace)
    return namespace["smoothed"]


def pytorch(code):
    x = torch.tensor(POINTS, requires_grad=True)
    y = run(code)(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    return y.detach().numpy(), slope.numpy()


def by_jax(code):
    f = run(code)
    x = jax.numpy.asarray(POINTS)
    return np.asarray(f(x)), np.asarray(jax.vmap(jax.grad(f))(x))


cases = []
for case in json.load(sys.stdin):
    value, slope = pytorch(case["pytorch"])
    for ours, theirs in zip((value, slope), by_jax(case["jax"])):
        if not np.allclose(ours, theirs, rtol=1e-10, atol=1e-12):
            raise SystemExit(f"{case['label']}: PyTorch and JAX differ by {np.max(np.abs(ours - theirs))}")
    cases.append({"label": case["label"], "value": [number(v) for v in value], "slope": [number(v) for v in slope]})

body = {"points": [POINTS], "cases": cases}
write("test/golden/smooth-source.json", body, versions(torch, jax), "tools/golden/smooth-source.py, fed by smooth-source.ts")
