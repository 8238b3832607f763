"""One training step of a network of linear layers, looked into by hooks of PyTorch in float64: every layer's statistics.

    python tools/golden/health.py

Data and first parameters come from the formula of training.py, which the test repeats; all of it is exact in float32.
"""
import math

import record
import torch
import torch.nn.functional as F

WIDTHS = [6, 16, 12, 10, 4]
BATCH = 24
RATE = 0.1
SCALE = 0.875


def values(count, seed, scale):
    return torch.tensor([((i * 7919 + seed * 104729) % 2003 - 1001) / 1024 * scale for i in range(count)])


def labels(count, seed, classes):
    return torch.tensor([(i * 31 + seed * 17) % classes for i in range(count)])


def relu_slope(z):
    return (z > 0).double()


def tanh_slope(z):
    return 1 - torch.tanh(z) ** 2


def gelu_slope(z):
    density = torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 0.5 * (1 + torch.erf(z / math.sqrt(2))) + z * density


# Steepest slopes on a grid of 1/100 from -8 to 8, as the library looks for them.
GRID = torch.arange(-800, 801) / 100
STAGES = [("relu", F.relu, relu_slope), ("tanh", torch.tanh, tanh_slope), ("gelu", F.gelu, gelu_slope), None]


class Hooked(torch.nn.Module):
    """Linear layers whose outputs, and what reaches them on the way back, are kept by hooks."""

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(i, o) for i, o in zip(WIDTHS, WIDTHS[1:]))
        self.seen, self.signals = {}, {}
        for k, layer in enumerate(self.layers):
            with torch.no_grad():
                layer.weight.copy_(values(layer.weight.numel(), k, SCALE).reshape(layer.in_features, layer.out_features).T)
                layer.bias.copy_(values(layer.out_features, 50 + k, SCALE / 4))
            layer.register_forward_hook(lambda _, __, z, k=k: self.seen.__setitem__(k, z.detach()))
            layer.register_full_backward_hook(lambda _, __, signal, k=k: self.signals.__setitem__(k, signal[0]))

    def forward(self, x):
        for layer, stage in zip(self.layers, STAGES):
            x = layer(x)
            if stage is not None:
                x = stage[1](x)
        return x


def statistics(network, before, k):
    z, stage = network.seen[k], STAGES[k]
    h = z if stage is None else stage[1](z)
    slope = torch.ones_like(z) if stage is None else stage[2](z)
    steepest = 1 if stage is None else stage[2](GRID).abs().max()
    weight = network.layers[k].weight
    power = (h**2).mean()
    return {
        "power": power,
        "mean": h.mean(),
        "largest": h.abs().max(),
        "signal": torch.sqrt(h.var(0, unbiased=False).mean() / power),
        "dead": 0 if stage is None else (slope**2 < 1e-6).all(0).double().mean(),
        "saturated": 0 if stage is None else (slope.abs() < 0.05 * steepest).double().mean(),
        "gate": (slope**2).mean(),
        "delta": network.signals[k].norm(),
        "gradient": weight.grad.norm(),
        "weight": before[k].norm(),
        "update": (weight.detach() - before[k]).norm(),
        "zeroGradient": (weight.grad == 0).double().mean(),
        "nonFinite": 0,
    }


def step():
    network = Hooked()
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
    before = [layer.weight.detach().clone() for layer in network.layers]
    x = values(BATCH * WIDTHS[0], 100, 1).reshape(BATCH, WIDTHS[0]).requires_grad_()
    loss = F.cross_entropy(network(x), labels(BATCH, 0, WIDTHS[-1]))
    loss.backward()
    length = math.sqrt(sum(float((p.grad**2).sum()) for p in network.parameters()))
    optimizer.step()
    layers = [{name: record.number(float(v)) for name, v in statistics(network, before, k).items()} for k in range(len(STAGES))]
    return {"loss": record.number(float(loss.detach())), "gradientNorm": record.number(length), "layers": layers}


if __name__ == "__main__":
    case = {
        "widths": WIDTHS,
        "activations": [stage[0] for stage in STAGES if stage],
        "batch": BATCH,
        "scale": SCALE,
        "learningRate": RATE,
        **step(),
    }
    record.write("test/golden/health.json", {"steps": [case]}, record.versions(torch), "tools/golden/health.py")
