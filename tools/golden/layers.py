"""Layers and their gradients, and the spread of initialisers, as PyTorch computes them.

    python3 tools/golden/layers.py > test/golden/layers.json

Needs torch. Weights of linear layers are stored as (in out), the transpose of PyTorch's.
"""
import json
import platform

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(20)


class Residual(nn.Module):
    def __init__(self, branch, shortcut=None):
        super().__init__()
        self.branch, self.shortcut = branch, shortcut

    def forward(self, x):
        return self.branch(x) + (x if self.shortcut is None else self.shortcut(x))


def stored(x):
    return {"shape": list(x.shape), "data": x.detach().reshape(-1).tolist()}


def turned(module, name, value):
    """A parameter, or its gradient, as it is laid out here."""
    return value.T if isinstance(module, nn.Linear) and name == "weight" else value


def parameters(model):
    for path, module in model.named_modules():
        for name, value in module.named_parameters(recurse=False):
            yield ".".join(filter(None, [path, name])), module, name, value


def case(name, model, x):
    for value in model.parameters():
        nn.init.normal_(value)
    trainable = x.dtype.is_floating_point
    x.requires_grad_(trainable)
    output = model(x)
    weights = torch.randn_like(output)
    (output * weights).sum().backward()
    return {
        "name": name,
        "input": stored(x),
        "weights": stored(weights),
        "output": stored(output),
        "inputGradient": stored(x.grad) if trainable else None,
        "parameters": {p: stored(turned(m, n, v)) for p, m, n, v in parameters(model)},
        "gradients": {p: stored(turned(m, n, v.grad)) for p, m, n, v in parameters(model)},
    }


cases = [
    case("mlp", nn.Sequential(nn.Linear(5, 4), nn.GELU(), nn.Linear(4, 3)), torch.randn(6, 5)),
    case("withoutBias", nn.Linear(5, 4, bias=False), torch.randn(2, 3, 5)),
    case("residual", nn.Sequential(Residual(nn.Sequential(nn.Linear(4, 4), nn.LeakyReLU(0.2))), nn.SiLU()), torch.randn(3, 4)),
    case("shortcut", Residual(nn.Sequential(nn.Linear(4, 2), nn.ELU()), nn.Linear(4, 2)), torch.randn(3, 4)),
    case("flatten", nn.Sequential(nn.Flatten(), nn.Linear(6, 2), nn.Softmax(dim=-1)), torch.randn(3, 2, 3)),
    case("embedding", nn.Embedding(7, 4), torch.tensor([[1, 6, 1], [0, 1, 3]])),
]

FANS = (384, 512)


def spread(fill):
    """Standard deviation and largest size of a drawn matrix of FANS inputs and outputs."""
    matrix = torch.empty(FANS[1], FANS[0])
    fill(matrix)
    return {"std": matrix.std().item(), "largest": matrix.abs().max().item()}


init = nn.init
initialisers = {
    "glorotUniform": spread(init.xavier_uniform_),
    "glorotNormal": spread(init.xavier_normal_),
    "heUniform": spread(lambda w: init.kaiming_uniform_(w, nonlinearity="relu")),
    "heNormal": spread(lambda w: init.kaiming_normal_(w, nonlinearity="relu")),
    "lecunUniform": spread(lambda w: init.kaiming_uniform_(w, nonlinearity="linear")),
    "lecunNormal": spread(lambda w: init.kaiming_normal_(w, nonlinearity="linear")),
    "truncatedNormal": spread(lambda w: init.trunc_normal_(w, std=0.05, a=-0.1, b=0.1)),
    "orthogonal": spread(init.orthogonal_),
}

print(json.dumps({
    "provenance": {
        "tools": {"torch": torch.__version__, "python": platform.python_version()},
        "precision": "float64",
        "command": "python3 tools/golden/layers.py > test/golden/layers.json (needs torch)",
    },
    "cases": cases,
    "fans": FANS,
    "initialisers": initialisers,
}, separators=(",", ":")))
