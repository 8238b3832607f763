"""Smoothed activations composed from PyTorch's operations, as one writes them down from their formulas.

c * I_n((x - a)/w) * w**n for every corner a, I_n being the smoothed truncated power of the kernel.
"""

import math

import torch
import torch.nn.functional as F

WIDTH = 0.5
ROOT = math.sqrt(2)
PEAK = 1 / math.sqrt(2 * math.pi)


def cdf(z):
    return 0.5 * (1 + torch.erf(z / ROOT))


def bell(z):
    return PEAK * torch.exp(-0.5 * z * z)


def box_ramp(z):
    return torch.where(z < -1, 0, torch.where(z > 1, z, (z + 1) ** 2 / 4))


def box_square(z):
    return torch.where(z < -1, 0, torch.where(z > 1, z * z + 1 / 3, (z + 1) ** 3 / 6))


RAMPS = {
    "gaussian": lambda z: z * cdf(z) + bell(z),
    "logistic": F.softplus,
    "box": box_ramp,
}
# The logistic kernel's is a dilogarithm, which PyTorch has not.
SQUARES = {"gaussian": lambda z: (z * z + 1) * cdf(z) + z * bell(z), "box": box_square}


def hard_swish(ramp, square):
    def f(x):
        low, high = (x + 3) / WIDTH, (x - 3) / WIDTH
        return WIDTH**2 / 6 * (square(low) - square(high)) - WIDTH / 2 * (ramp(low) + ramp(high))

    return f


def functions(kernel):
    ramp = RAMPS[kernel]
    made = {
        "leakyRelu": lambda x: 0.01 * x + 0.99 * WIDTH * ramp(x / WIDTH),
        "hardTanh": lambda x: WIDTH * (ramp((x + 1) / WIDTH) - ramp((x - 1) / WIDTH)) - 1,
        "relu6": lambda x: WIDTH * (ramp(x / WIDTH) - ramp((x - 6) / WIDTH)),
    }
    if kernel in SQUARES:
        made["hardSwish"] = hard_swish(ramp, SQUARES[kernel])
    return made


KINDS = {kernel: {f"{name} {kernel}": f for name, f in functions(kernel).items()} for kernel in RAMPS}
