"""Truth and peers for the accuracy table: python3 bench/accuracy/peers.py > FILE (mpmath, torch, jax).

For each activation, at float32 points spread evenly in the logarithm over ±[1e-30, 1e30] and 0: value and slope in 50 digits
(mpmath, rounded to float64), and what PyTorch and JAX compute for them in float32.
"""

import json
import sys

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import torch
import torch.nn.functional as F

mp.mp.dps = 50
ONE = mp.mpf(1)
SELU_ALPHA = mp.mpf("1.6732632423543772848170429916717")
SELU_SCALE = mp.mpf("1.0507009873554804934193349852946")

sigmoid = lambda x: ONE / (1 + mp.exp(-x)) if x >= 0 else mp.exp(x) / (1 + mp.exp(x))
softplus = lambda x: mp.log1p(mp.exp(x)) if x <= 0 else x + mp.log1p(mp.exp(-x))
cdf = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2
pdf = lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
sech2 = lambda x: 4 * sigmoid(2 * x) * sigmoid(-2 * x)
tanh_cubic = lambda x: mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)


def tanh_shrink(x):
    # x − tanh x by its series near 0, where even 50 digits cancel.
    if abs(x) < mp.mpf("1e-8"):
        return x**3 / 3 - 2 * x**5 / 15
    return x - mp.tanh(x)


def tanh_squared(x):
    return mp.tanh(x) ** 2


# name: value, slope, PyTorch's function, JAX's function (None where it has none).
TABLE = {
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x), torch.sigmoid, jax.nn.sigmoid),
    "tanh": (mp.tanh, sech2, torch.tanh, jnp.tanh),
    "softplus": (softplus, sigmoid, F.softplus, jax.nn.softplus),
    "logSigmoid": (lambda x: -softplus(-x), lambda x: sigmoid(-x), F.logsigmoid, jax.nn.log_sigmoid),
    "silu": (lambda x: x * sigmoid(x), lambda x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x), F.silu, jax.nn.silu),
    "gelu": (lambda x: x * cdf(x), lambda x: cdf(x) + x * pdf(x), F.gelu, lambda x: jax.nn.gelu(x, approximate=False)),
    "geluTanh": (
        lambda x: x * sigmoid(2 * tanh_cubic(x)),
        lambda x: sigmoid(2 * tanh_cubic(x))
        + x
        * sigmoid(2 * tanh_cubic(x))
        * sigmoid(-2 * tanh_cubic(x))
        * 2
        * mp.sqrt(2 / mp.pi)
        * (1 + 3 * mp.mpf("0.044715") * x * x),
        lambda x: F.gelu(x, approximate="tanh"),
        lambda x: jax.nn.gelu(x, approximate=True),
    ),
    "mish": (
        lambda x: x * mp.tanh(softplus(x)),
        lambda x: mp.tanh(softplus(x)) + x * sech2(softplus(x)) * sigmoid(x),
        F.mish,
        jax.nn.mish,
    ),
    "elu": (
        lambda x: x if x > 0 else mp.expm1(x),
        lambda x: ONE if x > 0 else mp.exp(x),
        F.elu,
        jax.nn.elu,
    ),
    "selu": (
        lambda x: SELU_SCALE * (x if x > 0 else SELU_ALPHA * mp.expm1(x)),
        lambda x: SELU_SCALE * (ONE if x > 0 else SELU_ALPHA * mp.exp(x)),
        F.selu,
        jax.nn.selu,
    ),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2, F.softsign, jax.nn.soft_sign),
    "tanhShrink": (tanh_shrink, tanh_squared, F.tanhshrink, None),
    "squareplus": (
        lambda x: (x + mp.sqrt(x * x + 4)) / 2 if x >= 0 else 2 / (mp.sqrt(x * x + 4) - x),
        lambda x: (1 + x / mp.sqrt(x * x + 4)) / 2 if x >= 0 else 2 / (mp.sqrt(x * x + 4) * (mp.sqrt(x * x + 4) - x)),
        None,
        lambda x: jax.nn.squareplus(x, 4.0),
    ),
}


def points():
    sizes = np.geomspace(1e-30, 1e30, 241)
    dense = np.geomspace(1e-3, 2e2, 160)
    near = np.concatenate([sizes, dense]).astype(np.float32)
    return np.unique(np.concatenate([-near, [0], near]).astype(np.float32))


def with_torch(f, x):
    tensor = torch.tensor(x, requires_grad=True)
    value = f(tensor)
    value.sum().backward()
    return value.detach().numpy(), tensor.grad.numpy()


def with_jax(f, x):
    return np.asarray(f(jnp.asarray(x))), np.asarray(jax.vmap(jax.grad(f))(jnp.asarray(x)))


def listed(values):
    return [None if np.isnan(v) else ("Infinity" if v == np.inf else "-Infinity" if v == -np.inf else float(v)) for v in values]


def main():
    x = points()
    exact = [mp.mpf(float(v)) for v in x]
    mp.mp.dps = 50
    cases = []
    for name, (value, slope, torch_f, jax_f) in TABLE.items():
        mp.mp.dps = 120
        case = {"name": name, "value": listed([float(value(v)) for v in exact]), "slope": listed([float(slope(v)) for v in exact])}
        for peer, f, run in (("PyTorch", torch_f, with_torch), ("JAX", jax_f, with_jax)):
            if f is not None:
                got = run(f, x)
                case[peer] = {"value": listed(got[0]), "slope": listed(got[1])}
        cases.append(case)
        print(name, file=sys.stderr, flush=True)
    versions = {"PyTorch": torch.__version__, "JAX": jax.__version__, "mpmath": mp.__version__}
    json.dump({"versions": versions, "points": [float(v) for v in x], "cases": cases}, sys.stdout)


main()
