"""meta-ACON and its gradients as PyTorch computes them from the definition, in training and in use.

    python3 tools/golden/meta-acon.py > test/golden/meta-acon.json

Needs torch. Weights of linear layers are stored as (in out), the transpose of PyTorch's.
"""
import json
import platform

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(20)


class MetaAcon(nn.Module):
    def __init__(self, channels, reduction):
        super().__init__()
        between = max(reduction, channels // reduction)
        self.p1, self.p2 = nn.Parameter(torch.randn(channels)), nn.Parameter(torch.randn(channels))
        self.fc1, self.bn1 = nn.Linear(channels, between), nn.BatchNorm1d(between)
        self.fc2, self.bn2 = nn.Linear(between, channels), nn.BatchNorm1d(channels)

    def forward(self, x):
        ones = [1] * (x.dim() - 2)
        beta = self.bn2(self.fc2(self.bn1(self.fc1(x.flatten(2).mean(2) if ones else x)))).sigmoid().reshape(*x.shape[:2], *ones)
        p1, p2 = (p.reshape(1, -1, *ones) for p in (self.p1, self.p2))
        gap = (p1 - p2) * x
        return gap * torch.sigmoid(beta * gap) + p2 * x


def stored(x):
    return {"shape": list(x.shape), "data": x.detach().reshape(-1).tolist()}


NAMES = {"running_mean": "runningMean", "running_var": "runningVariance"}


def turned(path, value):
    return value.T if path.startswith("fc") and path.endswith("weight") else value


def case(channels, reduction, shape):
    model = MetaAcon(channels, reduction)
    for value in model.parameters():
        nn.init.normal_(value)
    for norm in (model.bn1, model.bn2):
        nn.init.normal_(norm.running_mean)
        nn.init.uniform_(norm.running_var, 0.5, 2)
    state = {path: value.clone() for path, value in model.state_dict().items() if not path.endswith("tracked")}
    x = torch.randn(shape, requires_grad=True)
    used = model.eval()(x)
    trained = model.train()(x)
    weights = torch.randn_like(trained)
    (trained * weights).sum().backward()
    name = lambda path: ".".join(NAMES.get(part, part) for part in path.split("."))
    return {
        "channels": channels, "reduction": reduction, "input": stored(x), "weights": stored(weights),
        "parameters": {name(path): stored(turned(path, value)) for path, value in state.items()},
        "used": stored(used), "trained": stored(trained), "inputGradient": stored(x.grad),
        "gradients": {name(path): stored(turned(path, value.grad)) for path, value in model.named_parameters()},
    }


print(json.dumps({
    "provenance": {
        "tools": {"torch": torch.__version__, "python": platform.python_version()},
        "precision": "float64",
        "command": "python3 tools/golden/meta-acon.py > test/golden/meta-acon.json (needs torch)",
    },
    "cases": [case(4, 2, (3, 4, 2, 3)), case(3, 2, (4, 3)), case(2, 2, (3, 2, 5))],
}, separators=(",", ":")))
